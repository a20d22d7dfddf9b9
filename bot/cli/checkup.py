"""`makegood check`."""

import click

from bot.cli.common import Chosen, Command, awaited, chosen
from bot.cli.speech import terminal_language
from bot.phrases import say
from bot.settings.problems import SettingsInvalid
from conversations.phrases import phrase


@click.command(cls=Command, example="makegood check\nmakegood check --config /etc/makegood/config.toml --json")
@click.option("--language", metavar="TAG", help="en, zh-Hans or zh-Hant; the terminal's when not given.")
@click.option("--json", "as_json", is_flag=True, help="A list of findings for scripts: name, state, what, mend.")
def check(*, language: str | None, as_json: bool) -> int:
    """Look at all of an installation, and say how to mend what is wrong.

    Settings, secrets, surveys, database, backups, disk, clock, the token, the webhook and the staff group. Changes
    nothing. Ends with 1 when there is a fault, with 0 when there are only notes.
    """
    return awaited(_check(chosen(), language, as_json=as_json))


async def _check(asked: Chosen, language: str | None, *, as_json: bool) -> int:
    try:
        config = asked.load()
    except SettingsInvalid as error:
        return _unread(error, as_json=as_json)
    from bot.checkup import look
    from bot.clock import Clock

    spoken = terminal_language(language, config.business.language)
    found = []
    async for finding in look(config, Clock(), spoken):
        found.append(finding)
        if not as_json:
            click.echo(finding.told(spoken))
    faults = sum(finding.state == "fault" for finding in found)
    if as_json:
        _show([finding.plain(spoken) for finding in found])
    else:
        last = phrase("{count} to mend.", count=faults) if faults else phrase("Nothing is wrong.")
        click.echo(f"\n{say(last, spoken)}")
    return 1 if faults else 0


def _unread(error: SettingsInvalid, *, as_json: bool) -> int:
    """Tell settings that cannot be read, in the words of every other command."""
    if as_json:
        _show(
            [
                {"name": "settings", "state": "fault", "what": str(problem), "mend": "Mend it there."}
                for problem in error.problems
            ]
        )
    else:
        for problem in error.problems:
            click.echo(f"FAULT  {problem}")
    return 1


def _show(found: list[dict[str, str]]) -> None:
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
