"""What tutors added, as content files: copied over the course they give the course with the entries in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.lint.command import run_lint
from knowledge.loader import ContentError, load_course
from knowledge.overlay import AcceptedPhrase, AskedAs, Correction, Entry, NewTerm, NewTip, apply, sifted
from knowledge.overlay_files import DRAFTS, FilesExist, OverlayFiles, overlay_files
from knowledge.schema import Course, Phrase
from tests.knowledge.conftest import lay_out

LINE = AskedAs(term="term.nps", line="the one about telling a friend")
ACCEPTED = AcceptedPhrase(
    question="q.ci.why-loop", point="ongoing", phrase=Phrase(phrase="no end"), example="there is no end to it"
)
FIX = Correction(item="term.nps", field="definition", text="A score that shows how many people would recommend you.")
NUDGE = Correction(item="q.ci.work-out", field="hints.nudge", text="Begin with the promoters: what share are they?")


def term(name: str = "Queue", **changes: object) -> NewTerm:
    fields = {"topic": "ci", "name": name, "definition": "A line of people.", "example": "None yet.", "origin": "added"}
    return NewTerm.model_validate({"item": {"id": f"term.{name.lower()}", "confirmed": False, **fields, **changes}})


def tip(text: str = "Count heads first.") -> NewTip:
    fields = {"id": "tip.ci.count", "topic": "ci", "title": "Count", "text": text, "seeds": [], "origin": "added"}
    return NewTip.model_validate({"item": fields})


def parts(course: Course) -> dict[str, list[object]]:
    """A course without the order of its items, which the names of files decide."""
    kinds = ("terms", "comparisons", "questions", "misconceptions", "tips")
    return {kind: sorted(getattr(course, kind), key=lambda item: str(item.id)) for kind in kinds}


def copied(root: Path, made: OverlayFiles) -> Course:
    made.write(root, force=True)
    return load_course(root)


def test_files_copied_over_the_course_give_the_course_with_the_entries(small_folder: Path, small: Course) -> None:
    entries = [LINE, ACCEPTED, FIX, NUDGE, term(), tip()]
    made = overlay_files(small_folder, entries)
    assert (made.carried, made.left_out) == (6, ())
    assert set(made.texts) == {
        "terms/improving.yaml", "questions/ci.yaml", f"terms/ci-{DRAFTS}.yaml", f"tips/ci-{DRAFTS}.yaml"
    }  # fmt: skip
    assert parts(copied(small_folder, made)) == parts(apply(small, entries))
    assert run_lint(small_folder, sources=None, examples=True, update_lock=False) == 0


def test_only_the_fields_that_changed_differ(small_folder: Path) -> None:
    old = (small_folder / "terms/improving.yaml").read_text().splitlines()
    new = overlay_files(small_folder, [LINE, FIX]).texts["terms/improving.yaml"].splitlines()
    gone = [line for line in old if line not in new]
    assert gone == ["  definition: A number that shows how many people would recommend a business."]
    assert [line for line in new if line not in old] == [
        f"  definition: {FIX.text}", "  asked_as:", "    - the one about telling a friend"
    ]  # fmt: skip


def test_comments_and_blank_lines_between_items_stay(small_folder: Path, small: Course) -> None:
    file = small_folder / "terms/improving.yaml"
    text = file.read_text().replace("- id: term.nps", "\n# scores\n- id: term.nps")
    file.write_text(text)
    entries = [
        AskedAs(term="term.pdca", line="a round of four"),
        Correction(item="term.pdca", field="name", text="The PDCA"),
    ]
    made = overlay_files(small_folder, entries)
    assert "  origin: source\n\n# scores\n- id: term.nps" in made.texts["terms/improving.yaml"]
    assert parts(copied(small_folder, made)) == parts(apply(small, entries))


def test_an_item_in_braces_is_written_anew(small_folder: Path, small: Course) -> None:
    raw = yaml.safe_load((small_folder / "tips/ci.yaml").read_text())[0]
    line = ", ".join(
        f"{key}: {value if isinstance(value, str) else '[' + value[0] + ']'}" for key, value in raw.items()
    )
    (small_folder / "tips/ci.yaml").write_text(f"- {{{line}}}\n")
    entries = [Correction(item="tip.ci.name-it", field="title", text="Say its name")]
    assert parts(copied(small_folder, overlay_files(small_folder, entries))) == parts(apply(small, entries))


def test_the_first_field_of_an_item_keeps_its_dash(small_folder: Path, small: Course) -> None:
    file = small_folder / "tips/ci.yaml"
    file.write_text(
        file.read_text()
        .replace("- id: tip.ci.name-it\n", "")
        .replace("  title: Name your model\n", "- title: Name your model\n  id: tip.ci.name-it\n")
        .replace("  topic: ci\n", "", 1)
        .replace("  text:", "  topic: ci\n  text:")
    )
    entries = [Correction(item="tip.ci.name-it", field="title", text="Say its name")]
    assert parts(copied(small_folder, overlay_files(small_folder, entries))) == parts(apply(small, entries))


def test_drafts_join_those_that_were_carried_over_before(small_folder: Path, small: Course) -> None:
    first, second = term("Queue"), term("Desk")
    copied(small_folder, overlay_files(small_folder, [first]))
    reviewed = small_folder / f"terms/ci-{DRAFTS}.yaml"
    reviewed.write_text(
        reviewed.read_text().replace("A line of people.", "People in a row.").replace("  confirmed: false\n", "")
    )
    made = overlay_files(small_folder, [first, second])
    assert made.carried == 1
    found = {each.id: each for each in copied(small_folder, made).terms}
    assert found["term.queue"].definition == "People in a row."
    assert found["term.queue"].confirmed
    assert not found["term.desk"].confirmed


def test_what_the_files_say_by_now_is_not_carried_again(small_folder: Path) -> None:
    copied(small_folder, overlay_files(small_folder, [LINE, FIX, term()]))
    made = overlay_files(small_folder, [LINE, FIX, term()])
    assert (made.texts, made.carried, made.left_out) == ({}, 0, ())
    assert made.write(small_folder / "elsewhere", force=False) == ()
    assert not (small_folder / "elsewhere").exists()


def test_entries_that_the_lint_refuses_are_left_out_with_the_reason(small_folder: Path) -> None:
    gone = AskedAs(term="term.gone", line="what was it")
    twin = term("Net promoter score", id="term.twin")
    made = overlay_files(small_folder, [LINE, gone, twin, term()])
    assert made.carried == 2
    assert [left.entry for left in made.left_out] == [gone, twin]
    assert "there is no such term" in str(made.left_out[0].problems[0])
    assert "is also a form of term.nps" in str(made.left_out[1].problems[0])


def test_no_file_is_written_over_unless_told_to(small_folder: Path, tmp_path: Path) -> None:
    made = overlay_files(small_folder, [LINE, term()])
    out = tmp_path / "out"
    assert {file.relative_to(out).as_posix() for file in made.write(out, force=False)} == {*made.texts, "ids.lock"}
    (out / "ids.lock").unlink()
    (out / "terms/improving.yaml").write_text("worked on")
    with pytest.raises(FilesExist):
        made.write(out, force=False)
    assert (out / "terms/improving.yaml").read_text() == "worked on"
    assert not (out / "ids.lock").exists()
    made.write(out, force=True)
    assert (out / "ids.lock").exists()


def test_a_course_that_cannot_be_read_is_reported(small_folder: Path) -> None:
    (small_folder / "terms/improving.yaml").write_text("- nothing")
    with pytest.raises(ContentError, match="improving"):
        overlay_files(small_folder, [LINE])
    lay_out(small_folder)
    (small_folder / "ids.lock").write_text("- nothing")
    with pytest.raises(ContentError, match=r"ids\.lock"):
        overlay_files(small_folder, [LINE])


def test_a_draft_that_stands_there_twice_is_no_problem(small: Course) -> None:
    bad = AskedAs(term="term.gone", line="x")
    fit, left = sifted(small, [term(), bad, term(), LINE], examples=False)
    assert list(fit) == [term(), term(), LINE]
    assert [each.entry for each in left] == [bad]


def test_one_bad_entry_among_many_is_found_without_the_rest(small: Course) -> None:
    good = [term(f"Thing{letter}") for letter in "abcdefg"]
    bad = AskedAs(term="term.gone", line="x")
    fit, left = sifted(small, [*good[:3], bad, *good[3:]], examples=False)
    assert list(fit) == good
    assert [each.entry for each in left] == [bad]


texts = (
    st.text("ab c:#'\"-[]{}%&é,", min_size=1, max_size=200).filter(str.strip).map(lambda text: f"A {text.strip()} end")
)
changes = st.lists(
    st.one_of(
        st.builds(
            AskedAs,
            term=st.sampled_from(["term.nps", "term.pdca", "term.queue"]),
            line=texts.map(lambda text: text[:200].strip()),
        ),
        st.builds(Correction, item=st.just("tip.ci.name-it"), field=st.sampled_from(["text"]), text=texts),
        st.builds(
            Correction,
            item=st.just("q.ci.why-loop"),
            field=st.sampled_from(["hints.nudge", "hints.structure"]),
            text=texts,
        ),
        st.builds(tip, texts),
        st.builds(term, st.sampled_from(["Queue", "Desk"]), example=texts),
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=15)
@given(entries=changes)
def test_any_text_survives_the_way_into_a_file(small: Course, entries: Sequence[Entry]) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        made = overlay_files(lay_out(folder), entries)
        kept = [entry for entry in entries if entry not in [left.entry for left in made.left_out]]
        assert parts(copied(folder, made)) == parts(apply(small, kept))
    finally:
        shutil.rmtree(folder)
