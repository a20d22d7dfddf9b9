"""Telegram as a channel: messages out, edits, and the passing notice after a tap.

What goes out is JSON written by msgspec from small structs: plain text, links as entities, never a parse mode.
"""

import logging
from typing import Any

import msgspec

from bot.channels.messages import Message, NotDelivered, Sending
from bot.channels.telegram import files, outcomes
from bot.channels.telegram.bodies import encoded, number_of
from bot.channels.telegram.http import BotApi, CallFailed
from bot.channels.telegram.limits import LONGEST_CAPTION, LONGEST_NOTICE, LONGEST_PRESS, LONGEST_TEXT, units
from bot.channels.telegram.topics import Topics

log = logging.getLogger(__name__)

SEND_SECONDS = 35.0  # less than the lease on an outbox row, so that a late answer still finds its row
UPLOAD_SECONDS = 45.0
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
    message_thread_id: int | None = None


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


class Telegram:
    """The channel of one bot. It raises `NotDelivered` and nothing else."""

    name = "telegram"

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._topics = Topics(self._call)

    async def send(self, sending: Sending) -> str:
        """Send a message and return Telegram's id of it; one with refused links goes once more without them.

        Of an album that is the id of its first message.
        """
        if sending.message.topic:
            return await self._topics.open(sending)
        if sending.files:
            return await self._send_files(sending)
        body = encoded(_send_message(sending, sending.message))
        status, answer = await self._call("sendMessage", body)
        if status != 200 and sending.message.links and outcomes.entities_refused(status, answer):
            log.warning("telegram refused the links of outbox row %d; sending it as plain text", sending.outbox_id)
            plain = msgspec.structs.replace(sending.message, links=())
            status, answer = await self._call("sendMessage", encoded(_send_message(sending, plain)))
        if outcomes.topic_gone(status, answer) and sending.thread:
            return await self.send(_outside(sending))
        return outcomes.sent_ref(status, answer)

    async def _send_files(self, sending: Sending) -> str:
        """Send a message with its files; what is refused as what it is goes as something plainer."""
        while True:
            status, answer = await self._call_with_files(_form(sending))
            if outcomes.topic_gone(status, answer) and sending.thread:
                sending = _outside(sending)
                continue
            following = files.plainer(sending) if outcomes.file_refused(status, answer) else None
            if following is None:
                return outcomes.sent_files_ref(status, answer)
            log.info("telegram refused a file of outbox row %d; sending it as something plainer", sending.outbox_id)
            sending = following

    async def _call_with_files(self, form: files.Form) -> tuple[int, bytes]:
        if not form.uploads:
            return await self._call(form.method, encoded(form.fields))
        try:
            return await self._api.upload(form.method, form.texts, form.uploads, UPLOAD_SECONDS)
        except CallFailed as failed:
            raise outcomes.failure(failed) from failed

    async def edit(self, sending: Sending) -> None:
        """Change the message `sending.edits_ref`; already so, or gone, is success.

        Below a file the text is its caption, and where neither was, the buttons alone can change.
        """
        if sending.message.topic:
            await self._topics.change(sending)
            return
        if sending.message.gone:
            await self._delete(sending)
            return
        if sending.message.attachments:
            await self._edit_below_files(sending)
            return
        status, answer = await self._call("editMessageText", encoded(_edit_message(sending, sending.message)))
        if status != 200 and sending.message.links and outcomes.entities_refused(status, answer):
            plain = msgspec.structs.replace(sending.message, links=())
            status, answer = await self._call("editMessageText", encoded(_edit_message(sending, plain)))
        outcomes.require_edited(status, answer)

    async def _delete(self, sending: Sending) -> None:
        """Delete a message, of an album all that it is: their ids follow its first one's."""
        first = number_of(sending.edits_ref or "", "message")
        chat, count = number_of(sending.chat, "chat"), max(1, len(sending.message.attachments))
        if count == 1:
            body = encoded({"chat_id": chat, "message_id": first})
            status, answer = await self._call("deleteMessage", body)
        else:
            body = encoded({"chat_id": chat, "message_ids": list(range(first, first + count))})
            status, answer = await self._call("deleteMessages", body)
        outcomes.require_deleted(status, answer)

    async def _edit_below_files(self, sending: Sending) -> None:
        method, body = _edit_caption(sending, sending.message)
        status, answer = await self._call(method, body)
        if status == 400 and outcomes.has_no_caption(status, answer):  # it went without its file
            plain = msgspec.structs.replace(sending.message, attachments=())
            await self.edit(msgspec.structs.replace(sending, message=plain))
            return
        outcomes.require_edited(status, answer)

    async def notice(self, chat: str, query: str, text: str | None) -> None:
        """Answer a tap, one try: after 150 s Telegram has forgotten it, and its effect stands without this."""
        del chat  # the tap's own id is enough here
        try:
            body = encoded(_AnswerCallbackQuery(query, (text or "")[:LONGEST_NOTICE]))
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
    return _SendMessage(
        chat_id=number_of(sending.chat, "chat"),
        text=message.text,
        reply_markup=_markup(message),
        entities=_entities(message),
        reply_parameters=_Reply(number_of(message.replies_to, "message")) if message.replies_to else None,
        link_preview_options=NO_PREVIEW,
        message_thread_id=number_of(sending.thread, "topic") if sending.thread else None,
    )


