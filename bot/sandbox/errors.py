"""The refusals of the Bot API, with the words Telegram uses where they are known."""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A call that Telegram answers with `ok: false`."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class PersonCannot(Exception):
    """Somebody tried what their Telegram app would not let them do; it says so in words a person can read."""


def bad_request(reason: str) -> ApiError:
    """The call itself is wrong: 400."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """The bot may not do that there: 403."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Somebody else is doing it already: 409."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(retry_after: int) -> ApiError:
    """Too fast: 429; the bot may try again after so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def not_played(name: str) -> ApiError:
    """Telegram has it, the sandbox does not: 501, so that nobody takes silence for success."""
    return ApiError(501, f"Not Implemented: the sandbox does not play {name}")
