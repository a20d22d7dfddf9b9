"""Files on this Telegram: what people's and the bot's files contain, and what Telegram refuses of them.

A file's id begins with what it is there (`photo-3`), because Telegram sends no file on as something else.
"""

import struct
from typing import Any

from tests.fake_telegram import checks
from tests.fake_telegram.parameters import Json, Upload
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.world import World

SENDS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVoice": "voice",
    "sendAudio": "audio",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendSticker": "sticker",
}
LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_UPLOAD = 50 * 1024 * 1024
WRONG_ID = "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol"
EMPTY = "Bad Request: file must be non-empty"

TYPES = {
    "photo": "Photo",
    "document": "Document",
    "voice": "VoiceNote",
    "audio": "Audio",
    "video": "Video",
    "video_note": "VideoNote",
    "animation": "Animation",
    "sticker": "Sticker",
}

HEADS = {
    "photo": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01",
    "voice": b"OggS\x00\x02" + bytes(20) + b"OpusHead",
    "audio": b"ID3\x04\x00",
    "video": b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41",
    "document": b"%PDF-1.7\n",
    "sticker": b"RIFF\x00\x01\x00\x00WEBPVP8 ",
}
HEADS["animation"] = HEADS["video_note"] = HEADS["video"]


def content_of(kind: str, size: int) -> bytes:
    """A file of this kind as its first bytes say, filled up to its size."""
    return HEADS.get(kind, b"").ljust(size, b"\0")[:size]


def png(width: int = 2, height: int = 2) -> bytes:
    """The beginning of a PNG of these dimensions, which is all that is looked at here."""
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"


def taken(world: World, kind: str, given: Any, name: str) -> Json:
    """The content of a message with this file. Raises Refused."""
    file = _uploaded(world, kind, given) if isinstance(given, Upload) else _known(world, kind, given)
    if kind == "photo":
        return {"photo": [file | {"width": 800, "height": 600}]}
    more = {"file_name": name} if kind in ("document", "audio", "video") and name else {}
    return {kind: file | more}


def _uploaded(world: World, kind: str, upload: Upload) -> Json:
    content = upload.content
    if not content:
        raise Refused(400, EMPTY)
    if len(content) > LARGEST_UPLOAD:
        raise Refused(413, "Request Entity Too Large")
    if kind == "photo":
        _require_photo(content)
    if kind == "voice" and not content.startswith(b"OggS"):
        raise Refused(400, "Bad Request: can't use the file as a voice note")
    return file_json(world.new_file(kind, content), len(content))


def _require_photo(content: bytes) -> None:
    if len(content) > LARGEST_PHOTO:
        raise Refused(400, f"Bad Request: file of size {len(content)} bytes is too big for a photo")
    if content.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", content[16:24])
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise Refused(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")
    elif not content.startswith((b"\xff\xd8\xff", b"RIFF", b"BM", b"GIF8")):
        raise Refused(400, "Bad Request: IMAGE_PROCESS_FAILED")


def _known(world: World, kind: str, given: Any) -> Json:
    file_id = str(given)
    if file_id not in world.files:
        raise Refused(400, WRONG_ID)
    own = file_id.rpartition("-")[0]
    if own != kind and not (kind == "document" and own not in ("photo", "voice", "video_note")):
        raise Refused(400, f"Bad Request: can't use file of type {TYPES[own]} as {TYPES[kind]}")
    return file_json(file_id, len(world.files[file_id]))


def file_json(file_id: str, size: int) -> Json:
    """The part of JSON that names a stored file."""
    return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": size}


def album(world: World, params: Json) -> list[Json]:
    """The contents of an album's messages. Raises Refused."""
    items = params.get("media")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Refused(400, "Bad Request: can't parse media JSON object")
    if not 2 <= len(items) <= 10:
        raise Refused(400, "Bad Request: expected 2 to 10 media to be sent as an album")
    if params.get("reply_markup"):
        raise Refused(400, "Bad Request: reply markup is not allowed in an album")  # the real server overlooks it
    kinds = {str(item.get("type")) for item in items}
    if not (kinds <= {"photo", "video"} or kinds in ({"document"}, {"audio"})):
        raise Refused(400, "Bad Request: documents and audio can't be mixed with other media types")
    return [_item(world, params, item) for item in items]


def _item(world: World, params: Json, item: Json) -> Json:
    given, name = item.get("media"), ""
    if isinstance(given, str) and given.startswith("attach://"):
        upload = params.get(given.removeprefix("attach://"))
        if not isinstance(upload, Upload):
            raise Refused(400, "Bad Request: file attached to the request is not found")
        given, name = upload, str(upload)
    caption = checks.caption(item)
    entities = checks.entities(item.get("caption_entities"), caption or "")
    return {**taken(world, str(item["type"]), given, name), "caption": caption, "caption_entities": entities}
