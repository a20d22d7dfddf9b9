"""The ledger of money: every movement of every offer, in one chain to which lines are only added.

    reserved ──> released ──> reserved …      promised, and promised no more
    reserved ──> spent ──> returned           given, and come back
    returned ──> reserved                     a code redeemed by mistake: promised as before, in the same breath

So an offer is in the books with what it holds at most once. What is reserved and what is spent counts against the
limits, and never exceeds them. A movement counts to the case, the team, the person and the business day of the
reservation that it follows: a voucher of November that is redeemed in December burdens November.

Each entry's digest covers the digest before it and its own content, so a line that was changed, dropped, added or
moved breaks the chain from there on. An entry says nothing of a customer beyond the number of the case; nothing in
it ever has to be erased.

LedgerError
└── OutOfOrder   the movement does not follow from the last one of its offer: refuse the turn
"""

import hashlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import Final, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from recovery.authority import Given, Ground
from recovery.money import Money, none_of
from recovery.offers import Offer, Stage

Movement = Literal["reserved", "released", "spent", "returned"]

_FOLLOWS: Final[dict[Movement | None, frozenset[Movement]]] = {
    None: frozenset({"reserved"}),
    "reserved": frozenset({"released", "spent"}),
    "released": frozenset({"reserved"}),
    "spent": frozenset({"returned"}),
    "returned": frozenset({"reserved"}),
}
_AT_REST: Final[dict[Stage, Movement]] = {
    "approved": "reserved",
    "put": "reserved",
    "accepted": "reserved",
    "redeemed": "spent",
    "returned": "returned",
}
"""What the last movement of an offer is at each stage; for the rest there is none, or it is released."""

KeyT = TypeVar("KeyT", bound=Hashable)


class LedgerError(Exception):
    """The ledger cannot be continued so."""


class OutOfOrder(LedgerError):
    """A movement does not follow from the last one of its offer."""

    def __init__(self, offer: int, last: Movement | None, movement: Movement) -> None:
        super().__init__(f"offer {offer} cannot be {movement} after {last or 'nothing'}")
        self.offer = offer
        self.last = last
        self.movement = movement


class Entry(msgspec.Struct, frozen=True):
    """One line. `number` counts from 1 without a gap, `worth` is never negative, `at` is in ms.

    `day` is the business day, in the business's own zone, to which it counts; `person` wished for the offer, and
    `ground` says on what it rests: their own authority, a touchpoint's thank-you, or an approval.
    """

    number: int
    movement: Movement
    offer: int
    worth: Money
    case: int
    team: int
    person: int
    ground: Ground
    day: date
    at: int
    digest: str = ""


class Tally(msgspec.Struct, frozen=True):
    """What entries come to."""

    reserved: Money
    spent: Money

    @property
    def held(self) -> Money:
        """What counts against a limit."""
        return self.reserved + self.spent

    def within(self, limit: Money) -> bool:
        """Return whether spent and reserved together are at most the limit."""
        return self.held <= limit


# --- writing --------------------------------------------------------------------------------------------------------


def reserve(
    before: Entry | None,
    last: Entry | None,
    *,
    offer: int,
    worth: Money,
    case: int,
    team: int,
    person: int,
    ground: Ground,
    day: date,
    at: int,
) -> Entry:
    """Return the entry that reserves what an offer is worth.

    `before` is the ledger's newest entry, `last` the offer's; each is None when there is none. Raises OutOfOrder when
    the offer holds something already.
    """
    if last is not None and last.movement != "released":
        raise OutOfOrder(offer, last.movement, "reserved")
    return _chained(before, Entry(0, "reserved", offer, worth, case, team, person, ground, day, at))


def follow(before: Entry, last: Entry, movement: Movement, at: int) -> Entry:
    """Return the entry that continues `last`, the newest of its offer; `before` is the ledger's newest.

    Raises OutOfOrder when that movement does not follow; a new reservation is made by `reserve`.
    """
    if movement == "reserved":
        raise OutOfOrder(last.offer, last.movement, movement)
    _hold_order(last.offer, last, movement)
    return _chained(before, replace(last, movement=movement, at=at))


def reserve_again(back: Entry, at: int) -> Entry:
    """Return the entry that promises again what `back`, the ledger's newest, says came back.

    It counts to whom and to when the first promise counted: nothing is given that was not given before, so no limit
    has a say in it. Raises OutOfOrder when `back` says anything else.
    """
    if back.movement != "returned":
        raise OutOfOrder(back.offer, back.movement, "reserved")
    return _chained(back, replace(back, movement="reserved", at=at))


