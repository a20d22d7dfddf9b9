# ruff: noqa: ASYNC109 - a test says how long it waits
"""People: they write, tap, edit, block and wait for the bot to say something.

A person acts as a person on a telephone does: what they tap must be on their screen (unless a test lets them tap
what was there before), and what they hear is what Telegram shows, edits and deletions included.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from tests.fake_telegram import kinds, media
from tests.fake_telegram.checks import units
from tests.fake_telegram.parameters import Json
from tests.fake_telegram.queries import Notice, Query
from tests.fake_telegram.stage import Stage
from tests.fake_telegram.updates import CALLBACK_LIFE
from tests.fake_telegram.world import Button, Chat, Happened, Message, World

if TYPE_CHECKING:
    from tests.fake_telegram.groups import Group

T = TypeVar("T")

PATIENCE = 60.0  # real seconds a person waits for the bot before the test fails: no right bot needs a tenth of it


class Tap:
    """A tap that was made. `notice` is the bot's answer to it, None while there is none."""

    def __init__(self, query: Query, world: World) -> None:
        self._query = query
        self._world = world

    @property
    def id(self) -> str:
        return self._query.id

    @property
    def notice(self) -> Notice | None:
        return self._query.notice

    async def answered(self, timeout: float = PATIENCE) -> Notice:
        """Return the bot's answer to this tap. Raises AssertionError when none comes in `timeout` real seconds."""

        def found() -> Notice | None:
            return self._query.notice

        return await until(self._world, found, timeout, "the tap was not answered")


