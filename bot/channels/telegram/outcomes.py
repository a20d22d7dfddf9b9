"""What an answer of the Bot API proves about a message (reliability.md §0.3).

The question is never "what is this error called" but "can it have reached the chat": only then a retry is safe.

    no byte written · 429 · a gateway's own no              NOT_SENT
    broken off · 5xx · 200 that is no clear yes             AMBIGUOUS
    403 · 400 that says the chat is gone                    UNREACHABLE
    400 with a new chat id                                  MOVED
    400 else                                                REJECTED
    401 · 404                                               STOPPED
"""

import msgspec

from bot.channels.messages import NotDelivered
from bot.channels.telegram.connection import CallFailed

GONE_CHATS = (
    "chat not found",
    "private chat not found",
    "user not found",
    "peer_id_invalid",
    "group chat was deactivated",
    "chat_write_forbidden",
    "have no rights to send",
    "not enough rights to send",
    "need administrator rights",
    "bot is not a member",
)
ALREADY_SO = ("message is not modified", "message to edit not found", "message_id_invalid")
GONE_BEFORE = ("message to delete not found", "message_id_invalid")
TOPICS_GONE = ("message thread not found", "topic_deleted", "topic_id_invalid", "topic_closed")
TOPIC_AS_WANTED = ("topic_not_modified",)
NO_CAPTION = ("there is no caption in the message", "message can't be edited: there is no caption")
NO_RIGHT_TO_SEND_FILES = ("rights to send", "chat_send_", "voice_messages_forbidden", "restricted receiving of v")
BROKEN_ENTITIES = ("can't parse", "entity_", "entities_too_long", "entity begins or ends", "wrong http url")


class Parameters(msgspec.Struct, frozen=True):
    retry_after: float | None = None
    migrate_to_chat_id: int | None = None


class Sent(msgspec.Struct, frozen=True):
    message_id: int


class Answer(msgspec.Struct, frozen=True):
    """Telegram's own form of an answer; the result is read by whoever wants it."""

    ok: bool
    description: str = ""
    parameters: Parameters = Parameters()


class SentAnswer(msgspec.Struct, frozen=True):
    """An answer to sendMessage that is a clear yes."""

    ok: bool
    result: Sent


class SentAlbumAnswer(msgspec.Struct, frozen=True):
    """An answer to sendMediaGroup that is a clear yes."""

    ok: bool
    result: list[Sent]


_answer = msgspec.json.Decoder(Answer)
_sent_album_answer = msgspec.json.Decoder(SentAlbumAnswer)
_sent_answer = msgspec.json.Decoder(SentAnswer)


def sent_ref(status: int, body: bytes) -> str:
    """Return the new message's id, or raise the `NotDelivered` that this answer to sendMessage proves."""
    if status == 200:
        try:
            answer = _sent_answer.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass
        else:
            if answer.ok:
                return str(answer.result.message_id)
    raise refusal(status, body)


def sent_files_ref(status: int, body: bytes) -> str:
    """Return the new message's id, of an album its first one's; or raise what this answer proves.

    Where only files are not allowed in a chat, words still are: that is a refusal of this message, not of the chat.
    """
    if status == 200:
        try:
            album = _sent_album_answer.decode(body)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return sent_ref(status, body)
        if album.ok and album.result:
            return str(album.result[0].message_id)
    failure = refusal(status, body)
    if failure.reason == "UNREACHABLE" and file_refused(status, body):
        raise NotDelivered("REJECTED", failure.detail)
    raise failure


def file_refused(status: int, body: bytes) -> bool:
    """True when a file was refused as what it is, or files are not allowed here: something plainer may be tried."""
    if status == 413:
        return True
    answer = read(body) if status in (400, 403) else None
    if answer is None or answer.ok:
        return False
    return _says(answer, NO_RIGHT_TO_SEND_FILES) or refusal(status, body).reason == "REJECTED"


def has_no_caption(status: int, body: bytes) -> bool:
    """True when a message that was to have a caption is words alone."""
    answer = read(body) if status == 400 else None
    return answer is not None and not answer.ok and _says(answer, NO_CAPTION)


def require_edited(status: int, body: bytes) -> None:
    """Return when the message reads as wanted or is gone; else raise what this answer to an edit proves."""
    answer = read(body)
    if answer is not None and (answer.ok if status == 200 else _says(answer, ALREADY_SO) and status == 400):
        return
    raise refusal(status, body)


def require_deleted(status: int, body: bytes) -> None:
    """Return when the message is gone; else raise what this answer to a deletion proves."""
    answer = read(body)
    if answer is not None and (answer.ok if status == 200 else _says(answer, GONE_BEFORE) and status == 400):
        return
    raise refusal(status, body)


def topic_gone(status: int, body: bytes) -> bool:
    """True when a message was refused because its topic is not there, or closed to us: outside of it it may go."""
    answer = read(body) if status == 400 else None
    return answer is not None and not answer.ok and _says(answer, TOPICS_GONE)


def topic_is_so(status: int, body: bytes) -> bool:
    """True when a topic is as wanted now, or gone."""
    answer = read(body)
    if answer is None:
        return False
    return answer.ok if status == 200 else status == 400 and _says(answer, (*TOPICS_GONE, *TOPIC_AS_WANTED))


def entities_refused(status: int, body: bytes) -> bool:
    """True when only the marked parts of the text were refused: the same text without them may be sent."""
    answer = read(body) if status == 400 else None
    return answer is not None and not answer.ok and _says(answer, BROKEN_ENTITIES)


def refusal(status: int, body: bytes) -> NotDelivered:
    """Return what an answer that is no clear yes proves."""
    answer = read(body)
    detail = f"{status} {answer.description if answer and answer.description else 'without a reason'}"
    if 400 <= status < 500 and answer is not None and not answer.ok:
        return _refused(status, answer, detail)
    if status in (401, 404):  # also from a wrong base address: nothing will work until somebody mends it
        return NotDelivered("STOPPED", detail)
    if status in (400, 413, 414, 431):
        return NotDelivered("REJECTED", detail)
    if 300 <= status < 500 and answer is None:  # something in front of Telegram says no
        return NotDelivered("NOT_SENT", detail)
    return NotDelivered("AMBIGUOUS", detail)


def failure(failed: CallFailed) -> NotDelivered:
    """Return what a call without an answer proves."""
    return NotDelivered("AMBIGUOUS" if failed.sent else "NOT_SENT", str(failed))


def read(body: bytes) -> Answer | None:
    """Return Telegram's answer, or None when somebody else answered."""
    try:
        return _answer.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _refused(status: int, answer: Answer, detail: str) -> NotDelivered:
    if answer.parameters.migrate_to_chat_id is not None:
        return NotDelivered("MOVED", detail, moved_to=str(answer.parameters.migrate_to_chat_id))
    if status == 429:
        return NotDelivered("NOT_SENT", detail, retry_after=answer.parameters.retry_after)
    if status in (401, 404):
        return NotDelivered("STOPPED", detail)
    if status == 409:
        return NotDelivered("NOT_SENT", detail)
    if status == 403 or (status == 400 and _says(answer, GONE_CHATS)):
        return NotDelivered("UNREACHABLE", detail)
    return NotDelivered("REJECTED", detail)


def _says(answer: Answer, sentences: tuple[str, ...]) -> bool:
    said = answer.description.lower()
    return any(sentence in said for sentence in sentences)
