"""What a bot says about itself: its name, its descriptions, its commands and its menu button."""

import json
import re
from dataclasses import dataclass, field

from bot.sandbox.errors import Json, bad_request
from bot.sandbox.formatting import utf16_length

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
LIMITS = {"name": 64, "description": 512, "short_description": 120}


@dataclass(slots=True)
class Profile:
    """The settings by language; commands also by scope. An empty language is everybody's."""

    texts: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in LIMITS})
    commands: dict[str, dict[str, list[Json]]] = field(default_factory=dict)
    menu_button: Json = field(default_factory=lambda: {"type": "commands"})

    def set_text(self, name: str, text: str, language: str) -> None:
        """ApiError when it is too long."""
        check_language(language)
        if utf16_length(text) > LIMITS[name]:
            raise bad_request(f"the bot's {name.replace('_', ' ')} is too long")
        if text:
            self.texts[name][language] = text
        else:
            self.texts[name].pop(language, None)

    def text(self, name: str, language: str) -> str:
        return self.texts[name].get(language) or self.texts[name].get("", "")

    def set_commands(self, commands: list[Json], scope: Json | None, language: str) -> None:
        check_language(language)
        for command in commands:
            check_command(command)
        if len(commands) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self.commands.setdefault(scope_key(scope), {})[language] = [
            {"command": command["command"].lstrip("/"), "description": command["description"]} for command in commands
        ]

    def delete_commands(self, scope: Json | None, language: str) -> None:
        self.commands.get(scope_key(scope), {}).pop(language, None)

    def get_commands(self, scope: Json | None, language: str) -> list[Json]:
        """What was set for exactly this scope and language."""
        return self.commands.get(scope_key(scope), {}).get(language, [])

    def commands_for(self, chat_id: int, language: str) -> list[Json]:
        """What a person sees in a private chat: the narrowest scope that has commands, their language first."""
        for scope in ({"type": "chat", "chat_id": chat_id}, {"type": "all_private_chats"}, None):
            by_language = self.commands.get(scope_key(scope), {})
            found = by_language.get(language) or by_language.get("")
            if found:
                return found
        return []


def scope_key(scope: Json | None) -> str:
    """A scope as a key: equal scopes, equal keys."""
    return json.dumps(scope or {"type": "default"}, sort_keys=True)


def check_language(language: str) -> None:
    """ApiError unless it is empty or two letters."""
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")


def check_command(command: Json) -> None:
    """ApiError unless Telegram would take it."""
    if not _COMMAND.fullmatch(command["command"].lstrip("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= utf16_length(command["description"]) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
