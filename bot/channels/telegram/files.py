"""Messages with files on Telegram: which method each takes, its fields, and what to try when it is refused.

One file goes by its own method with the text as its caption; several go as an album. A file goes by Telegram's own
id where we have it, else its bytes are uploaded. Bytes that Telegram refuses as what they are (a picture too long
and narrow, a voice message to somebody who takes none) go as something plainer, in the end as a document.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from bot.channels.messages import File, NotDelivered, Sending

METHODS: Final[Mapping[str, str]] = {
    "photo": "sendPhoto",
    "voice": "sendVoice",
    "audio": "sendAudio",
    "video": "sendVideo",
    "document": "sendDocument",
}

PLAINER: Final[Mapping[str, str]] = {
    "photo": "document",
    "voice": "audio",
    "audio": "document",
    "video": "document",
}
"""What a file goes as when it is refused as what it is."""

LARGEST_PHOTO: Final = 10_000_000
ALBUM: Final = "sendMediaGroup"

_json = msgspec.json.Encoder()


class Form(msgspec.Struct, frozen=True):
    """A call with files: its method, its fields, and what is uploaded, by the name of its field."""

    method: str
    fields: dict[str, Any]
    uploads: dict[str, File]

    @property
    def texts(self) -> dict[str, str]:
        """Return the fields as a form has them: numbers and structures as JSON."""
        return {
            name: value if isinstance(value, str) else _json.encode(value).decode()
            for name, value in self.fields.items()
        }


def form_of(sending: Sending, common: Mapping[str, Any], caption: Mapping[str, Any]) -> Form:
    """Return the call that sends a message with files; `common` are fields of any message.

    `caption` goes below a single file, or below the first of an album, where Telegram shows it for all of them.
    """
    if len(sending.files) == 1:
        return _single(sending.files[0], common, caption)
    if sending.message.rows or len(sending.files) > 10:
        raise NotDelivered("REJECTED", "an album has two to ten files and no buttons")
    return _album(sending.files, common, caption)


def _single(file: File, common: Mapping[str, Any], caption: Mapping[str, Any]) -> Form:
    kind = _shown_as(file)
    fields = {**common, **caption}
    if file.channel_file:
        return Form(METHODS[kind], {**fields, kind: file.channel_file}, {})
    return Form(METHODS[kind], fields, {kind: file})


def _album(files: Sequence[File], common: Mapping[str, Any], caption: Mapping[str, Any]) -> Form:
    media: list[dict[str, Any]] = []
    uploads: dict[str, File] = {}
    for number, file in enumerate(files):
        item: dict[str, Any] = {"type": file.kind, "media": file.channel_file or f"attach://file{number}"}
        if not file.channel_file:
            uploads[f"file{number}"] = file
        media.append({**item, **caption} if number == 0 else item)
    return Form(ALBUM, {**common, "media": media}, uploads)


def _shown_as(file: File) -> str:
    if file.kind == "photo" and len(file.content) > LARGEST_PHOTO:
        return "document"
    return file.kind


def plainer(sending: Sending) -> Sending | None:
    """Return the same with its refused files as something plainer; None when there is nothing plainer.

    Only bytes can be something else: a file of Telegram's stays what it is there. An album that is refused is tried
    as documents, which an album may hold alone.
    """
    files = sending.files
    if any(file.channel_file for file in files):
        return None
    if len(files) == 1:
        kind = PLAINER.get(_shown_as(files[0]))
    else:
        kind = None if all(file.kind == "document" for file in files) else "document"
    if kind is None:
        return None
    plain = tuple(msgspec.structs.replace(file, kind=kind) for file in files)
    return msgspec.structs.replace(sending, files=plain)
