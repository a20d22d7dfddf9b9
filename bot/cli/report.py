"""`makegood report`: what the answers add up to."""

import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import click

from bot.cli.common import Command, Mistake, awaited, chosen

if TYPE_CHECKING:
    from bot.config import Config
    from bot.figures import By, Report
    from reports.periods import Period

_DAYS: Final = re.compile(r"([1-9][0-9]{0,4})d")
BY: Final = ("touchpoint", "survey", "day", "week", "month")


@click.command(
    cls=Command,
    example="makegood report\nmakegood report --since 2026-01-01 --by month\nmakegood report --since 7d --json",
)
@click.option("--since", default="30d", show_default=True, metavar="DAYS|DATE", help="So many days, or from a day on.")
@click.option("--until", metavar="DATE", help="The last day; today when it is not said.")
@click.option("--by", type=click.Choice(BY), default="touchpoint", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For other programs; shares from 0 to 1, moments in UTC.")
@click.option("--language", help="en, zh-Hans or zh-Hant; of the terminal when it is not said.")
def report(since: str, until: str | None, by: "By", *, as_json: bool, language: str | None) -> int:
    """Show satisfaction, recommendation, effort, response and recovery, with how sure each is.

    Days are those of business.zone; an answer counts for the day on which its customer was asked.
    """
    config = chosen().load()
    made = awaited(_read(config, since, until, by))
    if as_json:
        _print_json(made)
    else:
        from bot.cli.report_table import printed
        from bot.cli.speech import terminal_language

        click.echo("\n".join(printed(made, terminal_language(language, config.business.language))))
    return 0


async def _read(config: "Config", since: str, until: str | None, by: "By") -> "Report":
    from bot import figures
    from bot.clock import Clock
    from bot.settings.houses import house_of
    from storage.sqlite import SqliteReader

    house = house_of(config)
    period = period_of(since, until, Clock().now(), house.zone)
    if not config.database.exists():
        raise Mistake(f"there is no database at {config.database}; nobody was asked yet.")
    reader = SqliteReader(config.database, 5000)
    try:
        await reader.open()
        return await reader.read(partial(figures.read, house=house, period=period, by=by))
    finally:
        await reader.close()


def period_of(since: str, until: str | None, now: int, zone: str) -> "Period":
    """Return the days that --since and --until name. Raises Mistake for what is no day, or ends before it begins."""
    from reports.periods import Period, day_of, day_on

    last = day_of(now, zone) if until is None else day_on(_date("--until", until))
    days = _DAYS.fullmatch(since)
    first = last - int(days[1]) + 1 if days else day_on(_date("--since", since))
    if first > last:
        raise Mistake(f"--since {since} is after the last day; nothing lies between.")
    return Period(first, last)


def _date(option: str, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Mistake(
            f"{option} {written}: write a day such as 2026-03-01, or for --since a number of days such as 30d."
        )


def _print_json(made: "Report") -> None:
    import json

    from bot.clock import Clock, iso
    from bot.figures import as_json

    def said(at: int) -> str:
        return iso(at) or ""

    told: dict[str, Any] = as_json(made, said(Clock().now()), said)
    click.echo(json.dumps(told, indent=2, ensure_ascii=False))
