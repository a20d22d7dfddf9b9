"""The stories that are cut short at every boundary, as the people in them live them.

People do what people do: they answer what they see, once, and wait. Nobody retries anything; a copy of a message
that they have dealt with they leave alone.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

from tests.crash.installation import FAST, LINKED, STAFF, Installation
from tests.fake_telegram import FakeTelegram, Message, Person

PATIENCE = 60.0
"""Real seconds that a person waits at most: far more than two lives of the bot need, on a busy machine too."""

WORDS = "The soup was cold"
VOUCHER = re.compile(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b")


class Hears(Protocol):
    """How a person waits for a message."""

    async def __call__(self, *, containing: str) -> Message: ...


class Cast:
    """Who is in a story, and where it happens."""

    def __init__(self, installation: Installation, ana: Person, lin: Person, eva: Person | None = None) -> None:
        self.installation = installation
        self.ana = ana
        self.lin = lin
        self.eva = eva


class Story:
    """A flow. `said` is what Ana answers; after it the database must have exactly that, once, in order.

    `settings` are those of its business, `led` says that Eva supervises it, `roles` are Lin's. Of a long one, whose
    messages go the way of all others, only every `each`-th passing of a boundary is cut. With `forgets` nothing of
    what was said to Ana is left when it is over.
    """

    def __init__(
        self,
        name: str,
        play: Callable[[Cast], Awaitable[None]],
        said: list[str],
        check: Callable[[Cast], None] = lambda _: None,
        *,
        settings: tuple[str, ...] = (),
        led: bool = False,
        each: int = 1,
        roles: str = "staff",
        forgets: bool = False,
    ) -> None:
        self.name = name
        self.roles = roles
        self.forgets = forgets
        self.each = each
        self.settings = settings
        self.led = led
        self.play = play
        self.said = said
        self._check = check

    def check(self, cast: Cast) -> None:
        """Compare what was said with what is kept."""
        assert cast.installation.answers(cast.ana) == self.said
        self._check(cast)


async def cast_of(
    installation: Installation, telegram: FakeTelegram, *, led: bool = False, roles: str = "staff"
) -> Cast:
    """Return the people of a story."""
    eva = await installation.employ("Eva", "supervisor", STAFF + 1) if led else None
    return Cast(installation, telegram.person("Ana"), await installation.employ(roles=roles), eva)


# -- the happy and lazy: three answers, one of them typed, one in words


async def answers_happily(person: Person, hears: Hears | None = None) -> None:
    """Give three answers, each when its question is there."""
    hears = hears or partial(person.hears, PATIENCE)
    await person.starts()
    await hears(containing="How was your visit?")
    await person.taps("5")
    await hears(containing="Would you tell others")
    await person.says("9")
    await hears(containing="What should we know?")
    await person.says("The bread was warm")
    await hears(containing="That was all")


async def _happy(cast: Cast) -> None:
    await answers_happily(cast.ana)


def _finished(cast: Cast) -> None:
    assert cast.installation.read("SELECT outcome FROM conversation") == [("complete",)]
    assert cast.installation.purposes(cast.ana) == {"question": 3, "reply": 1}


# -- the forgotten: nobody takes the case, and the ladder is climbed


async def _nobody_acts(cast: Cast) -> None:
    ana, lin = cast.ana, cast.lin
    await ana.starts()
    await ana.hears(PATIENCE, containing="How was your visit?")
    await ana.taps("1")
    await ana.hears(PATIENCE, containing="What happened?")
    await lin.hears(PATIENCE, containing="An unhappy answer")


async def climbed(cast: Cast) -> None:
    """Lin, who has the case, and then everybody else is told that the customer waits."""
    await cast.lin.hears(PATIENCE, containing="The time for this is over")


# -- the unhappy: apology, case, staff, words both ways, resolved


async def _complains(cast: Cast) -> None:
    ana, lin = cast.ana, cast.lin
    await ana.starts()
    await ana.hears(PATIENCE, containing="How was your visit?")
    await ana.taps("1")
    await ana.hears(PATIENCE, containing="I am sorry, Ana")
    await ana.hears(PATIENCE, containing="What happened?")
    await ana.says(WORDS)
    escalation = await lin.hears(PATIENCE, containing="An unhappy answer")
    await lin.taps("Take it", escalation)
    await lin.sees("Taken by Lin", PATIENCE)
    await ana.hears(PATIENCE, containing="passed it on")


async def _unhappy(cast: Cast) -> None:
    ana, lin = cast.ana, cast.lin
    await _complains(cast)
    await lin.taps("Write to the customer")
    await lin.hears(PATIENCE, containing="Your next message goes to Ana")
    await lin.says("We will cook it anew.")
    await ana.hears(PATIENCE, containing="We will cook it anew.")
    await ana.says("Please before noon")
    await lin.hears(PATIENCE, containing="Please before noon")
    await lin.taps("Put right")
    await lin.sees("Put right", PATIENCE)


def _relayed(cast: Cast) -> None:
    house = cast.installation
    assert house.read("SELECT number, stage, cause FROM recovery_case") == [(1, "resolved", "unhappy")]
    said = house.read("SELECT author, text FROM case_message ORDER BY id")
    assert said == [("customer", WORDS), ("staff", "We will cook it anew."), ("customer", "Please before noon")]
    assert house.purposes(cast.ana)["relay"] == 1
    assert house.purposes(cast.ana)["apology"] == 1
    assert house.purposes(cast.lin)["escalation"] == 1
    assert house.read("SELECT id FROM task") == []


# -- the corrected: a typed rating is edited, and the change confirmed


async def _changes(cast: Cast) -> None:
    ana = cast.ana
    await ana.starts()
    await ana.hears(PATIENCE, containing="How was your visit?")
    rating = await ana.says("3")
    await ana.hears(PATIENCE, containing="Would you tell others")
    await ana.edits(rating, "5")
    await ana.hears(PATIENCE, containing="from 3 to 5?")
    await ana.taps("Change it")
    await ana.taps("8")
    await ana.hears(PATIENCE, containing="What should we know?")
    await ana.says("Nothing more")
    await ana.hears(PATIENCE, containing="That was all")


def _changed(cast: Cast) -> None:
    house = cast.installation
    assert house.read("SELECT raw FROM answer WHERE current = 1 AND question = 'satisfaction'") == [("5",)]
    assert house.read("SELECT outcome FROM conversation") == [("complete",)]


# -- a day later: is it put right?


async def followed_up(cast: Cast) -> None:
    """Ana is asked whether it was put right, and says so."""
    ana = cast.ana
    await ana.hears(PATIENCE, containing="Was it put right?")
    await ana.taps("Yes")
    await ana.hears(PATIENCE, containing="how satisfied are you with us now?")
    await ana.taps("5")
    await ana.hears(PATIENCE, containing="chance to put it right")


# -- served at the counter: one line by staff, one scan, and a kind word that goes back, at most once


async def _served(cast: Cast) -> None:
    ana, lin = cast.ana, cast.lin
    await lin.says("/done Ana, a haircut")
    handed = await lin.hears(PATIENCE, containing="It works once")
    link = LINKED.search(handed.text)
    assert link is not None
    await ana.starts(link[1])
    await ana.hears(PATIENCE, containing="How was your visit?")
    await ana.taps("5")
    await ana.hears(PATIENCE, containing="Would you tell others")
    await ana.taps("10")
    await ana.hears(PATIENCE, containing="What should we know?")
    await ana.says("Lin has golden hands")
    await ana.hears(PATIENCE, containing="That was all")


def _asked_once(cast: Cast) -> None:
    """The service event and its link are written together: neither is there without the other, nor twice."""
    house = cast.installation
    assert house.read("SELECT source, customer_id, staff_member_id FROM service_event") == [("staff", 1, 1)]
    assert house.read("SELECT customer_id, claimed_at IS NOT NULL FROM link") == [(1, 1)]
    assert house.read("SELECT state FROM invitation") == [("sent",)]
    assert house.purposes(cast.lin) == {"handed_over": 1, "notice": 1}
    payloads = house.read("SELECT payload FROM outbox WHERE purpose = 'handed_over'")
    assert not any(LINKED.search(payload) for (payload,) in payloads)


# -- taken back: words to a customer that should not have gone


async def _takes_back(cast: Cast) -> None:
    ana, lin = cast.ana, cast.lin
    await _complains(cast)
    await lin.taps("Write to the customer")
    await lin.hears(PATIENCE, containing="Your next message goes to Ana")
    await lin.says("Meant for somebody else")
    await ana.hears(PATIENCE, containing="Meant for somebody else")
    await lin.hears(PATIENCE, containing="Passed on to Ana")
    await lin.taps("Take back")
    await ana.sees_gone("Meant for somebody else", PATIENCE)
    await lin.sees("Taken back", PATIENCE)


def _taken_back(cast: Cast) -> None:
    """The wish and its row are one commit, and what is deleted twice is deleted once. Of two copies we know one."""
    house = cast.installation
    assert house.purposes(cast.ana)["relay"] == 1
    assert house.read("SELECT COUNT(*) FROM history WHERE what = 'TakenBack'") == [(1,)]
    assert house.read("SELECT state FROM outbox WHERE purpose = 'take_back'") == [("sent",)]


# -- said back: corrected once, confirmed, put right, and its cause named


async def restates(cast: Cast) -> None:
    """Lin says back what she understood, and Ana is asked whether it is so."""
    await _complains(cast)
    await _says_back(cast, "The soup was salty")


async def _says_back(cast: Cast, words: str) -> None:
    await cast.lin.taps("More …")
    await sees_button(cast.lin, "Say it back")
    await cast.lin.taps("Say it back")
    await cast.lin.hears(PATIENCE, containing="What did you understand?")
    await cast.lin.says(words)
    await cast.ana.hears(PATIENCE, containing=words)


async def _is_understood(cast: Cast) -> None:
    ana, lin = cast.ana, cast.lin
    await restates(cast)
    await ana.taps("Not quite")
    await ana.hears(PATIENCE, containing="What did I get wrong?")
    await ana.says("Cold, not salty")
    await lin.hears(PATIENCE, containing="corrects what you understood")
    await _says_back(cast, "The soup was cold and never warmed up")
    await ana.taps("Yes, that's it")
    await lin.hears(PATIENCE, containing="You understood them rightly")
    await lin.taps("Put right")
    await lin.hears(PATIENCE, containing="Why did it go wrong?")
    await lin.taps("It took too long")
    await sees_button(lin, "Lost in a handover")
    await lin.taps("Lost in a handover")
    await lin.hears(PATIENCE, containing="The cause of case 1")


def _understood_once(cast: Cast) -> None:
    """Each answer counted once, on the question that it was given to; the cause is named once."""
    house = cast.installation
    steps = house.read("SELECT how, actor FROM case_step WHERE step = 'restatement' ORDER BY id")
    assert steps == [
        ("asked", "staff:1"),
        ("corrected", "customer"),
        ("corrected", "customer"),
        ("asked", "staff:1"),
        ("confirmed", "customer"),
    ]
    assert house.purposes(cast.ana)["restatement"] == 2
    assert house.read("SELECT stage, root_cause FROM recovery_case") == [("resolved", "waiting.handover")]
    assert house.read("SELECT COUNT(*) FROM case_step WHERE step = 'cause'") == [(1,)]


# -- an offer above the authority: asked for, agreed to, accepted, redeemed; the money moves once


async def _is_offered(cast: Cast) -> None:
    ana, lin, eva = cast.ana, cast.lin, cast.eva
    assert eva is not None
    await _complains(cast)
    await lin.taps("More …")
    await sees_button(lin, "Offer")
    await lin.taps("Offer")
    await lin.hears(PATIENCE, containing="What would you like to give Ana")
    await lin.taps("Voucher")
    await lin.sees("how much is it to be", PATIENCE)
    await lin.taps("Another amount")
    await lin.hears(PATIENCE, containing="Please write the amount")
    await lin.says("60")
    await lin.hears(PATIENCE, containing="Ana will read")
    await lin.taps("Send")
    await lin.hears(PATIENCE, containing="Please write in a sentence why")
    await lin.says("The soup was her wedding dinner")
    await eva.hears(PATIENCE, containing="Your yes is needed")
    await eva.taps("Yes, give it")
    await ana.hears(PATIENCE, containing="a voucher worth €60.00")
    await ana.taps("Yes, please")
    given = await ana.hears(PATIENCE, containing="Your code:")
    code = VOUCHER.search(given.text)
    assert code is not None
    await lin.says(f"/redeem {code[0]}")
    await lin.hears(PATIENCE, containing="Redeemed")


async def sees_button(person: Person, label: str) -> None:
    """Wait until a button is on the screen: an edit brings it."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while all(message.button(label) is None for message in person.screen()):
        assert asyncio.get_running_loop().time() < end, f"no button {label!r} came"
        await asyncio.sleep(0.02)


