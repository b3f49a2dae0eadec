import json
from importlib.resources import files

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.methods import TABLE
from bot.sandbox.spec import Upload, packaged_spec

DOCUMENT = json.loads(files("bot.sandbox").joinpath("api.json").read_text(encoding="utf-8"))


def test_every_method_of_the_specification_is_played_and_no_other() -> None:
    assert set(TABLE) == set(DOCUMENT["methods"])
    assert set(TABLE).isdisjoint(DOCUMENT["not_played"])


def test_the_licence_lies_beside_the_specification() -> None:
    assert files("bot.sandbox").joinpath("api.LICENCE.txt").read_text(encoding="utf-8").startswith("MIT License")


def test_values_get_their_own_types() -> None:
    values, ignored = (
        packaged_spec()
        .method("SENDMESSAGE")
        .read(
            {
                "chat_id": "-5",
                "text": 7,
                "protect_content": "true",
                "entities": '[{"type": "bold", "offset": 0, "length": "1"}]',
            }
        )
    )
    assert values == {
        "chat_id": -5,
        "text": "7",
        "protect_content": True,
        "entities": [{"type": "bold", "offset": 0, "length": 1}],
    }
    assert ignored == []


def test_a_keyboard_button_may_be_nothing_but_its_words() -> None:
    values, _ = (
        packaged_spec()
        .method("sendMessage")
        .read({"chat_id": 1, "text": "x", "reply_markup": {"keyboard": [["Yes", {"text": "No"}]]}})
    )
    assert values["reply_markup"] == {"keyboard": [[{"text": "Yes"}, {"text": "No"}]]}


def test_an_uploaded_file_is_found_under_its_attachment() -> None:
    upload = Upload("a.txt", b"a", "text/plain")
    values, ignored = (
        packaged_spec().method("sendDocument").read({"chat_id": 1, "document": "attach://file0", "file0": upload})
    )
    assert (values["attach://file0"], ignored) == (upload, [])


@pytest.mark.parametrize(
    ("method", "given", "reason"),
    [
        ("sendDocument", {"chat_id": 1, "document": 5.5}, None),
        ("getUpdates", {"limit": "many"}, "expected an Integer"),
        ("getUpdates", {"allowed_updates": "message"}, "JSON object"),
        ("getUpdates", {"allowed_updates": '"message"'}, "expected an Array"),
        ("setWebhook", {"certificate": "text"}, "must be uploaded"),
        ("setChatMenuButton", {"menu_button": {"type": "web_app", "text": "x"}}, "expected one of MenuButtonCommands"),
        ("sendMessage", {"chat_id": 1, "text": "x", "link_preview_options": []}, "expected an Object"),
    ],
)
def test_values_of_another_type_are_refused(method: str, given: dict[str, object], reason: str | None) -> None:
    if reason is None:
        packaged_spec().method(method).read(given)
        return
    with pytest.raises(ApiError, match=reason):
        packaged_spec().method(method).read(given)
