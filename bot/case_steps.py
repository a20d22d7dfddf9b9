"""The steps of a case in the turn: written down with who did them, when, and what shows that they were done."""

from bot import clockwork
from bot.scene import Scene
from storage.case_steps import CaseStep
from storage.cases import Case
from storage.unit import Unit


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
