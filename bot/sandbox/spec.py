"""Which parameters each Bot API method takes, and whether what was sent fits them.

`api.json` holds the part of the Bot API that the sandbox plays: methods and types with the type of each field and 1
where it is required; a third entry is the only value the field may have. A type that is named but not listed is only
checked to be an object. It is derived from telegram-bot-api-spec by Paul Larsen, at Bot API 10.1
(https://github.com/PaulSonOfLars/telegram-bot-api-spec, MIT: see api.LICENCE.txt).
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.sandbox.errors import ApiError, Json, bad_request, not_played

Check = Callable[[Any, str, list[str]], Any]
"""Takes a value as it was sent, where it stands and the list of ignored keys; returns the value in its own type or
raises ApiError.
"""

_TEXT_ALONE = {"KeyboardButton", "InputPollOption"}
"""Types that may be given by nothing but their text."""
_WHOLE = re.compile(r"[+-]?\d{1,20}")
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
_WHEN_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "user_id": "invalid user_id specified",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "file_id": "invalid file_id",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "inline_query_id": "query is too old and response timeout expired or query ID is invalid",
    "action": "wrong parameter action in request",
}

_WHEN_FIELD_MISSING = {"inline_keyboard": "inline keyboard expected"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came with a multipart request."""

    name: str
    content: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Method:
    """A method and the checks of its parameters."""

    name: str
    checks: Mapping[str, Check]
    required: tuple[str, ...]

    def read(self, given: Mapping[str, Any]) -> tuple[Json, list[str]]:
        """The parameters in their own types, and the names that Telegram would ignore. An empty string counts as not
        given.

        An uploaded file that is no parameter itself stays reachable as "attach://" and its field's name.
        """
        ignored: list[str] = []
        values: Json = {}
        for name, value in given.items():
            check = self.checks.get(name)
            if check is None:
                if isinstance(value, Upload):
                    values[f"attach://{name}"] = value
                else:
                    ignored.append(name)
            elif value is not None and value != "":
                values[name] = check(value, name, ignored)
        for name in self.required:
            if name not in values:
                raise bad_request(_WHEN_MISSING.get(name, f'parameter "{name}" is required'))
        return values, ignored


class Spec:
    """The checks of every method the sandbox plays, compiled once from the document."""

    def __init__(self, document: Json) -> None:
        self._types: Json = document["types"]
        self._unions: dict[str, list[str]] = document["unions"]
        self._checks: dict[str, Check] = {
            "Integer": _integer,
            "Float": _float,
            "Boolean": _boolean,
            "True": _boolean,
            "String": _string,
            "Integer|String": _integer_or_string,
            "InputFile": _upload,
            "InputFile|String": _upload_or_string,
        }
        self._methods = {name.lower(): self._method(name, fields) for name, fields in document["methods"].items()}
        self._not_played = {name.lower(): name for name in document["not_played"]}

    def method(self, name: str) -> Method:
        """The method of that name in any case, as Telegram does it; ApiError when there is none."""
        found = self._methods.get(name.lower())
        if found is not None:
            return found
        if name.lower() in self._not_played:
            raise not_played(self._not_played[name.lower()])
        raise ApiError(404, "Not Found")

    def _method(self, name: str, fields: Mapping[str, list[Any]]) -> Method:
        checks = {field: self._check(types[0]) for field, types in fields.items()}
        return Method(name, checks, tuple(field for field, types in fields.items() if types[1]))

    def _check(self, kind: str) -> Check:
        if kind not in self._checks:
            self._checks[kind] = self._compile(kind)
        return self._checks[kind]

    def _compile(self, kind: str) -> Check:
        if "|" in kind:
            return self._one_of(kind.split("|"))
        if kind.startswith("Array of "):
            return _array_of(self._check(kind.removeprefix("Array of ")))
        if kind in self._unions:
            return self._one_of(self._unions[kind])
        if kind in self._types:
            return self._object(kind)
        return _any_object(kind)

    def _object(self, kind: str) -> Check:
        fields: Mapping[str, list[Any]] = self._types[kind]
        required = tuple(name for name, types in fields.items() if types[1])
        compiled: dict[str, Check] = {}

        def check(value: Any, where: str, ignored: list[str]) -> Json:
            # The fields are compiled at the first use, because types may contain themselves.
            if not compiled:
                compiled.update({name: self._field(name, types) for name, types in fields.items()})
            given = {"text": value} if kind in _TEXT_ALONE and isinstance(value, str) else _from_json(value, where)
            if not isinstance(given, dict):
                raise bad_request(f"can't parse {where}: expected an Object of type {kind}")
            result: Json = {}
            for name, inner in given.items():
                field = compiled.get(name)
                if field is None:
                    ignored.append(f"{where}.{name}")
                elif inner is not None:
                    result[name] = field(inner, f"{where}.{name}", ignored)
            for name in required:
                if name not in result:
                    missing = f"can't parse {where}: Can't find field \"{name}\""
                    raise bad_request(_WHEN_FIELD_MISSING.get(name, missing))
            return result

        return check

    def _field(self, name: str, types: list[Any]) -> Check:
        inner = self._check(types[0])
        if len(types) < 3:
            return inner
        constant = types[2]

        def check(value: Any, where: str, ignored: list[str]) -> Any:
            if value != constant:
                raise bad_request(f'can\'t parse {where}: field "{name}" must be "{constant}"')
            return value

        return check

    def _one_of(self, kinds: list[str]) -> Check:
        """The kind whose constants and required fields fit; the refusal of the likeliest one when none does."""
        options = [(kind, self._check(kind), self._types.get(kind, {})) for kind in kinds]

        def check(value: Any, where: str, ignored: list[str]) -> Any:
            given = _from_json(value, where)
            if not isinstance(given, dict):
                raise bad_request(f"can't parse {where}: expected an Object")
            for _, option, fields in options:
                if all(_may_hold(given, name, types) for name, types in fields.items()):
                    return option(given, where, ignored)
            raise bad_request(f"can't parse {where}: expected one of {', '.join(kind for kind, _, _ in options)}")

        return check


