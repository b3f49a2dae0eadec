"""Documents and photos, and fetching them."""

from bot.sandbox.errors import ApiError, Json, bad_request
from bot.sandbox.files import MAX_DOWNLOAD, MAX_UPLOAD, StoredFile, check_photo
from bot.sandbox.methods.table import plays
from bot.sandbox.methods.writing import caption_of, post, writable_chat
from bot.sandbox.spec import Upload
from bot.sandbox.world import World

ATTACHED = "attach://"


@plays("sendDocument")
def send_document(world: World, params: Json) -> Json:
    """Any file of up to 50 MB."""
    return _send(world, params, "document")


@plays("sendPhoto")
def send_photo(world: World, params: Json) -> Json:
    """A picture of up to 10 MB that can be measured."""
    return _send(world, params, "photo")


def _send(world: World, params: Json, kind: str) -> Json:
    chat = writable_chat(world, params["chat_id"])
    caption = caption_of(world, params)
    return post(world, chat, media_content(world, kind, params[kind], params) | caption, params)


def media_content(world: World, kind: str, given: Upload | str, params: Json) -> Json:
    """The part of a message that holds a file: newly uploaded, attached to the request, or known by its id."""
    if kind not in {"photo", "document"}:
        raise bad_request(f"can't use a media of the type {kind} here")
    if isinstance(given, str) and given.startswith(ATTACHED):
        given = params.get(given, given)
    file = _uploaded(world, kind, given) if isinstance(given, Upload) else world.files.find(given)
    if kind == "photo":
        if not file.width:
            raise bad_request("can't use file of type Document as Photo")
        return {"photo": [file.as_photo()]}
    return {"document": file.as_document()}


def _uploaded(world: World, kind: str, upload: Upload) -> StoredFile:
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MAX_UPLOAD:
        raise bad_request("file is too big")
    if kind == "photo":
        check_photo(upload.content)
    return world.files.keep(upload.content, upload.name, upload.mime_type, "photos" if kind == "photo" else "documents")


@plays("getFile")
def get_file(world: World, params: Json) -> Json:
    """Where a file of up to 20 MB can be downloaded."""
    try:
        file = world.files.find(params["file_id"])
    except ApiError as error:
        raise bad_request("invalid file_id") from error
    if len(file.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {**file.as_json(), "file_path": file.path}
