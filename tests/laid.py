"""Databases that are laid already. To lay the schema took most of the time of most tests, and is the same each time."""

import tempfile
from collections.abc import Awaitable
from functools import cache
from pathlib import Path
from typing import Any

from storage.database import Database
from storage.schema import VERSIONS
from storage.sqlite import _connect


def opened(path: Path, **more: Any) -> Awaitable[Database]:
    """Open a database as `Database.open` does; one that is not there yet begins as a copy of an empty one."""
    if not path.exists():
        path.write_bytes(_empty())
    return Database.open(path, **more)


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        _connect(path, "NORMAL", 0, VERSIONS).close()
        return path.read_bytes()
