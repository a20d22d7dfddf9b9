"""`makegood events import`: every record counted, refused ones named, and on from where it stopped."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.config import Config
from bot.importing import Cursor, Defaults, Progress, chunks, records, send
from bot.operator_client import asking
from bot.settings.sections import Storage


def event(number: int, **changes: object) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": f"evt-{number}",
        "source": "shop",
        "type": "order.delivered",
        "subject": f"order-{number}",
        "data": {"customer": {"id": f"c-{number}", "name": "Ana"}, "service": {"item": "a lamp"}},
        **changes,
    }


def written(path: Path, events: list[object]) -> Path:
    path.write_text("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in events), "utf-8")
    return path


def rejected(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_json_lines_are_taken_in(makegood, place):
    """A night's deliveries, in chunks."""
    written(place / "night.jsonl", [event(n) for n in range(450)])
    told = makegood("events", "import", "night.jsonl")

    assert (told.code, told.out) == (0, "450 records: 450 accepted.\n")


def test_the_same_file_again_does_nothing(makegood, place):
    """Whoever is not sure types it once more."""
    written(place / "night.jsonl", [event(1)])
    makegood("events", "import", "night.jsonl")
    again = makegood("events", "import", "night.jsonl")
    once_more = makegood("events", "import", "night.jsonl", "--again")

    assert (again.code, again.out) == (0, "")
    assert "was imported before" in again.err
    assert once_more.out == "1 records: 1 duplicate.\n"


def test_what_is_refused_is_named_with_line_and_reason(makegood, place):
    """The others go in; the report is for whoever made the file."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC).isoformat()
    lines = [
        json.dumps(event(1)),
        "{not json",
        json.dumps(event(2, type="no.such")),
        "",
        json.dumps(event(3, time=long_ago)),
        json.dumps(event(4, data={"customer": {}})),
        '{"id": 1, "id": 2}',
        json.dumps(event(5)),
        json.dumps(event(1, subject="other")),
    ]
    (place / "mixed.jsonl").write_text("\n".join(lines), "utf-8")
    told = makegood("events", "import", "mixed.jsonl")

    assert told.code == 1
    assert told.out == "8 records: 2 accepted, 6 rejected, see mixed.jsonl.rejected.csv.\n"
    report = rejected(place / "mixed.jsonl.rejected.csv")
    assert report[0] == ["line", "field", "reason"]
    assert sorted((int(line), field) for line, field, _ in report[1:]) == [
        (2, ""), (3, "type"), (5, "time"), (6, "data.customer.id"), (7, ""), (9, "id"),
    ]  # fmt: skip


def test_a_table_is_taken_in_by_its_columns(makegood, place):
    """Most shops can make a CSV and nothing else."""
    (place / "orders.csv").write_text(
        'Order No,customer.id,Kunde,service.item\n17,c-9,Ana,"a lamp, green"\n18,c-10,Bo,\n19,c-11\n',
        "utf-8-sig",
    )
    told = makegood(
        "events", "import", "orders.csv", "--type", "order.delivered",
        "--map", "Order No=subject", "--map", "Kunde=customer.name",
    )  # fmt: skip

    assert told.out == "3 records: 2 accepted, 1 rejected, see orders.csv.rejected.csv.\n"
    assert rejected(place / "orders.csv.rejected.csv")[1][0] == "4"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Foo,customer.id\n1,2\n", "the column 'Foo' means nothing here"),
        (b"", "the file is empty"),
        (b"subject,\xff\n", "is not in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_understood_is_told_so(makegood, place, content, said):
    """Before anything of it was taken in."""
    (place / "orders.csv").write_bytes(content)
    told = makegood("events", "import", "orders.csv")

    assert (told.code, said in told.err) == (2, True), told.err


async def test_an_import_goes_on_where_it_was_killed(place):
    """Two chunks were in; only what is left is sent."""
    path = written(place / "night.jsonl", [event(n) for n in range(450)])
    config = Config(storage=Storage(folder=place / "data"))
    defaults = Defaults("import:night.jsonl")
    progress = Progress(config.folder, path, defaults)
    async with asking(config, "test") as client:
        first, *_ = chunks(records(path, defaults))
        statuses, _ = await send(first, client)
    progress.keep(Cursor(len(first), {"accepted": len(statuses)}))
    assert progress.load().records == 200

    sent = await imported_again(config, path, defaults, progress)

    assert sent.statuses == {"accepted": 450}
    assert sent.complete


async def imported_again(config: Config, path: Path, defaults: Defaults, progress: Progress) -> Cursor:
    from bot.cli.events import _import

    async with asking(config, "test") as client:
        return await _import(path, defaults, progress, progress.load(), client)


async def test_records_without_an_id_are_still_stored_once(place):
    """The id is made of what the record says, so that a second try finds it."""
    path = written(place / "a.jsonl", [{key: value for key, value in event(1).items() if key != "id"}])
    ids = {record.event["id"] for _ in range(2) for record in records(path, Defaults("x")) if record.event}

    assert len(ids) == 1


async def test_an_api_that_takes_nothing_stops_the_import(place):
    """Neither a loop nor a row of rejections: the file is fine, the moment is not."""
    from bot.importing import Refused

    async def unavailable(_: httpx.Request) -> httpx.Response:
        return httpx.Response(503, json={"title": "Service Unavailable"})

    path = written(place / "a.jsonl", [event(1)])
    async with httpx.AsyncClient(transport=httpx.MockTransport(unavailable), base_url="http://localhost") as client:
        [chunk] = chunks(records(path, Defaults("x")))
        with pytest.raises(Refused):
            await send(chunk, client)
