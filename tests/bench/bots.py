"""The bots that are measured: how each is started, and how its answers are read.

`makegood` is the installed program from PATH, with nothing switched off: only the sender's pace is raised, so that
its limits do not stand in for the program's speed. The peers run on the Python of their own environment, which
PEERS_PYTHON names.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from tests.bench.customers import Answer
from tests.bench.telegram import TOKEN

ROOT: Final = Path(__file__).parents[2]
ANSWERS_OF_PEERS: Final = "SELECT chat, question, value FROM answer"
ANSWERS_OF_MAKEGOOD: Final = """
    SELECT address.chat, answer.question, COALESCE(answer.number, answer.text)
    FROM answer
    JOIN conversation ON conversation.id = answer.conversation_id
    JOIN address ON address.id = conversation.address_id
    WHERE answer.role = 'answer'
"""


class Place(msgspec.Struct, frozen=True):
    """Where a bot runs: the fake Telegram's address, an empty folder, and how durable a commit is."""

    api: str
    folder: Path
    synchronous: str


class Start(msgspec.Struct, frozen=True):
    """A command with what it finds in its environment."""

    command: list[str]
    environment: dict[str, str]


class Bot(msgspec.Struct, frozen=True):
    """One bot: `answers` reads chat, question and value of every answer from `database`."""

    name: str
    start: Callable[[Place], Start]
    database: str
    answers: str


class NotInstalled(Exception):
    """The bot cannot be started here. Its text says what is missing."""


def _makegood(place: Place) -> Start:
    program = shutil.which("makegood")
    if program is None:
        raise NotInstalled("makegood is not on PATH: `make bench` sees to that")
    settings = {
        "telegram.api_base": place.api,
        "telegram.mode": "polling",
        "telegram.start_survey": "pulse",
        "storage.folder": str(place.folder),
        "storage.path": str(place.folder / "bot.db"),
        "storage.synchronous": place.synchronous,
        "web.port": "0",
        "delivery.overall_per_s": "100000",
        "delivery.chat_per_s": "1000",
        "delivery.chat_burst": "1000",
    }
    options = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    return Start([program, "run", *options], {"MAKEGOOD_TELEGRAM__TOKEN": TOKEN})


def _peer(module: str) -> Callable[[Place], Start]:
    def start(place: Place) -> Start:
        environment = {
            "BENCH_API": place.api,
            "BENCH_TOKEN": TOKEN,
            "BENCH_FOLDER": str(place.folder),
            "BENCH_SYNCHRONOUS": place.synchronous,
            "PYTHONPATH": str(ROOT),
        }
        return Start([os.environ.get("PEERS_PYTHON", sys.executable), "-m", f"tests.bench.peers.{module}"], environment)

    return start


BOTS: Final = {
    bot.name: bot
    for bot in (
        Bot("makegood", _makegood, "bot.db", ANSWERS_OF_MAKEGOOD),
        Bot("aiogram", _peer("aiogram_bot"), "bot.db", ANSWERS_OF_PEERS),
        Bot("python-telegram-bot", _peer("ptb_bot"), "bot.db", ANSWERS_OF_PEERS),
    )
}


def stored_answers(bot: Bot, folder: Path) -> list[Answer]:
    """Return every answer in the bot's database; the bot has ended."""
    connection = sqlite3.connect(folder / bot.database)
    try:
        return [Answer(int(chat), question, str(value)) for chat, question, value in connection.execute(bot.answers)]
    finally:
        connection.close()
