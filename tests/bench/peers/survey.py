"""What both peers ask, and where they keep the answers: one row and one commit for each.

Settings come in the environment: BENCH_API, BENCH_TOKEN, BENCH_FOLDER and BENCH_SYNCHRONOUS.
"""

import os
from pathlib import Path
from typing import Final

import aiosqlite

API: Final = os.environ["BENCH_API"]
TOKEN: Final = os.environ["BENCH_TOKEN"]
FOLDER: Final = Path(os.environ["BENCH_FOLDER"])
SYNCHRONOUS: Final = os.environ["BENCH_SYNCHRONOUS"]

RATINGS: Final = (
    ("csat", "How satisfied are you with our service?", range(1, 6)),
    ("nps", "How likely are you to recommend us to a friend or colleague?", range(11)),
    ("ces", "How easy was it to get done what you wanted with us?", range(1, 8)),
)
COMMENT: Final = "Is there anything else you would like to tell us?"
THANKS: Final = "Thank you. That was all."
POLL_SECONDS: Final = 10
A_ROW: Final = 6


def rows_of(question: int) -> list[list[tuple[str, str]]]:
    """Return the keyboard of a rating: rows of labels, each with what its tap sends."""
    key, _, scale = RATINGS[question]
    buttons = [(str(value), f"{key}:{value}") for value in scale]
    return [buttons[start : start + A_ROW] for start in range(0, len(buttons), A_ROW)]


def chosen(question: int, value: str) -> str:
    """Return the question as it stands when it is answered."""
    return f"{RATINGS[question][1]}\n✓ {value}"


async def open_answers() -> aiosqlite.Connection:
    """Open the database, with its table."""
    connection = await aiosqlite.connect(FOLDER / "bot.db")
    await connection.execute("PRAGMA journal_mode = WAL")
    await connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    await connection.execute(
        """
        CREATE TABLE IF NOT EXISTS answer (
            id INTEGER PRIMARY KEY,
            chat INTEGER NOT NULL,
            question TEXT NOT NULL,
            value TEXT NOT NULL,
            at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
        )
        """
    )
    await connection.commit()
    return connection


async def keep(connection: aiosqlite.Connection, chat: int, question: str, value: str) -> None:
    """Store one answer; it is on the disk when this returns."""
    await connection.execute("INSERT INTO answer (chat, question, value) VALUES (?, ?, ?)", (chat, question, value))
    await connection.commit()
