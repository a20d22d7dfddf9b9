"""What the seed decides: every choice of the month, by what it is about, so that no order of happening changes it."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

ZONE: Final = "Europe/Berlin"
FIRST: Final = date(2026, 3, 2)
"""A Monday. The clocks of the zone go forward on the 29th."""

OPENS, CLOSES = 8, 20
"""Hours on the wall between which people are served."""


class Month(NamedTuple):
    """What is simulated. `events` are service events, `restarts` deaths of the process."""

    seed: int
    events: int
    days: int
    restarts: int

    @property
    def customers(self) -> int:
        """Return how many customers are served, some of them several times."""
        return max(1, self.events * 2 // 5)

    @property
    def begins_at(self) -> int:
        """Return the month's first moment, midnight on the wall, in ms."""
        return wall(FIRST, 0)

    @property
    def ends_at(self) -> int:
        """Return when the last service was; what it led to has the weeks after it to come to an end."""
        return wall(FIRST + timedelta(days=self.days), 0)

    @property
    def over_at(self) -> int:
        """Return when the verdict is given."""
        return self.ends_at + 21 * DAY

    def chance(self, *about: object) -> float:
        """Return a number from 0 up to 1 that belongs to what it is about."""
        return self._chances(1, about)[0]

    def _chances(self, count: int, about: tuple[object, ...]) -> list[float]:
        words = ":".join(map(str, (self.seed, *about)))
        drawn = hashlib.blake2b(words.encode(), digest_size=7 * count).digest()
        return [int.from_bytes(drawn[first : first + 7]) / 2**56 for first in range(0, 7 * count, 7)]

    def below(self, most: int, *about: object) -> int:
        """Return a whole number from 0 up to `most`."""
        return int(self.chance(*about) * most)

    def service(self, number: int) -> "Service":
        """Return the service of that number; they are not in the order of time."""
        day, minute, customer = self._chances(3, ("service", number))
        minutes = int(minute * (CLOSES - OPENS) * 60)
        return Service(number, _opens_at(int(day * self.days)) + minutes * MINUTE, int(customer * self.customers))

    def deaths(self) -> list[int]:
        """Return the moments from which on the next message that reaches anybody is the process's last act."""
        span = self.ends_at - self.begins_at
        return sorted(
            self.begins_at + span * number // (self.restarts + 1) + self.below(8 * HOUR, "death", number)
            for number in range(1, self.restarts + 1)
        )


class Service(NamedTuple):
    """A customer was served at a moment."""

    number: int
    at: int
    customer: int


@cache
def _opens_at(day: int) -> int:
    return wall(FIRST + timedelta(days=day), OPENS)


def wall(day: date, hour: int, minute: int = 0) -> int:
    """Return the moment, in ms, at which a clock on the wall there shows that time."""
    local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(ZONE))
    return int(local.timestamp() * 1000)


def local(at: int) -> datetime:
    """Return a moment as it is on the wall there."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(ZONE))
