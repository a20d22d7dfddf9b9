"""What a reply wants, whatever was asked: to thank, to stop, to talk to a person, help at once."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from conversations import lexicon
from conversations.lexicon import URGENT
from conversations.spelling import LONGEST_LOOKED_UP, looked_up, plain, simplified, squeezed

_THANKS: Final = re.compile(
    rf"(?:(?:{lexicon.THANKS_FIRST}){{0,2}}(?:{lexicon.THANKS})){{1,3}}(?:{lexicon.THANKS_LAST}){{0,2}}"
)


def is_thanks(text: str) -> bool:
    """Return whether the reply is a thank-you and nothing more; "thanks for nothing" is not."""
    if len(text) > LONGEST_LOOKED_UP:
        return False
    reply = simplified(plain(text))
    thankful = any(character in lexicon.THANKFUL_EMOJI for character in reply)
    words = "".join(c for c in reply if c.isalnum() or (c.isprintable() and c not in _AROUND_THANKS))
    return _THANKS.fullmatch(words) is not None if words else thankful


_AROUND_THANKS: Final = lexicon.THANKFUL_EMOJI | lexicon.PLEASED_EMOJI | frozenset(" .,!~…-:)(;^_'")


def wants_stop(text: str) -> bool:
    """Return whether the whole message asks us never to write again; "please stop the noise" does not."""
    return looked_up(text) in lexicon.STOP


_PERSON_ENGLISH: Final = re.compile(rf"(?<![a-z])(?:{'|'.join(lexicon.PERSON_ENGLISH)})(?![a-z])")
_PERSON_CHINESE: Final = re.compile("|".join(lexicon.PERSON_CHINESE))
_PERSON_REFUSED: Final = re.compile(rf"(?:{lexicon.PERSON_REFUSED})[^.,;!?]{{0,20}}$")


def wants_person(text: str) -> bool:
    """Return whether the customer asks to be talked to by a person, in a word or inside a longer text."""
    if looked_up(text).rstrip("?") in lexicon.PERSON:
        return True
    reply = simplified(plain(text))
    return _asks(_PERSON_ENGLISH, reply, _refused_english) or _asks(_PERSON_CHINESE, squeezed(reply), _refused_chinese)


def _asks(pattern: re.Pattern[str], reply: str, refused: Callable[[str], bool]) -> bool:
    return any(not refused(reply[max(match.start() - 40, 0) : match.start()]) for match in pattern.finditer(reply))


def _refused_english(before: str) -> bool:
    return _PERSON_REFUSED.search(before) is not None


def _refused_chinese(before: str) -> bool:
    return before.endswith(lexicon.PERSON_REFUSED_CHINESE)


_STANDS_ENGLISH: Final = re.compile(rf"(?<![a-z])(?:{'|'.join(lexicon.STANDS_ENGLISH)})(?![a-z])")
_STANDS_CHINESE: Final = re.compile("|".join(lexicon.STANDS_CHINESE))


def asks_how_it_stands(text: str) -> bool:
    """Return whether a short message asks for news of what was told us before: "any news?", 进展如何.

    A longer one tells something, whatever it asks besides; it is for the person who works the case.
    """
    if len(text) > LONGEST_LOOKED_UP:
        return False
    reply = simplified(plain(text)).replace("'", "")
    return _STANDS_ENGLISH.search(reply) is not None or _STANDS_CHINESE.search(squeezed(reply)) is not None


_CJK: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def is_urgent(text: str, words: Sequence[str] = URGENT) -> bool:
    """Return whether a word of the list stands in the text: whole words, in Chinese any place.

    "No fire" is urgent too: of two mistakes we choose the false alarm.
    """
    reply = simplified(plain(text))
    together = squeezed(reply)
    anywhere, whole = _alarms(tuple(words))
    return any(word in together for word in anywhere) or any(word in reply and _stands(word, reply) for word in whole)


@lru_cache(maxsize=32)
def _alarms(words: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words to look for anywhere, and those to look for as whole words."""
    compared = [simplified(plain(word)) for word in words if plain(word)]
    anywhere = tuple(squeezed(word) for word in compared if _CJK.search(word))
    return anywhere, tuple(word for word in compared if not _CJK.search(word))


def _stands(word: str, reply: str) -> bool:
    """Return whether the word stands there whole."""
    at = reply.find(word)
    while at >= 0:
        end = at + len(word)
        if not _letter(reply[at - 1 : at]) and not _letter(reply[end : end + 1]):
            return True
        at = reply.find(word, at + 1)
    return False


def _letter(character: str) -> bool:
    """Chinese characters count as no letters here: 打12315投诉 holds the whole word 12315."""
    return character.isalnum() and not _CJK.match(character)
