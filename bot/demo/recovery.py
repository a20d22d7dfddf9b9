"""The story of recovery, played through the same HTTP: a complaint at night, and one that nobody answers.

    22:40   a complaint; an apology in the same second; given to whoever is on duty and knows repairs
            said back, corrected once; repaired; a voucher above authority, agreed to by a supervisor, accepted
            redeemed at the till; the second time refused; the next day asked: recovered
    later   a complaint that nobody answers: the person, the next person, the team, the supervisor, the manager

Each step must have happened, or the story fails.
"""

import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any, Final

from bot import case_steps
from bot.demo.crew import ANA, CREW, IVO, Links, hire
from bot.demo.phone import Phone, Silence, buttons
from bot.demo.world import World
from bot.rungs import TOLD
from bot.wall_clock import wall_time
from recovery.ladders import Who
from storage.unit import Unit

BEGINS: Final = timedelta(hours=12, minutes=40)
"""From ten in the morning, when the demo's day begins, to twenty to eleven at night."""

_CODE: Final = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2,}\b")
STEP: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(hours=30)

RUNGS: Final[tuple[tuple[Who, str], ...]] = (
    ("person", "whoever has the case"),
    ("next_person", "another person"),
    ("team", "the whole team"),
    ("supervisor", "the supervisors"),
    ("manager", "the managers"),
)


