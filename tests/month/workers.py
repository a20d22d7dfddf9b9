"""What those who work there do: they take cases, write, give something, put things right, ring up; or they miss it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from bot.case_buttons import pressed_act
from tests.month.people import Intention, Reached
from tests.month.seeds import DAY, FIRST, HOUR, MINUTE, Month, local, wall
from tests.month.shop import WORKERS, Worker

WORDS: Final = "I am sorry. We are on it, and I will see that it is put right."
WHY: Final = "write in a sentence why"
REASON: Final = "They waited a whole day."
GIVES: Final = 0.2
AMOUNTS: Final = (1000, 2000, 2500, 6000, 15000)
"""In cents: some of them are above what somebody may give alone."""

AGREES: Final = 0.8
REACHES: Final = 0.7
NOW_RIGHT: Final = 0.75
_EXACT_CAUSE: Final = re.compile(r":cause:\w+\.\w+$")
_CASE: Final = re.compile(r"\bCase (\d+)\b")


class Workers:
    """Each looks at what reaches them when they are at work, soon or late, unless it slips through."""

    def __init__(self, month: Month) -> None:
        self._month = month

    def __call__(self, reached: Reached) -> Iterator[Intention]:
        """Yield what somebody does about a message."""
        worker, presses = WORKERS[int(reached.chat[1:])], reached.presses
        if reached.edited:
            yield from self._says_which(reached)
            return
        if reached.message.invites_reply and WHY in reached.message.text:
            yield Intention(reached.at + MINUTE, f"why:{reached.ref}", reached.chat, "write", REASON, reached.ref)
        if not presses or self._chance(reached, "quick") >= worker.quick:
            return
        seen_at = self._at_work(worker, reached.at + self._below(reached, 40, "seen") * MINUTE)
        named = _CASE.search(reached.message.text)
        number = int(named.group(1)) if named else 0
        if press := reached.ending_in(":reached"):
            yield from self._rings(reached, press, seen_at, number)
        elif presses[0].startswith("1:call:"):
            yield self._taps(reached, self._said(reached), seen_at)
        elif presses[0].startswith("1:approve:"):
            wanted = "yes" if self._chance(reached, "agrees") < AGREES else "no"
            yield self._taps(reached, reached.ending_in(f".{wanted}") or presses[0], seen_at)
        elif causes := [press for press in presses if ":cause:" in press]:
            yield self._taps(reached, causes[self._below(reached, len(causes), "causes")], seen_at, own=number)
        elif press := next((each for each in presses if ":offer:send:" in each), None):
            yield self._taps(reached, press, seen_at, own=number)
        else:
            yield from self._works(reached, worker, seen_at)

    def _says_which(self, reached: Reached) -> Iterator[Intention]:
        """Name the cause within the group of causes that was tapped first."""
        causes = [press for press in reached.presses if _EXACT_CAUSE.search(press)]
        if causes:
            yield self._taps(reached, causes[self._below(reached, len(causes), "cause")], reached.at + MINUTE)

    def _works(self, reached: Reached, worker: Worker, seen_at: int) -> Iterator[Intention]:
        """Take the case if nobody has it; then write, and some hours later it is put right."""
        offered = {act.name: act.number for press in reached.presses if (act := pressed_act(press)) is not None}
        number = offered.get("resolved", 0)
        if not number:
            return
        if "take" in offered:
            yield self._taps(reached, f"1:k{number}:take", seen_at)
        written_at = self._at_work(worker, seen_at + (2 + self._below(reached, 30, "write")) * MINUTE)
        yield Intention(
            written_at, f"words:{reached.ref}", reached.chat, "write", WORDS, reached.ref, True, number, True
        )
        if self._chance(reached, "gives") < GIVES:
            amount = AMOUNTS[self._below(reached, len(AMOUNTS), "amount")]
            yield self._taps(
                reached, f"1:k{number}:offer:voucher:{amount}", written_at + 5 * MINUTE, own=number, mends=True
            )
        done_at = self._at_work(worker, written_at + self._below(reached, 20 * 60, "done") * MINUTE)
        yield self._taps(reached, f"1:k{number}:resolved", done_at, own=number, mends=True)

    def _rings(self, reached: Reached, press: str, at: int, number: int) -> Iterator[Intention]:
        if self._chance(reached, "reaches") >= REACHES:
            press = press.removesuffix("reached") + "none"
        yield self._taps(reached, press, at, own=number)

    def _said(self, reached: Reached) -> str:
        """Return what a customer says on the telephone: whether it was put right, then how it is."""
        right = reached.ending_in(":yes" if self._chance(reached, "right") < NOW_RIGHT else ":no")
        return right or reached.ending_in(":4") or reached.presses[-1]

    def _taps(self, reached: Reached, press: str, at: int, *, own: int = 0, mends: bool = False) -> Intention:
        return reached.taps(press, (at - reached.at) // MINUTE, own=own, mends=mends)

    def _at_work(self, worker: Worker, at: int) -> int:
        """Return that moment, or the first one after it at which somebody is at work and well."""
        while not _is_at_work(worker, at):
            at = at // HOUR * HOUR + HOUR
        return at

    def _chance(self, reached: Reached, about: str) -> float:
        return self._month.chance(reached.chat, reached.at, reached.ref, about)

    def _below(self, reached: Reached, most: int, about: str) -> int:
        return self._month.below(most, reached.chat, reached.at, reached.ref, about)


def _is_at_work(worker: Worker, at: int) -> bool:
    here = local(at)
    return worker.works(here.weekday(), here.hour) and not is_ill(worker, at)


def is_ill(worker: Worker, at: int) -> bool:
    """Return whether somebody is ill at a moment."""
    if worker.ill is None:
        return False
    since = wall(FIRST + timedelta(days=worker.ill), 0)
    return since <= at < since + 7 * DAY