def _outside(sending: Sending) -> Sending:
    """Return a message as it goes into the general chat, because its topic is gone."""
    log.warning("the topic of outbox row %d is gone; sending it into the general chat", sending.outbox_id)
    return msgspec.structs.replace(sending, thread="")


def _edit_message(sending: Sending, message: Message) -> _EditMessageText:
    _require_fitting(message)
    return _EditMessageText(
        chat_id=number_of(sending.chat, "chat"),
        message_id=number_of(sending.edits_ref or "", "message"),
        text=message.text,
        reply_markup=_keyboard(message),
        entities=_entities(message),
        link_preview_options=NO_PREVIEW,
    )


def _form(sending: Sending) -> files.Form:
    """Return the call that sends files; a field that is not wanted is left out."""
    message = sending.message
    _require_buttons(message)
    if units(message.text) > LONGEST_CAPTION:
        raise NotDelivered(
            "REJECTED", f"{units(message.text)} UTF-16 units below a file, {LONGEST_CAPTION} are allowed"
        )
    common: dict[str, Any] = {"chat_id": number_of(sending.chat, "chat")}
    if sending.thread:
        common["message_thread_id"] = number_of(sending.thread, "topic")
    if markup := _markup(message):
        common["reply_markup"] = markup
    if message.replies_to:
        common["reply_parameters"] = _Reply(number_of(message.replies_to, "message"))
    caption: dict[str, Any] = {"caption": message.text} if message.text else {}
    if message.text and (entities := _entities(message)):
        caption["caption_entities"] = entities
    return files.form_of(sending, common, caption)


def _edit_caption(sending: Sending, message: Message) -> tuple[str, bytes]:
    """Return method and body that change what stands below a file; a caption too long for it is cut."""
    _require_buttons(message)
    fields: dict[str, Any] = {
        "chat_id": number_of(sending.chat, "chat"),
        "message_id": number_of(sending.edits_ref or "", "message"),
    }
    if keyboard := _keyboard(message):
        fields["reply_markup"] = keyboard
    if not message.text:
        return "editMessageReplyMarkup", encoded(fields)
    fields["caption"] = _cut(message.text, LONGEST_CAPTION)
    if fields["caption"] == message.text and (entities := _entities(message)):
        fields["caption_entities"] = entities
    return "editMessageCaption", encoded(fields)


def _cut(text: str, longest: int) -> str:
    """Return the text, or its beginning and an ellipsis."""
    if units(text) <= longest:
        return text
    octets = text.encode("utf-16-le", "surrogatepass")[: 2 * (longest - 1)]
    return octets.decode("utf-16-le", "ignore") + "…"


def _markup(message: Message) -> _Keyboard | msgspec.Raw | None:
    markup = _keyboard(message)
    return REPLY_FIELD if markup is None and message.invites_reply else markup


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
    _require_buttons(message)


def _require_buttons(message: Message) -> None:
    for row in message.rows:
        for button in row:
            if not 1 <= len(button.press.encode("utf-8", "replace")) <= LONGEST_PRESS:
                raise NotDelivered("REJECTED", f"a button's callback data must have 1 to {LONGEST_PRESS} bytes")
