"""`python -m bot.sandbox`: the server and the page alone, for a bot that is started by hand."""

import argparse
import asyncio
import contextlib
from pathlib import Path

from bot.sandbox.keeping import Keeper, load_world
from bot.sandbox.launcher import CAST, PORT, invite
from bot.sandbox.page import ChatPage
from bot.sandbox.server import DEFAULT_TOKEN, SandboxServer
from bot.sandbox.world import World


async def serve(port: int, token: str, kept_in: Path | None) -> None:
    """Runs until it is cancelled."""
    world = load_world(kept_in) if kept_in else World()
    invite(world)
    page = ChatPage(world, roles={number: role for number, (_, role) in CAST.items()})
    async with SandboxServer(token=token, port=port, world=world, page=page.handle) as server:
        print(f"Open {server.api_url}")
        print(f"A bot finds it with TELEGRAM_API_URL={server.api_url} TELEGRAM_BOT_TOKEN={token}", flush=True)
        if kept_in is None:
            await asyncio.Event().wait()
        else:
            await Keeper(world, kept_in).run()


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="0 takes any free one")
    parser.add_argument("--token", default=DEFAULT_TOKEN)
    parser.add_argument("--world", type=Path, help="a file that keeps the chats")
    given = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(given.port, given.token, given.world))


if __name__ == "__main__":
    main()
