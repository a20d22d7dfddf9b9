"""What needs a person now, as one staff member may see it: read in one go, and said in their language.

Case workers see cases and tasks, who looks after the installation sees its health. What somebody may not see is not
even read.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_date, format_time

from bot import call_tasks
from bot.access.policy import Act, Principal, Role, allowed
from bot.clock import moment
from bot.console.wording import TASKS, age, cause, time_left, words
from bot.house import House
from bot.passing_on import UNSORTED
from bot.phrases import babel_locale
from bot.unhappy import rating_line
from conversations.surveys import Survey, said_in
from recovery import cases
from storage.case_lists import ListedCase
from storage.staff import StaffMember
from storage.today import OpenTask, PlannedFollowUp, WaitingCase
from storage.unit import Unit

SHOWN: Final = 50
"""So many lines of a list; beyond that nobody reads, and the count says that there are more."""

EXCERPT: Final = 240
_MS: Final = timedelta(milliseconds=1)


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case that waits, ready to be shown."""

    number: int
    customer: str
    about: str
    words: str
    age: str
    urgent: bool
    owner: str | None
    mine: bool
    may_take: bool
    due: str
    late: bool


class TaskLine(msgspec.Struct, frozen=True, kw_only=True):
    """A task, ready to be shown. `phone` is None where it is not a call; `came` is what may come of one: words, tap."""

    id: int
    customer: str
    what: str
    about: str
    words: str
    phone: str | None
    is_call: bool
    age: str
    owner: str | None
    may_finish: bool
    number: int | None
    came: tuple[tuple[str, str], ...]


class FollowUpLine(msgspec.Struct, frozen=True, kw_only=True):
    """A follow-up of today, ready to be shown."""

    at: str
    number: int
    what: str
    owner: str | None


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """The page's lists. None is what the reader may not see."""

    day: str
    seen_at: str
    waiting: int | None = None
    cases: tuple[CaseLine, ...] | None = None
    tasks: tuple[TaskLine, ...] | None = None
    follow_ups: tuple[FollowUpLine, ...] | None = None

    @property
    def more(self) -> int:
        """Return how many cases wait that are not shown."""
        return max(0, (self.waiting or 0) - SHOWN)


class Reader(msgspec.Struct, frozen=True):
    """Who looks, and as whom the policy sees them."""

    member: StaffMember
    principal: Principal

    def may(self, act: Act) -> bool:
        """Return whether the policy lets them do it."""
        return allowed(self.principal, act)

    @property
    def team(self) -> int | None:
        """Return the team whose cases they see; None for who sees all."""
        return None if Role.MANAGER in self.principal.roles else self.member.team_id


def today_for(reader: Reader, house: House, now: int) -> Callable[[Unit], Today]:
    """Return the work that reads what this staff member is to see at `now`."""

    def work(unit: Unit) -> Today:
        desk, team = _Desk(unit, house, reader, now), reader.team
        if not reader.may(Act.SEE_CASE):
            return Today(day=desk.day(), seen_at=desk.clock(now))
        return Today(
            day=desk.day(),
            seen_at=desk.clock(now),
            waiting=unit.today.count_waiting(house.brand, team),
            cases=tuple(desk.case(each) for each in unit.today.waiting(house.brand, SHOWN, now, team)),
            tasks=tuple(desk.task(each) for each in unit.today.tasks(house.brand, SHOWN, now, team)),
            follow_ups=tuple(desk.follow_ups()),
        )

    return work


