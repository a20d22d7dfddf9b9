"""Claims about amounts: how they are reckoned, and which texts are one."""

import random
import re
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.money import (
    DIGITS,
    LARGEST,
    Money,
    NotAnAmount,
    OtherCurrency,
    TooLarge,
    figures,
    none_of,
    read_money,
    total,
    written,
)

AMOUNTS = st.builds(Money, st.integers(0, LARGEST), st.sampled_from(sorted(DIGITS)))

READ = [
    ("20", "EUR", 2000),
    ("20.50", "EUR", 2050),
    ("20,50", "EUR", 2050),
    ("20.5", "EUR", 2050),
    ("0.05", "EUR", 5),
    ("0", "EUR", 0),
    (" 20 \n", "EUR", 2000),
    ("€20", "EUR", 2000),
    ("20 €", "EUR", 2000),
    ("20\u00a0€", "EUR", 2000),
    ("20 EUR", "EUR", 2000),
    ("eur 20.50", "EUR", 2050),
    ("US$20", "USD", 2000),
    ("￥20", "CNY", 2000),
    ("20元", "CNY", 2000),
    ("￥２０．５０", "CNY", 2050),
    ("２０，５", "CNY", 2050),
    ("￥20", "JPY", 20),
    ("NT$300", "TWD", 30_000),
    ("1.250", "KWD", 1250),
    ("1,25", "KWD", 1250),
    ("10000000000000", "EUR", LARGEST),
]

REFUSED = [
    ("-50", "EUR", "without plus or minus"),
    ("+5", "EUR", "without plus or minus"),
    ("－５０", "EUR", "without plus or minus"),
    ("−50", "EUR", "without plus or minus"),
    ("€-5", "EUR", "without plus or minus"),
    ("20-30", "EUR", "without plus or minus"),
    ("1,000", "EUR", "thousands"),
    ("１，０００", "EUR", "thousands"),
    ("1,000.50", "EUR", "thousands"),
    ("1.000,50", "EUR", "thousands"),
    ("1 000", "EUR", "thousands"),
    ("1'000", "CHF", "thousands"),
    ("1,000", "KWD", "thousands"),
    ("1.000", "JPY", "thousands"),
    ("50.005", "EUR", "decimals, not more"),
    ("50.0001", "KWD", "decimals, not more"),
    ("20.50", "JPY", "has no decimals"),
    ("$20", "EUR", "Amounts here are in"),
    ("20 USD", "EUR", "Amounts here are in"),
    ("€20 GBP", "EUR", "Amounts here are in"),
    ("10000000000000.01", "EUR", "more than I can count"),
    ("1" + "0" * 18, "EUR", "more than I can count"),
    ("", "EUR", "cannot read"),
    ("1e3", "EUR", "cannot read"),
    ("1_0", "EUR", "cannot read"),
    ("١٢", "EUR", "cannot read"),
    ("20²", "EUR", "cannot read"),
    ("⑫", "EUR", "cannot read"),
    ("二十", "CNY", "cannot read"),
    ("NaN", "EUR", "cannot read"),
    ("inf", "EUR", "cannot read"),
    ("10^18", "EUR", "cannot read"),
    ("0x14", "EUR", "cannot read"),
    ("020", "EUR", "cannot read"),
    (".50", "EUR", "cannot read"),
    ("20.", "EUR", "cannot read"),
    ("20%", "EUR", "cannot read"),
    ("20 bottles", "EUR", "cannot read"),
    ("20\x0050", "EUR", "cannot read"),
    ("\ud800", "EUR", "cannot read"),
    ("9" * 100_000, "EUR", "cannot read"),
]


@pytest.mark.parametrize(("text", "currency", "amount"), READ)
def test_an_amount_is_read_as_people_write_it(text, currency, amount):
    """A staff member writes it between two customers, on whichever keyboard they have."""
    assert read_money(text, currency) == Money(amount, currency)


@pytest.mark.parametrize(("text", "currency", "why"), REFUSED)
def test_what_could_be_misread_is_refused_with_how_to_write_it(text, currency, why):
    """A wrong guess gives somebody's money away."""
    with pytest.raises(NotAnAmount) as refused:
        read_money(text, currency)

    assert why in refused.value.why.sentence


