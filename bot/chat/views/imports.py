"""Topic pages from tutors: how one looks, what was read in it, the drafts as learners will see them, and the list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import assert_never

from bot.application.import_page import Added, Listing, NotAPage, NothingNew, ReadPage, Row, Waiting
from bot.chat.callbacks import encode
from bot.chat.messages import Button, Rows, bold, cut, edit, esc, say
from bot.chat.views import cards
from bot.chat.words import MONTHS, count
from bot.domain.delivery import Outgoing
from bot.domain.plan import zone
from bot.storage.page_imports import PageImport
from knowledge.importing.entries import hard_to_read
from knowledge.importing.lines import ItemKind
from knowledge.overlay import Draft, NewTerm, NewTip
from knowledge.schema import Topic

NAMED = 8
"""Things named one by one in a report before the rest is only counted."""
LINES = 8
"""Lines of what was left out shown at a time."""
WHY = 140
"""Characters of a reason."""

EXAMPLE = """Parcels that arrive late

Key Terms
- Safe place: A dry spot the buyer chose for a parcel.
- Missed slot: A visit outside the promised hour.

Revision Tips
- Draw the route of one parcel before you write."""

_KINDS: Mapping[ItemKind, tuple[str, str]] = {
    "term": ("key term", "key terms"),
    "concept": ("key concept", "key concepts"),
    "tip": ("tip", "tips"),
    "mistake": ("common mistake", "common mistakes"),
    "mark": ("marking point", "marking points"),
    "outcome": ("learning outcome", "learning outcomes"),
    "plan": ("plan step", "plan steps"),
    "qtype": ("question type", "question types"),
    "prior": ("thing to know before", "things to know before"),
}
_UNNAMED: frozenset[ItemKind] = frozenset({"mistake", "mark", "outcome", "plan", "qtype", "prior"})
"""Kinds that a report only counts: none of them can be an entry, whatever it says."""


def explain(chat_id: int, *, message_id: int | None = None) -> Outgoing:
    """/import: how and what."""
    text = (
        f"{bold('Send me a topic page.')}\n\n"
        "Paste it here, or send it as a .txt or .md file of at most 256 KB. I read lists under headings, like this:\n"
        f"<pre>{esc(EXAMPLE)}</pre>\n"
        "Other headings I know: Key Concepts, Common Mistakes, Assessment Guidance, Learning Outcomes.\n\n"
        "You see everything before it is added, and can take it back afterwards."
    )
    rows = ((Button("My imports", "imp:list:0"), Button("Never mind", "imp:end")),)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def never_mind(chat_id: int, message_id: int) -> Outgoing:
    """Nothing is imported after all."""
    return edit(chat_id, message_id, "Fine, nothing was imported. /import starts again.")


def more_to_come(chat_id: int, length: int) -> Outgoing:
    """A text so long that Telegram may have cut it."""
    text = (
        f"{bold(f'I have {length:,} characters so far.')}\n\n"
        "Telegram cuts a long text into several messages, so I am waiting for the rest."
    )
    return say(chat_id, text, ((Button("That was all", "imp:all"), Button("Never mind", "imp:end")),))


def offer(chat_id: int, import_id: int, name: str) -> Outgoing:
    """A tutor sent a file without being asked for one."""
    text = f"{bold('Is this a topic page?')}\n\nI can read “{esc(cut(name, 60))}” and show you what I would add."
    rows = ((Button("Read it", encode("imp", "read", import_id)), Button("No", encode("imp", "drop", import_id))),)
    return say(chat_id, text, rows)


def only_from_tutors(chat_id: int, *, question_open: bool) -> Outgoing:
    """A learner sent a file."""
    still = " Your question is still open: type your answer." if question_open else " Type a term to look it up."
    return say(chat_id, f"Thank you, but I cannot open files from learners yet.{still}")


def not_fetched(chat_id: int) -> Outgoing:
    """A file that Telegram did not hand over."""
    return say(chat_id, "I could not fetch that file just now. Please send it once more in a minute.")


def not_a_page(chat_id: int, outcome: NotAPage, *, message_id: int | None = None, leave: bool = False) -> Outgoing:
    """Something that cannot be read as a topic page, and what to do about it. ``leave``: a page is still waited for."""
    match outcome.why:
        case "ending":
            why = "I read .txt and .md files. In Word or Google Docs, save a copy as plain text and send that."
        case "large":
            why = "It is larger than 256 KB. Send one topic at a time."
        case "binary":
            why = "It is not plain text. Save it as a text file (UTF-8) and send it again."
        case "headings":
            why = (
                "I found none of the headings I know with a list under it, for example <b>Key Terms</b> or "
                "<b>Key Concepts</b>, then lines that begin with a dash. /import shows how a page looks."
            )
        case "long":
            why = "It has more than 5,000 lines. Send one topic at a time."
        case "empty":
            why = "There is nothing in it."
        case _:
            assert_never(outcome.why)
    text = f"{bold('I cannot read that as a topic page.')}\n\n{why}{' /cancel leaves this.' if leave else ''}"
    rows = ((Button("How a page looks", "imp:how"),),)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


# ------------------------------------------------------------------------------------------------- what was read in it


def report(chat_id: int, value: Waiting, topics: Mapping[str, Topic], *, message_id: int | None = None) -> Outgoing:
    """What a page holds and what of it is new, before anything is added."""
    page = value.page
    lines = [bold(cut(page.name, 60)), _filed(page, topics), ""]
    lines.append(f"<b>Found:</b> {_counted(page.found)}.")
    if page.drafts:
        lines.append(f"<b>New:</b> {_drafts(page.drafts)}.")
    else:
        lines.append("<b>There is nothing new on this page.</b> Nothing was changed.")
    lines += _known(page)
    lines += _unfit(page)
    lines += _lost(page)
    text = "\n".join(lines)
    rows = _report_rows(value, topics)
    return say(chat_id, text, rows) if message_id is None else edit(chat_id, message_id, text, rows)


def nothing_new(chat_id: int, message_id: int, outcome: NothingNew) -> Outgoing:
    """Everything on the page has come in another way since it was read."""
    text = f"{bold('Nothing new on this page.')}\n\nAll of “{esc(cut(outcome.name, 60))}” is in already."
    return edit(chat_id, message_id, text, ((Button("My imports", "imp:list:0"),),))


def _filed(page: ReadPage, topics: Mapping[str, Topic]) -> str:
    topic = topics.get(page.topic)
    return f"I would file it under {esc(topic.name if topic else page.topic)}."


def _counted(found: Mapping[ItemKind, int]) -> str:
    return ", ".join(count(number, *_KINDS[kind]) for kind, number in found.items()) or "nothing"


def _drafts(drafts: Sequence[Draft]) -> str:
    kinds = Counter(type(draft) for draft in drafts)
    parts = [count(kinds[kind], name) for kind, name in ((NewTerm, "term"), (NewTip, "tip")) if kinds[kind]]
    return " and ".join(parts)


def _known(page: ReadPage) -> list[str]:
    if not page.known:
        return []
    names = list(dict.fromkeys(each.name for each in page.known))
    return [f"\n<b>Already in the glossary or among the tips:</b> {_named(names)}"]


def _unfit(page: ReadPage) -> list[str]:
    if not page.unfit:
        return []
    lines = ["\n<b>Cannot be added as it stands:</b>"]
    one_by_one = [each for each in page.unfit if each.kind not in _UNNAMED]
    lines += [f"· {esc(cut(each.text, 60))}: {esc(cut(each.why, WHY))}" for each in one_by_one[:NAMED]]
    if len(one_by_one) > NAMED:
        lines.append(f"· and {len(one_by_one) - NAMED} more")
    counted = Counter((each.kind, each.why) for each in page.unfit if each.kind in _UNNAMED)
    lines += [f"· {count(number, *_KINDS[kind])}: each {esc(why)}" for (kind, why), number in counted.items()]
    return lines


def _lost(page: ReadPage) -> list[str]:
    lines = []
    if page.headings:
        lines.append(f"\n<b>Headings I do not know:</b> {_named(page.headings)}")
    if page.dropped:
        lines.append(f"{count(len(page.dropped), 'line')} of the page {_are(len(page.dropped))} left out.")
    return lines


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{esc(cut(name, 40))}”" for name in names[:NAMED])
    return f"{shown} and {len(names) - NAMED} more" if len(names) > NAMED else shown


def _report_rows(value: Waiting, topics: Mapping[str, Topic]) -> Rows:
    page = value.page
    rows: list[tuple[Button, ...]] = []
    if page.drafts:
        rows.append((Button("Look at them", encode("imp", "see", value.id, 0)),))
        rows.append((_add(value), _cancel(value)))
    if page.drafts and len(topics) > 1:
        rows.append((Button("Another topic", encode("imp", "topics", value.id)),))
    if page.known or page.unfit or page.dropped:
        rows.append((Button("All that is left out", encode("imp", "left", value.id, 0)),))
    return tuple(rows)


def _add(value: Waiting) -> Button:
    return Button(f"Add {count(len(value.page.drafts), 'draft')}", encode("imp", "add", value.id))


def _cancel(value: Waiting) -> Button:
    return Button("Cancel", encode("imp", "drop", value.id))


def _back(value: Waiting) -> Button:
    return Button("Back to the report", encode("imp", "report", value.id))


def preview(chat_id: int, message_id: int, value: Waiting, *, index: int) -> Outgoing:
    """One draft as learners will see it."""
    drafts = value.page.drafts
    index = min(max(index, 0), len(drafts) - 1)
    draft = drafts[index]
    text = f"<i>Draft {index + 1} of {len(drafts)}, as learners will see it:</i>\n\n{_as_seen(draft)}"
    if (grade := hard_to_read(draft)) is not None:
        text += f"\n\n<i>Hard to read (school grade {grade:.0f}). It can be added, but shorter words would help.</i>"
    turn = []
    if index > 0:
        turn.append(Button("Earlier", encode("imp", "see", value.id, index - 1)))
    if index + 1 < len(drafts):
        turn.append(Button("Next", encode("imp", "see", value.id, index + 1)))
    rows = (*((tuple(turn),) if turn else ()), (_add(value), _cancel(value)), (_back(value),))
    return edit(chat_id, message_id, text, rows)


def _as_seen(draft: Draft) -> str:
    match draft:
        case NewTerm(item=term):
            return cards.card_text(term)
        case NewTip(item=tip):
            head = bold(f"A tip from your tutor: {tip.title}")
            return f"{head}\n\n{esc(tip.text)}\n\n<i>It lies ready under /tip; nobody gets it by itself.</i>"
    return esc(draft.item.id)


def choose_topic(chat_id: int, message_id: int, value: Waiting, topics: Mapping[str, Topic]) -> Outgoing:
    """Which topic the page belongs to."""
    rows = [(Button(cut(topic.name, 48), encode("imp", "file", value.id, key)),) for key, topic in topics.items()]
    return edit(chat_id, message_id, bold("Which topic does it belong to?"), (*rows, (_back(value),)))


def left_out(chat_id: int, message_id: int, value: Waiting, *, index: int) -> Outgoing:
    """Everything of which no draft was made, some lines at a time."""
    lines = _left_lines(value.page)
    pages = max(1, -(-len(lines) // LINES))
    index = min(max(index, 0), pages - 1)
    head = bold(f"Left out: {index + 1} of {pages}")
    shown = "\n".join(lines[index * LINES : (index + 1) * LINES]) or "Nothing was left out."
    turn = []
    if index > 0:
        turn.append(Button("Earlier", encode("imp", "left", value.id, index - 1)))
    if index + 1 < pages:
        turn.append(Button("Next", encode("imp", "left", value.id, index + 1)))
    rows = (*((tuple(turn),) if turn else ()), (_back(value),))
    return edit(chat_id, message_id, f"{head}\n\n{shown}", rows)


def _left_lines(page: ReadPage) -> list[str]:
    lines = [f"· “{esc(cut(each.text, 70))}”: already there as {esc(cut(each.name, 80))}" for each in page.known]
    lines += [
        f"· “{esc(cut(each.text, 70))}” ({_KINDS[each.kind][0]}): {esc(cut(each.why, WHY))}" for each in page.unfit
    ]
    lines += [f"· “{esc(cut(drop.text, 70))}”: {esc(cut(drop.why, WHY))}" for drop in page.dropped]
    return lines


# -------------------------------------------------------------------------------------------------------- afterwards


def added(chat_id: int, message_id: int, outcome: Added) -> Outgoing:
    """The drafts can be looked up."""
    head = f"Added: {count(outcome.number, 'draft')} from “{cut(outcome.name, 60)}”."
    text = (
        f"{bold(head)}\n\n{_who(outcome)}\n\n"
        "Each card says that nobody has reviewed it yet, and no question asks about it until somebody has."
    )
    rows = ((Button("Undo", encode("imp", "undo", outcome.id, 0)), Button("My imports", "imp:list:0")),)
    return edit(chat_id, message_id, text, rows)


def _who(outcome: Added) -> str:
    if outcome.everyone:
        return "Everybody finds them from now on."
    if outcome.classes:
        return f"Learners in your {'class' if outcome.classes == 1 else 'classes'} find them from now on."
    return "You have no class yet, so only you find them. Every class you open later will find them, too."


def undone(chat_id: int, message_id: int, page: PageImport) -> Outgoing:
    """A page was taken back."""
    entries = count(len(page.entries), "draft")
    text = f"{bold('Taken back.')}\n\nThe {entries} from “{esc(cut(page.name, 60))}” are gone; all is as it was before."
    return edit(chat_id, message_id, text, ((Button("My imports", "imp:list:0"),),))


def listing(chat_id: int, value: Listing, *, zone_name: str, message_id: int | None = None, note: str = "") -> Outgoing:
    """/imports."""
    head = "Imported pages" if value.admin else "Your imported pages"
    lines = [bold(head), *([f"<i>{esc(note)}</i>"] if note else [])]
    lines += [_row(row, zone_name) for row in value.rows] or ["\nNothing yet. /import shows how to add a page."]
    rows = [tuple(_row_buttons(row, value)) for row in value.rows if row.page.state == "added"]
    turn = []
    if value.page > 0:
        turn.append(Button("Earlier", encode("imp", "list", value.page - 1)))
    if value.page + 1 < value.pages:
        turn.append(Button("More", encode("imp", "list", value.page + 1)))
    all_rows = (*rows, *((tuple(turn),) if turn else ()), (Button("Import a page", "imp:how"),))
    text = "\n".join(lines)
    return say(chat_id, text, all_rows) if message_id is None else edit(chat_id, message_id, text, all_rows)


def _row(row: Row, zone_name: str) -> str:
    page = row.page
    on = _date(page.added_at or page.created_at, zone_name)
    by = f" by {esc(row.author)}" if row.author else ""
    if page.state == "undone":
        stands = "taken back"
    else:
        stands = "for everyone" if page.everyone else "for their classes" if row.author else "for your classes"
    return f"\n<b>{esc(cut(page.name, 60))}</b>\n{on}{by} · {count(len(page.entries), 'draft')} · {stands}"


def _date(moment: datetime, zone_name: str) -> str:
    local = moment.astimezone(zone(zone_name))
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}"


def _row_buttons(row: Row, value: Listing) -> list[Button]:
    page = row.page
    buttons = [Button(f"Undo: {cut(page.name, 24)}", encode("imp", "undo", page.id, 1))]
    if value.admin and not page.everyone:
        buttons.append(Button(f"Promote: {cut(page.name, 20)}", encode("imp", "promote", page.id, value.page)))
    return buttons
