"""Amounts of money: whole minor units of one currency, and the one reading of what people type.

    20   20.50   20,50   €20   20 EUR   ￥20   ２０．５０     are amounts
    1,000   -50   +5   50.005   1e3   1_0   ١٢   NaN        are none: whoever typed them is told how to write it

A wrong guess about money is worse than a question, so nothing is guessed: no thousands separators, no sign, no
rounding, no other currency. Amounts of two currencies are never added or compared.

MoneyError
├── OtherCurrency   two currencies met: a mistake of ours, or of a setting
├── TooLarge        beyond `LARGEST`: refuse what led to it
└── NotAnAmount     what was typed cannot be read: say `why`, which tells how to write it
"""

import re
from collections.abc import Iterable
from typing import Any, Final

import msgspec

from conversations.phrases import Phrase, phrase

LARGEST: Final = 10**15
"""In minor units, on either side of zero: sums of thousands of such amounts still fit a BIGINT."""

LONGEST: Final = 40
"""Characters; what is longer is no amount that a person typed."""

_NO_MINOR_UNIT: Final = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS: Final = "BHD IQD JOD KWD LYD OMR TND"
_HUNDREDTHS: Final = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP"
    " CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES"
    " KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK"
    " NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB"
    " TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
)
DIGITS: Final[dict[str, int]] = {
    code: digits
    for digits, codes in ((0, _NO_MINOR_UNIT), (2, _HUNDREDTHS), (3, _THOUSANDTHS))
    for code in codes.split()
}
"""The decimals of each currency in circulation, by its code. Source: ISO 4217, table A.1, as of 2026, without metals,
funds and units of account. (CLDR shows some of them with fewer decimals; what is owed is counted by ISO.)"""

NONE: Final = "XXX"
"""The code of ISO 4217 for no currency at all: in it is what has no price, where the business counts in none."""

_SIGNS: Final[dict[str, frozenset[str]]] = {
    "AUD": frozenset({"$", "A$", "AU$"}),
    "BRL": frozenset({"R$"}),
    "CAD": frozenset({"$", "C$", "CA$"}),
    "CNY": frozenset({"¥", "元", "块", "CN¥", "RMB"}),
    "CZK": frozenset({"KČ"}),
    "EUR": frozenset({"€"}),
    "GBP": frozenset({"£"}),
    "HKD": frozenset({"$", "HK$"}),
    "ILS": frozenset({"₪"}),
    "INR": frozenset({"₹"}),
    "JPY": frozenset({"¥", "円", "JP¥"}),
    "KRW": frozenset({"₩", "원"}),
    "KZT": frozenset({"₸"}),
    "MOP": frozenset({"MOP$"}),
    "MXN": frozenset({"$", "MX$"}),
    "MYR": frozenset({"RM"}),
    "NGN": frozenset({"₦"}),
    "NZD": frozenset({"$", "NZ$"}),
    "PHP": frozenset({"₱"}),
    "PLN": frozenset({"ZŁ"}),
    "RUB": frozenset({"₽"}),
    "SGD": frozenset({"$", "S$"}),
    "THB": frozenset({"฿"}),
    "TRY": frozenset({"₺"}),
    "TWD": frozenset({"$", "NT$", "元"}),
    "UAH": frozenset({"₴"}),
    "USD": frozenset({"$", "US$"}),
    "VND": frozenset({"₫"}),
}
"""What people write for a currency beside its code, in capitals. A sign that several share is each one's own."""

_FOREIGN: Final = frozenset(DIGITS).union(*_SIGNS.values())

_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord("￥"): "¥",
    ord("￡"): "£",
    ord("￦"): "₩",
    ord("\u3000"): " ",  # the wide space
    ord("\u00a0"): " ",  # no-break spaces, which telephones put before a sign
    ord("\u202f"): " ",
}
"""What a Chinese keyboard writes, as an English one would. Not NFKC, which reads 20² as 202."""

_AMOUNT: Final = re.compile(
    r"(?P<before>[^0-9 .,+\-−–]*) ?"
    r"(?P<whole>0|[1-9][0-9]*)(?:(?P<point>[.,])(?P<part>[0-9]+))?"
    r" ?(?P<after>[^0-9 .,+\-−–]*)"
)
_GROUPED: Final = re.compile(r"[0-9]+(?:[.,' ’][0-9]{3})+(?:[.,][0-9]*)?")
_SIGNED: Final = re.compile(r"[+\-−–][^0-9]*[0-9]|[0-9] ?[+\-−–]")


class MoneyError(ValueError):
    """An amount is not what it would have to be."""


