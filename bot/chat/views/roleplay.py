"""Difficult customers: who they are, what they say, what to answer, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.application.play_role import Customers, OnStage
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, quote, say
from bot.chat.words import count
from bot.domain.delivery import Outgoing
from bot.domain.roleplay import MOST_EARNED, PLACES, Scene, best_line, rewrite
from knowledge.roleplays import LABELS, LETTERS
from knowledge.schema import Choice, Ending, Letter, RolePlay

PATIENCE = ((8, "calm"), (6, "holding"), (4, "wearing thin"), (2, "almost gone"), (0, "at breaking point"))
"""From which mood a word is used for it."""

ENDINGS: Mapping[Ending, str] = {
    "recovered": "put right",
    "neutral": "left open",
    "escalated": "out of hand",
}

HINTS: Mapping[Letter, str] = {
    "hear": "Take in what was said, say it back, and ask the one thing that you need.",
    "empathise": "Name the feeling and the reason for it, in words that only fit this person.",
    "apologise": "Say sorry for what went wrong, without “if” and without “but”.",
    "take-action": "Say who does what, and by when, so that it meets the need behind the anger.",
    "close": "Say what follows and who watches over it, so that nobody has to start again.",
}

WHAT_IS_HEAT = "Hear, Empathise, Apologise, Take action, in that order; then close it well."


def patience(mood: int) -> str:
    """Return a mood from 0 to 10 in words."""
    return next(word for least, word in PATIENCE if mood >= least)


def menu(chat_id: int, found: Customers, roleplays: Sequence[RolePlay]) -> Outgoing:
    """/roleplay: whom to meet, whoever waits first."""
    rows: list[tuple[Button, ...]] = []
    if found.open is not None:
        label = cut(f"Go on: {found.open.scene.roleplay.title}", 48)
        rows.append((Button(label, encode("play", "go", found.open.play_id)),))
    rows += [(Button(_label(play, found), encode("roleplay", play.id)),) for play in roleplays]
    about = (
        "Five turns each, about three minutes. You choose what to say, they answer, and I tell you which letter of "
        "HEAT it was. No experience needed, and nothing can break."
    )
    lines = [bold("Difficult customers"), f"\n{about}"]
    if found.suggested is not None:
        lines.append(f"\nNext for you: <b>{esc(found.suggested.title)}</b>.")
    return say(chat_id, "\n".join(lines), tuple(rows))


def _label(play: RolePlay, found: Customers) -> str:
    ending = next((word for name, word in ENDINGS.items() if found.endings.get(play.id) == name), None)
    return play.title if ending is None else f"{play.title} ({ending})"


def opening(chat_id: int, play: RolePlay, *, heat_known: bool) -> Outgoing:
    """Say who is coming, before the first word is said."""
    text = (
        f"{bold(play.title)}\n\n{esc(play.persona)}\n\n"
        f"<b>Where</b> · {esc(play.channel)}\n<b>Patience</b> · {patience(play.mood)}\n"
        f"<b>Your tool</b> · HEAT. {WHAT_IS_HEAT}"
    )
    rows: list[tuple[Button, ...]] = [(Button("Begin", encode("play", "new", play.id)),)]
    other = Button("Somebody else", "roleplay")
    rows.append((Button("What is HEAT?", "play:heat"), other) if heat_known else (other,))
    return say(chat_id, text, tuple(rows))


def turn(chat_id: int, stage: OnStage, *, message_id: int | None = None, hint: bool = False) -> Outgoing:
    """Show what came of the last choice, what the customer says next, and three things to answer."""
    scene = stage.scene
    title = f"{scene.roleplay.title} · {scene.turn + 1} of {len(scene.roleplay.turns)}"
    parts = [f"{bold(title)}\nPatience: {patience(scene.mood)}"]
    if scene.said:
        parts.append(_consequence(scene.said[-1]))
    parts.append(esc(scene.line))
    parts.append(
        "\n".join(f"<b>{place}</b> · {esc(each.text)}" for place, each in zip(PLACES, scene.options, strict=True))
    )
    if hint:
        parts.append(f"<i>Hint: {LABELS[scene.now.letter]}. {HINTS[scene.now.letter]}</i>")
    text, rows = "\n\n".join(parts), _turn_rows(stage, hint=hint)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def _consequence(choice: Choice) -> str:
    return f"You: “{esc(choice.text)}”\n{esc(choice.reply)}\n<i>{esc(choice.coach)}</i>"


def _turn_rows(stage: OnStage, *, hint: bool = False) -> Rows:
    play_id, now = stage.play_id, stage.scene.turn
    asks = () if hint else (Button("Hint", encode("play", "hint", play_id, now)),)
    return (
        _letters(stage),
        (*asks, Button("Pause", encode("play", "pause", play_id))),
        (Button("Restart", encode("play", "again", play_id)), Button("Stop", encode("play", "stop", play_id))),
    )


def _letters(stage: OnStage) -> tuple[Button, ...]:
    return tuple(
        Button(place, encode("play", "say", stage.play_id, stage.scene.turn, shown))
        for shown, place in enumerate(PLACES)
    )


def ended(chat_id: int, stage: OnStage) -> Outgoing:
    """Show what came of the last choice, and how it probably goes on from there."""
    scene = stage.scene
    assert scene.ending is not None
    parts = [
        bold(f"{scene.roleplay.title} · {ENDINGS[scene.ending]}"),
        _consequence(scene.said[-1]),
        f"<b>How it ends</b> · {esc(scene.roleplay.endings[scene.ending])}",
    ]
    if (law := scene.roleplay.law) is not None:
        parts.append(f"<i>As of {law.as_of.day}/{law.as_of.month}/{law.as_of.year}.</i> {esc(law.note)}")
    return say(chat_id, "\n\n".join(parts))


def score(chat_id: int, stage: OnStage, names: Mapping[str, str]) -> Outgoing:
    """Show what each letter earned, the best line, one to try again, and a twist to think about."""
    scene = stage.scene
    earned = scene.letters
    head = f"Letter by letter: {sum(earned.values())} of {MOST_EARNED * len(earned)}"
    parts = [
        bold(head),
        "\n".join(f"{LABELS[letter]} · {earned[letter]} of {MOST_EARNED}" for letter in LETTERS),
        *_lines(scene),
        f"<b>A twist</b> · {esc(scene.roleplay.what_if)}",
    ]
    rows: list[tuple[Button, ...]] = [
        (
            Button("Think about it", encode("play", "think", stage.play_id)),
            Button("Another customer", encode("roleplay", "next", stage.play_id)),
        )
    ]
    term = scene.roleplay.terms[0]
    if term in names:
        rows.append((Button(cut(f"Read up: {names[term]}", 40), encode("play", "read", stage.play_id)),))
    rows.append((Button("Play it again", encode("play", "again", stage.play_id)),))
    return say(chat_id, "\n\n".join(parts), tuple(rows))


def _lines(scene: Scene) -> Sequence[str]:
    lines = []
    if (best := best_line(scene)) is not None:
        letter, choice = best
        lines.append(f"<b>Best line</b> · {LABELS[letter]}: “{esc(choice.text)}”")
    weakest = rewrite(scene)
    if weakest is None:
        lines.append(
            "<b>Nothing to rewrite</b> · Each line was the strongest of its three. Now say one in your own words."
        )
    else:
        lines.append(
            f"<b>One to try again</b> · {LABELS[weakest.letter]}: you said “{esc(weakest.said.text)}” Aloud, try: "
            f"“{esc(weakest.stronger.text)}”"
        )
    return lines


def think(chat_id: int, stage: OnStage) -> Outgoing:
    """Compare one's own thoughts on the twist with a few lines, folded away until they are wanted."""
    play = stage.scene.roleplay
    lines = "\n\n".join(f"· {esc(line)}" for line in play.what_if_lines)
    text = f"{bold(play.what_if)}\n\nThink first, for as long as you like. Then open this and compare:\n{quote(lines)}"
    onward = Button("Another customer", encode("roleplay", "next", stage.play_id))
    return say(chat_id, text, ((onward,), (Button("Today", "today"), Button("Practise", "practise"))))


