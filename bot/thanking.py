"""A thank-you for complaining: offered some minutes after the apology, where the plan of the touchpoint has one.

Only about one in twenty-five who are unhappy says so; whoever does helps all the others. It is no hush money: it
comes when what happened was told, whatever becomes of the case, and once.
"""

from datetime import timedelta
from typing import Final

from bot.scene import Scene
from storage.cases import Case

DUE: Final = "thank"
AFTER: Final = timedelta(minutes=5) // timedelta(milliseconds=1)
"""Long enough to say what went wrong first, in ms."""


def plan(scene: Scene, case: Case) -> None:
    """Plan the thank-you of a case that was just opened, where there is one."""
    if scene.house.shelved.book.plans.get(case.plan).thanks_with is not None:
        scene.out.plan(DUE, case.id, f"{DUE}:{case.id}", scene.now + AFTER, scene.house.brand)
