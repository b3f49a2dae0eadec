"""Broad words that several terms fall under: they open a list, and never hide what the words name."""

from __future__ import annotations

import pytest

from knowledge.loader import load_glossary
from knowledge.lookup import CONFIDENT, UNSURE, Entry, Index

ENTRIES = [
    Entry("term.gantt", "Gantt chart"),
    Entry("term.rota", "Staff rota"),
    Entry("term.waste", "Waste walk"),
    Entry("term.lean", "Lean thinking"),
]
SUBJECTS = {
    "scheduling": ("term.rota", "term.gantt"),
    "staff learning": ("term.lean", "term.gantt"),
    "gantt chart": ("term.rota", "term.lean"),
    "rate": ("term.rota", "term.lean"),
    "nowhere": ("term.unknown",),
}


@pytest.fixture(scope="module")
def small() -> Index:
    return Index.build(ENTRIES, subjects=SUBJECTS)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.of(load_glossary())


def ids(index: Index, text: str) -> list[str]:
    return [match.term_id for match in index.find(text)]


@pytest.mark.parametrize(
    "text", ["scheduling", "Schedules", "scheduled", "what is scheduling", "scheduling tools", "the scheduling stuff"]
)
def test_the_terms_under_a_word_are_listed_in_the_order_of_the_course(small: Index, text: str) -> None:
    assert ids(small, text) == ["term.rota", "term.gantt"]
    assert all(UNSURE <= match.score < CONFIDENT for match in small.find(text))


def test_a_term_without_a_word_in_its_name_is_left_out_of_a_list() -> None:
    index = Index.build([*ENTRIES, Entry("term.smile", "🙂")], subjects={"mood": ("term.smile", "term.lean")})
    assert ids(index, "mood") == ["term.lean"]


@pytest.mark.parametrize("text", ["learning staff", "helping staff learn", "the learning of staff"])
def test_order_forms_and_words_that_say_little_make_no_difference(small: Index, text: str) -> None:
    assert ids(small, text)[:2] == ["term.lean", "term.gantt"]


def test_a_name_that_is_written_as_it_is_is_its_card_alone(small: Index) -> None:
    assert ids(small, "gantt chart") == ["term.gantt"]
    assert small.find("gantt chart")[0].score >= CONFIDENT


@pytest.mark.parametrize(
    "text", ["rat", "nowhere", "whats your schedule", "when are you scheduling it", "film schedule"]
)
def test_other_words_chat_and_unknown_ids_list_nothing(small: Index, text: str) -> None:
    assert ids(small, text) == []


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("waste", {"lean", "five-s"}),
        ("statistics", {"average", "percentage-change"}),
        ("watchdogs", {"trading-standards", "adr"}),
        ("parasuraman", {"servqual", "rater"}),
        ("keeping staff happy", {"employee-engagement", "motivation"}),
        ("ombudsman and watchdogs", {"adr", "trading-standards"}),
    ],
)
def test_a_learner_who_types_a_theme_gets_the_terms_that_belong_to_it(
    index: Index, text: str, listed: set[str]
) -> None:
    assert {f"term.{one}" for one in listed} <= set(ids(index, text))


@pytest.mark.parametrize("text", ["whats your name", "what time is it", "are you a robot", "an inspector calls"])
def test_chat_that_holds_a_word_of_a_theme_lists_nothing(index: Index, text: str) -> None:
    assert ids(index, text) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("what if nobody says anything in our brainstorming group", "brainstorming"),
        ("how long should benchmarking take before people get bored of it", "benchmarking"),
        ("empathy in servqual", "empathy-dimension"),
    ],
)
def test_what_is_named_comes_before_what_is_only_described(index: Index, text: str, first: str) -> None:
    assert ids(index, text)[0] == f"term.{first}"


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("see ee ess customer effort", "ces"),
        ("um key pea eyes", "kpi"),
        ("customer painpoints", "pain-point"),
        ("stakeholder e", "stakeholder-engagement"),
    ],
)
def test_letters_said_aloud_words_run_together_and_names_just_begun_open_the_card(
    index: Index, text: str, card: str
) -> None:
    found = index.find(text)
    assert (found[0].term_id, found[0].score >= CONFIDENT) == (f"term.{card}", True)


def test_no_list_has_a_term_twice(index: Index) -> None:
    for subject in load_glossary().subjects:
        found = ids(index, subject)
        assert len(found) == len(set(found)), subject
