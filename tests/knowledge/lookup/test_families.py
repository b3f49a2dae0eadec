"""Other forms of a name's words, words that only begin, and slips in abbreviations."""

from __future__ import annotations

import pytest

from knowledge.loader import load_glossary
from knowledge.lookup import Index, entries_of
from knowledge.lookup.match import CONFIDENT


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(entries_of(load_glossary()))


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("retention rates", "term.retention-rate"),
        ("analysing trends", "term.trend-analysis"),
        ("interviewing customers", "term.customer-interview"),
        ("emotionally intelligent", "term.emotional-intelligence"),
    ],
)
def test_words_of_the_same_families_open_the_card(index: Index, asked: str, term: str) -> None:
    best = index.find(asked)[0]
    assert (best.term_id, best.reason) == (term, "words")
    assert best.score >= CONFIDENT


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("negotiating", "term.negotiation"),
        ("apologising", "term.apology"),
        ("blueprint", "term.service-blueprint"),
        ("percei", "term.perceived-justice"),
        ("laggi", "term.lagging-indicator"),
        ("ccrm", "term.crm"),
        ("kpii", "term.kpi"),
    ],
)
def test_a_lone_word_that_is_near_enough_opens_a_list(index: Index, asked: str, term: str) -> None:
    found = index.find(asked)
    assert found[0].term_id == term
    assert found[0].score < CONFIDENT


@pytest.mark.parametrize(
    "asked", ["server", "community", "police", "boxing", "trial balance", "customise my car", "trainers"]
)
def test_another_word_of_the_family_is_no_reason(index: Index, asked: str) -> None:
    assert index.find(asked) == []
