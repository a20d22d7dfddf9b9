"""Service events from a file: JSON lines or CSV, in chunks, and again from where it stopped.

A record that cannot be taken is written to a report with its line and the reason, and the others go on. Whatever
was sent twice is one event, because a record without an id of its own gets one made from what it says.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from bot.rest import strict
from bot.rest.events import BATCH
from bot.sheets import Sheet
from bot.web.problems import Problem

CHUNK: Final = 200
LARGEST: Final = 400_000
"""Bytes of a chunk, and of one record: the API takes a mebibyte."""

ATTRIBUTES: Final = ("id", "source", "type", "subject", "time", "specversion")


class Record(msgspec.Struct, frozen=True):
    """One record of a file, with the line it ends on and how far into the file it was: an event, or why it is none."""

    line: int
    event: dict[str, Any] | None
    why: str = ""
    size: int = 0


class Cursor(msgspec.Struct, frozen=True):
    """How far an import of a file is: records done, and what became of them."""

    records: int = 0
    statuses: dict[str, int] = {}
    rejected: int = 0
    complete: bool = False


class Defaults(msgspec.Struct, frozen=True):
    """What a record gets that does not say it: source and type; and which field a column means."""

    source: str
    type: str = ""
    columns: dict[str, str] = {}


class Unreadable(Exception):
    """The file is neither JSON lines nor CSV in UTF-8. Say so to whoever named it."""


class Refused(Exception):
    """The API refused a whole chunk for no record's fault: nothing more can be sent now."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"the API answered {response.status_code}")
        self.response = response


# --- reading --------------------------------------------------------------------------------------------------------


def records(path: Path, defaults: Defaults) -> Iterator[Record]:
    """Yield the records of a file in order. Raises Unreadable."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            begins = file.read(1)
            file.seek(0)
            yield from _json_lines(file, defaults) if begins in ("{", "[") else _rows(file, defaults)
    except UnicodeDecodeError:
        raise Unreadable(f"{path} is not in UTF-8; save it as UTF-8")
    except csv.Error as error:
        raise Unreadable(f"{path} is no CSV: {error}")


def _json_lines(lines: Iterator[str], defaults: Defaults) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            event = strict.read(line.encode())
        except Problem as problem:
            yield Record(number, None, problem.detail, len(line))
            continue
        if isinstance(event, dict):
            yield _record(number, _with_defaults(event, defaults), len(line))
        else:
            yield Record(number, None, "is no JSON object", len(line))


def _rows(lines: Iterator[str], defaults: Defaults) -> Iterator[Record]:
    reader = csv.DictReader(lines)
    unknown = [name for name in reader.fieldnames or () if not _is_field(_field(name, defaults))]
    if unknown or not reader.fieldnames:
        known = f"{', '.join(ATTRIBUTES)}, version, customer.KEY and service.KEY"
        raise Unreadable(
            f"the column {unknown[0]!r} means nothing here; --map {unknown[0]}=FIELD says what it is ({known})"
            if unknown
            else "the file is empty"
        )
    for row in reader:
        if None in row or None in row.values():
            yield Record(reader.line_num, None, "has more or fewer cells than the first line")
            continue
        said = {_field(name, defaults): value.strip() for name, value in row.items() if value.strip()}
        size = sum(len(value) for value in row.values())
        yield _record(reader.line_num, _with_defaults(_event(said), defaults), size)


def _field(column: str, defaults: Defaults) -> str:
    return defaults.columns.get(column, column.strip())


def _is_field(field: str) -> bool:
    return field in (*ATTRIBUTES, "version") or (field.partition(".")[0] in ("customer", "service") and "." in field)


def _event(said: Mapping[str, str]) -> dict[str, Any]:
    """Return the event that a row's cells say, by field."""
    event: dict[str, Any] = {key: value for key, value in said.items() if key in ATTRIBUTES}
    data: dict[str, Any] = {"customer": {}, "service": {}}
    for field, value in said.items():
        about, dot, key = field.partition(".")
        if dot:
            data[about][key] = value
        elif field == "version":
            data["version"] = int(value) if value.isascii() and value.isdecimal() and len(value) < 17 else value
    return {**event, "data": data}


