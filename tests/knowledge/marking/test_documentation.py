"""What docs/marking.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from knowledge.marking.marker import Marker
from knowledge.schema import Phrase

PAGE = Path(__file__).parents[3] / "docs" / "marking.md"
ROW = re.compile(r"^\| (\d+) \| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_the_page_has_twenty_worked_examples() -> None:
    assert [int(number) for number, *_ in ROWS] == list(range(1, 21))


@pytest.mark.parametrize(("number", "phrase", "found", "not_found"), ROWS, ids=[row[0] for row in ROWS])
def test_a_worked_example_does_what_the_page_says(
    marker: Marker, number: str, phrase: str, found: str, not_found: str
) -> None:
    finds = marker.phrase_finder(Phrase.model_validate(yaml.safe_load(phrase)))
    assert finds(found), number
    assert not finds(not_found), number
