"""Claims about anonymous surveys, made against the file itself: whoever holds it cannot find out who answered what."""

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.timers
import bot.turn
from bot import anonymous, anonymous_release, inviting, services
from bot.access.secrets import digest
from bot.anonymous_release import TOGETHER
from bot.channels.messages import Sending
from bot.channels.updates import AnyUpdate, Pressed, Written, stored
from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.log import Chosen, Heard
from bot.outgoing import Outgoing, message_of
from bot.people import speaker_at
from bot.scene import Scene
from bot.weblog import WebLog
from storage.outbox import OutboxRow
from storage.unit import Unit
from storage.verifying import verify
from tests.bot.turning import DAY, World
from tests.figures import counted, kept
from tests.transcripts.replay import SURVEYS
from tests.waiting import until

SURVEY = "in_confidence"
SOURCE = (SURVEYS / f"{SURVEY}.toml").read_text("utf-8")
CANARY = "the-zephyr-canary"
LATE = 4 * DAY / 1000


class Person(NamedTuple):
    """A customer of a test, with a chat of their own."""

    chat: str
    reference: str
    name: str


CHAT: Final = "w00000000000000000000000a"
ANA = Person("4711001", "guest-ana", "Anastasia")


async def opened(path: Path) -> World:
    world = await World.open(path, start_survey=SURVEY)
    await world.publish(SOURCE, SURVEY)
    await world.run(partial(_at_touchpoint))
    await world.staff("Bo", "99")
    return world


def _at_touchpoint(unit: Unit) -> None:
    unit.execute("UPDATE survey_version SET touchpoint = 'visit' WHERE key = :key", {"key": SURVEY})


async def fire(world: World) -> None:
    """Fire all that is due, and wait until everything said has gone out."""
    now = world.clock.now()

    def one(unit: Unit) -> list[OutboxRow] | None:
        for row in unit.due.claim(now, DAY, 1):
            return bot.timers.fire(row, unit, world.house, now).rows
        return None

    while (rows := await world.run(one)) is not None:
        world.delivery.offer(rows)
    await sent(world)


async def sent(world: World) -> None:
    async def nothing_waits() -> bool:
        world.clock.pass_by(1)  # edits keep a pace of their own
        return not await world.count("SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')")

    await until(nothing_waits)


async def asked(world: World, person: Person) -> str:
    """Have a customer served and asked; return the seed of their conversation."""

    def served(unit: Unit) -> None:
        customer = unit.customers.ensure(1, person.reference, world.clock.now(), person.name)
        unit.addresses.add(1, "telegram", person.chat, "customer", world.clock.now(), customer_id=customer.id)
        new = services.NewServiceEvent(
            source="till",
            event_id=f"event-{person.reference}",
            digest=person.reference,
            type="visit",
            touchpoint="visit",
            subject=f"visit-{person.reference}",
            cancelled=False,
            customer=services.Served(person.reference),
            service={"table": "12"},
            occurred_at=world.clock.now(),
        )
        services.record(new, unit, world.house, world.clock.now())

    await world.run(served)
    await fire(world)
    [[seed]] = await world.run(lambda unit: unit.all("SELECT seed FROM conversation ORDER BY id DESC LIMIT 1"))
    return str(seed)


async def taps(world: World, person: Person, choice: str) -> None:
    """Have a customer tap a button of the newest question in their chat."""
    rows = [row for row in await world.rows(person.chat) if row.prompt is not None]
    await world.receive(world.pressed(person.chat, f"1:{rows[-1].prompt}:{choice}", user=person.chat))
    await sent(world)


async def says(world: World, person: Person, words: str) -> None:
    await world.receive(world.wrote(person.chat, words, user=person.chat))
    await sent(world)


SCRIPTS: Final[dict[str, tuple[str, ...]]] = {
    "nothing": (),
    "happy": ("[5]", "{}"),
    "skipped": ("{}", "[4]", "[_skip]"),
    "unhappy, no": ("[1]", "{}", "[no]", "{} again"),
    "unhappy, silent": ("[1]", "{}"),
    "urgent, no": ("[4]", "{}: this is an emergency", "[no]"),
    "complained, no": ("/complain", "{}", "[no]", "[2]"),
    "stopped": ("{}", "[4]", "/stop"),
    "not me": ("{}", "[4]", "/notme"),
    "left for another talk": ("{}", "[4]"),
    "expired": ("{}", "[3]"),
    "restarted and expired": ("{}", "[3]"),
}
ENDINGS: Final = tuple(SCRIPTS)[1:]