def _paid_once(cast: Cast) -> None:
    """One reservation, one payment, one code, whatever copies there are of it; the books equal the offers."""
    house = cast.installation
    assert house.read("SELECT stage FROM offer") == [("redeemed",)]
    moved = house.read("SELECT movement, worth FROM ledger_entry ORDER BY number")
    assert moved == [("reserved", 6000), ("spent", 6000)]
    assert house.read("SELECT scope, held FROM spending ORDER BY scope") == [("case", 6000), ("team_month", 6000)]
    [(code,)] = house.read("SELECT code FROM voucher WHERE redeemed_at IS NOT NULL")
    assert house.purposes(cast.ana)["offer"] == 1
    assert house.purposes(cast.ana)["voucher"] == 1
    shown = {VOUCHER.search(message.text) for message in cast.ana.screen() if "Your code:" in message.text}
    assert {found[0] for found in shown if found is not None} == {code}


HAPPY = Story("happy", _happy, ["5", "9", "The bread was warm"], _finished)
UNHAPPY = Story("unhappy", _unhappy, ["1", WORDS], _relayed)
CHANGED = Story("changed", _changes, ["3", "5", "8", "Nothing more"], _changed)
NOBODY_ACTS = Story("nobody acts", _nobody_acts, ["1"])
TAKEN_BACK = Story("taken back", _takes_back, ["1", WORDS], _taken_back)
RESTATED = Story("restated", _is_understood, ["1", WORDS], _understood_once, each=4)
SAID_BACK = Story("said back", restates, ["1", WORDS])
SERVED = Story("served", _served, ["5", "10", "Lin has golden hands"], _asked_once)
OFFERED = Story(
    "offered",
    _is_offered,
    ["1", WORDS],
    _paid_once,
    settings=("business.currency=EUR", "recovery.per_case=50", *FAST),
    led=True,
    each=4,
)
