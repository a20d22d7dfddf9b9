"""One case as a staff member may see it: how it stands, who has it and why, clocks, steps, offers, the whole story."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_datetime

from bot import case_buttons, case_causes, case_story, case_why, weighing
from bot.access.policy import Act
from bot.case_words import first_words, standing
from bot.channels.messages import Button
from bot.clock import moment
from bot.console.cases import case_seen, stage_words
from bot.console.page_talk import Offered
from bot.console.today import Reader
from bot.console.wording import owed_words, step_how, step_name, time_left, words
from bot.house import House
from bot.offers_asking import APPROVE_PROMPT
from bot.offers_words import priced
from bot.outgoing import Outgoing
from bot.phrases import babel_locale, say
from bot.scene import Scene
from recovery import cases, clocks, offers
from storage.cases import Case
from storage.clocks import CaseClock
from storage.media import MediaFile
from storage.offers import OfferRow
from storage.unit import Unit

LEFT_OUT: Final = frozenset({"more", "less", "open", "write", "files", "page"})
"""Acts of the chat for which a page has a place of its own."""

SHOWN_HERE: Final = ("kept",)
_MS: Final = timedelta(milliseconds=1)


class File(msgspec.Struct, frozen=True):
    """A file of the story: a picture is shown, all else is a link."""

    id: int
    name: str
    kind: str
    here: bool


class Moment(msgspec.Struct, frozen=True):
    """A moment of the story. `side` says whose it is: customer, staff, makegood, note, done."""

    when: str
    iso: str
    who: str
    side: str
    text: str
    files: tuple[File, ...]


class ClockLine(msgspec.Struct, frozen=True):
    """A clock: what is owed, how it stands, and when."""

    owed: str
    stands: str
    late: bool
    when: str


class OfferLine(msgspec.Struct, frozen=True):
    """An offer, and what this reader may do with it."""

    id: int
    what: str
    stage: str
    reason: str
    owner: str
    decide: tuple[Offered, ...]
    may_withdraw: bool


class StepLine(msgspec.Struct, frozen=True):
    """A step that was taken, with what shows it."""

    name: str
    how: str
    who: str
    when: str
    evidence: str


class Further(msgspec.Struct, frozen=True):
    """Acts of one group, under its name; "" for what stands on top."""

    group: str
    acts: tuple[Offered, ...]


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """The page of a case."""

    case: Case
    customer: str
    customer_id: int
    phone: str | None
    stage: str
    about: str
    standing: str
    cause: str
    weighed: tuple[str, ...]
    urgent: bool
    clocks: tuple[ClockLine, ...]
    why: tuple[case_why.GivenTo, ...]
    steps: tuple[StepLine, ...]
    offers: tuple[OfferLine, ...]
    story: tuple[Moment, ...]
    acts: tuple[Offered, ...]
    further: tuple[Further, ...]
    may_write: bool


def view_of(reader: Reader, house: House, now: int, number: int) -> Callable[[Unit], CaseView | None]:
    """Return the work that reads a case; None for one that there is not, or not for this reader."""

    def work(unit: Unit) -> CaseView | None:
        case = case_seen(unit, house.brand, number, reader)
        return None if case is None else _Reading(unit, house, reader, now, case).view()

    return work


class _Reading:
    def __init__(self, unit: Unit, house: House, reader: Reader, now: int, case: Case) -> None:
        self._unit = unit
        self._house = house
        self._reader = reader
        self._now = now
        self._case = case
        self._language = reader.member.language
        self._scene = Scene(unit, house, Outgoing(unit, now), now)
        self._state = cases.load(case.state)

    def view(self) -> CaseView:
        case, language = self._case, self._language
        customer = self._unit.customers.get(case.customer_id)
        # the number and the name stand above, and the customer's history on a page of its own
        about = first_words(self._scene, case, language).partition("\n")[2].partition("\n\n")[0]
        open_still = case.closed_at is None
        return CaseView(
            case=case,
            customer=customer.name or customer.reference,
            customer_id=customer.id,
            phone=customer.phone,
            stage=stage_words(self._state.stage, language),
            about=about,
            standing=standing(self._scene, self._state, language, self._given_to()),
            cause=case_causes.in_words(self._scene, case.root_cause, language) if case.root_cause else "",
            weighed=tuple(say(words, language) for words in weighing.in_words(self._scene, case)),
            urgent=bool(case.urgent) and open_still,
            clocks=tuple(self._clocks()),
            why=tuple(reversed(case_why.why(self._unit, case, self._house.zone, language))),
            steps=tuple(self._steps()),
            offers=tuple(self._offer(row) for row in self._unit.offers.of_case(case.id)),
            story=tuple(self._story()),
            acts=self._acts(button for row in self._rows() for button in row) if open_still else (),
            further=tuple(self._further()) if open_still else (),
            may_write=open_still and self._reader.may(Act.WRITE_TO_CUSTOMER),
        )

    def _given_to(self) -> str | None:
        assignee = self._case.assignee_id
        return None if assignee is None else self._unit.staff.get(assignee).name

    def _clocks(self) -> Iterator[ClockLine]:
        for row in self._unit.clocks.of(self._case.id):
            yield self._clock(row)

    def _clock(self, row: CaseClock) -> ClockLine:
        clock, language = clocks.load(row.state), self._language
        late = clock.breached_at is not None
        at = clock.breached_at if late else row.due_at
        if clock.stage == "done":
            stands, when = words("clock_late" if late else "clock_met", language), None
        elif clock.stage == "paused":
            stands, when = words("clock_paused", language), None
        else:
            stands, when = time_left(at, self._now, language), at
        return ClockLine(owed_words(clock.target.owed, language), stands, late, self._when(when) if when else "")

    def _steps(self) -> Iterator[StepLine]:
        for step in self._unit.case_steps.of(self._case.id):
            name = step_name(step.step, self._language)
            if name:
                who = self._actor(step.actor)
                yield StepLine(name, step_how(step.how, self._language), who, self._when(step.at), step.evidence)

    def _actor(self, actor: str) -> str:
        kind, _, ident = actor.partition(":")
        if kind == "staff" and ident.isdecimal():
            return self._unit.staff.get(int(ident)).name
        return words("the_customer", self._language) if kind == "customer" else "makegood"

    def _offer(self, row: OfferRow) -> OfferLine:
        offer, me, language = offers.load(row.state), self._reader.member, self._language
        decide: tuple[Offered, ...] = ()
        if row.stage == "awaiting" and self._reader.may(Act.DECIDE_OFFERS) and me.id not in offer.authors:
            named = (("offer_approve", "yes"), ("offer_turn_down", "no"))
            decide = tuple(
                Offered(words(label, language), f"1:{APPROVE_PROMPT}:{row.id}.{offer.revision}.{answer}")
                for label, answer in named
            )
        own = row.owner_id == me.id and row.stage in ("proposed", "awaiting", "approved", "put")
        owner = self._unit.staff.get(row.owner_id).name if row.owner_id else "makegood"
        stage = say(offers.stands(offer), language)
        return OfferLine(row.id, priced(row, language), stage, row.reason, owner, decide, own)

    def _story(self) -> Iterator[Moment]:
        for told in case_story.story(self._unit, self._house, self._case, self._language):
            side = told.what if told.what in case_story.SAID else "done"
            files = self._files(told.media)
            text = told.text
            if side == "done" and not text:
                continue
            local = moment(told.at).astimezone(ZoneInfo(self._house.zone))
            yield Moment(self._when(told.at), local.isoformat(timespec="minutes"), told.who, side, text, files)

    def _files(self, ids: Sequence[int]) -> tuple[File, ...]:
        return tuple(self._file(row) for row in self._unit.media.several(ids))

    def _file(self, row: MediaFile) -> File:
        kind = row.kind if row.kind in ("photo", "voice", "audio", "video") else "document"
        name = row.name or words(f"file_{kind}", self._language)
        return File(row.id, name, kind, row.state in SHOWN_HERE and row.path is not None)

    def _rows(self) -> case_buttons.Rows:
        return case_buttons.rows(self._state, self._case, self._language)

    def _further(self) -> Iterator[Further]:
        for group, buttons in case_buttons.further(self._state, self._case, self._language):
            acts = self._acts(buttons)
            if acts:
                yield Further(group, acts)

    def _acts(self, buttons: Iterable[Button]) -> tuple[Offered, ...]:
        """Return what the chat offers below the case, without what this page has a place of its own for."""
        from bot.case_acts import CASE_ACTS  # late, as bot.case_buttons does

        made = []
        for button in buttons:
            named = case_buttons.pressed_act(button.press)
            act = None if named is None or named.name in LEFT_OUT else CASE_ACTS.get(named.name)
            if act is not None and self._reader.may(act.act):
                made.append(Offered(button.label, button.press))
        return tuple(made)

    def _when(self, at: int) -> str:
        local = moment(at).astimezone(ZoneInfo(self._house.zone))
        pattern = "M月d日 HH:mm" if self._language.startswith("zh") else "d MMM HH:mm"
        return str(format_datetime(local, pattern, locale=babel_locale(self._language)))
