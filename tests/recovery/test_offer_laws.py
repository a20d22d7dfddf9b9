"""Laws of offers and money: what holds in whatever order many people do whatever they like.

A small world plays the part of the turn: it weighs each wish by the ledger, lets the machine decide, and writes what
the effects say. Buttons are pressed by anybody, on any revision, at any time, and often twice.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from hypothesis import given as every
from hypothesis import settings
from hypothesis import strategies as st

from recovery.authority import Approver, Limits, NeedsApproval, OfferKind, TeamLimits, Verdict, Wish, decide
from recovery.ledgers import (
    Entry,
    by_person_and_day,
    by_team_and_month,
    follow,
    given,
    reserve,
    reserve_again,
    tallies,
    unequal,
    verify,
)
from recovery.money import Money
from recovery.offering import advance, proposed
from recovery.offers import (
    OPEN,
    Accepted,
    Amended,
    Approved,
    Asked,
    Declined,
    LookAgain,
    LookDue,
    Offer,
    OfferDecision,
    OfferEvent,
    Put,
    Redeemed,
    Refuse,
    Release,
    Reserve,
    Return,
    Spend,
    StaffLeft,
    TurnedDown,
    Undone,
    Withdrawn,
    load,
    save,
)

START = 1_772_452_800_000
STAFF: dict[int, Approver | None] = {1: None, 2: None, 3: "supervisor", 4: "supervisor", 5: "manager"}
"""Who they are, and their rank."""

THANKS = Wish("voucher", Money(5, "EUR"))
MOVEMENTS = {Release: "released", Spend: "spent", Return: "returned"}
DAY = 86_400_000

PRESSES = ["propose", "ask", "ask", "amend", "withdraw", "approve", "approve", "turn_down", "put", "put", "accept"]
PRESSES += ["accept", "decline", "redeem", "redeem", "undo", "look", "leave", "lower"]
STEPS = st.tuples(
    st.sampled_from(PRESSES),
    st.integers(0, 5),  # which offer
    st.sampled_from(sorted(STAFF)),
    st.integers(0, 60),  # worth
    st.sampled_from(get_args(OfferKind)),
    st.booleans(),  # of an earlier revision?
    st.integers(0, 400),  # hours until then
)


class World:
    """Offers, their ledger, and everything that was ever done, for looking at it afterwards."""

    def __init__(self) -> None:
        self.now = START
        self.limits = Limits(Money(30, "EUR"), Money(50, "EUR"))
        self.team = TeamLimits(Money(150, "EUR"), Money(60, "EUR"), Money(40, "EUR"))
        self.offers: dict[int, Offer] = {}
        self.entries: list[Entry] = []
        self.newest: dict[int, Entry] = {}
        self.yes: list[tuple[int, int, tuple[int, ...]]] = []
        self.pressed: set[tuple[int, int, int]] = set()
        self.highest_day = 50

    @property
    def day(self) -> date:
        return datetime.fromtimestamp(self.now / 1000, UTC).date()

    def verdict(self, number: int, person: int) -> Verdict:
        """What the authority of that person says at this moment; two offers share a case."""
        so_far = given(self.entries, "EUR", case=number // 2, team=1, person=person, day=self.day)
        return decide(self.offers[number].wish, self.limits, self.team, so_far, self.now, THANKS)

    def take(self, number: int, event: OfferEvent) -> OfferDecision:
        """Do what a turn does, and see that doing it again changes nothing."""
        before = self.offers[number]
        decision = advance(before, event, self.now)
        if isinstance(event, Approved) and not isinstance(decision.effects[0], Refuse):  # the yes counts
            self.yes.append((number, event.by, before.authors))
            if isinstance(event.verdict, NeedsApproval) and decision.offer.stage == "approved":
                seen = {yes.by for yes in decision.offer.approvals if (number, yes.by, before.revision) in self.pressed}
                assert len(seen | {event.by}) >= event.verdict.eyes
            self.pressed.add((number, event.by, before.revision))
        self.offers[number] = load(save(decision.offer))
        assert self.offers[number] == decision.offer
        for effect in decision.effects:
            self.write(number, effect)
        assert LookAgain not in {type(one) for one in decision.effects} or decision.offer.look_at is not None
        return decision

    def write(self, number: int, effect: object) -> None:
        """Continue the ledger as an effect says; out of order it would raise."""
        last = self.newest.get(number)
        if isinstance(effect, Reserve):
            entry = reserve(
                self.entries[-1] if self.entries else None, last, offer=number, worth=effect.worth, case=number // 2,
                team=1, person=effect.person, ground=effect.ground, day=self.day, at=self.now,
            )  # fmt: skip
        elif type(effect) in MOVEMENTS:
            assert last is not None
            entry = follow(self.entries[-1], last, MOVEMENTS[type(effect)], self.now)  # type: ignore[index,arg-type]  # a movement has what the others lack
        else:
            return
        self.newest[number] = entry
        self.entries.append(entry)
        if isinstance(effect, Return):
            self.newest[number] = reserve_again(entry, self.now)
            self.entries.append(self.newest[number])

    def step(self, what: str, number: int, by: int, worth: int, kind: OfferKind, stale: bool, hours: int) -> None:
        """Let somebody do something, and the same once more."""
        self.now += timedelta(hours=hours) // timedelta(milliseconds=1) if what == "look" else 1
        if what == "lower":
            self.limits = Limits(Money(worth // 2, "EUR"), Money(min(worth, 50), "EUR"))
            return
        wish = Wish(kind, Money(worth, "EUR"))
        if what == "propose":
            self.offers.setdefault(number, proposed(wish, by))
        elif number in self.offers:
            self.twice(number, self.event(what, number, by, wish, stale))

    def twice(self, number: int, event: OfferEvent) -> None:
        self.take(number, event)
        after, written = self.offers[number], len(self.entries)
        self.take(number, event)
        assert (self.offers[number], len(self.entries)) == (after, written), event

    def event(self, what: str, number: int, by: int, wish: Wish, stale: bool) -> OfferEvent:
        """What that press is; the revision is that of the button."""
        revision = self.offers[number].revision - int(stale)
        rank: Approver = STAFF[by] or "supervisor"  # the policy, not the machine, keeps out who may not approve
        made: dict[str, Callable[[], OfferEvent]] = {
            "ask": lambda: Asked(by, revision, self.verdict(number, by)),
            "amend": lambda: Amended(by, revision, wish),
            "withdraw": lambda: Withdrawn(by),
            "approve": lambda: Approved(by, rank, revision, self.verdict(number, self.offers[number].owner)),
            "turn_down": lambda: TurnedDown(by, revision),
            "put": lambda: Put(revision),
            "accept": lambda: Accepted(revision),
            "decline": lambda: Declined(revision),
            "redeem": Redeemed,
            "undo": lambda: Undone(self.now + DAY),
            "look": LookDue,
            "leave": lambda: StaffLeft(by, by % 5 + 1),
        }
        return made[what]()


def lived(steps: list[tuple[str, int, int, int, OfferKind, bool, int]]) -> World:
    world = World()
    for number in range(6):
        world.step("propose", number, 1 + number % 2, 10 + 8 * number, "voucher", False, 0)
    for step in steps:
        world.step(*step)
    return world


LIVES = st.lists(STEPS, max_size=80).map(lived)


@settings(max_examples=400)
@every(LIVES)
def test_no_order_of_events_breaks_a_law(world):
    """One life, all laws: a failing order shows which of them it broke."""
    no_limit_is_exceeded(world)
    nobody_approves_their_own(world)
    nothing_is_redeemed_twice(world)
    the_ledger_equals_the_offers(world)
    nobody_is_forgotten(world)


def no_limit_is_exceeded(world: World) -> None:
    for end in range(len(world.entries) + 1):
        past = world.entries[:end]
        assert all(one.held <= world.team.per_month for one in tallies(past, by_team_and_month, "EUR").values())
    own = [entry for entry in world.entries if entry.ground == "own"]
    assert all(one.held.amount <= world.highest_day for one in tallies(own, by_person_and_day, "EUR").values())


def nobody_approves_their_own(world: World) -> None:
    assert [yes for yes in world.yes if yes[1] in yes[2]] == []
    approved = {entry.offer for entry in world.entries if entry.ground == "approval"}
    assert approved <= {number for number, _, _ in world.yes}


def nothing_is_redeemed_twice(world: World) -> None:
    given = Counter[int]()
    for entry in world.entries:
        given[entry.offer] += {"spent": 1, "returned": -1}.get(entry.movement, 0)
        assert given[entry.offer] in (0, 1)


def the_ledger_equals_the_offers(world: World) -> None:
    assert verify(world.entries) is None
    assert unequal(world.entries, world.offers) == ()


def nobody_is_forgotten(world: World) -> None:
    for offer in world.offers.values():
        assert (offer.look_at is not None) == (offer.stage in OPEN - {"proposed"})
        assert offer.owner in STAFF


@every(LIVES)
def test_every_open_offer_comes_to_an_end_or_to_somebody(world):
    """Nobody does anything any more: what the customer has ends, and what staff owe is said to them again and again."""
    for number in world.offers:
        for _ in range(5):
            if (at := world.offers[number].look_at) is not None:
                world.now = max(world.now, at)
                world.twice(number, LookDue())
        offer = world.offers[number]
        assert offer.stage != "put"
        assert offer.stage not in OPEN or offer.stage == "proposed" or (offer.look_at or 0) > world.now


def test_the_laws_are_tried_on_lives_in_which_something_happens():
    """Hypothesis on refused presses alone would show nothing."""
    world = lived([("ask", 0, 1, 0, "voucher", False, 0), ("put", 0, 1, 0, "voucher", False, 0),
                   ("accept", 0, 1, 0, "voucher", False, 0), ("redeem", 0, 1, 0, "voucher", False, 0),
                   ("ask", 4, 1, 0, "voucher", False, 0), ("approve", 4, 3, 0, "voucher", False, 0),
                   ("approve", 4, 4, 0, "voucher", False, 0)])  # fmt: skip

    assert [entry.movement for entry in world.entries] == ["reserved", "spent", "reserved"]
    assert world.offers[4].stage == "approved"
