"""Webhooks when the process dies: nothing that was decided is lost, a repeat has the same id, and what was recorded
as sent is never sent again.
"""

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

from tests.bot.notifying.receiving import SECRET, Receiver, receiving
from tests.crash.flows import PATIENCE, WORDS, cast_of
from tests.crash.installation import FAST, Installation
from tests.crash.nursery import Nursery
from tests.fake_telegram import FakeTelegram, Person
from tests.waiting import until_so

BOUNDARIES = [
    "notify_mark.before_commit",
    "notify_mark.after_commit",
    "notify.before_post",
    "notify.after_answer",
    "notify_record.before_commit",
    "notify_record.after_commit",
    "turn.after_commit",
    "turn.before_offer",
]
REPEATS = {"notify.after_answer", "notify_record.before_commit"}
"""The boundaries at which the receiver has it and we do not know it: there it comes twice."""

TYPES = ["case.opened", "response.completed"]


def installation_of(folder: Path, lives: Nursery, telegram: FakeTelegram, receiver: Receiver) -> Installation:
    """A house with one webhook."""
    webhook = (
        f"webhooks.crm.url={receiver.url}",
        f"webhooks.crm.secrets={SECRET}",
        "webhooks.crm.allow_private=true",
    )
    return Installation(folder, lives, telegram, *FAST, *webhook)


def rows(house: Installation) -> list[tuple[str, str, str, int]]:
    return house.read("SELECT ident, type, state, attempts FROM notification ORDER BY id")


async def told(house: Installation, count: int) -> None:
    """Wait until so many notifications are recorded as sent."""
    await until_so(lambda: Counter(state for _, _, state, _ in rows(house))["sent"] >= count)


@pytest.mark.parametrize("boundary", BOUNDARIES)
@pytest.mark.parametrize("nth", [1, 2])
async def test_a_death_loses_no_notification_and_repeats_under_the_same_id(lives, tmp_path, boundary, nth):
    """An unhappy customer: a case is opened and a response completed, and both are told, whatever dies when."""
    async with FakeTelegram() as telegram, receiving() as receiver:
        house = installation_of(tmp_path / "house", lives, telegram, receiver)
        cast = await cast_of(house, telegram)
        playing = asyncio.ensure_future(complains(cast.ana))
        try:
            async with await house.begin(boundary, nth) as first:
                assert await first.ended() == -9
            async with await house.begin() as second:
                await telegram.until_listening()  # all may be done already, and SIGTERM comes before it is heeded
                await playing
                await house.settled()
                await told(house, 2)
                second.end()
                assert await second.ended() == 0
        finally:
            playing.cancel()
        assert house.answers(cast.ana) == ["1", WORDS]

    found = rows(house)
    came = Counter(receiver.idents)
    assert [type_ for _, type_, _, _ in found] == TYPES
    assert {ident for ident, *_ in found} == set(came)
    assert all(came[ident] <= attempts <= 2 for ident, _, _, attempts in found), "a post without its committed mark"
    assert boundary not in REPEATS or sum(came.values()) >= 3, "this death leaves one in doubt: it must come again"
    assert all(len({json.dumps(body) for each, body in receiver.got if each == ident}) == 1 for ident in came)


async def complains(ana: Person) -> None:
    """Give a low rating and say why."""
    await ana.starts()
    await ana.hears(PATIENCE, containing="How was your visit?")
    await ana.taps("1")
    await ana.hears(PATIENCE, containing="What happened?")
    await ana.says(WORDS)
    await ana.hears(PATIENCE, containing="passed it on")
