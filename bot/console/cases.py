"""The list of cases as one staff member may see it: what the address asks for, the rows, and the words for them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

import msgspec

from bot.console.today import Reader, about_case, excerpt
from bot.console.wording import age, ending, time_left, words
from bot.house import House
from bot.wall_clock import wall_day
from storage.case_lists import STAGES, ListedCase, Wanted
from storage.cases import Case
from storage.unit import Unit

SHOWN: Final = 25
"""Cases on one page."""

PERIODS: Final = (7, 30, 90, 365)
ENDINGS: Final = ("recovered", "not_recovered", "unreachable", "corrected", "joined")
WHOSE: Final = ("", "mine")
_DAY: Final = timedelta(days=1) // timedelta(milliseconds=1)
_LONGEST: Final = 80


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What an address asks of the list. Everything else that stands in an address is left out."""

    q: str = ""
    stage: str = "standing"
    mine: bool = False
    overdue: bool = False
    team: int | None = None
    severity: int | None = None
    outcome: str = ""
    days: int | None = None
    before: int | None = None

    @property
    def plain(self) -> bool:
        """Return whether nothing was asked for."""
        return msgspec.structs.replace(self, before=None) == Asked()

    def address(self, **changed: object) -> str:
        """Return the address that asks for the same, with changes."""
        asked = msgspec.structs.asdict(msgspec.structs.replace(self, before=None))
        said = {name: value for name, value in {**asked, **changed}.items() if value and value != "standing"}
        return "/console/cases" + (f"?{urlencode({k: 1 if v is True else v for k, v in said.items()})}" if said else "")


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case in the list, ready to be shown."""

    number: int
    customer: str
    about: str
    words: str
    stage: str
    who: str
    mine: bool
    urgent: bool
    severity: int
    team: str
    age: str
    due: str
    late: bool
    closed: str


class CasePage(msgspec.Struct, frozen=True):
    """One page of the list. `following` is the address of the next one, None on the last."""

    lines: tuple[CaseLine, ...]
    teams: tuple[tuple[int, str], ...]
    following: str | None


def asked_of(said: Mapping[str, str]) -> Asked:
    """Return what an address asks for."""
    stage, outcome = said.get("stage", ""), said.get("outcome", "")
    days = _number(said.get("days", ""))
    return Asked(
        q=" ".join(said.get("q", "").replace("\0", "").split())[:_LONGEST],
        stage=stage if stage in STAGES else "standing",
        mine=bool(said.get("mine")),
        overdue=bool(said.get("overdue")),
        team=_number(said.get("team", "")),
        severity=_number(said.get("severity", "")),
        outcome=outcome if outcome in ENDINGS else "",
        days=days if days in PERIODS else None,
        before=_number(said.get("before", "")),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def sees(reader: Reader) -> int | None:
    """Return the team whose cases somebody sees; None for who sees all."""
    return reader.team


def page_of_cases(reader: Reader, house: House, now: int, asked: Asked) -> Callable[[Unit], CasePage]:
    """Return the work that reads one page of the list."""

    def work(unit: Unit) -> CasePage:
        wanted = Wanted(
            brand=house.brand,
            seen_by=sees(reader),
            stage="closed" if asked.outcome and asked.stage == "standing" else asked.stage,
            with_staff=reader.member.id if asked.mine else None,
            team=asked.team,
            overdue_at=now if asked.overdue else None,
            severity=asked.severity,
            outcome=asked.outcome or None,
            since=now - asked.days * _DAY if asked.days else None,
            words=asked.q,
        )
        rows = unit.case_lists.page(wanted, now, asked.before, SHOWN + 1)
        lines = tuple(_line(unit, house, reader, now, row) for row in rows[:SHOWN])
        following = asked.address(before=rows[SHOWN - 1].id) if len(rows) > SHOWN else None
        teams = tuple((team.id, team.name) for team in unit.teams.listing(house.brand))
        return CasePage(lines, teams, following)

    return work


def _line(unit: Unit, house: House, reader: Reader, now: int, row: ListedCase) -> CaseLine:
    language = reader.member.language
    holder = row.owner_id if row.owner_id is not None else row.assignee_id
    waiting = row.stage in ("open", "taken")
    return CaseLine(
        number=row.number,
        customer=row.customer,
        about=" · ".join(about_case(unit, house, language, row)),
        words=excerpt(row.words),
        stage=stage_words(row.stage, language),
        who=_who(row, language),
        mine=holder == reader.member.id,
        urgent=bool(row.urgent),
        severity=row.severity,
        team=row.team or "",
        age=age(timedelta(milliseconds=now - row.opened_at), language),
        due=time_left(row.due_at, now, language) if waiting else "",
        late=waiting and bool(row.late),
        closed=_closed(row, house, language),
    )


def _who(row: ListedCase, language: str) -> str:
    if row.owner is not None:
        return row.owner
    if row.assignee is not None and row.closed_at is None:
        return words("given_to", language, name=row.assignee)
    return words("nobody_yet", language) if row.closed_at is None else ""


def _closed(row: ListedCase, house: House, language: str) -> str:
    if row.closed_at is None:
        return ""
    return f"{ending(row.outcome, language)}, {wall_day(row.closed_at, house.zone, language)}"


def stage_words(stage: str, language: str) -> str:
    """Return the stage of a case as a word."""
    return words(f"stage_{stage}", language)


def case_seen(unit: Unit, brand: int, number: int, reader: Reader) -> Case | None:
    """Return the case of that number if this staff member may see it."""
    case = unit.cases.by_number(brand, number)
    team = sees(reader)
    if case is None or (team is not None and case.team_id not in (None, team)):
        return None
    return case
