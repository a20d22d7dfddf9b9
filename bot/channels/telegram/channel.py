"""Telegram as a channel: messages out, edits, and the passing notice after a tap.

What goes out is JSON written by msgspec from small structs: plain text, links as entities, never a parse mode.
"""

import logging
from typing import Any

import msgspec

from bot.channels.messages import Message, NotDelivered, Sending
from bot.channels.telegram import outcomes
from bot.channels.telegram.http import BotApi, CallFailed
from bot.channels.telegram.limits import LONGEST_NOTICE, LONGEST_PRESS, LONGEST_TEXT, units

log = logging.getLogger(__name__)

SEND_SECONDS = 35.0  # less than the lease on an outbox row, so that a late answer still finds its row
NOTICE_SECONDS = 10.0

NO_PREVIEW = msgspec.Raw(b'{"is_disabled":true}')
REPLY_FIELD = msgspec.Raw(b'{"force_reply":true,"selective":true}')


class _Key(msgspec.Struct, frozen=True, gc=False):
    text: str
    callback_data: str


class _Keyboard(msgspec.Struct, frozen=True):
    inline_keyboard: list[list[_Key]]


class _TextLink(msgspec.Struct, frozen=True, tag="text_link", gc=False):
    offset: int
    length: int
    url: str


class _Reply(msgspec.Struct, frozen=True, gc=False):
    message_id: int
    allow_sending_without_reply: bool = True


class _SendMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    chat_id: int
    text: str
    reply_markup: _Keyboard | msgspec.Raw | None = None
    entities: list[_TextLink] | None = None
    reply_parameters: _Reply | None = None
    link_preview_options: msgspec.Raw | None = None


class _EditMessageText(msgspec.Struct, frozen=True, omit_defaults=True):
    """Without reply_markup the message loses its buttons, which is what is wanted then."""

    chat_id: int
    message_id: int
    text: str
    reply_markup: _Keyboard | None = None
    entities: list[_TextLink] | None = None
    link_preview_options: msgspec.Raw | None = None


class _AnswerCallbackQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    callback_query_id: str
    text: str = ""


_json = msgspec.json.Encoder()


class Telegram:
    """The channel of one bot. It raises `NotDelivered` and nothing else."""

    name = "telegram"

    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def send(self, sending: Sending) -> str:
        """Send a message and return Telegram's id of it; one with refused links goes once more without them."""
        body = _encoded(_send_message(sending, sending.message))
        status, answer = await self._call("sendMessage", body)
        if status != 200 and sending.message.links and outcomes.entities_refused(status, answer):
            log.warning("telegram refused the links of outbox row %d; sending it as plain text", sending.outbox_id)
            plain = msgspec.structs.replace(sending.message, links=())
            status, answer = await self._call("sendMessage", _encoded(_send_message(sending, plain)))
        return outcomes.sent_ref(status, answer)

    async def edit(self, sending: Sending) -> None:
        """Change the message `sending.edits_ref`; already so, or gone, is success."""
        status, answer = await self._call("editMessageText", _encoded(_edit_message(sending, sending.message)))
        if status != 200 and sending.message.links and outcomes.entities_refused(status, answer):
            plain = msgspec.structs.replace(sending.message, links=())
            status, answer = await self._call("editMessageText", _encoded(_edit_message(sending, plain)))
        outcomes.require_edited(status, answer)

    async def notice(self, chat: str, query: str, text: str | None) -> None:
        """Answer a tap, one try: after 150 s Telegram has forgotten it, and its effect stands without this."""
        del chat  # the tap's own id is enough here
        try:
            body = _encoded(_AnswerCallbackQuery(query, (text or "")[:LONGEST_NOTICE]))
            status, answer = await self._call("answerCallbackQuery", body, NOTICE_SECONDS)
            if status != 200:
                log.info("telegram took no answer to a tap: %s", outcomes.refusal(status, answer).detail)
        except NotDelivered as error:
            log.info("telegram took no answer to a tap: %s", error.detail)

    async def _call(self, method: str, body: bytes, seconds: float = SEND_SECONDS) -> tuple[int, bytes]:
        try:
            return await self._api.call(method, body, seconds)
        except CallFailed as failed:
            raise outcomes.failure(failed) from failed


def _send_message(sending: Sending, message: Message) -> _SendMessage:
    _require_fitting(message)
    markup: _Keyboard | msgspec.Raw | None = _keyboard(message)
    if markup is None and message.invites_reply:
        markup = REPLY_FIELD
    return _SendMessage(
        chat_id=_number(sending.chat, "chat"),
        text=message.text,
        reply_markup=markup,
        entities=_entities(message),
        reply_parameters=_Reply(_number(message.replies_to, "message")) if message.replies_to else None,
        link_preview_options=NO_PREVIEW,
    )


def _edit_message(sending: Sending, message: Message) -> _EditMessageText:
    _require_fitting(message)
    return _EditMessageText(
        chat_id=_number(sending.chat, "chat"),
        message_id=_number(sending.edits_ref or "", "message"),
        text=message.text,
        reply_markup=_keyboard(message),
        entities=_entities(message),
        link_preview_options=NO_PREVIEW,
    )


def _keyboard(message: Message) -> _Keyboard | None:
    if not message.rows:
        return None
    return _Keyboard([[_Key(button.label, button.press) for button in row] for row in message.rows])


def _entities(message: Message) -> list[_TextLink] | None:
    if not message.links:
        return None
    return [_TextLink(link.offset, link.length, link.url) for link in message.links]


def _require_fitting(message: Message) -> None:
    if not message.text or message.text.isspace():
        raise NotDelivered("REJECTED", "a message without text")
    if len(message.text) * 2 > LONGEST_TEXT and units(message.text) > LONGEST_TEXT:
        raise NotDelivered("REJECTED", f"{units(message.text)} UTF-16 units of text, {LONGEST_TEXT} are allowed")
    for row in message.rows:
        for button in row:
            if not 1 <= len(button.press.encode("utf-8", "replace")) <= LONGEST_PRESS:
                raise NotDelivered("REJECTED", f"a button's callback data must have 1 to {LONGEST_PRESS} bytes")


def _number(ref: str, what: str) -> int:
    """Return one of Telegram's ids, which travel as text elsewhere."""
    digits = ref.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise NotDelivered("REJECTED", f"no {what} of Telegram's: {ref[:40]!r}")
    return int(ref)


def _encoded(body: Any) -> bytes:
    try:
        return _json.encode(body)
    except (UnicodeEncodeError, msgspec.MsgspecError) as error:
        raise NotDelivered("REJECTED", f"the text cannot be written as UTF-8 ({type(error).__name__})") from None
