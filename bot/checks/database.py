"""What is so of the database, and what waits or is stuck in it."""

import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

from bot import forgotten
from bot.backups.chore import FAILED
from bot.checks.findings import Finding, fault, note, ok, run
from bot.checks.hours import of_hours
from bot.clock import Clock
from bot.config import Config
from conversations.phrases import Phrase, phrase
from storage import inspecting
from storage.errors import Unavailable
from storage.inspecting import Inspection
from storage.sqlite import SqliteReader
from storage.unit import Unit

LARGE_WAL: Final = 256 * 1024**2
SKEW: Final = 5 * 60_000
OVERDUE: Final = 600_000

SEE_LOG: Final = phrase("See the log.")
ASK_OTHERWISE: Final = phrase("Ask their customers another way.")


async def of_database(config: Config, clock: Clock) -> AsyncIterator[Finding]:
    """Yield what is so of the database, and what waits or is stuck in it."""
    path = config.database
    if not path.exists():
        yield note(
            "database",
            phrase("There is no database at {path} yet.", path=str(path)),
            phrase("The first run makes it."),
        )
        return
    if path.stat().st_mtime * 1000 > clock.real() + SKEW:
        told = phrase("The database was written in the future: this machine's time was set back.")
        yield fault("clock", told, phrase("Set it right."))
    try:
        inspected = inspecting.inspect(path)
    except Unavailable as error:
        told = phrase("{path} cannot be read ({why}: {detail}).", path=str(path), why=error.why, detail=error.detail)
        yield fault(
            "database", told, phrase("See to its rights, or bring a backup back: {command}", command="makegood restore")
        )
        return
    for finding in _of_file(config, path, inspected):
        yield finding
    if inspected.version == inspecting.newest_version() and not inspected.damage:
        told = phrase("{path} is sound and at version {version}.", path=str(path), version=inspected.version)
        yield ok("database", told)
        for finding in await _standing(path, clock):
            yield finding


def _of_file(config: Config, path: Path, inspected: Inspection) -> Iterator[Finding]:
    rights = stat.S_IMODE(path.stat().st_mode)
    if config.folder not in path.parents and rights & 0o077:
        told = phrase("Others may look into {path} (its rights are {rights}).", path=str(path), rights=f"{rights:04o}")
        yield fault("database", told, run(f"chmod 600 {path}"))
    for damage in inspected.damage:
        yield fault(
            "database",
            phrase("{path} is damaged: {damage}.", path=str(path), damage=damage),
            phrase(
                "Stop makegood and bring the newest backup back: {command}", command="makegood restore BACKUP --replace"
            ),
        )
    if inspected.wal_bytes > LARGE_WAL:
        told = phrase("The write-ahead log has {size} MiB.", size=inspected.wal_bytes // 1024**2)
        yield note("database.log", told, phrase("End long-running readers."))
    if inspected.version is None:
        told = phrase("{path} is no database of makegood.", path=str(path))
        yield fault("database.version", told, phrase("Choose another with {setting}.", setting="storage.path"))
    elif inspected.version != inspecting.newest_version():
        told = phrase(
            "{path} has version {version}, and this makegood needs {newest}.",
            path=str(path),
            version=inspected.version,
            newest=inspecting.newest_version(),
        )
        yield fault("database.version", told, run("makegood migrate"))


async def _standing(path: Path, clock: Clock) -> list[Finding]:
    reader = SqliteReader(path, 5000)
    try:
        await reader.open()
        return await reader.read(
            lambda unit: [
                *_stuck(unit, clock.now()),
                *_of_cases(unit, clock.now()),
                *_of_team(unit),
                *of_hours(unit, clock.now()),
            ]
        )
    finally:
        await reader.close()


def _stuck(unit: Unit, now: int) -> Iterator[Finding]:
    outbox = unit.outbox.standing()
    counts: tuple[tuple[str, int, Phrase, Phrase], ...] = (
        (
            "due.overdue",
            unit.due.overdue(now - OVERDUE),
            phrase("Things overdue by more than ten minutes: {count}."),
            phrase("Is makegood running?"),
        ),
        (
            "due.parked",
            len(unit.due.listing("parked", 100)),
            phrase("Planned things that failed again and again and are set aside: {count}."),
            SEE_LOG,
        ),
        (
            "inbox.dead",
            len(unit.inbox.dead(100)),
            phrase("Updates that could not be understood or failed: {count}."),
            SEE_LOG,
        ),
        (
            "outbox.unknown",
            outbox.unknown,
            phrase("Messages that may or may not have arrived: {count}."),
            ASK_OTHERWISE,
        ),
        ("outbox.dead", outbox.dead, phrase("Messages that could not be delivered: {count}."), ASK_OTHERWISE),
        (
            "notifications",
            sum(stands.parked for stands in unit.notifications.standing()),
            phrase("Webhooks and e-mails that were given up: {count}."),
            phrase("See: {command}", command="makegood webhooks list"),
        ),
        (
            "tasks",
            len(unit.tasks.listing(1)),
            phrase("Tasks that wait for a person: {count}."),
            phrase("They are shown in the staff chat."),
        ),
    )
    for name, count, what, mend in counts:
        if count:
            yield note(name, phrase(what.sentence, count=count), mend)
    why = unit.facts.get(1, FAILED)
    if why:
        told = phrase("The last backup failed: {why}", why=why)
        yield fault(
            "backup.failed",
            told,
            phrase("Make room or mend the folder's rights, then run: {command}", command="makegood backup"),
        )


def _of_cases(unit: Unit, now: int) -> Iterator[Finding]:
    looked = forgotten.look(unit, 1, now)
    if looked.count:
        told = phrase("Cases that nothing brings up again, whose customers are forgotten: {count}.", count=looked.count)
        yield fault("forgotten", told, phrase("See which: {command}", command="makegood verify"))
    elif looked.open:
        yield ok("forgotten", phrase("{count} cases are open, and nobody is forgotten.", count=looked.open))


def _of_team(unit: Unit) -> Iterator[Finding]:
    invite = run("makegood staff invite NAME")
    members = unit.staff.listing(1)
    if not members:
        yield note("staff", phrase("Nobody is invited: nobody hears of an unhappy customer."), invite)
    elif not unit.staff.bound(1):
        told = phrase("No staff member has a chat: nobody hears of an unhappy customer.")
        yield note(
            "staff",
            told,
            phrase("Have them open their link, or invite them anew: {command}", command="makegood staff invite NAME"),
        )
    else:
        yield ok("staff", phrase("{count} people work here.", count=len(members)))
    if members and not any("admin" in member.roles.split(",") for member in members):
        told = phrase("Nobody is admin: nobody can make a group the staff group.")
        yield note("staff.admin", told, run("makegood init --new-admin-link --admin NAME"))
