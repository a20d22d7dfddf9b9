"""Groups, as staff use them: who is in them, what the bot may see there, and their change into supergroups."""

from collections.abc import Sequence
from typing import Literal

from tests.fake_telegram.parameters import Json
from tests.fake_telegram.people import Person, commands_in
from tests.fake_telegram.stage import Stage
from tests.fake_telegram.world import Chat, Membership, Message

ANONYMOUS_ADMIN: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
SPOKEN_BY_CHANNEL: Json = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}


class Group:
    """A group or supergroup.

    By Telegram's default a bot in a group sees only commands, answers to its own messages, and service messages;
    `privacy=False`, or the bot as an administrator, shows it everything.
    """

    def __init__(self, stage: Stage, chat: Chat, members: Sequence[Person], *, privacy: bool) -> None:
        self._stage = stage
        self.chat = chat
        self.members = list(members)
        self.privacy = privacy
        self.old_id: int | None = None

    @property
    def id(self) -> int:
        return self.chat.id

    # The bot comes and goes.

    async def adds_bot(self, by: Person, *, administrator: bool = False) -> None:
        """my_chat_member and the service message, as Telegram sends both."""
        status: Membership = "administrator" if administrator else "member"
        self._stage.change_bot(self.chat, by.user, status)
        self._service(by, new_chat_members=[self._stage.world.bot])

    async def removes_bot(self, by: Person) -> None:
        self._stage.change_bot(self.chat, by.user, "kicked")

    # People come, go and speak.

    async def adds(self, person: Person, by: Person | None = None) -> None:
        self.members.append(person)
        self._service(by or person, new_chat_members=[person.user])

    async def removes(self, person: Person, by: Person | None = None) -> None:
        self.members.remove(person)
        self._service(by or person, left_chat_member=person.user)

    async def says_anonymously(self, text: str) -> Message:
        """An administrator writes as the group itself."""
        return self._spoken(ANONYMOUS_ADMIN, self.chat.json(), text)

    async def says_as_channel(self, text: str, title: str = "News") -> Message:
        """Somebody writes as a channel of theirs."""
        return self._spoken(SPOKEN_BY_CHANNEL, {"id": -1009000000001, "type": "channel", "title": title}, text)

    def topic(self, name: str) -> int:
        """Open a topic and return its message_thread_id. Raises AssertionError if the group has no topics."""
        assert self.chat.forum, "make the group with topics=True"
        creator = (self.members[0].user if self.members else None) or ANONYMOUS_ADMIN
        opened = self._stage.world.new_message(
            self.chat, **{"from": creator}, forum_topic_created={"name": name, "icon_color": 7322096}
        )
        self.chat.topics[opened["message_id"]] = name
        return int(opened["message_id"])

    # Migration.

    async def migrates(self, announced: Literal["both", "from", "to", "none"] = "both") -> int:
        """Become a supergroup and return the new id; sends to the old one are refused with it from now on.

        Telegram announces it in both chats: `migrate_to_chat_id` in the old one, `migrate_from_chat_id` in the
        new one. With "none" the bot first learns of it by the error; `announces_migration` may follow.
        """
        assert self.chat.kind == "group", "only a basic group can migrate"
        world = self._stage.world
        old = self.chat
        new = Chat(-1_000_000_000_000 - world.new_id() % 1_000_000_000, "supergroup", old.title, bot=old.bot)
        world.chats[new.id] = new
        old.migrated_to = new.id
        self.old_id, self.chat = old.id, new
        await self.announces_migration(announced)
        return new.id

    async def announces_migration(self, announced: Literal["both", "from", "to", "none"] = "both") -> None:
        assert self.old_id is not None, "the group has not migrated"
        world = self._stage.world
        old = world.chats[self.old_id]
        creator = self.members[0].user if self.members else ANONYMOUS_ADMIN
        if announced in ("both", "to"):
            leaving = world.new_message(old, **{"from": creator}, migrate_to_chat_id=self.chat.id)
            self._stage.publish("message", leaving, old)
        if announced in ("both", "from"):
            arriving = world.new_message(self.chat, **{"from": ANONYMOUS_ADMIN}, migrate_from_chat_id=self.old_id)
            self._stage.publish("message", arriving, self.chat)

    # What the bot sees.

    def shows_to_bot(self, message: Json) -> bool:
        """Whether Telegram gives this message to the bot."""
        if self.chat.bot not in ("member", "administrator"):
            return False
        if not self.privacy or self.chat.bot == "administrator":
            return True
        bot = self._stage.world.bot
        replied = message.get("reply_to_message") or {}
        if replied.get("from", {}).get("id") == bot["id"]:
            return True
        return _commands_bot(message, bot["username"])

    def _spoken(self, sender: Json, sender_chat: Json, text: str) -> Message:
        message = self._stage.world.new_message(
            self.chat, **{"from": sender}, sender_chat=sender_chat, text=text, entities=commands_in(text)
        )
        if self.shows_to_bot(message):
            self._stage.publish("message", message, self.chat)
        return self.chat.seen(message)

    def _service(self, by: Person, **content: object) -> None:
        message = self._stage.world.new_message(self.chat, **{"from": by.user}, **content)
        if self.chat.bot in ("member", "administrator"):
            self._stage.publish("message", message, self.chat)


class Broadcast:
    """A channel: its posts have no author."""

    def __init__(self, stage: Stage, chat: Chat) -> None:
        self._stage = stage
        self.chat = chat

    @property
    def id(self) -> int:
        return self.chat.id

    async def posts(self, text: str) -> Message:
        post = self._stage.world.new_message(
            self.chat, sender_chat=self.chat.json(), text=text, entities=commands_in(text)
        )
        if self.chat.bot == "administrator":
            self._stage.publish("channel_post", post, self.chat)
        return self.chat.seen(post)


def _commands_bot(message: Json, username: str) -> bool:
    """It holds a command for this bot: `/take@makegood_bot`, or `/take` for any."""
    octets = str(message.get("text", "")).encode("utf-16-le")
    for entity in message.get("entities") or []:
        if entity["type"] == "bot_command":
            command = octets[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            _, _, addressed = command.partition("@")
            if addressed.lower() in ("", username.lower()):
                return True
    return False
