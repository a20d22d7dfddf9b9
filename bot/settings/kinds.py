"""Kinds of settings: how each is read from what was written, and in which words it is explained.

A setting from the environment or the command line is a text; it is read as TOML would read it and, if its kind
does not take that, once more as the text it is. So `8765`, `true` and `24h` need no quotes there.
"""

import base64
import re
import tomllib
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import msgspec

from bot.phrases import LANGUAGES
from recovery.money import DIGITS

SHORTEST_SECRET: Final = 24
"""Characters: 128 random bits in base64 have 22, so whatever is shorter was thought up by a person."""

_SIZE: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(kB|MB|GB)", re.IGNORECASE)
_BYTES: Final = {"kb": 1_000, "mb": 1_000_000, "gb": 1_000_000_000}
_SPAN: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(ms|s|m|h|d)")
_UNITS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_AMOUNT: Final = re.compile(r"(?:0|[1-9][0-9]{0,12})(?:\.[0-9]{1,3})?")
_TOKEN: Final = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{3,}")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
_MAILBOX: Final = re.compile(r"(?:[^<>@]*<[^<>@\s,;]+@[A-Za-z0-9.-]+>|[^<>@\s,;]+@[A-Za-z0-9.-]+)")
_TRIVIAL: Final = re.compile(r"change.?me|example|secret|password|your.?(api)?.?key|xxxx|12345|default", re.IGNORECASE)


class Kind(msgspec.Struct, frozen=True):
    """How one kind of setting is read. `read` raises ValueError for what is not allowed; `allowed` says what is.

    A table's keys are the operator's own; `each` says what one of its values may be.
    """

    allowed: str
    read: Callable[[Any], Any]
    secret: bool = False
    table: bool = False
    each: str = ""


def from_text(kind: Kind, written: str) -> object:
    """Return the value that a text of the environment or the command line means. Raises ValueError."""
    try:
        return kind.read(tomllib.loads(f"value = {written}")["value"])
    except (ValueError, KeyError):
        return kind.read(written)


def milliseconds(span: timedelta) -> int:
    """Return a span in whole milliseconds."""
    return span // timedelta(milliseconds=1)


def _wants(type_: type, written: object) -> Any:
    if not isinstance(written, type_) or (isinstance(written, bool) and type_ is not bool):
        raise ValueError
    return written


def _text(written: object) -> str:
    text = str(_wants(str, written)).strip()
    if any(ord(sign) < 32 for sign in text):
        raise ValueError
    return text


def _matching(pattern: re.Pattern[str]) -> Callable[[object], str]:
    def read(written: object) -> str:
        if not pattern.fullmatch(text := _text(written)):
            raise ValueError
        return text

    return read


def _amount(written: object) -> str:
    text = str(written) if type(written) is int else _text(written)
    if not _AMOUNT.fullmatch(text):
        raise ValueError
    return text


def _currency(written: object) -> str:
    code = _text(written).upper()
    if code not in DIGITS:
        raise ValueError
    return code


def _or_nothing(read: Callable[[object], Any]) -> Callable[[object], Any]:
    return lambda written: "" if written == "" else read(written)


def whole(least: int, most: int, what: str = "a whole number") -> Kind:
    """A whole number within bounds."""

    def read(written: object) -> int:
        number: int = _wants(int, written)
        if not least <= number <= most:
            raise ValueError
        return number

    return Kind(f"{what} from {least} to {most}", read)


def above(least: float, most: float) -> Kind:
    """A number above one bound, up to another."""

    def read(written: object) -> float:
        number = float(_wants(int, written)) if isinstance(written, int) else float(_wants(float, written))
        if not least < number <= most:
            raise ValueError
        return number

    return Kind(f"a number above {least:g}, up to {most:g}", read)


def one_of(*words: str) -> Kind:
    """One of a few words, however they are spelled in case."""

    def read(written: object) -> str:
        for word in words:
            if _text(written).lower() == word.lower():
                return word
        raise ValueError

    listed = [f'"{word}"' for word in words]
    return Kind(f"{', '.join(listed[:-1])} or {listed[-1]}", read)


