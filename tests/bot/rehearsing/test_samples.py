"""The sample customers of a rehearsal."""

from bot.rehearsing.samples import LONGEST, Variable, facts_of, value_of, variables
from conversations.reading import draft

FOUND = draft(
    """format = 1
key = "mine"
touchpoint = "x"
languages = ["en"]
unhappy = 'rated <= 2 and customer.tier == "gold"'
thanks.en = "Thank you from {{ business.city }}, not customer.street."
[[question]]
key = "rated"
kind = "csat"
text.en = "{% if service.item %}{{ service.item|title }}{% endif %} with {{ customer.agent }}?"
"""
).survey
assert FOUND is not None
SURVEY = FOUND


def test_variables_are_what_texts_and_conditions_ask_about():
    """Name and item always, then the rest as it stands in the file; words outside of braces ask nothing."""
    assert [each.name for each in variables(SURVEY)] == [
        "customer.name",
        "service.item",
        "business.city",
        "customer.agent",
        "customer.tier",
    ]


def test_three_customers():
    """A usual one, one of whom nothing is known, and one whose name is as long as a name gets."""
    name, tier, city = (
        Variable("customer", "name"),
        Variable("customer", "tier"),
        Variable("business", "city"),
    )

    assert value_of(name, "usual", {}, "en") == "Ana"
    assert value_of(tier, "usual", {}, "en") == "tier"
    assert value_of(name, "nothing", {}, "en") == ""
    assert LONGEST - 2 <= len(value_of(name, "long", {}, "zh-Hans")) <= LONGEST
    assert value_of(city, "nothing", {"city": "Berlin"}, "en") == "Berlin"


def test_what_is_empty_is_not_known():
    """Else a text would greet somebody whose name is empty words."""
    facts = facts_of({"customer.name": "", "service.item": "x", "nobody.field": "y"}, "UTC")

    assert (facts.customer, facts.service) == ({}, {"item": "x"})
