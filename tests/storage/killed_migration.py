"""A process that migrates copies of a file and kills itself with SIGKILL at the 1st, 2nd, 3rd … statement.

    python killed_migration.py FILE FOLDER

Prints one JSON line for each copy: where the process died, and which copy it left. It forks, so that Alembic is
imported once; each fork is a process of its own that really dies.
"""

import json
import os
import shutil
import signal
import sqlite3
import sys
from pathlib import Path

from storage.migrations.leading import lead

_connect = sqlite3.connect


def dying_at(number):
    """Return a `sqlite3.connect` whose connections together live for so many statements."""
    seen = 0

    def count(_statement):
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*arguments, **settings):
        connection = _connect(*arguments, **settings)
        connection.set_trace_callback(count)
        return connection

    return connect


def die(path, folder, number):
    """Migrate in a fork that dies at statement `number`; return whether it died."""
    child = os.fork()
    if child == 0:
        sqlite3.connect = dying_at(number)
        lead(path, [folder])
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def main():
    """Kill at every statement until one migration lives to its end."""
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    number, died = 0, True
    while died:
        number += 1
        copy = source.with_name(f"killed-{number:03}.db")
        shutil.copy(source, copy)
        died = die(copy, folder, number)
        sys.stdout.write(json.dumps({"statement": number, "path": str(copy), "died": died}) + "\n")


if __name__ == "__main__":
    main()
