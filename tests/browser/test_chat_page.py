"""The chat page, used as a person would use it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.sandbox.launcher import AISHA, TUTOR, Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")


def said(page: Page, text: str) -> Locator:
    return page.get_by_role("log").get_by_text(text)


async def say(page: Page, text: str) -> None:
    await page.get_by_label("Message", exact=True).fill(text)
    await page.keyboard.press("Enter")


async def start(page: Page) -> None:
    await page.get_by_role("button", name="Start", exact=True).click()
    await expect(said(page, "Hello from the script.")).to_be_visible()


async def test_a_newcomer_is_greeted_and_starts_with_one_press(page: Page) -> None:
    await expect(page.get_by_text("I help you revise customer service, twenty minutes a day.")).to_be_visible()
    await start(page)
    await expect(page.get_by_role("button", name="Yes")).to_be_visible()


async def test_enter_sends_and_shift_enter_makes_a_line(page: Page) -> None:
    await start(page)
    box = page.get_by_label("Message", exact=True)
    await box.fill("first")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("second")
    await page.keyboard.press("Enter")
    await expect(said(page, "You said: first\nsecond")).to_be_visible()
    await expect(box).to_have_value("")


async def test_a_card_shows_its_formatting_and_unfolds(page: Page) -> None:
    await start(page)
    await say(page, "card")
    card = page.get_by_role("article").filter(has_text="Plan-Do-Check-Act")
    await expect(card.locator("strong")).to_have_text("Plan-Do-Check-Act (PDCA)")
    quote = card.locator("blockquote")
    folded = (await quote.bounding_box() or {})["height"]
    await card.get_by_role("button", name="Show more").click()
    await expect(card.get_by_role("button", name="Show less")).to_have_attribute("aria-expanded", "true")
    assert (await quote.bounding_box() or {})["height"] > folded
    await card.get_by_role("button", name="Hidden words").click()
    await expect(card.get_by_text("four steps")).to_have_class(re.compile("seen"))


async def test_a_link_into_the_bot_stays_on_the_page(page: Page) -> None:
    await start(page)
    await say(page, "card")
    await page.get_by_role("button", name="open again").click()
    await expect(said(page, "Hello from term-pdca.")).to_be_visible()


async def test_a_press_waits_for_the_bot_and_shows_its_words(page: Page) -> None:
    await start(page)
    await say(page, "slow")
    key = page.get_by_role("button", name="Wait")
    await key.click()
    await expect(key).to_have_attribute("aria-busy", "true")
    await expect(page.get_by_role("status").get_by_text("wait!")).to_be_visible()
    await expect(key).not_to_have_attribute("aria-busy", "true")


async def test_an_alert_wants_to_be_closed(page: Page) -> None:
    await start(page)
    await say(page, "x")
    await page.get_by_role("button", name="Alert").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("alert!")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()


async def test_an_edit_changes_the_message_in_place(page: Page) -> None:
    await start(page)
    await say(page, "x")
    await page.get_by_role("button", name="Edit", exact=True).click()
    await expect(page.get_by_role("article").last).to_contain_text("Changed in place")
    await expect(page.get_by_role("article").last.get_by_text("edited")).to_be_visible()
    await expect(said(page, "You said: x")).to_have_count(0)


async def test_replying_and_changing_ones_own_message(page: Page, sandbox: Sandbox) -> None:
    await start(page)
    await said(page, "Hello from the script.").dblclick()
    await expect(page.get_by_text("Reply to the bot")).to_be_visible()
    await say(page, "an answer")
    await expect(said(page, "You said: an answer")).to_be_visible()
    aisha = sandbox.world.people_by_id[AISHA]
    assert aisha.messages[2].json["reply_to_message"]["message_id"] == aisha.messages[1].id
    await page.get_by_label("Message", exact=True).press("ArrowUp")
    await expect(page.get_by_label("Message", exact=True)).to_have_value("an answer")
    await say(page, "a better answer")
    await expect(page.get_by_role("article").filter(has_text="a better answer")).to_contain_text("edited")
    assert aisha.messages[2].text == "a better answer"


async def test_the_commands_can_be_found_by_keyboard_alone(page: Page) -> None:
    await start(page)
    await page.get_by_label("Message", exact=True).focus()
    await page.keyboard.type("/")
    await expect(page.get_by_role("option")).to_have_count(3)
    await page.keyboard.type("t")
    await expect(page.get_by_role("option")).to_have_text(["/todayToday's question"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(said(page, "You said: /today")).to_be_visible()
    await expect(page.get_by_role("listbox")).to_be_hidden()


async def test_a_reply_keyboard_is_offered_and_goes(page: Page) -> None:
    await start(page)
    await say(page, "keyboard")
    await page.get_by_role("group", name="Suggested replies").get_by_role("button", name="18:30").click()
    await expect(said(page, "You said: 18:30")).to_be_visible()
    await expect(page.get_by_role("button", name="07:30")).to_have_count(0)


async def test_a_quiz_can_be_answered(page: Page) -> None:
    await start(page)
    await say(page, "poll")
    await page.get_by_label("Plan", exact=True).click()
    await expect(page.get_by_text("your vote, right")).to_be_visible()
    await expect(page.get_by_text("1 vote")).to_be_visible()


async def test_files_and_pictures_arrive_and_can_be_sent(page: Page) -> None:
    await start(page)
    await say(page, "file")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="notes.txt").click()
    assert (await (await download.value).path()).read_bytes() == b"Plan, do, check, act.\n"
    await say(page, "picture")
    picture = page.get_by_role("img", name="Picture")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    await page.get_by_role("button", name="Send something else").click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Picture or file").click()
    await (await chooser.value).set_files({"name": "mine.txt", "mimeType": "text/plain", "buffer": b"my notes"})
    await expect(page.get_by_role("link", name="mine.txt")).to_be_visible()


async def test_typing_is_shown(page: Page) -> None:
    await start(page)
    await say(page, "type")
    await expect(page.get_by_text("typing…")).to_be_visible()
    await say(page, "x")
    await expect(page.get_by_text("typing…")).to_have_count(0)


async def test_everybody_has_a_phone_of_their_own(page: Page, sandbox: Sandbox) -> None:
    await start(page)
    await page.get_by_role("tab", name="Ms Carter").click()
    await expect(said(page, "Hello from the script.")).to_have_count(0)
    await start(page)
    await sandbox.world.people_by_id[AISHA].say("hi")
    await expect(page.get_by_role("tab", name="Aisha").get_by_label("1 not read")).to_be_visible()
    await page.get_by_role("tab", name="Ms Carter").press("ArrowDown")
    await expect(page.get_by_role("tab", name="Aisha")).to_have_attribute("aria-selected", "true")
    await expect(said(page, "You said: hi")).to_be_visible()
    await page.reload()
    await expect(said(page, "You said: hi")).to_be_visible()
    assert len(sandbox.world.people_by_id[TUTOR].messages) == 2


async def test_the_panel_shows_every_call(page: Page) -> None:
    await start(page)
    await page.get_by_role("button", name="Behind the scenes").click()
    calls = page.get_by_role("list", name="Bot API calls, newest first")
    call = calls.get_by_role("listitem").filter(has_text="sendMessage").first
    await expect(call).to_contain_text("Aisha")
    await call.locator("summary").click()
    await expect(call).to_contain_text('"parse_mode": "HTML"')
    await page.keyboard.press("Escape")
    await expect(calls).to_be_hidden()


async def test_trouble_can_be_made_and_ended(page: Page, sandbox: Sandbox) -> None:
    await start(page)
    await page.get_by_role("button", name="Behind the scenes").click()
    await page.get_by_role("button", name="Telegram is down").click()
    await expect(page.get_by_text("Telegram is down: the bot hears nothing")).to_be_visible()
    await say(page, "anybody?")
    await expect(page.get_by_text("502").first).to_be_visible()
    await page.get_by_role("button", name="Telegram is down").click()
    await expect(said(page, "You said: anybody?")).to_be_visible()
    await page.get_by_role("button", name="Block the bot").click()
    await expect(page.get_by_text("Aisha has blocked the bot.")).to_be_visible()
    await expect(page.get_by_label("Message", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Unblock").click()
    await say(page, "back")
    await expect(said(page, "You said: back")).to_be_visible()
    await page.get_by_role("button", name="Flood: 429").click()
    await say(page, "too fast")
    await expect(page.get_by_text("Too Many Requests: retry after 3")).to_be_visible()


async def test_the_next_morning_and_a_new_beginning(page: Page) -> None:
    await start(page)
    await page.get_by_role("button", name="Behind the scenes").click()
    await page.get_by_role("button", name="Tomorrow 08:00").click()
    await expect(page.locator("#date")).to_contain_text(", 08:0")
    await expect(page.get_by_text("The bot is being restarted…")).to_be_hidden()
    await say(page, "good morning")
    await expect(said(page, "You said: good morning")).to_be_visible()
    await page.get_by_role("button", name="Start over").click()
    await page.get_by_role("button", name="Keep it").click()
    await expect(said(page, "You said: good morning")).to_be_visible()
    await page.get_by_role("button", name="Start over").click()
    await page.get_by_role("button", name="Forget it all").click()
    await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
    await expect(page.locator("#date")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_from_what_is_behind_them(page: Page, scheme: str) -> None:
    await page.emulate_media(color_scheme=scheme)
    await start(page)
    for text in ("card", "poll", "file"):
        await say(page, text)
    await page.get_by_label("Plan", exact=True).click()
    await page.get_by_role("button", name="Behind the scenes").click()
    await page.get_by_role("button", name="Flood: 429").click()
    await expect(page.get_by_text("1 vote")).to_be_visible()
    assert await page.evaluate(CONTRAST) == []


async def test_everything_that_can_be_pressed_has_a_name_and_room_for_a_thumb(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await start(page)
    await say(page, "card")
    await expect(page.get_by_role("button", name="Compare")).to_be_visible()
    small = await page.evaluate(
        """() => [...document.querySelectorAll('button, textarea, [role=tab]')]
          .filter((one) => one.checkVisibility() && !one.matches('.inline, .more, .unfold, .quoted'))
          .filter((one) => one.getBoundingClientRect().height < 38)
          .map((one) => one.id || one.textContent)"""
    )
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll('button')]
          .filter((one) => !one.textContent.trim() && !one.getAttribute('aria-label')).map((one) => one.id)"""
    )
    assert (small, nameless) == ([], [])


async def test_nothing_hangs_over_the_edge_of_a_phone(page: Page) -> None:
    await page.set_viewport_size({"width": 390, "height": 844})
    await start(page)
    await say(page, "card")
    await say(page, "x" * 300)
    await expect(said(page, "You said: xxx")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    box = await page.get_by_role("article").last.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
    assert (
        await page.evaluate(
            "(() => { const s = document.getElementById('scroll'); return s.scrollWidth - s.clientWidth; })()"
        )
        == 0
    )
