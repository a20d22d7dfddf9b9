"""What an update means: from Telegram's fields to the product's own values.

What we know and do not need (a pinned message, somebody joining a group) becomes nothing. What a person sent that
is no text becomes `Attached` with Telegram's word for it.
"""

from collections.abc import Collection
from typing import TypedDict

from bot.channels.telegram import forms
from bot.channels.updates import AnyUpdate, Attached, Joined, Left, Moved, Pressed, Written

CHANNEL = "telegram"
LONGEST_PRESS = 64  # bytes, as Telegram allows
LONGEST_NAME = 200  # characters of what a sender calls a file

# Somebody who speaks as a group, a channel or Telegram itself: accounts that stand for no person.
NOBODY = frozenset((1087968824, 136817688, 777000))

# What has no file that we could take, in this order: a venue also comes as a location.
OTHERS = (
    "venue",
    "sticker",
    "location",
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


class _Said(TypedDict):
    """What texts and everything else that people send have in common."""

    channel: str
    ident: str
    chat: str
    sent_at: int
    update_id: int
    user: str
    name: str
    language: str
    group: bool
    anonymous: bool
    ref: str
    reply_to: str | None
    thread: str


class LookCloser(Exception):
    """More than the usual fields must be read to tell what this is."""


def meaning(update: forms.Update, received_at: int, keys: Collection[str] | None) -> AnyUpdate | None:
    """Return our value of an update; None when it is not needed. Raises `LookCloser` when `keys` are wanted."""
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
        thread=_thread(query.message),
    )


def _message(update_id: int, message: forms.Message, keys: Collection[str] | None) -> AnyUpdate | None:
    if message.text and not message.forwarded:
        return _written(update_id, message, f"m{message.chat.id}.{message.message_id}", edited=False)
    if message.migrate_to_chat_id or message.migrate_from_chat_id:
        return _moved(update_id, message)
    file = message.file()
    if file is not None:
        return _file(update_id, message, *file)
    if message.forwarded:
        return _attached(update_id, message, "forward")
    if message.contact is not None:
        return _attached(update_id, message, "contact", phone=_phone(message, message.contact))
    if keys is None:
        raise LookCloser
    what = next((kind for kind in OTHERS if kind in keys), None)
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
    if _of_another_bot(message):
        return None
    said = _said(update_id, message, ident, message.edit_date if edited else message.date)
    return Written(text=clean(message.text), edited=edited, **said)


def _attached(update_id: int, message: forms.Message, what: str, *, phone: str = "") -> Attached | None:
    if _of_another_bot(message):
        return None
    said = _said(update_id, message, f"m{message.chat.id}.{message.message_id}", message.date)
    return Attached(what=what, caption=clean(message.caption or message.text), phone=phone, **said)


def _phone(message: forms.Message, contact: forms.Contact) -> str:
    """Return the number of a shared contact; the sender's own is that of their account, which names its country.

    Telegram leaves the `+` of such a number out as often as not. Of anybody else's we know only what is written.
    """
    number = clean(contact.phone_number)[:LONGEST_NAME]
    own = message.sender is not None and contact.user_id == message.sender.id
    return f"+{number}" if own and number[:1].isdigit() else number


def _file(update_id: int, message: forms.Message, what: str, file: forms.FileSent) -> Attached | None:
    if _of_another_bot(message):
        return None
    said = _said(update_id, message, f"m{message.chat.id}.{message.message_id}", message.date)
    return Attached(
        what=what,
        caption=clean(message.caption),
        file=clean(file.file_id),
        file_name=clean(file.file_name)[:LONGEST_NAME],
        mime=clean(file.mime_type)[:LONGEST_NAME],
        size=max(0, file.file_size),
        album=clean(message.media_group_id),
        **said,
    )


def _said(update_id: int, message: forms.Message, ident: str, at: int) -> _Said:
    sender, answered = message.sender, message.reply_to_message
    return {
        "channel": CHANNEL,
        "ident": ident,
        "chat": str(message.chat.id),
        "sent_at": at * 1000,
        "update_id": update_id,
        "user": str(sender.id) if sender is not None else "",
        "name": _name(sender) if sender is not None else "",
        "language": sender.language_code if sender is not None else "",
        "group": message.chat.type != "private",
        "anonymous": _anonymous(message),
        "ref": str(message.message_id),
        "reply_to": None if answered is None or _is_root(message, answered) else str(answered.message_id),
        "thread": _thread(message),
    }


def _thread(message: forms.InTopic) -> str:
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


def _is_root(message: forms.Message, answered: forms.RepliedTo) -> bool:
    """Whatever is written in a topic comes as an answer to its root: that alone is none."""
    in_topic = message.is_topic_message and answered.message_id == message.message_thread_id
    return in_topic or len(answered.forum_topic_created) > 0


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


def _of_another_bot(message: forms.Message) -> bool:
    return message.sender is not None and message.sender.is_bot and not _anonymous(message)


def _anonymous(message: forms.Message) -> bool:
    return message.sender_chat is not None or message.sender is None or message.sender.id in NOBODY


def _name(user: forms.User) -> str:
    return clean(f"{user.first_name} {user.last_name}" if user.last_name else user.first_name)


def _short(press: str) -> str:
    """Cut to what a button can hold: more is forged."""
    press = clean(press)
    if press.isascii():
        return press[:LONGEST_PRESS]
    return press.encode()[:LONGEST_PRESS].decode("utf-8", "ignore")


def clean(text: str) -> str:
    """Return the text without NUL and lone surrogates, which no database takes."""
    if "\0" in text:
        text = text.replace("\0", "")
    return text if text.isascii() else text.encode("utf-8", "ignore").decode("utf-8")
