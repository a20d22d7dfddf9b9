"""`makegood backup` and `makegood restore`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.cli.common import Command, Mistake, chosen
from bot.cli.speech import terminal_language
from bot.phrases import say
from conversations.phrases import Phrase, phrase

if TYPE_CHECKING:
    from bot.backups.making import Told
    from bot.backups.manifest import Manifest
    from bot.backups.restoring import Restored
    from bot.config import Config

WORKING: Final = {"copy": phrase("Copying"), "check": phrase("Checking")}
HELD: Final = phrase(
    "{answers} answers of {customers} customers, {cases} cases, {files} files; the newest answer: {at}"
)


@click.command(
    cls=Command, example="makegood backup\nmakegood backup --to /mnt/usb/makegood --keep 10\nmakegood backup --keep 0"
)
@click.option("--to", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="Where; over backup.folder.")
@click.option(
    "--keep",
    type=click.IntRange(0),
    metavar="N",
    help="Keep the newest N there, 0 for all. Without it backup.keep_daily and keep_weekly count; all, with --to.",
)
@click.option("--with-secrets", is_flag=True, help="Include the token and the keys. Whoever has it can act for you.")
def backup(*, folder: Path | None, keep: int | None, with_secrets: bool) -> int:
    """Copy everything, also while makegood runs; open the copy, check it, and let old ones go."""
    asked = chosen()
    config = asked.load()
    language = terminal_language(default=config.business.language)
    import msgspec

    from bot.backups.chore import wish_of
    from bot.backups.making import back_up
    from bot.clock import Clock
    from bot.settings import secrets

    if not config.database.exists():
        raise Mistake(f"there is no database at {config.database}; there is nothing to back up yet.")
    os.umask(0o077)
    wish = wish_of(config, asked.file())
    if folder is not None:
        wish = msgspec.structs.replace(wish, folder=folder.resolve(), keep=0)
    if keep is not None:
        wish = msgspec.structs.replace(wish, keep=keep)
    if with_secrets:
        wish = msgspec.structs.replace(wish, secrets=(config.folder / secrets.FILE).resolve())
    with _Progress(language) as told:
        made = back_up(wish, Clock(), told)
    click.echo(str(made.path))
    click.echo(_held(made.manifest, config, language), err=True)
    for words in _made(made.manifest, made.dropped):
        click.echo(say(words, language), err=True)
    return 0


@click.command(
    cls=Command,
    example="makegood restore data/backups/makegood-2026-11-22T081503Z\n"
    "makegood restore /mnt/usb/makegood-2026-11-22T081503Z --to /var/lib/makegood/data --replace",
)
@click.argument("file", metavar="BACKUP", type=click.Path(path_type=Path))
@click.option("--to", "folder", type=click.Path(path_type=Path), metavar="FOLDER", help="The data folder; as --data.")
@click.option("--replace", is_flag=True, help="Set the database that is there aside, and take its place.")
def restore(*, file: Path, folder: Path | None, replace: bool) -> int:
    """Bring BACKUP back: a folder that makegood backup made, or a single database file.

    Stop makegood first. What was there before is set aside, never deleted. Nothing that may have been sent since the
    backup is sent again.
    """
    asked = chosen()
    if folder is not None:
        asked.folder = folder
    config = asked.load()
    language = terminal_language(default=config.business.language)
    from bot.backups.restoring import InTheWay
    from bot.backups.restoring import restore as bring_back
    from bot.clock import Clock
    from bot.config import FILE

    if not file.exists():
        raise Mistake(f"there is no backup at {file}.")
    os.umask(0o077)
    try:
        with _Progress(language) as told:
            done = bring_back(file, config, Clock(), replace=replace, config_to=asked.config or Path(FILE), told=told)
    except InTheWay as error:
        raise Mistake(f"{error}.")
    click.echo(_held(done.manifest, config, language))
    for words in (*_brought(done, config), *_missing(done)):
        click.echo(say(words, language))
    return 0


def _made(manifest: "Manifest", dropped: int) -> list[Phrase]:
    words = [phrase("The copy was opened and is sound.")]
    if manifest.missing:
        words.append(phrase("{count} files were erased while it was made, and are not in it.", count=manifest.missing))
    if dropped:
        words.append(phrase("{count} older backups were removed.", count=dropped))
    if manifest.secrets:
        words.append(phrase("The token and the keys are in it: keep it to yourself."))
    return words


def _brought(done: "Restored", config: "Config") -> list[Phrase]:
    words = [phrase("It is in {path} now, sound and ready.", path=str(config.database))]
    if done.led_from is not None:
        words.append(phrase("It was of version {version} and was led to this makegood's.", version=done.led_from))
    if done.aside is not None:
        words.append(phrase("What was there before is in {path}.", path=str(done.aside)))
    words += [
        phrase("{path} came from the backup, too.", path=str(path))
        for path in (done.config, done.secrets)
        if path is not None
    ]
    return words


def _missing(done: "Restored") -> list[Phrase]:
    settled = done.settled
    words = []
    if settled.messages:
        words.append(
            phrase(
                "{count} messages may have been sent since the backup; they are not sent again.", count=settled.messages
            )
        )
    if settled.cancelled:
        words.append(phrase("{count} invitations and reminders of that time were cancelled.", count=settled.cancelled))
    if settled.calls:
        words.append(phrase("{count} follow-ups became tasks: please telephone.", count=settled.calls))
    return [
        *words,
        phrase(
            "What came after the backup is not here: answers, cases, customers, people who were removed, keys that"
            " were revoked, files and customers that were erased. Please do those again."
        ),
        phrase("Invitations to the team and sign-ins have ended. Run: {command}", command="makegood staff invite NAME"),
    ]


def _held(manifest: "Manifest", config: "Config", language: str) -> str:
    from zoneinfo import ZoneInfo

    from babel.dates import format_datetime

    from bot.clock import moment
    from bot.phrases import babel_locale

    at = "–"
    if manifest.newest_answer_at is not None:
        zone = ZoneInfo(config.business.zone)
        at = format_datetime(moment(manifest.newest_answer_at), "medium", tzinfo=zone, locale=babel_locale(language))
    counts = manifest.counts
    return say(
        phrase(
            HELD.sentence,
            answers=counts["answer"],
            customers=counts["customer"],
            cases=counts["recovery_case"],
            files=manifest.files,
            at=at,
        ),
        language,
    )


class _Progress:
    """How far it is, on one line, where somebody watches; nothing for a file or a pipe."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._shows = sys.stderr.isatty()
        self._last = ""

    def __enter__(self) -> "Told":
        told: Told = self._show
        return told

    def __exit__(self, *_: object) -> None:
        if self._last:
            click.echo("\r" + " " * (2 * len(self._last)) + "\r", nl=False, err=True)

    def _show(self, what: str, share: float) -> None:
        line = f"{say(WORKING[what], self._language)} {share:.0%}"
        if self._shows and line != self._last:
            self._last = line
            click.echo(f"\r{line}   ", nl=False, err=True)
