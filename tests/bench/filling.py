"""A database filled in bulk: so many answers, spread over the year before now, as turns would have left them.

Rows are written past the turns, many at a time; the figures are then counted anew, as they are after an upgrade.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from bot.publishing import library, publish
from conversations.facts import NOTHING_KNOWN
from conversations.reading import read
from conversations.state import Closed, Given, save
from conversations.surveys import RATINGS, Survey
from storage.answers import _link, _sealed
from storage.database import Database
from storage.unit import Unit

DAY: Final = 86_400_000
YEAR: Final = 365 * DAY
SURVEYS: Final = ("after_delivery", "after_repair", "pulse", "csat_reason", "ces_effort")
PEOPLE: Final = 2_000
AT_ONCE: Final = 5_000
"""Conversations in one transaction."""

SILENT: Final = 0.3
UNHAPPY: Final = 0.15
CASES: Final = ("recovered", "recovered", "recovered", "unreachable", "corrected")


class Edition(NamedTuple):
    """A published survey."""

    id: int
    survey: Survey


async def fill(path: Path, answers: int, now: int, seed: int = 1) -> int:
    """Fill a new database with so many answers; return the number of conversations."""
    database = await Database.open(path, synchronous="NORMAL")
    try:
        await database.run(lambda unit: publish(unit, 1, library(), now))
        editions = await database.run(_editions)
        await database.run(lambda unit: _people(unit, now))
    finally:
        await database.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        return _talk(connection, editions, answers, now, Random(seed))


def _editions(unit: Unit) -> list[Edition]:
    stored = [unit.surveys.by_key(1, key) for key in SURVEYS]
    return [Edition(each.id, read(each.source, f"{each.key}.toml")) for each in stored if each is not None]


def _people(unit: Unit, now: int) -> None:
    for number in range(PEOPLE):
        customer = unit.customers.ensure(1, f"c-{number}", now - YEAR, "Ana")
        unit.addresses.add(1, "telegram", str(number), "customer", now - YEAR, customer_id=customer.id)


class _Rows:
    """What one transaction writes."""

    def __init__(self) -> None:
        self.conversations: list[tuple[object, ...]] = []
        self.invitations: list[tuple[object, ...]] = []
        self.answers: list[tuple[object, ...]] = []
        self.cases: list[tuple[object, ...]] = []


def _talk(connection: sqlite3.Connection, editions: list[Edition], answers: int, now: int, random: Random) -> int:
    talks = _talks(editions, answers, now, random)
    number = 0
    while True:
        rows = _Rows()
        for _, talk in zip(range(AT_ONCE), talks, strict=False):
            number += 1
            _write(rows, number, talk, random)
        if not rows.conversations:
            return number
        connection.execute("BEGIN")
        _insert(connection, rows)
        connection.execute("COMMIT")


class _Talk(NamedTuple):
    edition: Edition
    opened_at: int
    ratings: dict[str, tuple[str, int]]
    complete: bool


def _talks(editions: list[Edition], answers: int, now: int, random: Random) -> Iterator[_Talk]:
    given = 0
    while given < answers:
        edition = random.choice(editions)
        asked = [each for each in edition.survey.questions if each.kind in RATINGS and each.scale is not None]
        ratings: dict[str, tuple[str, int]] = {}
        if random.random() > SILENT:
            for each in asked[: random.randint(1, len(asked))]:
                if each.scale is not None:
                    ratings[each.key] = (each.kind, random.randint(each.scale.low, each.scale.high))
        given += len(ratings)
        yield _Talk(edition, now - random.randrange(YEAR), ratings, len(ratings) == len(asked))


def _write(rows: _Rows, number: int, talk: _Talk, random: Random) -> None:
    person, at, closed_at = number % PEOPLE + 1, talk.opened_at, talk.opened_at + 600_000
    outcome = "none" if not talk.ratings else "complete" if talk.complete else "partial"
    chain = ""
    for question, (kind, rating) in talk.ratings.items():
        salt = f"{number:x}"
        chain = _link(chain, _sealed(salt, question, "answer", kind, rating, None, str(rating), False, False, at))
        rows.answers.append((number, question, kind, rating, str(rating), at, salt, chain))
    answers = {key: Given(raw=str(rating), at=at, number=rating) for key, (_, rating) in talk.ratings.items()}
    state = Closed(
        seed=f"s{number}", language="en", facts=NOTHING_KNOWN, answers=answers, outcome=outcome, closed_at=closed_at
    )
    rows.conversations.append(
        (number, person, person, talk.edition.id, f"s{number}", save(state), chain, outcome, at, closed_at)
    )
    touchpoint = talk.edition.survey.touchpoint
    rows.invitations.append((person, talk.edition.id, touchpoint, number, at, at))
    if talk.ratings and random.random() < UNHAPPY:
        ending = random.choice(CASES)
        rows.cases.append((number, person, person, number, touchpoint, ending, at, at + 2 * DAY))


def _insert(connection: sqlite3.Connection, rows: _Rows) -> None:
    connection.executemany(
        """
        INSERT INTO conversation (id, brand_id, address_id, customer_id, purpose, survey_version_id, seed, state, chain,
                                  outcome, opened_at, closed_at)
        VALUES (?, 1, ?, ?, 'survey', ?, ?, ?, ?, ?, ?, ?)
        """,
        rows.conversations,
    )
    connection.executemany(
        """
        INSERT INTO invitation (brand_id, customer_id, survey_version_id, touchpoint, state, conversation_id,
                                planned_at, decided_at)
        VALUES (1, ?, ?, ?, 'sent', ?, ?, ?)
        """,
        rows.invitations,
    )
    connection.executemany(
        """
        INSERT INTO answer (conversation_id, question, role, kind, number, raw, at, salt, digest)
        VALUES (?, ?, 'answer', ?, ?, ?, ?, ?, ?)
        """,
        rows.answers,
    )
    connection.executemany(
        """
        INSERT INTO recovery_case (brand_id, number, customer_id, address_id, conversation_id, touchpoint, cause, state,
                                   stage, outcome, opened_at, closed_at)
        VALUES (1, ?, ?, ?, ?, ?, 'unhappy', '{}', 'closed', ?, ?, ?)
        """,
        rows.cases,
    )
