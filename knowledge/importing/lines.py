"""What one line of a page is: a bullet, a heading that is known, a counter, a sentence; and the item on a bullet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeAlias, TypeGuard

ItemKind: TypeAlias = Literal["concept", "tip", "mistake", "mark", "outcome", "term", "plan", "qtype", "prior"]
ProseKind: TypeAlias = Literal["synopsis", "description", "overview", "qualification"]

LIST_HEADINGS: Mapping[ItemKind, tuple[str, ...]] = {
    "outcome": ("learning objectives", "learning outcomes"),
    "concept": ("key concepts", "key concepts and core principles", "core concepts", "core principles"),
    "term": ("key terminology", "key terms", "glossary"),
    "mistake": (
        "common mistakes",
        "common misconceptions",
        "common misconceptions and mistakes to avoid",
        "mistakes to avoid",
    ),
    "tip": ("assessment guidance", "exam tips", "exam tips and revision strategies", "revision tips"),
    "mark": ("assessment criteria", "examiner marking points", "marking points", "marking criteria"),
    "plan": ("revision plan", "study plan"),
    "prior": ("before you start", "prior knowledge"),
    "qtype": ("exam question types", "question types"),
}
"""Kind of item -> the headings over its lists, without case, "&" written out."""

PROSE_HEADINGS: Mapping[ProseKind, tuple[str, ...]] = {
    "synopsis": ("topic synopsis", "synopsis"),
    "overview": ("topic overview", "overview"),
}

_KINDS: Mapping[str, ItemKind | ProseKind] = {
    name: kind for table in (LIST_HEADINGS, PROSE_HEADINGS) for kind, names in table.items() for name in names
}
_WITH_PLAIN_HEADS: frozenset[ItemKind] = frozenset({"concept", "term", "tip", "mistake", "plan", "qtype"})
"""Where a colon may part a head from its text. Criteria and outcomes are sentences, and their colons open lists."""

_BULLET = re.compile(r"(?:[•‣◦▪●○■]\s*|[-*·–—]\s+|\(?\d{1,3}[.)]\s+)(?P<rest>.*)", re.DOTALL)
_NUMBERED = re.compile(r"\(?(?P<number>\d{1,3})[.)]\s+(?P=number)(?=[A-Z*])")
"""A list number that stands twice, the second one glued to the text: "3. 3Week 2". "2. 2nd try" is no such thing."""

_INVISIBLE = frozenset("\ufeff\u200b\u200e\u200f\u2060\u00ad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MINOR = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with"}
)
_BOLD_HEAD = re.compile(r"\*\*(?P<head>[^*]+?)(?P<inside>:)?\s*\*\*\s*(?P<outside>:)?\s*(?P<text>.+)", re.DOTALL)
_PLAIN_HEAD = re.compile(r"(?P<head>[^:]{2,100}): (?P<text>.+)", re.DOTALL)
_DASHED_HEAD = re.compile(r"(?P<head>[^:–—]{2,60}?) [-–—] (?P<text>\S+(?: \S+){2,})", re.DOTALL)
_BOLD = re.compile(r"\*\*(?=\S)([^*]+)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\w*])")
_AWARD = re.compile(r"\b(?:certificate|diploma|award|nvq|svq|apprenticeship|qualification)\b", re.IGNORECASE)
_LEVEL = re.compile(r"\blevel\s*\d\b", re.IGNORECASE)


def is_item_kind(kind: str | None) -> TypeGuard[ItemKind]:
    """Whether bullets under a heading of this kind are items."""
    return kind in LIST_HEADINGS


def is_prose_kind(kind: str | None) -> TypeGuard[ProseKind]:
    """Whether this is a kind of prose."""
    return kind in ("synopsis", "description", "overview", "qualification")


def tidy(raw: str) -> str:
    """*raw* without indents, doubled blanks and characters that nobody can see. Empty where nothing is left."""
    seen = "".join(c for c in raw if c.isspace() or (unicodedata.category(c) != "Cc" and c not in _INVISIBLE))
    return " ".join(seen.split())


def indent_of(raw: str) -> int:
    """Columns before the first character, a tab counting to the next fourth column."""
    wide = raw.expandtabs(4)
    return len(wide) - len(wide.lstrip())


def bullet_text(text: str) -> str | None:
    """What follows the bullet or the list number of a tidy line; nothing where the line has neither."""
    if text in ("-", "*", "–", "—", "·"):
        return ""
    if twice := _NUMBERED.match(text):
        return text[twice.end() :]
    found = _BULLET.fullmatch(text)
    return found["rest"] if found else None


def heading_text(text: str) -> str:
    """A heading without Markdown's marks, list of signs in front and closing colon."""
    return without_signs(re.sub(r"^#{1,6}\s+", "", text)).strip("*").strip().removesuffix(":").strip()


