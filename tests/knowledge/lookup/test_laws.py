from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.loader import load_glossary
from knowledge.lookup import CONFIDENT, Entry, Index, Reason, entries_of

LONG = 4096


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return entries_of(load_glossary())


@pytest.fixture(scope="module")
def course_index(entries: list[Entry]) -> Index:
    return Index.build(entries)


def raw(text: str) -> str:
    return " ".join(text.casefold().split())


def owned_forms(entries: Sequence[Entry]) -> list[tuple[str, str]]:
    owners: dict[str, set[str]] = {}
    for entry in entries:
        for text in (entry.name, *entry.aliases, *entry.abbreviations, *entry.suggest_only):
            owners.setdefault(raw(text), set()).add(entry.id)
    return [
        (text, entry.id)
        for entry in entries
        for text in (entry.name, *entry.aliases, *entry.abbreviations)
        if owners[raw(text)] == {entry.id}
    ]


def test_every_form_that_one_term_has_finds_that_term_first_and_confidently(
    course_index: Index, entries: list[Entry]
) -> None:
    wrong = [
        (text, matches)
        for text, term in owned_forms(entries)
        if not (matches := course_index.find(text)) or matches[0].term_id != term or matches[0].score < CONFIDENT
    ]
    assert wrong == []


def test_every_suggest_only_form_lists_its_term_without_confidence(course_index: Index, entries: list[Entry]) -> None:
    owned = {raw(text) for entry in entries for text in (entry.name, *entry.aliases, *entry.abbreviations)}
    for entry in entries:
        for form in entry.suggest_only:
            matches = course_index.find(form, limit=10)
            if raw(form) not in owned:
                assert entry.id in {match.term_id for match in matches}, form
                assert all(match.score < CONFIDENT for match in matches), form


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_at_all_can_be_asked(course_index: Index, text: str) -> None:
    matches = course_index.find(text)
    assert all(0.0 <= match.score <= 1.0 for match in matches)
    assert [match.score for match in matches] == sorted([match.score for match in matches], reverse=True)
    assert len({match.term_id for match in matches}) == len(matches)
    course_index.find_pair(text)
    course_index.prefix(text)


WORDS = st.sampled_from(
    [
        "what",
        "is",
        "does",
        "mean",
        "the",
        "a",
        "explain",
        "nps",
        "csat",
        "quality",
        "service",
        "customer",
        "vs",
        "or",
        "and",
        "heat",
        "last",
        "improvment",
        "costumer",
        "5",
        "whys",
        "score",
        "feedbak",
        "loop",
        "between",
        "difference",
        "stand",
        "for",
        "pls",
        "of",
        "🙂",
        "N.P.S.",
        "%",
        "&",
        "é",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, max_size=12))
def test_any_run_of_question_words_and_terms_can_be_asked(course_index: Index, words: list[str]) -> None:
    text = " ".join(words)
    assert course_index.find(text) == course_index.find(text)
    assert all(match.score < CONFIDENT for match in course_index.find(text) if match.reason is Reason.meaning)
    course_index.find_pair(text)
    course_index.prefix(text)


@pytest.mark.parametrize(
    "text",
    [
        "a" * LONG,
        "a " * (LONG // 2),
        "🙂" * LONG,
        "é" * LONG,
        "customer " * 455,
        "?" * LONG,
        "1 2 3 " * 680,
        "\x00" * LONG,
    ],
)
def test_the_longest_messages_can_be_asked(course_index: Index, text: str) -> None:
    course_index.find(text)
    course_index.find_pair(text)
    course_index.prefix(text)


def test_two_indexes_of_the_same_glossary_answer_alike(entries: list[Entry], course_index: Index) -> None:
    again = Index.build(entries)
    for text in ("custmer satisfacton", "quality", "someone pretends to be a customer", "net prom", "heat pump"):
        assert again.find(text) == course_index.find(text)


NAMES = st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", min_size=3, max_size=20).filter(lambda text: text.strip())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAMES, alias=NAMES)
def test_a_new_term_changes_no_exact_match_of_another(
    entries: list[Entry], course_index: Index, name: str, alias: str
) -> None:
    taken = {raw(name), raw(alias)}
    wider = Index.build([*entries, Entry("term.new", name, (alias,))])
    for text, term in owned_forms(entries)[::40]:
        if raw(text) not in taken and "".join(raw(text).split()) not in {"".join(form.split()) for form in taken}:
            assert wider.find(text)[0].term_id == term
            assert wider.find(text)[0].score == course_index.find(text)[0].score


def test_the_order_of_the_entries_does_not_matter_to_exact_forms(entries: list[Entry]) -> None:
    backwards = Index.build(reversed(entries))
    for text, term in owned_forms(entries)[::7]:
        assert backwards.find(text)[0].term_id == term
