"""Files that were sent, by whomever, and the names Telegram gives them."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from bot.sandbox.errors import Json, bad_request

MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
MAX_DOWNLOAD = 20 * 1024 * 1024

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file and its addresses; `path` is where it can be downloaded."""

    file_id: str
    unique_id: str
    name: str
    mime_type: str
    content: bytes = field(repr=False)
    path: str = ""
    width: int = 0
    height: int = 0

    def as_json(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.content)}

    def as_document(self) -> Json:
        return {"file_name": self.name, "mime_type": self.mime_type, **self.as_json()}

    def as_photo(self) -> Json:
        return {**self.as_json(), "width": self.width, "height": self.height}


class Files:
    """Every file of the world by its id; paths are handed out in order."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def __iter__(self) -> Iterator[StoredFile]:
        return iter(list(self._by_id.values()))

    def keep(self, content: bytes, name: str, mime_type: str, folder: str = "documents") -> StoredFile:
        """Stores a file under a new id."""
        width, height = picture_size(content) or (0, 0)
        number = len(self._by_id)
        ending = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{folder}/file_{number}.{ending}"
        return self.restore(StoredFile(self._name(62), self._name(15), name, mime_type, content, path, width, height))

    def restore(self, file: StoredFile) -> StoredFile:
        self._by_id[file.file_id] = file
        self._by_path[file.path] = file
        return file

    def find(self, file_id: str) -> StoredFile:
        """The file of that id; ApiError when there is none."""
        found = self._by_id.get(file_id)
        if found is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return found

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def _name(self, length: int) -> str:
        return "".join(self._random.choices(_ALPHABET, k=length))


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, JPEG or WebP picture; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return _pair(">II", content, 16)
    if content[:6] in {b"GIF87a", b"GIF89a"} and len(content) >= 10:
        return _pair("<HH", content, 6)
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= 30:
        return _webp_size(content)
    return None


def _pair(layout: str, content: bytes, offset: int) -> tuple[int, int]:
    first, second = struct.unpack_from(layout, content, offset)
    return int(first), int(second)


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    """Walks from segment to segment up to the frame header, which holds height and width."""
    position = 2
    while position + 9 < len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = _pair(">HH", content, position + 5)
            return width, height
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return None


def _webp_size(content: bytes) -> tuple[int, int] | None:
    kind = content[12:16]
    if kind == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = _pair("<HH", content, 26)
    return width & 0x3FFF, height & 0x3FFF


def check_photo(content: bytes) -> tuple[int, int]:
    """The size of a picture that may be sent as a photo; ApiError for one that Telegram would refuse."""
    if len(content) > MAX_PHOTO:
        raise bad_request("file is too big")
    size = picture_size(content)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = size
    if width < 1 or height < 1 or width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return size