def known_heading(text: str) -> ItemKind | ProseKind | None:
    """What stands under this heading, where it is one that is known."""
    return _KINDS.get(" ".join(heading_text(text).casefold().replace("&", " and ").split()))


def is_marked_heading(text: str) -> bool:
    """Whether Markdown says that this line is a heading."""
    return bool(re.match(r"#{1,6}\s+\S", text) or re.fullmatch(r"\*\*[^*]+\*\*:?", text))


def is_number(text: str) -> bool:
    """Whether the line holds a bare number, as counters on a page do."""
    return bool(re.fullmatch(r"[0-9]{1,4}", text))


def is_short(text: str) -> bool:
    """Whether a line could be a heading or a label by its length and by its end."""
    return len(text) <= 80 and len(text.split()) <= 10 and not text.endswith((".", ";", ",", "!", "…"))


def is_title_case(text: str) -> bool:
    """Whether every word that carries weight begins with a capital, as in a heading and unlike a caption."""
    words = [word.strip("\"'‘“()") for word in text.split()]
    return all(not word[0].islower() for word in words if word and word.casefold() not in _MINOR)


def is_caption(text: str) -> bool:
    """Whether a line right under a heading explains the heading, rather than being the next one."""
    return not is_marked_heading(text) and (not is_short(text) or (len(text.split()) > 2 and not is_title_case(text)))


def is_qualification(text: str) -> bool:
    """Whether the line names a qualification: an award and its level, and no sentence about it."""
    named = _AWARD.search(text) and _LEVEL.search(text)
    return bool(named) and len(text) <= 160 and not text.endswith(".") and bullet_text(text) is None


def without_signs(text: str) -> str:
    """*text* without the pictures in front of it ("📌Read the case first")."""
    start = 0
    while start < len(text) and _is_sign(text[start]):
        start += 1
    return text[start:].lstrip() if start else text


def _is_sign(character: str) -> bool:
    return unicodedata.category(character) in ("So", "Sk", "Co") or character in "\ufe0e\ufe0f\u200d"


def without_emphasis(text: str) -> str:
    """*text* without Markdown's stars. Stars that stand alone, as in "5 * 3", stay."""
    return _BOLD.sub(r"\1", _EMPHASIS.sub(r"\1", text))


class ItemText(NamedTuple):
    """An item in plain text: its head, if it has one, and the rest."""

    head: str | None
    text: str


def item_text(kind: ItemKind, bulleted: str) -> ItemText:
    """The item that stands after a bullet. The text is empty where nothing can be read.

    A head is what is bold and ends with a colon, inside the stars or after them; or what stands before the first colon,
    if a capital follows: "Show what you did: how, when" is a plain sentence. In a list of terms any colon parts a name
    from its meaning, and so does a dash. A plan's period belongs to its head.
    """
    text = without_signs(bulleted)
    head, rest = _bold_head(text) or _plain_head(kind, text) or _dashed_head(kind, text) or (None, text)
    if kind == "plan" and head is not None and (second := _plain_head(kind, rest)):
        head, rest = f"{head}: {second[0]}", second[1]
    plain = tidy(without_emphasis(rest))
    if head is None:
        return ItemText(None, plain)
    return ItemText(tidy(without_emphasis(head)), plain)


def _bold_head(text: str) -> tuple[str, str] | None:
    found = _BOLD_HEAD.fullmatch(text)
    if found is None or not (found["inside"] or found["outside"]):
        return None
    return found["head"], found["text"]


def _plain_head(kind: ItemKind, text: str) -> tuple[str, str] | None:
    found = _PLAIN_HEAD.fullmatch(text) if kind in _WITH_PLAIN_HEADS else None
    if found is None:
        return None
    head, rest = found["head"], found["text"]
    first = rest.lstrip("\"'‘“(*")[:1]
    if (kind != "term" and not first.isupper()) or re.search(r"[.!?] ", head) or len(head.split()) > 12:
        return None
    return head, rest


def _dashed_head(kind: ItemKind, text: str) -> tuple[str, str] | None:
    found = _DASHED_HEAD.fullmatch(text) if kind == "term" else None
    return (found["head"], found["text"]) if found else None
