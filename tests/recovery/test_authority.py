"""Claims about authority: what is within it, exactly where it ends, and who is asked beyond."""

import pytest
from hypothesis import given as every
from hypothesis import strategies as st
from msgspec.structs import replace

from recovery.authority import (
    IN_MONEY,
    Given,
    Limits,
    NeedsApproval,
    OnTheSpot,
    Refused,
    TeamLimits,
    Verdict,
    Wish,
    decide,
)
from recovery.money import LARGEST, Money, OtherCurrency

NOON = 1_772_452_800_000


def eur(amount: int) -> Money:
    return Money(amount, "EUR")


LIMITS = Limits(per_case=eur(5000), per_day=eur(10000))
TEAM = TeamLimits(per_month=eur(100_000), supervisor_up_to=eur(20_000), two_above=eur(30_000))
NOTHING = Given(on_case=eur(0), today=eur(0), this_month=eur(0))
THANKS = Wish("voucher", eur(500))


def voucher(amount: int, given: Given = NOTHING, limits: Limits | None = LIMITS, team: TeamLimits = TEAM) -> Verdict:
    return decide(Wish("voucher", eur(amount)), limits, team, given, NOON)


def seen(verdict: Verdict) -> str:
    """A verdict in short, as the table below writes it."""
    match verdict:
        case OnTheSpot(ground=ground):
            return ground
        case NeedsApproval(by=by, eyes=eyes):
            return f"{by} {eyes}"
        case Refused():
            return "refused"


TABLE = [
    (5000, NOTHING, "own"),
    (5001, NOTHING, "supervisor 1"),
    (1, replace(NOTHING, on_case=eur(4999)), "own"),
    (1, replace(NOTHING, on_case=eur(5000)), "supervisor 1"),
    (1, replace(NOTHING, today=eur(9999)), "own"),
    (1, replace(NOTHING, today=eur(10_000)), "supervisor 1"),
    (20_000, NOTHING, "supervisor 1"),
    (20_001, NOTHING, "manager 1"),
    (30_000, NOTHING, "manager 1"),
    (30_001, NOTHING, "manager 2"),
    (1, replace(NOTHING, on_case=eur(30_000)), "manager 2"),
    (5000, replace(NOTHING, this_month=eur(95_000)), "own"),
    (5000, replace(NOTHING, this_month=eur(95_001)), "refused"),
    (100_000, NOTHING, "manager 2"),
    (100_001, NOTHING, "refused"),
    (0, NOTHING, "refused"),
    (-1, NOTHING, "refused"),
    (LARGEST, replace(NOTHING, on_case=eur(LARGEST), this_month=eur(LARGEST)), "refused"),
]


@pytest.mark.parametrize(("amount", "given", "verdict"), TABLE)
def test_authority_ends_exactly_at_its_limit(amount, given, verdict):
    """A staff member who was told fifty gives fifty, and not a cent more without asking."""
    assert seen(voucher(amount, given)) == verdict


def test_two_people_are_asked_even_where_the_own_authority_is_large():
    """The second limit protects the business from the mistake of one person, whoever it is."""
    assert seen(voucher(30_001, limits=Limits(per_case=eur(90_000), per_day=eur(90_000)))) == "manager 2"


@pytest.mark.parametrize("limits", [None, replace(LIMITS, ends_at=NOON)])
def test_without_authority_somebody_else_is_asked(limits):
    """A newcomer, and who stood in for somebody until noon, may still help the customer: with a yes."""
    assert seen(voucher(1, limits=limits)) == "supervisor 1"


def test_authority_that_is_lent_holds_until_it_ends():
    """Its last millisecond counts."""
    assert seen(voucher(1, limits=replace(LIMITS, ends_at=NOON + 1))) == "own"


def test_a_kind_may_be_beyond_somebody():
    """Who may give vouchers need not have the keys of the till."""
    limits = replace(LIMITS, kinds=frozenset({"voucher"}))

    assert seen(decide(Wish("refund", eur(1)), limits, TEAM, NOTHING, NOON)) == "supervisor 1"


@pytest.mark.parametrize("kind", ["gift", "extra_allowance"])
def test_a_gift_may_be_worth_nothing_that_counts(kind):
    """Flowers from the garden burden no budget, not even one that is used up."""
    used_up = replace(NOTHING, this_month=eur(200_000))

    assert seen(decide(Wish(kind, eur(0)), LIMITS, TEAM, used_up, NOON)) == "own"


def test_a_gift_with_a_price_counts():
    """Else a basket of ninety euros would be the way around every limit."""
    assert seen(decide(Wish("gift", eur(9000)), LIMITS, TEAM, NOTHING, NOON)) == "supervisor 1"


@pytest.mark.parametrize("kind", sorted(IN_MONEY))
def test_what_is_money_needs_an_amount(kind):
    """A voucher over nothing would mock the customer."""
    assert seen(decide(Wish(kind, eur(0)), LIMITS, TEAM, NOTHING, NOON)) == "refused"


def test_the_thank_you_of_a_touchpoint_is_everybodys_to_give():
    """Whoever hears a complaint can thank for it, however small their authority."""
    assert decide(THANKS, None, TEAM, NOTHING, NOON, thanks=THANKS) == OnTheSpot("thanks")


@pytest.mark.parametrize(
    ("wish", "given", "verdict"),
    [
        (THANKS, replace(NOTHING, thanked=True), "supervisor 1"),
        (Wish("voucher", eur(501)), NOTHING, "supervisor 1"),
        (Wish("refund", eur(500)), NOTHING, "supervisor 1"),
        (THANKS, replace(NOTHING, this_month=eur(99_501)), "refused"),
    ],
)
def test_a_thank_you_is_given_once_as_it_was_set(wish, given, verdict):
    """It opens no door for anything else."""
    assert seen(decide(wish, None, TEAM, given, NOON, thanks=THANKS)) == verdict


def test_another_currency_is_refused():
    """Fifty yen are not within a limit of fifty euros: nobody here knows the rate."""
    assert seen(decide(Wish("voucher", Money(1, "JPY")), LIMITS, TEAM, NOTHING, NOON)) == "refused"


def test_limits_in_two_currencies_are_a_mistake_of_the_settings():
    """It must ring at once, not let one through."""
    with pytest.raises(OtherCurrency):
        voucher(1, limits=Limits(per_case=Money(1, "JPY"), per_day=Money(1, "JPY")))


@every(st.lists(st.integers(1, 6000), max_size=60), st.integers(0, 12_000), st.integers(0, 12_000))
def test_many_small_ones_count_as_one_large(amounts, per_case, per_day):
    """Splitting a sum must not stretch an authority by a cent."""
    limits, spent = Limits(eur(per_case), eur(per_day)), 0
    for amount in amounts:
        given = Given(on_case=eur(spent), today=eur(spent), this_month=eur(spent))
        if voucher(amount, given, limits) == OnTheSpot():
            spent += amount

    assert spent <= min(per_case, per_day)


@every(
    st.integers(0, LARGEST), st.integers(0, LARGEST), st.integers(0, LARGEST), st.integers(0, LARGEST), st.booleans()
)
def test_every_wish_has_a_verdict(amount, given, limit, budget, thanked):
    """However large the figures, a button is answered; and nothing leaves the budget."""
    team = TeamLimits(eur(budget), eur(limit), eur(limit))
    verdict = voucher(amount, Given(eur(given), eur(given), eur(given), thanked), Limits(eur(limit), eur(limit)), team)

    assert isinstance(verdict, Refused) == (amount == 0 or given + amount > budget)
