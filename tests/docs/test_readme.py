"""What the README promises is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = {
        name for row in re.findall(r"^\| (`[A-Z_`, ]+`) ", README, re.MULTILINE) for name in re.findall(r"[A-Z_]+", row)
    }
    known = {name.upper() for name in Settings.model_fields} | {"HTTPS_PROXY", "NO_PROXY"}
    assert documented == known


@pytest.mark.parametrize("command", re.findall(r"python -m (bot [\w-]+|knowledge [\w-]+)", README))
def test_every_command_that_is_named_exists(command: str) -> None:
    package, name = command.split()
    done = subprocess.run([sys.executable, "-m", package, name, "--help"], capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("target", re.findall(r"^\$ make (\w+)$", README, re.MULTILINE))
def test_every_make_target_that_is_named_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)\)|src=\"([^\"]+)\"", README))
def test_every_file_that_is_linked_exists(link: tuple[str, str]) -> None:
    assert (ROOT / (link[0] or link[1])).exists()


def test_the_compose_file_and_the_dockerfile_are_valid() -> None:
    tools = Path(sys.executable).parent
    compose = [tools / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    for command in (compose, [tools / "hadolint", "Dockerfile"]):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
