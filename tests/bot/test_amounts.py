"""Amounts as their readers write them: with the sign of their currency, and nothing rounded away."""

import pytest

from bot.amounts import shown
from recovery.money import Money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "text"),
    [
        (2_050, "EUR", "en", "€20.50"),
        (2_000, "CNY", "zh-Hans", "¥20.00"),
        (200, "JPY", "en", "JP¥200"),
        (200, "JPY", "zh-Hant", "¥200"),
        (123_456, "GBP", "en", "£1,234.56"),
        (2_050, "KWD", "en", "KWD2.050"),
        (50_000, "IQD", "en", "IQD50"),  # people there have no use for thousandths
        (50_001, "IQD", "en", "50.001 IQD"),  # but what is owed is owed
    ],
)
def test_an_amount_reads_as_people_write_it_there(amount, currency, language, text):
    """Twenty what, is the first thing one asks."""
    assert shown(Money(amount, currency), language) == text