def span_of(written: object) -> timedelta:
    """Return the span that `24h` means. Raises ValueError."""
    found = _SPAN.fullmatch(_text(written))
    if found is None:
        raise ValueError
    return timedelta(milliseconds=round(float(found[1]) * _UNITS[found[2]]))


def span(least: str, most: str) -> Kind:
    """A span of time within bounds."""
    low, high = span_of(least), span_of(most)

    def read(written: object) -> timedelta:
        if not low <= (read := span_of(written)) <= high:
            raise ValueError
        return read

    return Kind(f'a span of time from "{least}" to "{most}", written as "300ms", "30s", "15m", "24h" or "14d"', read)


def size_of(written: object) -> int:
    """Return the bytes that `20MB` means. Raises ValueError."""
    found = _SIZE.fullmatch(_text(written))
    if found is None:
        raise ValueError
    return round(float(found[1]) * _BYTES[found[2].lower()])


def size(least: str, most: str) -> Kind:
    """A size in bytes within bounds."""
    low, high = size_of(least), size_of(most)

    def read(written: object) -> int:
        if not low <= (read := size_of(written)) <= high:
            raise ValueError
        return read

    return Kind(f'a size from "{least}" to "{most}", written as "500kB" or "20MB"', read)


def _time(written: object) -> time:
    if isinstance(written, time):
        return written
    found = _TIME.fullmatch(_text(written))
    if found is None:
        raise ValueError
    return time(int(found[1]), int(found[2]))


def _zone(written: object) -> str:
    from zoneinfo import ZoneInfo

    name = _text(written)
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise ValueError
    return name


def address(*schemes: str) -> Callable[[object], str]:
    """Return a reader of addresses with one of these schemes, without the slash at the end."""

    def read(written: object) -> str:
        text = _text(written)
        parts = urlsplit(text)
        if parts.scheme not in schemes or not parts.hostname:
            raise ValueError
        return text.rstrip("/")

    return read


def _texts(written: object) -> tuple[str, ...]:
    parts = written.split(",") if isinstance(written, str) else _wants(list, written)
    return tuple(text for part in parts if (text := _text(part)))


def _origins(written: object) -> tuple[str, ...]:
    return tuple(_origin(text) for text in _texts(written))


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("https", "http") or not parts.hostname or "@" in parts.netloc:
        raise ValueError
    if parts.path not in ("", "/") or parts.query or parts.fragment or not _HOST.fullmatch(parts.netloc):
        raise ValueError
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _mailbox(written: object) -> str:
    text = _text(written)
    if not _MAILBOX.fullmatch(text):
        raise ValueError
    return text


def secret_of(written: object) -> str:
    """Return a secret nobody can guess: long, not a word from an example. Raises ValueError."""
    text = _text(written)
    if len(text) < SHORTEST_SECRET or len(set(text)) < 8 or _TRIVIAL.search(text) or not text.isascii():
        raise ValueError
    return text


def flat(table: dict[str, Any], before: str = "") -> dict[str, object]:
    """Return a table without tables inside: `order.delivered` unquoted is the same key as in quotes."""
    found: dict[str, object] = {}
    for key, written in table.items():
        name = f"{before}{key}"
        found |= flat(written, f"{name}.") if isinstance(written, dict) else {name: written}
    return found


def each(kind: Kind, allowed: str) -> Kind:
    """A table whose keys are the operator's own and whose values are all of one kind."""

    def read(written: object) -> dict[str, Any]:
        return {key: kind.read(value) for key, value in flat(_wants(dict, written)).items()}

    return Kind(allowed, read, kind.secret, table=True, each=kind.allowed)


def signing_secret_of(written: object) -> str:
    """Return a secret of Standard Webhooks: base64 of 24 to 64 random bytes, `whsec_` before it. Raises ValueError."""
    text = _text(written)
    key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    if not 24 <= len(key) <= 64 or len(set(key)) < 8:
        raise ValueError
    return text


