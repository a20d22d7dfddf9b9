"""Topics of a forum: created, renamed, closed and opened again by the bot, and Telegram's words where it may not.

A bot needs the right to manage topics; here an administrator has it. A topic's id is that of its first message.
"""

from collections.abc import Callable
from typing import Any

from tests.fake_telegram.parameters import Json
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.world import Chat, World

NO_FORUM = "Bad Request: the chat is not a forum"
NO_RIGHT = "Bad Request: not enough rights to create a topic"
NO_RIGHT_TO_CHANGE = "Bad Request: not enough rights to manage the topic"
NOT_FOUND = "Bad Request: message thread not found"
NOT_MODIFIED = "Bad Request: TOPIC_NOT_MODIFIED"
CLOSED = "Bad Request: TOPIC_CLOSED"


class Topics:
    """The methods of topics by name."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def methods(self) -> dict[str, Callable[[Json], Any]]:
        return {
            "createForumTopic": self._create,
            "editForumTopic": self._rename,
            "closeForumTopic": lambda params: self._set_closed(params, closed=True),
            "reopenForumTopic": lambda params: self._set_closed(params, closed=False),
            "deleteForumTopic": self._delete,
        }

    def _create(self, params: Json) -> Json:
        chat = self._forum(params)
        if chat.bot != "administrator":
            raise Refused(400, NO_RIGHT)
        name = str(params.get("name") or "")
        if not 1 <= len(name) <= 128:
            raise Refused(
                400, "Bad Request: topic name must be non-empty" if not name else "Bad Request: name too long"
            )
        made = {"name": name, "icon_color": 7322096}
        opened = self._world.new_message(chat, **{"from": self._world.bot}, forum_topic_created=made)
        chat.topics[opened["message_id"]] = name
        return {"message_thread_id": opened["message_id"], **made}

    def _rename(self, params: Json) -> bool:
        chat, thread = self._topic(params)
        name = params.get("name") or chat.topics[thread]
        if name == chat.topics[thread]:
            raise Refused(400, NOT_MODIFIED)
        chat.topics[thread] = str(name)
        self._world.changed.ring()
        return True

    def _set_closed(self, params: Json, *, closed: bool) -> bool:
        chat, thread = self._topic(params)
        if (thread in chat.closed_topics) == closed:
            raise Refused(400, NOT_MODIFIED)
        (chat.closed_topics.add if closed else chat.closed_topics.remove)(thread)
        self._world.changed.ring()
        return True

    def _delete(self, params: Json) -> bool:
        chat, thread = self._topic(params)
        del chat.topics[thread]
        return True

    def _topic(self, params: Json) -> tuple[Chat, int]:
        chat, thread = self._forum(params), params.get("message_thread_id")
        if thread not in chat.topics:
            raise Refused(400, NOT_FOUND)
        if chat.bot != "administrator":
            raise Refused(400, NO_RIGHT_TO_CHANGE)
        return chat, int(thread)

    def _forum(self, params: Json) -> Chat:
        chat = self._world.chat(params.get("chat_id"))
        chat.require_reachable()
        if not chat.forum:
            raise Refused(400, NO_FORUM)
        return chat


def require_open(chat: Chat, thread: object) -> None:
    """Raise Refused when a message cannot go into that topic; an administrator writes into a closed one, too."""
    if thread is None:
        return
    if thread not in chat.topics:
        raise Refused(400, NOT_FOUND)
    if thread in chat.closed_topics and chat.bot != "administrator":
        raise Refused(400, CLOSED)
