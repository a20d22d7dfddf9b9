"""What `makegood check` looks at. Each finding says what is so and, where something is wrong, how to mend it."""

import shutil
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from bot.clock import Clock
from bot.config import CANCELLED, Config
from bot.lock import holder
from bot.publishing import library, own
from bot.settings import secrets
from conversations.checking import check
from conversations.problems import SurveyInvalid
from storage import inspecting
from storage.errors import Unavailable
from storage.sqlite import SqliteReader
from storage.unit import Unit

LITTLE: Final = 1024**3
"""Bytes of free disk below which it is time to see to it, and a tenth of which is a fault."""

LARGE_WAL: Final = 256 * 1024**2
FIRST_DAY: Final = 1_735_689_600_000
"""2025-01-01: no makegood ran before, so a clock that says so is wrong."""

SKEW: Final = 5 * 60_000

State = Literal["ok", "note", "fault"]


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    state: State
    what: str
    mend: str = ""

    def __str__(self) -> str:
        sign = {"ok": "ok   ", "note": "note ", "fault": "FAULT"}[self.state]
        return f"{sign}  {self.what}{' ' if self.mend else ''}{self.mend}"


async def look(config: Config, clock: Clock) -> AsyncIterator[Finding]:
    """Yield what there is to say of an installation, without changing it. Asks Telegram who we are."""
    for finding in (*of_settings(config), *of_folder(config, clock), *of_surveys(config), *of_sqlite()):
        yield finding
    async for finding in of_database(config, clock):
        yield finding
    yield await of_telegram(config)


# --- settings -------------------------------------------------------------------------------------------------------


def of_settings(config: Config) -> Iterator[Finding]:
    """Yield what the settings leave open."""
    yield Finding("ok", "The settings are read and allowed.")
    if not config.business.name:
        yield Finding("note", "Customers are not told who asks.", "Set business.name.")
    if not config.business.privacy_url:
        yield Finding("note", "The first question links to no privacy notice.", "Set business.privacy_url.")
    if not config.web.public_url:
        mend = "Set web.public_url to the address that customers reach."
        yield Finding("note", f"Links of the web chat begin with {config.public_url}: they open only here.", mend)
    elif not config.web.public_url.startswith("https://"):
        yield Finding("note", "web.public_url is not https: what customers write can be read on the way.", "Use TLS.")
    if not config.api.keys and not config.api.signing_secrets:
        mend = "The first run makes a key in secrets.toml; or set api.keys."
        yield Finding("note", "No key is set: no other system can send service events.", mend)


# --- folder and clock -----------------------------------------------------------------------------------------------


def of_folder(config: Config, clock: Clock) -> Iterator[Finding]:
    """Yield what is so of the data folder, the disk and the clock."""
    folder = config.folder
    if clock.real() < FIRST_DAY:
        yield Finding("fault", "This machine's clock is years behind.", "Set it; timedatectl set-ntp true keeps it.")
    if not folder.is_dir():
        yield Finding("note", f"There is no data folder at {folder} yet.", "The first run makes it.")
        return
    rights = stat.S_IMODE(folder.stat().st_mode)
    if rights & 0o077:
        yield Finding("fault", f"Others may look into {folder} (its rights are {rights:04o}).", f"chmod 700 {folder}")
    running = holder(folder)
    yield Finding(
        "ok", f"{running.command} runs here (process {running.pid})." if running else "Nothing runs here now."
    )
    if not (folder / secrets.FILE).exists():
        yield Finding("note", f"There is no {folder / secrets.FILE} yet.", "The first run makes it.")
    yield _of_disk(folder)


def _of_disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    told = f"{free / 1024**3:.1f} GiB are free for {folder}."
    if free < LITTLE // 10:
        return Finding("fault", told, "Make room now: when the disk is full, nothing can be taken in.")
    return Finding("note", told, "Make room soon.") if free < LITTLE else Finding("ok", told)


# --- surveys --------------------------------------------------------------------------------------------------------


def of_surveys(config: Config) -> Iterator[Finding]:
    """Yield what is wrong with the surveys, and touchpoints that nobody would be asked about."""
    try:
        ours = own(config.surveys.folder)
    except SurveyInvalid as error:
        for problem in error.problems:
            yield Finding("fault", str(problem))
        return
    wrong = [problem for file in ours for problem in check(file.source, file.name)]
    for problem in wrong:
        yield Finding("fault" if problem.severity == "error" else "note", str(problem))
    surveys = [*(library() if config.surveys.library else []), *ours]
    if not wrong:
        yield Finding("ok", f"{len(surveys)} surveys can be used: {', '.join(each.survey.key for each in surveys)}.")
    asked = {each.survey.touchpoint for each in surveys}
    for touchpoint in sorted({*config.touchpoints.values()} - {CANCELLED} - asked):
        mend = "Write one, or change [touchpoints]."
        yield Finding("note", f'No survey asks about the touchpoint "{touchpoint}"; its events are refused.', mend)
    start = config.telegram.start_survey
    if start and start not in {each.survey.key for each in surveys}:
        yield Finding(
            "fault", f'telegram.start_survey is "{start}", and there is no such survey.', "See: makegood survey list"
        )


