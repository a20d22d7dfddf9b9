"""What whoever leads looks at first: offers that wait for a yes, what is overdue or soon will be, who has too much."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import msgspec

from bot import offers, staff_today
from bot.access.policy import Act
from bot.console.cases import sees
from bot.console.page_talk import Offered, PageOutgoing, PageTalk
from bot.console.today import Reader
from bot.console.wording import words
from bot.handing import workers_all
from bot.house import House
from bot.offers_asking import APPROVE_PROMPT
from bot.offers_words import priced
from bot.scene import Scene
from recovery.offers import load
from storage.unit import Unit

SOON: Final = timedelta(hours=24) // timedelta(milliseconds=1)


class Approval(msgspec.Struct, frozen=True):
    """An offer that waits for this reader's yes."""

    id: int
    number: int
    customer: str
    what: str
    reason: str
    owner: str
    decide: tuple[Offered, ...]


class Burdened(msgspec.Struct, frozen=True):
    """Somebody who has too much, or is away and has cases: what they have, and handing it on."""

    id: int
    name: str
    load: int
    limit: int
    full: bool
    away: bool
    hand_on: str


class Lead(msgspec.Struct, frozen=True):
    """The part of Today for whoever leads. None is what the reader may not see."""

    approvals: tuple[Approval, ...] | None = None
    overdue: int | None = None
    soon: int = 0
    burdened: tuple[Burdened, ...] | None = None


def lead_for(reader: Reader, house: House, now: int) -> Callable[[Unit], Lead]:
    """Return the work that reads it."""

    def work(unit: Unit) -> Lead:
        page = PageOutgoing(unit, now)
        talk = PageTalk(reader.member, Scene(unit, house, page, now), page)
        late, soon = unit.today.count_due(house.brand, now, now + SOON, sees(reader))
        leads = reader.may(Act.SEE_TEAM_DAY)
        return Lead(
            _approvals(talk) if reader.may(Act.DECIDE_OFFERS) else None,
            late if reader.may(Act.SEE_CASE) else None,
            soon,
            _burdened(talk) if leads else None,
        )

    return work


def _approvals(talk: PageTalk) -> tuple[Approval, ...]:
    language, made = talk.member.language, []
    for row in offers.awaiting(talk.scene, talk.member):
        case, revision = talk.unit.cases.get(row.case_id), load(row.state).revision
        customer = talk.unit.customers.get(row.customer_id)
        decide = tuple(
            Offered(words(label, language), f"1:{APPROVE_PROMPT}:{row.id}.{revision}.{answer}")
            for label, answer in (("offer_approve", "yes"), ("offer_turn_down", "no"))
        )
        owner = talk.unit.staff.get(row.owner_id).name if row.owner_id else "makegood"
        name = customer.name or customer.reference
        made.append(Approval(row.id, case.number, name, priced(row, language), row.reason, owner, decide))
    return tuple(made)


def _burdened(talk: PageTalk) -> tuple[Burdened, ...]:
    loads = talk.unit.assignments.loads(talk.house.brand)
    return tuple(
        Burdened(
            one.id,
            one.name,
            load_,
            one.load_limit,
            load_ >= one.load_limit,
            one.away_at is not None,
            f"1:{staff_today.TODAY_PROMPT}:from.{one.id}",
        )
        for one in workers_all(talk)
        if talk.may_lead(one)
        and (load_ := loads.get(one.id, 0))
        and (load_ >= one.load_limit or one.away_at is not None)
    )
