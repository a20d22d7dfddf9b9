"""Telegram's updates become the product's own values.

One decode turns a whole batch into structs with the few fields that we read; a text or a tap costs a few
microseconds. When one update of a batch is not as expected, or is no plain text and must be looked at more
closely, the batch is read again update by update: what cannot be read is kept as `Unreadable` and never in the
way of the others. What we know and do not need (a pinned message, somebody joining a group) becomes nothing.
"""

import hashlib
import json
from collections.abc import Collection

import msgspec

from bot.channels.telegram import forms
from bot.channels.updates import AnyUpdate, Attached, Joined, Left, Moved, Pressed, Unreadable, Written

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
LONGEST_PRESS = 64  # bytes, as Telegram allows
LONGEST_RAW = 16_384  # characters kept of what we cannot read

# Somebody who speaks as a group, a channel or Telegram itself: accounts that stand for no person.
NOBODY = frozenset((1087968824, 136817688, 777000))

# In this order: an animation also comes as a document, a venue as a location.
MEDIA = (
    "animation",
    "venue",
    "photo",
    "video",
    "video_note",
    "voice",
    "audio",
    "document",
    "sticker",
    "location",
    "contact",
    "poll",
    "dice",
    "game",
    "story",
    "checklist",
    "paid_media",
    "invoice",
    "giveaway",
    "giveaway_winners",
)
# What every message may have. Of anything else we take it that Telegram speaks there, and not a person.
COMMON = frozenset(
    ("message_id", "chat", "date", "from", "edit_date", "has_protected_content", "via_bot", "reply_markup")
)

MEMBER = frozenset(("member", "administrator", "creator"))


class Garbled(Exception):
    """The answer is no batch of updates at all: nothing of it may be confirmed."""


class Taken(msgspec.Struct, frozen=True):
    """A batch. `offset` confirms it, None when it was empty; `ignored` counts what we know and do not need."""

    updates: list[AnyUpdate]
    offset: int | None
    size: int
    ignored: int


class _LookCloser(Exception):
    """More than the usual fields must be read to tell what this is."""


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
        found = [_known(update, received_at, None) for update in decoded.result]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, _LookCloser):
        return _one_by_one(body, received_at)
    updates = [update for update in found if update is not None]
    offset = decoded.result[-1].update_id + 1 if decoded.result else None
    return Taken(updates, offset, len(found), len(found) - len(updates))


def single(body: bytes, received_at: int) -> AnyUpdate | None:
    """Return the update that a webhook delivers; None when it is one that we do not need. Never raises."""
    try:
        return _known(_update.decode(body), received_at, None)
    except _LookCloser:
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


