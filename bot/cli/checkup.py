"""`makegood check`."""

import click

from bot.cli.common import Chosen, Command, awaited, chosen
from bot.settings.problems import SettingsInvalid


@click.command(cls=Command, example="makegood check\nmakegood check --config /etc/makegood/config.toml")
def check() -> int:
    """Look at settings, database, surveys, token, clock and disk, and say how to mend what is wrong.

    Changes nothing. Ends with 1 when there is a fault, with 0 when there are only notes.
    """
    return awaited(_check(chosen()))


async def _check(asked: Chosen) -> int:
    try:
        config = asked.load()
    except SettingsInvalid as error:
        for problem in error.problems:
            click.echo(f"FAULT  {problem}")
        return 1
    from bot.checkup import look
    from bot.clock import Clock

    faults = 0
    async for finding in look(config, Clock()):
        click.echo(str(finding))
        faults += finding.state == "fault"
    click.echo(f"\n{faults} to mend." if faults else "\nNothing is wrong.")
    return 1 if faults else 0