def _may_hold(given: Json, name: str, types: list[Any]) -> bool:
    if not types[1]:
        return True
    return name in given and (len(types) < 3 or given[name] == types[2])


def _from_json(value: Any, where: str) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {where} JSON object") from None


def _integer(value: Any, where: str, ignored: list[str]) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise bad_request(f"can't parse {where}: expected an Integer")


def _float(value: Any, where: str, ignored: list[str]) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise bad_request(f"can't parse {where}: expected a Float") from None


def _boolean(value: Any, where: str, ignored: list[str]) -> bool:
    if isinstance(value, bool):
        return value
    known = _BOOLEANS.get(str(value).lower())
    if known is None:
        raise bad_request(f"can't parse {where}: expected a Boolean")
    return known


def _string(value: Any, where: str, ignored: list[str]) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise bad_request(f"can't parse {where}: expected a String")


def _integer_or_string(value: Any, where: str, ignored: list[str]) -> int | str:
    if isinstance(value, str):
        return int(value) if _WHOLE.fullmatch(value) else value
    return _integer(value, where, ignored)


def _upload(value: Any, where: str, ignored: list[str]) -> Upload:
    if isinstance(value, Upload):
        return value
    raise bad_request(f"{where} must be uploaded as an InputFile")


def _upload_or_string(value: Any, where: str, ignored: list[str]) -> Upload | str:
    return value if isinstance(value, Upload) else _string(value, where, ignored)


def _array_of(inner: Check) -> Check:
    def check(value: Any, where: str, ignored: list[str]) -> list[Any]:
        given = _from_json(value, where)
        if not isinstance(given, list):
            raise bad_request(f"can't parse {where}: expected an Array")
        return [inner(item, where, ignored) for item in given]

    return check


def _any_object(kind: str) -> Check:
    def check(value: Any, where: str, ignored: list[str]) -> Any:
        given = _from_json(value, where)
        if not isinstance(given, dict):
            raise bad_request(f"can't parse {where}: expected an Object of type {kind}")
        return given

    return check


@cache
def packaged_spec() -> Spec:
    """The specification that comes with the sandbox."""
    return Spec(json.loads(files("bot.sandbox").joinpath("api.json").read_text(encoding="utf-8")))