def test_the_example_of_each_refusal_is_an_amount():
    """Whoever does as told must not be refused again."""
    for currency in DIGITS:
        for text in ("?", "-1", "1,000", "1.0000", "20 XXX", "9" * 20):
            with pytest.raises(NotAnAmount) as refused:
                read_money(text, currency)
            assert read_money(str(refused.value.why.places["example"]), currency) > none_of(currency)


def test_no_text_is_read_otherwise_than_as_a_plain_decimal():
    """20,000 texts near to an amount: each is its plain decimal reading, or refused; nothing else is ever raised."""
    pieces = [
        *"0123456789",
        *"０１２３４５６７８９",
        *"..,,．，",
        *" +-_'e^%x",
        "€",
        "￥",
        "EUR",
        "JPY",
        "١",
        "二",
        "²",
        "NaN",
    ]
    pieces += ["\u00a0", "\u3000", "\n", "\x00", "元", "00", "000", "$", "ﬁ", "\ud800"]
    chance, read = random.Random(4217), 0
    for _ in range(20_000):
        text = "".join(chance.choices(pieces, k=chance.randint(0, 7)))
        currency = chance.choice(("EUR", "JPY", "KWD", "CNY"))
        try:
            money = read_money(text, currency)
        except NotAnAmount:
            continue
        read += 1
        assert Decimal(money.amount).scaleb(-DIGITS[currency]) == plain_reading(text), text

    assert read > 1_000, "most texts were refused, so little was shown"


def plain_reading(text: str) -> Decimal:
    """What a person sees in it: the digits, and the last point or comma among them as the decimal point."""
    narrow = "".join(chr(ord(one) - 0xFEE0) if "！" <= one <= "～" else one for one in text)
    [seen] = re.findall(r"[\d.,]+", narrow)
    return Decimal(seen.replace(",", "."))


@given(AMOUNTS)
def test_what_is_written_reads_back(money):
    """Exports, examples and forms write amounts in full; a figure that comes back must be the same money."""
    assert read_money(figures(money), money.currency) == money
    assert read_money(written(money), money.currency) == money


@given(st.text(max_size=50), st.sampled_from(sorted(DIGITS)))
def test_any_text_is_an_amount_or_politely_refused(text, currency):
    """What a person types is never an error of ours."""
    try:
        money = read_money(text, currency)
    except NotAnAmount:
        return
    assert none_of(currency) <= money <= Money(LARGEST, currency)


@given(st.lists(st.integers(-1000, 1000)))
def test_amounts_are_reckoned_as_whole_numbers(amounts):
    """A cent that is lost in a sum is a cent that somebody looks for."""
    assert total([Money(amount, "EUR") for amount in amounts], "EUR") == Money(sum(amounts), "EUR")


@pytest.mark.parametrize(
    "reckon", [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a < b, lambda a, b: a <= b, lambda a, b: a > b]
)
def test_two_currencies_are_never_reckoned_together(reckon):
    """Twenty yen are not less than thirty euros: nobody here knows the rate."""
    with pytest.raises(OtherCurrency):
        reckon(Money(20, "JPY"), Money(30, "EUR"))


@given(st.integers(1, LARGEST))
def test_an_amount_stays_within_its_bounds(amount):
    """A BIGINT must hold every sum."""
    with pytest.raises(TooLarge):
        Money(LARGEST, "EUR") + Money(amount, "EUR")


@pytest.mark.parametrize(("amount", "currency"), [(1, "XXX"), (1, "eur"), (1, ""), (True, "EUR"), (1.5, "EUR")])
def test_money_is_whole_minor_units_of_a_known_currency(amount, currency):
    """Half a cent, or a currency by a slip of the finger, would be found in the books much later."""
    with pytest.raises(ValueError, match=r"no currency|no whole number"):
        Money(amount, currency)


def test_stored_money_is_checked_when_it_is_read():
    """What the database holds passes the same door."""
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"amount": 5, "currency": "EURO"}', type=Money)


@pytest.mark.parametrize(("money", "words"), [(Money(-5, "EUR"), "-0.05"), (Money(-20, "JPY"), "-20")])
def test_a_difference_may_be_below_zero(money, words):
    """A correction is written with its sign, once."""
    assert figures(money) == words
    assert money + -money == none_of(money.currency)
