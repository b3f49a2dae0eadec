"""Text with formatting: HTML as the Bot API reads it, the entities Telegram finds by itself, and offsets in UTF-16
units.

Errors name byte offsets and use the words of Telegram's own parser, so that a message which passes here passes there.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sandbox.errors import ApiError, Json, bad_request

MAX_ENTITIES = 100

_SIMPLE_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_SIMPLE_TAGS, "a", "code", "pre", "blockquote", "tg-emoji"}

_RANK = {
    "blockquote": 0,
    "expandable_blockquote": 1,
    "pre": 11,
    "code": 20,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
"""Which of two entities with the same place comes first."""

_SPECIAL = re.compile(r"[<&]")
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']+")
_ATTRIBUTE_VALUE = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]+)(?=[\s>])")
_SPACES = re.compile(r"\s*")
_CHARACTER_REFERENCE = re.compile(r"&(?:#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}))|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")

_TOP_DOMAINS = "com|org|net|edu|gov|io|me|uk|de|fr|eu|info|dev|app|ai|co|nl|ie|scot|wales|tv|gg|us"
_FOUND = re.compile(
    r"(?P<url>(?:https?|ftp|tg)://[^\s<>\"']+|(?<![\w@.])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:"
    + _TOP_DOMAINS
    + r")\b(?![@\w])(?:[/?#][^\s<>\"']*)?)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@(?:[\w-]+\.)+[a-z]{2,}\b)"
    r"|(?P<bot_command>(?<![\w/<>@.:])/\w{1,64}(?:@\w{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<![\w@/])@[a-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d_]\w*)"
    r"|(?P<cashtag>(?<![\w$])\$(?-i:[A-Z]{1,8})\b)",
    re.IGNORECASE,
)
_MAY_BE_FOUND = re.compile(r"[/@#$]|\.[A-Za-z]")
_TRAILING = ".,:;!?)]}'\""


@dataclass(slots=True)
class _Open:
    """A start tag that is not closed yet; offset in UTF-16 units, `start` the index in the pieces of plain text."""

    tag: str
    argument: str
    offset: int
    start: int


def utf16_length(text: str) -> int:
    """Length as the Bot API counts it: a character outside the basic plane, such as most emoji, counts twice."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(text: str) -> tuple[str, list[Json]]:
    """The plain text and its entities; ApiError when the markup is not what Telegram accepts."""
    if "<" not in text and "&" not in text:
        return text, []
    return _HtmlReader(text).read()


