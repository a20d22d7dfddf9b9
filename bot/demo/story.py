"""The story of the demo, played without a browser through the same HTTP, and told as it happens.

From a service event to an outcome: accepted, asked, rated 1, apology, escalation, relayed, resolved, and a day
later the follow-up, rated 5, recovered. Each step must have happened, or the story fails.
"""

from collections.abc import Callable
from typing import Any

import httpx

from bot.demo.phone import Phone, Silence, buttons
from bot.demo.world import World
from bot.wall_clock import wall_time
from storage.answers import Answer
from storage.unit import Unit

Tell = Callable[[str], None]


class Story:
    """One telling. `base` is the demo's address, `tell` prints a line."""

    def __init__(self, world: World, base: str, tell: Tell) -> None:
        self._world = world
        self._base = base
        self._tell = tell

    async def play(self) -> None:
        """Play it to its end. Raises Silence when a step does not happen."""
        async with httpx.AsyncClient(base_url=self._base, headers={"Origin": self._base}, trust_env=False) as levers:
            begun = await _pulled(levers, "/demo/story", {"language": "en"})
            story, tokens = begun["story"], (_token(begun["customer"]), _token(begun["staff"]))
            async with (
                Phone(self._base, "Ana", tokens[0], "en") as ana,
                Phone(self._base, "Bo", tokens[1], "en") as bo,
            ):
                await ana.hears()
                await bo.hears()
                case = await self._goes_wrong(levers, story, ana, bo)
                await self._is_put_right(case, ana, bo)
                await self._is_asked_after(levers, story, ana, bo)
            await self._show_rows(story)

    async def _goes_wrong(self, levers: httpx.AsyncClient, story: str, ana: Phone, bo: Phone) -> dict[str, Any]:
        answer = await _pulled(levers, "/demo/delivery", {"story": story})
        status = answer["events"][0]["status"]
        self._step(f"shop   POST /v1/events: an order was delivered -> service event {status}")
        if status != "accepted":
            raise Silence(f"the service event was {status}")
        question = await ana.hears()
        self._said("asked", ana, question)
        await ana.taps(question, "1")
        self._step("ana    taps 1 -> rated 1")
        self._said("apology", ana, await ana.hears("sorry"))
        self._said("asked", ana, await ana.hears("What happened"))
        case = await bo.hears("Case")
        self._said("escalation", bo, case)
        await ana.types("The lamp arrived in pieces.")
        self._step("ana    The lamp arrived in pieces.")
        self._said("relayed to staff", bo, await bo.hears("in pieces"))
        self._said("", ana, await ana.hears())
        return case

    async def _is_put_right(self, case: dict[str, Any], ana: Phone, bo: Phone) -> None:
        await bo.taps(case, "Take it")
        self._step("bo     taps Take it -> escalation taken by Bo")
        await bo.taps(case, "Write to the customer")
        await bo.hears("next message")
        await bo.types("Dear Ana, I am so sorry. A new lamp is on its way and comes tomorrow by nine.")
        self._said("message relayed to the customer", ana, await ana.hears("A new lamp"))
        await bo.hears("Passed on")
        await bo.taps(case, "Put right")
        self._said("case resolved", bo, await bo.hears("I will ask the customer"))
        why = await bo.hears("Why did it go wrong?")
        self._said("its root cause", bo, why)
        await bo.taps(why, "Something else")
        await bo.hears("in a few words")
        await bo.types("The carrier dropped it.")
        self._step("bo     The carrier dropped it.")
        await bo.hears("Noted with case")

    async def _is_asked_after(self, levers: httpx.AsyncClient, story: str, ana: Phone, bo: Phone) -> None:
        await _pulled(levers, "/demo/time", {"story": story, "hours": 24})
        self._step("world  a day passes")
        question = await ana.hears("put right")
        self._said("follow-up, a day later", ana, question)
        await ana.taps(question, "Yes")
        self._step("ana    taps Yes")
        rating = await ana.hears("satisfied")
        self._said("asked", ana, rating)
        await ana.taps(rating, "5")
        self._step("ana    taps 5 -> rated 5")
        self._said("", ana, await ana.hears())
        self._said("outcome recovered", bo, await bo.hears("Recovered"))

    def _step(self, line: str) -> None:
        app = self._world.app
        when = wall_time(app.clock.now(), app.house.zone, "en")
        self._tell(f"{when:<18} {line}")

    def _said(self, what: str, phone: Phone, entry: dict[str, Any]) -> None:
        text = " ".join(entry["body"]["message"]["text"].split())
        labels = " ".join(f"[{button.label}]" for button in buttons(entry))
        head = f"-> {what}: " if what else ""
        self._step(f"bot    {head}to {phone.name}: {text} {labels}".rstrip())

    async def _show_rows(self, story: str) -> None:
        """Print the rows that the story left; the case's outcome is the last proof."""

        def work(unit: Unit) -> tuple[list[str], str | None]:
            customer = unit.customers.by_reference(1, story)
            talks = unit.conversations.of_customer(customer.id, 10) if customer else []
            case = unit.cases.newest_of(customer.id) if customer else None
            answers = [_answer_row(talk.purpose, each) for talk in reversed(talks) for each in unit.answers.of(talk.id)]
            kept = [f"conversation    {talk.purpose:<10} {talk.outcome}" for talk in reversed(talks)]
            steps = (
                [f"history         case       {line.what}" for line in unit.history.of(f"case:{case.id}")]
                if case
                else []
            )
            closed = [f"case            number {case.number:<3} outcome {case.outcome}"] if case else []
            return [*kept, *answers, *steps, *closed], case.outcome if case else None

        rows, outcome = await self._world.app.database.read(work)
        self._tell("\nRows it left in SQLite:")
        for row in rows:
            self._tell(f"  {row}")
        if outcome != "recovered":
            raise Silence(f"the case's outcome is {outcome}, not recovered")


def _answer_row(purpose: str, answer: Answer) -> str:
    said = answer.text if answer.number is None else answer.number
    return f"answer          {purpose:<10} {answer.question:<14} {said}"


def _token(address: str) -> str:
    return address.partition("?")[0].removeprefix("/c/")


async def _pulled(levers: httpx.AsyncClient, path: str, body: dict[str, object]) -> dict[str, Any]:
    answer = await levers.post(path, json=body)
    if answer.status_code not in (200, 202):
        raise Silence(f"{path} answered {answer.status_code}: {answer.text}")
    told: dict[str, Any] = answer.json()
    return told
