"""What the lint says about figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.lint import lint
from knowledge.loader import load

FIGURE = """\
- id: pdca
  title: Plan-Do-Check-Act
  caption: Which step is left out most often?
  alt: A wheel in four quarters, read clockwise. Plan leads to Do, Do to Check, Check to Act, and Act to Plan again.
  terms: [term.pdca]
"""


def said(folder: Path, figures: str) -> list[str]:
    """What is wrong with the small course and these figures."""
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "figures.yaml").write_text(figures, encoding="utf-8")
    loaded = load(folder)
    return [*map(str, loaded.problems), *map(str, lint(loaded.course, loaded.files))]


def test_a_figure_that_is_drawn_and_shown_is_fine(small_folder: Path) -> None:
    assert said(small_folder, FIGURE) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("- id: pdca", "- id: wheel-of-luck", "nothing draws it: knowledge/figures/drawings has no wheel_of_luck.py"),
        ("terms: [term.pdca]", "terms: [term.x]", "terms.0: there is no term.x in terms"),
        ("terms: [term.pdca]", "terms: []", "no term and no question shows it"),
        ("A wheel in four quarters, read clockwise.", "A wheel.", "pdca"),
    ],
)
def test_what_is_wrong_with_a_figure_is_said(small_folder: Path, old: str, new: str, problem: str) -> None:
    assert old in FIGURE
    text = FIGURE.replace(old, new)
    if new == "A wheel.":
        text = text.partition("  alt:")[0] + "  alt: A wheel.\n  terms: [term.pdca]\n"
        problem = "at least 60 characters"
    assert any(problem in line and "figures/figures.yaml" in line for line in said(small_folder, text))


def test_a_card_shows_one_figure(small_folder: Path) -> None:
    both = FIGURE + FIGURE.replace("- id: pdca", "- id: kano")
    [problem] = said(small_folder, both)
    assert "kano: terms: the card of term.pdca shows pdca already" in problem


def test_a_question_names_a_figure_that_is_there(small_folder: Path) -> None:
    file = small_folder / "questions" / "ci.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("  depth: 2\n", "  depth: 2\n  figure: kano\n", 1), encoding="utf-8")
    assert any("figure: there is no kano in figures" in line for line in said(small_folder, FIGURE))
    shown = FIGURE + FIGURE.replace("- id: pdca", "- id: kano").replace("terms: [term.pdca]", "terms: []")
    assert said(small_folder, shown) == []
