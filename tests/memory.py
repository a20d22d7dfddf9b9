"""Where tests write: in memory, where there is room for it.

What they claim of a crash is of a process, and a disk takes half of their time.
"""

import os
import shutil
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
ROOM: Final = 4 * 1024**3  # bytes; a whole run leaves half of one behind


def folder() -> str | None:
    """Return the folder in memory; None where there is too little room in it, or somebody has named another."""
    if "TMPDIR" in os.environ or not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free <= ROOM:
        return None
    return str(MEMORY)
