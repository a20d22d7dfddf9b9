"""Many due rows at one moment, and deaths: they share their commits, and each fires once whatever dies.

Forty customers were served while nobody looked; when the process comes back, all of them are to be asked at once.
"""

from pathlib import Path

import pytest

from storage.unit import Unit
from tests import laid
from tests.crash.evenings import Evening, cut_short, left_alone
from tests.crash.flows import Cast
from tests.crash.installation import DAY, Installation
from tests.crash.nursery import Nursery
from tests.crash.test_boundaries import side_by_side, told
from tests.fake_telegram import FakeTelegram
from tests.waiting import until_so

GUESTS = 40
FIRST = 700_000_001


def serve(unit: Unit) -> None:
    """Plan to ask everybody."""
    [[version]] = unit.all("SELECT id FROM survey_version WHERE key = 'visit' AND retired_at IS NULL")
    now, due_at = 1 + unit.all("SELECT MAX(published_at) FROM survey_version")[0][0], 0
    for number in range(GUESTS):
        customer = unit.customers.ensure(1, f"guest {number}", now, f"Guest {number}", "en")
        address = unit.addresses.add(1, "telegram", str(FIRST + number), "customer", now, customer_id=customer.id)
        unit.chat_customers.join(address.id, customer.id, now)
        invitation = unit.invitations.add(1, customer.id, None, version, "service", "planned", now)
        assert invitation is not None
        due_at = now + number
        unit.due.add(1, "invite", invitation.id, f"invite:{invitation.id}", due_at)


def guests(telegram: FakeTelegram) -> None:
    for number in range(GUESTS):
        telegram.person(f"Guest {number}", user_id=FIRST + number, started=True)


@pytest.fixture
async def waiting(lives: Nursery, tmp_path: Path) -> Evening:
    """An installation in which everybody is to be asked now."""
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "waiting", lives, telegram)
        ana = telegram.person("Ana")
        await installation.employ()
        async with await installation.begin() as child:
            await ana.starts()
            await ana.hears(containing="How was your visit?")
            await installation.settled()
            child.end()
            assert await child.ended() == 0
        database = await laid.opened(installation.database)
        await database.run(serve)
        await database.close()
        installation.ahead += DAY // 24
        return Evening(installation.folder, ana, installation)


def later(waiting: Evening, folder: Path, lives: Nursery, telegram: FakeTelegram) -> Cast:
    guests(telegram)
    return waiting.morning(folder, lives, telegram)


def invited(cast: Cast) -> list[tuple[int, ...]]:
    return cast.installation.read("SELECT state FROM invitation WHERE state != 'sent'")


async def everybody_is_asked(cast: Cast) -> None:
    """Nobody is still to be asked."""
    await until_so(lambda: not invited(cast))


def asked_once(cast: Cast) -> None:
    """Each was decided once; what a death left in doubt is not sent again, as the protocol has it for what we begin."""
    house = cast.installation
    assert invited(cast) == []
    rows = house.read("SELECT chat, COUNT(*) FROM outbox WHERE purpose = 'invitation' GROUP BY chat")
    assert sorted(rows) == [(str(FIRST + number), 1) for number in range(GUESTS)]
    talks = house.read("SELECT COUNT(*) FROM conversation GROUP BY customer_id HAVING COUNT(*) > 1")
    assert talks == []
    sends = house.telegram.ledger.sent()
    for number in range(GUESTS):
        assert sum(call.chat == FIRST + number for call in sends) <= 1
    [(lost,)] = house.read("SELECT COUNT(*) FROM outbox WHERE purpose = 'invitation' AND state = 'unknown'")
    assert lost == 0 or house.deaths
    assert len({call.chat for call in sends if (call.chat or 0) >= FIRST}) >= GUESTS - lost
    assert house.read("SELECT COUNT(*) FROM due WHERE kind = 'invite' AND state = 'fired'") == [(GUESTS,)]


async def test_rows_that_share_a_commit_fire_once_whatever_dies(lives, tmp_path, waiting):
    """Between claim, fire, commit and hand-on: none is lost, none comes twice, and neighbours share no fate."""
    async with FakeTelegram() as telegram:
        passed = await left_alone(later(waiting, tmp_path / "alone", lives, telegram), everybody_is_asked, asked_once)
    assert passed["fire.before_commit"] < GUESTS, "each row had a commit of its own"
    every = {"fire.statement": passed["fire.statement"] // 8, "fire.before_commit": 2, "fire.after_commit": 2}
    trials = [
        (boundary, nth)
        for boundary, times in sorted(passed.items())
        for nth in range(1, times + 1, max(1, every.get(boundary, times // 2)))
        if boundary.partition(".")[0] in ("claim", "fire", "mark", "send", "record", "sendMessage")
    ]

    async def trial(boundary: str, nth: int) -> int | None:
        async with FakeTelegram() as telegram:
            cast = later(waiting, tmp_path / f"{boundary}-{nth}", lives, telegram)
            return await cut_short(cast, everybody_is_asked, asked_once, boundary, nth)

    died = await side_by_side(trials, trial)

    told("masses", died)
    assert len(died) >= 0.7 * len(trials)
    assert {boundary for boundary, _ in died} >= {
        "claim.before_commit",
        "claim.after_commit",
        "fire.statement",
        "fire.before_commit",
        "fire.after_commit",
        "mark.after_commit",
    }
