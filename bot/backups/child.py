"""A backup in a process of its own: `python -m bot.backups.child`, a Wish as JSON on standard input.

Checking a large copy takes many seconds of computing, which in the bot's own process every turn would feel. Its
last line on standard output is what was made, on standard error why not, in one sentence.
"""

import os
import sys
from typing import Final

from bot.backups.making import Made, Wish, back_up, read_as, written
from bot.clock import Clock
from bot.lock import DataFolderInUse
from storage.errors import StorageError

NICENESS: Final = 10

if __name__ == "__main__":
    os.umask(0o077)
    os.nice(NICENESS)
    try:
        made: Made = back_up(read_as(Wish, sys.stdin.buffer.read()), Clock())
    except (StorageError, DataFolderInUse, OSError) as error:
        sys.exit(" ".join(str(error).split()))
    sys.stdout.write(written(made).decode() + "\n")
