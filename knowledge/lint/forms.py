"""The forms a term goes by, and which of them two terms share."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping

from knowledge.loader import Files, Problem
from knowledge.schema import Course, Term

_NOT_LETTERS = re.compile(r"[\W_]+")


def folded(form: str) -> str:
    """*form* as look-up sees it: lower case, without blanks, hyphens and punctuation; "&" reads as "and"."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", form).casefold().replace("&", "and"))


def forms(term: Term) -> tuple[str, ...]:
    """Every form that opens the term's card."""
    return (term.name, *term.aliases, *term.abbreviations)


def shared_forms(course: Course, files: Files) -> Iterator[Problem]:
    """A form that opens one card must not belong to another term, unless the course says that it is ambiguous."""
    opens: dict[str, dict[str, str]] = defaultdict(dict)
    suggests: dict[str, dict[str, str]] = defaultdict(dict)
    for term in course.terms:
        for form in forms(term):
            opens[folded(form)].setdefault(term.id, form)
        for form in term.suggest_only:
            suggests[folded(form)].setdefault(term.id, form)
    allowed = {folded(form): set(terms) for form, terms in course.ambiguous.items()}
    for key, owners in opens.items():
        sharing = {**suggests.get(key, {}), **owners}
        if len(sharing) > 1 and not set(sharing) <= allowed.get(key, set()):
            last = list(sharing)[-1]
            others = ", ".join(term for term in sharing if term != last)
            yield files.problem("terms", last, f"the form {sharing[last]!r} is also a form of {others}")


def ambiguous(course: Course, files: Files) -> Iterator[Problem]:
    """Each ambiguous form names at least two terms that exist, and is written in lower case."""
    return _term_list(course, files, "ambiguous", course.ambiguous)


def subjects(course: Course, files: Files) -> Iterator[Problem]:
    """As :func:`ambiguous`, for each subject; and none is a form of a term, whose card would hide it."""
    yield from _term_list(course, files, "subjects", course.subjects)
    opens = {folded(form): term.id for term in course.terms for form in forms(term)}
    for subject in course.subjects:
        if (term := opens.get(folded(subject))) is not None:
            yield files.problem("subjects", "", f"{subject!r} opens the card of {term}", subject)


def _term_list(course: Course, files: Files, kind: str, listed: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    known = {term.id for term in course.terms}
    for form, terms in listed.items():
        if len(set(terms)) < 2:
            yield files.problem(kind, "", f"{form!r} names fewer than two terms", form)
        if form != form.lower():
            yield files.problem(kind, "", f"{form!r} must be in lower case", form)
        for term in terms:
            if term not in known:
                yield files.problem(kind, "", f"{form!r} names {term}, which does not exist", form)