def clean(text: str) -> str:
    """Return the text without NUL and lone surrogates, which no database takes."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    return text.encode("utf-8", "ignore").decode("utf-8")


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
        return _known(update, received_at, keys)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return unreadable(body, received_at)


def _update_id(body: bytes) -> int | None:
    try:
        found = json.loads(body)["update_id"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if type(found) is int else None


def _known(update: forms.Update, received_at: int, keys: Collection[str] | None) -> AnyUpdate | None:
    """Return our value of an update; None when it is not needed. Raises `_LookCloser` when `keys` are wanted."""
    if update.callback_query is not None:
        return _pressed(update.update_id, update.callback_query, received_at)
    if update.message is not None:
        return _message(update.update_id, update.message, keys)
    if update.edited_message is not None:
        return _edited(update.update_id, update.edited_message)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    return None


def _pressed(update_id: int, query: forms.CallbackQuery, received_at: int) -> Pressed | None:
    if query.message is None or not query.data:
        return None  # of a message sent through another chat, or a game: never ours
    sender, chat = query.sender, query.message.chat
    return Pressed(
        channel=CHANNEL,
        ident="c" + query.id,
        chat=str(chat.id),
        sent_at=received_at,  # a tap has no time of its own
        update_id=update_id,
        user=str(sender.id),
        name=_name(sender),
        language=sender.language_code,
        group=chat.type != "private",
        anonymous=sender.id in NOBODY,
        press=_short(query.data),
        ref=str(query.message.message_id),
        query=query.id,
    )


def _message(update_id: int, message: forms.Message, keys: Collection[str] | None) -> AnyUpdate | None:
    if message.text and not message.forwarded:
        return _written(update_id, message, f"m{message.chat.id}.{message.message_id}", edited=False)
    if message.migrate_to_chat_id or message.migrate_from_chat_id:
        return _moved(update_id, message)
    if message.forwarded:
        return _attached(update_id, message, "forward")
    if keys is None:
        raise _LookCloser
    what = next((kind for kind in MEDIA if kind in keys), None)
    if what is None and message.chat.type == "private" and COMMON.issuperset(keys):
        what = "unsupported"  # Telegram shows a bot nothing of content that is newer than the bot's server
    return None if what is None else _attached(update_id, message, what)


def _edited(update_id: int, message: forms.Message) -> Written | None:
    """Only texts: a shared place is edited every few seconds."""
    if not message.text or message.forwarded:
        return None
    ident = f"e{message.chat.id}.{message.message_id}.{message.edit_date}"
    return _written(update_id, message, ident, edited=True)


def _written(update_id: int, message: forms.Message, ident: str, *, edited: bool) -> Written | None:
    sender = message.sender
    anonymous = _anonymous(message)
    if sender is not None and sender.is_bot and not anonymous:
        return None
    text = message.text
    return Written(
        channel=CHANNEL,
        ident=ident,
        chat=str(message.chat.id),
        sent_at=(message.edit_date if edited else message.date) * 1000,
        update_id=update_id,
        user=str(sender.id) if sender is not None else "",
        name=_name(sender) if sender is not None else "",
        language=sender.language_code if sender is not None else "",
        group=message.chat.type != "private",
        anonymous=anonymous,
        text=clean(text) if "\0" in text else text,
        ref=str(message.message_id),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message is not None else None,
        edited=edited,
    )


def _attached(update_id: int, message: forms.Message, what: str) -> Attached | None:
    sender = message.sender
    anonymous = _anonymous(message)
    if sender is not None and sender.is_bot and not anonymous:
        return None
    return Attached(
        channel=CHANNEL,
        ident=f"m{message.chat.id}.{message.message_id}",
        chat=str(message.chat.id),
        sent_at=message.date * 1000,
        update_id=update_id,
        user=str(sender.id) if sender is not None else "",
        name=_name(sender) if sender is not None else "",
        language=sender.language_code if sender is not None else "",
        group=message.chat.type != "private",
        anonymous=anonymous,
        what=what,
        ref=str(message.message_id),
        caption=clean(message.caption or message.text),
        reply_to=str(message.reply_to_message.message_id) if message.reply_to_message is not None else None,
    )


def _moved(update_id: int, message: forms.Message) -> Moved:
    """Both notices, the old chat's and the new one's, say the same and have the same ident."""
    old = message.migrate_from_chat_id or message.chat.id
    new = message.migrate_to_chat_id or message.chat.id
    return Moved(
        channel=CHANNEL,
        ident=f"v{old}.{new}",
        chat=str(old),
        sent_at=message.date * 1000,
        update_id=update_id,
        group=True,
        to=str(new),
    )


def _membership(update_id: int, change: forms.ChatMemberUpdated) -> Joined | Left | None:
    was, now = _takes_part(change.old_chat_member), _takes_part(change.new_chat_member)
    if was == now:  # made an administrator, say
        return None
    chat, by = str(change.chat.id), change.sender
    ident = f"j{chat}.{change.date}.{change.new_chat_member.status}"
    group = change.chat.type != "private"
    at = change.date * 1000
    if not now:
        return Left(
            channel=CHANNEL, ident=ident, chat=chat, sent_at=at, update_id=update_id, user=str(by.id), group=group
        )
    return Joined(
        channel=CHANNEL,
        ident=ident,
        chat=chat,
        sent_at=at,
        update_id=update_id,
        user=str(by.id),
        name=_name(by),
        language=by.language_code,
        group=group,
        anonymous=by.id in NOBODY,
        by=str(by.id),
    )


def _takes_part(member: forms.ChatMember) -> bool:
    return member.status in MEMBER or (member.status == "restricted" and member.is_member)


def _anonymous(message: forms.Message) -> bool:
    return message.sender_chat is not None or message.sender is None or message.sender.id in NOBODY


def _name(user: forms.User) -> str:
    name = f"{user.first_name} {user.last_name}" if user.last_name else user.first_name
    return clean(name) if "\0" in name else name


def _short(press: str) -> str:
    """Cut to what a button can hold: more is forged."""
    press = clean(press)
    if press.isascii():
        return press[:LONGEST_PRESS]
    return press.encode()[:LONGEST_PRESS].decode("utf-8", "ignore")
