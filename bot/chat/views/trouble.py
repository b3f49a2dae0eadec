"""What is said when something is off: kind, short, and always with what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.messages import Button, bold, esc, say
from bot.domain.delivery import Outgoing
from bot.domain.errors import BotError, Gone, JoinCodeDead, NotAllowed, Unreadable

OLD_BUTTON = "That button is too old. Send /today to go on."

_GONE = {
    "button": "That button is too old.",
    "question": "That question is closed.",
    "reading": "That message has been dealt with already.",
    "learner": "I do not know you yet.",
    "cohort": "That class is closed, or it belongs to another tutor.",
    "broadcast": "That tip has ended.",
    "report": "Somebody has dealt with that report already.",
    "improvement": "That answer cannot be improved any more: three times is the limit, and a full mark or one that "
    "your tutor set is final.",
    "dispute": "There is nothing left to dispute in that answer: it was sent already, or the answer has changed.",
    "dispute queue": "Twenty of your answers are waiting for a tutor already. Send this one when some are ruled on.",
    "dispute case": "That answer is no longer there, or it is not in one of your classes. /disputes shows what is.",
    "ruling": "Somebody has ruled on that already. /disputes shows what is left.",
    "proposal": "Those are not the words that were shown last. /disputes shows it again.",
    "phrase": "That phrase has been taken back already.",
    "mark": "That mark has changed meanwhile, or it is no longer there.",
    "missed": "Somebody has dealt with that one already. /missed shows what is left.",
    "term": "That entry is no longer in the glossary.",
    "tip": "That tip is no longer in the course.",
    "person": "That person is not in this class any more.",
    "draft": "That draft is gone: it was sent, changed or discarded. /tip starts a new one.",
    "link": "I do not know that link. Ask your tutor for the newest one.",
    "claim": "That link has been used or is too old. Ask for a new one.",
    "enrolment": "You are not in that class any more.",
    "tutor": "That person is not a tutor any more. /tutors shows who is.",
    "item": "That entry is no longer in the course.",
    "roleplay": "That conversation is over. /roleplay shows who else is waiting.",
    "import": "That page no longer waits: it was added, cancelled or is more than a day old. /imports shows what "
    "is in, /import takes the page again.",
}

GO_ON = ((Button("Today", "today"), Button("Practise", "practise")),)


def gone(chat_id: int, what: str) -> Outgoing:
    """Say that what a button refers to is no longer there."""
    line = _GONE.get(what, "That is no longer there.")
    if what == "learner":
        return say(chat_id, f"{line} Send /start and we begin.")
    return say(chat_id, line, GO_ON)


def refusal(chat_id: int, error: BotError) -> Sequence[Outgoing]:
    """Put an error that a use case raised on purpose into words. In groups nothing is said."""
    if chat_id <= 0:
        return ()
    match error:
        case Gone(what=what):
            return (gone(chat_id, what),)
        case NotAllowed(needs=needs):
            return (not_allowed(chat_id, needs),)
        case JoinCodeDead():
            return (join_code_dead(chat_id, error),)
        case Unreadable(wanted=wanted):
            return (unreadable(chat_id, wanted),)
    return (gone(chat_id, ""),)


_WANTED = {
    "time": "I could not read a time in that. Type it like <code>19:15</code> or <code>7pm</code>.",
    "place": "I do not know that place. Type a large city near you, for example <code>Lisbon</code>.",
    "date": "I could not read a date from today on in that. Type it like <code>5 December</code> or "
    "<code>in 10 days</code>.",
    "name": "A class name needs 1 to 40 characters, for example <code>2B customer service</code>.",
    "tip": "A tip needs some words, at most 1,000 characters.",
    "line": "That needs some words, at most 200 characters.",
    "hours": "Type two times, for example <code>21:00 to 07:00</code>, or <code>none</code>.",
}


def unreadable(chat_id: int, wanted: str) -> Outgoing:
    """Say how to go on where a step asked for text and could not read it."""
    line = _WANTED.get(wanted, "I could not read that.")
    return say(chat_id, f"{line} /cancel leaves this.")


def not_allowed(chat_id: int, needs: str) -> Outgoing:
    """Say that a command is for tutors or admins."""
    who = "admins" if needs == "admin" else "tutors"
    return say(chat_id, f"That is for {who}. /help shows what you can do here.")


def join_code_dead(chat_id: int, error: JoinCodeDead) -> Outgoing:
    """Say that a join link was replaced or its class closed."""
    return say(
        chat_id,
        f"{bold('That link no longer works.')}\n"
        f"The link to {esc(error.cohort)} was replaced or the class is closed. Ask your tutor for the new one.",
    )


def on_our_side(chat_id: int, *, update_id: int, again: bool) -> Outgoing:
    """Say sorry for trouble on our side; the same update never brings two apologies."""
    if again:
        text = "Your message is safe. Something is slow on my side; I will get to it within a minute."
    else:
        text = "Sorry, that went wrong on my side. Your message did not get through properly: please send it again."
    return say(chat_id, text, dedupe_key=f"sorry:{update_id}:{again}")
