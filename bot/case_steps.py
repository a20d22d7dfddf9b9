"""The steps of a case in the turn: written down with who did them, when, and what shows that they were done."""

import re
from typing import Final

from bot import clockwork
from bot.scene import Scene
from storage.case_steps import CaseStep
from storage.cases import Case
from storage.unit import Unit

_PROMPT: Final = re.compile(r"step([1-9][0-9]{0,14})")


def prompt_of(step_id: int) -> str:
    """Return the prompt of a question that staff put to a customer: the row that asked names it."""
    return f"step{step_id}"


def step_of(prompt: str) -> int | None:
    """Return the row that asked by that prompt, None for a prompt of anything else."""
    match = _PROMPT.fullmatch(prompt)
    return int(match[1]) if match else None


def was_answered(unit: Unit, step_id: int) -> bool:
    """Return whether the customer answered what that row asked."""
    asked = unit.case_steps.get(step_id)
    rows = [] if asked is None else unit.case_steps.of(asked.case_id)
    return any(row.id > step_id and row.actor == "customer" and asked and row.step == asked.step for row in rows)


def note_step(
    scene: Scene,
    case: Case,
    step: str,
    how: str,
    actor: str,
    *,
    evidence: str = "",
    message_id: int | None = None,
) -> int:
    """Write down what became of a step, and return its id.

    `how` is done, not_needed, asked, confirmed or corrected; `actor` is `customer`, `staff:4` or `makegood`;
    `message_id` is the case's message in which something was said; `evidence` says in words what was done.
    """
    step_id = scene.unit.case_steps.add(case.id, step, how, actor, scene.now, evidence=evidence, message_id=message_id)
    scene.unit.history.add(scene.house.brand, f"case:{case.id}", actor, "Step", f"{step}:{how}", scene.now)
    clockwork.look_again(scene, case)
    return step_id


def steps_of(unit: Unit, case: Case) -> list[CaseStep]:
    """Return what was done in a case, in order."""
    return unit.case_steps.of(case.id)
