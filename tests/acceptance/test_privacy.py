"""What is kept can be seen, copied and deleted."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

from tests.acceptance.conftest import Tutor, ask, meet, press


def rows_with(tutor: Tutor, number: int) -> list[str]:
    """Every place in the database that holds a number, in any column of any table."""
    found = []
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            for column in columns:
                query = f"SELECT count(*) FROM {table} WHERE CAST({column} AS TEXT) LIKE ?"
                if connection.execute(query, (f"%{number}%",)).fetchone()[0]:
                    found.append(f"{table}.{column}")
    return found


async def test_privacy_says_what_is_kept(tutor: Tutor) -> None:
    text = (await ask(tutor.person("Aisha"), "/privacy")).text
    for word in ("answers", "looked up", "tutor", "/forget", "/mydata"):
        assert word in text


async def test_mydata_is_a_file_with_everything(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "nps")
    message = await ask(aisha, "/mydata")
    document = message.json["document"]
    content = json.loads(tutor.world.files.find(document["file_id"]).content)
    assert content["looked_up"] == {"Net Promoter Score": 1}
    assert content["settings_and_plan"]["chat_id"] == aisha.id


async def test_forget_leaves_no_trace_in_any_table(tutor: Tutor) -> None:
    aisha, ben = tutor.person("Aisha"), tutor.person("Ben")
    await meet(aisha)
    await meet(ben)
    await ask(aisha, "nps")
    await ask(aisha, "/practise")
    await ask(aisha, "because customers come back when they are listened to")
    await press(aisha, "Something wrong here")
    await ask(aisha, "the second point is not what the book says")
    assert rows_with(tutor, aisha.id)
    await ask(aisha, "/forget")
    goodbye = await press(aisha, "Delete everything")
    assert goodbye.text.startswith("Everything is deleted")
    await tutor.stop()
    assert rows_with(tutor, aisha.id) == []
    assert rows_with(tutor, ben.id)


async def test_one_press_deletes_nothing(tutor: Tutor) -> None:
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/forget")
    assert "Nothing was deleted" in (await press(aisha, "Keep it")).text
    assert rows_with(tutor, aisha.id)


async def test_words_of_harm_are_met_with_people_to_turn_to_and_not_kept(tutor: Tutor) -> None:
    await tutor.restart(safeguarding_contact="Ms Shah, room 12")
    aisha = tutor.person("Aisha")
    await meet(aisha)
    await ask(aisha, "/practise")
    message = await ask(aisha, "i want to kill myself")
    assert "Ms Shah, room 12" in message.text
    assert "116 123" in message.text
    with closing(sqlite3.connect(tutor.data_dir / "revision-bot.sqlite3")) as connection:
        dump = "\n".join(connection.iterdump())
    assert "kill myself" not in dump
    result = await ask(aisha, "the queue is killing me said the customer, so staff should listen and say sorry")
    assert "116 123" not in result.text