def paused(chat_id: int, stage: OnStage) -> Outgoing:
    """It waits; typed words are looked up meanwhile."""
    left = count(len(stage.scene.roleplay.turns) - stage.scene.turn, "turn")
    text = f"Paused, with {left} to go. It waits for you; /roleplay finds it again."
    return say(chat_id, text, ((_go_on(stage),), (Button("Today", "today"), Button("Practise", "practise"))))


def stopped(chat_id: int, stage: OnStage) -> Outgoing:
    """It was given up, and costs nothing."""
    text = f"Stopped: {esc(stage.scene.roleplay.title)}. It counts for nothing and against nothing."
    rows = (
        (Button("Another customer", encode("roleplay", "next", stage.play_id)),),
        (Button("Play it again", encode("play", "again", stage.play_id)), Button("Today", "today")),
    )
    return say(chat_id, text, rows)


def too_late(chat_id: int, stage: OnStage) -> Outgoing:
    """A press on a turn that was answered already."""
    text = f"You have answered that one. You are at turn {stage.scene.turn + 1} of {len(stage.scene.roleplay.turns)}."
    return say(chat_id, text, ((_go_on(stage),),))


def choose_one(chat_id: int, stage: OnStage) -> Outgoing:
    """Words that are none of the three options."""
    text = (
        "In a role-play you choose: tap A, B or C, or type the letter. Your own words are welcome in /practise, where "
        "I mark them."
    )
    pause = Button("Pause", encode("play", "pause", stage.play_id))
    return say(chat_id, text, (_letters(stage), (Button("Show it again", encode("play", "go", stage.play_id)), pause)))


def back(stage: OnStage) -> Rows:
    """The way from a card back to the customer."""
    return ((Button("Back to the customer", encode("play", "go", stage.play_id)),),)


WAITS = "<i>Your customer is still waiting.</i>"
LEFT_BY_CANCEL = "Paused. /roleplay goes on where you were."


def _go_on(stage: OnStage) -> Button:
    return Button("Go on", encode("play", "go", stage.play_id))