class Person:
    """Somebody with a telephone. Their private chat with the bot has their own id."""

    def __init__(self, stage: Stage, user: Json, chat: Chat) -> None:
        self._stage = stage
        self._heard: dict[int, int] = {}  # by chat: how much of what happened there was heard
        self.user = user
        self.chat = chat

    @property
    def id(self) -> int:
        return int(self.user["id"])

    @property
    def name(self) -> str:
        return str(self.user["first_name"])

    # What they do.

    async def says(
        self, text: str, *, chat: "Group | None" = None, reply_to: Message | None = None, **more: object
    ) -> Message:
        """Write a text; `/commands` in it are marked as Telegram marks them. `more` are further message fields."""
        return self._write(chat, reply_to, text=text, entities=commands_in(text), **more)

    async def says_in_topic(self, thread: int, text: str, *, chat: "Group") -> Message:
        """Write a text in a topic that answers nobody: Telegram gives it as an answer to the topic's root."""
        return await self.says(text, chat=chat, message_thread_id=thread, is_topic_message=True)

    async def replies(self, to: Message, text: str, *, chat: "Group | None" = None) -> Message:
        """Write a text in answer to a message."""
        return await self.says(text, chat=chat, reply_to=to)

    async def sends(
        self,
        kind: str,
        *,
        chat: "Group | None" = None,
        reply_to: Message | None = None,
        content: bytes | None = None,
        named: str = "",
        **more: object,
    ) -> Message:
        """Send one of `kinds.KINDS`; `more` replaces or adds message fields, such as `caption`.

        `content` is what a file of it contains, for a file that is not what it says; `named` what a document is called.
        """

        def file(what: str, size: int) -> Json:
            stored = media.content_of(what, size) if content is None else content
            return media.file_json(self._stage.world.new_file(what, stored), len(stored))

        fields = kinds.content(kind, self.user, int(self._stage.world.clock.now()), file)
        if named:
            fields[kind]["file_name"] = named
        return self._write(chat, reply_to, **(fields | more))

    async def sends_album(self, *kinds_of: str, album: str = "24680", **more: Any) -> list[Message]:
        """Send several as one act; `more` goes with the first, as a caption does."""
        return [
            await self.sends(kind, media_group_id=album, **(more if number == 0 else {}))
            for number, kind in enumerate(kinds_of)
        ]

    async def edits(self, message: Message, text: str) -> Message:
        """Change a text that they wrote."""
        chat = self._stage.world.chats[message.chat_id]
        found = chat.messages[message.message_id]
        assert found.get("from", {}).get("id") == self.id, f"{self.name} did not write message {message.message_id}"
        self._stage.world.edit(chat, found, text=text, entities=commands_in(text))
        self._stage.publish("edited_message", found, chat)
        return chat.seen(found)

    async def deletes(self, message: Message) -> None:
        """Delete a message on both sides. The bot is told nothing."""
        self._stage.world.delete(self._stage.world.chats[message.chat_id], message.message_id)

    async def taps(self, label: str, message: Message | None = None, *, chat: "Group | None" = None) -> Tap:
        """Tap a button that is on the screen: of this message, or of the latest that has such a one."""
        where = self._chat(chat) if message is None else self._stage.world.chats[message.chat_id]
        for shown in self._from_below(where):
            button = shown.button(label) if message is None or shown.message_id == message.message_id else None
            if button is not None:
                return self._press(where, shown.message_id, _press(button))
        raise AssertionError(f"{self.name} sees no button {label!r}; the screen is\n" + "\n".join(lines(where)))

    async def taps_again(self, message: Message, label: str) -> Tap:
        """Tap a button of a message as it was then, even if it is gone from the screen now."""
        button = message.button(label)
        assert button is not None, f"message {message.message_id} had no button {label!r}, but {message.labels}"
        return self._press(self._stage.world.chats[message.chat_id], message.message_id, _press(button))

    async def forges(self, press: str, message: Message) -> Tap:
        """Send callback data of one's own making, as a manipulated client can (reliability.md G1)."""
        return self._press(self._stage.world.chats[message.chat_id], message.message_id, press)

    async def starts(self, token: str = "") -> Message:
        """Press Start, by a deep link when there is a token."""
        return await self.says(f"/start {token}".rstrip())

    async def blocks(self) -> None:
        self._stage.change_bot(self.chat, self.user, "kicked")

    async def unblocks(self) -> None:
        self._stage.change_bot(self.chat, self.user, "member")

    async def deactivates(self) -> None:
        """Delete the account: sends to it are refused from now on, and the bot is told nothing."""
        self.chat.deactivated = True

    # What they see.

    async def hears(
        self,
        timeout: float = PATIENCE,
        *,
        containing: str = "",
        edits: bool = False,
        chat: "Group | None" = None,
    ) -> Message:
        """Return the next message of the bot that they have not heard, waiting up to `timeout` real seconds.

        With `containing`, what comes before such a message is passed over. With `edits`, an edit counts as a
        message too. Raises AssertionError, with the conversation so far, when nothing comes.
        """
        where = self._chat(chat)

        def found() -> Message | None:
            while self._heard.get(where.id, 0) < len(where.happened):
                event = where.happened[self._heard.get(where.id, 0)]
                self._heard[where.id] = self._heard.get(where.id, 0) + 1
                if _audible(event, edits) and containing in event.message.text:
                    return event.message
            return None

        told = f"{self.name} heard nothing" + (f" containing {containing!r}" if containing else "")
        return await until(self._stage.world, found, timeout, told, where)

    async def hears_nothing(self, seconds: float = 0.2, *, chat: "Group | None" = None) -> None:
        """Wait so long (real seconds) and fail if the bot wrote anything that they had not heard."""
        try:
            heard = await self.hears(seconds, chat=chat)
        except AssertionError:
            return
        raise AssertionError(f"{self.name} heard {heard.text!r}")

    async def sees(self, text: str, timeout: float = PATIENCE, *, chat: "Group | None" = None) -> Message:
        """Return the message on the screen that contains this text, waiting for it or for the edit that brings it."""
        where = self._chat(chat)

        def found() -> Message | None:
            return next((each for each in self._from_below(where) if text in each.text), None)

        return await until(self._stage.world, found, timeout, f"{self.name} does not see {text!r}", where)

    async def sees_gone(self, text: str, timeout: float = PATIENCE, *, chat: "Group | None" = None) -> None:
        """Wait until a message that contained this text was deleted; a second copy of it may still be there."""
        where = self._chat(chat)

        def found() -> bool | None:
            gone = [event for event in where.happened if event.what == "deleted" and text in event.message.text]
            return True if gone else None

        await until(self._stage.world, found, timeout, f"{text!r} was not deleted", where)

    def screen(self, chat: "Group | None" = None) -> list[Message]:
        """The chat as Telegram shows it now, both sides, oldest first."""
        return list(reversed([*self._from_below(self._chat(chat))]))

    @property
    def conversation(self) -> list[str]:
        """The private chat as lines, in the order in which things happened."""
        return lines(self.chat)

    # How it is done.

    def _chat(self, group: "Group | None") -> Chat:
        return self.chat if group is None else group.chat

    @staticmethod
    def _from_below(chat: Chat) -> Iterator[Message]:
        """What is on the screen, the latest first: where a person looks."""
        return (chat.seen(message) for message in reversed(chat.messages.values()))

    def _write(self, group: "Group | None", reply_to: Message | None, **content: object) -> Message:
        chat = self._chat(group)
        if chat.kind == "private":
            assert chat.bot != "kicked", f"{self.name} has blocked the bot; unblocks() comes first"
            chat.bot = "member"
        replied = None if reply_to is None else chat.messages.get(reply_to.message_id)
        if replied is not None and replied.get("is_topic_message"):
            content = {"message_thread_id": replied["message_thread_id"], "is_topic_message": True, **content}
        elif replied is None and content.get("is_topic_message"):  # in a topic everything answers its root
            replied = chat.messages.get(int(str(content["message_thread_id"])))
        message = self._stage.world.new_message(
            chat, **{"from": self.user}, reply_to_message=_without_reply(replied), **content
        )
        if group is None or group.shows_to_bot(message):
            self._stage.publish("message", message, chat)
        return chat.seen(message)

    def _press(self, chat: Chat, message_id: int, press: str) -> Tap:
        assert chat.bot not in ("kicked", "left"), f"the bot is not in the chat in which {self.name} taps"
        query = self._stage.queries.new()
        gone: Json = {"chat": chat.json(), "message_id": message_id, "date": 0}
        message: Json = chat.messages.get(message_id, gone)
        self._stage.updates.put(
            "callback_query",
            {
                "id": query.id,
                "from": self.user,
                "message": msgspec.json.decode(msgspec.json.encode(message)),
                "chat_instance": str(77_000_000 + abs(chat.id)),
                "data": press,
            },
            f"taps of {self.id}",
            life=CALLBACK_LIFE,
        )
        return Tap(query, self._stage.world)


