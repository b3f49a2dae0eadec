"""The examples of knowledge/README.md, tried as its reader would."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest

from knowledge import loader
from knowledge.__main__ import main
from knowledge.lint import lint
from knowledge.lint.examples import example_problems
from knowledge.loader import DEFAULT_COURSE, LISTS, MAPS, Files, load

README = Path(loader.__file__).with_name("README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"for example `(\w+/[\w-]+\.yaml)`:\n\n```yaml\n(.*?)```", README, re.DOTALL)


def test_there_is_an_example_of_a_term_a_tip_and_a_question() -> None:
    assert [name.partition("/")[0] for name, _ in EXAMPLES] == ["terms", "tips", "questions"]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course with the examples at the end of the files they name."""
    root = tmp_path_factory.mktemp("content") / "customer-service"
    shutil.copytree(DEFAULT_COURSE, root)
    for name, entry in EXAMPLES:
        file = root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text((file.read_text(encoding="utf-8") if file.is_file() else "") + "\n" + entry, encoding="utf-8")
    return root


def test_the_examples_load_and_pass_the_lint(followed: Path) -> None:
    before, after = load(DEFAULT_COURSE), load(followed)
    assert after.problems == before.problems
    assert set(lint(after.course)) == set()  # as of the packaged course, which has tests of its own
    assert len(after.course.terms) == len(before.course.terms) + 1
    assert len(after.course.tips) == len(before.course.tips) + 1
    assert len(after.course.questions) == len(before.course.questions) + 1


def test_the_example_question_marks_its_own_examples_as_it_says(followed: Path) -> None:
    course = load(followed).course
    added = next(question for question in course.questions if question.id == "q.fb.shift-change")
    alone = course.model_copy(update={"questions": (added,), "misconceptions": (), "safeguarding": None})
    assert [str(problem) for problem in example_problems(alone, Files())] == []


COMMANDS = [shlex.split(command) for command in re.findall(r"^\$ python -m knowledge (.*)$", README, re.MULTILINE)]


def test_every_command_is_shown() -> None:
    assert {command[0] for command in COMMANDS} == {"lookup", "lint", "export", "mark"}


@pytest.mark.parametrize("command", [command for command in COMMANDS if command[0] in ("lookup", "mark")])
def test_what_the_commands_find_is_what_they_are_shown_for(
    command: list[str], followed: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main([command[0], "--content", str(followed), *command[1:]]) == 0
    said = json.loads(capsysbinary.readouterr().out)
    if command[0] == "lookup":
        assert said["matches"][0]["id"] in ("term.root-cause-analysis", "term.shift-note")
    else:
        assert (said["awarded"], said["available"]) == (2, 2)


def test_every_file_of_a_course_is_named() -> None:
    for name in (*MAPS, *(glob for glob, _ in LISTS.values()), "ids.lock"):
        assert f"`{name}`" in README
