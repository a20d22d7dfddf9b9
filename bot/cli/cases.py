"""`makegood case why`: how a case was weighed, and how it came to whoever has it."""

from typing import TYPE_CHECKING, NamedTuple

import click

from bot.cli.common import Command, Mistake, awaited, chosen
from bot.cli.speech import terminal_language
from bot.cli.tables import as_json, looked_up, table
from conversations.phrases import phrase

if TYPE_CHECKING:
    from bot.case_why import GivenTo
    from bot.config import Config
    from storage.unit import Unit


class Why(NamedTuple):
    """How a case is weighed and what makes it so, in sentences, and each giving of it, first to last."""

    severity: int
    skill: str | None
    weighed: tuple[str, ...]
    given: list["GivenTo"]


@click.group()
def case() -> None:
    """Look at cases."""


@case.command(cls=Command, example="makegood case why 17\nmakegood case why 17 --language zh-Hans")
@click.argument("number", type=click.IntRange(1))
@click.option("--language", metavar="TAG", help="en, zh-Hans or zh-Hant; the terminal's when not given.")
@click.option("--json", "plain", is_flag=True, help="As JSON.")
def why(number: int, *, language: str | None, plain: bool) -> int:
    """Say how severe case NUMBER is, which skill it needs and why, to whom it was given, and why to nobody else."""
    from bot.phrases import say
    from bot.wall_clock import wall_time

    config = chosen().load()
    tongue = terminal_language(language, config.staff.language)
    found = awaited(looked_up(config, lambda unit: _why(unit, config, number, tongue)))
    givings = found.given
    if plain:
        given = [{**each._asdict(), "everybody": [one._asdict() for one in each.everybody]} for each in givings]
        return as_json({**found._asdict(), "given": given})
    click.echo("\n· ".join(found.weighed))
    click.echo("")
    for each in givings:
        click.echo(f"{wall_time(each.at, config.business.zone, tongue)}  →  {each.name or '—'}")
        click.echo(each.how)
        if each.everybody:
            rows = [("*" if one.chosen else "", one.name, one.why) for one in each.everybody]
            click.echo(table(("", say(phrase("name"), tongue), say(phrase("why"), tongue)), rows))
        click.echo("")
    if not givings:
        words = phrase(
            "Case {number} was given to nobody: it is from before cases were given to people.", number=number
        )
        click.echo(say(words, tongue), err=True)
    return 0


def _why(unit: "Unit", config: "Config", number: int, tongue: str) -> Why:
    """Return all of it. Raises Mistake where there is no such case."""
    from bot.case_why import why
    from bot.clock import Clock
    from bot.outgoing import Outgoing
    from bot.phrases import say
    from bot.scene import Scene
    from bot.settings.houses import house_of
    from bot.weighing import in_words

    case = unit.cases.by_number(1, number)
    if case is None:
        newest = unit.cases.newest_number(1)
        words = phrase("There is no case {number}; the newest is {newest}.", number=number, newest=newest)
        raise Mistake(say(words, tongue))
    now = Clock().now()
    scene = Scene(unit, house_of(config), Outgoing(unit, now), now)
    weighed = tuple(say(words, tongue) for words in in_words(scene, case))
    return Why(case.severity, case.skill, weighed, why(unit, case, config.business.zone, tongue))