async def ends(world: World, person: Person, how: str, path: Path, words: str) -> World:
    """Have a customer answer, and the conversation end in one way; return the world, which may be another one."""
    for act in SCRIPTS[how]:
        if act.startswith("["):
            await taps(world, person, act.strip("[]"))
        else:
            await says(world, person, act.format(words))
    if how == "left for another talk":
        await world.run(partial(_another_talk, world=world, person=person))
    if how == "restarted and expired":
        passed = world.clock.passed
        await world.close()
        world = await World.open(path, start_survey=SURVEY)
        world.clock.passed = passed
    world.clock.pass_by(LATE)
    await fire(world)
    return world


def _another_talk(unit: Unit, world: World, person: Person) -> None:
    place = unit.conversations.place(1, "telegram", person.chat)
    speaker = speaker_at(place) if place is not None else None
    assert speaker is not None
    now = world.clock.now()
    inviting.close_open(speaker, Scene(unit, world.house, Outgoing(unit, now), now))


async def played(path: Path, how: str, words: str) -> str:
    """Play a conversation from its invitation to its end, and past it; return its seed."""
    world = await opened(path)
    try:
        seed = await asked(world, ANA)
        world = await ends(world, ANA, how, path, words)
    finally:
        await world.close()
    return seed


def holds(path: Path, *signs: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of the file in which one of the signs stands, by their table."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
            matching = [row for row in rows if any(sign in str(value) for value in row for sign in signs)]
            if matching:
                found[table] = matching
    return found


# -- the file


@settings(max_examples=14, deadline=None)
@given(how=st.sampled_from(ENDINGS), number=st.integers(0, 10**6))
def test_nothing_in_the_file_leads_from_a_customer_to_what_they_said(tmp_path_factory, how, number):
    """Whoever copies the database afterwards finds the answer, and nothing beside it that names anybody."""
    path = tmp_path_factory.mktemp("anonymous") / "makegood.db"
    words = f"{CANARY}-{number}-ends"

    seed = asyncio.run(played(path, how, words))

    found = holds(path, words)
    assert set(found) <= {"anonymous_response"}, how
    for row in found.get("anonymous_response", []):
        assert not any(sign in str(row) for sign in (seed, ANA.chat, ANA.reference, ANA.name, "event-", "visit-"))
    assert "answer" not in holds(path, "respect")
    assert set(holds(path, f"{seed}.")) == set(), "a prompt of the conversation is still there"


@settings(max_examples=8, deadline=None)
@given(how=st.sampled_from(ENDINGS))
def test_what_is_removed_is_removed_from_the_bytes_of_the_file(tmp_path_factory, how):
    """A row that was deleted is easily read out of a page that nobody overwrote."""
    path = tmp_path_factory.mktemp("anonymous") / "makegood.db"
    words = f"{CANARY}-bytes"

    seed = asyncio.run(played(path, how, words))

    kept_words = [row for rows in holds(path, words).values() for row in rows]
    content = path.read_bytes()
    assert content.count(words.encode()) == sum(str(row).count(words) for row in kept_words), how
    assert f"1:{seed}.".encode() not in content, how
    assert not path.with_name("makegood.db-wal").exists()


@pytest.fixture
async def world(tmp_path):
    world = await opened(tmp_path / "makegood.db")
    yield world
    await world.close()


async def test_conversations_that_are_over_look_alike_however_they_ended(world, tmp_path):
    """Who answered at length, who was unhappy and who said nothing cannot be told apart by what stays of them."""
    for number, how in enumerate(("nothing", *ENDINGS[:6], "stopped", "expired")):
        person = Person(f"80{number}", f"guest-{number}", "Guest")
        began = world.clock.passed
        await asked(world, person)
        world = await ends(world, person, how, tmp_path / "makegood.db", "words")
        world.clock.passed = began + LATE
    sql = """
        SELECT brand_id, purpose, survey_version_id, case_id, revision, chain, outcome, closed_at - opened_at, closing,
               variant, anonymous, replace(state, seed, '')
        FROM conversation
    """
    rows = await world.run(lambda unit: unit.all(sql))
    traces = await world.count(
        """
        SELECT (SELECT COUNT(*) FROM outbox WHERE address_id IN (SELECT id FROM address WHERE kind = 'customer'))
             + (SELECT COUNT(*) FROM history WHERE subject LIKE 'conversation:%')
             + (SELECT COUNT(*) FROM inbox WHERE update_json IS NOT NULL)
             + (SELECT COUNT(*) FROM customer WHERE consented_at IS NOT NULL)
        """
    )

    assert len(rows) == 9
    assert len(set(rows)) == 1
    assert traces == 0


async def test_an_update_says_nothing_any_more_as_soon_as_its_turn_is_through(world, tmp_path):
    """A conversation may stay open for days, and the inbox is no second place for what was said."""
    await asked(world, ANA)
    await says(world, ANA, CANARY)
    rows = await world.run(lambda unit: unit.all("SELECT state, update_json, received_at % 86400000 FROM inbox"))

    assert rows == [("apart", None, 0)]


async def test_a_repeated_update_is_known_as_one_after_the_end(world, tmp_path):
    """A channel that hands an answer over twice must not have it taken for words with a name."""
    await asked(world, ANA)
    await taps(world, ANA, "5")
    last = world.wrote(ANA.chat, CANARY, user=ANA.chat)
    await world.receive(last)
    before = await world.texts(ANA.chat)
    await world.receive(last)
    await sent(world)

    assert await world.count("SELECT COUNT(*) FROM anonymous_response") == 1
    assert await world.count("SELECT COUNT(*) FROM conversation WHERE purpose = 'desk'") == 0
    assert len(await world.texts(ANA.chat)) <= len(before)


# -- letting out


async def answered(world: World, how_many: int, first: int = 1) -> None:
    for number in range(first, first + how_many):
        person = Person(f"90{number}", f"guest-{number}", "Guest")
        await asked(world, person)
        await taps(world, person, str(3 + number % 3))
        await says(world, person, f"words {number}")


async def night(world: World) -> None:
    """Let the daily letting out happen."""
    now = world.clock.now()
    await world.run(lambda unit: unit.due.add(1, anonymous_release.DUE, 0, anonymous_release.key_on(now), now))
    await fire(world)
    world.clock.pass_by(DAY / 1000)


async def test_so_few_responses_are_not_let_out(world, tmp_path):
    """A single answer beside a single customer is no anonymous answer, whatever the file says."""
    await answered(world, TOGETHER - 1)
    await night(world)
    shown = await world.count("SELECT COUNT(*) FROM answer")
    figures = await world.run(kept)

    assert shown == 0
    assert {each for each in figures if each.survey == SURVEY} == set()


async def test_responses_are_let_out_together_with_one_moment_and_nobodys(world, tmp_path):
    """Neither their order, nor their moment, nor whom they belong to says who gave them."""
    path = tmp_path / "makegood.db"
    await answered(world, TOGETHER + 3)
    await night(world)
    rows = await world.run(
        lambda unit: unit.all(
            """
            SELECT conversation.opened_at, conversation.closed_at, customer.reference, address.channel, answer.at
            FROM conversation JOIN customer ON customer.id = conversation.customer_id
            JOIN address ON address.id = conversation.address_id JOIN answer ON answer.conversation_id = conversation.id
            """
        )
    )
    words = await world.run(
        lambda unit: [row[0] for row in unit.all("SELECT text FROM answer WHERE kind = 'text' ORDER BY id")]
    )
    [figures, by_hand] = [await world.run(kept), await world.run(partial(counted, zone="UTC"))]
    told = await world.run(lambda unit: unit.responses.page(1, 0, 2**62, 100))
    exported = await world.run(lambda unit: unit.answers.page(0, 100))
    waiting = await world.count("SELECT COUNT(*) FROM anonymous_response")

    assert len(set(rows)) == 1
    assert rows[0][2:4] == ("nobody:anonymous", "none")
    assert sorted(words) == sorted(f"words {number}" for number in range(1, TOGETHER + 4))
    assert waiting == 0
    assert figures == by_hand
    assert sum(count for each, count in figures.items() if each.measure == "invited" and each.survey == SURVEY) == 8
    assert {(line.customer, line.customer_name, line.channel, line.source) for line in told} == {(None,) * 4}
    assert {(line.customer, line.customer_name, line.channel) for line in exported} == {(None,) * 3}
    assert verify(path, 1).sound


async def test_the_order_in_which_they_are_let_out_is_not_that_of_their_ends(world, tmp_path):
    """Row by row beside the invitations would else be a list of names."""
    orders = set()
    for turn in range(4):
        world = await opened(tmp_path / f"makegood{turn}.db")
        await answered(world, TOGETHER)
        await night(world)
        words = await world.run(lambda unit: unit.all("SELECT text FROM answer WHERE kind = 'text' ORDER BY id"))
        orders.add(tuple(words))
        await world.close()

    assert len(orders) > 1


async def test_a_customers_page_and_the_list_of_customers_show_nothing_of_it(world, tmp_path):
    """Nobody is a customer only on paper, and a customer's page says nothing of what they were asked in confidence."""
    await answered(world, TOGETHER)
    await night(world)
    found = await world.run(lambda unit: unit.customer_pages.page(1, "", None, None, 50))
    talks = await world.run(lambda unit: [talk for one in found for talk in unit.customer_pages.talks(one.id, 10)])

    assert len(found) == TOGETHER
    assert talks == []


async def test_traces_of_the_talk_are_forgotten_when_no_repetition_can_come(world, tmp_path):
    """How many messages somebody sent would tell a long answer from a short one."""
    await answered(world, 2)
    for _ in range(4):
        await night(world)
    left = await world.count("SELECT COUNT(*) FROM inbox")

    assert left == 0


# -- a yes


async def test_a_yes_makes_it_a_conversation_like_any_other(world, tmp_path):
    """Who wants to be contacted is: with what they answered, a case, a follow-up, and counted at once."""
    path = tmp_path / "makegood.db"
    await asked(world, ANA)
    await says(world, ANA, "a first remark")
    await taps(world, ANA, "1")
    await taps(world, ANA, "yes")
    await says(world, ANA, "They laughed at me")
    case = await world.count("SELECT COUNT(*) FROM recovery_case WHERE cause = 'unhappy' AND rating = 1")
    answers = await world.run(lambda unit: unit.all("SELECT question, role, raw FROM answer ORDER BY id"))
    follow_ups = await world.count("SELECT COUNT(*) FROM due WHERE kind = 'follow_up'")
    figures = [await world.run(kept), await world.run(partial(counted, zone="UTC"))]
    told = await world.run(lambda unit: unit.responses.page(1, 0, 2**62, 100))
    waiting = await world.count("SELECT COUNT(*) FROM anonymous_response")

    assert (case, follow_ups, waiting) == (1, 1, 0)
    assert answers == [
        ("respect", "comment", "a first remark"),
        ("respect", "answer", "1"),
        ("what_happened", "answer", "They laughed at me"),
    ]
    assert figures[0] == figures[1]
    assert [(line.customer, line.case) for line in told] == [(ANA.reference, 1)]
    assert verify(path, 1).sound


@pytest.mark.parametrize("how", ["urgent, no", "complained, no", "unhappy, no", "unhappy, silent"])
async def test_without_a_yes_no_case_is_opened_and_no_staff_member_hears_of_it(world, tmp_path, how):
    """A silent unmasking would be the end of every anonymous answer to come."""
    path = tmp_path / "makegood.db"
    await asked(world, ANA)
    world = await ends(world, ANA, how, path, CANARY)
    cases = await world.count("SELECT COUNT(*) FROM recovery_case")
    said_to_staff = await world.texts("99")

    assert cases == 0
    assert said_to_staff == []


# -- somebody else


async def test_what_a_stranger_said_is_kept_nowhere_when_they_say_so(world, tmp_path):
    """Whoever was not meant answered nothing in anybody's name, and their words are nobody's response."""
    token = "a" * 22

    def linked(unit: Unit) -> None:
        now = world.clock.now()
        customer = unit.customers.ensure(1, ANA.reference, now, ANA.name)
        unit.links.add(1, digest(token), "customer", now, now + DAY, customer_id=customer.id)

    await world.run(linked)
    await says(world, ANA, f"/start {token}")
    await says(world, ANA, CANARY)
    await taps(world, ANA, "4")
    await says(world, ANA, "/notme")
    await sent(world)

    assert await world.count("SELECT COUNT(*) FROM anonymous_response") == 0
    assert await world.count("SELECT COUNT(*) FROM conversation WHERE outcome = 'apart'") == 1
    assert await world.count("SELECT COUNT(*) FROM conversation WHERE closed_at IS NULL") == 0
    assert set(holds(tmp_path / "makegood.db", CANARY)) == set()
    assert await world.run(kept) == await world.run(partial(counted, zone="UTC"))


# -- the web chat


class Page:
    """A customer in the web chat: turns and sending one after the other, so that each entry is there when it is."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.log = WebLog(world.database, world.clock)
        self.channel = WebChat(self.log, world.streams)
        self.said = 0

    async def begins(self) -> None:
        def known(unit: Unit) -> None:
            customer = unit.customers.ensure(1, ANA.reference, self.world.clock.now(), ANA.name)
            now = self.world.clock.now()
            unit.addresses.add(1, "webchat", CHAT, "customer", now, customer_id=customer.id)

        await self.world.run(known)
        await self.takes(Written(**self._about(), text="/start", ref="m0"))

    async def writes(self, words: str) -> None:
        await self.log.append(CHAT, Heard(f"h{self.said}", words), outbox_id=None, dedupe_key=f"heard:{self.said}")
        await self.takes(Written(**self._about(), text=words, ref=f"m{self.said}"))

    async def taps(self, choice: str) -> None:
        rows = await self.world.run(lambda unit: unit.all("SELECT prompt FROM outbox WHERE prompt IS NOT NULL"))
        press = f"1:{rows[-1][0]}:{choice}"
        await self.log.append(CHAT, Chosen(f"c{self.said}", "1", press), outbox_id=None, dedupe_key=f"h:{self.said}")
        await self.takes(Pressed(**self._about(), press=press, ref="1", query="q"))

    def _about(self) -> dict[str, Any]:
        self.said += 1
        about = {"channel": "webchat", "chat": CHAT, "user": CHAT, "ident": f"w{self.said}", "name": "Ana"}
        return {**about, "sent_at": self.world.clock.now()}

    async def takes(self, update: AnyUpdate) -> None:
        now = self.world.clock.now()

        def work(unit: Unit) -> list[OutboxRow]:
            inbox_id = unit.inbox.add(1, "webchat", update.ident, None, CHAT, stored(update), now)
            assert inbox_id is not None
            return bot.turn.take(inbox_id, update, unit, self.world.house, now).rows

        for row in await self.world.run(work):
            await self._send(row)

    async def _send(self, row: OutboxRow) -> None:
        sending = Sending(row.id, CHAT, message_of(row), kind="edit" if row.edits else "message", edits_ref="1")
        now = self.world.clock.now()
        if row.edits is not None:
            await self.channel.edit(sending)
        else:
            await self.channel.send(sending)

        def record(unit: Unit) -> None:
            if row.edits is not None:
                unit.outbox.sent_edit(row.id, now)
            else:
                fences = unit.outbox.mark_sending([row.id], now)
                unit.outbox.sent(row.id, fences[row.id], str(row.id), now)
            anonymous.swept(unit, row)

        await self.world.run(record)

    async def shows(self) -> list[str]:
        return [row[0] for row in await self.world.run(lambda unit: unit.all("SELECT body FROM web_entry ORDER BY id"))]


async def test_a_web_chat_keeps_the_last_words_until_the_night_and_nothing_of_the_answers(world):
    """Its log is in our database: what was said there goes in the turn that ends it, and thanks are read first."""
    page = Page(world)
    await page.begins()
    await page.writes(f"{CANARY} beside it")
    await page.taps("2")
    await page.taps("no")
    before = await page.shows()
    await page.writes(CANARY)
    after = await page.shows()
    await night(world)
    at_last = await page.shows()

    assert any(CANARY in body for body in before)
    assert len(after) == 1
    assert "That was the anonymous part" in after[0]
    assert not any(CANARY in body or "What happened" in body for body in after)
    assert at_last == []


async def test_a_late_tap_in_a_web_chat_leaves_no_trace_of_what_was_tapped(world):
    """Whoever taps their answer once more after the end must not write it beside their name."""
    page = Page(world)
    await page.begins()
    await page.taps("5")
    [[press]] = await world.run(lambda unit: unit.all("SELECT prompt FROM outbox WHERE prompt LIKE '%.0'"))
    await page.writes("fine")
    late = Pressed(**page._about(), press=f"1:{press}:5", ref="1", query="q")
    await page.log.append(CHAT, Chosen("late", "1", late.press), outbox_id=None, dedupe_key="h:late")
    await page.takes(late)

    assert not any(press in body for body in await page.shows())
    assert await world.count("SELECT COUNT(*) FROM inbox WHERE update_json LIKE '%:5%'") == 0
