import contextlib
import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.errors import ApiError
from bot.sandbox.formatting import as_html, checked_link, find_entities, parse_html, trimmed, utf16_length


def span(text: str, entity: dict[str, Any]) -> str:
    units = text.encode("utf-16-le")
    start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
    return units[start:end].decode("utf-16-le")


@pytest.mark.parametrize(
    ("markup", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<strong>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"),
        ("<DEL>x</DEL>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
    ],
)
def test_a_tag_becomes_its_entity(markup: str, kind: str) -> None:
    assert parse_html(f"a {markup} b") == ("a x b", [{"type": kind, "offset": 2, "length": 1}])


def test_an_emoji_counts_as_two() -> None:
    text, entities = parse_html("🙂🙂 <b>bold</b>")
    assert entities == [{"type": "bold", "offset": 5, "length": 4}]
    assert span(text, entities[0]) == "bold"


def test_outer_entities_come_before_inner_ones() -> None:
    _, entities = parse_html("<b>one <i>two</i></b>")
    assert [entity["type"] for entity in entities] == ["bold", "italic"]


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#65;&#x42;&#x1F642;", "AB🙂"),
        ("&lt", "<"),
        ("R&D &nbsp; &copy; &#0; &", "R&D &nbsp; &copy; &#0; &"),
    ],
)
def test_only_four_named_references_and_numbers_are_read(markup: str, plain: str) -> None:
    assert parse_html(markup) == (plain, [])


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("é<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
def test_markup_that_telegram_refuses_is_refused_with_its_words(markup: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        parse_html(markup)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_a_link_keeps_its_address() -> None:
    _, entities = parse_html('see <a href="https://example.org/a?b=1&amp;c=2">this</a>')
    assert entities == [{"type": "text_link", "offset": 4, "length": 4, "url": "https://example.org/a?b=1&c=2"}]


def test_a_link_to_a_person_is_a_mention() -> None:
    _, entities = parse_html("<a href='tg://user?id=42'>Ben</a>")
    assert entities == [{"type": "text_mention", "offset": 0, "length": 3, "user": {"id": 42}}]


def test_a_link_without_an_address_is_plain_text() -> None:
    assert parse_html('<a href="nowhere">here</a>') == ("here", [])


def test_code_inside_pre_gives_it_a_language() -> None:
    _, entities = parse_html('<pre><code class="language-python">x</code></pre>')
    assert entities == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


def test_space_around_a_text_goes_and_its_entities_follow() -> None:
    text, entities = parse_html("  \n<b> bold </b>\n ")
    assert trimmed(text, entities) == ("bold", [{"type": "bold", "offset": 0, "length": 4}])


def test_carriage_returns_go_and_entities_follow() -> None:
    assert trimmed("a\r\nb", [{"type": "bold", "offset": 3, "length": 1}]) == (
        "a\nb",
        [{"type": "bold", "offset": 2, "length": 1}],
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start abc", [("bot_command", "/start")]),
        ("/plan@revision_bot now", [("bot_command", "/plan@revision_bot")]),
        ("either/or", []),
        ("see https://example.org/a, or not", [("url", "https://example.org/a")]),
        ("www.gov.uk/consumer-rights helps", [("url", "www.gov.uk/consumer-rights")]),
        ("write to help@shop.co.uk", [("email", "help@shop.co.uk")]),
        ("ask @ms_carter 🙂 #revision", [("mention", "@ms_carter"), ("hashtag", "#revision")]),
        ("it costs 3.50, e.g. 4", []),
        ("🙂 /help", [("bot_command", "/help")]),
    ],
)
def test_entities_that_telegram_finds_by_itself(text: str, found: list[tuple[str, str]]) -> None:
    assert [(entity["type"], span(text, entity)) for entity in find_entities(text)] == found


def test_nothing_is_found_inside_code_and_links() -> None:
    text, entities = parse_html("<code>/start</code> <a href='https://example.org'>@someone</a> /help")
    assert [span(text, entity) for entity in find_entities(text, entities)] == ["/help"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org", "https://example.org/"),
        ("example.org/a", "http://example.org/a"),
        ("tg://user?id=1", "tg://user?id=1"),
        ("localhost", ""),
        ("javascript:alert(1)", ""),
        ("https://", ""),
        ("http://[", ""),
        ("two words.org", ""),
    ],
)
def test_what_counts_as_a_link(given: str, kept: str) -> None:
    assert checked_link(given) == kept


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    assert parse_html(html.escape(text)) == (text, []) or "'" in text


def read_or_refused(text: str) -> tuple[str, list[dict[str, Any]]]:
    with contextlib.suppress(ApiError):
        return parse_html(text)
    return "", []


@given(st.one_of(st.text(), st.text(alphabet="<>/ab=\"' &;#1x🙂", max_size=40)))
def test_any_jumble_of_markup_is_read_or_refused_but_never_breaks(text: str) -> None:
    plain, entities = read_or_refused(text)
    assert all(entity["offset"] + entity["length"] <= utf16_length(plain) for entity in entities)


WORDS = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="<>&"), min_size=1, max_size=8)
TAGS = st.sampled_from(["b", "i", "u", "s", "tg-spoiler", "code", "blockquote"])
MARKUP = st.recursive(
    WORDS.map(html.escape),
    lambda inner: st.one_of(
        st.tuples(TAGS, inner).map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        st.lists(inner, max_size=4).map("".join),
    ),
    max_leaves=12,
)


@given(MARKUP)
def test_marking_up_again_gives_the_same_text_and_entities(markup: str) -> None:
    text, entities = parse_html(markup)
    assert parse_html(as_html(text, entities)) == (text, entities)


@given(st.text())
def test_length_is_counted_in_utf16_units(text: str) -> None:
    assert utf16_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(alphabet="ab @#/.🙂\n", max_size=40))
def test_found_entities_lie_within_the_text_and_in_order(text: str) -> None:
    entities = find_entities(text)
    ends = [0]
    for entity in entities:
        assert entity["offset"] >= ends[-1]
        ends.append(entity["offset"] + entity["length"])
    assert ends[-1] <= utf16_length(text)


def test_marked_up_text_shows_links_mentions_and_languages() -> None:
    markup = (
        '<a href="https://example.org/">a</a> <a href="tg://user?id=7">b</a> '
        '<pre><code class="language-sql">c</code></pre> <blockquote expandable>d</blockquote> '
        '<tg-emoji emoji-id="9">🙂</tg-emoji>'
    )
    assert as_html(*parse_html(markup)) == markup
