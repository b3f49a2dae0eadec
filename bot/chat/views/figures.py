"""Figures: the picture, its description, and the button that leads to them."""

from __future__ import annotations

from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, esc, say, show
from bot.domain.delivery import Outgoing
from knowledge.schema import Figure

DRAWS = "figure"
"""The kind of recipe by which a figure is drawn when it is sent."""


def picture_button(target: str | int) -> Button:
    """Return the button that shows a figure: the one of a term's card, or that of a question that was put."""
    return Button("Picture", encode("pic", target))


def picture(chat_id: int, figure: Figure, *, target: str, back: Button | None) -> Outgoing:
    """Show a figure. Its description is one press away, and takes its place where it cannot be drawn."""
    describe = Button("Describe it", encode("describe", target))
    caption = f"{bold(figure.title)}\n{esc(figure.caption)}"
    rows = (tuple(button for button in (describe, back) if button is not None),)
    sorry = "<i>I could not send the picture, so here it is in words.</i>"
    return show(
        chat_id, {"kind": DRAWS, "figure": figure.id}, caption, rows, instead=f"{_described(figure)}\n\n{sorry}"
    )


def described(chat_id: int, figure: Figure, *, back: Button | None) -> Outgoing:
    """Say everything that a figure shows."""
    rows: Rows = ((back,),) if back is not None else ()
    return say(chat_id, _described(figure), rows)


def back_to_card(term_id: str) -> Button:
    """Return the button that leads from a picture to its term."""
    return Button("Back to the card", encode("card", term_id))


def back_to_question(attempt_id: int) -> Button:
    """Return the button that leads from a picture to the question that it belongs to."""
    return Button("Back to my question", encode("open", attempt_id))


def _described(figure: Figure) -> str:
    return f"{bold(f'{figure.title}, in words')}\n\n{esc(figure.alt)}"
