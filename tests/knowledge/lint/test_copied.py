from __future__ import annotations

from pathlib import Path

from knowledge.lint.copied import copied


def folders(tmp_path: Path, ours: str, theirs: str) -> tuple[Path, Path]:
    content, sources = tmp_path / "content", tmp_path / "sources"
    content.mkdir()
    sources.mkdir()
    (content / "tips.yaml").write_text(ours, encoding="utf-8")
    (sources / "one.txt").write_text(theirs, encoding="utf-8")
    return content, sources


def test_nine_words_in_a_row_are_reported_where_they_begin(tmp_path: Path) -> None:
    content, sources = folders(
        tmp_path, "- text: >-\n    So one two three four\n    five, six: seven eight Nine ten.\n",
        "Zero. One two three four five six seven eight nine",
    )  # fmt: skip
    [problem] = copied(content, sources)
    assert (problem.file, problem.line) == ("tips.yaml", 2)
    assert problem.message == "9 words as in a source document: one two three four five six seven eight nine"


def test_a_longer_run_is_one_problem(tmp_path: Path) -> None:
    text = " ".join(f"w{n}" for n in range(30))
    [problem] = copied(*folders(tmp_path, text, text))
    assert problem.message.startswith("30 words as in")


def test_two_runs_are_two_problems(tmp_path: Path) -> None:
    run = " ".join(f"w{n}" for n in range(9))
    assert len(list(copied(*folders(tmp_path, f"{run} own {run}", run)))) == 2


def test_eight_words_are_no_copy(tmp_path: Path) -> None:
    assert list(copied(*folders(tmp_path, "a b c d e f g h x", "a b c d e f g h i"))) == []


def test_a_curly_apostrophe_hides_nothing(tmp_path: Path) -> None:
    assert len(list(copied(*folders(tmp_path, "a b c d e f g h it’s", "a b c d e f g h it's")))) == 1
