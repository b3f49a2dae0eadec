"""Tips: to whom, which words, the preview as learners will see it, and how the sending goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.application import broadcast_tip
from bot.application.broadcast_tip import Audience, Draft, Progress, Report, ToWhom
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, edit_slot, esc, say
from bot.chat.words import count
from bot.domain.delivery import Outgoing
from knowledge.schema import Tip, Topic

PAGE = 8
"""Ready tips shown at a time."""


def to_whom(chat_id: int, value: ToWhom, *, message_id: int | None = None) -> Outgoing:
    """/tip: which class."""
    rows: Rows
    if not value.classes:
        text = f"{bold('You have no class to send a tip to.')}\n\nMake one and share its link first."
        rows = ((Button("New class", "class:new"),),)
    else:
        text = f"{bold('A tip: to whom?')}\n\nYou see it before anybody gets it."
        one_each = [
            (Button(f"{cut(cohort.name, 30)} ({size})", encode("tip", "to", cohort.id)),)
            for cohort, size in value.classes
        ]
        all_of_them = ((Button(f"All my classes ({value.everybody})", "tip:to:all"),),) if len(one_each) > 1 else ()
        rows = (*one_each, *all_of_them)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def nobody(chat_id: int, message_id: int, audience: Audience) -> Outgoing:
    """A tip that would reach nobody."""
    why = _left_out(audience) or "Nobody has joined yet: share the join link first."
    text = f"{bold('Nobody would get this tip.')}\n\n{why}"
    return edit(chat_id, message_id, text, ((Button("My classes", "class"), Button("Another class", "tip")),))


def which_words(chat_id: int, message_id: int, draft: Draft) -> Outgoing:
    """A ready tip or the tutor's own words."""
    text = (
        f"{bold('Which tip?')}\n\n{count(draft.audience.reachable, 'learner')} can get it. "
        "The ready ones belong to the course and can go as they are."
    )
    rows = (
        (
            Button("A ready tip", encode("tip", "ready", draft.id)),
            Button("Write my own", encode("tip", "own", draft.id)),
        ),
        (Button("Another class", "tip"),),
    )
    return edit(chat_id, message_id, text, rows)


def ask_words(chat_id: int, message_id: int, draft_id: int) -> Outgoing:
    """Ask for the tutor's own words."""
    text = f"{bold('Type your tip.')}\n\nAt most 1,000 characters. You see it once more before it goes out."
    rows = ((Button("A ready tip instead", encode("tip", "ready", draft_id)), _discard(draft_id)),)
    return edit(chat_id, message_id, text, rows)


def _discard(draft_id: int) -> Button:
    return Button("Discard", encode("tip", "drop", draft_id))


def topics(chat_id: int, message_id: int, draft_id: int, tips: Sequence[Tip], topics: Mapping[str, Topic]) -> Outgoing:
    """The topics that have ready tips."""
    counted = {key: sum(tip.topic == key for tip in tips) for key in topics}
    rows = [
        (Button(f"{cut(topic.name, 40)} ({counted[key]})", encode("tip", "list", draft_id, key, 0)),)
        for key, topic in topics.items()
        if counted[key]
    ]
    own = Button("Write my own", encode("tip", "own", draft_id))
    return edit(chat_id, message_id, f"{bold('Ready tips: which topic?')}", (*rows, (own, _discard(draft_id))))


