"""A tiny bot for trying the sandbox with: it echoes with buttons, and each word of its script shows one thing."""

import asyncio
import json
import os
import signal
import struct
import sys
import zlib

import aiohttp

API = f"{os.environ['TELEGRAM_API_URL']}/bot{os.environ['TELEGRAM_BOT_TOKEN']}"
COMMANDS = [
    {"command": "start", "description": "Say hello"},
    {"command": "today", "description": "Today's question"},
    {"command": "help", "description": "What I can do"},
]
CARD = (
    "<b>Plan-Do-Check-Act (PDCA)</b>\n"
    "A four-step loop for better service: <i>plan</i> a change, try it small, check what came of it, then act on it.\n"
    "<blockquote expandable>Example · Replies take 31 hours at Hartley Homeware.\nPlan: under 24 in eight weeks.\n"
    "Do: one team shares an inbox rota.\nCheck: 20 hours.\nAct: all teams, next target 12 hours.</blockquote>\n"
    "Answer: <tg-spoiler>four steps</tg-spoiler> · <code>P D C A</code> · "
    '<a href="https://t.me/revision_sandbox_bot?start=term-pdca">open again</a> 🙂'
)


def picture(width: int = 320, height: int = 160) -> bytes:
    """A plain PNG."""
    rows = b"".join(b"\0" + bytes((40, 120 + row // 4, 110)) * width for row in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def keys(*labels: str) -> dict:
    return {"inline_keyboard": [[{"text": label, "callback_data": label.lower()} for label in labels]]}


class Bot:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def call(self, method: str, **params: object) -> dict:
        async with self.session.post(f"{API}/{method}", json=params) as response:
            return await response.json()

    async def upload(self, method: str, chat: int, field: str, name: str, content: bytes) -> None:
        form = aiohttp.FormData({"chat_id": str(chat), "caption": f"Here is <b>{name}</b>", "parse_mode": "HTML"})
        form.add_field(field, content, filename=name)
        async with self.session.post(f"{API}/{method}", data=form) as response:
            await response.read()

    async def say(self, chat: int, text: str, **more: object) -> None:
        await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", **more)

    async def on_message(self, message: dict) -> None:
        chat, text = message["chat"]["id"], message.get("text", "")
        if text.startswith("/start"):
            payload = text.removeprefix("/start").strip()
            await self.say(chat, f"Hello from <b>{payload or 'the script'}</b>.", reply_markup=keys("Yes", "No"))
        elif text == "card":
            await self.say(chat, CARD, reply_markup=keys("Compare", "Related"))
        elif text == "poll":
            options = [{"text": "Plan"}, {"text": "Panic"}]
            await self.call(
                "sendPoll", chat_id=chat, question="First step?", options=options, type="quiz", correct_option_ids=[0]
            )
        elif text == "file":
            await self.upload("sendDocument", chat, "document", "notes.txt", b"Plan, do, check, act.\n")
        elif text == "picture":
            await self.upload("sendPhoto", chat, "photo", "loop.png", picture())
        elif text == "keyboard":
            rows = [[{"text": "07:30"}, {"text": "18:30"}], [{"text": "No reminders"}]]
            await self.say(chat, "When?", reply_markup={"keyboard": rows, "one_time_keyboard": True})
        elif text == "type":
            await self.call("sendChatAction", chat_id=chat, action="typing")
        elif text == "slow":
            await self.say(chat, "Press it.", reply_markup=keys("Wait"))
        elif text == "end":
            print("last words of the bot", flush=True)
            sys.exit(3)
        else:
            offset = os.environ.get("CLOCK_OFFSET", "none")
            answer = f"You said: {text}" if text else "I can read but not listen."
            if text == "offset":
                answer = f"My offset is {offset}."
            await self.say(chat, answer.replace("<", "&lt;"), reply_markup=keys("Again", "Alert", "Edit"))

    async def on_press(self, query: dict) -> None:
        data, message = query["data"], query["message"]
        if data == "wait":
            await asyncio.sleep(0.4)
        await self.call(
            "answerCallbackQuery", callback_query_id=query["id"], text=f"{data}!", show_alert=data == "alert"
        )
        if data == "edit":
            where = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
            await self.call("editMessageText", **where, text="<b>Changed</b> in place", parse_mode="HTML")

    async def run(self) -> None:
        await self.call("setMyCommands", commands=COMMANDS)
        await self.call("setMyDescription", description="I help you revise customer service, twenty minutes a day.")
        offset = 0
        while True:
            try:
                answer = await self.call("getUpdates", offset=offset, timeout=20)
            except (aiohttp.ClientError, json.JSONDecodeError):
                await asyncio.sleep(0.2)
                continue
            for update in answer.get("result", ()):
                offset = update["update_id"] + 1
                if "message" in update:
                    await self.on_message(update["message"])
                if "callback_query" in update:
                    await self.on_press(update["callback_query"])
            if not answer.get("ok"):
                await asyncio.sleep(0.2)


async def main() -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: os._exit(0))
    async with aiohttp.ClientSession() as session:
        await Bot(session).run()


if __name__ == "__main__":
    asyncio.run(main())
