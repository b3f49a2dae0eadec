"""Which source items are served by what, and whether every day of the plan has something to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from knowledge.loader import Files, Problem
from knowledge.schema import Course, Question, SourceItem

SERVED_BY: Mapping[str, str] = {
    "terms": "term",
    "questions": "question",
    "tips": "tip",
    "misconceptions": "misconception",
    "plan": "plan day",
}
"""Field of the course whose items name source items -> how one of them is called."""

EVERY_ITEM = ("terms", "plan")
"""What must serve every source item; a tip needs a tip as well, a mistake a misconception. Questions are counted."""

BY_KIND: Mapping[str, tuple[str, ...]] = {"tip": ("tips",), "mistake": ("misconceptions",)}

Table = Mapping[str, Mapping[str, tuple[int, int]]]


def served(course: Course) -> dict[str, set[str]]:
    """For each field of :data:`SERVED_BY`, the source items that its items name. A question's points count."""
    found = {kind: {seed for item in getattr(course, kind) for seed in item.seeds} for kind in SERVED_BY}
    return found | {"questions": set(_asking(course))}


def table(course: Course) -> Table:
    """Kind of source item -> field of the course -> (items served, items there are)."""
    by = served(course)
    kinds = dict.fromkeys(item.kind for item in course.source_items)
    ids = {kind: {item.id for item in course.source_items if item.kind == kind} for kind in kinds}
    return {kind: {name: (len(ids[kind] & by[name]), len(ids[kind])) for name in SERVED_BY} for kind in kinds}


def coverage(course: Course, files: Files) -> Iterator[Problem]:
    """Source items that something should serve and nothing does."""
    by = served(course)
    for item in course.source_items:
        wanted = (*EVERY_ITEM, *BY_KIND.get(item.kind, ()))
        if missing := [SERVED_BY[kind] for kind in wanted if item.id not in by[kind]]:
            yield files.problem("source_items", item.id, f"served by no {', no '.join(missing)}")


def bank(course: Course, files: Files) -> Iterator[Problem]:
    """What the course asks of its own question bank, and does not find there."""
    kinds = Counter(question.kind for question in course.questions)
    for kind, least in course.bank.questions.items():
        if kinds[kind] < least:
            message = f"bank.questions.{kind}: {least} are wanted, there are {kinds[kind]}"
            yield files.problem("bank", "", message, "questions", kind)
    asking = _asking(course)
    for item in course.source_items:
        for message in _wanting(course, item, asking.get(item.id, ())):
            yield files.problem("source_items", item.id, message)


def _wanting(course: Course, item: SourceItem, asking: Sequence[Question]) -> Iterator[str]:
    rules = course.bank
    if len(asking) < (least := rules.serving.get(item.kind, 0)):
        yield f"served by {_number(len(asking), 'question')}, {least} are wanted"
    ways = {question.kind for question in asking}
    if len(ways) < (least := rules.in_ways.get(item.kind, 0)):
        yield f"asked in {_number(len(ways), 'kind')} of question, {least} are wanted"
    wanted = rules.with_one.get(item.kind, ())
    if wanted and ways.isdisjoint(wanted):
        yield f"served by no question of the kind {' or '.join(wanted)}"


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _asking(course: Course) -> Mapping[str, Sequence[Question]]:
    """Source item -> the questions that serve it, by themselves or by one of their points."""
    found: dict[str, list[Question]] = {}
    for question in course.questions:
        for seed in _seeds(question):
            found.setdefault(seed, []).append(question)
    return found


def days(course: Course, files: Files) -> Iterator[Problem]:
    """Plan days that no question fits: neither one of the day's source items nor one of its terms."""
    for day in course.plan:
        seeds, terms = set(day.seeds), set(day.terms)
        if not any(seeds & _seeds(ask) or terms & {*ask.terms} for ask in course.questions):
            yield files.problem("plan", str(day.day), "no question is on one of this day's source items or terms")


def _seeds(question: Question) -> set[str]:
    """Return the source items that a question serves, by itself or by one of its points."""
    points = question.scheme.points if question.scheme else ()
    return {*question.seeds, *(seed for point in points for seed in point.seeds)}
