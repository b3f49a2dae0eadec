from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge import nodes
from knowledge.loader import ContentError, Problem, load, load_course, load_glossary, load_terms


def rewrite(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(file: Path, text: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_course_is_read_whole_and_in_the_order_of_its_files(small_folder: Path) -> None:
    (small_folder / "terms" / "a-first.yaml").write_text(
        "- {id: term.late, topic: ci, name: Late, definition: A thing., example: A cafe., origin: added}\n"
    )
    course = load_course(small_folder)
    assert [term.id for term in course.terms] == ["term.late", "term.pdca", "term.nps"]
    assert course.id == "small"
    assert len(course.questions) == 3
    assert [day.day for day in course.plan] == [1, 2]
    assert course.fast_track[0].covers == (1, 2)
    assert course.ambiguous == {"score": ("term.nps", "term.pdca")}
    assert course.subjects == {"asking around": ("term.nps", "term.pdca")}


def test_only_course_yaml_is_needed(small_folder: Path) -> None:
    for file in sorted(small_folder.rglob("*.yaml")):
        if file.name != "course.yaml":
            file.unlink()
    course = load_course(small_folder)
    assert course.terms == ()
    assert course.safeguarding is None


def test_empty_files_are_empty_parts(small_folder: Path) -> None:
    (small_folder / "tips" / "ci.yaml").write_text("# nothing yet\n")
    (small_folder / "ambiguous.yaml").write_text("")
    course = load_course(small_folder)
    assert course.tips == ()
    assert course.ambiguous == {}


def test_every_problem_is_reported_at_once_with_file_and_line(small_folder: Path) -> None:
    terms, tips = small_folder / "terms" / "improving.yaml", small_folder / "tips" / "ci.yaml"
    rewrite(terms, "      because: One is a way of working, the other is a score.\n", f"      because: {'x' * 300}\n")
    rewrite(terms, "  origin: added\n", "  origin: heard\n")
    rewrite(tips, "  title: Name your model\n", "")
    with pytest.raises(ContentError) as raised:
        load_course(small_folder)
    assert [(problem.file, problem.line, problem.id) for problem in raised.value.problems] == [
        ("terms/improving.yaml", line_of(terms, "xxx"), "term.pdca"),
        ("terms/improving.yaml", line_of(terms, "heard"), "term.nps"),
        ("tips/ci.yaml", 1, "tip.ci.name-it"),
    ]
    assert [problem.message for problem in raised.value.problems] == [
        "confusable.0.because: at most 220 characters, this has 300",
        "origin: Input should be 'source' or 'added'",
        "title: is missing",
    ]
    assert str(raised.value).splitlines()[2] == "tips/ci.yaml:1: tip.ci.name-it: title: is missing"


def test_what_fits_is_loaded_beside_what_does_not(small_folder: Path) -> None:
    rewrite(small_folder / "terms" / "improving.yaml", "  origin: added\n", "  origin: heard\n")
    loaded = load(small_folder)
    assert [term.id for term in loaded.course.terms] == ["term.pdca"]
    assert len(loaded.problems) == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("tips/ci.yaml", "  title: Name your model\n", "  title: a\n  title: b\n", "the key 'title' stands here twice"),
        ("tips/ci.yaml", "title: Name your model", "title: 12", "title: YAML reads this as 12: put quotes round it"),
        ("tips/ci.yaml", "title: Name your model", "title: no", "title: YAML reads this as False: put quotes round it"),
        ("tips/ci.yaml", "title: Name your model", "titel: x\n  title: y", "titel: unknown key"),
        ("tips/ci.yaml", "[ci.tip.model]", "[&a ci.tip.model, *a]", "write the value out: aliases are not used"),
        ("tips/ci.yaml", "id: tip.ci.name-it", "id: Tip_CI", "'Tip_CI' is no id"),
        ("tips/ci.yaml", "title: Name your model", "title: 2026-02-30", "2026-02-30: day is out of range"),
        (
            "tips/ci.yaml",
            "title: Name your model",
            "title: !python/name:os.system x",
            "could not determine a constructor",
        ),
        ("tips/ci.yaml", "title: Name your model", "? [a]\n  : b\n  title: y", "a key must be plain text"),
        ("tips/ci.yaml", "- id: tip.ci.name-it", "id: tip.ci.name-it", "is not YAML"),
        ("course.yaml", "id: small\n", "", "id: "),
        ("course.yaml", "id: small\n", "id: small\ncolour: red\n", "colour: unknown key"),
        ("course.yaml", "id: small\n", "id: small\nmarking_language: 2\n", "marking language 2 can not be read"),
        ("plan.yaml", "fast_track:", "quick_track:", "unknown key here; expected fast_track, plan"),
        ("ambiguous.yaml", "[term.nps, term.pdca]", "term.nps", "score: "),
        ("questions/ci.yaml", "    tolerance: 0.5\n", "    tolerance: -1\n", "number.tolerance: "),
        ("questions/ci.yaml", "kind: calculation", "kind: order", "a order question needs order"),
    ],
)
def test_a_slip_is_explained(small_folder: Path, file: str, old: str, new: str, message: str) -> None:
    rewrite(small_folder / file, old, new)
    problems = load(small_folder).problems
    assert any(problem.file == file and problem.line > 0 and message in problem.message for problem in problems), (
        problems
    )


