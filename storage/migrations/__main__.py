"""The child process of a migration: `python -m storage.migrations PATH-OR-URL [FOLDER]`."""

import sys
from pathlib import Path

from storage.migrations.leading import lead

if __name__ == "__main__":
    target = sys.argv[1]
    lead(target if "://" in target else Path(target), [Path(folder) for folder in sys.argv[2:]])
