"""Claims about what is written for receivers: every member that is sent stands in docs/integrate.md."""

import json
from pathlib import Path

import pytest

from bot.audience import TYPES
from bot.notifying.samples import sample

GOLDEN = Path(__file__).with_name("golden")


@pytest.mark.parametrize("type_", ["case.opened", "case.closed", "message.waiting"])
def test_every_member_of_a_webhook_is_documented(root, type_):
    """Who writes a receiver has nothing else to go by."""
    page = (root / "docs" / "integrate.md").read_text("utf-8")
    members = json.loads(sample(type_, 0, "https://ask.shop.example"))["data"].keys() - {"sample"}

    assert sorted(name for name in members if f"`{name}`" not in page) == []


@pytest.mark.parametrize("type_", TYPES)
def test_a_sample_has_the_members_of_the_real_thing(type_):
    """A receiver that takes the sample takes the news."""
    found = json.loads(sample(type_, 0, "https://ask.shop.example"))
    golden = GOLDEN / f"{type_}.json"

    assert found["data"].pop("sample") is True
    if golden.exists():
        real = json.loads(golden.read_text("utf-8"))
        assert found.keys() == real.keys()
        assert found["data"].keys() == real["data"].keys()
