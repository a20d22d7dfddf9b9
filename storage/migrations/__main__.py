"""The child process of a migration: `python -m storage.migrations PATH-OR-URL [FOLDER]`.

Its last line on standard error says why it failed, in one sentence.
"""

import sqlite3
import sys
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.migrations.leading import lead

if __name__ == "__main__":
    target = sys.argv[1]
    try:
        lead(target if "://" in target else Path(target), [Path(folder) for folder in sys.argv[2:]])
    except (CommandError, OSError, SQLAlchemyError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
        sys.exit(" ".join(str(cause).split()))
