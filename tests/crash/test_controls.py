"""The suite itself on trial: with a guard of the product taken away, the same trials must fail.

A check that cannot fail proves nothing. Each guard is removed inside the child, so the product has no switch for it.
"""

import pytest

from tests.crash import flows
from tests.crash.flows import HAPPY
from tests.crash.installation import Installation
from tests.crash.test_boundaries import first_life, killed
from tests.crash.test_copies import thrice, twice_over
from tests.crash.test_follow_up import evening  # noqa: F401 - a fixture
from tests.fake_telegram import FakeTelegram


@pytest.fixture
def without(monkeypatch):
    """Have every life begin without a guard, and people wait no longer than the proof needs."""

    def take_away(guard: str) -> None:
        real = Installation.begin

        async def begin(installation, boundary="", nth=1):
            return await real(installation, boundary, nth, without=guard)

        monkeypatch.setattr(Installation, "begin", begin)
        monkeypatch.setattr(flows, "PATIENCE", 3.0)

    return take_away


async def test_an_update_confirmed_before_it_is_stored_is_missed(lives, tmp_path, without):
    """With *commit first* gone, a death at the inbox loses what the person said."""
    without("commit first")
    with pytest.raises(AssertionError, match="heard nothing"):
        await killed(lives, tmp_path / "trial", HAPPY, "inbox.before_commit", 2)


async def test_an_update_counted_twice_is_noticed(lives, tmp_path, without):
    """With receipts gone, a typed answer that Telegram gives twice answers two questions."""
    without("receipts")
    with pytest.raises(AssertionError):
        await twice_over(lives, tmp_path / "trial")


async def test_a_follow_up_sent_twice_is_noticed(lives, tmp_path, evening, without):  # noqa: F811 - the fixture
    """With *at most once* gone, a death on the follow-up's receipt sends a second one."""
    without("at most once")
    async with FakeTelegram() as telegram:
        house = evening.morning(tmp_path / "trial", lives, telegram).installation
        async with await first_life(house, "sendMessage.received", 1) as child:
            await child.ended()
        house.died()
        async with await house.begin():
            await house.settled()
        with pytest.raises(AssertionError, match="copies of class B"):
            await house.verify()


async def test_a_third_copy_is_noticed(lives, tmp_path, without):
    """With *at most twice* gone, three deaths on receipt of one question send it four times."""
    without("at most twice")
    with pytest.raises(AssertionError, match="copies"):
        await thrice(lives, tmp_path / "trial")
