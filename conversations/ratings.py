"""A typed rating: the number the customer plainly meant. The table is in `conversations.understanding`."""

import re
from typing import Final

import msgspec

from conversations import lexicon
from conversations.numerals import FIGURE, figures, whole_number
from conversations.spelling import bare, reorders, squeezed

LONGEST_RATING: Final = 64


class Scale(msgspec.Struct, frozen=True):
    """The whole numbers from `low` to `high`. `stars`: stars count on it, as they do on any scale to 5.

    `words`: satisfaction in words makes sense on it when it runs from 1 to 5; not for effort (CES) or NPS.
    """

    low: int
    high: int
    stars: bool = False
    words: bool = True

    def holds(self, value: int | None) -> int | None:
        """Return the value when it is on the scale."""
        return value if value is not None and self.low <= value <= self.high else None


_GIVEN: Final = (
    r"(?:my )?(?:rating|score)(?: is|:| :| =)? ?|i(?:'d| would)? say |"
    r"(?:i(?:'d|'ll| would| will)? )?(?:give|rate) (?:it |you |this |them )?|"
    r"(?:我的?)?(?:评分|打分|分数)(?:是|为|:| :)? ?|我?(?:给|打|评|选)(?:个|它|他们|他|她|你们|您|出)? ?"
)
_STAR_UNIT: Final = r"stars?|星级?|颗星|⭐"
_RATING: Final = re.compile(
    rf"(?:{_GIVEN})?(?:an? )?(?P<figure>{FIGURE})(?: ?(?:/|out of|of) ?(?P<top>[0-9]{{1,3}}))?"
    rf" ?(?:(?P<star>{_STAR_UNIT})|points?|pts?|分)? ?[{lexicon.PARTICLES}]?"
)
_STARS: Final = re.compile(r"(⭐{1,10})(☆{0,9})")
_FULL_MARKS: Final = re.compile(rf"(?:{_GIVEN})?满分[{lexicon.PARTICLES}]?")


def rating(text: str, scale: Scale) -> int | None:
    """Return the number the customer plainly meant on this scale, else None: never clamped, rescaled or rounded."""
    if len(text) == 1 and "0" <= text <= "9":  # most replies by far
        return scale.holds(ord(text) - 48)
    if len(text) > LONGEST_RATING:
        return None
    reply = bare(text)
    if reorders(text) and max(map(len, figures(reply)), default=0) > 1:
        return None  # 01 would have shown as 10
    if match := _RATING.fullmatch(reply):
        return _figure(match, scale)
    if _FULL_MARKS.fullmatch(reply):
        return scale.high
    return _stars(reply, scale) or _satisfaction(reply, scale)


def _figure(match: re.Match[str], scale: Scale) -> int | None:
    figure, top, star = match.group("figure", "top", "star")
    if (star and not _counts_stars(scale)) or (top and top != str(scale.high)):
        return None
    if len(figure) > len(str(scale.high)) + 1 and figure.isascii():  # 05 is 5; 0005 is something else
        return None
    return scale.holds(whole_number(figure))


def _counts_stars(scale: Scale) -> bool:
    return scale.stars or scale.high == 5


def _stars(reply: str, scale: Scale) -> int | None:
    match = _STARS.fullmatch(squeezed(reply))
    if not match or not _counts_stars(scale):
        return None
    full, empty = map(len, match.groups())
    return scale.holds(full) if not empty or full + empty == scale.high else None


def _satisfaction(reply: str, scale: Scale) -> int | None:
    if not scale.words or (scale.low, scale.high) != (1, 5):
        return None
    word = squeezed(reply)
    for speaker in lexicon.SPEAKERS:
        word = word.removeprefix(speaker)
    return lexicon.SATISFACTION.get(word) or lexicon.SATISFACTION.get(word.rstrip(lexicon.PARTICLES))
