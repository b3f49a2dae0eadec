"""Whom a flood warning silences."""

from __future__ import annotations

from datetime import timedelta

from bot.delivery.floods import Floods
from bot.domain.delivery import Lane, Letter, RetryLater

WARNING = RetryLater(timedelta(seconds=5), "flood", everyone=True, counts=False)


def letter(chat_id: int, lane: Lane = Lane.REPLY) -> Letter:
    """A letter to somebody."""
    return Letter(1, chat_id, "sendMessage", {}, lane, attempt=1, ambiguous=0)


class Watch:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_warning_about_a_reply_silences_its_chat_only() -> None:
    floods = Floods(Watch())
    assert not floods.note(letter(5), WARNING).everyone
    assert floods.wait(5) == 5
    assert floods.wait(6) <= 0


def test_a_second_chats_warning_while_the_first_lasts_silences_everybody() -> None:
    floods = Floods(Watch())
    floods.note(letter(5), WARNING)
    assert floods.note(letter(6), WARNING).everyone
    assert floods.wait(7) == 5


def test_a_second_warning_about_the_same_chat_stays_with_it() -> None:
    floods = Floods(Watch())
    floods.note(letter(5), WARNING)
    assert not floods.note(letter(5), WARNING).everyone


def test_a_warning_about_a_background_message_silences_everybody_until_it_ends() -> None:
    watch = Watch()
    floods = Floods(watch)
    assert floods.note(letter(5, Lane.BROADCAST), WARNING).everyone
    assert floods.wait(6) == 5
    watch.now += 5
    assert floods.wait(6) <= 0
