"""The books of an offer: what may be given at this moment, and each movement of its money written down.

Everything here happens in the turn's own transaction. What was given already is read from the sums, one row a limit;
the same sums are raised by a statement that refuses to pass the limit, whatever was weighed before it.
"""

from datetime import date, timedelta
from typing import Final, NamedTuple, cast, get_args
from zoneinfo import ZoneInfo

from bot.clock import moment
from bot.scene import Scene
from recovery import ledgers
from recovery.authority import Given, Ground, Limits, OfferKind, TeamLimits, Verdict, Wish, decide
from recovery.ledgers import Entry, Movement
from recovery.money import LARGEST, NONE, Money
from recovery.offers import OURS, Offer
from storage.cases import Case
from storage.ledger import LedgerLine
from storage.offers import OfferRow
from storage.spending import Scope
from storage.staff import StaffMember

NO_TEAM: Final = 0
"""Whose budget is the business's own."""

EVERY_KIND: Final[frozenset[OfferKind]] = frozenset(get_args(OfferKind))

_FIRST_DAY: Final = date(1970, 1, 1)


class OverLimit(RuntimeError):
    """What was weighed as within a limit did not fit: the turn is undone, and nothing was given."""

    def __init__(self, offer_id: int, scope: Scope) -> None:
        super().__init__(f"offer {offer_id} does not fit within its {scope}")
        self.offer_id = offer_id
        self.scope = scope


class Purse(NamedTuple):
    """Whose limits hold: the team's, and those of whoever wishes; `team` is 0 for the business's own budget."""

    team: int
    of_team: TeamLimits
    own: Limits | None


# --- weighing -------------------------------------------------------------------------------------------------------


def currency_of(scene: Scene) -> str:
    """Return the currency of the business, or that of things without a price."""
    return scene.house.currency or NONE


def purse_of(scene: Scene, staff_id: int) -> Purse:
    """Return the limits that hold for somebody at this moment, and which budget they spend from."""
    member = None if staff_id == OURS else scene.unit.staff.get(staff_id)
    own = None if member is None else _own(scene, member)
    means = scene.house.means
    if member is not None and member.team_id is not None and scene.house.currency:
        team = scene.unit.teams.get(member.team_id)
        upto = means.supervisor_up_to if team.supervisor_up_to is None else team.supervisor_up_to
        two = means.two_above if team.two_above is None else team.two_above
        if team.per_month is not None:
            return Purse(team.id, _team(scene, team.per_month, upto, two), own)
        return Purse(NO_TEAM, _team(scene, means.per_month, upto, two), own)
    return Purse(NO_TEAM, _team(scene, means.per_month, means.supervisor_up_to, means.two_above), own)


def _team(scene: Scene, per_month: int | None, upto: int | None, two: int | None) -> TeamLimits:
    limit = LARGEST if per_month is None else per_month
    return TeamLimits(_money(scene, limit), _limit(scene, upto), _limit(scene, two))


def _own(scene: Scene, member: StaffMember) -> Limits | None:
    means, ends_at = scene.house.means, member.authority_ends_at
    ended = ends_at is not None and scene.now >= ends_at  # what was lent is over: what everybody may give is left
    per_case = means.per_case if ended or member.per_case is None else member.per_case
    per_day = means.per_day if ended or member.per_day is None else member.per_day
    if per_case is None:
        return None
    kinds = EVERY_KIND if ended or member.offer_kinds is None else _kinds(member.offer_kinds)
    most = LARGEST if per_day is None else per_day
    return Limits(_money(scene, per_case), _money(scene, most), kinds)


def _kinds(written: str) -> frozenset[OfferKind]:
    return frozenset(kind for kind in EVERY_KIND if kind in written.split(","))


def _money(scene: Scene, amount: int) -> Money:
    """Return an amount of ours; where the business counts in no currency there is nothing but nothing."""
    return Money(amount if scene.house.currency else 0, currency_of(scene))


def _limit(scene: Scene, amount: int | None) -> Money | None:
    return None if amount is None or not scene.house.currency else _money(scene, amount)


def weigh(scene: Scene, case: Case, wish: Wish, staff_id: int, thanks: Wish | None = None) -> Verdict:
    """Return what the limits say to somebody's wish, by all that was given until now."""
    purse = purse_of(scene, staff_id)
    if purse.of_team.per_month.currency != wish.worth.currency:
        return decide(wish, None, purse.of_team, _nothing(scene), scene.now)
    return decide(wish, purse.own, purse.of_team, given(scene, case, staff_id, purse, thanks), scene.now, thanks)


def given(scene: Scene, case: Case, staff_id: int, purse: Purse, thanks: Wish | None = None) -> Given:
    """Return what was given already in the case, today by this person, and this month from that budget."""
    day = business_day(scene)
    return Given(
        on_case=_held(scene, "case", case.id, 0),
        today=_held(scene, "person_day", staff_id, number_of(day)),
        this_month=_held(scene, "team_month", purse.team, month_of(day)),
        thanked=thanks is not None and scene.unit.ledger.thanked(case.id),
    )


def on_case(scene: Scene, case: Case) -> Money:
    """Return what the case was given until now: promised and carried out."""
    return _held(scene, "case", case.id, 0)


def _nothing(scene: Scene) -> Given:
    none = Money(0, currency_of(scene))
    return Given(none, none, none)


