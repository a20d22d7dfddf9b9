"""Somebody who edits surveys in their own chat: what they see, what they tap, what they type."""

from typing import Any

from msgspec.structs import replace

from bot.channels.messages import Message
from bot.outgoing import message_of
from storage.outbox import OutboxRow
from tests.bot.turning import World


class Editor:
    """A staff member with a telephone: the screen is what was posted, with every edit of it."""

    def __init__(self, world: World, chat: str) -> None:
        self.world = world
        self.chat = chat

    @classmethod
    async def hired(cls, world: World, name: str = "Eva", chat: str = "70", roles: str = "editor") -> "Editor":
        await world.staff(name, chat, roles)
        return cls(world, chat)

    async def says(self, text: str, **more: Any) -> str:
        """Type a text, and return what is on the screen then."""
        await self.world.receive(self.world.wrote(self.chat, text, **more))
        return await self.sees()

    async def taps(self, *labels: str) -> str:
        """Tap one button after the other, each of the newest message that has such a one; return what is shown then."""
        for label in labels:
            row, press = await self._find(label)
            await self.presses(press, row)
        return await self.sees()

    async def presses(self, press: str, row: OutboxRow) -> None:
        """Send what a button of a message sends, whether it is still there or not."""
        await self.world.run(
            lambda unit: unit.execute(
                "UPDATE outbox SET channel_ref = :ref WHERE id = :id", {"ref": f"ref{row.id}", "id": row.id}
            )
        )
        await self.world.receive(replace(self.world.pressed(self.chat, press), ref=f"ref{row.id}"))

    async def _find(self, label: str) -> tuple[OutboxRow, str]:
        screen = await self.screen()
        for row, message in reversed(screen):
            for button in (button for buttons in message.rows for button in buttons):
                if button.label == label or button.label.rstrip(" …") == label:
                    return row, button.press
        shown = "\n\n".join(_drawn(message) for _, message in screen[-3:])
        raise AssertionError(f"there is no button {label!r}; the screen ends with\n{shown}")

    async def screen(self) -> list[tuple[OutboxRow, Message]]:
        """Return the messages as they look now, each with the row that posted it, the newest last."""
        looks: dict[int, tuple[OutboxRow, Message]] = {}
        for row in await self.world.rows(self.chat):
            if row.edits is None:
                looks[row.id] = (row, message_of(row))
            elif row.edits in looks:
                looks[row.edits] = (looks[row.edits][0], message_of(row))
        return list(looks.values())

    async def sees(self, back: int = 1) -> str:
        """Return the newest message as it looks now, buttons and all."""
        return _drawn((await self.screen())[-back][1])

    @property
    def notices(self) -> list[str | None]:
        """Return what was shown in passing."""
        return self.world.channel.notices


def _drawn(message: Message) -> str:
    buttons = "\n".join(" ".join(f"[{button.label}]" for button in row) for row in message.rows)
    return f"{message.text}\n{buttons}".strip()