class RecoveryStory:
    """One telling. `base` is the demo's address, `tell` prints a line."""

    def __init__(self, world: World, base: str, tell: Callable[[str], None]) -> None:
        self._world = world
        self._base = base
        self._tell = tell
        self._phones: dict[str, Phone] = {}

    async def play(self) -> None:
        """Play it to its end. Raises Silence when a step does not happen."""
        links = await self._hire()
        self._world.let_pass(BEGINS)
        async with AsyncExitStack() as stack:
            for key, token in links.tokens.items():
                phone = Phone(self._base, links.names[key], token, "en")
                self._phones[key] = await stack.enter_async_context(phone)
                await phone.hears()
            await self._complains()
            await self._is_understood()
            await self._is_repaired()
            code = await self._is_made_up_for()
            await self._is_redeemed(code)
            await self._is_asked_after()
            await self._climbs()
        await self._proves()

    async def _hire(self) -> Links:
        said = {key: one.name for key, one in CREW.items()}
        names = {**said, "ana": ANA, "ivo": IVO}
        app, now = self._world.app, self._world.clock.now()
        return await app.database.run(lambda unit: hire(unit, names, app.house.zone, now))

    # -- the case that goes well

    async def _complains(self) -> None:
        ana, bo = self._phones["ana"], self._phones["bo"]
        await self._types("ana", "My heating is leaking, and nobody came!")
        sorting = await ana.sees("Complain")
        await self._taps("ana", sorting, "Complain")
        self._said("apology", ana, await ana.hears("sorry"))
        case = await bo.hears("Given to Bo")
        self._said("dispatch, by skill, to the one on duty", bo, case)
        await self._taps("bo", case, "Take it")

    async def _is_understood(self) -> None:
        ana, bo = self._phones["ana"], self._phones["bo"]
        await self._taps("bo", await bo.sees("More …"), "More …")
        await self._taps("bo", await bo.sees("Say it back"), "Say it back")
        await bo.hears("What did you understand?")
        await self._types("bo", "Your heating leaks since this morning.")
        asked = await ana.hears("Did I understand you rightly?")
        self._said("restatement", ana, asked)
        await self._taps("ana", asked, "Not quite")
        await ana.hears("What did I get wrong?")
        await self._types("ana", "Since yesterday, and it drips into the flat below.")
        self._said("restatement corrected", bo, await bo.hears("corrects what you understood"))

    async def _is_repaired(self) -> None:
        ana, bo = self._phones["ana"], self._phones["bo"]
        await self._types("bo", "/case 1")
        case = await bo.hears("drips into the flat below")
        await self._taps("bo", case, "Write to the customer")
        await bo.hears("Your next message goes to")
        await self._types("bo", "I am on my way with a new valve, and I see to the flat below, too.")
        self._said("message relayed to the customer", ana, await ana.hears("new valve"))
        self._world.let_pass(timedelta(minutes=50))
        await self._types("bo", "/case 1")
        await self._taps("bo", await bo.hears("new valve"), "Put right")
        cause = await bo.hears("Why did it go wrong?")
        self._said("case resolved; its cause is asked for", bo, cause)
        await self._names_the_cause(cause)

    async def _names_the_cause(self, cause: dict[str, Any]) -> None:
        """Name it in two taps: its group, then which of the group."""
        bo, groups = self._phones["bo"], [button.label for button in buttons(cause)]
        await self._taps("bo", cause, groups[0])
        while True:
            which = await bo.changes()
            labels = [button.label for button in buttons(which)]
            if labels and labels != groups and which["body"]["ref"] == cause["body"]["ref"]:
                await self._taps("bo", which, labels[0])
                return

    async def _is_made_up_for(self) -> str:
        ana, bo, eva = self._phones["ana"], self._phones["bo"], self._phones["eva"]
        await self._types("bo", "/case 1")
        await self._taps("bo", await bo.hears("Put right"), "More …")
        await self._taps("bo", await bo.sees("Offer"), "Offer")
        await self._taps("bo", await bo.sees("Voucher"), "Voucher")
        await self._taps("bo", await bo.sees("Another amount"), "Another amount")
        await bo.hears("How much is it to be?")
        await self._types("bo", "50")
        preview = await bo.sees("Send")
        self._said("preview of an offer above authority", bo, preview)
        await self._taps("bo", preview, "Send")
        await bo.hears("write in a sentence why")
        await self._types("bo", "The flat below got wet, too.")
        request = await eva.hears("Your yes is needed")
        self._said("request for an approval", eva, request)
        await self._taps("eva", request, "Yes, give it")
        self._said("approved", bo, await bo.hears("Agreed by"))
        offer = await ana.hears("a voucher worth")
        self._said("offer", ana, offer)
        await self._taps("ana", offer, "Yes, please")
        given = await ana.hears("Your code")
        self._said("voucher accepted", ana, given)
        found = _CODE.search(given["body"]["message"]["text"])
        if found is None:
            raise Silence("the voucher has no code")
        return found.group()

    async def _is_redeemed(self, code: str) -> None:
        cleo = self._phones["cleo"]
        for what in ("redeemed", "the second redemption refused"):
            await self._types("cleo", f"/redeem {code}")
            self._said(what, cleo, await cleo.hears())

    async def _is_asked_after(self) -> None:
        ana, bo = self._phones["ana"], self._phones["bo"]
        self._world.let_pass(timedelta(hours=24))
        self._world.let_pass(timedelta(hours=10))
        self._step("world  a day passes, and the night after it: nobody is asked at night")
        question = await ana.hears("put right")
        self._said("follow-up, a day later", ana, question)
        await self._taps("ana", question, "Yes")
        await self._taps("ana", await ana.hears("satisfied"), "5")
        self._said("", ana, await ana.hears("Thank you"))
        self._said("outcome recovered", bo, await bo.hears("Recovered"))

    # -- the case that nobody answers

    async def _climbs(self) -> None:
        ivo = self._phones["ivo"]
        await self._types("ivo", "I was charged twice, and nobody answers my calls.")
        await self._taps("ivo", await ivo.sees("Complain"), "Complain")
        self._said("apology", ivo, await ivo.hears("sorry"))
        self._step("world  nobody answers")
        told: list[str] = []
        passed = timedelta(0)
        while len(told) < len(RUNGS) and passed < LONGEST:
            self._world.let_pass(STEP)
            passed += STEP
            await self._world.app.scheduler.catch_up()
            for who in (await self._rungs())[len(told) :]:
                told.append(who)
                self._step(f"ladder -> told {dict(RUNGS)[who]}" if who in dict(RUNGS) else f"ladder -> {who}")
        if [who for who, _ in RUNGS] != told:
            raise Silence(f"of the ladder only these rungs were told: {', '.join(told) or 'none'}")

    async def _rungs(self) -> list[Any]:
        """Return the rungs that were told about the second case, in order."""

        def work(unit: Unit) -> list[str]:
            case = unit.cases.by_number(1, 2)
            lines = unit.history.of(f"case:{case.id}") if case is not None else []
            return [line.detail.partition(":")[0] for line in lines if line.what == TOLD]

        return list(dict.fromkeys(await self._world.app.database.read(work)))

    # -- the proof

    async def _proves(self) -> None:
        """Print what the rows say; each of them must say what was told."""

        def work(unit: Unit) -> dict[str, str]:
            first = unit.cases.by_number(1, 1)
            if first is None:
                return {}
            apologies = [step.at for step in case_steps.steps_of(unit, first) if step.step == "apology"]
            offers = unit.offers.of_case(first.id)
            return {
                "apology": "in the same second" if apologies[:1] == [first.opened_at] else "late",
                "outcome": first.outcome or first.stage,
                "offer": offers[-1].stage if offers else "none",
                "ledger": ", ".join(line.movement for line in unit.ledger.page(1, 0, 10)),
            }

        rows = await self._world.app.database.read(work)
        self._tell("\nWhat the rows say:")
        for name, value in rows.items():
            self._tell(f"  {name:<14} {value}")
        wanted = {
            "apology": "in the same second",
            "outcome": "recovered",
            "offer": "redeemed",
            "ledger": "reserved, spent",
        }
        wrong = {name: value for name, value in wanted.items() if rows.get(name) != value}
        if wrong:
            raise Silence(f"the rows should say {wrong}")

    # -- telling

    async def _types(self, who: str, words: str) -> None:
        await self._phones[who].types(words)
        self._step(f"{who:<6} {words}")

    async def _taps(self, who: str, entry: dict[str, Any], label: str) -> None:
        await self._phones[who].taps(entry, label)
        self._step(f"{who:<6} taps {label}")

    def _step(self, line: str) -> None:
        when = wall_time(self._world.clock.now(), self._world.app.house.zone, "en")
        self._tell(f"{when:<18} {line}")

    def _said(self, what: str, phone: Phone, entry: dict[str, Any]) -> None:
        text = " ".join(entry["body"]["message"]["text"].split())
        head = f"-> {what}: " if what else ""
        self._step(f"bot    {head}to {phone.name}: {text}")
