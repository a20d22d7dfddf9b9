"""The places of a survey file: takes values out of a table and notes what is wrong, with line and mend."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from conversations.positions import Positions
from conversations.problems import KeyPath, Problem, nearest
from conversations.surveys import Texts

LONGEST_TEXT: Final = 8 * 1024
"""Bytes of one text."""

LONGEST_KEY: Final = 32
"""Characters of a key."""

_KEY: Final = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_KEY - 1}}}")
_SPAN: Final = re.compile(r"([0-9]{1,5})([mhd])")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}

_WORDS: Final = (
    "customer service business answers end and or not in is if else elif endif for endfor true false none "
    "set endset block endblock extends include import from with endwith macro endmacro call endcall "
    "filter endfilter raw endraw do loop self super varargs kwargs caller autoescape endautoescape "
    "trans endtrans pluralize break continue"
)
RESERVED: Final = frozenset(_WORDS.split())
"""Words of texts and conditions, which are no names for questions."""


class Slots:
    """One table of the file. All tables of a file share their list of problems."""

    def __init__(
        self, table: dict[str, Any], path: KeyPath, name: str, places: Positions, problems: list[Problem]
    ) -> None:
        self.table = table
        self.path = path
        self.name = name
        self.places = places
        self.problems = problems
        self.languages: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        return self.places.line(self.path)

    def inside(self, key: str, element: int) -> "Slots":
        """Return the table that is an element of the array at `key`."""
        inner = Slots(self.table[key][element], (*self.path, key, element), self.name, self.places, self.problems)
        inner.languages = self.languages
        return inner

    def wrong(self, key: str | KeyPath, message: str, mend: str) -> None:
        """Note a problem at a key of this table, or at the table when the key is not there."""
        path = (*self.path, *((key,) if isinstance(key, str) else key))
        self.problems.append(Problem(self.name, self.places.line(path), message, mend, path))

    def unknown(self, key: str, written: str, known: Iterable[str], what: str, otherwise: str) -> None:
        """Note that something is not among the known, with the nearest known one as the mend."""
        meant = nearest(written, list(known))
        self.wrong(key, f'There is no {what} "{written}".', f'Did you mean "{meant}"?' if meant else otherwise)

    def only(self, known: tuple[str, ...], owner: str) -> None:
        """Refuse keys that are not known here."""
        for key in self.table:
            if key not in known:
                meant = nearest(key, list(known))
                mend = f'Did you mean "{meant}"?' if meant else f"The keys of {owner} are {', '.join(known)}."
                self.wrong(key, f'"{key}" is no key of {owner}.', mend)

    # --- values -----------------------------------------------------------------------------------------------------

    def key(self, key: str, reserved: frozenset[str] = frozenset()) -> str:
        """Return the key that names this thing; every survey, question and option needs one."""
        written = self.table.get(key)
        if written is None:
            self.wrong(key, f'"{key}" is missing.', f'Write {key} = "…".')
            return ""
        if not isinstance(written, str) or not _KEY.fullmatch(written):
            mend = "Write small letters, figures and _, a letter first, 32 at most."
            self.wrong(key, f"{key} = {_short(written)} cannot be used as a key.", mend)
            return written if isinstance(written, str) else ""
        if written in reserved:
            self.wrong(
                key, f'"{written}" is a word of texts and conditions.', f'Choose another, such as "{written}_1".'
            )
        return written

    def text(self, key: str, default: str) -> str:
        written = self.table.get(key, default)
        if isinstance(written, str):
            return written
        self.wrong(key, f"{key} is no text.", f'Write {key} = "…", between double quotes.')
        return default

    def yes(self, key: str) -> bool:
        written = self.table.get(key, False)
        if not isinstance(written, bool):
            self.wrong(key, f"{key} is neither true nor false.", f"Write {key} = true, without quotes.")
        return written is True

    def one_of(self, key: str, known: tuple[str, ...], default: str) -> str:
        """Return one of the known words. Without a default the key must be there."""
        written = self.table.get(key, default or None)
        if written in known:
            return str(written)
        listed = ", ".join(f'"{word}"' for word in known)
        meant = nearest(written, list(known)) if isinstance(written, str) else None
        mend = f'Did you mean "{meant}"?' if meant else f"Write one of {listed}."
        self.wrong(key, f'"{key}" is missing.' if written is None else f"{_short(written)} is no {key}.", mend)
        return default

    def share(self, key: str) -> float:
        written = self.table.get(key, 1.0)
        if isinstance(written, int | float) and not isinstance(written, bool) and 0 <= written <= 1:
            return float(written)
        self.wrong(key, f"{key} = {_short(written)} is no share.", f"Write a number from 0 to 1: {key} = 0.5.")
        return 1.0

    def span(self, key: str, default: str, least: str, most: str) -> timedelta:
        return self._span(key, self.table.get(key, default), least, most) or _timedelta(default)

    def spans(self, key: str, default: list[str], most: int, within: timedelta) -> tuple[timedelta, ...]:
        """Return the spans of a list, which rise and all end before `within`."""
        written = self.table.get(key, [span for span in default if _timedelta(span) < within])
        if not isinstance(written, list) or len(written) > most:
            self.wrong(key, f"{key} is no list of at most {most} spans.", f'Write {key} = ["24h"], or [] for none.')
            return ()
        spans = [span for one in written if (span := self._span(key, one, "1m", "90d"))]
        if any(span >= within for span in spans) or spans != sorted(set(spans)):
            message = f"{key} must rise, and end before the survey expires."
            self.wrong(key, message, "Write smaller spans, the smallest first.")
        return tuple(spans)

    def _span(self, key: str, written: object, least: str, most: str) -> timedelta | None:
        if not isinstance(written, str) or not _SPAN.fullmatch(written):
            mend = 'Write minutes, hours or days: "30m", "72h", "2d".'
            self.wrong(key, f"{key} = {_short(written)} is no span of time.", mend)
        elif not _timedelta(least) <= _timedelta(written) <= _timedelta(most):
            self.wrong(key, f'{key} = "{written}" is out of bounds.', f'Write something from "{least}" to "{most}".')
        else:
            return _timedelta(written)
        return None

    # --- texts in several languages ---------------------------------------------------------------------------------

    def texts(self, key: str, required: bool = False, longest: int = LONGEST_TEXT) -> Texts:
        """Return a text in all languages of the survey; a missing one is a problem."""
        written = self.table.get(key)
        if written is None:
            if required:
                self.wrong(key, f'"{key}" is missing.', f'Write {key}.{self._default} = "…".')
            return {}
        if not isinstance(written, dict):
            self.wrong(key, f"{key} does not say its language.", f'Write {key}.{self._default} = "…".')
            return {}
        for language in self.languages:
            if language not in written:
                self.wrong(key, f"{key} is missing in {language}.", f'Write {key}.{language} = "…".')
        return {language: text for language, text in written.items() if self._said(key, language, text, longest)}

    @property
    def _default(self) -> str:
        return self.languages[0] if self.languages else "en"

    def _said(self, key: str, language: str, text: object, longest: int) -> bool:
        if self.languages and language not in self.languages:
            mend = f'Add "{language}" to languages, or remove it here.'
            self.wrong((key, language), f"{key}.{language} is in a language that the survey does not list.", mend)
        elif not isinstance(text, str) or not text.strip():
            self.wrong((key, language), f"{key}.{language} says nothing.", f'Write {key}.{language} = "…".')
        elif len(text.encode("utf-8", "surrogatepass")) > longest:
            size = f"{longest // 1024} KB" if longest >= 1024 else f"{longest} bytes"
            self.wrong((key, language), f"{key}.{language} is longer than {size}.", "Say it more briefly.")
        else:
            return True
        return False


def _timedelta(span: str) -> timedelta:
    found = _SPAN.fullmatch(span)
    assert found  # noqa: S101 - only called with what matched
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _short(value: object) -> str:
    """Return a value as it might stand in the file, not at length."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:59] + "…"
