"""The methods of the Bot API that answer at once: what each does to the world and what it returns.

`Methods.call(name, params)` returns the result or raises Refused. getUpdates, which may wait, is the server's.
"""

from collections.abc import Callable
from typing import Any

from tests.fake_telegram import checks, media, refusals
from tests.fake_telegram.parameters import Json, Upload
from tests.fake_telegram.queries import Queries
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.topics import Topics, require_open
from tests.fake_telegram.world import Chat, World

# Taken and answered with true: makegood may call them, nothing here depends on them.
TAKEN = frozenset(
    [
        "setMyName",
        "setMyDescription",
        "setMyShortDescription",
        "setChatMenuButton",
        "setMyDefaultAdministratorRights",
        "logOut",
        "close",
        "pinChatMessage",
        "unpinChatMessage",
        "unpinAllChatMessages",
        "setMessageReaction",
        "setChatTitle",
    ]
)


class Methods:
    """The methods by name, whatever the case of its letters, as Telegram takes them."""

    def __init__(self, world: World, queries: Queries, left: Callable[[Chat], None]) -> None:
        self._world = world
        self._queries = queries
        self._left = left
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self._methods: dict[str, Callable[[Json], Any]] = {
            "getMe": self._get_me,
            "sendMessage": self._send_message,
            "sendMediaGroup": self._send_album,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "deleteMessages": self._delete_several,
            "answerCallbackQuery": self._queries.answer,
            "sendChatAction": self._chat_action,
            "getChat": self._get_chat,
            "getChatMember": self._get_chat_member,
            "leaveChat": self._leave,
            "getFile": self._get_file,
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda params: self.commands.get(checks.scope_key(params), []),
            "deleteMyCommands": self._delete_commands,
        }
        self._methods |= Topics(world).methods
        self._methods |= dict.fromkeys(TAKEN, self._taken)
        self._methods |= {name: self._media(kind) for name, kind in media.SENDS.items()}
        self._names = {name.lower(): name for name in self._methods}

    def name(self, called: str) -> str | None:
        """The method's own spelling, or None when there is no such method."""
        return self._names.get(called.lower())

    def call(self, name: str, params: Json) -> Any:
        return self._methods[name](params)

    @staticmethod
    def _taken(params: Json) -> bool:
        return True

    def _get_me(self, params: Json) -> Json:
        return {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            **self._world.bot,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    # Messages.

    def _send_message(self, params: Json) -> Json:
        text = checks.text(params)
        entities = checks.entities(params.get("entities"), text)
        return self._post(params, text=text, entities=entities)

    def _media(self, kind: str) -> Callable[[Json], Json]:
        def send(params: Json) -> Json:
            given = params.get(kind)
            if not given:
                raise Refused(400, f"Bad Request: there is no {kind} in the request")
            caption = checks.caption(params)
            entities = checks.entities(params.get("caption_entities"), caption or "")
            chat = self._world.chat(params.get("chat_id"))
            chat.require_reachable()
            chat.require_files(kind)
            content = media.taken(self._world, kind, given, str(given) if isinstance(given, Upload) else "")
            return self._post(params, **content, caption=caption, caption_entities=entities)

        return send

    def _send_album(self, params: Json) -> list[Json]:
        chat = self._world.chat(params.get("chat_id"))
        chat.require_reachable()
        chat.require_files("photo")
        number = str(self._world.new_id())
        contents = media.album(self._world, params)
        return [self._post(params, **content, media_group_id=number) for content in contents]

    def _post(self, params: Json, **content: Any) -> Json:
        """Put the bot's message into its chat, if the chat takes it."""
        shown = checks.inline_markup(params.get("reply_markup"))
        chat = self._world.chat(params.get("chat_id"))
        chat.require_reachable()
        thread = params.get("message_thread_id")
        require_open(chat, thread)
        return self._world.new_message(
            chat,
            **{"from": self._world.bot},
            reply_markup=shown,
            reply_to_message=self._replied(chat, params),
            message_thread_id=thread,
            is_topic_message=True if thread is not None else None,
            **content,
        )

    @staticmethod
    def _replied(chat: Chat, params: Json) -> Json | None:
        reply = params.get("reply_parameters") or {"message_id": params.get("reply_to_message_id")}
        message_id = reply.get("message_id")
        if message_id is None:
            return None
        found = chat.messages.get(message_id)
        if found is None:
            if reply.get("allow_sending_without_reply") or params.get("allow_sending_without_reply"):
                return None
            raise Refused(400, refusals.NOT_FOUND_TO_REPLY)
        return {name: value for name, value in found.items() if name != "reply_to_message"}

    def _own_message(self, params: Json) -> tuple[Chat, Json]:
        chat = self._world.chat(params.get("chat_id"))
        chat.require_reachable()
        message = chat.messages.get(params.get("message_id") or 0)
        if message is None:
            raise Refused(400, refusals.NOT_FOUND_TO_EDIT)
        if message.get("from", {}).get("id") != self._world.bot["id"]:
            raise Refused(400, refusals.CANNOT_EDIT)
        return chat, message

    def _edit_text(self, params: Json) -> Json:
        text = checks.text(params)
        entities = checks.entities(params.get("entities"), text)
        shown = checks.inline_markup(params.get("reply_markup"))
        chat, message = self._own_message(params)
        if "text" not in message:
            raise Refused(400, "Bad Request: there is no text in the message to edit")
        now = (message["text"], message.get("entities"), message.get("reply_markup"))
        if now == (text, entities, shown):
            raise Refused(400, refusals.NOT_MODIFIED)
        return self._world.edit(chat, message, text=text, entities=entities, reply_markup=shown)

    def _edit_caption(self, params: Json) -> Json:
        caption = checks.caption(params)
        entities = checks.entities(params.get("caption_entities"), caption or "")
        shown = checks.inline_markup(params.get("reply_markup"))
        chat, message = self._own_message(params)
        if "text" in message:
            raise Refused(400, "Bad Request: there is no caption in the message to edit")
        now = (message.get("caption"), message.get("caption_entities"), message.get("reply_markup"))
        if now == (caption, entities, shown):
            raise Refused(400, refusals.NOT_MODIFIED)
        return self._world.edit(chat, message, caption=caption, caption_entities=entities, reply_markup=shown)

    def _edit_markup(self, params: Json) -> Json:
        shown = checks.inline_markup(params.get("reply_markup"))
        chat, message = self._own_message(params)
        if message.get("reply_markup") == shown:
            raise Refused(400, refusals.NOT_MODIFIED)
        return self._world.edit(chat, message, reply_markup=shown)

    def _delete(self, params: Json) -> bool:
        chat = self._world.chat(params.get("chat_id"))
        chat.require_reachable()
        if params.get("message_id") not in chat.messages:
            raise Refused(400, refusals.NOT_FOUND_TO_DELETE)
        self._world.delete(chat, params["message_id"])
        return True

    def _delete_several(self, params: Json) -> bool:
        """Those that are not there are passed over, as Telegram does."""
        chat = self._world.chat(params.get("chat_id"))
        chat.require_reachable()
        ids = params.get("message_ids") or []
        if not 1 <= len(ids) <= 100:
            raise Refused(400, "Bad Request: there are no message identifiers in the request")
        for message_id in ids:
            if message_id in chat.messages:
                self._world.delete(chat, message_id)
        return True

    # Chats.

    def _chat_action(self, params: Json) -> bool:
        self._world.chat(params.get("chat_id")).require_reachable()
        if not params.get("action"):
            raise Refused(400, "Bad Request: wrong parameter action in request")
        return True

    def _get_chat(self, params: Json) -> Json:
        chat = self._world.chat(params.get("chat_id"))
        gifts = dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
        )
        about = {**chat.json(), "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}
        if chat.kind in ("group", "supergroup"):
            about["permissions"] = {"can_send_messages": not chat.muted}
        return about

    def _get_chat_member(self, params: Json) -> Json:
        chat = self._world.chat(params.get("chat_id"))
        user_id = params.get("user_id")
        if user_id == self._world.bot["id"]:
            return member(self._world.bot, chat.bot)
        user = self._world.users.get(user_id or 0)
        if user is None:
            raise Refused(400, "Bad Request: user not found")
        return member(user, "member")

    def _leave(self, params: Json) -> bool:
        chat = self._world.chat(params.get("chat_id"))
        chat.require_reachable()
        if chat.kind == "private":
            raise Refused(400, "Bad Request: chat member status can't be changed in private chats")
        self._left(chat)
        return True

    def _get_file(self, params: Json) -> Json:
        file_id = str(params.get("file_id", ""))
        if file_id not in self._world.files:
            raise Refused(400, "Bad Request: invalid file_id")
        size = len(self._world.files[file_id])
        if size > 20 * 1024 * 1024:
            raise Refused(400, "Bad Request: file is too big")
        return {
            "file_id": file_id,
            "file_unique_id": f"u-{file_id}",
            "file_size": size,
            "file_path": f"files/{file_id}",
        }

    # The bot's commands.

    def _set_commands(self, params: Json) -> bool:
        self.commands[checks.scope_key(params)] = checks.commands(params.get("commands"))
        return True

    def _delete_commands(self, params: Json) -> bool:
        self.commands.pop(checks.scope_key(params), None)
        return True


def member(user: Json, status: str) -> Json:
    """A ChatMember as Telegram writes it."""
    found: Json = {"user": user, "status": "left" if status == "absent" else status}
    if status == "kicked":
        found["until_date"] = 0
    if status == "administrator":
        rights = (
            "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members"
            " can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
        )
        found |= dict.fromkeys(rights.split(), False) | {"can_manage_topics": True}
    return found
