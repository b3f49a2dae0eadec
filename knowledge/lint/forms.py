"""The forms a term goes by, and which of them two terms share."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

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
    known = {term.id for term in course.terms}
    for form, terms in course.ambiguous.items():
        if len(set(terms)) < 2:
            yield files.problem("ambiguous", "", f"{form!r} names fewer than two terms", form)
        if form != form.lower():
            yield files.problem("ambiguous", "", f"{form!r} must be in lower case", form)
        for term in terms:
            if term not in known:
                yield files.problem("ambiguous", "", f"{form!r} names {term}, which does not exist", form)
