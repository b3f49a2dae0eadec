"""kill -9 while a tip goes out: everybody gets it, nobody sees more than one copy too many, the report adds up."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from tests.acceptance.classroom import join, make_class, noon, until
from tests.acceptance.conftest import ask, press
from tests.delivery.test_crashes import Process

LEARNERS = 8
WORDS = "Name the model and walk through it."


@pytest.mark.slow
@pytest.mark.parametrize(("step", "times"), [("audience chunk", "1"), ("request out", "4"), ("marked", "6")])
async def test_a_crash_during_a_tip_leaves_nobody_out(step: str, times: str, tmp_path: Path) -> None:
    clock = f"+{round(noon().total_seconds())}s"
    async with SandboxServer() as server:
        process = Process(server, tmp_path, None, CLOCK_OFFSET=clock)
        teacher = server.world.person("Ms Carter", person_id=9001)
        learners = [server.world.person(f"Learner {number}") for number in range(LEARNERS)]
        living = await process.run("never", "1")
        await until(lambda: bool(server.world.calls_of("setMyCommands")), within=30)
        await _write_a_tip(teacher, learners)
        living.terminate()
        await asyncio.wait_for(living.wait(), 15)

        dying = await process.run(step, times)
        teacher.press(teacher.last, "Send now")
        await asyncio.wait_for(dying.wait(), 40)
        assert dying.returncode == -9

        living = await process.run("never", "1")
        try:
            await teacher.wait_for(lambda message: message.text.startswith("Sent to"), 40)
        finally:
            living.terminate()
            await asyncio.wait_for(living.wait(), 15)
    copies = Counter(sum(WORDS in message.text for message in each.chat.from_bot()) for each in learners)
    assert set(copies) <= {1, 2}
    assert copies[2] <= 1
    assert teacher.last.text.startswith(f"Sent to {LEARNERS}")


async def _write_a_tip(teacher: Person, learners: list[Person]) -> None:
    link = await make_class(teacher)
    for learner in learners:
        await join(learner, link)
    await ask(teacher, "/tip")
    await press(teacher, "2B customer service")
    await press(teacher, "Write my own")
    await ask(teacher, WORDS)
    await teacher.wait_for(lambda message: "Send now" in message.buttons, 8)
