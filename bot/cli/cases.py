"""`makegood case why`: how a case came to whoever has it."""

import click

from bot.cli.common import Command, Mistake, awaited, chosen
from bot.cli.speech import terminal_language
from bot.cli.tables import as_json, looked_up, table
from conversations.phrases import phrase


@click.group()
def case() -> None:
    """Look at cases."""


@case.command(cls=Command, example="makegood case why 17\nmakegood case why 17 --language zh-Hans")
@click.argument("number", type=click.IntRange(1))
@click.option("--language", metavar="TAG", help="en, zh-Hans or zh-Hant; the terminal's when not given.")
@click.option("--json", "plain", is_flag=True, help="As JSON.")
def why(number: int, *, language: str | None, plain: bool) -> int:
    """Say to whom case NUMBER was given, and why to nobody else."""
    from bot.case_why import GivenTo, why
    from bot.phrases import say
    from bot.wall_clock import wall_time
    from storage.unit import Unit

    config = chosen().load()
    tongue = terminal_language(language, config.staff.language)

    def look(unit: Unit) -> list[GivenTo]:
        found = unit.cases.by_number(1, number)
        if found is None:
            words = phrase(
                "There is no case {number}; the newest is {newest}.", number=number, newest=unit.cases.newest_number(1)
            )
            raise Mistake(say(words, tongue))
        return why(unit, found, config.business.zone, tongue)

    givings = awaited(looked_up(config, look))
    if plain:
        return as_json([{**each._asdict(), "everybody": [one._asdict() for one in each.everybody]} for each in givings])
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