class _Desk:
    """One reading: the rows, and the words for them."""

    def __init__(self, unit: Unit, house: House, reader: Reader, now: int) -> None:
        self._unit = unit
        self._house = house
        self._reader = reader
        self._now = now
        self._language = reader.member.language
        self._zone = ZoneInfo(house.zone)

    def day(self) -> str:
        return str(format_date(self._local(self._now), "full", locale=babel_locale(self._language)))

    def clock(self, at: int) -> str:
        return str(format_time(self._local(at), "HH:mm", locale=babel_locale(self._language)))

    def case(self, row: WaitingCase) -> CaseLine:
        return CaseLine(
            number=row.number,
            customer=row.customer,
            about=" · ".join(about_case(self._unit, self._house, self._language, row)),
            words=excerpt(row.words),
            age=self._age(row.opened_at),
            urgent=bool(row.urgent),
            owner=row.owner,
            mine=row.owner_id == self._reader.member.id,
            may_take=row.owner_id is None and self._reader.may(Act.TAKE_CASE),
            due=time_left(row.due_at, self._now, self._language),
            late=bool(row.late),
        )

    def task(self, row: OpenTask) -> TaskLine:
        customer = row.customer or self._say("case", number=row.number or 0)
        is_call = row.kind == "telephone"
        return TaskLine(
            id=row.id,
            customer=customer,
            what=self._say(TASKS.get(row.kind, "other_task"), customer=customer),
            about=self._say("case", number=row.number) if row.number is not None else "",
            words=self._unsorted_words(row) if row.kind == UNSORTED else "",
            phone=row.phone if is_call else None,
            is_call=is_call,
            age=self._age(row.created_at),
            owner=row.owner,
            may_finish=self._reader.may(Act.FINISH_TASK),
            number=row.number,
            came=self._came(row) if is_call and self._reader.may(Act.FINISH_TASK) else (),
        )

    def _came(self, row: OpenTask) -> tuple[tuple[str, str], ...]:
        """Return what may come of a call, as the chat offers it below the same call."""
        task = self._unit.tasks.get(row.id)
        rows = call_tasks.buttons(task, self._language, known=bool(row.phone))
        return tuple((button.label, button.press) for buttons in rows for button in buttons)

    def follow_ups(self) -> Iterator[FollowUpLine]:
        """Yield what still stands of the follow-ups planned before midnight, the business's own."""
        for row in self._unit.today.follow_ups(self._house.brand, self._midnight(), 4 * SHOWN, self._reader.team):
            state = cases.load(row.state)
            if row.dedupe_key == f"follow_up:{row.case_id}:{state.follow_up_at}":
                yield self._follow_up(row, asked=state.stage == "resolved")

    def _follow_up(self, row: PlannedFollowUp, *, asked: bool) -> FollowUpLine:
        what = self._say("will_be_asked" if asked else "will_hear", customer=row.customer)
        return FollowUpLine(at=self.clock(row.due_at), number=row.number, what=what, owner=row.owner)

    def _unsorted_words(self, row: OpenTask) -> str:
        talk = row.dedupe_key.rpartition(":")[2]
        answers = self._unit.answers.of(int(talk)) if talk.isdecimal() else []
        return excerpt(next((answer.text for answer in answers if answer.role == "comment" and answer.current), None))

    def _age(self, since: int) -> str:
        return age(timedelta(milliseconds=self._now - since), self._language)

    def _midnight(self) -> int:
        tomorrow = self._local(self._now).date() + timedelta(days=1)
        return int(datetime.combine(tomorrow, time(), self._zone).timestamp() * 1000)

    def _local(self, at: int) -> datetime:
        return moment(at).astimezone(self._zone)

    def _say(self, name: str, **places: str | int) -> str:
        return words(name, self._language, **places)


def about_case(unit: Unit, house: House, language: str, row: WaitingCase | ListedCase) -> Iterator[str]:
    """Yield what a case in a list is about: its touchpoint, and what made the customer unhappy."""
    version = row.survey_version_id
    survey: Survey | None = None if version is None else house.shelf.version(unit, version)
    if survey is not None and survey.title:
        yield said_in(survey.title, language, survey.languages[0])
    elif row.touchpoint:
        yield row.touchpoint.replace("_", " ")
    if row.rating is None:
        yield cause(row.cause, language)
    else:
        yield rating_line(survey, row.rating_question, row.rating, language)


def excerpt(text: str | None) -> str:
    """Return the beginning of a text in one line, as long as a list has room for; empty without one."""
    if text is None:
        return ""
    flat = " ".join(text.split())
    return flat if len(flat) <= EXCERPT else flat[: EXCERPT - 1] + "…"
