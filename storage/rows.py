"""What every table class stands on: a way to execute SQL, and rows that become frozen values.

A row value has its table's columns as its fields, in the same order, so that `SELECT *` and `RETURNING *` make
one by position; a test holds the two against each other, and a database of another version is never opened.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

Parameters = Mapping[str, object]


class Row(msgspec.Struct, frozen=True, gc=False):
    """One row of a table. It holds numbers and texts only, so the garbage collector need not look at it."""


class Rows(Protocol):
    """What a statement gave: rows to fetch, or the number of rows it changed."""

    @property
    def rowcount(self) -> int:
        """Return how many rows the statement changed."""
        ...

    def fetchone(self) -> Any:
        """Return the next row as a tuple, or None."""
        ...

    def fetchall(self) -> list[Any]:
        """Return the rows that are left, as tuples."""
        ...


class Execute(Protocol):
    """Execute one statement with named parameters, written `:name` in the SQL."""

    def __call__(self, sql: str, parameters: Parameters = ..., /) -> Rows:
        """Return what the statement gave."""
        ...


class Insert(Protocol):
    """Execute an INSERT of one row that ends in RETURNING id and updates nothing; quicker where that can be."""

    def __call__(self, sql: str, parameters: Parameters, /) -> int | None:
        """Return the id, or None when a conflict let nothing be inserted."""
        ...


class Table:
    """A group of queries on one table."""

    __slots__ = ("_execute", "_insert")

    def __init__(self, execute: Execute, insert: Insert) -> None:
        self._execute = execute
        self._insert = insert
