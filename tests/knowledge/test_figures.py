"""Every figure is legible on a phone, says what its words say, and agrees with the glossary."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from knowledge.__main__ import main
from knowledge.figures import NotDrawn, drawn, edition, picture
from knowledge.figures.cache import kept_picture
from knowledge.figures.card import BODY, TALLEST, WIDTH, Card, Illegible, Words, drawable, text_width, wrapped
from knowledge.figures.drawings import (
    control_chart,
    correlation,
    fishbone,
    five_whys,
    gantt,
    missed_visits,
    nps,
    parcel_log,
    pareto,
    pdca,
    servqual,
    tile_shop,
    trend,
    vet_booking,
)
from knowledge.figures.palette import ACCENTS, GREY, GROUND, INK, PALE, PAPER, READABLE, contrast, text_on
from knowledge.loader import load_course
from knowledge.schema import Course, Figure

COURSE = load_course()
FIGURES = {figure.id: figure for figure in COURSE.figures}
TERMS = {term.id: term for term in COURSE.terms}
STEMS = {question.figure: question.stem for question in COURSE.questions if question.figure}


def card_of(figure_id: str) -> Card:
    """The drawn card, before it becomes a file."""
    module: Any = import_module(f"knowledge.figures.drawings.{figure_id.replace('-', '_')}")
    drawn_card: Card = module.draw()
    return drawn_card


def test_every_drawing_is_a_figure_of_the_course() -> None:
    assert drawn() == set(FIGURES)


@pytest.mark.parametrize(
    "term",
    [
        "pdca",
        "journey-mapping",
        "customer-journey",
        "heat",
        "nps",
        "servqual",
        "rater",
        "gaps-model",
        "pareto-analysis",
        "fishbone",
        "five-whys",
        "trend-analysis",
        "control-chart",
        "action-plan",
        "gantt",
        "power-interest",
        "correlation-causation",
        "kano",
        "gibbs",
    ],
)
def test_these_terms_have_a_picture(term: str) -> None:
    assert any(f"term.{term}" in figure.terms for figure in COURSE.figures)


def test_questions_that_the_chat_asks_have_pictures_too() -> None:
    asked = [question for question in COURSE.questions if question.figure and question.scheme is not None]
    assert len(asked) >= 2


@pytest.mark.parametrize("figure_id", sorted(FIGURES))
def test_a_picture_is_small_and_fits_a_phone(figure_id: str) -> None:
    png = picture(figure_id)
    with Image.open(BytesIO(png)) as image:
        assert image.format == "PNG"
        assert image.width == WIDTH
        assert image.height <= TALLEST  # larger ones are shrunk on the way
    assert len(png) <= 120 * 1024
    assert picture(figure_id) == png


@pytest.mark.parametrize("figure_id", sorted(FIGURES))
def test_every_word_of_a_picture_can_be_read(figure_id: str) -> None:
    card = card_of(figure_id)
    assert card.placed
    for one in card.placed:
        assert one.size >= BODY
        assert contrast(one.ink, one.ground) >= READABLE
        left, top, right, bottom = one.box
        assert 0 < left < right < WIDTH
        assert 0 < top < bottom < card.height


def far(pixel: tuple[int, ...], colour: str) -> int:
    """How far a pixel is from a colour, in the channel where it differs most."""
    return max(abs(pixel[place] - int(colour[1 + 2 * place : 3 + 2 * place], 16)) for place in range(3))


@pytest.mark.parametrize("figure_id", sorted(FIGURES))
def test_text_stands_on_the_ground_that_it_was_measured_against(figure_id: str) -> None:
    """What surrounds a line in the finished picture is the colour that its contrast was computed for."""
    card = card_of(figure_id)
    with Image.open(BytesIO(card.png())) as image:
        pixels = image.convert("RGB")
    for one in card.placed:
        left, top, right, bottom = map(round, one.box)
        around = pixels.crop((left - 3, top - 3, right + 3, bottom + 3))
        counted: Any = around.getcolors(maxcolors=around.width * around.height)
        _, common = max(pair for pair in counted if far(pair[1], one.ink) > 12)
        assert far(common, one.ground) <= 12, one.text


@pytest.mark.parametrize("figure_id", sorted(FIGURES))
def test_the_head_of_a_picture_is_its_title(figure_id: str) -> None:
    assert card_of(figure_id).title == FIGURES[figure_id].title


NUMBER = re.compile(r"\d+(?:\.\d+)?")


@pytest.mark.parametrize("figure_id", sorted(FIGURES))
def test_the_description_names_every_number_of_the_picture(figure_id: str) -> None:
    """Numbers alone on a line may be those of an axis; those in a sentence must be said."""
    said = set(NUMBER.findall(FIGURES[figure_id].alt))
    shown = {
        number for one in card_of(figure_id).placed[1:] if re.search(r"[a-z%]{2}", one.text)
        for number in NUMBER.findall(one.text)
    }  # fmt: skip
    assert shown <= said


def bare(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", text.lower()))


@pytest.mark.parametrize("figure_id", sorted(FIGURES))
def test_the_description_names_most_of_what_is_written(figure_id: str) -> None:
    alt = set(bare(FIGURES[figure_id].alt).split())
    _, *lines = card_of(figure_id).placed
    words = {word for line in lines for word in bare(line.text).split() if len(word) > 3}
    assert len(words & alt) >= 0.6 * len(words), sorted(words - alt)


@pytest.mark.parametrize("figure", FIGURES.values(), ids=lambda figure: figure.id)
def test_a_description_does_not_lean_on_colour(figure: Figure) -> None:
    assert not re.search(r"(?i)\b(blue|green|red|orange|yellow|grey|coloured?)\b", figure.alt)


# ---------------------------------------------------------------------------------------------------------- numbers


def given_of(term: str) -> dict[str, float]:
    """The numbers of a term's worked example."""
    worked = TERMS[term].worked
    assert worked is not None
    return dict(worked.given)


