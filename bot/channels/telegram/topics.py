"""Topics of a group: opened, renamed, closed and opened again.

A topic's id is that of its first message. Changing one that is so already, or gone, is success, as with messages.
"""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from bot.channels.messages import NotDelivered, Sending
from bot.channels.telegram import outcomes
from bot.channels.telegram.bodies import encoded, number_of

LONGEST_NAME = 128


class _Topic(msgspec.Struct, frozen=True):
    message_thread_id: int


class _Opened(msgspec.Struct, frozen=True):
    ok: bool
    result: _Topic


_opened = msgspec.json.Decoder(_Opened)

Call = Callable[[str, bytes], Awaitable[tuple[int, bytes]]]


class Topics:
    """The topics of the groups that a bot is in; `call` makes one call of the Bot API."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def open(self, sending: Sending) -> str:
        """Open a topic and return its id. Raises NotDelivered; a chat that refuses topics takes messages still."""
        body = {"chat_id": number_of(sending.chat, "chat"), "name": sending.message.text[:LONGEST_NAME]}
        status, answer = await self._call("createForumTopic", encoded(body))
        if status == 200:
            try:
                opened = _opened.decode(answer)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                raise NotDelivered("AMBIGUOUS", "an answer that is none") from None
            if opened.ok:
                return str(opened.result.message_thread_id)
        raise _of_topics_only(outcomes.refusal(status, answer))

    async def change(self, sending: Sending) -> None:
        """Give a topic its name, and close it or open it again."""
        place = {
            "chat_id": number_of(sending.chat, "chat"),
            "message_thread_id": number_of(sending.edits_ref or "", "topic"),
        }
        await self._require("editForumTopic", {**place, "name": sending.message.text[:LONGEST_NAME]})
        await self._require("closeForumTopic" if sending.message.topic == "closed" else "reopenForumTopic", place)

    async def _require(self, method: str, body: Mapping[str, object]) -> None:
        status, answer = await self._call(method, encoded(body))
        if not outcomes.topic_is_so(status, answer):
            raise _of_topics_only(outcomes.refusal(status, answer))


def _of_topics_only(failure: NotDelivered) -> NotDelivered:
    """A missing right to manage topics says nothing about messages: the chat is there as before."""
    if failure.reason == "UNREACHABLE" and "topic" in failure.detail.lower():
        return NotDelivered("REJECTED", failure.detail)
    return failure
