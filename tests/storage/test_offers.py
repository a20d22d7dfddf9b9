"""Offers, the ledger, the sums of limits, and vouchers, on both databases."""

import msgspec
import pytest

from storage.errors import NotFound, Stale
from storage.ledger import LedgerLine

NOON = 1_772_452_800_000


@pytest.fixture
def case(unit):
    """Ana's case."""
    ana = unit.customers.ensure(1, "C-7", NOON, name="Ana")
    address = unit.addresses.add(1, "telegram", "71", "customer", NOON, customer_id=ana.id)
    return unit.cases.open(1, ana.id, address.id, "complaint", "{}", "open", NOON)


@pytest.fixture
def offer(unit, case):
    """An offer of 20 euros in it."""
    return unit.offers.add(1, case.id, case.customer_id, "{}", "voucher", 2_000, "EUR", NOON)


def saved(unit, offer, **changed):
    fields = ("state", "stage", "kind", "worth", "currency", "what", "reason", "owner_id", "closed_at")
    return unit.offers.save(offer.id, offer.revision, **{**{f: getattr(offer, f) for f in fields}, **changed})


def line(offer, number, movement="reserved", ground="own"):
    return LedgerLine(1, number, movement, offer.id, 2_000, "EUR", 1, 0, 4, ground, 20_514, NOON, f"d{number}")


def test_an_offer_is_saved_against_the_revision_that_was_read(unit, offer):
    """Of two who change it at once, one runs again."""
    after = saved(unit, offer, stage="awaiting", worth=3_000)

    assert (after.stage, after.worth, after.revision) == ("awaiting", 3_000, 2)
    assert unit.offers.awaiting(1) == [after]
    with pytest.raises(Stale):
        saved(unit, offer, stage="approved")


def test_an_offer_that_is_not_there_is_not_found(unit):
    """Whoever forges a number gets nothing."""
    with pytest.raises(NotFound):
        unit.offers.get(99)


def test_offers_are_found_by_case_customer_and_owner(unit, case, offer):
    """Each page shows its own."""
    eva = unit.staff.add(1, "Eva", "staff", "en", NOON)
    after = saved(unit, offer, owner_id=eva.id)

    assert unit.offers.of_case(case.id) == unit.offers.of_customer(case.customer_id) == [after]
    assert unit.offers.open_of(eva.id) == [after]
    assert saved(unit, after, closed_at=NOON).closed_at == NOON
    assert unit.offers.open_of(eva.id) == []


def test_offers_in_another_currency_that_are_on_their_way_are_counted(unit, offer):
    """What nobody has seen yet, and what is over, is in nobody's way."""
    assert unit.offers.in_other_currencies(1, "CNY") == []
    put = saved(unit, offer, stage="put")
    assert unit.offers.in_other_currencies(1, "CNY") == [("EUR", 1)]
    assert unit.offers.in_other_currencies(1, "EUR") == []
    saved(unit, put, stage="declined", closed_at=NOON)
    assert unit.offers.in_other_currencies(1, "CNY") == []


def test_a_ledger_line_is_written_once(unit, offer):
    """Nobody writes over what was written."""
    unit.ledger.add(line(offer, 1))
    unit.ledger.add(line(offer, 2, "spent"))

    assert unit.ledger.newest(1) == unit.ledger.newest_of(offer.id) == line(offer, 2, "spent")
    assert [one.number for one in unit.ledger.page(1, 0, 10)] == [1, 2]
    with pytest.raises(Exception, match=r"(?i)unique|constraint"):
        unit.ledger.add(line(offer, 2))


def test_a_case_was_thanked_as_long_as_its_thank_you_stands(unit, case, offer):
    """A thank-you that nobody wanted may be given again, in another way."""
    assert not unit.ledger.thanked(case.id)
    unit.ledger.add(line(offer, 1, ground="thanks"))
    assert unit.ledger.thanked(case.id)
    unit.ledger.add(line(offer, 2, "released", ground="thanks"))
    assert not unit.ledger.thanked(case.id)


