"""Claims about the ledger: what its entries come to, and that nobody changes one unseen."""

from datetime import date

import pytest
from hypothesis import given as every
from hypothesis import strategies as st
from msgspec.structs import replace

from recovery.authority import Given, Ground, Wish
from recovery.ledgers import (
    Entry,
    Movement,
    OutOfOrder,
    Tally,
    by_case,
    by_person,
    by_person_and_day,
    by_team_and_month,
    follow,
    given,
    reserve,
    reserve_again,
    tallies,
    tally,
    unequal,
    verify,
)
from recovery.money import Money
from recovery.offers import Offer

NOON = 1_772_452_800_000
MONDAY, TUESDAY, APRIL = date(2026, 3, 30), date(2026, 3, 31), date(2026, 4, 1)
BO, CY = 1, 2


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


def lines(*movements: tuple[int, Movement]) -> list[Entry]:
    """A ledger in which each offer of Bo's is worth ten times its number, on the case of the same number."""
    entries: list[Entry] = []
    newest: dict[int, Entry] = {}
    for offer, movement in movements:
        last = newest.get(offer)
        if movement == "reserved" and last is not None and last.movement == "returned":
            entry = reserve_again(last, NOON)
        elif movement == "reserved":
            entry = reserved(entries, last, offer, eur(10 * offer))
        else:
            entry = follow(entries[-1], newest[offer], movement, NOON)
        newest[offer] = entry
        entries.append(entry)
    return entries


def reserved(
    entries: list[Entry],
    last: Entry | None,
    offer: int,
    worth: Money,
    *,
    case: int | None = None,
    person: int = BO,
    ground: Ground = "own",
    day: date = MONDAY,
) -> Entry:
    return reserve(
        entries[-1] if entries else None,
        last,
        offer=offer,
        worth=worth,
        case=case or offer,
        team=1,
        person=person,
        ground=ground,
        day=day,
        at=NOON,
    )


WHOLE = lines(
    (1, "reserved"), (2, "reserved"), (1, "spent"), (3, "reserved"), (2, "released"), (1, "returned"), (3, "spent"),
    (2, "reserved"),
)  # fmt: skip


def test_entries_add_up():
    """What is promised and what is given are two figures; both are gone for others."""
    assert tally(WHOLE, "EUR") == Tally(reserved=eur(20), spent=eur(30))
    assert tally(WHOLE, "EUR").within(eur(50))
    assert not tally(WHOLE, "EUR").within(eur(49))


def test_another_currency_is_another_tally():
    """Yen in the books of a euro team are shown apart, not mixed in."""
    entry = reserved(WHOLE, None, 9, Money(700, "JPY"))

    assert tally([*WHOLE, entry], "EUR") == tally(WHOLE, "EUR")
    assert tally([*WHOLE, entry], "JPY").held == Money(700, "JPY")


@pytest.mark.parametrize(
    ("by", "keys"),
    [(by_case, {1, 2, 3}), (by_person, {BO}), (by_person_and_day, {(BO, MONDAY)}), (by_team_and_month, {(1, 2026, 3)})],
)
def test_entries_add_up_by_what_they_count_to(by, keys):
    """Every cent is in exactly one of them."""
    sums = tallies(WHOLE, by, "EUR")

    assert set(sums) == keys
    assert sum(one.held.amount for one in sums.values()) == tally(WHOLE, "EUR").held.amount


def test_what_was_given_is_what_authority_weighs():
    """A case's sum counts whoever gave it; a person's day only what they gave on their own."""
    entries: list[Entry] = []
    wishes: list[tuple[int, int, Ground, date]] = [
        (1, BO, "own", MONDAY),
        (2, BO, "approval", MONDAY),
        (3, CY, "own", MONDAY),
        (4, BO, "own", TUESDAY),
        (5, BO, "thanks", MONDAY),
        (6, BO, "own", APRIL),
    ]
    for offer, person, ground, day in wishes:
        case, worth = (7 if offer < 6 else 8), eur(10**offer)
        entries.append(reserved(entries, None, offer, worth, case=case, person=person, ground=ground, day=day))

    assert given(entries, "EUR", case=7, team=1, person=BO, day=MONDAY) == Given(
        on_case=eur(111_110), today=eur(10), this_month=eur(111_110), thanked=True
    )


def test_a_thank_you_that_was_released_can_be_given_again():
    """The customer never had it."""
    first = reserved([], None, 1, eur(5), ground="thanks")
    entries = [first, follow(first, first, "released", NOON)]

    assert given(entries, "EUR", case=1, team=1, person=BO, day=MONDAY).thanked is False


def test_a_release_gives_back_to_the_day_of_its_reservation():
    """Else tomorrow somebody could give more than a day's authority, and nobody would see why."""
    first = reserved([], None, 1, eur(5), day=MONDAY)
    over = follow(first, first, "released", NOON + 86_400_000)

    assert (over.day, over.at) == (MONDAY, NOON + 86_400_000)
    assert tallies([first, over], by_person_and_day, "EUR") == {(BO, MONDAY): Tally(eur(0), eur(0))}


