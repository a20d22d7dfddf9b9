"""Reading service events: CloudEvents 1.0 in JSON, one or a batch, each fault with a pointer to its place.

    {"specversion": "1.0", "id": "evt-1", "source": "shop", "type": "com.example.order.delivered",
     "subject": "order-17", "time": "2026-03-02T12:00:00Z",
     "data": {"customer": {"id": "c-9", "name": "Ana", "language": "en", "zone": "Europe/Berlin"},
              "service": {"item": "a lamp"}, "version": 2}}

`subject` is the service's own id (else data.service.id, else the event's id): one service, one survey. Without a
`time` it happened now. `data.served_by`, else data.service.staff, names the staff member who served. Whatever else
stands in customer or service is a fact for texts; the rest of data is not looked at.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from bot.phrases import language_for
from bot.services import NewServiceEvent, Served, in_time
from bot.settings.sections import CANCELLED

LONGEST_ID: Final = 256
LARGEST_ID: Final = 2**64 - 1
SMALLEST_ID: Final = -(2**63)
LARGEST_VERSION: Final = 2**53 - 1
LONGEST_SOURCE: Final = 512
LONGEST_FACT: Final = 500
MOST_FACTS: Final = 40

FACT: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
LANGUAGE: Final = r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}"
_LANGUAGE: Final = re.compile(LANGUAGE)
UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong in the body: a JSON pointer to it, and what is wanted there."""

    pointer: str
    detail: str


