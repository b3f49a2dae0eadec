"""Which question comes next, how it is put, and when it comes back.

Spacing follows expanding boxes (Kang and others 2014): a question answered well comes back after 1, 2, 4 and 7 days,
one answered badly starts again tomorrow. New questions come from the day of the plan first. Kinds are mixed, and what
takes long or goes deep waits until shorter and easier ones were met.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Literal, NamedTuple

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
class Bank:
    """Questions to choose from, with what choosing needs to know of them whoever is asked. Only the confirmed ones."""

    questions: tuple[Question, ...]
    places: Mapping[str, int]
    """Question id -> its place in ``questions``."""
    about: Mapping[str, Sequence[int]]
    """Source item or term -> the places of the questions that practise it; their ids never meet."""
    kinds: Mapping[QuestionKind, int]
    """How many questions of each kind there are."""

    @classmethod
    def of(cls, questions: Iterable[Question]) -> Bank:
        """Prepare questions, which keep their order."""
        confirmed = tuple(question for question in questions if question.confirmed)
        about: defaultdict[str, list[int]] = defaultdict(list)
        for place, question in enumerate(confirmed):
            for item in (*question.seeds, *question.terms):
                about[item].append(place)
        places = {question.id: place for place, question in enumerate(confirmed)}
        return cls(confirmed, places, dict(about), Counter(question.kind for question in confirmed))

    def practising(self, items: Iterable[str]) -> list[Question]:
        """Return the questions about any of some source items and terms, in order."""
        places = {place for item in items for place in self.about.get(item, ())}
        return [self.questions[place] for place in sorted(places)]

    def among(self, question_ids: Iterable[str]) -> list[Question]:
        """Return the questions with these ids that are here, in order."""
        places = sorted(self.places[each] for each in question_ids if each in self.places)
        return [self.questions[place] for place in places]


@dataclass(frozen=True, slots=True)
class Review:
    """How a learner stands with one question."""

    question_id: str
    box: int
    due_on: date
    seen_at: datetime
    awarded: int
    available: int


class Met(NamedTuple):
    """As much of a :class:`Review` as choosing needs. Thousands are read for the morning's prompts."""

    due_on: date
    seen_at: datetime


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


def _of_days(days: Collection[PlanDay]) -> set[str]:
    """Return the source items and terms of some days."""
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
    bank: Bank,
    standing: Mapping[str, Met | Review],
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
    if not bank.questions:
        return None
    items = _of_days(days)
    wanted = wanted_kinds(days, items, answered_today)
    just_asked = _not_again(bank, lately)
    kinds = _kinds_to_ask(bank, just_asked, lately, first=None if answered_today else wanted[:1])
    turn = _Turn(bank, standing, today, just_asked, kinds)
    if len(answered_today) % SPACED_EVERY == SPACED_EVERY - 1 and (due := turn.due()):
        return choose(_easiest(_of_one_kind(due, (), lately)))
    if todays := turn.new(bank.practising(items)):
        return choose(_easiest(_of_one_kind(todays, wanted, lately)))
    if others := turn.due() or turn.new(bank.questions):
        return choose(_easiest(_of_one_kind(others, (), lately)))
    return turn.seen_longest_ago()


@dataclass(frozen=True, slots=True)
class _Turn:
    """What may be asked of one learner now: all but the questions ``just_asked``, of some kinds."""

    bank: Bank
    standing: Mapping[str, Met | Review]
    today: date
    just_asked: Collection[str]
    kinds: Set[QuestionKind]

    def due(self) -> list[Question]:
        """Return the questions that are due for review."""
        back = (question_id for question_id, each in self.standing.items() if each.due_on <= self.today)
        return [question for question in self.bank.among(back) if self._may_come(question)]

    def new(self, questions: Sequence[Question]) -> list[Question]:
        """Return those of some questions that the learner has not met and that are not too deep yet."""
        depths = self._depths()
        return [question for question in questions if question.depth in depths and self._is_new(question)]

    def seen_longest_ago(self) -> Question:
        """Return the question that was met longest ago, where every one was met."""
        met = filter(self._may_come, self.bank.questions)
        return min(met, key=lambda question: self.standing[question.id].seen_at)

    def _depths(self) -> Collection[int]:
        """Return the depths of which the learner has met enough before; where nothing new is left of these, all."""
        depths = {depth for depth, before in MET_BEFORE.items() if len(self.standing) >= before}
        if len(depths) == len(MET_BEFORE):
            return depths
        left = any(question.depth in depths and self._is_new(question) for question in self.bank.questions)
        return depths if left else MET_BEFORE.keys()

    def _is_new(self, question: Question) -> bool:
        return question.id not in self.standing and self._may_come(question)

    def _may_come(self, question: Question) -> bool:
        return question.kind in self.kinds and question.id not in self.just_asked


def _not_again(bank: Bank, lately: Sequence[Question]) -> set[str]:
    """Return the ids of the last questions, which do not come again at once as long as there are others."""
    found: set[str] = set()
    for few in (1, NOT_AGAIN):
        last = {question.id for question in lately[:few] if question.id in bank.places}
        if len(last) < len(bank.questions):
            found = last
    return found


def _kinds_to_ask(
    bank: Bank, just_asked: Collection[str], lately: Sequence[Question], *, first: Sequence[QuestionKind] | None
) -> Set[QuestionKind]:
    """Return the kinds that may come now; ``first`` is the long kind that may begin a day, None later in the day."""
    gone = Counter(question.kind for question in bank.among(just_asked))
    kinds = bank.kinds.keys() - {kind for kind, number in gone.items() if number == bank.kinds[kind]}
    kinds = kinds - unfitting(lately) or kinds
    return kinds if first is None else kinds - LONG.difference(first) or kinds


def unfitting(lately: Sequence[Question]) -> Set[QuestionKind]:
    """Return the kinds that would spoil the mix after the questions that were put last, newest first."""
    row = [each.kind for each in lately[:SAME_IN_A_ROW]]
    too_many = {row[0]} if len(row) == SAME_IN_A_ROW and len(set(row)) == 1 else set()
    return too_many | LONG if LONG.intersection(row) else too_many


def wanted_kinds(
    days: Collection[PlanDay], items: Collection[str], answered_today: Sequence[Question]
) -> Sequence[QuestionKind]:
    """Return which kinds the mix of the plan days, which are about ``items``, still asks for today, in its order."""
    had = Counter(
        question.kind
        for question in answered_today
        if any(each in items for each in (*question.seeds, *question.terms))
    )
    wanted = []
    for kind in (kind for day in days for kind in day.mix):
        if had[kind]:
            had[kind] -= 1
        else:
            wanted.append(kind)
    return wanted


def _of_one_kind(
    questions: Sequence[Question], wanted: Sequence[QuestionKind], lately: Sequence[Question]
) -> list[Question]:
    """Keep the questions of the first wanted kind that is there, or of the kind that lags most behind its share."""
    kinds = {question.kind for question in questions}
    kind = next((each for each in wanted if each in kinds), None) or _furthest_behind(kinds, lately)
    return [question for question in questions if question.kind == kind]


def _furthest_behind(kinds: Collection[QuestionKind], lately: Sequence[Question]) -> QuestionKind:
    had = Counter(question.kind for question in lately[:LOOKS_BACK])
    places = len(lately[:LOOKS_BACK]) + 1
    return max(sorted(kinds), key=lambda kind: SHARES[kind] * places - had[kind])


def _easiest(questions: Sequence[Question]) -> list[Question]:
    """Keep the questions of the lowest depth: explain before evaluate."""
    lowest = min(question.depth for question in questions)
    return [question for question in questions if question.depth == lowest]
