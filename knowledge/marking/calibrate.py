"""Fits how far credits are believed: ``python -m knowledge.marking.calibrate [--add NUMBER ROUND] [--keep FILE ...]``.

``calibration/credits.csv`` holds every credit that phrases gave in the first run of a blind round: its signs
(:class:`knowledge.marking.trust.Signs`) and whether the assessors gave the point. Since phrases are revised with a
round once it has been read, the table cannot be made again: ``--add`` appends a new round, before anything is revised
with it and before its answers are among those that credits are compared with. ``--keep`` makes the latter anew
(:mod:`knowledge.marking.marked`) from files of marked answers.

The accepted examples of the course are learnt from as well, lightly: an answer that says one thing well is believed.
The limit is where so many due credits are lost as :data:`LOST`, each round being judged by the weights of the others.
"""

from __future__ import annotations

import csv
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from knowledge.loader import load_course
from knowledge.logistic import Row, fitted
from knowledge.marking.marked import Collector, write_table
from knowledge.marking.marker import Marker, collect, credited
from knowledge.marking.phrases import Lexicon
from knowledge.marking.trust import OF_THE_ANSWER, SIGNS, Signs, Weights
from knowledge.schema import Course

TABLE = Path(__file__).parent / "trust.json"
CREDITS = Path(__file__).parent / "calibration" / "credits.csv"
LOST = 0.03
"""The share of due credits that may be lost: what precision is bought with."""
EARLIEST = 4
"""Rounds from here on were marked with schemes such as today's. Earlier ones teach the wrong things: with them every
round since loses more due credits for the same precision."""
EXAMPLES_COUNT = 0.1
"""How much an accepted example counts beside an answer of a round."""

Credit = tuple[int, str, Row]
"""Round, question, and the signs of a credit with whether it was **not** due."""


def known(signs: Sequence[str]) -> list[Credit]:
    """The credits of the rounds that are learnt from, with these signs; those that lack one are left out."""
    with CREDITS.open(encoding="utf-8", newline="") as file:
        return [
            (int(line["round"]), line["question"], (tuple(float(line[name]) for name in signs), line["due"] == "0"))
            for line in csv.DictReader(file)
            if int(line["round"]) >= EARLIEST and all(line[name] for name in signs)
        ]


def examples(course: Course) -> Iterator[Signs]:
    """What speaks for the credits of a course's accepted examples, all of which are due."""
    marker = Marker.of(course)
    for question in course.questions:
        for point in question.scheme.points if question.scheme else ():
            for text in point.accept:
                for found, seen in credited(marker, question, text):
                    if found == point.id:
                        yield seen


def due_rows(credits_due: Iterable[Signs], names: Sequence[str]) -> list[Row]:
    """Credits that are due, by these signs; those that lack one are left out."""
    rows = (tuple(getattr(signs, name) for name in names) for signs in credits_due)
    return [(row, False) for row in rows if None not in row]


def fit(rounds: Sequence[Credit], accepted: Sequence[Row], count: int) -> Weights:
    """The weights of so many signs for these credits, without a limit."""
    rows = [*(row for _, _, row in rounds), *accepted]
    counts = [1.0] * len(rounds) + [EXAMPLES_COUNT] * len(accepted)
    constant, *weights = fitted(rows, count, counts)
    return Weights(constant, tuple(weights), 0.0)


def limit_of(rounds: Sequence[Credit], accepted: Sequence[Row], count: int) -> float:
    """The doubt that so many due credits of a round unseen by the weights exceed as :data:`LOST`."""
    due = []
    for number in sorted({each[0] for each in rounds}):
        scale = fit([each for each in rounds if each[0] != number], accepted, count)
        due += [scale.doubt(signs) for of_round, _, (signs, undue) in rounds if of_round == number and not undue]
    due.sort()
    return due[int((1 - LOST) * len(due))]


def add(number: int, path: Path) -> int:
    """Append the credits of a round's first run; return how many there are."""
    course = load_course()
    marker, questions = Marker.of(course), {each.id: each for each in course.questions}
    added = 0
    with CREDITS.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for ruled in _ruled(path):
            for point, signs in credited(marker, questions[ruled["id"]], ruled["answer"]):
                writer.writerow(row_of(number, ruled["id"], signs, due=ruled["points"][point]))
                added += 1
    return added


def row_of(number: int, question: str, signs: Signs, *, due: bool) -> list[object]:
    """A line of the table."""
    values = ("" if sign is None else f"{sign:.3f}".rstrip("0").rstrip(".") for sign in astuple(signs))
    return [number, question, int(due), *values]


def keep(paths: Sequence[Path]) -> int:
    """Make the answers anew that credits are compared with; return how many there are."""
    course = load_course()
    marker, questions = Marker(Lexicon.of(course.lexicon)), {each.id: each for each in course.questions}
    collector = Collector(course.id)
    answers = [ruled for path in paths for ruled in _ruled(path) if ruled["id"] in questions]
    for ruled in answers:
        collect(collector, marker, questions[ruled["id"]], ruled["answer"], ruled["points"])
    write_table(collector.table())
    return len(answers)


def _ruled(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines())


def main(arguments: Sequence[str]) -> int:
    """Fit, print and write the table."""
    parser = ArgumentParser(prog="python -m knowledge.marking.calibrate")
    parser.add_argument("--add", nargs=2, metavar=("NUMBER", "ROUND"))
    parser.add_argument("--keep", nargs="+", type=Path, metavar="FILE")
    given = parser.parse_args(arguments)
    if given.add:
        print(f"{add(int(given.add[0]), Path(given.add[1]))} credits added")
    if given.keep:
        print(f"{keep(given.keep)} answers kept")
    accepted = list(examples(load_course()))
    table = {"known": _scale(accepted, SIGNS), "new": _scale(accepted, OF_THE_ANSWER)}
    written = json.dumps(table, indent=2) + "\n"
    TABLE.write_text(written, "utf-8")
    print(written, end="")
    return 0


def _scale(accepted: Sequence[Signs], signs: Sequence[str]) -> dict[str, object]:
    rounds, due = known(signs), due_rows(accepted, signs)
    scale, limit = fit(rounds, due, len(signs)), limit_of(rounds, due, len(signs))
    return {
        "constant": round(scale.constant, 3),
        "weights": dict(zip(signs, (round(weight, 3) for weight in scale.weights), strict=True)),
        "limit": round(limit, 3),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
