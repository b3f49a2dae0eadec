"""What a failed call to Telegram means for the row that was sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.chat.http import NotSent
from bot.chat.poster import outcome_of
from bot.domain.delivery import (
    Ambiguous,
    Blocked,
    DeliveryOutcome,
    Lane,
    Letter,
    MessageGone,
    Refused,
    RetryLater,
    Sent,
)

LETTER = Letter(1, 5, "sendMessage", {"text": "hello"}, Lane.REPLY, attempt=2, ambiguous=0, message_id=7)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (RetryAfter(30), RetryLater(timedelta(seconds=30), "flood", everyone=True, counts=False)),
        (RetryAfter(timedelta(seconds=5)), RetryLater(timedelta(seconds=5), "flood", everyone=True, counts=False)),
        (NotSent("no connection"), RetryLater(timedelta(seconds=2), "no connection", counts=False)),
        (TimedOut(), Ambiguous("TimedOut")),
        (NetworkError("Bad Gateway"), Ambiguous("NetworkError")),
        (Forbidden("bot was blocked by the user"), Blocked("blocked")),
        (BadRequest("Chat not found"), Blocked("unreachable")),
        (BadRequest("Message is not modified: same"), Sent(7)),
        (BadRequest("Message to edit not found"), MessageGone()),
        (BadRequest("Can't parse entities"), Refused("can't parse entities")),
        (InvalidToken("Unauthorized"), Refused("unauthorized")),
        (TelegramError("something new"), Refused("something new")),
    ],
)
def test_every_failure_is_an_outcome(error: TelegramError, outcome: DeliveryOutcome) -> None:
    assert outcome_of(error, LETTER) == outcome
