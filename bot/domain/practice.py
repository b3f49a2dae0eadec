"""Which question comes next, how it is put, and when it comes back.

Spacing follows expanding boxes (Kang and others 2014): a question answered well comes back after 1, 2, 4 and 7 days,
one answered badly starts again tomorrow. New questions come from the day of the plan first. Kinds are mixed, and what
takes long or goes deep waits until shorter and easier ones were met.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Literal

from knowledge.schema import PlanDay, Question, QuestionKind
from knowledge.templates import instantiate

BOXES = (1, 2, 4, 7)
"""Days until a question comes back, by box."""
GOOD = 0.6
"""Share of the marks from which an answer counts as remembered."""
SPACED_EVERY = 3
"""Of so many questions in a row one is an old one, where old ones are due."""

NOT_AGAIN = 3
"""How many of the last questions are not chosen again."""
LOOKS_BACK = 24
"""How many of the last questions decide which kind comes next."""
SAME_IN_A_ROW = 2
"""So many questions of one kind may follow each other."""
LONG: frozenset[QuestionKind] = frozenset({"scenario", "discussion", "evaluation"})
"""Kinds that take ten minutes rather than two: at most every third question is one."""
CLOSED: frozenset[QuestionKind] = frozenset({"multiple_choice", "calculation", "order", "match"})
"""Kinds with one right answer, which is shown with the mark: they are neither improved nor disputed."""
SHARES: Mapping[QuestionKind, float] = {
    "short_answer": 0.3,
    "multiple_choice": 0.18,
    "scenario": 0.16,
    "spot_mistake": 0.13,
    "calculation": 0.08,
    "evaluation": 0.05,
    "discussion": 0.04,
    "order": 0.03,
    "match": 0.03,
}
"""How often each kind comes in a mix: as often as the course plans to have questions of it."""
MET_BEFORE: Mapping[int, int] = {1: 0, 2: 3, 3: 8}
"""Depth -> how many questions a learner has met before new ones of it come."""

Family = Literal["short", "choice", "sum", "scenario", "essay", "order"]
FAMILIES: Mapping[Family, frozenset[QuestionKind]] = {
    "short": frozenset({"short_answer", "spot_mistake"}),
    "choice": frozenset({"multiple_choice"}),
    "sum": frozenset({"calculation"}),
    "scenario": frozenset({"scenario"}),
    "essay": frozenset({"discussion", "evaluation"}),
    "order": frozenset({"order", "match"}),
}
"""The kinds as a learner chooses them."""

Choose = Callable[[Sequence[Question]], Question]
"""Picks one of several equally good questions; chance is handed in."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a learner wants to practise: a mix of everything, one topic, or one family of kinds."""

    topic: str | None = None
    family: Family | None = None

    @property
    def is_mix(self) -> bool:
        return self.topic is None and self.family is None

    def covers(self, question: Question) -> bool:
        """Tell whether a question belongs to what was chosen."""
        return (self.topic is None or question.topic == self.topic) and (
            self.family is None or question.kind in FAMILIES[self.family]
        )


EVERYTHING = Scope()


@dataclass(frozen=True, slots=True)
class Review:
    """How a learner stands with one question."""

    question_id: str
    box: int
    due_on: date
    seen_at: datetime
    awarded: int
    available: int


def reviewed(
    before: Review | None, *, question_id: str, awarded: int, available: int, today: date, now: datetime
) -> Review:
    """Return the standing after an answer. The next date is always later than ``today``.

    An answer before a question was due shows no more than the one before it: the question stays in its box.
    """
    box = 0
    if before is not None and available > 0 and awarded / available >= GOOD:
        box = before.box if before.due_on > today else min(before.box + 1, len(BOXES) - 1)
    return Review(question_id, box, today + timedelta(days=BOXES[box]), now, awarded, available)


def put_off(before: Review | None, *, question_id: str, available: int, today: date, now: datetime) -> Review:
    """Return the standing after a question was skipped or not known: it comes back tomorrow and loses nothing."""
    tomorrow = today + timedelta(days=BOXES[0])
    if before is None:
        return Review(question_id, 0, tomorrow, now, 0, available)
    return replace(before, due_on=tomorrow, seen_at=now)


def belongs_to(question: Question, days: Collection[PlanDay]) -> bool:
    """Tell whether a question practises a source item or a term of one of the days."""
    return not _of_days(days).isdisjoint((*question.seeds, *question.terms))


def _of_days(days: Collection[PlanDay]) -> set[str]:
    """Return the source items and terms of some days; their ids never meet."""
    return {each for day in days for each in (*day.seeds, *day.terms)}