SECRET: Final = Kind(
    f"a secret of at least {SHORTEST_SECRET} random characters; "
    "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(24))'",
    secret_of,
    secret=True,
)

Text = Annotated[str, Kind("a text", _text)]
Yes = Annotated[bool, Kind("true or false", lambda written: _wants(bool, written))]
Language = Annotated[str, one_of(*LANGUAGES)]
Zone = Annotated[str, Kind('a time zone of the IANA list, such as "Europe/Berlin" or "Asia/Shanghai"', _zone)]
TimeOfDay = Annotated[time, Kind('a time of the day from "00:00" to "23:59"', _time)]
Folder = Annotated[Path, Kind("a folder", lambda written: Path(_text(written) or "."))]
File = Annotated[Path | None, Kind("a file", lambda written: Path(text) if (text := _text(written)) else None)]
FileName = Annotated[str, Kind("a file name without a folder", _matching(re.compile(r"[^/\\]{1,200}")))]
Texts = Annotated[tuple[str, ...], Kind('a list of texts, such as ["a", "b"]', _texts)]
Key = Annotated[str, Kind("the key of a survey, or nothing", _or_nothing(_matching(_KEY)))]
Touchpoint = Annotated[str, Kind("a touchpoint in small letters, such as delivery", _matching(_KEY))]
Address = Annotated[
    str, Kind('an address that begins with "https://" or "http://", or nothing', _or_nothing(address("https", "http")))
]
Base = Annotated[str, Kind('an address that begins with "https://" or "http://"', address("https", "http"))]
Proxy = Annotated[
    str, Kind('an address that begins with "http://", or nothing', _or_nothing(address("http")), secret=True)
]
Origins = Annotated[
    tuple[str, ...], Kind('a list of sites, such as ["https://www.example.com"]: scheme and host, no path', _origins)
]
Token = Annotated[
    str,
    Kind("the token that BotFather gave, such as 123456789:AbC-dEf, or nothing", _or_nothing(_matching(_TOKEN)), True),
]
Secret = Annotated[str, msgspec.structs.replace(SECRET, read=_or_nothing(secret_of))]
Secrets = Annotated[dict[str, str], each(SECRET, "a table of names, each with a secret")]
SigningSecrets = Annotated[
    dict[str, str],
    each(
        Kind('"whsec_" and base64 of 24 to 64 random bytes', signing_secret_of, secret=True),
        "a table of names, each with a secret as Standard Webhooks has it",
    ),
]
Currency = Annotated[str, Kind("a currency by its ISO 4217 code, such as EUR, or nothing", _or_nothing(_currency))]
Strings = Annotated[dict[str, str], each(Kind("a text", _text), "a table of names, each with a text")]
Keys = Annotated[
    dict[str, str],
    each(
        Kind("a touchpoint in small letters, such as delivery", _matching(_KEY)),
        "a table of types of service events, each with a touchpoint in small letters",
    ),
]
Password = Annotated[str, Kind("a password, or nothing", _text, secret=True)]
Mailbox = Annotated[
    str, Kind('an e-mail address, such as "Corner Shop <hello@shop.example>", or nothing', _or_nothing(_mailbox))
]
Security = Annotated[Literal["starttls", "tls", "none"], one_of("starttls", "tls", "none")]
Mode = Annotated[Literal["polling", "webhook"], one_of("polling", "webhook")]
Synchronous = Annotated[Literal["FULL", "NORMAL"], one_of("FULL", "NORMAL")]
Amount = Annotated[
    str, Kind('an amount in the business\'s currency, such as "200" or "49.90", or nothing', _or_nothing(_amount))
]
Tells = Annotated[Literal["everybody", "person"], one_of("everybody", "person")]
Level = Annotated[Literal["debug", "info", "warning", "error"], one_of("debug", "info", "warning", "error")]
