"""What waits for the next moment: an installation as an evening left it, played on from copies of its folder.

`comes` is what a life brings about that finds the moment come, `holds` what must be so afterwards, whatever died.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from tests.crash.flows import Cast
from tests.crash.installation import Installation
from tests.crash.nursery import Nursery
from tests.crash.test_boundaries import dies, first_life
from tests.fake_telegram import FakeTelegram, Person

Comes = Callable[[Cast], Coroutine[Any, Any, None]]
Holds = Callable[[Cast], None]


class Evening:
    """An installation with a resolved case, as its folder was left."""

    def __init__(self, folder: Path, ana: Person, case_from: Installation) -> None:
        self.folder = folder
        self.ana = ana
        self.before = max((row.id for row in case_from.outbox()), default=0)
        self.ahead = case_from.ahead

    def morning(self, folder: Path, lives: Nursery, telegram: FakeTelegram) -> Cast:
        """Return the next day, in a copy of the folder, with everybody where they were."""
        shutil.copytree(self.folder, folder)
        telegram.next_update_id = telegram.next_update_id + 1_000
        telegram.world._message_ids = 1_000
        installation = Installation(folder, lives, telegram, since=self.before)
        installation.ahead = self.ahead
        ana = telegram.person("Ana", user_id=self.ana.id, started=True)
        return Cast(installation, ana, installation.known_staff())


async def left_alone(cast: Cast, comes: Comes, holds: Holds) -> Counter[str]:
    """Play the moment without a death; return how often each boundary is passed."""
    async with await cast.installation.begin() as child:
        await comes(cast)
        await cast.installation.settled()
        child.end()
        assert await child.ended() == 0
    assert await cast.installation.verify() == 0
    holds(cast)
    passed = cast.installation.passed()
    passed["sendMessage.received"] = passed["send.before_post"]
    return passed


async def cut_short(cast: Cast, comes: Comes, holds: Holds, boundary: str, nth: int) -> int | None:
    """Play the moment with a death in it; return the copies it cost, None when it did not come there."""
    installation = cast.installation
    playing = asyncio.ensure_future(comes(cast))
    try:
        async with await first_life(installation, boundary, nth) as child:
            if not await dies(installation, child, playing):
                return None
        installation.died()
        async with await installation.begin() as child:
            await playing
            await installation.settled()
            child.kill()
            await child.ended()
        holds(cast)
        return await installation.verify()
    finally:
        playing.cancel()
