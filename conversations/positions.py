"""Where things stand in a TOML text: tomllib reads it well, but keeps no line.

For texts that tomllib has read. What tomllib refuses leads to wrong lines here, never to an error.
"""

import re
from bisect import bisect_left
from collections.abc import Mapping
from typing import Final, NamedTuple

from conversations.problems import KeyPath

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_KEY: Final = re.compile(r"""[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)'|([A-Za-z0-9_-]+))[ \t]*""")
_TEXT: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_OTHER: Final = re.compile(r"[^,\]}\n#]+")
_ESCAPES: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")


class Positions:
    """The line of every key, from 1, and the line where a text's first character stands.

    The two differ for a text in three quotes that begins on the line after them.
    """

    def __init__(self, keys: Mapping[KeyPath, int], texts: Mapping[KeyPath, int]) -> None:
        self.keys = keys
        self.texts = texts

    def line(self, path: KeyPath) -> int:
        """Return the line of the key, or of the nearest thing around it that is in the file."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, 1)

    def line_in(self, path: KeyPath, line: int) -> int:
        """Return the line in the file of a line inside a text, both from 1."""
        return self.texts.get(path, self.line(path)) + line - 1


class Notes(NamedTuple):
    """The comments and empty lines of a text, by the key or element that they stand above or beside.

    `below` are those that nothing follows.
    """

    above: dict[KeyPath, list[str]]
    beside: dict[KeyPath, str]
    below: list[str]


def index(source: str) -> Mapping[KeyPath, int]:
    """Return the line of every key path, also of tables and of the elements of arrays."""
    return positions(source).keys


def positions(source: str) -> Positions:
    """Return where everything stands."""
    scanner = _Scanner(source)
    scanner.document()
    return Positions(scanner.keys, scanner.texts)


def notes(source: str) -> Notes:
    """Return what tomllib leaves out; the line ends of `source` are bare."""
    scanner = _Scanner(source)
    scanner.document()
    found = Notes({}, {}, [])
    lines, places = [line for line, _ in scanner.starts], [path for _, path in scanner.starts]
    for line, comment, own in scanner.blanks:
        if own:
            after = bisect_left(lines, line)
            (found.above.setdefault(places[after], []) if after < len(places) else found.below).append(comment)
        elif places:
            on_line = bisect_left(lines, line)
            before = on_line if on_line < len(lines) and lines[on_line] == line else max(0, on_line - 1)
            if places[before] in found.beside:
                found.above.setdefault(places[before], []).append(comment)
            else:
                found.beside[places[before]] = comment
    return found


class _Scanner:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.keys: dict[KeyPath, int] = {}
        self.texts: dict[KeyPath, int] = {}
        self.starts: list[tuple[int, KeyPath]] = []  # in their order
        self.blanks: list[tuple[int, str, bool]] = []  # line, comment or nothing, whether it has the line for itself
        self._arrays: dict[KeyPath, int] = {}
        self._counted_to = 0
        self._line = 1

    def document(self) -> None:
        table: KeyPath = ()
        while self._skip_blank():
            before = self.at
            if self._ahead("[["):
                table = self._header(2)
            elif self._ahead("["):
                table = self._header(1)
            else:
                self._pair(table)
            if self.at == before:  # tomllib would not have read this
                self.at += 1

    def _header(self, brackets: int) -> KeyPath:
        line = self._here()
        self.at += brackets
        *around, last = self._dotted() or ("",)
        path: KeyPath = ()
        for part in around:
            path = self._entered((*path, part))
        path = (*path, last)
        if brackets == 2:
            self._arrays[path] = self._arrays.get(path, -1) + 1
        path = self._entered(path)
        self.at += brackets
        self._note(path, line)
        return path

    def _entered(self, path: KeyPath) -> KeyPath:
        """A header that passes an array of tables means its last element."""
        return (*path, self._arrays[path]) if path in self._arrays else path

    def _pair(self, table: KeyPath) -> None:
        line = self._here()
        path = (*table, *self._dotted())
        self._note(path, line)
        if self._ahead("="):
            self.at += 1
            self._value(path)

    def _value(self, path: KeyPath) -> None:
        self._skip_spaces()
        if self._ahead("["):
            self._array(path)
        elif self._ahead("{"):
            self._inline_table(path)
        elif text := _TEXT.match(self.source, self.at):
            opened = re.match(r"(?:\"\"\"|''')\r?\n", text[0])
            self.texts[path] = self._here() + (1 if opened else 0)
            self.at = text.end()
        elif other := _OTHER.match(self.source, self.at):
            self.at = other.end()

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        element = 0
        while self._skip_blank() and not self._ahead("]"):
            before = self.at
            if self._ahead(","):
                self.at += 1
                continue
            self._note((*path, element), self._here())
            self._value((*path, element))
            element += 1
            self.at = max(self.at, before + 1)
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self._skip_blank() and not self._ahead("}"):
            before = self.at
            if self._ahead(","):
                self.at += 1
                continue
            self._pair(path)
            self.at = max(self.at, before + 1)
        self.at += 1

    def _dotted(self) -> tuple[str, ...]:
        parts: list[str] = []
        while key := _KEY.match(self.source, self.at):
            parts.append(_unescaped(key[1]) if key[1] is not None else key[2] if key[2] is not None else key[3])
            self.at = key.end()
            if not self._ahead("."):
                break
            self.at += 1
        return tuple(parts)

    def _note(self, path: KeyPath, line: int) -> None:
        self.starts.append((line, path))
        for length in range(1, len(path) + 1):
            self.keys.setdefault(path[:length], line)

    def _ahead(self, sign: str) -> bool:
        return self.source.startswith(sign, self.at)

    def _skip_blank(self) -> bool:
        if blank := _BLANK.match(self.source, self.at):
            self._keep_comments(blank[0])
            self.at = blank.end()
        return self.at < len(self.source)

    def _keep_comments(self, blank: str) -> None:
        """Keep what people wrote there: beside what ended on this line, and on the whole lines after it."""
        line = self._here()
        first, *others = blank.split("\n")
        alone = self.at == 0 or self.source[self.at - 1] == "\n"
        if (comment := first.strip()) or (alone and others):
            self.blanks.append((line, comment, alone))
        ended = others[:-1] if not others or not others[-1].strip() else others
        self.blanks.extend((line + n, other.strip(), True) for n, other in enumerate(ended, start=1))

    def _skip_spaces(self) -> None:
        while self.source[self.at : self.at + 1] in (" ", "\t"):
            self.at += 1

    def _here(self) -> int:
        self._line += self.source.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line


def _unescaped(key: str) -> str:
    def character(found: re.Match[str]) -> str:
        figure = found[1] or found[2]
        if figure:
            return chr(min(int(figure, 16), 0x10FFFF))
        return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "e": "\x1b"}.get(found[3], found[3])

    return _ESCAPES.sub(character, key) if "\\" in key else key