class _HtmlReader:
    """One pass over a marked-up text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        position = 0
        while found := _SPECIAL.search(self.text, position):
            self._write(self.text[position : found.start()])
            position = self._reference(found.start()) if found.group() == "&" else self._tag(found.start())
        self._write(self.text[position:])
        if self.open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self.plain), in_order(self.entities)

    def _write(self, piece: str) -> None:
        if piece:
            self.plain.append(piece)
            self.offset += utf16_length(piece)

    def _reference(self, position: int) -> int:
        found = _CHARACTER_REFERENCE.match(self.text, position)
        character = _referenced(found) if found else ""
        if not found or not character:
            self._write("&")
            return position + 1
        self._write(character)
        return found.end()

    def _tag(self, position: int) -> int:
        if self.text.startswith("/", position + 1):
            return self._end_tag(position)
        return self._start_tag(position)

    def _start_tag(self, begin: int) -> int:
        name = _match(_TAG_NAME, self.text, begin + 1)
        tag, position = name.group().lower(), name.end()
        if position == len(self.text):
            raise self._error("Unclosed start tag", begin)
        if tag not in _TAGS:
            raise self._error(f'Unsupported start tag "{tag}"', begin)
        position, argument = self._attributes(tag, begin, position)
        if tag == "span" and argument != "spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(tag, argument, self.offset, len(self.plain)))
        return position + 1

    def _attributes(self, tag: str, begin: int, position: int) -> tuple[int, str]:
        """Reads up to the closing bracket; returns where it stands and the one attribute that matters for this tag."""
        argument = ""
        while True:
            position = self._skip_spaces(position, begin)
            if self.text[position] == ">":
                return position, argument
            name = _ATTRIBUTE_NAME.match(self.text, position)
            if name is None:
                raise self._error(f'Empty attribute name in the tag "{tag}"', begin)
            position = self._skip_spaces(name.end(), begin)
            value = ""
            if self.text[position] == "=":
                position, value = self._attribute_value(self._skip_spaces(position + 1, begin), begin)
            argument = _argument(tag, name.group().lower(), value) or argument

    def _attribute_value(self, position: int, begin: int) -> tuple[int, str]:
        found = _ATTRIBUTE_VALUE.match(self.text, position)
        if found is None:
            quoted = self.text[position] in "\"'"
            raise self._error(
                "Unclosed start tag" if quoted else "Unexpected end of name token", begin if quoted else position
            )
        double, single, token = found.groups()
        if token is not None:
            return found.end(), token.lower()
        return found.end(), _CHARACTER_REFERENCE.sub(
            lambda found: _referenced(found) or found.group(), double if double is not None else single
        )

    def _skip_spaces(self, position: int, begin: int) -> int:
        position = _match(_SPACES, self.text, position).end()
        if position == len(self.text):
            raise self._error("Unclosed start tag", begin)
        return position

    def _end_tag(self, begin: int) -> int:
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        name = _match(_TAG_NAME, self.text, begin + 2)
        position = _match(_SPACES, self.text, name.end()).end()
        if not self.text.startswith(">", position):
            raise self._error("Unclosed end tag", begin)
        opened = self.open.pop()
        found = name.group().lower()
        if found and found != opened.tag:
            raise self._error(f'Unmatched end tag, expected "</{opened.tag}>", found "</{found}>"', begin)
        if self.offset > opened.offset:
            self._close(opened)
        return position + 1

    def _close(self, opened: _Open) -> None:
        span: Json = {"offset": opened.offset, "length": self.offset - opened.offset}
        if opened.tag in _SIMPLE_TAGS:
            self.entities.append({"type": _SIMPLE_TAGS[opened.tag], **span})
        elif opened.tag == "a":
            self._close_link(opened, span)
        elif opened.tag == "blockquote":
            self.entities.append({"type": "expandable_blockquote" if opened.argument else "blockquote", **span})
        elif opened.tag == "tg-emoji":
            self.entities.append({"type": "custom_emoji", **span, "custom_emoji_id": opened.argument})
        else:
            self._close_code(opened, span)

    def _close_link(self, opened: _Open, span: Json) -> None:
        target = opened.argument or "".join(self.plain[opened.start :])
        if user := _USER_LINK.fullmatch(target):
            self.entities.append({"type": "text_mention", **span, "user": {"id": int(user.group(1))}})
        elif link := checked_link(target):
            self.entities.append({"type": "text_link", **span, "url": link})

    def _close_code(self, opened: _Open, span: Json) -> None:
        """`<pre><code class="language-x">` in either order is one entity with a language."""
        last = self.entities[-1] if self.entities else None
        same = last is not None and last["offset"] == span["offset"] and last["length"] == span["length"]
        if opened.tag == "pre" and same and last is not None and last.get("language") and last["type"] == "code":
            last["type"] = "pre"
        elif opened.tag == "code" and same and last is not None and last["type"] == "pre" and opened.argument:
            last["language"] = opened.argument
        else:
            self.entities.append(
                {"type": opened.tag, **span, **({"language": opened.argument} if opened.argument else {})}
            )

    def _error(self, reason: str, position: int) -> ApiError:
        place = f"at byte offset {len(self.text[:position].encode())}"
        if ", expected" in reason:
            head, tail = reason.split(",", 1)
            return _unparsable(f"{head} {place},{tail}")
        return _unparsable(f"{reason} {place}")


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _match(pattern: re.Pattern[str], text: str, position: int) -> re.Match[str]:
    """A match of a pattern that may match nothing, and so always does."""
    found = pattern.match(text, position)
    assert found is not None
    return found


def _referenced(found: re.Match[str]) -> str:
    """The character a reference stands for, or nothing when there is no such character."""
    hexadecimal, decimal, name = found.groups()
    if name:
        return _NAMED[name]
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if number == 0 or number >= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        return ""
    return chr(number)


def _argument(tag: str, name: str, value: str) -> str:
    """What an attribute adds to its tag; an empty string for one that means nothing there."""
    if tag == "a" and name == "href":
        return value
    if tag == "code" and name == "class" and value.startswith("language-"):
        return value.removeprefix("language-")
    if tag == "tg-emoji" and name == "emoji-id":
        return value
    if tag == "span" and name == "class" and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return "1" if tag == "blockquote" and name == "expandable" else ""


def checked_link(url: str) -> str:
    """The address as Telegram would keep it, or an empty string when it would not make a link of it."""
    url = url.strip()
    if any(character.isspace() for character in url):
        return ""
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme in {"tg", "ton", "tonsite"}:
        return url
    if parts.scheme not in {"http", "https", "ftp"} or "." not in host.strip("."):
        return ""
    return url if parts.path or parts.query or parts.fragment else f"{url}/"


def in_order(entities: Iterable[Json]) -> list[Json]:
    """Outer entities before the ones inside them, as Telegram lists them; of two in the same place, quotes go
    outside.
    """
    return sorted(entities, key=lambda entity: (entity["offset"], -entity["length"], _RANK.get(entity["type"], 50)))


def find_entities(text: str, known: Iterable[Json] = ()) -> list[Json]:
    """The entities Telegram adds by itself (commands, mentions, links, tags), outside the ones that are `known`."""
    if not _MAY_BE_FOUND.search(text):
        return []
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in known
        if entity["type"] in {"code", "pre", "text_link", "text_mention"}
    ]
    found: list[Json] = []
    for match in _FOUND.finditer(text):
        kind, value = match.lastgroup, match.group()
        if kind == "url":
            value = value.rstrip(_TRAILING)
        offset, length = utf16_length(text[: match.start()]), utf16_length(value)
        if not any(start < offset + length and offset < end for start, end in taken):
            found.append({"type": kind, "offset": offset, "length": length})
    return found


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """The text without the space around it, and its entities moved accordingly."""
    clean = text.replace("\r", "")
    if clean != text:
        text, entities = _without_returns(text, entities)
    inner = text.strip()
    if len(inner) == len(text):
        return text, entities
    before = utf16_length(text[: len(text) - len(text.lstrip())])
    return inner, _clipped(entities, before, utf16_length(inner))


def _clipped(entities: list[Json], before: int, length: int) -> list[Json]:
    result = []
    for entity in entities:
        start = max(entity["offset"] - before, 0)
        end = min(entity["offset"] + entity["length"] - before, length)
        if end > start:
            result.append({**entity, "offset": start, "length": end - start})
    return result


def _without_returns(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Telegram drops carriage returns, so everything behind one moves."""
    units: list[int] = []
    kept = 0
    for character in text:
        width = 2 if character > "\uffff" else 1
        units.extend([kept] * width)
        kept += 0 if character == "\r" else width
    units.append(kept)
    moved = []
    for entity in entities:
        start, end = units[entity["offset"]], units[min(entity["offset"] + entity["length"], len(units) - 1)]
        if end > start:
            moved.append({**entity, "offset": start, "length": end - start})
    return text.replace("\r", ""), moved