# --- database -------------------------------------------------------------------------------------------------------


def of_sqlite() -> Iterator[Finding]:
    """Yield what is known of the SQLite in use."""
    version = inspecting.sqlite_version()
    told = f"SQLite {'.'.join(map(str, version))}"
    if version >= inspecting.SAFE:
        yield Finding("ok", f"{told}.")
    else:
        mend = "Let no other program write to the database; a newer Python brings a newer SQLite."
        yield Finding("note", f"{told} can damage a database when two programs write to it at one moment.", mend)


async def of_database(config: Config, clock: Clock) -> AsyncIterator[Finding]:
    """Yield what is so of the database, and what waits or is stuck in it."""
    path = config.database
    if not path.exists():
        yield Finding("note", f"There is no database at {path} yet.", "The first run makes it.")
        return
    if path.stat().st_mtime * 1000 > clock.real() + SKEW:
        yield Finding(
            "fault", "The database was written in the future: this machine's clock was set back.", "Set it right."
        )
    try:
        inspected = inspecting.inspect(path)
    except Unavailable as error:
        yield Finding(
            "fault", f"{path} cannot be read ({error.why}: {error.detail}).", "See to its rights, or restore a backup."
        )
        return
    if config.folder not in path.parents and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("fault", f"Others may read {path}.", f"chmod 600 {path}")
    fault = _version_fault(path, inspected.version)
    for damage in inspected.damage:
        yield Finding("fault", f"{path} is damaged: {damage}.", "Stop makegood and restore a backup.")
    if inspected.wal_bytes > LARGE_WAL:
        yield Finding(
            "note", f"The write-ahead log has {inspected.wal_bytes // 1024**2} MiB.", "End long-running readers."
        )
    if fault is not None:
        yield fault
    elif not inspected.damage:
        yield Finding("ok", f"{path} is sound and at version {inspected.version}.")
        for finding in await _standing(path, clock):
            yield finding


def _version_fault(path: Path, version: str | None) -> Finding | None:
    newest = inspecting.newest_version()
    if version == newest:
        return None
    if version is None:
        return Finding("fault", f"{path} is no database of makegood.", "Choose another with storage.path.")
    told = f"{path} has version {version}, and this makegood needs {newest}."
    return Finding("fault", told, "Run: makegood migrate")


async def _standing(path: Path, clock: Clock) -> list[Finding]:
    reader = SqliteReader(path, 5000)
    try:
        await reader.open()
        return await reader.read(lambda unit: list(_stuck(unit, clock.now())))
    finally:
        await reader.close()


def _stuck(unit: Unit, now: int) -> Iterator[Finding]:
    outbox = unit.outbox.standing()
    counts = (
        (unit.due.overdue(now - 600_000), "things are overdue by more than ten minutes", "Is makegood running?"),
        (
            len(unit.due.listing("parked", 100)),
            "planned things failed again and again and are set aside",
            "See the log.",
        ),
        (len(unit.inbox.dead(100)), "updates could not be understood or failed", "See the log."),
        (outbox.unknown, "messages may or may not have arrived", "Ask their customers another way."),
        (outbox.dead, "messages could not be delivered", "Ask their customers another way."),
        (len(unit.tasks.listing(1)), "tasks wait for a person", "They are shown in the staff chat."),
    )
    for count, what, mend in counts:
        if count:
            yield Finding("note", f"{count} {what}.", mend)
    if not unit.staff.bound(1):
        mend = "Run: makegood staff invite NAME"
        yield Finding("note", "No staff member has a chat: nobody hears of an unhappy customer.", mend)


# --- Telegram -------------------------------------------------------------------------------------------------------


async def of_telegram(config: Config) -> Finding:
    """Ask Telegram who we are."""
    settings = config.telegram
    if not settings.token:
        mend = "Ask BotFather for a token and set telegram.token, or use the web chat alone."
        return Finding("note", "There is no bot on Telegram.", mend)
    from bot.channels.messages import NotDelivered
    from bot.channels.telegram.admin import TelegramAdmin
    from bot.channels.telegram.http import BotApi

    api = BotApi(settings.token, settings.api_base, settings.proxy or None)
    try:
        identity = await TelegramAdmin(api, settings.token).identity()
    except NotDelivered as error:
        return Finding("fault", f"Telegram does not answer as it should: {error.reason}.", _telegram_mend(error.reason))
    finally:
        await api.close()
    return Finding("ok", f"Telegram knows the bot as @{identity.username}.")


def _telegram_mend(reason: str) -> str:
    if reason in ("STOPPED", "REJECTED"):
        return "The token is wrong: copy it again from BotFather into telegram.token."
    return "See to the network, telegram.api_base and telegram.proxy."
