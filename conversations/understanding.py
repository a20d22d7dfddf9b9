"""What a reply means: from the words a customer typed to an answer, or None when they are not plainly one.

None is no error: the caller keeps the text and asks once more. A rating is never clamped, rescaled or rounded,
and two figures, a sign, a decimal, a negation or a longer sentence make no rating.

    on 1 to 5                                                      understood as
    5  ５  ٥  5️⃣  ⑤  五  05  5!  5/5  "4 out of 5"                 the figure
    五星  5星  5分  "5 stars"  5⭐  ⭐⭐⭐⭐⭐  ★★★★☆               the stars (on 5, or where `stars` is set)
    "rating 4"  "my rating is 4"  "I'd give it a 4"  给8分  打五星      the figure
    非常满意 / 滿意 / 一般 / 不满意 / 很不滿意  "very satisfied" …        5 / 4 / 3 / 2 / 1 (where `words` is set)
    满分                                                           the highest of the scale
    10/10  6  0  -1  +5  4.5  1_0  1e1  Ⅴ  five  "4 or 5"  "not 5"     asked again
    on 0 to 10
    10/10  🔟  十  十分  满分                                          10
    5/5  ⭐⭐⭐⭐⭐  5星  滿意                                           asked again

    yes / 是的 / 好 / 👍           no / 不用了 / 没有 / 👎             `yes_no`; `consent` also 同意, "I agree"
    "Room service" / 2 / ② / 第二个                                 `choice`: a label or its number
    1, 3 / 1 和 3 / "price and staff"                               `choices`
    2 1 3 / 213 / price > staff > place / 价格、服务、环境            `ranking`: every place, each option once
    12 / １２ / 十二 / 3个                                            `number`

`rating` and the other readers take the text as it came; lengths are looked at before anything else.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from conversations import lexicon
from conversations.lexicon import URGENT
from conversations.numerals import FIGURE, figures, whole_number
from conversations.ratings import Scale, rating
from conversations.spelling import bare, clean, looked_up, plain, reorders, shorten, simplified, squeezed
from conversations.wishes import asks_how_it_stands, is_thanks, is_urgent, wants_person, wants_stop

__all__ = [
    "URGENT",
    "Scale",
    "asks_how_it_stands",
    "choice",
    "choices",
    "clean",
    "consent",
    "is_thanks",
    "is_urgent",
    "number",
    "put_right",
    "ranking",
    "rating",
    "shorten",
    "wants_person",
    "wants_stop",
    "yes_no",
]

Options = Sequence[tuple[str, Sequence[str]]]
"""Each option's key, and its labels in every language."""

LONGEST_NUMBER: Final = 64
LONGEST_CHOICES: Final = 1000


def yes_no(text: str) -> bool | None:
    """Return True for yes, False for no, None for anything else, "maybe" and 是不是 among it."""
    return _either(text, lexicon.YES, lexicon.NO)


def put_right(text: str) -> bool | None:
    """Return whether the customer says that it was put right: `yes_no`, and how people say just that."""
    return _either(text, lexicon.PUT_RIGHT, lexicon.STILL_WRONG)


def consent(text: str) -> bool | None:
    """Return whether the customer agrees. Only clear words count: None when neither yes nor no was said."""
    return _either(text, lexicon.AGREE, lexicon.DECLINE)


def _either(text: str, yes: frozenset[str], no: frozenset[str]) -> bool | None:
    word = looked_up(text)
    if word in yes:
        return True
    return False if word in no else None


_COUNT: Final = re.compile(rf"(?P<figure>{FIGURE}) ?(?:个人|个|次|人|位|名|件|份)?")
_ORDINAL: Final = re.compile(rf"(?:第|选择?|option |number |no\. ?|# ?)?(?P<figure>{FIGURE}) ?(?:个|项|号|\))?")


def number(text: str, low: int | None, high: int | None) -> int | None:
    """Return the whole number, when it lies between `low` and `high` (None: no bound). No sign, no decimals.

    A unit of time or money makes it None, since the question may have meant another one.
    """
    value = _counted(_COUNT, text)
    if value is None or (low is not None and value < low) or (high is not None and value > high):
        return None
    return value


def _counted(pattern: re.Pattern[str], text: str) -> int | None:
    if len(text) > LONGEST_NUMBER:
        return None
    reply = bare(text)
    match = pattern.fullmatch(reply)
    if match is None or (reorders(text) and len(match["figure"]) > 1):
        return None
    return whole_number(match["figure"])


