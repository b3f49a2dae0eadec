"""The figures that look-up promises, on the development queries with slips that calibration has not seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.loader import load_glossary
from knowledge.lookup import Entry, Index, entries_of
from knowledge.lookup.calibrate import calibrated, fitted
from knowledge.lookup.calibration.queries import CLEAN, NOTHING, SURFACE, TYPOS, UNSEEN, Query, development_queries
from knowledge.lookup.evaluate import Tally, evaluate, merged, read_queries, table
from knowledge.lookup.scale import packaged_scale, scale_of


@pytest.fixture(scope="module")
def tallies() -> dict[str, Tally]:
    entries = entries_of(load_glossary())
    return evaluate(Index.build(entries), development_queries(entries, seed=2))


def percent(part: int, whole: int) -> float:
    return 100 * part / whole


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kinds", "first"),
    [
        (SURFACE, 99.0),
        (CLEAN, 99.9),
        (TYPOS, 98.5),
        (("typo heavy",), 97.0),
        (("typo short",), 93.0),
        (("typo severe",), 94.0),
        (("prefix",), 98.0),
        (("spoken",), 93.0),
        (("inside",), 97.0),
        (("meaning",), 88.0),
        ((UNSEEN,), 80.0),
    ],
)
def test_the_right_term_comes_first(tallies: dict[str, Tally], kinds: tuple[str, ...], first: float) -> None:
    total = merged(tallies, kinds)
    assert percent(total.first, total.asked) >= first


@pytest.mark.slow
def test_an_unclear_word_opens_a_list_with_what_could_be_meant(tallies: dict[str, Tally]) -> None:
    assert percent(tallies["unclear"].listed, tallies["unclear"].asked) >= 97.0


@pytest.mark.slow
def test_what_asks_about_nothing_seldom_finds_something_and_hardly_ever_confidently(tallies: dict[str, Tally]) -> None:
    nothing = merged(tallies, NOTHING)
    assert percent(nothing.found, nothing.asked) <= 2.0
    assert percent(nothing.confident, nothing.asked) <= 0.2


@pytest.mark.slow
def test_a_confident_answer_is_right_and_most_named_terms_get_one(tallies: dict[str, Tally]) -> None:
    surface = merged(tallies, SURFACE)
    assert percent(surface.confident_right, surface.confident) >= 99.8
    assert percent(surface.confident, surface.asked) >= 94.0


def test_the_table_has_a_line_for_each_kind_and_for_the_sums() -> None:
    index = Index.build([Entry("term.nps", "Net Promoter Score", abbreviations=("NPS",))])
    queries = [Query("nps", ("term.nps",), "exact"), Query("pizza", (), "no match")]
    lines = table(evaluate(index, queries)).splitlines()
    assert [line.split("  ")[0] for line in lines if line] == [
        "kind",
        "exact",
        "no match",
        "all clean",
        "all surface",
        "everything",
    ]


def test_queries_are_read_from_lines_of_json(tmp_path: Path) -> None:
    file = tmp_path / "queries.jsonl"
    file.write_text('{"text": "nps", "terms": ["term.nps"], "kind": "exact"}\n\n{"text": "pizza"}\n', "utf-8")
    assert read_queries(file) == [
        Query("nps", ("term.nps",), "exact", hand_written=True),
        Query("pizza", (), "all", hand_written=True),
    ]


def test_the_same_seed_makes_the_same_development_queries() -> None:
    entries = entries_of(load_glossary())
    assert development_queries(entries, seed=5) == development_queries(entries, seed=5)


def test_logistic_weights_separate_what_can_be_separated() -> None:
    rows = [((float(x),), x > 5) for x in range(10)] * 5
    constant, weight = fitted(rows, 1)
    assert weight > 0
    assert constant + weight * 9 > 2
    assert constant + weight * 1 < -2


def test_calibration_gives_a_table_of_the_packaged_shape() -> None:
    entries = entries_of(load_glossary())
    made = calibrated(entries, development_queries(entries, seed=1)[::25])
    assert json.loads(json.dumps(made)) == made
    scale = scale_of(made)
    packaged = packaged_scale()
    assert {way: len(weights) for way, weights in scale.odds_weights.items()} == {
        way: len(weights) for way, weights in packaged.odds_weights.items()
    }
    assert scale.topic_weights.keys() == packaged.topic_weights.keys()
