"""The few fields that we read of Telegram's updates, as msgspec decodes them; all others are skipped unread.

A field that is missing has a default, a field of the wrong type makes its update unreadable, and only that one.
"""

from typing import Protocol

import msgspec

FILES = ("animation", "video", "video_note", "voice", "audio", "document")


class InTopic(Protocol):
    """What may stand in a topic of a group. Telegram also counts plain chains of answers as threads: those are none."""

    @property
    def message_thread_id(self) -> int: ...

    @property
    def is_topic_message(self) -> bool: ...


class User(msgspec.Struct, frozen=True, gc=False):
    id: int
    first_name: str = ""
    last_name: str = ""
    is_bot: bool = False
    language_code: str = ""


class Chat(msgspec.Struct, frozen=True, gc=False):
    id: int
    type: str = "private"


class RepliedTo(msgspec.Struct, frozen=True, gc=False):
    """A message that is answered; in a topic that is its root where nothing else is."""

    message_id: int
    forum_topic_created: msgspec.Raw = msgspec.Raw()


class FileSent(msgspec.Struct, frozen=True, gc=False):
    """Any file; of a photo there are several, one a size."""

    file_id: str
    file_size: int = 0
    file_name: str = ""
    mime_type: str = ""
    width: int = 0
    height: int = 0


class Contact(msgspec.Struct, frozen=True, gc=False):
    phone_number: str = ""
    user_id: int | None = None


class Message(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    message_id: int
    chat: Chat
    date: int = 0
    sender: User | None = None
    sender_chat: Chat | None = None
    text: str = ""
    caption: str = ""
    edit_date: int = 0
    reply_to_message: RepliedTo | None = None
    forward_date: int = 0  # Bot API servers before 7.0
    forward_origin: msgspec.Raw = msgspec.Raw()
    animation: FileSent | None = None
    photo: list[FileSent] | None = None
    video: FileSent | None = None
    video_note: FileSent | None = None
    voice: FileSent | None = None
    audio: FileSent | None = None
    document: FileSent | None = None
    media_group_id: str = ""
    contact: Contact | None = None
    migrate_to_chat_id: int = 0
    migrate_from_chat_id: int = 0
    message_thread_id: int = 0
    is_topic_message: bool = False

    def file(self) -> tuple[str, FileSent] | None:
        """Return what was sent and its file, of a photo the largest; None when it is no file."""
        if self.photo:
            return "photo", max(self.photo, key=lambda size: size.width * size.height)
        for what in FILES:  # in this order: an animation also comes as a document
            found: FileSent | None = getattr(self, what)
            if found is not None:
                return what, found
        return None

    @property
    def forwarded(self) -> bool:
        return bool(self.forward_date) or len(self.forward_origin) > 0


class PressedMessage(msgspec.Struct, frozen=True):
    """The message of a tapped button; one too old to be shown (date 0) still has its id and chat."""

    message_id: int
    chat: Chat
    message_thread_id: int = 0
    is_topic_message: bool = False


class CallbackQuery(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    id: str
    sender: User
    message: PressedMessage | None = None
    data: str = ""


class ChatMember(msgspec.Struct, frozen=True, gc=False):
    status: str
    is_member: bool = False


class ChatMemberUpdated(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    chat: Chat
    sender: User
    date: int
    old_chat_member: ChatMember
    new_chat_member: ChatMember


class Update(msgspec.Struct, frozen=True):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: CallbackQuery | None = None
    my_chat_member: ChatMemberUpdated | None = None


class Batch(msgspec.Struct, frozen=True):
    ok: bool
    result: list[Update]


class RawBatch(msgspec.Struct, frozen=True):
    """The same with every update left as it is, for a batch in which one is not as expected."""

    ok: bool
    result: list[msgspec.Raw]
