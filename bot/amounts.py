"""Amounts as people read them: with their currency's sign, where people put it in their language."""

from decimal import Decimal
from typing import Final

from babel.numbers import format_currency, get_currency_precision

from bot.phrases import babel_locale
from recovery.money import DIGITS, Money, written

_ALIKE: Final = 10
"""The base of every currency's decimals."""


def shown(money: Money, language: str) -> str:
    """Return an amount for its reader: `€20.50`, `¥20.00`. Nothing of it is ever rounded away."""
    digits, usual = DIGITS[money.currency], get_currency_precision(money.currency)
    if usual < digits and money.amount % _ALIKE ** (digits - usual):
        return written(money)
    value = Decimal(money.amount).scaleb(-digits)
    return str(format_currency(value, money.currency, locale=babel_locale(language)))
