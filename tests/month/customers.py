"""What customers do: most never answer, some are unhappy, and a fifth of the unhappy are never heard of again."""

import re
from collections.abc import Iterator
from typing import Final

from tests.month.people import Intention, Reached
from tests.month.seeds import DAY, MINUTE, Month

ANSWER: Final = 0.30
UNHAPPY: Final = 0.39
WORDS: Final = 0.5
SILENT_AFTERWARDS: Final = 0.2
SAYS_IT_IS_RIGHT: Final = 0.8
WANTS_IT: Final = 0.85

REDEEMED: Final = (0.6, 0.1)
COUNTER: Final = "s0"
"""Whoever stands there."""

_CODE: Final = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){2,}\b")

COMPLAINTS: Final = (
    "It is broken and nobody came.",
    "I waited two hours.",
    "The invoice is wrong.",
    "Your colleague was rude to me.",
    "Nothing works since yesterday!",
    "坏了，没人管。",
)

FOLLOWED_UP: Final = "Was it put right?"
RATED_AFTERWARDS: Final = "how satisfied are you with us now?"
EXPLAINED: Final = "What happened?"


class Customers:
    """Everybody who is served."""

    def __init__(self, month: Month) -> None:
        self._month = month

    def __call__(self, reached: Reached) -> Iterator[Intention]:
        """Yield what a customer does about a message."""
        text = reached.message.text
        if reached.edited:
            return
        if FOLLOWED_UP in text:
            yield from self._says_whether_it_is_right(reached)
        elif RATED_AFTERWARDS in text:
            yield from self._taps(reached, str(3 + self._below(reached, 3, "after")), 30)
        elif reached.ending_in(":5") and reached.ending_in(":1"):
            yield from self._rates(reached)
        elif EXPLAINED in text and self._chance(reached, "words") < WORDS:
            yield self._writes(reached, COMPLAINTS[self._below(reached, len(COMPLAINTS), "complaint")])
        elif code := _CODE.search(text):
            yield from self._redeems(reached, code.group())
        elif any(press.startswith("1:offer.") for press in reached.presses):
            yield from self._taps(reached, "yes" if self._chance(reached, "offer") < WANTS_IT else "no", 300)

    def _rates(self, reached: Reached) -> Iterator[Intention]:
        if self._chance(reached, "answers") >= ANSWER:
            return
        unhappy = self._chance(reached, "unhappy") < UNHAPPY
        rating = (1 if unhappy else 4) + self._below(reached, 2, "rating")
        yield from self._taps(reached, str(rating), 600)

    def _says_whether_it_is_right(self, reached: Reached) -> Iterator[Intention]:
        if self._month.chance(reached.chat, "silent") < SILENT_AFTERWARDS:
            return
        yield from self._taps(reached, "yes" if self._chance(reached, "right") < SAYS_IT_IS_RIGHT else "no", 900)

    def _redeems(self, reached: Reached, code: str) -> Iterator[Intention]:
        """Show the code at the counter within three weeks; some never do, some try it twice."""
        for visit, share in enumerate(REDEEMED):
            if self._chance(reached, f"redeems {visit}") < share:
                at = reached.at + (visit * 7 + 1 + self._below(reached, 14, "day")) * DAY
                yield Intention(at, f"redeem:{visit}:{reached.ref}", COUNTER, "write", f"/redeem {code}", reached.ref)

    def _taps(self, reached: Reached, choice: str, within: int) -> Iterator[Intention]:
        press = reached.ending_in(f":{choice}")
        if press is not None:
            yield reached.taps(press, 1 + self._below(reached, within, "minutes"))

    def _writes(self, reached: Reached, words: str) -> Intention:
        at = reached.at + (1 + self._below(reached, 10, "minutes")) * MINUTE
        return Intention(at, f"write:{reached.ref}", reached.chat, "write", words, reached.ref)

    def _chance(self, reached: Reached, about: str) -> float:
        return self._month.chance(reached.chat, reached.at, about)

    def _below(self, reached: Reached, most: int, about: str) -> int:
        return self._month.below(most, reached.chat, reached.at, about)