def ready(chat_id: int, message_id: int, draft_id: int, tips: Sequence[Tip], topic: Topic, *, page: int) -> Outgoing:
    """The ready tips of one topic, a page of titles."""
    pages = max(1, -(-len(tips) // PAGE))
    page = min(max(page, 0), pages - 1)
    rows = [
        (Button(tip.title, encode("tip", "use", draft_id, tip.id)),) for tip in tips[page * PAGE : (page + 1) * PAGE]
    ]
    turn = []
    if page > 0:
        turn.append(Button("Earlier", encode("tip", "list", draft_id, topic.id, page - 1)))
    if page + 1 < pages:
        turn.append(Button("More", encode("tip", "list", draft_id, topic.id, page + 1)))
    turn.append(Button("Other topics", encode("tip", "ready", draft_id)))
    text = f"{bold(topic.name)}\n\nTap a tip to see it whole."
    return edit(chat_id, message_id, text, (*rows, tuple(turn)))


def message_of(text: str, *, title: str | None = None) -> Mapping[str, Any]:
    """Return a tip as learners get it: the payload of its message."""
    head = bold("A tip from your tutor" if title is None else f"A tip from your tutor: {title}")
    return say(0, f"{head}\n\n{esc(text)}", ((Button("Practise", "practise"),),)).payload


def sample(chat_id: int, draft: Draft) -> Outgoing:
    """The tip itself, exactly as learners will see it."""
    assert draft.message is not None
    return Outgoing(chat_id, "sendMessage", draft.message)


def audience(chat_id: int, draft: Draft, *, message_id: int | None = None) -> Outgoing:
    """Who gets the tip above, and what to do with it."""
    value = draft.audience
    lines = [bold(f"Above: as {count(value.reachable, 'learner')} will see it."), ""]
    if left_out := _left_out(value):
        lines.append(left_out)
    if value.quiet:
        lines.append(f"{count(value.quiet, 'learner')} {_are(value.quiet)} in quiet hours now and get it afterwards.")
    lines.append(f"Sending takes {_duration(value.seconds)}.")
    rows = (
        (Button("Send now", encode("tip", "send", draft.id)),),
        (Button("Send to me first", encode("tip", "me", draft.id)), Button("Edit", encode("tip", "edit", draft.id))),
        (_discard(draft.id),),
    )
    text = "\n".join(lines)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _left_out(value: Audience) -> str:
    parts = []
    if value.paused:
        parts.append(f"{value.paused} paused")
    if value.stopped:
        parts.append(f"{value.stopped} switched messages off")
    if value.blocked:
        parts.append(f"{value.blocked} blocked the bot")
    return f"Left out: {', '.join(parts)}." if parts else ""


def _duration(seconds: int) -> str:
    if seconds <= 2:
        return "about a second"
    if seconds < 90:
        return f"about {seconds} seconds"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} minutes"
    return f"about {count(round(seconds / 3600), 'hour')}"


def change(chat_id: int, message_id: int, draft: Draft) -> Outgoing:
    """Change the words of a draft."""
    text = f"{bold('Change the tip')}\n\nIt has gone to nobody yet."
    rows = (
        (
            Button("Write it anew", encode("tip", "own", draft.id)),
            Button("A ready tip", encode("tip", "ready", draft.id)),
        ),
        (Button("Keep it as it is", encode("tip", "keep", draft.id)), _discard(draft.id)),
    )
    return edit(chat_id, message_id, text, rows)


def chosen(chat_id: int, message_id: int, title: str) -> Outgoing:
    """A ready tip was chosen; its preview follows."""
    return edit(chat_id, message_id, f"{bold(f'Chosen: {title}')}\n\nHere is how it looks.")


def discarded(chat_id: int, message_id: int) -> Outgoing:
    """A draft was thrown away."""
    text = f"{bold('Discarded.')}\n\nNobody got it."
    return edit(chat_id, message_id, text, ((Button("A new tip", "tip"), Button("My classes", "class")),))


def progress(value: Progress) -> Outgoing:
    """How far the sending is, in its own message."""
    lines = []
    rows: Rows = ((Button("Pause", encode("tip", "pause", value.id)), Button("Stop", encode("tip", "stop", value.id))),)
    if value.stopped:
        lines.append(bold(f"Stopping: {value.sent} of {value.total} sent"))
        rows = ()
    elif value.paused:
        lines.append(bold(f"Paused: {value.sent} of {value.total} sent"))
        rows = ((Button("Go on", encode("tip", "go", value.id)), Button("Stop", encode("tip", "stop", value.id))),)
    else:
        lines.append(bold(f"Sending: {value.sent} of {value.total}"))
    if value.put_off and not value.stopped:
        lines.append(f"{count(value.put_off, 'learner')} {_are(value.put_off)} in quiet hours and get it afterwards.")
    return edit_slot(value.tutor_id, broadcast_tip.slot(value.id), "\n".join(lines), rows)


def report(value: Report) -> Outgoing:
    """What became of a tip, in place of its progress."""
    head = f"Stopped: sent to {value.sent} of {value.total}" if value.stopped else f"Sent to {value.sent}"
    lines = [bold(f"{head}.")]
    if value.blocked:
        lines.append(f"{value.blocked} {'has' if value.blocked == 1 else 'have'} blocked the bot.")
    if value.failed:
        lines.append(f"{value.failed} could not be delivered.")
    if value.unknown:
        lines.append(f"{value.unknown} may or may not have arrived: Telegram did not say.")
    if value.cancelled and value.stopped:
        lines.append(f"{value.cancelled} did not get it, because you stopped it.")
    elif value.cancelled:
        lines.append(f"{value.cancelled} did not get it: they left, paused or switched messages off meanwhile.")
    return edit_slot(value.tutor_id, broadcast_tip.slot(value.id), "\n".join(lines))
