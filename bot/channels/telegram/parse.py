"""Reads what Telegram sends, so that no update is ever in the way of another.

One decode turns a whole batch into structs with the few fields that we read; a text or a tap costs a few
microseconds, `meaning` included. When one update is not as expected, or is no plain text and must be looked at more
closely, its batch is read again update by update: what cannot be read is kept as `Unreadable`, the others are taken.
"""

import hashlib
import json

import msgspec

from bot.channels.telegram import forms
from bot.channels.telegram.meaning import CHANNEL, LookCloser, clean, meaning
from bot.channels.updates import AnyUpdate, Unreadable

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
LONGEST_RAW = 16_384  # characters kept of what we cannot read


class Garbled(Exception):
    """The answer is no batch of updates at all: nothing of it may be confirmed."""


class Taken(msgspec.Struct, frozen=True):
    """A batch. `offset` confirms it, None when it was empty; `ignored` counts what we know and do not need."""

    updates: list[AnyUpdate]
    offset: int | None
    size: int
    ignored: int


_batch = msgspec.json.Decoder(forms.Batch)
_raw_batch = msgspec.json.Decoder(forms.RawBatch)
_update = msgspec.json.Decoder(forms.Update)
_keys = msgspec.json.Decoder(dict[str, msgspec.Raw])


def batch(body: bytes, received_at: int) -> Taken:
    """Return the updates of a getUpdates answer, read at `received_at` (ms). Raises `Garbled`."""
    try:
        decoded = _batch.decode(body)
        if not decoded.ok:
            raise Garbled("not ok")
        found = [meaning(update, received_at, None) for update in decoded.result]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, LookCloser):
        return _one_by_one(body, received_at)
    updates = [update for update in found if update is not None]
    offset = decoded.result[-1].update_id + 1 if decoded.result else None
    return Taken(updates, offset, len(found), len(found) - len(updates))


def single(body: bytes, received_at: int) -> AnyUpdate | None:
    """Return the update that a webhook delivers; None when it is one that we do not need. Never raises."""
    try:
        return meaning(_update.decode(body), received_at, None)
    except LookCloser:
        return _closer(body, received_at)
    except msgspec.ValidationError:
        return unreadable(body, received_at)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _closer(_mended(body), received_at)


def unreadable(body: bytes, received_at: int) -> Unreadable:
    """Return what is kept of something that is no update as we know them."""
    digest = hashlib.sha256(body).hexdigest()[:16]
    update_id = _update_id(body)
    return Unreadable(
        channel=CHANNEL,
        ident=f"u{update_id if update_id is not None else ''}.{digest}",
        chat="",
        sent_at=received_at,
        update_id=update_id,
        raw=clean(body[: LONGEST_RAW * 4].decode("utf-8", "replace"))[:LONGEST_RAW],
    )


def _one_by_one(body: bytes, received_at: int) -> Taken:
    try:
        raws = [bytes(raw) for raw in _raw_updates(body)]
    except (ValueError, RecursionError) as error:
        raise Garbled(f"no batch of updates ({type(error).__name__})") from None
    found = [_closer(raw, received_at) for raw in raws]
    updates = [update for update in found if update is not None]
    ids = [update_id for update_id in map(_update_id, raws) if update_id is not None]
    return Taken(updates, ids[-1] + 1 if ids else None, len(found), len(found) - len(updates))


def _raw_updates(body: bytes) -> list[msgspec.Raw]:
    """Raises ValueError, of which msgspec's errors are a kind."""
    try:
        decoded = _raw_batch.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):  # lone surrogates, say: json reads more than msgspec does
        decoded = _raw_batch.decode(_mended(body))
    if not decoded.ok:
        raise ValueError("not ok")
    return decoded.result


def _mended(body: bytes) -> bytes:
    """Return JSON without the characters that are none; what is no JSON at all comes back as it is."""
    try:
        return _scrubbed(json.dumps(json.loads(body.decode("utf-8", "replace")), ensure_ascii=False))
    except (ValueError, RecursionError):
        return body


def _scrubbed(text: str) -> bytes:
    return text.encode("utf-8", "ignore")


def _closer(body: bytes, received_at: int) -> AnyUpdate | None:
    """Read one update with the names of all its message's fields."""
    try:
        update = _update.decode(body)
        outer = _keys.decode(body)
        message = outer.get("message") or outer.get("edited_message")
        keys = _keys.decode(message).keys() if message else ()
        return meaning(update, received_at, keys)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return unreadable(body, received_at)


def _update_id(body: bytes) -> int | None:
    try:
        found = json.loads(body)["update_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if type(found) is int else None
