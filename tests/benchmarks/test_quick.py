"""Every benchmark runs, says what it measured and against what, and beats the usual way. Absolute figures are not tested:
they are the machine's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {"name", "value", "unit", "limit", "at_least", "peer", "kept"}
RATIOS = {"outbox": 5.0, "send": 2.0, "turns": 2.0, "schedule": 2.0}
"""What each is quicker by than the usual way at least, on a machine that may be busy with other tests."""


def run(name: str) -> list[dict[str, Any]]:
    """Run a benchmark quickly and return its figures."""
    command = [sys.executable, "-m", f"benchmarks.{name}", "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", RATIOS)
def test_a_benchmark_prints_figure_limit_and_peer_and_beats_the_usual_way(name: str) -> None:
    figures = run(name)
    assert all(set(each) == FIELDS and each["name"] and each["unit"] for each in figures)
    assert any(each["limit"] is not None for each in figures)
    assert any(each["peer"] is not None for each in figures)
    ratios = [each["value"] for each in figures if each["unit"] == "x" and each["at_least"]]
    assert ratios
    assert min(ratios) >= RATIOS[name]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["crash", "clock"])
def test_what_must_hold_on_every_machine_holds_in_a_small_run(name: str) -> None:
    figures = run(name)
    assert all(set(each) == FIELDS for each in figures)
    assert [each["name"] for each in figures if not each["kept"]] == []
    assert any(each["peer"] is not None for each in figures)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_under_a_large_tip_every_prompt_comes_long_before_the_tip_is_out_and_the_tip_can_be_held_back() -> None:
    figures = {each["name"]: each for each in run("fairness")}
    assert figures["SQLite: prompts that did not come"]["kept"]
    assert figures["SQLite: until a pause holds"]["kept"]
    assert figures["SQLite: until a stop holds"]["kept"]
    [against_one_queue] = [each for each in figures.values() if each["peer"] is not None]
    assert against_one_queue["value"] * 50 < against_one_queue["peer"]
