"""Lists of words, and where they stand in what somebody wrote.

    angry.en       = ["furious", "fed up", "disgust*"]      whole words; a star stands for any ending
    angry.zh-Hans  = ["气死", "太过分了"]                    anywhere, since Chinese has no spaces

The longest word wins at each place and what it covers is not looked at again: 没有坏 in a list is found before 坏.
Case, width, spaces and the script of Chinese do not matter. A word that is denied does not count where its list says
so: "not broken", "never rude", 没有坏, 并不差; but 有没有坏 only asks, and "not only late" denies nothing.

Pure and bounded: no more than `LONGEST` characters of a text are looked at, each once for every length of a stem.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from conversations.spelling import plain, simplified, squeezed

LONGEST: Final = 4000
"""Characters of a text that are looked at: as much as a message to staff holds."""

LONGEST_WORD: Final = 80
"""Characters of one entry of a list."""

SHORTEST_STEM: Final = 3
"""Letters before a star: `re*` would find half the dictionary."""

_DENIES: Final = frozenset(
    {
        *("not", "no", "never", "neither", "nor", "none", "nobody", "nothing", "without", "hardly", "cannot", "cant"),
        *("isnt", "wasnt", "arent", "werent", "dont", "doesnt", "didnt", "havent", "hasnt", "hadnt", "wont", "aint"),
        *("wouldnt", "couldnt", "shouldnt"),
    }
)
_BEGINS_ANEW: Final = frozenset({"and", "but", "because", "so", "then", "though", "although", "however", "yet"})
_DENIES_NOTHING: Final = frozenset({("not", "only"), ("not", "just"), ("no", "longer"), ("no", "wonder")})
_REACH: Final = 3
"""So many words before it may deny a word: "not really all that bad"."""

_DENIES_CHINESE: Final = (
    "没有",
    "沒有",
    "没",
    "沒",
    "不是",
    "并不",
    "並不",
    "并非",
    "並非",
    "不",
    "未",
    "无",
    "無",
    "別",
    "别",
)
_DENIES_NOTHING_CHINESE: Final = (
    *("有没有", "有沒有", "是不是", "会不会", "會不會", "要不要", "不得不", "好不", "差点没", "差點沒", "岂不", "豈不"),
    *("从来没有不", "從來沒有不", "没有不", "沒有不", "不是不", "无不", "無不"),
)
_FILLERS: Final = ("那么", "那麼", "怎么", "怎麼", "什么", "什麼", "特别", "特別", "非常", "多么", "多麼")
_FILLER: Final = frozenset("很太再算是有被真多大会會那么麼")
_ENDS: Final = frozenset(".,;:!?\n")


class Found(NamedTuple):
    """A word that stands in a text: the list it is from, the word as the list has it, and where it begins."""

    key: str
    word: str
    at: int


class _English(NamedTuple):
    tokens: tuple[str, ...]
    key: str
    word: str
    deniable: bool


class _Chinese(NamedTuple):
    together: str
    key: str
    word: str
    deniable: bool


class _Token(NamedTuple):
    word: str
    at: int
    begins: bool  # a sentence or clause begins with it: what was said before denies it no more


class WordList(NamedTuple):
    """The words of one list by language. `deniable`: "not broken" does not count as broken."""

    key: str
    words: Mapping[str, tuple[str, ...]]
    deniable: bool = True


class Wordlists:
    """Several lists made ready to be looked for together, so that the longest word of all of them wins."""

    def __init__(self, lists: Iterable[WordList]) -> None:
        self._english: dict[str, list[_English]] = {}
        self._stems: dict[str, list[_English]] = {}
        self._chinese: dict[str, list[_Chinese]] = {}
        for each in lists:
            for words in each.words.values():
                for word in words:
                    self._add(each.key, word, deniable=each.deniable)
        self._stem_lengths = sorted({len(stem) for stem in self._stems})
        for entries in (*self._english.values(), *self._stems.values()):
            entries.sort(key=lambda entry: (-len(entry.tokens), entry.word))
        for chinese in self._chinese.values():
            chinese.sort(key=lambda entry: (-len(entry.together), entry.word))

    def _add(self, key: str, word: str, *, deniable: bool) -> None:
        compared = simplified(plain(word))
        if has_chinese(compared):
            together = squeezed(compared)
            self._chinese.setdefault(together[0], []).append(_Chinese(together, key, word, deniable))
            return
        tokens = tuple(word.replace("'", "") for word in _ENTRY.findall(compared))
        if tokens:
            entry = _English(tokens, key, word, deniable and tokens[0] not in _DENIES)
            index = self._stems if tokens[0].endswith("*") else self._english
            index.setdefault(tokens[0].rstrip("*"), []).append(entry)

    def find(self, text: str) -> tuple[Found, ...]:
        """Return every word of the lists that stands in the text, in the order of the text; each place counts once."""
        ready = _ready(text)
        found = [*self._find_english(ready.tokens), *self._find_chinese(ready.together)]
        return tuple(sorted(found, key=lambda one: one.at))

    def _find_english(self, tokens: list[_Token]) -> Iterable[Found]:
        at = 0
        while at < len(tokens):
            entry = self._longest(tokens, at)
            if entry is None:
                at += 1
                continue
            if not (entry.deniable and _denied(tokens, at)):
                yield Found(entry.key, entry.word, tokens[at].at)
            at += len(entry.tokens)

    def _longest(self, tokens: list[_Token], at: int) -> _English | None:
        word = tokens[at].word
        entries = [*self._english.get(word, ())]
        for end in self._stem_lengths:
            if end > len(word):
                break
            entries += self._stems.get(word[:end], ())
        if not entries:
            return None
        fitting = (entry for entry in entries if _fits(entry.tokens, tokens, at))
        return max(fitting, key=lambda entry: len(entry.tokens), default=None)

    def _find_chinese(self, text: str) -> Iterable[Found]:
        at = 0
        while at < len(text):
            entries = self._chinese.get(text[at], ())
            entry = next((entry for entry in entries if text.startswith(entry.together, at)), None)
            if entry is None:
                at += 1
                continue
            if not (entry.deniable and _denied_chinese(text[max(at - 12, 0) : at])):
                yield Found(entry.key, entry.word, at)
            at += len(entry.together)


def has_chinese(text: str) -> bool:
    """Return whether a Chinese character stands in the text."""
    return any("\u3400" <= character <= "\u9fff" for character in text)


def _with_ends(text: str) -> str:
    """Return the text with its line ends as full stops: what stood in the line before denies nothing here."""
    return text if "\n" not in text else text.replace("\n", " . ")


_WORDS: Final = re.compile(r"[0-9a-z\u00df-\u024f']+|[.,;:!?\u3400-\u9fff]")
_ENTRY: Final = re.compile(r"[0-9a-z\u00df-\u024f'*]+")


def _tokens(text: str) -> list[_Token]:
    """Return the words of a plain text; an apostrophe joins, so that "isn't" is one word: `isnt`."""
    tokens: list[_Token] = []
    begins = True
    for match in _WORDS.finditer(text):
        word = match[0].replace("'", "")
        if match[0] in _ENDS or "\u3400" <= match[0] <= "\u9fff":
            begins = True
        elif word:
            tokens.append(_Token(word, match.start(), begins))
            begins = False
    return tokens


class _Text(NamedTuple):
    """A text made ready to be looked through, by every list alike."""

    tokens: list[_Token]
    together: str


@lru_cache(maxsize=8)
def _ready(text: str) -> _Text:
    compared = simplified(plain(_with_ends(text[:LONGEST])))
    return _Text(_tokens(compared), squeezed(compared) if has_chinese(compared) else "")


def _fits(wanted: tuple[str, ...], tokens: list[_Token], at: int) -> bool:
    if at + len(wanted) > len(tokens):
        return False
    return all(
        token.word.startswith(want[:-1]) if want.endswith("*") else token.word == want
        for want, token in zip(wanted, tokens[at : at + len(wanted)], strict=True)
    )


def _denied(tokens: list[_Token], at: int) -> bool:
    """Return whether one of the words just before denies it, in the same clause."""
    for before in range(at, max(at - _REACH, 0), -1):
        if tokens[before].begins:
            return False
        word = tokens[before - 1].word
        if word in _BEGINS_ANEW:
            return False
        if word in _DENIES:
            return (word, tokens[before].word) not in _DENIES_NOTHING
    return False


def _denied_chinese(before: str) -> bool:
    """Return whether what stands just before denies it, small words in between left aside: 没有很坏."""
    while before:
        if before.endswith(_DENIES_NOTHING_CHINESE):
            return False
        if before.endswith(_DENIES_CHINESE):
            return True
        longer = next((filler for filler in _FILLERS if before.endswith(filler)), "")
        if not longer and before[-1] not in _FILLER:
            return False
        before = before[: -len(longer or "1")]
    return False