def commands_in(text: str) -> list[Json] | None:
    """The bot_command entities of a text."""
    found = [
        {"type": "bot_command", "offset": units(text[: match.start()]), "length": units(match.group())}
        for match in re.finditer(r"(?<!\S)/[A-Za-z0-9_]{1,32}(@\w+)?(?![\w/])", text)
    ]
    return found or None


def lines(chat: Chat) -> list[str]:
    """A chat as text: who said what, with the buttons below it, edits and deletions as they came."""
    told = []
    for event in chat.happened:
        message = event.message
        who = "bot" if message.from_bot else message.sender.lower()
        what = message.text or "<" + ", ".join(message.raw.keys() - {"message_id", "from", "chat", "date"}) + ">"
        verb = {"written": "", "edited": " edits", "deleted": " deletes"}[event.what]
        buttons = "".join(f" [{label}]" for label in message.labels)
        told.append(f"{who}{verb}: {what}{buttons}")
    return told


async def until(world: World, found: Callable[[], T | None], timeout: float, told: str, chat: Chat | None = None) -> T:
    """Return what `found` finds, looking again at every change. Raises AssertionError after `timeout` seconds."""
    try:
        async with asyncio.timeout(timeout):
            while (result := found()) is None:
                await world.changed.wait()
            return result
    except TimeoutError:
        so_far = "" if chat is None else "; so far:\n" + "\n".join(lines(chat))
        raise AssertionError(f"{told} within {timeout} s{so_far}") from None


def _audible(event: Happened, edits: bool) -> bool:
    return event.message.from_bot and (event.what == "written" or (edits and event.what == "edited"))


def _press(button: Button) -> str:
    assert button.press, f"the button {button.label!r} leads to {button.url!r}; tapping it tells the bot nothing"
    return button.press


def _without_reply(message: Json | None) -> Json | None:
    return message and {name: value for name, value in message.items() if name != "reply_to_message"}
