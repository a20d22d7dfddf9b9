"""What is tidied up day by day, a chunk at a time, so that it never holds up anybody's turn.

prune   the words of updates go after seven days, their rows after thirty: long enough to know a repeat; of drafts of
        surveys the revisions that no step needs go after a day (`bot.editing.thinning`); sessions of the console that
        ended go after thirty, too: by then nobody asks any more who was signed in
erase   files that people sent go when their retention ends; that there was one stays known
let_out anonymous responses are let out together (`bot.anonymous_release`)
"""

from datetime import timedelta
from typing import Final

from bot.editing.thinning import thin
from bot.scene import Scene
from storage.due import DueRow
from storage.unit import Unit

MILLISECOND: Final = timedelta(milliseconds=1)
TEXTS_LAST: Final = timedelta(days=7) // MILLISECOND
ROWS_LAST: Final = timedelta(days=30) // MILLISECOND
DAY: Final = timedelta(days=1) // MILLISECOND
CHUNK: Final = 500
CURSOR: Final = "prune.after"


def plan(unit: Unit, brand: int, now: int) -> None:
    """Plan today's chores, once however often we start."""
    for kind in ("prune", "erase", "let_out"):
        unit.due.add(brand, kind, 0, _key(kind, now), now)


def _key(kind: str, now: int) -> str:
    return f"{kind}:{now // DAY}"


def erase(_due: DueRow, scene: Scene) -> int | None:
    """Erase one chunk of the files whose retention ended; return when to go on, None when it is done for today.

    The files themselves leave the folder after the commit.
    """
    erased = scene.unit.media.erase("retention", CHUNK, ended_by=scene.now)
    scene.out.moves_files = erased > 0
    if erased == CHUNK:
        return scene.now
    scene.out.plan("erase", 0, _key("erase", scene.now + DAY), scene.now + DAY, scene.house.brand)
    return None


def prune(_due: DueRow, scene: Scene) -> int | None:
    """Prune one chunk of all but files; return when to go on, None when it is done for today."""
    after = int(scene.unit.facts.get(scene.house.brand, CURSOR) or 0)
    reached = scene.unit.inbox.prune(scene.now - TEXTS_LAST, scene.now - ROWS_LAST, CHUNK, after)
    scene.unit.facts.put(scene.house.brand, CURSOR, str(reached or 0))
    told = scene.unit.notifications.prune(scene.now - ROWS_LAST, CHUNK)
    ended = scene.unit.sessions.prune_staffs(scene.now - ROWS_LAST, CHUNK)
    if reached is not None or CHUNK in (told, ended) or thin(scene.unit, scene.now, CHUNK):
        return scene.now
    scene.out.plan("prune", 0, _key("prune", scene.now + DAY), scene.now + DAY, scene.house.brand)
    return None