class EventInvalid(Exception):
    """The event cannot be taken; `faults` has all that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.pointer}: {fault.detail}" for fault in faults))
        self.faults = faults


def read(event: object, touchpoints: Mapping[str, str], now: int, at: str = "") -> NewServiceEvent:
    """Return the service event that a JSON value describes. `at` is the pointer to it in the body.

    `touchpoints` are those of the settings. Raises EventInvalid with everything that is wrong.
    """
    reading = _Reading(at)
    if not isinstance(event, dict):
        raise EventInvalid((Fault(at, "must be an object with the attributes of a CloudEvent"),))
    new = _read(event, touchpoints, now, reading)
    if reading.faults or new is None:
        raise EventInvalid(tuple(reading.faults))
    return new


def touchpoint_of(type_: str, touchpoints: Mapping[str, str]) -> str | None:
    """Return what a type of service events means: that of the longest key which it is, or ends with after a dot."""
    fitting = [key for key in touchpoints if type_ == key or type_.endswith(f".{key}")]
    return touchpoints[max(fitting, key=len)] if fitting else None


class _Reading:
    """One event being read: takes values out, and notes what is wrong with them."""

    def __init__(self, at: str) -> None:
        self.at = at
        self.faults: list[Fault] = []

    def wrong(self, pointer: str, detail: str) -> None:
        self.faults.append(Fault(f"{self.at}{pointer}", detail))

    def ident(self, table: Mapping[str, Any], key: str, pointer: str, longest: int = LONGEST_ID) -> str:
        """Return a name that must be there."""
        value = table.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = whole_id(value)  # many systems number their orders
        if not isinstance(value, str) or not value.strip():
            self.wrong(pointer, "is required, as a text")
        elif len(value) > longest or UNPRINTABLE.search(value):
            self.wrong(pointer, f"must have at most {longest} characters, none of them unprintable")
        else:
            return value.strip()
        return ""

    def data_given(self, event: Mapping[str, Any]) -> bool:
        """Return whether there is data to look into; else that it is missing has been said."""
        return isinstance(event.get("data"), dict)

    def table(self, table: Mapping[str, Any], key: str, pointer: str, *, required: bool) -> dict[str, Any]:
        value = table.get(key)
        if isinstance(value, dict):
            return value
        if required or value is not None:
            self.wrong(pointer, "must be an object" if value is not None else "is required, as an object")
        return {}


def _read(event: dict[str, Any], touchpoints: Mapping[str, str], now: int, reading: _Reading) -> NewServiceEvent | None:
    if event.get("specversion") != "1.0":
        reading.wrong("/specversion", 'must be "1.0"')
    if "data_base64" in event:
        reading.wrong("/data_base64", "is not read here; send the data as JSON in data")
    event_id = reading.ident(event, "id", "/id")
    source = reading.ident(event, "source", "/source", LONGEST_SOURCE)
    type_ = reading.ident(event, "type", "/type")
    touchpoint = _touchpoint(type_, touchpoints, reading)
    occurred_at = _occurred_at(event, now, reading)
    data = reading.table(event, "data", "/data", required=True)
    customer = _customer(data, reading) if reading.data_given(event) else None
    service = reading.table(data, "service", "/data/service", required=False)
    subject = _subject(event, service, event_id, reading)
    version = _version(data, reading)
    if reading.faults or customer is None:
        return None
    cancelled = touchpoint == CANCELLED
    facts = _facts(service, ("id",))
    served_by = data.get("served_by")
    if isinstance(served_by, str) and (said := tidy(served_by, LONGEST_FACT)):
        facts["staff"] = said
    return NewServiceEvent(
        source=source,
        event_id=event_id,
        digest=hashlib.sha256(msgspec.json.encode(event, order="deterministic")).hexdigest(),
        type=type_,
        touchpoint="" if cancelled else touchpoint,
        cancelled=cancelled,
        subject=subject,
        customer=customer,
        service={"id": subject, **facts},
        occurred_at=occurred_at,
        version=version,
    )


def _touchpoint(type_: str, touchpoints: Mapping[str, str], reading: _Reading) -> str:
    found = touchpoint_of(type_, touchpoints) if type_ else ""
    if found is None:
        known = ", ".join(sorted(touchpoints)) or "none"
        reading.wrong("/type", f"is not known here; the known ones are: {known} (the setting is [touchpoints])")
    return found or ""


def _subject(event: dict[str, Any], service: dict[str, Any], event_id: str, reading: _Reading) -> str:
    if "subject" in event:
        return reading.ident(event, "subject", "/subject")
    return reading.ident(service, "id", "/data/service/id") if "id" in service else event_id


def _occurred_at(event: dict[str, Any], now: int, reading: _Reading) -> int:
    if event.get("time") is None:
        return now
    at = moment_of(event["time"])
    if at is None:
        reading.wrong("/time", 'must be a moment with its zone, as "2026-03-02T12:00:00Z"')
        return now
    if not in_time(at, now):
        reading.wrong("/time", "must lie between 7 days ago and 10 minutes from now; nobody is asked about it any more")
    return at


def moment_of(written: object) -> int | None:
    """Return the milliseconds UTC of an RFC 3339 moment, None when it is none or has no zone."""
    try:
        at = msgspec.convert(written, datetime)
    except msgspec.ValidationError:
        return None
    return None if at.tzinfo is None else int(at.timestamp() * 1000)


def whole_id(value: float) -> str | None:
    """Return a number that is an id, as a text; 1.0 is 1. None when it is not whole, or of more than 64 bits."""
    return str(int(value)) if value == int(value) and SMALLEST_ID <= value <= LARGEST_ID else None


def _version(data: dict[str, Any], reading: _Reading) -> int | None:
    version = data.get("version")
    if version is None:
        return None
    whole = isinstance(version, int | float) and not isinstance(version, bool) and version == int(version)
    if not whole or not 0 <= version <= LARGEST_VERSION:
        reading.wrong("/data/version", "must be a whole number, 0 or above")
        return None
    return int(version)


def served(customer: dict[str, Any], at: str) -> tuple[Served | None, list[Fault]]:
    """Return the customer that an object at the pointer `at` describes, and what is wrong with it."""
    reading = _Reading(at)
    reference = reading.ident(customer, "id", "/id")
    more = _facts(customer, ("id", "name", "language", "zone"))
    found = Served(
        reference=reference,
        name=_name(customer),
        language=_language(customer, reading),
        zone=_zone(customer, reading),
        more=more or None,
    )
    return (None if reading.faults else found), reading.faults


def _customer(data: dict[str, Any], reading: _Reading) -> Served | None:
    if data.get("customer") == {}:
        reading.wrong("/data/customer/id", "is required, as a text")
    customer = reading.table(data, "customer", "/data/customer", required=True)
    if not customer:
        return None
    found, faults = served(customer, f"{reading.at}/data/customer")
    reading.faults.extend(faults)
    return found


def _name(customer: dict[str, Any]) -> str | None:
    name = customer.get("name")
    return tidy(name, 128) or None if isinstance(name, str) else None


def _language(customer: dict[str, Any], reading: _Reading) -> str | None:
    if customer.get("language") in (None, ""):
        return None
    tag = language_tag(customer["language"])
    if tag is None:
        reading.wrong("/language", 'must be a language tag, such as "en" or "zh-Hans"')
    return tag


def language_tag(value: object) -> str | None:
    """Return a language tag, one of ours where we speak the language; None for anything else."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        return None
    tag = value.replace("_", "-")
    return language_for(tag) if tag.split("-")[0].lower() in ("en", "zh") else tag


def _zone(customer: dict[str, Any], reading: _Reading) -> str | None:
    if customer.get("zone") in (None, ""):
        return None
    zone = zone_name(customer["zone"])
    if zone is None:
        reading.wrong("/zone", 'must be a time zone of the IANA list, such as "Europe/Berlin"')
    return zone


def zone_name(value: object) -> str | None:
    """Return the name of an IANA zone, None for anything else."""
    try:
        return str(ZoneInfo(value)) if isinstance(value, str) else None
    except (LookupError, ValueError, OSError):
        return None


def _facts(table: dict[str, Any], but: tuple[str, ...]) -> dict[str, str]:
    """Return the texts and numbers of a table, as facts for texts; what is no fact is left out."""
    found = {key: tidy(str(table[key]), LONGEST_FACT) for key in table if key not in but and _is_fact(key, table[key])}
    return {key: said for key, said in list(found.items())[:MOST_FACTS] if said}


def _is_fact(key: str, value: object) -> bool:
    return FACT.fullmatch(key) is not None and isinstance(value, str | int | float) and not isinstance(value, bool)


def tidy(text: str, longest: int) -> str:
    """Return a text in one line, shortened with an ellipsis when it is longer."""
    text = " ".join(UNPRINTABLE.sub(" ", text).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