def names(term: str, *numbers: float) -> bool:
    """Whether a term's example names all these numbers."""
    said = NUMBER.findall(TERMS[term].example)
    return all(f"{number:g}" in said for number in numbers)


def test_charts_agree_with_the_worked_examples() -> None:
    counts = {name.lower(): count for name, count in pareto.COUNTS}
    assert given_of("term.pareto-analysis") == {
        "lifts": counts["lifts"], "toilets": counts["toilets"], "total": sum(counts.values())
    }  # fmt: skip
    assert given_of("term.nps") == {name.lower(): count for name, count in nps.REPLIES.items()}
    assert given_of("term.control-chart") == {"mean": control_chart.MEAN, "deviation": control_chart.DEVIATION}
    gaps = [round(got - hoped, 1) for _, _, hoped, got in servqual.SCORES]
    assert TERMS["term.servqual"].worked is not None
    assert TERMS["term.servqual"].worked.result in gaps


def test_charts_agree_with_the_examples() -> None:
    assert names("term.pareto-analysis", *(count for _, count in pareto.COUNTS))
    assert names("term.pdca", pdca.BEFORE, pdca.AIM, pdca.AFTER, pdca.NEXT)
    assert names("term.five-whys", five_whys.BEFORE, five_whys.AFTER)
    assert names("term.fishbone", fishbone.COUNTED, fishbone.DELAYS)
    assert names("term.trend-analysis", max(trend.LATE), sorted(trend.LATE)[len(trend.LATE) // 2])
    assert names("term.correlation-causation", *(score for rink in correlation.RINKS for score in rink[2:4]))
    assert names("term.gantt", *(week for task in gantt.TASKS for week in task[1:3]), gantt.MILESTONE)
    assert names("term.control-chart", control_chart.MEAN, control_chart.WAITS[9], control_chart.WAITS[11])
    assert {f"{round(got - hoped, 1):+.1f}" for _, _, hoped, got in servqual.SCORES} >= {"+0.3", "-1.6"}


def test_the_control_chart_has_one_signal() -> None:
    spread = 3 * control_chart.DEVIATION
    outside = [wait for wait in control_chart.WAITS if abs(wait - control_chart.MEAN) > spread]
    assert outside == [31]
    assert len(control_chart.WAITS) == len(control_chart.DAYS) == 12


def test_the_season_shows_in_november_only() -> None:
    peaks = [month for month, late in enumerate(trend.LATE) if late == max(trend.LATE)]
    assert tuple(peaks) == trend.NOVEMBERS
    assert [month % 12 for month in peaks] == [10, 10]


@pytest.mark.parametrize(
    ("figure_id", "numbers"),
    [
        ("tile-shop", tile_shop.CSAT),
        ("missed-visits", [share for _, share in missed_visits.MISSED]),
        ("parcel-log", [count for _, count in (*parcel_log.LOG, *parcel_log.MISSING)]),
        ("vet-booking", [n for measure in vet_booking.MEASURES for n in (*measure[1:3], measure[4]) if n is not None]),
    ],
)
def test_a_picture_of_a_question_shows_the_questions_own_numbers(figure_id: str, numbers: Sequence[int]) -> None:
    said = [int(number) for number in re.findall(r"\d+", STEMS[figure_id])]
    assert set(numbers) <= set(said)
    if figure_id == "tile-shop":
        assert said == list(numbers)


# ------------------------------------------------------------------------------------------------------------ colours


def test_text_is_readable_on_every_colour_of_the_house() -> None:
    for ground in (*ACCENTS, GROUND, PAPER, GREY):
        assert contrast(text_on(ground), ground) >= READABLE
    for ink in ACCENTS:
        if ink != ACCENTS[1]:  # orange is a ground, never an ink
            assert contrast(ink, PAPER) >= READABLE
    assert contrast(INK, PALE) > 15


def test_contrast_is_what_wcag_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#123456") == 1


SIMULATED = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""Machado, Oliveira and Fernandes (2009), full severity, for linear RGB."""


def lab(colour: str, seen: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    """A colour as somebody sees it, in CIE Lab."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (sum(row[i] * linear[i] for i in range(3)) for row in seen)
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("seen", SIMULATED.values(), ids=SIMULATED)
def test_the_accents_stay_apart_for_people_who_see_fewer_colours(seen: tuple[tuple[float, ...], ...]) -> None:
    for place, one in enumerate(ACCENTS):
        for other in ACCENTS[place + 1 :]:
            assert math.dist(lab(one, seen), lab(other, seen)) >= 15


# ------------------------------------------------------------------------------------------------------------- the card


@pytest.fixture
def card() -> Card:
    return Card("A card", height=400)


@pytest.mark.parametrize(
    ("text", "options", "why"),
    [
        ("too small", {"size": BODY - 1}, "size 33"),
        ("faint", {"ink": GREY, "on": INK}, "#4A5763 on #15202B"),
        ("a line that is much too long for a card of this width, whoever reads it", {}, "sticks out"),
        ("£5", {}, "a letter that the font does not have"),
        ("A card", {"size": 60}, "stands on top of"),
    ],
)
def test_text_that_cannot_be_read_is_refused(card: Card, text: str, options: dict[str, Any], why: str) -> None:
    at = (48, 68) if text == card.title else (48, 200)
    with pytest.raises(Illegible, match=re.escape(why)):
        card.write(at, text, **options)


def test_a_paragraph_that_is_too_long_for_its_box_is_refused(card: Card) -> None:
    with pytest.raises(Illegible, match="high in a box of"):
        card.paragraphs((48, 150, 300, 230), Words("three lines at the least in a box for two of them"))
    with pytest.raises(Illegible, match="wider than"):
        card.paragraphs((48, 150, 120, 390), Words("Responsiveness"))


def test_a_card_that_would_be_shrunk_is_refused() -> None:
    with pytest.raises(ValueError, match="taller than"):
        Card("Tall", height=TALLEST + 1)


@given(st.lists(st.from_regex(r"[a-zA-Z]{1,9}", fullmatch=True), min_size=1, max_size=30), st.booleans())
def test_wrapping_keeps_every_word_and_the_width(words: list[str], bold: bool) -> None:
    lines = wrapped(" ".join(words), 400, bold=bold)
    assert " ".join(lines).split() == words
    assert all(text_width(line, bold=bold) <= 400 for line in lines)


def test_the_font_knows_what_it_lacks() -> None:
    assert all(map(drawable, "Azx09%+-=&'\"?! "))
    assert not drawable("£")


# --------------------------------------------------------------------------------------------- kept, asked for, missing


def test_a_kept_picture_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept_picture(tmp_path / "cache", "pdca")
    monkeypatch.setattr("knowledge.figures.cache.picture", lambda _: pytest.fail("drawn again"))
    assert kept_picture(tmp_path / "cache", "pdca") == first == picture("pdca")


def test_a_broken_or_old_copy_is_drawn_anew(tmp_path: Path) -> None:
    whole = kept_picture(tmp_path, "tile-shop")
    [copy] = tmp_path.iterdir()
    assert edition() in copy.name
    copy.write_bytes(whole[:-20])
    assert kept_picture(tmp_path, "tile-shop") == whole
    copy.rename(tmp_path / "figure-tile-shop.0123456789abcdef.png")
    assert kept_picture(tmp_path, "tile-shop") == whole
    assert [file.name for file in tmp_path.iterdir()] == [copy.name]


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert kept_picture(tmp_path / "file" / "cache", "tile-shop") == picture("tile-shop")


@pytest.mark.parametrize("figure_id", ["nothing", "../pdca", "__init__", ""])
def test_what_nobody_draws_is_said_so(tmp_path: Path, figure_id: str) -> None:
    with pytest.raises(NotDrawn):
        picture(figure_id)
    with pytest.raises(NotDrawn):
        kept_picture(tmp_path, figure_id)


def test_the_command_draws_what_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "tile-shop", "--out", str(tmp_path / "drawn")]) == 0
    assert (tmp_path / "drawn" / "tile-shop.png").read_bytes() == picture("tile-shop")
    assert "tile-shop.png" in capsys.readouterr().out
    assert main(["figures", "nothing", "--out", str(tmp_path)]) == 2
    assert "nothing draws nothing" in capsys.readouterr().err
    assert main(["figures", "tile-shop", "--out", str(tmp_path / "drawn" / "tile-shop.png")]) == 2


def test_a_figure_is_about_its_first_term_and_the_others_belong_to_that() -> None:
    for figure in COURSE.figures:
        for term in (TERMS[each] for each in figure.terms):
            said = set(bare(f"{figure.title} {figure.alt}").split())
            named = [word for word in bare(f"{term.name} {' '.join(term.abbreviations)}").split() if word in said]
            assert named or figure.terms[0] in term.related or term.id in TERMS[figure.terms[0]].related, term.id


def test_a_course_without_figures_is_a_course() -> None:
    assert Course.model_validate({"id": "x", "name": "x", "topics": (), "terms": ()}).figures == ()
