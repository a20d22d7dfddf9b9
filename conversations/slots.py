"""The places of a survey file: takes values out of a table and notes what is wrong, with line and mend."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from conversations.phrases import Phrase, phrase
from conversations.positions import Positions
from conversations.problems import KeyPath, Problem, meant_or, mend_or_write, write
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


_FILL_IN: Final = phrase("Fill it in.")


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

    def wrong(self, key: str | KeyPath, said: Phrase, mend: Phrase) -> None:
        """Note a problem at a key of this table, or at the table when the key is not there."""
        path = (*self.path, *((key,) if isinstance(key, str) else key))
        self.problems.append(Problem(self.name, self.places.line(path), said, mend, path))

    def unknown(self, key: str, written: str, known: Iterable[str], said: Phrase, otherwise: Phrase) -> None:
        """Note that something is not among the known, with the nearest known one as the mend."""
        self.wrong(key, said, meant_or(written, list(known), otherwise))

    def only(self, known: tuple[str, ...], owner: Phrase) -> None:
        """Refuse keys that are not known here."""
        for key in self.table:
            if key not in known:
                listed = phrase("The keys of {owner} are {keys}.", owner=owner, keys=", ".join(known))
                said = phrase('"{key}" is no key of {owner}.', key=key, owner=owner)
                self.wrong(key, said, meant_or(key, list(known), listed))

    def _missing(self, key: str, example: str) -> None:
        self.wrong(key, phrase('"{key}" is missing.', key=key), mend_or_write(_FILL_IN, example))

    # --- values -----------------------------------------------------------------------------------------------------

    def key(self, key: str, reserved: frozenset[str] = frozenset()) -> str:
        """Return the key that names this thing; every survey, question and option needs one."""
        written = self.table.get(key)
        if written is None:
            self._missing(key, f'{key} = "…"')
            return ""
        if not isinstance(written, str) or not _KEY.fullmatch(written):
            mend = phrase("Write small letters, figures and _, a letter first, 32 at most.")
            said = phrase("{written} cannot be used as a key.", written=f"{key} = {_short(written)}")
            self.wrong(key, said, mend)
            return written if isinstance(written, str) else ""
        if written in reserved:
            said = phrase('"{word}" is a word of texts and conditions.', word=written)
            self.wrong(key, said, phrase('Choose another, such as "{example}".', example=f"{written}_1"))
        return written

    def text(self, key: str, default: str) -> str:
        written = self.table.get(key, default)
        if isinstance(written, str):
            return written
        mend = phrase("Write {example}, between double quotes.", example=f'{key} = "…"')
        self.wrong(key, phrase("{key} is no text.", key=key), mend)
        return default

    def yes(self, key: str) -> bool:
        written = self.table.get(key, False)
        if not isinstance(written, bool):
            said = phrase("{key} is neither true nor false.", key=key)
            self.wrong(key, said, phrase("Write {example}, without quotes.", example=f"{key} = true"))
        return written is True

    def one_of(self, key: str, known: tuple[str, ...], default: str) -> str:
        """Return one of the known words. Without a default the key must be there."""
        written = self.table.get(key, default or None)
        if written in known:
            return str(written)
        said = phrase("{written} is no {key}.", written=_short(written), key=key)
        if written is None:
            said = phrase('"{key}" is missing.', key=key)
        listed = phrase("Write one of {words}.", words=", ".join(f'"{word}"' for word in known))
        self.wrong(key, said, meant_or(written, list(known), listed) if isinstance(written, str) else listed)
        return default

    def share(self, key: str) -> float:
        written = self.table.get(key, 1.0)
        if isinstance(written, int | float) and not isinstance(written, bool) and 0 <= written <= 1:
            return float(written)
        said = phrase("{written} is no share.", written=f"{key} = {_short(written)}")
        self.wrong(key, said, mend_or_write(phrase("Choose a share from 0 to 100 %."), f"{key} = 0.5"))
        return 1.0

    def span(self, key: str, default: str, least: str, most: str) -> timedelta:
        return self._span(key, self.table.get(key, default), least, most) or _timedelta(default)

    def spans(self, key: str, default: list[str], most: int, within: timedelta) -> tuple[timedelta, ...]:
        """Return the spans of a list, which rise and all end before `within`."""
        written = self.table.get(key, [span for span in default if _timedelta(span) < within])
        if not isinstance(written, list) or len(written) > most:
            said = phrase("{key} is no list of at most {most} spans.", key=key, most=most)
            self.wrong(key, said, phrase("Write {example}, or [] for none.", example=f'{key} = ["24h"]'))
            return ()
        spans = [span for one in written if (span := self._span(key, one, "1m", "90d"))]
        if any(span >= within for span in spans) or spans != sorted(set(spans)):
            said = phrase("{key} must rise, and end before the survey expires.", key=key)
            self.wrong(key, said, phrase("Write smaller spans, the smallest first."))
        return tuple(spans)

    def _span(self, key: str, written: object, least: str, most: str) -> timedelta | None:
        if not isinstance(written, str) or not _SPAN.fullmatch(written):
            mend = phrase('Write minutes, hours or days: "30m", "72h", "2d".')
            said = phrase("{written} is no span of time.", written=f"{key} = {_short(written)}")
            self.wrong(key, said, mend)
        elif not _timedelta(least) <= _timedelta(written) <= _timedelta(most):
            said = phrase("{written} is out of bounds.", written=f'{key} = "{written}"')
            self.wrong(key, said, phrase('Write something from "{least}" to "{most}".', least=least, most=most))
        else:
            return _timedelta(written)
        return None

    # --- texts in several languages ---------------------------------------------------------------------------------

    def texts(self, key: str, required: bool = False, longest: int = LONGEST_TEXT) -> Texts:
        """Return a text in all languages of the survey; a missing one is a problem."""
        written = self.table.get(key)
        if written is None:
            if required:
                self._missing(key, f'{key}.{self._default} = "…"')
            return {}
        if not isinstance(written, dict):
            said = phrase("{key} does not say its language.", key=key)
            self.wrong(key, said, write(f'{key}.{self._default} = "…"'))
            return {}
        for language in self.languages:
            if language not in written:
                said = phrase("{key} is missing in {language}.", key=key, language=language)
                mend = mend_or_write(phrase("Say it in {language}, too.", language=language), f'{key}.{language} = "…"')
                self.wrong((key, language), said, mend)
        return {language: text for language, text in written.items() if self._said(key, language, text, longest)}

    @property
    def _default(self) -> str:
        return self.languages[0] if self.languages else "en"

    def _said(self, key: str, language: str, text: object, longest: int) -> bool:
        if self.languages and language not in self.languages:
            mend = phrase('Add "{language}" to languages, or remove it here.', language=language)
            said = phrase("{key} is in a language that the survey does not list.", key=f"{key}.{language}")
            self.wrong((key, language), said, mend)
        elif not isinstance(text, str) or not text.strip():
            said = phrase("{key} says nothing.", key=f"{key}.{language}")
            self.wrong((key, language), said, mend_or_write(_FILL_IN, f'{key}.{language} = "…"'))
        elif len(text.encode("utf-8", "surrogatepass")) > longest:
            size = f"{longest // 1024} KB" if longest >= 1024 else f"{longest} bytes"
            said = phrase("{key} is longer than {size}.", key=f"{key}.{language}", size=size)
            self.wrong((key, language), said, phrase("Say it more briefly."))
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