def test_an_id_that_stands_twice_names_both_places(small_folder: Path) -> None:
    again = small_folder / "tips" / "more.yaml"
    again.write_text((small_folder / "tips" / "ci.yaml").read_text())
    assert load(small_folder).problems == (
        Problem("tips/more.yaml", 1, "tip.ci.name-it", "stands already in tips/ci.yaml:1"),
    )


@pytest.mark.parametrize("name", ["tip/ci.yaml", "term.yaml", "terms/extra.yml", "terms/deeper/x.yaml"])
def test_a_file_that_nothing_reads_is_reported(small_folder: Path, name: str) -> None:
    (small_folder / name).parent.mkdir(parents=True, exist_ok=True)
    (small_folder / name).write_text("[]\n")
    assert [problem.file for problem in load(small_folder).problems] == [name]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"- id: \xff\xfe", "is not UTF-8"),
        (b"- id: [a\n- b", "is not YAML"),
        (b"id: tip.a\n", "this file must hold a list"),
        (b"- just text\n", "Input should be a valid dictionary"),
        (b"- id: a\x00b\n", "is not YAML"),
        (b"--- []\n--- []\n", "is not YAML"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_not_a_crash(small_folder: Path, content: bytes, message: str) -> None:
    (small_folder / "tips" / "ci.yaml").write_bytes(content)
    [problem] = load(small_folder).problems
    assert problem.file == "tips/ci.yaml"
    assert message in problem.message


def test_a_byte_order_mark_does_no_harm(small_folder: Path) -> None:
    file = small_folder / "tips" / "ci.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert len(load_course(small_folder).tips) == 1


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no such folder"):
        load_course(tmp_path / "nowhere")


def test_the_glossary_is_read_without_the_rest(small_folder: Path) -> None:
    (small_folder / "questions" / "ci.yaml").write_text("- broken")
    assert [term.id for term in load_terms(small_folder)] == ["term.pdca", "term.nps"]
    glossary = load_glossary(small_folder)
    assert glossary.ambiguous == {"score": ("term.nps", "term.pdca")}
    assert glossary.subjects == {"asking around": ("term.nps", "term.pdca")}
    assert glossary.questions == ()


def test_a_broken_glossary_is_reported_too(small_folder: Path) -> None:
    rewrite(small_folder / "terms" / "improving.yaml", "  origin: added\n", "  origin: heard\n")
    with pytest.raises(ContentError, match=r"term\.nps"):
        load_terms(small_folder)


def test_files_know_the_line_of_each_value(small_folder: Path) -> None:
    files = load(small_folder).files
    terms = small_folder / "terms" / "improving.yaml"
    deep = files.problem("terms", "term.pdca", "here", "confusable", 0, "because")
    assert deep == Problem("terms/improving.yaml", line_of(terms, "because:"), "term.pdca", "here")
    assert files.problem("terms", "term.pdca", "gone", "confusable", 7).line == line_of(terms, "- term: term.nps")
    assert files.problem("plan", "2", "day").line == line_of(small_folder / "plan.yaml", "- day: 2")
    assert files.problem("terms", "term.unknown", "x") == Problem("", 0, "term.unknown", "x")


def test_the_pure_parser_reads_the_same_course(small_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = load_course(small_folder)
    monkeypatch.setattr(nodes, "_Loader", yaml.SafeLoader)
    assert load_course(small_folder) == fast


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_file_however_odd_crashes_the_loader(content: bytes) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "course.yaml").write_text("id: odd\nname: Odd\ntopics: []\n")
        (root / "tips").mkdir()
        (root / "tips" / "odd.yaml").write_bytes(content)
        (root / "ambiguous.yaml").write_bytes(content)
        load(root)