def choice(text: str, options: Options) -> str | None:
    """Return the key of the option whose label, or number counted from 1, this is.

    Case, width and spaces do not matter. None when two options share that label, and for a number that stands
    in another option's label: "3" is no plain answer to 1–2, 3–5, 6 or more.
    """
    return _chosen(text, options, _labels(options))


def _chosen(text: str, options: Options, labels: dict[str, str | None]) -> str | None:
    if (label := squeezed(bare(text))) in labels:
        return labels[label]
    index = _counted(_ORDINAL, text)
    if index is None or not 1 <= index <= len(options):
        return None
    mentioned = any(
        str(index) in figures(plain(label)) for n, (_, said) in enumerate(options, 1) if n != index for label in said
    )
    return None if mentioned else options[index - 1][0]


def _labels(options: Options) -> dict[str, str | None]:
    """Return the key for each label as compared; None where two options would answer to it."""
    labels: dict[str, str | None] = {}
    for key, said in options:
        for label in said:
            compared = squeezed(bare(label))
            labels[compared] = key if labels.get(compared, key) == key else None
    labels.pop("", None)
    return labels


_SEPARATOR: Final = re.compile(r" ?(?:[,;/&+\n]|\band\b|以及|还有|和|及|与|跟) ?")
_FIGURES_APART: Final = re.compile(r"[0-9]{1,3}(?: [0-9]{1,3})+")


def choices(text: str, options: Options) -> tuple[str, ...] | None:
    """Return the keys of all that was chosen, each once, in the order typed; None unless every part is understood.

    Parts stand apart by commas, "and", 和 or line ends, numbers also by spaces. A label that itself holds a
    comma or an "and" is found all the same: the longest run of parts that makes a label counts as one.
    """
    if len(text) > LONGEST_CHOICES:
        return None
    if (single := _chosen(text, options, _labels(options))) is not None:
        return (single,)
    keys = _listed(text, options)
    return tuple(dict.fromkeys(keys)) if keys else None


def _listed(text: str, options: Options) -> tuple[str, ...] | None:
    """Return the keys of all that is listed, in the order typed; None unless every part is understood."""
    labels = _labels(options)
    listed = simplified(plain("\n".join(text.splitlines()).replace("\n", ",")))
    if _FIGURES_APART.fullmatch(listed):
        listed = listed.replace(" ", ",")
    keys = tuple(_each(listed, lambda part: _chosen(part, options, labels)))
    understood = tuple(key for key in keys if key is not None)
    return understood if understood and len(understood) == len(keys) else None


_THEN: Final = re.compile(r" ?(?:-?>+|→|,? ?\bthen\b|然后|其次|再) ?")
_TOGETHER: Final = re.compile(r"[1-9]{2,9}")


def ranking(text: str, options: Options, places: int) -> tuple[str, ...] | None:
    """Return the keys of the first `places` options in their order; None unless each place has one, and each another.

    They are typed as for `choices`, or with a ">" or "then" between them; up to nine figures may stand together.
    """
    if len(text) > LONGEST_CHOICES:
        return None
    reply = "\n".join(_THEN.sub(",", plain(line)) for line in text.splitlines())
    if len(options) < 10 and _TOGETHER.fullmatch(bare(text)):
        reply = ",".join(bare(text))
    keys = _listed(reply, options) if places > 1 else _single(text, options)
    return keys if keys and len(keys) == len(set(keys)) == places else None


def _single(text: str, options: Options) -> tuple[str, ...] | None:
    key = choice(text, options)
    return (key,) if key else None


def _each(listed: str, understood: Callable[[str], str | None]) -> Iterator[str | None]:
    """Yield what each part of the list means, longest parts first; a None ends it."""
    cuts = [(0, 0), *(match.span() for match in _SEPARATOR.finditer(listed)), (len(listed), len(listed))]
    at, last = 0, len(cuts) - 1
    while at < last:
        start = cuts[at][1]
        if not listed[start : cuts[at + 1][0]].strip(" .!"):  # two separators in a row: ", and"
            at += 1
            continue
        ends = range(min(last, at + 6), at, -1)
        found = next(((end, key) for end in ends if (key := understood(listed[start : cuts[end][0]]))), None)
        if found is None:
            yield None
            return
        at, key = found
        yield key
