"""Fits the scale of scores: ``python -m knowledge.lookup.calibrate`` prints ``calibrated.json`` and writes it.

The development queries are asked once. What was compared for each candidate, and whether it was right, gives the
weights of :mod:`knowledge.lookup.scale` by logistic regression; the anchors are then the lowest probabilities at which
the targets below hold. Nothing is set by hand, and the same queries always give the same table.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from knowledge.loader import load_glossary
from knowledge.logistic import Row, fitted
from knowledge.lookup.alike import ALIKE, CLOSE, GUARDED
from knowledge.lookup.calibration.queries import NOTHING, SURFACE, UNSEEN, Query, development_queries
from knowledge.lookup.found import NAMED, Compared, Found, best_of_each, topic_features
from knowledge.lookup.index import Index
from knowledge.lookup.inside import INSIDE
from knowledge.lookup.match import Entry, entries_of
from knowledge.lookup.meaning import MEANING, MESSAGE
from knowledge.lookup.scale import Scale, scale_of

FEATURES: Mapping[str, tuple[str, ...]] = {
    "close": CLOSE,
    "alike": ALIKE,
    "guarded": GUARDED,
    "inside": INSIDE,
    "meaning": MEANING,
}
TOPICS: Mapping[str, tuple[str, ...]] = {way: FEATURES[way] for way in NAMED} | {"message": MESSAGE}
TABLE = Path(__file__).parent / "calibrated.json"

DECIDED_BY_MESSAGE = ("inside", "meaning")
"""The kinds of query that the message as a whole shows to be about a term, and not a form that it resembles."""

MOST_FOUND: Mapping[str, float] = {"no match": 0.006, "near miss": 0.04}
"""The share of the queries of a kind that must find nothing for which something may be found."""

SHARES: Mapping[str, float] = {"close": 0.2, "alike": 0.5, "guarded": 0.6, "message": 1.0}
"""How much of that share may be used up by this way and those before it."""

MOST_CONFIDENT = 0.001
"""The share of must-not-match queries that each way may answer confidently (the requirement for all is 0.002)."""

LEAST_PRECISE = 0.9985
"""The share of confident answers that must be right (the requirement is 0.998)."""

SEEDS = (1, 4)
"""The slips that are learnt from; evaluation makes others."""

_LEAST_CONFIDENT = 0.93
"""No answer less likely than this is confident, however few queries show that it is wrong."""

_MOST_PER_QUERY = 4

Asked = tuple[Query, Compared]
First = tuple[float, bool, bool]
"""A best candidate's probability, whether it is right, and whether nothing would be."""


def calibrated(entries: Sequence[Entry], queries: Sequence[Query]) -> dict[str, Any]:
    """The table for a glossary and its development queries."""
    table = _blank()
    index = Index.build(entries, scale=scale_of(table))
    ids = [entry.id for entry in entries]
    asked = [(query, index.compared(query.text)) for query in queries if query.kind != "compare"]
    asked = [(query, compared) for query, compared in asked if compared.found]
    for way, names in FEATURES.items():
        rows = [row for query, compared in asked for row in _rows(query, compared.found, way, ids)]
        table["ways"][way]["odds"] = _named(("constant", *names), fitted(rows, len(names)))
    scale = scale_of(table)
    asked = [(query, _weighed(scale, compared)) for query, compared in asked]
    _fit_topics(table, asked)
    answers = [(query, _ranked(compared.found)) for query, compared in asked]
    for way in FEATURES:
        rows = [
            ((max(-8.0, min(8.0, one.odds)), max(-6.0, min(6.0, lead))), ids[one.term] in query.terms)
            for query, ranked in answers
            for one, lead in ranked[:2]
            if one.way == way
        ]
        table["ways"][way]["answer"] = _named(("constant", "odds", "lead"), fitted(rows, 2))
    table["anchors"] = _anchors(scale_of(table), asked, ids, queries)
    return table


def _blank() -> dict[str, Any]:
    """A table that weighs nothing, to compare everything with."""
    return {
        "ways": {
            way: {
                "odds": dict.fromkeys(("constant", *names), 0.0),
                "answer": {"constant": 0.0, "odds": 1.0, "lead": 0.0},
            }
            for way, names in FEATURES.items()
        },
        "topics": {way: dict.fromkeys(("constant", *names), 0.0) for way, names in TOPICS.items()},
        "anchors": {"topic": dict.fromkeys(TOPICS, 0.5), "confident": dict.fromkeys(FEATURES, 0.9)},
    }


def _fit_topics(table: dict[str, Any], asked: Sequence[Asked]) -> None:
    """Fits what tells whether a text is about any term, each way by itself."""
    for way, names in TOPICS.items():
        telling = [
            (topic_features(compared), bool(query.terms))
            for query, compared in asked
            if query.kind in NOTHING or (query.kind in DECIDED_BY_MESSAGE) == (way == "message")
        ]
        rows = [(features[way], wanted) for features, wanted in telling if way in features]
        table["topics"][way] = _named(("constant", *names), fitted(rows, len(names)))