def test_no_more_is_held_than_the_limit(unit):
    """Exactly at a limit is within it; one above changes nothing."""

    def hold(amount, most):
        return unit.spending.hold(1, "team_month", 0, 24_315, "EUR", amount, most)

    def held():
        return unit.spending.held(1, "team_month", 0, 24_315, "EUR")

    assert held() == 0
    assert not hold(101, 100)
    assert hold(60, 100)
    assert not hold(41, 100)
    assert hold(40, 100)
    assert held() == 100
    assert hold(1, 200)
    assert unit.spending.held(1, "team_month", 0, 24_316, "EUR") == 0  # another month


def test_what_is_freed_is_freed_although_the_limit_was_lowered(unit):
    """A promise that is taken back may never fail for a limit."""
    unit.spending.hold(1, "case", 7, 0, "EUR", 80, 100)
    unit.spending.hold(1, "case", 7, 0, "EUR", 5, 90)

    assert unit.spending.free(1, "case", 7, 0, "EUR", 80)
    assert not unit.spending.hold(1, "case", 7, 0, "EUR", 10, 10)
    assert [msgspec.structs.astuple(row)[5:] for row in unit.spending.listing(1)] == [(5, 90)]


def test_codes_are_given_out_oldest_first_those_of_the_same_worth_before_the_others(unit, offer):
    """A till that knows the worth of its codes must not be handed one of another."""
    unit.vouchers.take_in(1, ["ANY"], "a", "voucher", None, None, NOON)
    unit.vouchers.take_in(1, ["TWENTY-1", "TWENTY-2"], "b", "voucher", 2_000, "EUR", NOON)
    unit.vouchers.take_in(1, ["FIFTY"], "c", "voucher", 5_000, "EUR", NOON)

    given = unit.vouchers.give_free(1, "voucher", 2_000, "EUR", offer.id, NOON + 1, NOON)

    assert (given.code, given.offer_id, given.valid_until) == ("TWENTY-1", offer.id, NOON + 1)
    assert unit.vouchers.of_offer(offer.id) == given
    assert unit.vouchers.has_free(1, "voucher", 700, "EUR")
    assert not unit.vouchers.has_free(1, "gift", 700, "EUR")
    assert unit.vouchers.pools(1) == [("a", "voucher", 1, 1), ("b", "voucher", 1, 2), ("c", "voucher", 1, 1)]


def test_a_code_that_is_here_already_stays_as_it_is(unit):
    """An import that is repeated makes no second voucher."""
    assert unit.vouchers.take_in(1, ["A", "B"], "one", "voucher", None, None, NOON) == []
    assert unit.vouchers.take_in(1, ["B", "C"], "two", "voucher", 1, "EUR", NOON) == ["B"]
    assert unit.vouchers.by_code(1, "B").pool == "one"


def test_a_code_is_redeemed_once(unit, offer):
    """Whoever comes second is told that there was a first."""
    made = unit.vouchers.make(1, "7K3M", "voucher", 2_000, "EUR", offer.id, NOON + 1, NOON)

    assert unit.vouchers.make(1, "7K3M", "voucher", 1, "EUR", offer.id, NOON, NOON) is None
    assert unit.vouchers.redeem(made.id, NOON, "key:till", "k")
    assert not unit.vouchers.redeem(made.id, NOON + 5, "operator", None)
    assert unit.vouchers.by_code(1, "7K3M").redeemed_by == "key:till"


def test_a_redemption_is_taken_back_once_and_its_request_stays_known(unit, offer):
    """The code is good again until its day; what redeemed it does not do so again when it arrives once more."""
    made = unit.vouchers.make(1, "7K3M", "voucher", 2_000, "EUR", offer.id, NOON + 1, NOON)
    assert not unit.vouchers.give_back(made.id, NOON + 9)
    unit.vouchers.redeem(made.id, NOON, "key:till", "k")

    assert unit.vouchers.give_back(made.id, NOON + 9)
    assert not unit.vouchers.give_back(made.id, NOON + 9)
    back = unit.vouchers.by_code(1, "7K3M")
    assert (back.redeemed_at, back.valid_until, back.redeemed_by, back.redeemed_key) == (
        None,
        NOON + 9,
        "key:till",
        "k",
    )
    assert unit.vouchers.redeem(made.id, NOON + 5, "operator", None)