def _with_defaults(event: dict[str, Any], defaults: Defaults) -> dict[str, Any]:
    event = {
        "specversion": "1.0",
        "source": defaults.source,
        **({"type": defaults.type} if defaults.type else {}),
        **event,
    }
    if "id" not in event:
        said = json.dumps(event, sort_keys=True, ensure_ascii=True)
        event["id"] = hashlib.sha256(said.encode()).hexdigest()[:32]
    return event


def _record(line: int, event: dict[str, Any], size: int) -> Record:
    if size > LARGEST:
        return Record(line, None, f"is larger than {LARGEST} bytes", size)
    return Record(line, event, size=size)


def chunks(found: Iterator[Record]) -> Iterator[list[Record]]:
    """Yield records in chunks that the API takes at once."""
    chunk: list[Record] = []
    size = 0
    for record in found:
        if chunk and (len(chunk) == CHUNK or size + record.size > LARGEST):
            yield chunk
            chunk, size = [], 0
        chunk.append(record)
        size += record.size
    if chunk:
        yield chunk


# --- sending --------------------------------------------------------------------------------------------------------


class Rejection(msgspec.Struct, frozen=True):
    """A record that was not taken: its line, the place in it, and why."""

    line: int
    field: str
    why: str


async def send(chunk: list[Record], client: httpx.AsyncClient) -> tuple[list[str], list[Rejection]]:
    """Send a chunk, without what is refused of it; return the statuses of the others, and what was refused.

    Raises Refused when the API takes nothing.
    """
    rejections = [Rejection(record.line, "", record.why) for record in chunk if record.event is None]
    left = [record for record in chunk if record.event is not None]
    while left:
        body = msgspec.json.encode([record.event for record in left])
        response = await client.post("/v1/events", content=body, headers={"content-type": BATCH})
        if response.is_success:
            told = msgspec.json.decode(response.content)["events"]
            return [event["status"] for event in told], rejections
        faults = _faults(response)
        rejections += [Rejection(left[number].line, field, why) for number, field, why in faults]
        bad = {number for number, _, _ in faults}
        left = [record for number, record in enumerate(left) if number not in bad]
    return [], rejections


def _faults(response: httpx.Response) -> list[tuple[int, str, str]]:
    """Return which of the sent events were refused, where in them, and why. Raises Refused when it says of none."""
    try:
        errors = msgspec.json.decode(response.content).get("errors", ())
    except (msgspec.DecodeError, AttributeError):
        errors = ()
    found = []
    for error in errors:
        number, _, field = error["pointer"].removeprefix("/").partition("/")
        if number.isdecimal():
            found.append((int(number), field.replace("/", "."), error["detail"]))
    if response.status_code != 422 or not found:
        raise Refused(response)
    return found


# --- where it stopped -----------------------------------------------------------------------------------------------


class Progress:
    """Keeps how far a file's import is, in the data folder, by what the file holds and how it was read."""

    def __init__(self, folder: Path, path: Path, defaults: Defaults) -> None:
        how = msgspec.json.encode(defaults)
        self._path = folder / "imports" / f"{_digest(path, how)}.json"

    def load(self) -> Cursor:
        """Return where the import stands; at the beginning when it never began."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Cursor)
        except FileNotFoundError:
            return Cursor()

    def keep(self, cursor: Cursor) -> None:
        """Keep where the import stands; the file is whole whenever it is looked at."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._path.with_suffix(".part")
        part.write_bytes(msgspec.json.encode(cursor))
        part.replace(self._path)


def _digest(path: Path, how: bytes) -> str:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256")
    found.update(how)
    return found.hexdigest()[:32]


def report(path: Path, rejections: list[Rejection], *, anew: bool) -> None:
    """Write what was refused to a table that its author can open beside the file; `anew` begins it."""
    fresh = anew or not path.exists()
    with path.open("w" if fresh else "a", encoding="utf-8", newline="") as out:
        sheet = Sheet(out)
        if fresh:
            sheet.write(("line", "field", "reason"))
        for each in rejections:
            sheet.write((each.line, each.field, each.why))
