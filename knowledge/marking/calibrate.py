"""Fits how far a credit is believed: ``python -m knowledge.marking.calibrate [--add NAME ROUND.jsonl]``.

``calibration/credits.csv`` holds every credit that phrases gave in the first run of a blind round: its signs
(:class:`knowledge.marking.trust.Signs`) and whether the assessors gave the point. Since phrases are revised with a
round once it has been read, the table cannot be made again: ``--add`` appends a new round, before anything is revised
with it. The accepted examples of the course are learnt from as well, lightly: an answer that says one thing well is
believed. The limit is where so many due credits are lost as :data:`LOST`, each round being judged by the weights of the
others.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from pathlib import Path

from knowledge.loader import load_course
from knowledge.logistic import Row, fitted
from knowledge.marking.marker import Marker, credited
from knowledge.marking.trust import SIGNS, Signs, Trust
from knowledge.schema import Course

TABLE = Path(__file__).parent / "trust.json"
CREDITS = Path(__file__).parent / "calibration" / "credits.csv"
LOST = 0.045
"""The share of due credits that may be lost: what precision is bought with."""
EARLIEST = 4
"""Rounds from here on were marked with schemes such as today's. Earlier ones teach the wrong things: with them every
round since loses more due credits for the same precision."""
EXAMPLES_COUNT = 0.1
"""How much an accepted example counts beside an answer of a round."""

Credit = tuple[int, str, Row]
"""Round, question, and the signs of a credit with whether it was **not** due."""


def known() -> list[Credit]:
    """The credits of the rounds that are learnt from."""
    with CREDITS.open(encoding="utf-8", newline="") as file:
        return [
            (int(line["round"]), line["question"], (tuple(float(line[name]) for name in SIGNS), line["earned"] == "0"))
            for line in csv.DictReader(file)
            if int(line["round"]) >= EARLIEST
        ]


def examples(course: Course) -> Iterator[Row]:
    """The accepted examples of a course as credits that are due."""
    marker = Marker.of(course)
    for question in course.questions:
        for point in question.scheme.points if question.scheme else ():
            for text in point.accept:
                for found, signs in credited(marker, question, text):
                    if found == point.id:
                        yield astuple(signs), False


def fit(rounds: Sequence[Credit], accepted: Sequence[Row]) -> Trust:
    """The weights for these credits, without a limit."""
    rows = [*(row for _, _, row in rounds), *accepted]
    counts = [1.0] * len(rounds) + [EXAMPLES_COUNT] * len(accepted)
    constant, *weights = fitted(rows, len(SIGNS), counts)
    return Trust(constant, tuple(weights), 0.0)


def limit_of(rounds: Sequence[Credit], accepted: Sequence[Row]) -> float:
    """The doubt that so many due credits of a round unseen by the weights exceed as :data:`LOST`."""
    due = []
    for number in sorted({each[0] for each in rounds}):
        trust = fit([each for each in rounds if each[0] != number], accepted)
        due += [
            trust.doubt(Signs(*signs)) for of_round, _, (signs, undue) in rounds if of_round == number and not undue
        ]
    due.sort()
    return due[int((1 - LOST) * len(due))]


def add(number: int, path: Path) -> int:
    """Append the credits of a round's first run; return how many there are."""
    course = load_course()
    marker, questions = Marker.of(course), {each.id: each for each in course.questions}
    added = 0
    with CREDITS.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for line in path.read_text("utf-8").splitlines():
            ruled = json.loads(line)
            for point, signs in credited(marker, questions[ruled["id"]], ruled["answer"]):
                earned = int(ruled["points"][point])
                writer.writerow(
                    [number, ruled["id"], earned, *(f"{sign:.3f}".rstrip("0").rstrip(".") for sign in astuple(signs))]
                )
                added += 1
    return added


def main(arguments: Sequence[str]) -> int:
    """Fit, print and write the table."""
    if arguments[:1] == ["--add"]:
        print(f"{add(int(arguments[1]), Path(arguments[2]))} credits added")
    rounds, accepted = known(), list(examples(load_course()))
    trust, limit = fit(rounds, accepted), limit_of(rounds, accepted)
    table = {
        "constant": round(trust.constant, 3),
        "weights": dict(zip(SIGNS, (round(weight, 3) for weight in trust.weights), strict=True)),
        "limit": round(limit, 3),
    }
    written = json.dumps(table, indent=2) + "\n"
    TABLE.write_text(written, "utf-8")
    print(written, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