def as_put(question: Question, attempt_id: int) -> Question:
    """Return a question as it stands in one attempt: a sum with its numbers, a choice with its options shuffled.

    The same attempt always gives the same question, in every process and after every restart.
    """
    if question.options:
        places = sorted(
            range(len(question.options)), key=lambda place: sha256(f"{attempt_id}|{place}".encode()).digest()
        )
        return question.model_copy(update={"options": tuple(question.options[place] for place in places)})
    if question.template is None:
        return question
    return instantiate(question, attempt_id).model_copy(update={"template": question.template})


def next_question(
    questions: Sequence[Question],
    standing: Mapping[str, Review],
    *,
    today: date,
    days: Collection[PlanDay] = (),
    answered_today: Sequence[Question] = (),
    lately: Sequence[Question] = (),
    choose: Choose,
) -> Question | None:
    """Choose what to ask next, or None where there is nothing to ask.

    In order: every third time a question that is due for review; a new one of today's plan days, in the mix that they
    name; a due one; any new one; the one that was seen longest ago. ``lately`` are the questions that were put last,
    newest first. Where others are left, they keep a question from coming again at once, a kind from coming three times
    in a row, and the long kinds to every third question; a day does not begin with a long one unless its plan does.
    """
    pool = [question for question in questions if question.confirmed]
    for few in (1, NOT_AGAIN):
        just_asked = {question.id for question in lately[:few]}
        pool = [question for question in pool if question.id not in just_asked] or pool
    if not pool:
        return None
    wanted = wanted_kinds(days, answered_today)
    pool = _those(pool, fitting(lately))
    if not answered_today:
        pool = _those(pool, lambda question: question.kind not in LONG or question.kind in wanted[:1])
    due = [question for question in pool if question.id in standing and standing[question.id].due_on <= today]
    new = [question for question in pool if question.id not in standing]
    new = _those(new, lambda question: len(standing) >= MET_BEFORE[question.depth])
    todays = _of_days(days)
    new_today = [question for question in new if not todays.isdisjoint((*question.seeds, *question.terms))]
    if due and len(answered_today) % SPACED_EVERY == SPACED_EVERY - 1:
        return choose(_easiest(_of_one_kind(due, (), lately)))
    for group, kinds in ((new_today, wanted), (due, ()), (new, ())):
        if group:
            return choose(_easiest(_of_one_kind(group, kinds, lately)))
    return min(pool, key=lambda question: standing[question.id].seen_at)


def fitting(lately: Sequence[Question]) -> Callable[[Question], bool]:
    """Return a rule that tells whether a question keeps the mix after those that were put last, newest first."""
    row = [each.kind for each in lately[:SAME_IN_A_ROW]]
    too_many = {row[0]} if len(row) == SAME_IN_A_ROW and len(set(row)) == 1 else set()
    unwanted = too_many | LONG if LONG.intersection(row) else too_many
    return lambda question: question.kind not in unwanted


def wanted_kinds(days: Collection[PlanDay], answered_today: Sequence[Question]) -> Sequence[QuestionKind]:
    """Return which kinds the mix of the plan days still asks for today, in its order."""
    had = Counter(question.kind for question in answered_today if belongs_to(question, days))
    wanted = []
    for kind in (kind for day in days for kind in day.mix):
        if had[kind]:
            had[kind] -= 1
        else:
            wanted.append(kind)
    return wanted


def _those(questions: Sequence[Question], rule: Callable[[Question], bool]) -> list[Question]:
    """Keep the questions that meet a rule, or all of them where none does."""
    return [question for question in questions if rule(question)] or list(questions)


def _of_one_kind(
    questions: Sequence[Question], wanted: Sequence[QuestionKind], lately: Sequence[Question]
) -> list[Question]:
    """Keep the questions of the first wanted kind that is there, or of the kind that lags most behind its share."""
    kinds = {question.kind for question in questions}
    had = Counter(question.kind for question in lately[:LOOKS_BACK])
    places = len(lately[:LOOKS_BACK]) + 1
    behind = max(sorted(kinds), key=lambda kind: SHARES[kind] * places - had[kind])
    kind = next((each for each in wanted if each in kinds), behind)
    return [question for question in questions if question.kind == kind]


def _easiest(questions: Sequence[Question]) -> list[Question]:
    """Keep the questions of the lowest depth: explain before evaluate."""
    lowest = min(question.depth for question in questions)
    return [question for question in questions if question.depth == lowest]