@pytest.mark.parametrize(
    ("last", "movement"),
    [
        ("reserved", "returned"),
        ("released", "spent"),
        ("released", "released"),
        ("spent", "spent"),
        ("spent", "released"),
        ("returned", "spent"),
        ("returned", "returned"),
        ("released", "reserved"),
    ],
)
def test_a_movement_follows_from_the_one_before(last, movement):
    """Nothing is given twice, or given back without having been given."""
    entry = replace(WHOLE[0], movement=last)

    with pytest.raises(OutOfOrder):
        follow(entry, entry, movement, NOON)


@pytest.mark.parametrize("last", ["reserved", "spent", "returned"])
def test_what_is_in_the_books_is_not_reserved_again(last):
    """One offer holds what it is worth once."""
    with pytest.raises(OutOfOrder):
        reserved(WHOLE, replace(WHOLE[0], movement=last), 1, eur(10))


def test_what_came_back_is_promised_again_as_it_was():
    """To the same day and person, so that a mistake of the till costs nobody their authority of today."""
    [first, spent] = lines((1, "reserved"), (1, "spent"))
    back = follow(spent, spent, "returned", NOON + 1)
    again = reserve_again(back, NOON + 1)
    spent_again = follow(again, again, "spent", NOON + 2)

    assert replace(again, number=1, at=first.at, digest=first.digest) == first
    assert verify([first, spent, back, again, spent_again]) is None
    assert tally([first, spent, back, again], "EUR") == Tally(first.worth, eur(0))


@pytest.mark.parametrize("last", ["reserved", "released", "spent"])
def test_only_what_came_back_is_promised_again(last):
    """Else a voucher could be spent twice by taking back what nobody gave."""
    with pytest.raises(OutOfOrder):
        reserve_again(replace(WHOLE[0], movement=last), NOON)


def test_a_ledger_as_it_was_written_holds():
    """Else nobody would believe the alarm."""
    assert verify(WHOLE) is None
    assert verify([]) is None


def test_a_digest_is_the_same_in_every_version():
    """Books of years ago must still hold: whoever changes what a digest covers breaks every ledger there is."""
    assert WHOLE[0].digest == "6e3fd8db9d24fa1c746d8a3bdfc6865ab3e3a9d53200b844d8e6de72f3be4912"
    assert WHOLE[-1].digest == "be6fdda17f0e2fc33e6b1548b2d67dade6da950862ded23ebe5c24066d7ec210"


CHANGES = st.sampled_from(
    [
        {"worth": eur(11)},
        {"worth": Money(10, "USD")},
        {"case": 99},
        {"team": 99},
        {"person": 99},
        {"ground": "thanks"},
        {"day": APRIL},
        {"at": NOON + 1},
        {"offer": 99},
        {"number": 99},
        {"digest": "0" * 64},
    ]
)


@every(st.integers(0, len(WHOLE) - 1), CHANGES)
def test_a_changed_line_is_the_first_broken(place, change):
    """Whoever lifts a limit by hand in the database is seen."""
    entries = list(WHOLE)
    entries[place] = replace(entries[place], **change)

    assert verify(entries) == entries[place]


@every(st.integers(0, len(WHOLE) - 2))
def test_a_line_that_is_missing_or_moved_breaks_the_chain(place):
    """Numbers have no gap, and each digest knows the one before."""
    dropped = WHOLE[:place] + WHOLE[place + 1 :]
    moved = [*WHOLE[:place], WHOLE[place + 1], WHOLE[place], *WHOLE[place + 2 :]]

    assert verify(dropped) == dropped[place]
    assert verify(moved) == moved[place]


def test_a_chain_that_was_made_anew_still_shows_what_cannot_be():
    """Somebody who can reckon digests must not be able to spend one voucher twice."""
    [first, spent] = lines((1, "reserved"), (1, "spent"))
    twice = follow(spent, replace(spent, movement="reserved"), "spent", NOON)

    assert verify([first, spent, twice]) == twice


def offer(stage: str, worth: int = 10) -> Offer:
    return Offer(Wish("voucher", eur(worth)), (BO,), stage=stage)  # type: ignore[arg-type]  # any word will do here


@pytest.mark.parametrize(
    ("movements", "stage", "equal"),
    [
        ((), "proposed", True),
        ((), "approved", False),
        (("reserved",), "put", True),
        (("reserved",), "expired", False),
        (("reserved", "released"), "expired", True),
        (("reserved", "spent"), "redeemed", True),
        (("reserved", "spent"), "accepted", False),
        (("reserved", "spent", "returned"), "returned", True),
        (("reserved", "spent", "returned"), "accepted", False),
        (("reserved", "spent", "returned", "reserved"), "accepted", True),
    ],
)
def test_the_ledger_is_compared_with_the_offers(movements, stage, equal):
    """Two records of one truth: where they differ, a person has to look."""
    entries = lines(*((1, movement) for movement in movements))

    assert unequal(entries, {1: offer(stage)}) == (() if equal else (1,))


def test_an_entry_of_another_sum_or_of_no_offer_is_found():
    """The digest may be right and the line still be wrong."""
    [entry] = lines((1, "reserved"))

    assert unequal([entry], {1: offer("put", worth=11)}) == (1,)
    assert unequal([entry], {}) == (1,)
