"""What the bot asked of Telegram, and what it was told."""

from dataclasses import dataclass, field

from bot.sandbox.errors import Json


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `at` is when it came, in seconds since 1970 by the world's clock; `seconds` is how long the
    answer took.

    `response` is None where no answer was given at all; `ignored` names parameters that Telegram does not know.
    """

    number: int
    method: str
    params: Json
    response: Json | None
    at: float
    seconds: float = 0.0
    ignored: list[str] = field(default_factory=list)
    fault: str | None = None

    @property
    def ok(self) -> bool:
        return self.response is not None and bool(self.response.get("ok"))

    @property
    def chat_id(self) -> int | str | None:
        return self.params.get("chat_id")
