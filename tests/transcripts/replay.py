"""Plays a transcript through the real turn: what people do goes in, what the bot says comes out.

    # why this transcript exists
    staff: bo                            settings come first: who is there, and what the house is like

    2026-03-02 10:00  event    delivery ana item=Rye bread
    2026-03-02 12:00  wake                       (what was planned until then fires, each at its moment)
    2026-03-02 12:00  bot>ana  Hello Ana! How satisfied …
                               [1] [2] [3] [4] [5]
    2026-03-02 12:05  ana      [tap 5]
    2026-03-02 12:05  ->       kept satisfaction=5

Lines of `bot` and `->` are what came out and are compared, all others go in. `bot>` is a message, `bot~` an edit of
one (only what is new of it), `bot!` a word in passing to a tap. Between two steps all that is known lies in a real
SQLite file, so each transcript is a test of what is stored, too.
"""

import re
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from bot import publishing, services, silent, tallying, timers, turn
from bot.access.secrets import digest
from bot.channels.messages import Message
from bot.channels.updates import AnyUpdate, Attached, Joined, Left, Moved, Pressed, Written, stored
from bot.house import House, Shelf
from bot.means import Means
from bot.outgoing import message_of
from conversations.contact import Rules
from conversations.reading import read
from storage.database import Database
from storage.outbox import OutboxRow
from storage.unit import Unit
from tests.transcripts import outcomes

T = TypeVar("T")

SURVEYS: Final = Path(__file__).parent / "surveys"
GROUP: Final = "-100"
MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d)  (\S+)(?:\s+(.*))?$")
LINK: Final = re.compile(r"https://ask\.example\.com/c/(\S+)")
PLACE: Final = 9
WIDTH: Final = 120
LEASE: Final = 300_000


class Step(NamedTuple):
    """One line that goes in: at which moment, who, and what."""

    at: str
    who: str
    what: str


class Script(NamedTuple):
    """A transcript as it is written: its reason and settings, and what goes in."""

    head: list[str]
    steps: list[Step]


def parsed(text: str) -> Script:
    """Return a transcript's head and the lines that go in, without what came out."""
    head: list[str] = []
    steps: list[Step] = []
    for line in text.splitlines():
        match = MOMENT.match(line)
        if match is None:
            if not steps and not line.startswith(" ") and "  bot" not in line:
                head.append(line)
        elif not match[2].startswith(("bot>", "bot~", "bot!", "->")):
            steps.append(Step(match[1], match[2], match[3] or ""))
    while head and not head[-1]:
        head.pop()
    return Script(head, steps)


class Person(NamedTuple):
    """Somebody with a telephone. `chat` is their own chat with the bot."""

    name: str
    chat: str


class Shown(NamedTuple):
    """A message in a chat, with what it looked like at first and looks like now."""

    chat: str
    row: OutboxRow
    first: Message
    now: Message


