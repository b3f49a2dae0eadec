"""The commands of the front door, and what its log looks like."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.__main__ import OneLine, main
from bot.storage.migrate import migrate


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a database, and nothing else in the environment."""
    for name in ("DATABASE_URL", "TELEGRAM_BOT_TOKEN", "SEND_RATE", "SEND_RATE_PAID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    migrate(f"sqlite:///{tmp_path / 'data' / 'revision-bot.sqlite3'}")
    return tmp_path


def test_a_backup_and_its_return(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = home / "copy.sqlite3"
    assert main(["backup", "--out", str(copy)]) == 0
    assert "checked" in capsys.readouterr().out
    assert main(["backup", "--out", str(copy)]) == 1
    assert main(["restore", str(copy)]) == 0
    assert "The database that was there is now" in capsys.readouterr().out
    assert main(["backup"]) == 0
    assert len(list((home / "data" / "backups").iterdir())) == 1


def test_moving_to_the_same_place_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate-data"]) == 1
    assert "source and target are the same" in capsys.readouterr().err


def test_moving_reports_and_counts(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate-data", "--to", f"sqlite:///{home / 'other.sqlite3'}"]) == 0
    assert "counted and added up in both" in capsys.readouterr().out


@pytest.mark.parametrize("inactive", ["5d", "a year"])
def test_nobody_is_forgotten_after_a_holiday_or_a_slip(inactive: str, home: Path) -> None:
    with pytest.raises(SystemExit):
        main(["forget", "--inactive", inactive])


def test_a_rate_that_must_be_paid_for_is_explained(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEND_RATE", "500")
    assert main(["health"]) == 2
    assert "SEND_RATE_PAID=yes" in capsys.readouterr().err
    monkeypatch.setenv("SEND_RATE_PAID", "yes")
    assert main(["health"]) == 1


def test_the_log_has_one_line_an_event_and_no_words_of_an_error() -> None:
    try:
        raise ValueError("what a learner wrote\nin two lines")
    except ValueError:
        import sys

        record = logging.LogRecord(
            "bot.delivery", logging.ERROR, __file__, 1, "update %d\nfailed", (7,), sys.exc_info()
        )
    line = OneLine().format(record)
    assert "\n" not in line
    assert 'level=error room=bot.delivery said="update 7 failed" error=ValueError trace=test_front_door.py:' in line
    assert "learner" not in line
