"""`makegood calendar set`, `calendar list`, `calendar show`, `calendar remove`."""

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import click
import msgspec

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, Mistake, awaited, chosen
from bot.cli.tables import as_json, looked_up, table, told
from conversations.phrases import Phrase, phrase

if TYPE_CHECKING:
    import httpx

    from recovery.calendars import Calendar
    from recovery.written_calendars import CalendarInvalid

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EXAMPLE: Final = '--hours "mon-fri 09:00-12:30,13:30-18:00"'
WRITE_HOURS: Final = phrase("Write hours as 09:00-12:00, 13:00-17:00; or 24h for the whole day; or closed.")
_DAYS: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?")


@click.group()
def calendar() -> None:
    """Keep the working calendars: hours, breaks, public holidays. Teams and people work by them."""


@calendar.command(
    "set",
    cls=Command,
    example='makegood calendar set shop --hours "mon-fri 09:00-12:30,13:30-18:00" --hours "sat 10:00-14:00"\n'
    'makegood calendar set workshop --hours "mon-fri 07:00-16:00" --holidays DE-BY --years 2026-2027\n'
    "makegood calendar set night --from night.toml",
)
@click.argument("key")
@click.option("--from", "file", type=click.Path(path_type=Path, dir_okay=False), help="A TOML file; docs/calendars.md.")
@click.option("--hours", multiple=True, metavar="DAYS HOURS", help="Days and their hours; may be repeated.")
@click.option("--zone", metavar="ZONE", help="Such as Europe/Berlin; the business's when not given.")
@click.option("--holidays", metavar="COUNTRY", help="Close on public holidays: DE, or DE-BY for a part of a country.")
@click.option("--years", metavar="YEARS", help="For which years: 2026, or 2026-2028; this one and the next by default.")
@click.option("--closed", multiple=True, metavar="DAY", help="Closed on that day, as 2026-12-24; may be repeated.")
def set_(
    key: str,
    file: Path | None,
    hours: tuple[str, ...],
    zone: str | None,
    holidays: str | None,
    years: str | None,
    closed: tuple[str, ...],
) -> int:
    """Let the calendar KEY hold from now on. Clocks that run go on by it from this moment."""
    if (file is None) == (not hours):
        raise Mistake(told(phrase("Give the hours: {example}, or a file: {file}", example=EXAMPLE, file="--from FILE")))
    if years and not holidays:
        words = phrase(
            "{years} is for the public holidays; name them, too: {example}", years="--years", example="--holidays DE"
        )
        raise Mistake(told(words))
    config = chosen().load()
    fields = _of_file(file) if file is not None else {"zone": config.business.zone, "week": _week(hours)}
    if zone:
        fields["zone"] = zone
    fields["closed"] = [*fields.get("closed", ()), *closed]
    if holidays:
        fields = _with_holidays(fields, holidays, years)

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.put(f"/v1/calendars/{quote(key, safe='')}", json=fields))

    kept = with_api(config, "makegood calendar set", work)["calendar"]
    days = len(kept.get("closed", ()))
    words = phrase(
        "{key} holds from now on. Time zone: {zone}. Days closed: {days}.", key=key, zone=kept["zone"], days=days
    )
    click.echo(told(words))
    click.echo(told(phrase("See it: {command}", command=f"makegood calendar show {key} --week")), err=True)
    return 0


@calendar.command("list", cls=Command, example="makegood calendar list")
@click.option("--json", "plain", is_flag=True, help="As JSON.")
def list_(*, plain: bool) -> int:
    """Show the calendars, and who works by each."""
    listed = _listed()
    if plain:
        return as_json(listed)
    if not listed:
        words = phrase(
            "There are no calendars: clocks run in the business's waking hours. To make one: {command}",
            command="makegood calendar set --help",
        )
        click.echo(told(words))
        return 0
    rows = [
        (one["key"], one["calendar"]["zone"], _summary(one["calendar"]), ", ".join(one["used_by"])) for one in listed
    ]
    heads = (phrase("calendar"), phrase("time zone"), phrase("hours"), phrase("used by"))
    click.echo(table(tuple(map(told, heads)), rows))
    return 0


@calendar.command(cls=Command, example="makegood calendar show shop --week")
@click.argument("key")
@click.option("--week", is_flag=True, help="Day by day, from today on.")
@click.option("--json", "plain", is_flag=True, help="As JSON.")
def show(key: str, *, week: bool, plain: bool) -> int:
    """Show the hours of the calendar KEY, and the days on which it is closed."""
    from recovery import written_calendars

    one = _named(key)
    if plain:
        return as_json(one)
    found = written_calendars.read(one["calendar"])
    if week:
        click.echo(table((told(phrase("day")), "", told(phrase("hours")), ""), list(_week_rows(found))))
        return 0
    rows = [(day, one["calendar"].get("week", {}).get(day, "closed")) for day in DAYS]
    users = ", ".join(one["used_by"]) or phrase("nobody yet")
    click.echo(told(phrase("{key}, {zone}; used by: {users}", key=key, zone=found.zone, users=users)))
    click.echo(table((told(phrase("day")), told(phrase("hours"))), rows))
    if closed := one["calendar"].get("closed"):
        click.echo(told(phrase("Closed on: {days}", days=", ".join(closed))))
    for day, hours in one["calendar"].get("special", {}).items():
        click.echo(f"{day}: {hours}")
    return 0


