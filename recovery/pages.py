"""One written file of the playbook while it is read: values out, and what is wrong with the line where it stands."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, Final

from conversations import wording
from conversations.positions import Positions, positions
from conversations.problems import KeyPath, Problem, in_words, nearest
from conversations.spelling import plain
from recovery.wordlists import LONGEST_WORD, SHORTEST_STEM, has_chinese

LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant")
LONGEST_LABEL: Final = 40
"""Characters that a button shows on a narrow telephone."""

_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_SPAN: Final = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_UNITS: Final = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


class Page:
    """A file by its name and source. What is wrong is added to `problems`; what is returned then is only a stand-in.

    `tries` says that texts are tried out, which takes a while.
    """

    def __init__(self, name: str, source: str, problems: list[Problem], *, tries: bool = True) -> None:
        self.name = name
        self.problems = problems
        self._source = source
        self._tries = tries

    @cached_property
    def places(self) -> Positions:
        """Return where everything stands: looked for only when something is wrong."""
        return positions(self._source)

    def wrong(self, path: KeyPath, message: str, mend: str) -> None:
        """Note what is wrong at a place, and how to mend it."""
        self.problems.append(Problem(self.name, self.places.line(path), in_words(message), in_words(mend), path))

    def unknown(self, path: KeyPath, word: str, known: Collection[str]) -> None:
        """Note a word that nobody knows, with the one that was probably meant."""
        meant = nearest(word, list(known))
        mend = f'Did you mean "{meant}"?' if meant else f"There are {', '.join(known)}."
        self.wrong(path, f'There is no "{word}" here.', mend)

    def only(self, table: Mapping[str, Any], names: Collection[str], path: KeyPath = ()) -> None:
        """Note every field that is none of those."""
        for name in table:
            if name not in names:
                self.unknown((*path, name), name, names)

    def table(self, table: Mapping[str, Any], name: str, path: KeyPath = ()) -> dict[str, Any]:
        """Return a table, empty when it is left out."""
        found = table.get(name, {})
        if not isinstance(found, dict):
            self.wrong((*path, name), f'"{name}" is no table.', f"Write [{name}] and its fields below it.")
            return {}
        return found

    def tables(
        self, table: Mapping[str, Any], name: str, path: KeyPath = ()
    ) -> Iterator[tuple[KeyPath, dict[str, Any]]]:
        """Yield the tables of a list, each with its place."""
        found = table.get(name, [])
        if not isinstance(found, list):
            self.wrong((*path, name), f'"{name}" is no list of tables.', f"Write [[{name}]] before each.")
            return
        for number, each in enumerate(found):
            if isinstance(each, dict):
                yield (*path, name, number), each
            else:
                self.wrong((*path, name, number), f'"{name}" holds something that is no table.', "Take it out.")

    def key(self, table: Mapping[str, Any], path: KeyPath) -> str:
        """Return the key of a table."""
        key = table.get("key")
        if isinstance(key, str) and _KEY.fullmatch(key):
            return key
        self.wrong((*path, "key"), "A key is missing, or is none.", 'Write key = "..." in small letters, a-z, 0-9, _.')
        return f"{path}"

    def text(self, table: Mapping[str, Any], name: str, path: KeyPath) -> str:
        """Return a text, empty when it is left out."""
        found = table.get(name, "")
        if isinstance(found, str):
            return found
        self.wrong((*path, name), f'"{name}" is no text.', "Put it in quotes.")
        return ""

    def texts(self, table: Mapping[str, Any], name: str, path: KeyPath) -> dict[str, str]:
        """Return a text in each of its languages, one at least."""
        found = self.table(table, name, path)
        texts = {tag: text.strip() for tag, text in found.items() if isinstance(text, str) and text.strip()}
        for tag in found:
            if tag not in texts:
                self.wrong((*path, name, tag), "There is no text here.", "Write one, or take the line out.")
            elif tag not in LANGUAGES:
                self.unknown((*path, name, tag), tag, LANGUAGES)
        if not texts:
            self.wrong((*path, name), f'"{name}" has no text.', f'Write {name}.en = "...".')
        return texts

    def templates(self, table: Mapping[str, Any], name: str, path: KeyPath) -> dict[str, str]:
        """Return a text that may name the customer, the service and who writes."""
        texts = self.texts(table, name, path)
        for tag, text in texts.items() if self._tries else ():
            for complaint in wording.check(text.replace("staff.name", "customer.name"), ()):
                where = (*path, name, tag)
                line = self.places.line_in(where, complaint.line)
                self.problems.append(Problem(self.name, line, complaint.said, complaint.to_mend, where))
        return texts

    def label(self, table: Mapping[str, Any], path: KeyPath) -> dict[str, str]:
        """Return what a button shows."""
        texts = self.texts(table, "label", path)
        for tag, text in texts.items():
            if len(text) > LONGEST_LABEL:
                said = f'"{text}" is longer than a button shows.'
                self.wrong((*path, "label", tag), said, f"{LONGEST_LABEL} characters at most.")
        return texts

    def lists(self, table: Mapping[str, Any], name: str, path: KeyPath) -> dict[str, tuple[str, ...]]:
        """Return a list of words for each language."""
        found = self.table(table, name, path)
        for tag in found:
            if tag not in LANGUAGES:
                self.unknown((*path, name, tag), tag, LANGUAGES)
        return {tag: self._list_of(words, (*path, name, tag)) for tag, words in found.items()}

    def _list_of(self, words: Any, path: KeyPath) -> tuple[str, ...]:
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            self.wrong(path, "This is no list of words.", 'Write ["one", "another"].')
            return ()
        for word in words:
            if mend := _mend_of(word):
                self.wrong(path, f'"{word}" cannot be looked for.', mend)
        return tuple(words)

    def names(self, table: Mapping[str, Any], name: str, path: KeyPath) -> tuple[str, ...]:
        """Return a list of keys."""
        return self._list_of(table.get(name), (*path, name))

    def number(self, table: Mapping[str, Any], name: str, path: KeyPath, low: int, high: int) -> int:
        """Return a whole number."""
        found = table.get(name)
        if isinstance(found, int) and not isinstance(found, bool) and low <= found <= high:
            return found
        self.wrong((*path, name), f'"{name}" is no whole number from {low} to {high}.', f"Write {name} = {low}.")
        return low

    def yes(self, table: Mapping[str, Any], name: str, path: KeyPath) -> bool:
        """Return true or false."""
        found = table.get(name)
        if isinstance(found, bool):
            return found
        self.wrong((*path, name), f'"{name}" is neither true nor false.', f"Write {name} = true.")
        return True

    def span(self, table: Mapping[str, Any], name: str, path: KeyPath) -> timedelta:
        """Return a span of time."""
        match = _SPAN.fullmatch(str(table.get(name)))
        if match is not None:
            return int(match[1]) * _UNITS[match[2]]
        self.wrong((*path, name), f'"{name}" is no span of time.', 'Write "30m", "4h" or "2d".')
        return timedelta(hours=1)


def _mend_of(word: str) -> str:
    """Return what to do about a word that cannot be looked for; nothing when it can."""
    compared = plain(word)
    if not any(character.isalnum() for character in compared):
        return "Take it out: there is nothing to look for in it."
    if len(compared) > LONGEST_WORD:
        return f"{LONGEST_WORD} characters at most: shorten it to what stands out."
    stems = [part for part in compared.split() if "*" in part]
    if has_chinese(compared):
        return "Take the star out: Chinese words are found anywhere." if stems else ""
    short = any(len(part.rstrip("*")) < SHORTEST_STEM or "*" in part.rstrip("*") for part in stems)
    return f"A star stands at the end, after {SHORTEST_STEM} letters at least." if short else ""
