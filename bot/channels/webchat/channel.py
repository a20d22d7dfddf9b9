"""The web chat as a channel: what we say becomes an entry of the chat's log, and its open pages are woken.

Sending is one committed row whose key is the outbox row's, so it is never uncertain: said twice is said once,
and the message's id in this channel is the outbox row's own.
"""

import msgspec

from bot.channels.messages import NotDelivered, Sending
from bot.channels.updates import Unavailable
from bot.channels.webchat.log import NAME, Body, ChatLog, Edited, NoSuchChat, Said
from bot.channels.webchat.streams import Notice, Streams


class WebChat:
    """Implements `bot.channels.messages.Channel`."""

    name = NAME

    def __init__(self, log: ChatLog, streams: Streams) -> None:
        self._log = log
        self._streams = streams

    async def send(self, sending: Sending) -> str:
        ref = str(sending.outbox_id)
        await self._append(sending, Said(ref, sending.message), f"said:{sending.outbox_id}")
        return ref

    async def edit(self, sending: Sending) -> None:
        if sending.edits_ref is None:
            raise NotDelivered("REJECTED", "an edit without the message it changes")
        message = sending.message
        if message.gone:
            message = msgspec.structs.replace(message, attachments=(), rows=())
        await self._append(sending, Edited(sending.edits_ref, message), f"edited:{sending.outbox_id}")

    async def notice(self, chat: str, query: str, text: str | None) -> None:
        self._streams.wake(chat, Notice(query, text))

    async def _append(self, sending: Sending, body: Body, dedupe_key: str) -> None:
        try:
            await self._log.append(sending.chat, body, outbox_id=sending.outbox_id, dedupe_key=dedupe_key)
        except NoSuchChat:
            raise NotDelivered("UNREACHABLE", "there is no such web chat")
        except Unavailable as unavailable:
            raise NotDelivered("NOT_SENT", "the log takes nothing now", retry_after=unavailable.retry_after)
        self._streams.wake(sending.chat)
