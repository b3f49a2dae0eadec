"""Figures: [Picture] on a card or under a question, and [Describe it]."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application import practise
from bot.application.turn import Turn
from bot.chat.event import Event
from bot.chat.messages import Button
from bot.chat.routing import Route, button
from bot.chat.views import figures
from bot.domain.delivery import Outgoing
from bot.domain.errors import Gone
from bot.storage import Tx
from bot.storage.attempts import LEFT, OPEN, WAITING
from knowledge.schema import Figure


async def on_picture(event: Event) -> Turn:
    """[Picture]: drawn when it is sent, so that nobody waits for it meanwhile."""
    target = event.arg(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        figure, back = _wanted(tx, event, target)
        return (figures.picture(event.chat_id, figure, target=target, back=back),)

    return Turn(work)


async def on_describe(event: Event) -> Turn:
    """[Describe it]: the picture in words."""
    target = event.arg(0)

    def work(tx: Tx) -> Sequence[Outgoing]:
        figure, back = _wanted(tx, event, target)
        return (figures.described(event.chat_id, figure, back=back),)

    return Turn(work)


def _wanted(tx: Tx, event: Event, target: str) -> tuple[Figure, Button | None]:
    """Return the figure of a term, or of a question that was put to this learner, and the way back."""
    if not target.isascii() or not target.isdigit():
        if target not in event.live.pictures:
            raise Gone("term")
        return event.live.pictures[target], figures.back_to_card(target)
    attempt, question = practise.question_of(tx, event.live, event.chat_id, int(target))
    figure = event.live.figures.get(question.figure or "")
    if figure is None:
        raise Gone("question")
    unanswered = attempt.state in (WAITING, LEFT, OPEN)
    return figure, figures.back_to_question(attempt.id) if unanswered else None


ROUTES: tuple[Route, ...] = (
    button("pic", on_picture, groups=True),
    button("describe", on_describe, groups=True),
)
