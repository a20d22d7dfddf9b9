"""Several people at once, one after the other, for as long as a test needs load."""

import asyncio
from contextlib import suppress
from functools import partial
from random import Random
from typing import Final

from tests.crash.flows import PATIENCE, answers_happily
from tests.crash.installation import Installation
from tests.fake_telegram import Message, Person

LOOKS: Final = 10
"""So often in their patience somebody who hears nothing looks whether that may be."""

SAID: Final = ["5", "9", "The bread was warm"]
"""What everybody in a crowd answers."""


class Crowd:
    """People who come one after the other until it is over; whoever began also ends. `served` have their thanks."""

    def __init__(self, installation: Installation, random: Random, *, duplicates: float = 0.0) -> None:
        self.met: list[Person] = []
        self.served: list[Person] = []
        self.nudged = 0
        self.over = asyncio.Event()
        self._installation = installation
        self._random = random
        self._duplicates = duplicates
        self._living: list[asyncio.Task[None]] = []

    def come(self, many: int) -> None:
        """Let so many people be there at any time."""
        self._living = [asyncio.create_task(self._live()) for _ in range(many)]

    async def leave(self) -> None:
        """Let nobody new come, and return when everybody has been served."""
        self.over.set()
        await asyncio.gather(*self._living)

    def go(self) -> None:
        """End it, also in the middle: for the end of a test that failed."""
        for each in self._living:
            each.cancel()

    async def _live(self) -> None:
        telegram = self._installation.telegram
        while not self.over.is_set():
            person = telegram.person(f"Guest {len(self.met) + 1}")
            self.met.append(person)
            if self._random.random() < self._duplicates:
                telegram.duplicate_next(1)
            await answers_happily(person, partial(self._hears, person))
            self.served.append(person)

    async def _hears(self, person: Person, *, containing: str) -> Message:
        """Wait as people do. Only where two deaths each left it in doubt may a question fail to come.

        Nobody can know then whether it arrived, and a third copy is not allowed; whoever waits in vain presses
        Start, which shows the open question again.
        """
        await asyncio.sleep(self._random.uniform(0, 0.05))
        for _ in range(LOOKS):
            with suppress(AssertionError):
                return await person.hears(PATIENCE / LOOKS, containing=containing)
            doubt = "SELECT COUNT(*) FROM outbox WHERE chat = ? AND state = 'unknown' AND copies = 2"
            if self._installation.read(doubt, str(person.id)) == [(1,)]:
                self.nudged += 1
                await person.starts()
                break
        return await person.hears(PATIENCE, containing=containing)
