"""`makegood verify`: whether the figures are what the rows add up to, and the answers what was written."""

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, Mistake, awaited, chosen
from bot.cli.progress import Progress
from bot.cli.speech import terminal_language
from bot.phrases import say
from conversations.phrases import Phrase, phrase

if TYPE_CHECKING:
    import httpx

    from bot.config import Config
    from bot.forgotten import Looked
    from bot.offers_checking import Books
    from storage.verifying import Difference, Verified

MOST_SHOWN: Final = 10
PAUSE: Final = 0.2
COUNTING: Final = "/v1/figures/countings"

WORKING: Final = {
    "copy": phrase("Copying"),
    "count": phrase("Counting the rows"),
    "chains": phrase("Following the answers"),
    "rebuild": phrase("Counting anew"),
}


@click.command(cls=Command, example="makegood verify\nmakegood verify --rebuild")
@click.option("--rebuild", is_flag=True, help="Count all figures anew first, from the rows.")
@click.option("--language", help="en, zh-Hans or zh-Hant; of the terminal when it is not said.")
def verify(*, rebuild: bool, language: str | None) -> int:
    """Count every figure by hand on a copy of the database, and follow every answer's chain. Works while makegood runs.

    Exit code 0 when all is as it was written, 1 when something is not.
    """
    config = chosen().load()
    language = terminal_language(language, config.business.language)
    if not config.database.exists():
        raise Mistake(f"there is no database at {config.database}; nobody was asked yet.")
    with Progress(language, WORKING) as told:
        if rebuild:
            with_api(config, "verify --rebuild", lambda client: _count_anew(client, told))
        found, looked, books = _verified(config, told)
    for words in (*_printed(found), *_remembered(looked), *_booked(books)):
        click.echo(say(words, language) if isinstance(words, Phrase) else words)
    return 0 if found.sound and not looked.count and books.sound else 1


async def _count_anew(client: "httpx.AsyncClient", told: Progress) -> None:
    """Begin, and wait for the end: the process that holds the database counts."""
    answer = answer_of(await client.post(COUNTING))
    while not answer["counted"]:
        told.show("rebuild", float(answer["share"]))
        await asyncio.sleep(PAUSE)
        answer = answer_of(await client.get(COUNTING))


def _verified(config: "Config", told: Progress) -> "tuple[Verified, Looked, Books]":
    from storage import copies
    from storage.verifying import verify as prove

    with tempfile.TemporaryDirectory(prefix="verify-", dir=config.database.parent) as folder:
        copy = Path(folder) / "copy.db"
        copies.copy(config.database, copy, lambda share: told.show("copy", share))
        return prove(copy, 1, told.show), *awaited(_looked(copy))


async def _looked(copy: Path) -> "tuple[Looked, Books]":
    """Look through a copy: the open cases for customers who were forgotten, the books for what is not right."""
    from bot import forgotten, offers_checking
    from bot.clock import Clock
    from storage.sqlite import SqliteReader

    reader, now = SqliteReader(copy, 5000), Clock().now()
    try:
        await reader.open()
        return await reader.read(lambda unit: (forgotten.look(unit, 1, now), offers_checking.look(unit, 1)))
    finally:
        await reader.close()


def _remembered(looked: "Looked") -> "list[Phrase | str]":
    from bot.forgotten import in_words

    return [*in_words(looked, MOST_SHOWN)]


def _booked(books: "Books") -> "list[Phrase | str]":
    from bot.offers_checking import in_words

    return [*in_words(books, MOST_SHOWN)]


def _printed(found: "Verified") -> "list[Phrase | str]":
    told: list[Phrase | str] = []
    if found.standing is None or not found.standing.whole:
        told.append(
            phrase("The figures are still being counted. Let makegood run for some minutes, then verify again.")
        )
    elif found.differences:
        told.append(phrase("Figures: {count} are not what the rows add up to.", count=len(found.differences)))
        told += [_differing(each) for each in found.differences[:MOST_SHOWN]]
        told.append(phrase("To count them anew from the rows: makegood verify --rebuild"))
    else:
        told.append(phrase("Figures: {count}, each exactly what the rows add up to.", count=found.figures))
    if found.broken:
        told.append(
            phrase("Answers: {count} conversations were changed after they were written:", count=len(found.broken))
        )
        told.append("  " + ", ".join(str(talk) for talk in found.broken[:MOST_SHOWN]))
        told.append(phrase("Somebody wrote into the database. Compare it with a backup: makegood backup keeps them."))
    else:
        told.append(
            phrase(
                "Answers: {answers} in {talks} conversations, all as they were written.",
                answers=found.answers,
                talks=found.conversations,
            )
        )
    return told


def _differing(each: "Difference") -> str:
    from reports.periods import date_of

    what = " ".join(part for part in each.counted[1:] if part)
    return f"  {date_of(each.counted.day)}  {what}: {each.kept} / {each.rows}"