def checked_entities(text: str, entities: list[Json]) -> list[Json]:
    """Entities that came ready-made; ApiError when one lies outside the text."""
    length = utf16_length(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] < 0 or entity["offset"] + entity["length"] > length:
            raise bad_request(f"entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text")
    return in_order(dict(entity) for entity in entities if entity["length"])


def as_html(text: str, entities: list[Json]) -> str:
    """The text marked up again: what `parse_html` reads back to the same text and entities, when they are nested
    properly.
    """
    units = text.encode("utf-16-le")
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    for entity in in_order(entities):
        start_tag, end_tag = _tags(entity)
        opening.setdefault(entity["offset"], []).append(start_tag)
        closing.setdefault(entity["offset"] + entity["length"], []).insert(0, end_tag)
    marks = sorted({0, len(units) // 2, *opening, *closing})
    result: list[str] = []
    for here, there in zip(marks, [*marks[1:], marks[-1]], strict=True):
        result += [*closing.get(here, []), *opening.get(here, [])]
        result.append(html.escape(units[here * 2 : there * 2].decode("utf-16-le", "replace"), quote=False))
    return "".join(result)


_PLAIN_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
}


def _tags(entity: Json) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{html.escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "expandable_blockquote":
        return "<blockquote expandable>", "</blockquote>"
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
    if entity.get("language"):
        return f'<pre><code class="language-{html.escape(entity["language"])}">', "</code></pre>"
    tag = _PLAIN_TAGS.get(kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")