def _held(scene: Scene, scope: Scope, subject: int, period: int) -> Money:
    currency = currency_of(scene)
    return Money(scene.unit.spending.held(scene.house.brand, scope, subject, period, currency), currency)


def business_day(scene: Scene) -> date:
    """Return today by the business's own calendar."""
    return moment(scene.now).astimezone(ZoneInfo(scene.house.zone)).date()


def number_of(day: date) -> int:
    """Return a day as it is stored: days since 1970-01-01."""
    return (day - _FIRST_DAY).days


def month_of(day: date) -> int:
    """Return a month as it is stored."""
    return day.year * 12 + day.month


# --- writing --------------------------------------------------------------------------------------------------------


def reserve(scene: Scene, row: OfferRow, offer: Offer, ground: Ground) -> None:
    """Write that this much is promised, and hold it against every limit. Raises OverLimit."""
    case, purse = scene.unit.cases.get(row.case_id), purse_of(scene, offer.owner)
    entry = ledgers.reserve(
        _newest(scene),
        _entry(scene.unit.ledger.newest_of(row.id)),
        offer=row.id,
        worth=offer.wish.worth,
        case=case.number,
        team=purse.team,
        person=offer.owner,
        ground=ground,
        day=business_day(scene),
        at=scene.now,
    )
    for scope, subject, period in scopes_of(entry, case.id):
        most = _most(scope, offer, ground, purse)
        if entry.worth and not scene.unit.spending.hold(
            scene.house.brand, scope, subject, period, entry.worth.currency, entry.worth.amount, most
        ):
            raise OverLimit(row.id, scope)
    scene.unit.ledger.add(_line(scene.house.brand, entry))


def follow(scene: Scene, row: OfferRow, movement: Movement) -> None:
    """Write what became of what was promised; what is released counts against no limit any more."""
    entry = _following(scene, row, movement)
    scene.unit.ledger.add(_line(scene.house.brand, entry))
    if movement == "spent" or not entry.worth:
        return
    for scope, subject, period in scopes_of(entry, row.case_id):
        scene.unit.spending.free(scene.house.brand, scope, subject, period, entry.worth.currency, entry.worth.amount)


def take_back(scene: Scene, row: OfferRow) -> None:
    """Write that what was spent came back and is promised as before: what is held against each limit stays the same."""
    back = _following(scene, row, "returned")
    for entry in (back, ledgers.reserve_again(back, scene.now)):
        scene.unit.ledger.add(_line(scene.house.brand, entry))


def _following(scene: Scene, row: OfferRow, movement: Movement) -> Entry:
    before, last = _newest(scene), _entry(scene.unit.ledger.newest_of(row.id))
    if before is None or last is None:
        raise ledgers.OutOfOrder(row.id, None, movement)
    return ledgers.follow(before, last, movement, scene.now)


def scopes_of(entry: Entry, case_id: int) -> list[tuple[Scope, int, int]]:
    """Return against which limits an entry counts: scope, subject and period of each."""
    scopes: list[tuple[Scope, int, int]] = [("case", case_id, 0), ("team_month", entry.team, month_of(entry.day))]
    if entry.ground == "own":
        scopes.append(("person_day", entry.person, number_of(entry.day)))
    return scopes


def _most(scope: Scope, offer: Offer, ground: Ground, purse: Purse) -> int:
    """Return the limit that holds for a reservation on that ground."""
    match scope:
        case "team_month":
            return purse.of_team.per_month.amount
        case "person_day":
            return 0 if purse.own is None else purse.own.per_day.amount
        case "case":
            return min(_case_limits(offer, ground, purse), default=LARGEST)


def _case_limits(offer: Offer, ground: Ground, purse: Purse) -> list[int]:
    if ground == "thanks":
        return []
    own = 0 if purse.own is None else purse.own.per_case.amount
    limits = [own] if ground == "own" else []
    upto = purse.of_team.supervisor_up_to
    if ground == "approval" and upto is not None and all(yes.rank != "manager" for yes in offer.approvals):
        limits.append(max(upto.amount, own))
    if purse.of_team.two_above is not None and len(offer.approvals) < 2:
        limits.append(purse.of_team.two_above.amount)
    return limits


def _newest(scene: Scene) -> Entry | None:
    return _entry(scene.unit.ledger.newest(scene.house.brand))


def _line(brand: int, entry: Entry) -> LedgerLine:
    return LedgerLine(
        brand,
        entry.number,
        entry.movement,
        entry.offer,
        entry.worth.amount,
        entry.worth.currency,
        entry.case,
        entry.team,
        entry.person,
        entry.ground,
        number_of(entry.day),
        entry.at,
        entry.digest,
    )


def _entry(line: LedgerLine | None) -> Entry | None:
    return None if line is None else entry_of(line)


def entry_of(line: LedgerLine) -> Entry:
    """Return a line of the ledger as `recovery.ledgers` reads it."""
    return Entry(
        number=line.number,
        movement=cast(Movement, line.movement),
        offer=line.offer_id,
        worth=Money(line.worth, line.currency),
        case=line.case_number,
        team=line.team_id,
        person=line.staff_member_id,
        ground=cast(Ground, line.ground),
        day=_FIRST_DAY + timedelta(days=line.day),
        at=line.at,
        digest=line.digest,
    )