def _hold_order(offer: int, last: Entry | None, movement: Movement) -> None:
    after = None if last is None else last.movement
    if movement not in _FOLLOWS[after]:
        raise OutOfOrder(offer, after, movement)


def _chained(before: Entry | None, entry: Entry) -> Entry:
    numbered = replace(entry, number=1 if before is None else before.number + 1, digest="")
    return replace(numbered, digest=_link("" if before is None else before.digest, numbered))


def _link(previous: str, entry: Entry) -> str:
    content = msgspec.json.encode(msgspec.structs.astuple(replace(entry, digest=previous)))
    return hashlib.sha256(content).hexdigest()


# --- reading --------------------------------------------------------------------------------------------------------


def verify(entries: Iterable[Entry]) -> Entry | None:
    """Return the first entry at which the chain or the order of movements breaks; None when all of it holds.

    An end that was cut off shows only against the newest digest, kept elsewhere.
    """
    before: Entry | None = None
    newest: dict[int, Entry] = {}
    for entry in entries:
        last = newest.get(entry.offer)
        follows = entry.movement in _FOLLOWS[None if last is None else last.movement]
        if not follows or entry != _chained(before, entry):
            return entry
        before = newest[entry.offer] = entry
    return None


def tally(entries: Iterable[Entry], currency: str) -> Tally:
    """Return what the entries come to in that currency; those in another are left out."""
    reserved = spent = none_of(currency)
    for entry in entries:
        if entry.worth.currency != currency:
            continue
        match entry.movement:
            case "reserved":
                reserved += entry.worth
            case "released":
                reserved -= entry.worth
            case "spent":
                reserved, spent = reserved - entry.worth, spent + entry.worth
            case "returned":
                spent -= entry.worth
    return Tally(reserved, spent)


def tallies(entries: Iterable[Entry], by: Callable[[Entry], KeyT], currency: str) -> dict[KeyT, Tally]:
    """Return what the entries come to for each key, such as `by_case` or `by_team_and_month`."""
    sorted_out: dict[KeyT, list[Entry]] = {}
    for entry in entries:
        sorted_out.setdefault(by(entry), []).append(entry)
    return {key: tally(of_key, currency) for key, of_key in sorted_out.items()}


def by_case(entry: Entry) -> int:
    """Return the case to which the entry counts."""
    return entry.case


def by_person(entry: Entry) -> int:
    """Return the staff member to whom the entry counts."""
    return entry.person


def by_person_and_day(entry: Entry) -> tuple[int, date]:
    """Return the staff member and the business day to which the entry counts."""
    return entry.person, entry.day


def by_team_and_month(entry: Entry) -> tuple[int, int, int]:
    """Return the team, the year and the month to which the entry counts."""
    return entry.team, entry.day.year, entry.day.month


def given(entries: Iterable[Entry], currency: str, *, case: int, team: int, person: int, day: date) -> Given:
    """Return what was given already, as `authority.decide` weighs it, on that business day."""
    entries = [entry for entry in entries if entry.case == case or entry.team == team or entry.person == person]
    own = [entry for entry in entries if entry.person == person and entry.day == day and entry.ground == "own"]
    month = [entry for entry in entries if by_team_and_month(entry) == (team, day.year, day.month)]
    thanks = {entry.offer: entry.movement for entry in entries if entry.case == case and entry.ground == "thanks"}
    return Given(
        on_case=tally((entry for entry in entries if entry.case == case), currency).held,
        today=tally(own, currency).held,
        this_month=tally(month, currency).held,
        thanked=not set(thanks.values()) <= {"released"},
    )


def unequal(entries: Iterable[Entry], offers: Mapping[int, Offer]) -> tuple[int, ...]:
    """Return the offers for which the ledger says something else than they do, in order; none is as it must be."""
    newest = {entry.offer: entry for entry in entries}
    return tuple(number for number in sorted(newest.keys() | offers.keys()) if not _equal(newest, offers, number))


def _equal(newest: Mapping[int, Entry], offers: Mapping[int, Offer], number: int) -> bool:
    entry, offer = newest.get(number), offers.get(number)
    if offer is None:
        return False
    if (movement := _AT_REST.get(offer.stage)) is None:
        return entry is None or entry.movement == "released"
    return entry is not None and (entry.movement, entry.worth) == (movement, offer.wish.worth)
