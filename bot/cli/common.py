"""What all commands share: their options, which may stand before or after a command's name, and the settings."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from bot.config import Config

T = TypeVar("T")


class Chosen:
    """The options that every command takes, as they were given."""

    def __init__(self) -> None:
        self.config: Path | None = None
        self.folder: Path | None = None
        self.settings: list[str] = []
        self.debug = False

    def file(self) -> Path | None:
        """Return the settings file that counts, None when there is none."""
        from bot.config import FILE

        path = self.config or Path(FILE)
        return path if path.exists() else None

    def load(self, *, make_secrets: bool = False) -> "Config":
        """Return the settings. Raises SettingsInvalid."""
        from bot.config import load

        return load(self.config, folder=self.folder, settings=self.settings, make_secrets=make_secrets)


class Mistake(click.ClickException):
    """What was typed cannot be done. One sentence says why, and what to type instead."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the sentence."""
        click.echo(f"makegood: {self.message}", err=True)


def COMMON() -> list[click.Parameter]:  # noqa: N802 - read as the constant that it would be, were parameters shareable
    """Return the options that every command takes."""
    return [
        _option(["--config"], "config", "FILE", "The settings file; ./config.toml when it is there."),
        _option(["--data"], "folder", "FOLDER", "The data folder; over the setting storage.folder."),
        click.Option(
            ["--set"],
            metavar="KEY=VALUE",
            multiple=True,
            expose_value=False,
            callback=lambda ctx, _, given: ctx.find_object(Chosen).settings.extend(given),
            help="One setting, over all files; may be repeated.",
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=lambda ctx, _, given: _keep(ctx, "debug", given),
            help="Show a traceback when something fails.",
        ),
    ]


def _option(names: list[str], kept_as: str, metavar: str, help_: str) -> click.Option:
    return click.Option(
        names,
        metavar=metavar,
        type=click.Path(path_type=Path),
        expose_value=False,
        callback=lambda ctx, _, given: _keep(ctx, kept_as, given),
        help=help_,
    )


def _keep(ctx: click.Context, name: str, given: object) -> None:
    if given:  # not given here, but perhaps before the command's name
        setattr(ctx.find_object(Chosen), name, given)


class Command(click.Command):
    """A command that also takes the common options. An `example` stands at the end of its help."""

    def __init__(self, *arguments: Any, example: str, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.params.extend(COMMON())
        self.epilog = "\b\nExample:\n" + "\n".join(f"  {line}" for line in example.splitlines())


def chosen() -> Chosen:
    """Return the options that were given to the command which runs."""
    found = click.get_current_context().find_object(Chosen)
    return found if found is not None else Chosen()


def awaited(work: Coroutine[Any, Any, T]) -> T:
    """Run an asynchronous command and return its result."""
    return asyncio.run(work)
