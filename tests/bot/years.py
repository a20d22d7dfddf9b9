"""A year of a shop's customers, lived by real turns: invited, answering or not, unhappy, resolved, asked again."""

import json
from functools import partial
from random import Random

from bot import inviting
from bot.channels.updates import AnyUpdate
from bot.outgoing import Outgoing, message_of
from bot.scene import Scene
from storage.outbox import OutboxRow
from storage.unit import Unit
from tests.bot.turning import World

WEEK = 7 * 86_400.0
SURVEYS = ("after_delivery", "after_repair", "pulse", "ces_effort", "servqual_short")
TYPED = ("it was fine", "5", "very late", "/stop", "4", "10")
ROUNDS = 6
STAFF = "9"
CAUSE = "work.hurry"


class Year:
    """Weeks of one shop. Everybody does what comes to their mind; the same seed lives the same year."""

    def __init__(self, world: World, seed: int, a_week: int) -> None:
        self._world = world
        self._random = Random(seed)
        self._a_week = a_week
        self._chats = 1000

    async def live(self, weeks: int) -> None:
        """Let so many weeks pass."""
        await self._world.staff("Lin", STAFF, "staff")
        for _ in range(weeks):
            chats = await self._world.run(self._invite)
            for _ in range(ROUNDS):
                await self._answer(chats)
            await self._resolve()
            for hours in (24, 48, 48):
                self._world.clock.pass_by(3600.0 * hours)
                await self._world.fire_due()
                await self._answer(chats)
            self._world.clock.pass_by(WEEK - 120 * 3600.0)

    def _invite(self, unit: Unit) -> list[str]:
        house, now = self._world.house, self._world.clock.now()
        chats = []
        for _ in range(self._a_week):
            self._chats += 1
            chat = str(self._chats)
            customer = unit.customers.ensure(1, f"c-{chat}", now, "Ana")
            unit.addresses.add(1, "telegram", chat, "customer", now, customer_id=customer.id)
            version, survey = house.shelf.published(unit, 1, self._random.choice(SURVEYS))
            invitation = unit.invitations.add(1, customer.id, None, version, survey.touchpoint, "planned", now)
            assert invitation is not None
            inviting.decide(invitation, Scene(unit, house, Outgoing(unit, now), now))
            chats.append(chat)
        return chats

    async def _answer(self, chats: list[str]) -> None:
        newest = await self._world.run(partial(_newest_by_chat, chats=chats))
        acts = [self._act(chat, newest[chat]) for chat in chats if chat in newest and self._random.random() < 0.8]
        await self._world.receive(*acts)

    def _act(self, chat: str, row: OutboxRow) -> AnyUpdate:
        buttons = [button for each in message_of(row).rows for button in each]
        if not buttons or self._random.random() < 0.1:
            return self._world.wrote(chat, self._random.choice(TYPED))
        return self._world.pressed(chat, self._random.choice(buttons).press)

    async def _resolve(self) -> None:
        for case in await self._world.run(lambda unit: unit.cases.listing(1, limit=20)):
            if case.closed_at is None and self._random.random() < 0.7:
                await self._world.receive(self._world.pressed(STAFF, f"1:k{case.number}:resolved"))
                await self._world.receive(self._world.pressed(STAFF, f"1:k{case.number}:cause:{CAUSE}"))
        for task in await self._world.run(lambda unit: unit.tasks.listing(1)):
            act = self._random.choice(("none", "wrong", "said:yes:4", "said:no:1"))
            await self._world.receive(self._world.pressed(STAFF, f"1:call:{task.id}:{act}"))


def _newest_by_chat(unit: Unit, chats: list[str]) -> dict[str, OutboxRow]:
    sql = """
        SELECT * FROM outbox WHERE address_id IN (
            SELECT id FROM address WHERE brand_id = 1 AND channel = 'telegram'
            AND chat IN (SELECT value FROM json_each(:chats))
        ) ORDER BY id DESC
    """
    rows = [OutboxRow(*row) for row in unit.all(sql, {"chats": json.dumps(chats)})]
    newest: dict[str, OutboxRow] = {}
    for row in rows:
        if row.edits is None and message_of(row).rows:
            newest.setdefault(row.chat, row)
    return newest


async def lived(world: World, seed: int, weeks: int, a_week: int) -> None:
    """Let a year, or a part of one, be lived."""
    await Year(world, seed, a_week).live(weeks)