class Stage:
    """The world of one transcript."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._people: dict[str, Person] = {}
        self._shown: dict[int, Shown] = {}
        self._lines: list[str] = []
        self._said: dict[str, list[tuple[str, str]]] = {}
        self._counts = dict.fromkeys(("update", "seed", "event"), 0)
        self._seen = outcomes.NOTHING
        self._settings: dict[str, str] = {}
        self._after_due = ""
        self.house = self._new_house()

    # -- the play

    async def play(self, script: Script) -> str:
        """Return the transcript as it comes out now."""
        settings = [line.partition(":") for line in script.head if line and not line.startswith("#")]
        self._settings = {name.strip(): value.strip() for name, _, value in settings if name not in PEOPLE}
        self.house = self._new_house()
        first = self._moment(script.steps[0].at)
        await self._run(lambda unit: self._publish(unit, first))
        await self._run(lambda unit: silent.plan(unit, self.house, first))
        await tallying.prepare(self._database, self.house)
        await tallying.count(self._database, self.house)
        for name, _, people in settings:
            for person in people.split(",") if name in PEOPLE else ():
                await self._run(partial(self._add, kind=name, words=person.split(), at=first))
        self._seen = await self._run(outcomes.look)
        for step in script.steps:
            await self._step(step)
        return "\n".join([*script.head, "", *self._lines]) + "\n"

    async def _step(self, step: Step) -> None:
        at = self._moment(step.at)
        if step.who not in ("wake", "late"):
            self._line(step.at, step.who, step.what)
        match step.who:
            case "wake":
                self._line(step.at, "wake", "")
                await self._wake(at, on_time=True)
            case "late":
                self._line(step.at, "late", step.what)
                await self._wake(at, on_time=False)
            case "event":
                await self._run(lambda unit: self._event(unit, step.what, at))
                await self._tell(at)
            case "place":
                await self._run(lambda unit: self._place(unit, step.what, at))
            case "link":
                await self._run(lambda unit: self._link(unit, step.what.split(), at))
            case "publish":
                await self._run(lambda unit: self._publish_file(unit, step.what, at))
            case "gap":
                await timers.plan_asking_again(self._database, at, int(step.what) * 1000)
                await self._wake(at, on_time=True)
            case _:
                await self._act(step, at)

    async def _act(self, step: Step, at: int) -> None:
        name, _, place = step.who.partition("@")
        person = self._person(name)
        await self._deliver(at)
        for update in self._updates(person, place, step.what, at):
            await self._take(update, at)

    async def _take(self, update: AnyUpdate, at: int) -> None:
        def work(unit: Unit) -> turn.Turned:
            inbox_id = unit.inbox.add(1, update.channel, update.ident, None, update.chat, stored(update), at)
            return turn.NOTHING if inbox_id is None else turn.take(inbox_id, update, unit, self.house, at)

        done = await self._run(work)
        for notice in done.notices:
            if notice.text is not None:
                self._line(self._clock(at), f"bot!{self._name(notice.chat)}", notice.text)
        for _ in done.leaves:
            self._line(self._clock(at), "->", "the group is left")
        await self._tell(at)

    async def _wake(self, until: int, *, on_time: bool) -> None:
        """Fire what is due, each row at its own moment, or all of it late."""
        while (due_at := await self._run(lambda unit: unit.due.next_at())) is not None and due_at <= until:
            now = due_at if on_time else until
            await self._run(partial(self._fire_next, now=now))
            await self._tell(now)
        await self._tell(until)

    def _fire_next(self, unit: Unit, now: int) -> None:
        for row in unit.due.claim(now, LEASE, 1):
            timers.fire(row, unit, self.house, now)

    # -- what people do

    def _updates(  # noqa: C901 - one case for each thing that people do
        self, person: Person, place: str, what: str, at: int
    ) -> Iterator[AnyUpdate]:
        chat = GROUP if place == "group" else person.chat
        self._counts["update"] += 1
        ident = f"update:{self._counts['update']}"
        about: dict[str, Any] = {
            "channel": "telegram",
            "chat": chat,
            "user": person.chat,
            "sent_at": at,
            "name": person.name.title(),
            "language": self._settings.get(f"language of {person.name}", ""),
            "group": place == "group",
            "anonymous": place == "anonymous",
        }
        if place == "anonymous":
            about.update(chat=GROUP, group=True)
        act, _, rest = what[1:-1].partition(" ") if what.startswith("[") and what.endswith("]") else ("", "", "")
        match act.rstrip(":"):
            case "tap" | "taps":
                ref, press = self._button(about["chat"], rest)
                for tap in (ident,) if act == "tap" else (ident, f"{ident} again"):
                    yield Pressed(**about, ident=tap, press=press, ref=ref, query=tap)
            case "edit":
                ref, text = self._meant(person, rest)
                yield Written(**about, ident=ident, text=text, ref=ref, edited=True)
            case "reply":
                fragment, _, text = rest.partition(": ")
                found = self._found(about["chat"], fragment)
                about["reply_to"] = str(found.row.id)
                if text.startswith("<"):
                    yield _file(about, ident, *text[1:].split("> ", 1))
                    return
                self._said.setdefault(person.name, []).append((ident, text))
                yield Written(**about, ident=ident, text=text, ref=ident)
            case "photo" | "voice" | "video" | "document":
                yield _file(about, ident, act, rest)
            case "enormous":
                yield _file(about, ident, rest, size=30_000_000)
            case "album":
                kinds, _, caption = rest.partition(": ")
                for number, kind in enumerate(kinds.split()):
                    one = f"{ident}.{number}"
                    yield _file(about, one, kind, "" if number else caption, album=ident)
            case "sticker" | "location":
                yield Attached(**about, ident=ident, what=act, ref=ident)
            case "contact":
                yield Attached(**about, ident=ident, what=act, ref=ident, phone=rest)
            case "blocks":
                yield Left(**about, ident=ident)
            case "unblocks" | "joins":
                yield Joined(**about, ident=ident, by=person.chat)
            case "moves":
                yield Moved(**about, ident=ident, to=rest)
            case "opens":
                yield Written(**about, ident=ident, text=f"/start {self._token(rest)}", ref=ident)
            case "press":
                yield Pressed(**about, ident=ident, press=rest, ref="0", query=ident)
            case _:
                self._said.setdefault(person.name, []).append((ident, what))
                yield Written(**about, ident=ident, text=what, ref=ident)

    def _meant(self, person: Person, rest: str) -> tuple[str, str]:
        """Return which message is edited and its new text: `4`, or `two => 4` for an earlier one."""
        before, arrow, after = rest.partition(" => ")
        said = self._said[person.name]
        if not arrow:
            return said[-1][0], rest
        return next(ref for ref, text in reversed(said) if text == before), after

    def _button(self, chat: str, wanted: str) -> tuple[str, str]:
        """Return the message and callback data of a button: `5`, `#1` for the first one, `5 of some words`.

        With words it is looked for on messages as they were first shown, so that a tap can be a late one.
        """
        label, of, words = wanted.partition(" of ")
        for shown in reversed(list(self._shown.values())):
            buttons = [button for row in (shown.first if of else shown.now).rows for button in row]
            if shown.chat != chat or words not in shown.first.text or not buttons:
                continue
            if label.startswith("#"):
                return str(shown.row.id), buttons[int(label[1:]) - 1].press
            for button in buttons:
                if button.label == label:
                    return str(shown.row.id), button.press
        raise LookupError(f"no button {wanted!r} was shown to {self._name(chat)}")

    def _found(self, chat: str, fragment: str) -> Shown:
        return next(s for s in reversed(list(self._shown.values())) if s.chat == chat and fragment in s.now.text)

    # -- what comes out

    async def _tell(self, at: int) -> None:
        """Write down what became of it, and what was sent."""
        seen = await self._run(outcomes.look)
        for line in outcomes.news(self._seen, seen):
            self._line(self._clock(at), "->", line)
        self._seen = seen
        await self._deliver(at)

    async def _deliver(self, at: int) -> None:
        rows = await self._run(lambda unit: self._send(unit, at))
        for row in rows:
            self._show(row, at)

    def _send(self, unit: Unit, at: int) -> list[OutboxRow]:
        ready = [row for row in unit.outbox.unsent(1000) if row.not_before <= at]
        ready.sort(key=lambda row: row.class_ == "E")
        for row in ready:
            fences = unit.outbox.mark_sending([row.id], at + LEASE)
            unit.outbox.sent(row.id, fences[row.id], str(row.id), at)
        return ready

    def _show(self, row: OutboxRow, at: int) -> None:
        message = message_of(row)
        if row.edits is not None:
            shown = self._shown[row.edits]
            self._shown[row.edits] = shown._replace(now=message)
            text, sign = message.text.removeprefix(shown.first.text).strip(), "bot~"
        else:
            self._shown[row.id] = Shown(row.chat, row, message, message)
            text, sign = message.text, "bot>"
        text = " ".join([*(f"<{attachment.kind}>" for attachment in message.attachments), text])
        buttons = [" ".join(f"[{button.label}]" for button in line) for line in message.rows]
        text = LINK.sub(lambda link: link[0].replace(link[1], "(token)"), text)
        self._line(self._clock(at), sign + self._name(row.chat), "\n".join([text, *buttons]))

    def _line(self, at: str, who: str, text: str) -> None:
        indent = " " * (len(at) + 2 + PLACE + 1)
        wrapped = (piece for line in text.split("\n") for piece in textwrap.wrap(line, WIDTH - len(indent)))
        first, *more = [*wrapped] or [""]
        self._lines.append(f"{at}  {who:<{PLACE}} {first}".rstrip())
        self._lines.extend(f"{indent}{line}" for line in more)

    def _name(self, chat: str) -> str:
        if chat == GROUP or chat.startswith("-"):
            return "group"
        return next((person.name for person in self._people.values() if person.chat == chat), chat)

    # -- the world

    def _person(self, name: str) -> Person:
        if name not in self._people:
            self._people[name] = Person(name, str(101 + len(self._people)))
        return self._people[name]

    def _add(self, unit: Unit, kind: str, words: list[str], at: int) -> None:
        """Add somebody: `ana`, `ana zh-Hans`, `ana en America/New_York`."""
        name, language, zone = [*words, *[""] * 3][:3]
        person = self._person(name)
        if kind in ("staff", "supervisor"):
            member = unit.staff.add(1, name.title(), kind, language or "en", at)
            unit.addresses.add(1, "telegram", person.chat, "staff", at, staff_member_id=member.id)
            return
        customer = unit.customers.ensure(1, name, at, name.title(), language or None, zone or None)
        if phone := self._settings.get(f"phone of {name}"):
            unit.customers.reached_by(customer.id, phone, None)
        if kind == "customer":
            unit.addresses.add(1, "telegram", person.chat, "customer", at, customer_id=customer.id)

    def _link(self, unit: Unit, words: list[str], at: int) -> None:
        """Make a link: `ana abc` for a customer, `staff cy abc` for somebody who is to work here."""
        *_, name, token = words
        lasts = 30 * 86_400_000
        if words[0] == "staff":
            member = unit.staff.add(1, name.title(), "staff", "en", at)
            unit.links.add(1, digest(token), "staff", at, at + lasts, staff_member_id=member.id)
        else:
            customer = unit.customers.ensure(1, name, at, name.title())
            unit.links.add(1, digest(token), "customer", at, at + lasts, customer_id=customer.id)

    def _place(self, unit: Unit, what: str, at: int) -> None:
        """Make a place: `counter service p_here`, or `counter retired`."""
        key, touchpoint, *token = what.split()
        if touchpoint == "retired":
            place = unit.places.by_key(1, key)
            assert place is not None
            unit.places.retire(place.id, at)
        else:
            unit.places.add(1, key, key.title(), touchpoint, token[0], at)

    def _token(self, name: str) -> str:
        """Return the token of the link that somebody was given last."""
        chat = self._person(name).chat
        shown = [s.first.text for s in self._shown.values() if s.chat == chat]
        return next(match[1] for text in reversed(shown) if (match := LINK.search(text)))

    def _event(self, unit: Unit, what: str, at: int) -> None:
        """Record a service event: `delivery ana item=Rye bread, order=17`."""
        touchpoint, name, *facts = what.split(" ", 2)
        self._counts["event"] += 1
        pairs = [pair.partition("=") for pair in facts[0].split(", ")] if facts else []
        service = {key: value for key, _, value in pairs}
        number = str(self._counts["event"])
        cancelled = service.pop("cancelled", None) is not None
        new = services.NewServiceEvent(
            source="shop",
            event_id=number,
            digest=number,
            type=touchpoint,
            touchpoint=touchpoint,
            cancelled=cancelled,
            subject=service.pop("subject", number),
            customer=services.Served(name),
            service=service,
            occurred_at=at,
        )
        services.record(new, unit, self.house, at)

    def _publish(self, unit: Unit, at: int) -> None:
        files = publishing.library()
        publishing.publish(unit, 1, files, at)
        for name in self._settings.get("surveys", "").split():
            self._publish_file(unit, name, at)

    def _publish_file(self, unit: Unit, name: str, at: int) -> None:
        source = (SURVEYS / f"{name}.toml").read_text("utf-8")
        survey = read(source, f"{name}.toml")
        unit.surveys.publish(1, survey.key, source, digest(source), survey.touchpoint, "folder", at)
        self.house.shelf.forget_published()

    def _new_house(self) -> House:
        get = self._settings.get
        quiet_from, _, quiet_until = get("quiet", "21-9").partition("-")
        return House(
            brand=1,
            business={"name": name} if (name := get("business", "Corner Shop")) else {},
            language=get("language", "en"),
            zone=get("zone", "UTC"),
            rules=Rules(
                cooldown=timedelta(days=int(get("cooldown", "14"))),
                quiet_from=time(int(quiet_from)),
                quiet_until=time(int(quiet_until)),
            ),
            privacy_url=get("privacy", ""),
            start_survey=get("start") or None,
            public_url="https://ask.example.com",
            shelf=Shelf(),
            seed=self._seed,
            currency=get("currency", ""),
            means=Means(per_case=int(per_case) * 100 if (per_case := get("per case")) else None),
        )

    def _seed(self) -> str:
        self._counts["seed"] += 1
        return f"seed{self._counts['seed']}"

    async def _run(self, work: Callable[[Unit], T]) -> T:
        return await self._database.run(work)

    def _moment(self, at: str) -> int:
        local = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo(self._settings.get("zone", "UTC")))
        return int(local.timestamp() * 1000)

    def _clock(self, at: int) -> str:
        local = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(self._settings.get("zone", "UTC")))
        return local.strftime("%Y-%m-%d %H:%M")


def _file(about: dict[str, Any], ident: str, what: str, caption: str = "", **more: Any) -> Attached:
    """Return a file as the channel hands it over; its id there begins with what it is."""
    return Attached(**about, ident=ident, what=what, ref=ident, caption=caption, file=f"{what}-{ident}", **more)


PEOPLE: Final = ("customer", "staff", "supervisor", "unlinked")