@calendar.command(cls=Command, example="makegood calendar remove night")
@click.argument("key")
def remove(key: str) -> int:
    """End the calendar KEY. Nobody may work by it any more."""

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.delete(f"/v1/calendars/{quote(key, safe='')}"))

    with_api(chosen().load(), "makegood calendar remove", work)
    click.echo(told(phrase("The calendar {key} is removed.", key=key)))
    return 0


# --- reading what was typed ------------------------------------------------------------------------------------------


def _of_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        words = phrase("{file} cannot be read: {why}", file=str(file), why=error.strerror or "")
        raise Mistake(told(words))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Mistake(told(phrase("{file} is no TOML: {why}", file=str(file), why=str(error))))


def _week(hours: tuple[str, ...]) -> dict[str, str]:
    """Return the week of `mon-fri 09:00-12:30,13:30-18:00` and its like, later ones over earlier ones."""
    from recovery.written_calendars import shifts_in

    week: dict[str, str] = {}
    for part in (piece.strip() for each in hours for piece in each.split(";")):
        days, _, times = part.lower().partition(" ")
        if not times.strip():
            words = phrase("“{part}” names no days and hours. Write: {example}", part=part, example=EXAMPLE)
            raise Mistake(told(words))
        if shifts_in(times) is None:
            words = phrase("“{words}” cannot be read as hours.", words=times.strip())
            raise Mistake(told(words, WRITE_HOURS))
        for day in _days_in(days):
            week[day] = times.strip()
    return week


def _days_in(words: str) -> list[str]:
    """Return the days of `mon-fri`, `sat,sun` or `daily`."""
    if words == "daily":
        return list(DAYS)
    found: list[str] = []
    for part in words.split(","):
        match = _DAYS.fullmatch(part)
        if match is None or match[1] not in DAYS or (match[2] or match[1]) not in DAYS:
            known = ", ".join((*DAYS, "mon-fri", "daily"))
            raise Mistake(told(phrase("“{part}” is no day. Write one of: {known}", part=part, known=known)))
        first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
        found += [DAYS[at % 7] for at in range(first, last + 1 if last >= first else last + 8)]
    return found


def _with_holidays(fields: dict[str, Any], country: str, years: str | None) -> dict[str, Any]:
    """Return the written calendar with the public holidays closed, as the law has them today."""
    from bot import calendars
    from bot.clock import Clock
    from recovery import written_calendars

    try:
        read = written_calendars.read(fields)
        filled = calendars.with_holidays(read, country, years or "", Clock().now())
    except written_calendars.CalendarInvalid as error:
        raise Mistake(_said(error))
    except calendars.NotUnderstood as error:
        raise Mistake(told(error.said))
    made: dict[str, Any] = msgspec.json.decode(written_calendars.save(filled))
    return made


def _said(error: "CalendarInvalid") -> str:
    return " ".join(f"{one.field}: {told(one.what, one.mend)}" for one in error.problems)


# --- showing ---------------------------------------------------------------------------------------------------------


def _listed() -> list[dict[str, Any]]:
    from bot.rest.calendars import listed

    return awaited(looked_up(chosen().load(), lambda unit: listed(unit, 1)))


def _named(key: str) -> dict[str, Any]:
    listed = _listed()
    found = next((one for one in listed if one["key"] == key), None)
    if found is None:
        raise Mistake(told(_unknown(key, [one["key"] for one in listed])))
    return found


def _unknown(key: str, known: list[str]) -> Phrase:
    if not known:
        return phrase("There are no calendars yet; make one with: {command}", command="makegood calendar set --help")
    return phrase("There is no calendar {key}; there are: {known}", key=key, known=", ".join(known))


def _summary(fields: dict[str, Any]) -> str:
    """Return the week in short: days of the same hours together."""
    week: dict[str, str] = fields.get("week", {})
    parts: list[tuple[str, str, str]] = []
    for day in DAYS:
        words = week.get(day)
        if words is None:
            continue
        if parts and parts[-1][2] == words and DAYS.index(parts[-1][1]) + 1 == DAYS.index(day):
            parts[-1] = (parts[-1][0], day, words)
        else:
            parts.append((day, day, words))
    return "; ".join(f"{first}{'' if first == last else '-' + last} {words}" for first, last, words in parts)


def _week_rows(found: "Calendar") -> "list[tuple[str, ...]]":
    from bot.calendars import days_ahead
    from bot.clock import Clock
    from recovery.written_calendars import in_words

    why = {"special": told(phrase("special day")), "holiday": told(phrase("holiday")), "": ""}
    return [
        (each.day.isoformat(), DAYS[each.day.weekday()], in_words(each.shifts), why[each.why])
        for each in days_ahead(found, Clock().now(), 7)
    ]
