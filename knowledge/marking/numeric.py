"""Calculations: which number an answer gives as its result, whether the working is right, and which slip it shows."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from knowledge.marking.gate import says_dont_know, talks_to_marker
from knowledge.marking.result import Gate, MarkResult, PointResult, Span, Status
from knowledge.marking.tokens import read
from knowledge.schema import NumberSought, Question

LONGEST_ANSWER = 2000
LONGEST_WORKING = 120

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+|\d+,\d{1,2}(?!\d)"
_NUMBER = re.compile(rf"(?P<sign>[-+−–]\s?)?(?P<money>[£$€]\s?)?(?P<digits>{_DIGITS})", re.IGNORECASE)
_RESULT_CUE = re.compile(
    r"(?:=|≈|\bequals?\b|\b(?:answer|result|score|total|nps|csat|rate|it|that|which|figure|average|mean|change|rise|fall|increase|decrease)"
    r"\s*(?:is|was|are|comes\s+to|would\s+be|will\s+be|=|:)|\bcomes\s+to\b|\bgives\b|\bmakes\b)\s*(?:about|around|roughly|approximately|a\s+|an\s+)?\s*$",
    re.IGNORECASE,
)
_MINUS_WORD = re.compile(r"\b(?:minus|negative)\s*$", re.IGNORECASE)
_HEDGE = re.compile(r"\s*%?\s*(?:or|/|maybe|otherwise)\s*(?:maybe\s*|is\s+it\s*)?[-+−–]?\s*[£$€]?\d", re.IGNORECASE)

_REASON_FOLLOWS = re.compile(r"\s*%?\s*[,.:]?\s*(?:because|as|since|cos|coz|bc|cuz)\b", re.IGNORECASE)

_UNITS: Mapping[str, str] = {
    "%": r"%|\bper\s?cents?\b|\bpercentages?\b|\bpct\b",
    "£": r"£|\bpounds?\b|\bgbp\b|\bquid\b",
    "percentage points": r"\bpercentage\s+points?\b|\bpoints?\b|\bpp\b|%",
}

_BELOW_TWENTY = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_FROM_TWENTY = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: number for number, word in enumerate(_BELOW_TWENTY.split())}
_TENS = {word: 10 * number for number, word in enumerate(_FROM_TWENTY.split(), 2)}

_OPERATIONS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


_SIGNS = str.maketrans("−–×xX÷", "--***/")


@dataclass(frozen=True, slots=True)
class Found:
    """A number in an answer. ``in_working`` says that an operator stands before or behind it."""

    value: float
    span: Span
    in_working: bool
    is_result: bool
    """It follows "=", "the answer is" or the like."""
    hedged: bool
    """Another number follows after "or"."""
    leads: bool = False
    """The answer begins with it and gives its reasons afterwards: "35 because ..."."""


def mark_number(question: Question, answer: str) -> MarkResult:
    """Mark a calculation: one mark for right working where the question has two or more, the rest for the result."""
    sought = question.number
    assert sought is not None
    answer = answer[:LONGEST_ANSWER]
    numbers = numbers_in(answer)
    given = _final(numbers, question.stem)
    right = given is not None and not given.hedged and _near(given.value, sought)
    complete = right and (not sought.unit_required or has_unit(answer, sought.unit))
    worked = right or any(_near(value, sought) for value in workings_in(answer))
    points = _points(question, sought, answer, given, complete=complete, right=right, worked=worked)
    return MarkResult(
        awarded=sum(point.marks for point in points if point.status is Status.MET),
        available=question.marks,
        gate=_gate(answer) if not numbers else Gate.TALK_TO_MARKER if talks_to_marker(answer) and not right else None,
        points=points,
        trap="" if right or given is None else _trap(given.value, sought),
    )


def _points(
    question: Question,
    sought: NumberSought,
    answer: str,
    given: Found | None,
    *,
    complete: bool,
    right: bool,
    worked: bool,
) -> tuple[PointResult, ...]:
    span = given.span if given else None
    quote = answer[slice(*span)] if span else ""
    status = Status.MET if complete else Status.NEAR if right else Status.NOT_FOUND
    for_result = question.marks - 1 if question.marks > 1 else question.marks
    result = PointResult(
        "result", "The result", f"{sought.value:g} {sought.unit}".strip(), for_result, status, quote, span
    )
    if question.marks == 1:
        return (result,)
    working = PointResult(
        "working", "The working", " ".join(sought.working), 1, Status.MET if worked else Status.NOT_FOUND
    )
    return (working, result)


def numbers_in(answer: str) -> list[Found]:
    """Every number of an answer, in order."""
    found = []
    in_words = _number_in_words(answer)
    for match in _NUMBER.finditer(answer):
        start, end = match.start("digits"), match.end()
        before = answer[:start] if match["money"] is None else answer[: match.start("money")]
        sign = _sign(answer, match)
        working = _follows_operator(answer, match) or _leads_operator(answer, end)
        head = (answer[: match.start()] if sign else before).rstrip()
        value = _value(match["digits"]) * (-1 if sign == "-" or _MINUS_WORD.search(head) else 1)
        found.append(
            Found(
                value=value,
                span=(match.start() if sign else match.start("money") if match["money"] else start, end),
                in_working=working,
                is_result=_RESULT_CUE.search(_MINUS_WORD.sub("", head)) is not None,
                hedged=_HEDGE.match(answer, end) is not None,
                leads=not head.strip() and _REASON_FOLLOWS.match(answer, end) is not None,
            )
        )
    return found or in_words


def _value(digits: str) -> float:
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        return float(digits.replace(",", "."))
    return float(digits.replace(",", ""))


def _sign(answer: str, match: re.Match[str]) -> str:
    """ "-" or "+" where it belongs to the number; empty where it is an operator or a dash."""
    sign = match["sign"]
    if sign is None or _follows_operator(answer, match):
        return ""
    spaced = sign != sign.strip()
    before = answer[: match.start()].rstrip()
    if spaced and before and before[-1] not in "=:(≈":
        return ""
    return "-" if sign.strip() in "-−–" else "+"


def _follows_operator(answer: str, match: re.Match[str]) -> bool:
    before = answer[: match.start("money") if match["money"] else match.start("digits")]
    stripped = before.rstrip().rstrip("(").rstrip()
    if not stripped or stripped[-1] not in "-+−–*×÷/xX":
        return False
    left = stripped[:-1].rstrip().rstrip("%").rstrip()
    return bool(left) and (left[-1].isdigit() or left[-1] == ")")


def _leads_operator(answer: str, end: int) -> bool:
    return (
        re.match(r"\s*%?\s*\)*\s*(?:[-+−–*×÷/]|x(?=[\s\d(]))\s*\(*\s*[£$€]?\s*\d", answer[end:], re.IGNORECASE)
        is not None
    )


def _final(numbers: list[Found], stem: str) -> Found | None:
    """The number that the answer gives as its result."""
    if numbers and numbers[0].leads:
        return numbers[0]
    results = [found for found in numbers if found.is_result and not found.in_working]
    if results:
        return results[-1]
    alone = [found for found in numbers if not found.in_working]
    given = {found.value for found in numbers_in(stem)}
    new = [found for found in alone if found.value not in given] or alone
    if not new or any(found.hedged for found in new):
        return new[0] if new else None
    return new[-1]


def _near(value: float, sought: NumberSought) -> bool:
    return abs(value - sought.value) <= sought.tolerance + 1e-9


def _trap(value: float, sought: NumberSought) -> str:
    for number, why in sought.traps.items():
        known = numbers_in(number)
        if known and abs(known[0].value - value) <= max(0.01, min(sought.tolerance, 0.5)) + 1e-9:
            return why
    return ""


def has_unit(answer: str, unit: str) -> bool:
    """Whether the unit is named, in its usual spellings."""
    if not unit.strip():
        return True
    spellings = _UNITS.get(unit.strip().lower())
    if spellings:
        return re.search(spellings, answer, re.IGNORECASE) is not None
    asked = read(unit)
    return set(asked.stems) <= set(read(answer).stems)


def workings_in(answer: str) -> list[float]:
    """The values of the sums written down, for example 35.0 for "(110 - 40) / 200 x 100"."""
    sums = re.findall(r"[(\d£][\d\s().,+\-−–*×xX÷/%£]*[\d)%]", answer)
    values = (_evaluate(each) for each in sums if len(each) <= LONGEST_WORKING)
    return [value for value in values if value is not None]


def _evaluate(working: str) -> float | None:
    plain = re.sub(r"[£%\s]|(?<=\d),(?=\d{3})", "", working)
    plain = plain.translate(_SIGNS)
    if "**" in plain or "//" in plain or not re.search(r"[-+*/]", plain):
        return None
    try:
        return _value_of(ast.parse(re.sub(r"\b0+(?=\d)", "", plain), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, MemoryError, RecursionError):
        return None


def _value_of(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value_of(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value_of(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            return _OPERATIONS[type(op)](_value_of(left), _value_of(right))
        case _:
            raise ValueError("not a sum")


def _number_in_words(answer: str) -> list[Found]:
    """The last number written in words, up to 999 ("thirty-five", "minus five")."""
    text = read(answer)
    best: Found | None = None
    position = 0
    while position < len(text):
        start, total = position, None
        while position < len(text) and (value := _add_word(total, text.words[position])) is not None:
            total, position = value, position + 1
        if total is None:
            position += 1
            continue
        negative = text.at(start - 1) in {"minus", "negative"}
        span = (text.starts[start], text.ends[position - 1])
        best = Found(float(-total if negative else total), span, in_working=False, is_result=False, hedged=False)
    return [best] if best else []


def _add_word(total: int | None, word: str) -> int | None:
    if word in _TENS and total is None:
        return _TENS[word]
    if word in _SMALL and (total is None or (total % 10 == 0 and _SMALL[word] < 10 and total > 0)):
        return (total or 0) + _SMALL[word]
    if word in _TENS and total is not None and total % 100 == 0:
        return total + _TENS[word]
    return total * 100 if word == "hundred" and total is not None and total < 10 else None


def _gate(answer: str) -> Gate | None:
    text = read(answer)
    if not text.words:
        return Gate.EMPTY
    if talks_to_marker(answer):
        return Gate.TALK_TO_MARKER
    return Gate.DONT_KNOW if says_dont_know(answer, text) else None
