"""Reading the fields of a body strictly: what is not known, or of another type, is refused with a pointer to it.

The patterns here are those of the published schemas, so that both say the same.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

from bot.rest.cloudevents import FACT, LONGEST_FACT, MOST_FACTS, Fault, language_tag, moment_of, whole_id, zone_name

T = TypeVar("T")

LINE: Final = r"^[^\u0000-\u001f\u007f\ud800-\udfff]*$"
"""A text of one line, as a pattern: nothing unprintable in it."""

IDENT: Final = r"^(?=.*\S)[^\u0000-\u001f\u007f\ud800-\udfff]*$"
"""The same, and not blank."""

EMAIL: Final = (
    r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$"
)
PHONE: Final = r"^\+?[0-9](?:[ .-]?[0-9]){5,14}$"
TOUCHPOINT: Final = r"^[a-z][a-z0-9_]{0,63}$"
ADDRESS: Final = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][^\u0000-\u0020\u007f\ud800-\udfff<>\"]*)?$"

LONGEST_NAME: Final = 128
LONGEST_EMAIL: Final = 254
LONGEST_ADDRESS: Final = 2000


def matches(pattern: str, text: str) -> bool:
    """Return whether a text fits a pattern of the schemas, whose `$` is the very end."""
    return re.search(pattern.removesuffix("$") + r"\Z", text) is not None


class Fields:
    """The fields of one body being read: takes values out, and notes what is wrong with them."""

    def __init__(self, body: Mapping[str, Any], known: tuple[str, ...]) -> None:
        self._body = body
        self.faults = [
            Fault(f"/{_escaped(key)}", f"is not known; known are {', '.join(known)}")
            for key in body
            if key not in known
        ]

    def wrong(self, field: str, detail: str) -> None:
        """Note that a field does not fit."""
        self.faults.append(Fault(f"/{field}", detail))

    def __contains__(self, field: str) -> bool:
        return field in self._body

    def given(self, field: str) -> bool:
        """Return whether a field says something: it is there, and neither null nor empty."""
        return self._body.get(field) not in (None, "")

    def raw(self, field: str) -> Any:
        """Return a field as it stands, None when it is not there."""
        return self._body.get(field)

    def read(self, field: str, reading: Callable[[Any], T | None], wanted: str) -> T | None:
        """Return what a field means, None when it says nothing; that it does not fit is noted."""
        if not self.given(field):
            return None
        value = reading(self._body[field])
        if value is None:
            self.wrong(field, wanted)
        return value

    def required(self, field: str, reading: Callable[[Any], T | None], wanted: str) -> T | None:
        """Return what a field means; it must say something."""
        if not self.given(field):
            self.wrong(field, f"is required: {wanted}")
            return None
        return self.read(field, reading, wanted)

    def text(self, field: str, longest: int, pattern: str = LINE) -> str | None:
        """Return a text without the blanks around it."""
        wanted = f"must be a text of at most {longest} characters, none of them unprintable"
        return self.read(field, lambda value: text_of(value, longest, pattern), wanted)

    def ident(self, field: str, longest: int) -> str | None:
        """Return an id, which must be there: a text, or a whole number as many systems have them."""
        wanted = f"must be a text of 1 to {longest} characters, none of them unprintable, or a whole number"
        return self.required(field, lambda value: ident_of(value, longest), wanted)

    def moment(self, field: str) -> int | None:
        """Return a moment in ms."""
        return self.read(field, moment_of, 'must be a moment with its zone, as "2026-03-02T12:00:00Z"')

    def truth(self, field: str) -> bool | None:
        """Return a claim; None when it is not given."""
        if field in self._body and not isinstance(self._body[field], bool):
            self.wrong(field, "must be true or false")
        value = self._body.get(field)
        return value if isinstance(value, bool) else None

    def language(self) -> str | None:
        """Return a language tag, ours where we speak the language."""
        return self.read("language", language_tag, 'must be a language tag, such as "en" or "zh-Hans"')

    def zone(self) -> str | None:
        """Return an IANA zone."""
        return self.read("zone", zone_name, 'must be a time zone of the IANA list, such as "Europe/Berlin"')

    def facts(self, field: str) -> dict[str, str] | None:
        """Return facts for texts; None when none are given."""
        value = self._body.get(field)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(field, "must be an object of texts")
            return None
        if len(value) > MOST_FACTS:
            self.wrong(field, f"must have at most {MOST_FACTS} members")
            return None
        return {key: said for key in value if (said := self._fact(field, key, value[key]))}

    def _fact(self, field: str, key: str, value: object) -> str | None:
        at = f"{field}/{_escaped(key)}"
        if FACT.fullmatch(key) is None:
            self.wrong(at, "must be named in small letters, figures and _, with a letter first, at most 32 characters")
            return None
        said = _number(value) or text_of(value, LONGEST_FACT, LINE)
        if said is None:
            self.wrong(at, f"must be a text of at most {LONGEST_FACT} characters, or a number")
        return said


def text_of(value: object, longest: int, pattern: str = LINE) -> str | None:
    """Return a text without the blanks around it; None when it does not fit."""
    fits = isinstance(value, str) and len(value) <= longest and matches(pattern, value)
    return str(value).strip() if fits else None


def ident_of(value: object, longest: int) -> str | None:
    """Return an id as a text; None when it does not fit."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return whole_id(value)
    return text_of(value, longest, IDENT) or None


def address_of(value: object) -> str | None:
    """Return an address on the web; None when it does not fit."""
    return text_of(value, LONGEST_ADDRESS, ADDRESS)


def _number(value: object) -> str | None:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _escaped(key: str) -> str:
    return key[:60].replace("~", "~0").replace("/", "~1")