class OtherCurrency(MoneyError):
    """Amounts of two currencies met."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} and {other} cannot be added or compared")
        self.one = one
        self.other = other


class TooLarge(MoneyError):
    """The amount is beyond `LARGEST`."""

    def __init__(self, amount: int, currency: str) -> None:
        super().__init__(f"more than {LARGEST} minor units of {currency}")
        self.amount = amount
        self.currency = currency


class NotAnAmount(MoneyError):
    """What was typed is no amount; `why` says how to write it, to whoever typed it."""

    def __init__(self, text: str, why: Phrase) -> None:
        super().__init__(why.sentence)
        self.text = text
        self.why = why


class Money(msgspec.Struct, frozen=True):
    """An amount in minor units of one currency: 2050 of EUR is 20.50 euros. Below zero only as a difference.

    Raises ValueError for an unknown currency or an amount that is no whole number, TooLarge beyond `LARGEST`. Of
    `NONE` there is nothing but zero.
    """

    amount: int
    currency: str

    def __post_init__(self) -> None:
        _digits(self.currency)
        if type(self.amount) is not int:
            raise ValueError(f"{self.amount!r} is no whole number of minor units")
        if self.currency == NONE and self.amount:
            raise ValueError(f"{NONE} is no currency to pay in")
        if abs(self.amount) > LARGEST:
            raise TooLarge(self.amount, self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise OtherCurrency(self.currency, other.currency)
        return other.amount


def none_of(currency: str) -> Money:
    """Return zero in that currency."""
    return Money(0, currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Return the sum of amounts that are all in that currency; zero when there are none."""
    return sum(amounts, none_of(currency))


def figures(money: Money) -> str:
    """Return the amount as `read_money` reads it, in full and without its currency: 20.50."""
    digits = _digits(money.currency)
    whole, part = divmod(abs(money.amount), 10**digits)
    sign = "-" if money.amount < 0 else ""
    return f"{sign}{whole}.{part:0{digits}}" if digits else f"{sign}{whole}"


def written(money: Money) -> str:
    """Return the amount with its currency, alike in every language: 20.50 EUR."""
    return f"{figures(money)} {money.currency}"


def read_money(text: str, currency: str) -> Money:
    """Return the amount that somebody typed, never below zero. `currency` is the one that is used here.

    Digits and signs may be full-width, a point or a comma stands before the decimals, and the currency's own code or
    sign before or after. A comma and three digits are decimals to one reader and thousands to the next, so they are
    refused for every currency.

    Raises NotAnAmount, and ValueError when the currency itself is unknown.
    """
    digits = DIGITS.get(currency)
    if digits is None:
        raise ValueError(f"there is no currency {currency!r}; use an ISO 4217 code such as EUR")
    plain = text.translate(_NARROW).strip().upper() if len(text) <= LONGEST else ""
    match = _AMOUNT.fullmatch(plain)
    if match is None:
        raise NotAnAmount(text, _why_not(plain, currency))
    marks, part = {match["before"], match["after"]}, match["part"] or ""
    if marks - {"", currency} - _SIGNS.get(currency, frozenset()):
        raise NotAnAmount(text, _why_not_marked(marks, currency))
    if len(part) == 3 and (match["point"] == "," or digits == 0):
        raise NotAnAmount(text, _grouped(currency))
    if len(part) > digits:
        raise NotAnAmount(text, _too_fine(currency))
    amount = int(match["whole"] + part.ljust(digits, "0"))  # at most `LONGEST` ASCII digits
    if amount > LARGEST:
        raise NotAnAmount(text, _too_large())
    return Money(amount, currency)


def _digits(currency: str) -> int:
    if currency == NONE:
        return 0
    if currency not in DIGITS:
        raise ValueError(f"there is no currency {currency!r}; use an ISO 4217 code such as EUR")
    return DIGITS[currency]


# --- how to write it ------------------------------------------------------------------------------------------------


def _why_not(plain: str, currency: str) -> Phrase:
    if _SIGNED.search(plain):
        return phrase("Please write the amount without plus or minus: {example}.", example=_example(currency))
    if _GROUPED.search(plain):
        return _grouped(currency)
    return _unreadable(currency)


def _why_not_marked(marks: set[str | Any], currency: str) -> Phrase:
    if marks & _FOREIGN:
        return phrase(
            "Amounts here are in {currency}. Please write it so: {example}.",
            currency=currency,
            example=_example(currency),
        )
    return _unreadable(currency)


def _unreadable(currency: str) -> Phrase:
    return phrase("I cannot read that as an amount. Please write it so: {example}.", example=_example(currency))


def _grouped(currency: str) -> Phrase:
    return phrase(
        "Please leave out what divides the thousands, so that nobody misreads the amount: {example}.",
        example=figures(Money(1234 * 10 ** DIGITS[currency], currency)),
    )


def _too_fine(currency: str) -> Phrase:
    if DIGITS[currency] == 0:
        return phrase("{currency} has no decimals. Please write it so: {example}.", currency=currency, example="20")
    return phrase(
        "{currency} has {digits} decimals, not more. Please write it so: {example}.",
        currency=currency,
        digits=DIGITS[currency],
        example=_example(currency),
    )


def _too_large() -> Phrase:
    return phrase("That is more than I can count. Please write a smaller amount, such as {example}.", example="20")


def _example(currency: str) -> str:
    return figures(Money(205 * 10 ** DIGITS[currency] // 10, currency))
