"""The kept copy of a course is the course, and never an old one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from knowledge.cache import load_cached
from knowledge.loader import ContentError, load_course

SMALL = Path(__file__).resolve().parents[1] / "delivery" / "small_course"


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A copy of a small course that a test may change."""
    return Path(shutil.copytree(SMALL, tmp_path / "course"))


def copies(folder: Path) -> list[Path]:
    """The copies that are kept."""
    return list(folder.glob("course-*"))


def test_the_copy_equals_the_files(course: Path, tmp_path: Path) -> None:
    first, second = load_cached(tmp_path, course), load_cached(tmp_path, course)
    assert first == second == load_course(course)
    assert len(copies(tmp_path)) == 1


def test_the_packaged_course_survives_the_copy(tmp_path: Path) -> None:
    assert load_cached(tmp_path) == load_cached(tmp_path) == load_course()


def test_changed_files_are_read_anew_and_the_old_copy_goes(course: Path, tmp_path: Path) -> None:
    load_cached(tmp_path, course)
    file = course / "terms" / "one.yaml"
    file.write_text(file.read_text("utf-8").replace("nine minutes", "ten minutes"), "utf-8")
    assert "ten minutes" in load_cached(tmp_path, course).terms[0].example
    assert len(copies(tmp_path)) == 1


def test_a_broken_copy_is_ignored(course: Path, tmp_path: Path) -> None:
    load_cached(tmp_path, course)
    copies(tmp_path)[0].write_text("{", "utf-8")
    assert load_cached(tmp_path, course) == load_course(course)


def test_a_folder_that_cannot_be_written_does_no_harm(course: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder", "utf-8")
    assert load_cached(blocked / "cache", course) == load_course(course)


def test_broken_content_is_said_as_by_the_loader(course: Path, tmp_path: Path) -> None:
    (course / "terms" / "one.yaml").write_text("- id: term.x\n", "utf-8")
    with pytest.raises(ContentError):
        load_cached(tmp_path, course)
