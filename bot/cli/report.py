"""`makegood report`: what the answers add up to."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from bot.cli.common import Command, Mistake, awaited, chosen

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.config import Config
    from bot.figures import By, Report
    from bot.house import House
    from bot.recovery_figures import By as RecoveryBy
    from bot.recovery_figures import RecoveryReport
    from reports.periods import Period
    from storage.unit import Unit

T = TypeVar("T")

_DAYS: Final = re.compile(r"([1-9][0-9]{0,4})d")
BY: Final = ("touchpoint", "survey", "day", "week", "month")


class Reports(Command, click.Group):
    """The report of all figures, and below it those that have one of their own."""


@click.group(
    cls=Reports,
    invoke_without_command=True,
    example="makegood report\nmakegood report --since 2026-01-01 --by month\nmakegood report --since 7d --json"
    "\nmakegood report recovery --by team",
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
    if click.get_current_context().invoked_subcommand is not None:
        return 0
    config = chosen().load()
    made = awaited(_read(config, since, until, by))
    if as_json:
        _print_json(made)
    else:
        from bot.cli.report_table import printed
        from bot.cli.speech import terminal_language

        click.echo("\n".join(printed(made, terminal_language(language, config.business.language))))
    return 0


@report.command(
    cls=Command, example="makegood report recovery\nmakegood report recovery --since 90d --by team --language zh-Hans"
)
@click.option("--since", default="30d", show_default=True, metavar="DAYS|DATE", help="So many days, or from a day on.")
@click.option("--until", metavar="DATE", help="The last day; today when it is not said.")
@click.option("--by", type=click.Choice(("touchpoint", "team")), default="touchpoint", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For other programs; spans in seconds, money in minor units.")
@click.option("--language", help="en, zh-Hans or zh-Hant; of the terminal when it is not said.")
def recovery(since: str, until: str | None, by: "RecoveryBy", *, as_json: bool, language: str | None) -> int:
    """Show what putting right took and what came of it: how soon, on the spot or not, for how much, and the outcomes.

    Of the cases that were closed in these days.
    """
    config = chosen().load()
    made = awaited(_read_recovery(config, since, until, by))
    if as_json:
        _print_recovery_json(made)
    else:
        from bot.cli.speech import terminal_language
        from bot.recovery_words import printed

        click.echo("\n".join(printed(made, terminal_language(language, config.business.language))))
    return 0


@report.command(
    cls=Command, example="makegood report experiment after_delivery\nmakegood report experiment after_delivery --json"
)
@click.argument("key", metavar="KEY")
@click.option("--json", "as_json", is_flag=True, help="For other programs; shares from 0 to 1, moments in UTC.")
@click.option("--language", help="en, zh-Hans or zh-Hant; of the terminal when it is not said.")
def experiment(key: str, *, as_json: bool, language: str | None) -> int:
    """Show what an experiment of the survey KEY came to so far, with a verdict that may be looked at every day."""
    from bot.experiments import NoExperiment, read

    config = chosen().load()
    try:
        standing = awaited(_with_reader(config, "1d", None, lambda unit, house, _: read(unit, house, key)))
    except NoExperiment:
        raise Mistake(f"the survey {key} is tried in one way only; docs/author.md says how to try two.")
    if as_json:
        import json

        from bot.clock import iso
        from bot.experiments import as_json as told

        click.echo(json.dumps(told(standing, lambda at: iso(at) or ""), indent=2, ensure_ascii=False))
    else:
        from bot.cli.speech import terminal_language
        from bot.experiment_words import printed

        spoken = terminal_language(language, config.business.language)
        click.echo("\n".join(printed(standing, config.business.zone, spoken)))
    return 0


async def _read_recovery(config: "Config", since: str, until: str | None, by: "RecoveryBy") -> "RecoveryReport":
    from bot import recovery_figures

    reckon = await _with_reader(
        config, since, until, lambda unit, house, period: recovery_figures.gather(unit, house, period, by)
    )
    return reckon()


def _print_recovery_json(made: "RecoveryReport") -> None:
    import json

    from bot.clock import Clock, iso
    from bot.recovery_figures import as_json

    click.echo(json.dumps(as_json(made, iso(Clock().now()) or "", iso), indent=2, ensure_ascii=False))


async def _read(config: "Config", since: str, until: str | None, by: "By") -> "Report":
    from bot import figures

    return await _with_reader(config, since, until, lambda unit, house, period: figures.read(unit, house, period, by))


async def _with_reader(
    config: "Config", since: str, until: str | None, read: "Callable[[Unit, House, Period], T]"
) -> "T":
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
        return await reader.read(lambda unit: read(unit, house, period))
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
