"""How a course is worded: length, reading age, British spelling, definitions that do not repeat the term."""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

from knowledge.lint.forms import folded, forms
from knowledge.lint.prose import pieces
from knowledge.lint.readability import grade, words
from knowledge.loader import Files, Problem
from knowledge.schema import Course, Term

DEFINITION_WORDS = 30
EXPLANATION_WORDS = 90
GRADE_MEDIAN = 8.0
GRADE_MOST = 11.0

_SENTENCE_BREAK = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)[.!?][\"'”’)]*\s+[\"'“‘(]*[A-Z]")
_LOWER_WORD = re.compile(r"(?<![\w'’])[a-z]+(?![\w'’])")
_SENTENCE_START = re.compile(r"(?:^|[.!?:][\"'”’)]*\s+)[\"'“‘(]*([A-Z][a-z]+)(?![\w'’])")


def definitions(course: Course, files: Files) -> Iterator[Problem]:
    """One sentence, not too long, that starts with the kind of thing and not with the term's own name."""
    for term in course.terms:
        if (count := len(term.definition.split())) > DEFINITION_WORDS:
            yield files.problem(
                "terms", term.id, f"definition: at most {DEFINITION_WORDS} words, this has {count}", "definition"
            )
        if _SENTENCE_BREAK.search(term.definition):
            yield files.problem("terms", term.id, "definition: one sentence, this has more", "definition")
        if _starts_with_its_name(term):
            yield files.problem("terms", term.id, "definition: starts with the term's own name", "definition")
        if (count := len(term.explanation.split())) > EXPLANATION_WORDS:
            yield files.problem(
                "terms", term.id, f"explanation: at most {EXPLANATION_WORDS} words, this has {count}", "explanation"
            )


def reading_age(course: Course, files: Files) -> Iterator[Problem]:
    """Flesch-Kincaid grade of each entry, and the glossary's median. A draft is held to it when it is reviewed."""
    grades = {term.id: term_grade(term) for term in course.terms if term.confirmed}
    for term, found in grades.items():
        if found > GRADE_MOST:
            yield files.problem("terms", term, f"reads at grade {found:.1f}; the limit is {GRADE_MOST:g}", "definition")
    if grades and (middle := median(grades.values())) > GRADE_MEDIAN:
        yield Problem("", 0, "", f"the glossary reads at grade {middle:.1f} (median); the limit is {GRADE_MEDIAN:g}")


def term_grade(term: Term) -> float:
    """Grade of an entry without the names of the term: a learner has to learn those anyway."""
    text = f"{term.definition} {term.explanation} {term.example}"
    names = sorted(forms(term), key=len, reverse=True)
    return grade(re.sub(rf"(?i)\b(?:{'|'.join(map(re.escape, names))})(?!\w)", "", text))


def spelling(course: Course, files: Files) -> Iterator[Problem]:
    """American spellings. A name and the title of a work stay as their owners spell them."""
    american = american_words()
    for piece in pieces(course):
        if piece.kind == "references":
            continue
        found = {*_LOWER_WORD.findall(piece.text), *map(str.lower, _SENTENCE_START.findall(piece.text))}
        for word in sorted(found & american):
            where = ".".join(map(str, piece.path))
            yield files.problem(piece.kind, piece.item, f"{where}: American spelling: {word}", *piece.path)


@cache
def american_words() -> frozenset[str]:
    """Words of SCOWL's American list that its British list lacks. The licence is in WORDS-LICENCE.txt."""
    packed = Path(__file__).with_name("american.txt.xz").read_bytes()
    return frozenset(lzma.decompress(packed).decode("ascii").split())


def _starts_with_its_name(term: Term) -> bool:
    start = [word.lower() for word in words(term.definition)]
    if start and start[0] in ("a", "an", "the"):
        start = start[1:]
    opening = folded(" ".join(start))
    return any(len(folded(form)) > 3 and opening.startswith(folded(form)) for form in (term.name, *term.abbreviations))
