"""An office for the tests of who has a case and of its clocks: people with their hours, and customers who complain."""

from functools import partial
from typing import Any

import msgspec

from bot import turn
from bot.channels.updates import AnyUpdate, stored
from recovery import clocks, written_calendars
from storage.cases import Case
from storage.staff import StaffMember
from storage.teams import Team
from storage.unit import Unit
from tests.bot.turning import World

HOUR = 3600
MINUTE = 60
OFFICE_HOURS = {
    "zone": "UTC",
    "week": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:00, 13:00-18:00"),
}


class Office(World):
    """A world in which staff have skills, teams and hours. It is Monday, noon."""

    async def hire(self, name: str, chat: str | None = None, roles: str = "staff", **more: Any) -> StaffMember:
        """Take somebody on; with a chat of their own, if one is given."""

        def work(unit: Unit) -> StaffMember:
            member = unit.staff.add(1, name, roles, "en", self.clock.now())
            unit.staff.change(msgspec.structs.replace(member, **more))
            if chat is not None:
                unit.addresses.add(1, "telegram", chat, "staff", self.clock.now(), staff_member_id=member.id)
            return unit.staff.get(member.id)

        return await self.run(work)

    async def team(self, name: str, calendar: str | None = None) -> Team:
        def work(unit: Unit) -> Team:
            team = unit.teams.add(1, name, self.clock.now())
            assert team is not None
            unit.teams.change(msgspec.structs.replace(team, calendar=calendar))
            return team

        return await self.run(work)

    async def hours(self, key: str, written: dict[str, Any] | None = None) -> None:
        """Let a calendar hold from now on."""
        text = written_calendars.save(written_calendars.read(written or OFFICE_HOURS))
        await self.run(lambda unit: unit.calendars.put(1, key, text, self.clock.now()))

    async def hours_of_clocks(self) -> set[str]:
        """Return the editions of calendars by which the clocks of cases run, "" for our waking hours."""
        rows = await self.run(lambda unit: unit.all("SELECT state FROM case_clock"))
        return {clocks.load(state).calendar for (state,) in rows}

    async def group(self, chat: str = "-100") -> None:
        await self.run(lambda unit: unit.addresses.add(1, "telegram", chat, "group", self.clock.now()))

    async def complains(self, chat: str) -> Case:
        """A customer gives the worst rating; return the case that this opens."""
        await self.receive(self.wrote(chat, "/start"))
        await self.receive(self.pressed(chat, f"1:seed{self.seeds}.0:1"))
        return await self.newest()

    async def at_once(self, *updates: AnyUpdate) -> None:
        """Take updates in, each by its real turn and transaction, without queue and delivery: for thousands of them."""

        def work(unit: Unit, update: AnyUpdate) -> None:
            now = self.clock.now()
            inbox_id = unit.inbox.add(1, update.channel, update.ident, None, update.chat, stored(update), now)
            assert inbox_id is not None
            turn.take(inbox_id, update, unit, self.house, now)

        for update in updates:
            await self.run(partial(work, update=update))

    async def complains_at_once(self, chat: str) -> Case:
        await self.at_once(self.wrote(chat, "/start"))
        await self.at_once(self.pressed(chat, f"1:seed{self.seeds}.0:1"))
        return await self.newest()

    async def newest(self) -> Case:
        def work(unit: Unit) -> Case:
            case = unit.cases.by_number(1, unit.cases.newest_number(1))
            assert case is not None
            return case

        return await self.run(work)

    async def case(self, number: int) -> Case:
        found = await self.run(lambda unit: unit.cases.by_number(1, number))
        assert found is not None
        return found

    async def member(self, name: str) -> StaffMember:
        found = await self.run(lambda unit: unit.staff.by_name(1, name))
        assert found is not None
        return found

    async def until(self, seconds: float) -> None:
        """Let time pass, and fire each due row at its own moment."""
        ends = self.clock.passed + seconds
        while True:
            at = await self.run(lambda unit: unit.due.next_at())
            passed = None if at is None else self.clock.passed + (at - self.clock.now()) / 1000
            if passed is None or passed > ends:
                break
            self.clock.pass_by(max(0.0, passed - self.clock.passed))
            await self.fire_due()
        self.clock.pass_by(ends - self.clock.passed)

    async def told(self, chat: str) -> list[str]:
        """The lines of history that a case's ladder wrote, and what stands in a chat: only its first lines."""
        return [text.splitlines()[1] if "\n" in text else text for text in await self.texts(chat)]

    async def history(self, case: Case, *what: str) -> list[tuple[str, str, int]]:
        lines = await self.run(lambda unit: unit.history.of(f"case:{case.id}"))
        return [(line.what, line.detail, line.at) for line in lines if not what or line.what in what]