def _rows(query: Query, found: Sequence[Found], way: str, ids: Sequence[str]) -> list[Row]:
    """What was compared for the likeliest candidates of one way, and whether each is right."""
    mine = [one for one in found if one.way == way]
    right = [one for one in mine if ids[one.term] in query.terms]
    wrong = sorted([one for one in mine if one not in right], key=lambda one: -one.features[0])[:_MOST_PER_QUERY]
    return [(one.features, True) for one in right] + [(one.features, False) for one in wrong]


def _named(names: Sequence[str], weights: Sequence[float]) -> dict[str, float]:
    return {name: round(weight, 4) for name, weight in zip(names, weights, strict=True)}


def _weighed(scale: Scale, compared: Compared) -> Compared:
    """The candidates with the odds that a scale gives them."""
    found = [one._replace(odds=scale.odds(one.way, one.features)) for one in compared.found]
    return replace(compared, found=found)


def _ranked(found: Sequence[Found]) -> list[tuple[Found, float]]:
    """The best of each term with its lead over the next best."""
    best = best_of_each(found)
    others = [best[1].odds if len(best) > 1 else best[0].odds + 6.0, *[best[0].odds] * (len(best) - 1)]
    return [(one, one.odds - other) for one, other in zip(best, others, strict=True)]


def _anchors(
    scale: Scale, asked: Sequence[Asked], ids: Sequence[str], queries: Sequence[Query]
) -> dict[str, dict[str, float]]:
    """The lowest probabilities at which the targets hold on the development queries."""
    topic: dict[str, float] = {}
    left = [(query.kind, topic_features(compared)) for query, compared in asked]
    used = dict.fromkeys(MOST_FOUND, 0)
    for way, share in SHARES.items():
        chances = [(kind, scale.on_topic(way, features[way])) for kind, features in left if way in features]
        topic[way] = _from(chances, used, queries, share=share)
        for kind in used:
            used[kind] += sum(chance >= topic[way] for other, chance in chances if other == kind)
        left = [(kind, f) for kind, f in left if way not in f or scale.on_topic(way, f[way]) < topic[way]]
    scale = replace(scale, topic_from=topic)
    firsts: dict[str, list[First]] = {way: [] for way in FEATURES}
    for query, compared in asked:
        named = Compared([one for one in compared.found if one.way in NAMED])
        answers = [
            (0.0 if one.capped else scale.probability(one.way, one.odds, lead), one)
            for some in (named, compared)
            if some.found and scale.is_on_topic(topic_features(some))
            for one, lead in _ranked(some.found)[:1]
        ]
        if answers:
            chance, one = max(answers, key=lambda answer: answer[0])
            firsts[one.way].append((chance, ids[one.term] in query.terms, query.kind in NOTHING))
    strays = MOST_CONFIDENT * sum(query.kind in NOTHING for query in queries)
    wrong = (1 - LEAST_PRECISE) * sum(query.kind in SURFACE for query in queries) / len(NAMED)
    confident: dict[str, float] = {way: round(_confident(listed, wrong, strays), 4) for way, listed in firsts.items()}
    return {"topic": topic, "confident": confident}


def _from(
    chances: Sequence[tuple[str, float]], used: Mapping[str, int], queries: Sequence[Query], *, share: float
) -> float:
    """The lowest probability at which no more is found for queries of nothing than this share of what may be."""
    least = 0.0
    for kind, most in MOST_FOUND.items():
        stray = sorted([chance for other, chance in chances if other == kind], reverse=True)
        allowed = int(share * most * sum(query.kind == kind for query in queries)) - used[kind]
        if allowed < len(stray):
            least = max(least, stray[allowed])
    return round(max(least + 0.0001, 0.3), 4)


def _confident(firsts: Sequence[First], most_wrong: float, most_strays: float) -> float:
    """The lowest probability above which no more answers are wrong, and no more answer a query of nothing."""
    least = 0.999
    wrong = strays = 0
    for chance, right, stray in sorted(firsts, key=lambda first: -first[0]):
        wrong += not right
        strays += stray
        if wrong > most_wrong or strays > most_strays:
            break
        least = min(least, chance)
    return max(least, _LEAST_CONFIDENT)


def main() -> int:
    """The command."""
    entries = entries_of(load_glossary())
    queries = dict.fromkeys([query for seed in SEEDS for query in development_queries(entries, seed)])
    learnt_from = [query for query in queries if query.kind != UNSEEN]
    text = json.dumps(calibrated(entries, learnt_from), indent=1) + "\n"
    TABLE.write_text(text, "utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
