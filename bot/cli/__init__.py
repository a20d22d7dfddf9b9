"""The command line: `makegood`.

A command is imported when it is asked for, and imports what it needs itself: `makegood run` must send its first
getUpdates within a second. A mistake of whoever types is told in one sentence, exit code 2; a fault that was found
or met is exit code 1; a traceback is shown with --debug only.
"""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import click

from bot.cli.common import COMMON, Chosen
from bot.cli.mistakes import told

COMMANDS: Final = {
    "init": "bot.cli.init:init",
    "run": "bot.cli.running:run",
    "demo": "bot.cli.running:demo",
    "check": "bot.cli.checkup:check",
    "migrate": "bot.cli.running:migrate",
    "backup": "bot.cli.backup:backup",
    "restore": "bot.cli.backup:restore",
    "survey": "bot.cli.survey:survey",
    "responses": "bot.cli.responses:responses",
    "report": "bot.cli.report:report",
    "verify": "bot.cli.verify:verify",
    "events": "bot.cli.events:events",
    "feedback": "bot.cli.feedback:feedback",
    "voucher": "bot.cli.vouchers:voucher",
    "ledger": "bot.cli.ledger:ledger",
    "key": "bot.cli.keys:key",
    "webhooks": "bot.cli.webhooks:webhooks",
    "link": "bot.cli.people:link",
    "staff": "bot.cli.people:staff",
    "case": "bot.cli.cases:case",
    "team": "bot.cli.teams:team",
    "calendar": "bot.cli.calendars:calendar",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for, and listed in the order of its table."""

    def __init__(self, *, table: Mapping[str, str], **more: Any) -> None:
        super().__init__(**more)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, None when there is none."""
        if cmd_name not in self._table:
            return None
        module, _, name = self._table[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"makegood {version('makegood')}")
        except PackageNotFoundError:  # run from a folder, never installed
            click.echo("makegood, not installed")
        ctx.exit()


root = LazyGroup(
    table=COMMANDS,
    name="makegood",
    help="Asks your customers how it went, in chat, and helps your staff put right what went wrong.\n\n"
    "\b\nTo try it:              makegood demo\nTo set it up:           makegood init\n"
    "To run it:              makegood run\nTo see what is wrong:   makegood check",
    params=[
        *COMMON(),
        click.Option(
            ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
        ),
    ],
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says and end the process with its exit code."""
    chosen = Chosen()
    try:
        code = root.main(
            args=None if arguments is None else list(arguments), prog_name="makegood", standalone_mode=False, obj=chosen
        )
    except click.exceptions.NoArgsIsHelpError as asked:
        asked.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("makegood: stopped.", err=True)
        sys.exit(130)
    except Exception as error:
        if chosen.debug:
            raise
        sys.exit(told(error))
    sys.exit(code if isinstance(code, int) else 0)
