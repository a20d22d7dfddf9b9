"""The root cause of a case, asked for: by two rows of buttons, of whoever put it right, and never before that.

A case whose outcome is known and whose cause is not is over for its customer. For its owner it is a task, and they
are reminded of it; whoever names the cause ends both.
"""

from typing import Final

from bot.case_buttons import Rows, act_button
from bot.case_readers import own_chats, readers
from bot.case_words import ENDED, title
from bot.channels.messages import Button, Message
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from conversations.surveys import said_in
from recovery.causes import DEFAULT, OTHER, Cause
from storage.cases import Case
from storage.due import DueRow

CAUSE: Final = "cause"
"""The kind of the task, the due row and the step, and the name of the button's act."""

REMINDERS: Final = 3
"""So often its owner is reminded; the task stays until somebody names the cause."""

WHY: Final = phrase("Why did it go wrong? One tap, so that we learn from it.")
MISSING: Final = phrase("It is over for the customer. Why did it go wrong? One tap, and the case is closed.")
SOMETHING_ELSE: Final = phrase("Something else")
_WIDTH: Final = 2
_MILLISECOND: Final = 1_000


def wanted(scene: Scene, case: Case) -> None:
    """Make a task of naming the cause, ask the owner for it, and plan the reminder."""
    key = f"{CAUSE}:{case.id}:{case.reopened}"
    made = scene.unit.tasks.add(
        scene.house.brand,
        CAUSE,
        key,
        scene.now,
        case_id=case.id,
        staff_member_id=case.owner_id,
        customer_id=case.customer_id,
    )
    if made is not None:
        _tell_everybody(scene, case)
        _plan(scene, case, 1)


def known(scene: Scene, case: Case) -> None:
    """End the tasks that were to learn the cause."""
    for task in scene.unit.tasks.of_case(case.id):
        if task.kind == CAUSE:
            scene.unit.tasks.done(task.id, scene.now)


def remind(due: DueRow, scene: Scene) -> int | None:
    """Ask once more for the cause of a case that waits for nothing else."""
    case = scene.unit.cases.get(due.subject)
    reopened, _, number = due.dedupe_key.removeprefix(f"{CAUSE}:{case.id}:").partition(":")
    if case.stage != "settled" or reopened != str(case.reopened):
        return None
    _ask_owner(scene, case)
    if int(number) < REMINDERS:
        _plan(scene, case, int(number) + 1)
    return None


def _plan(scene: Scene, case: Case, number: int) -> None:
    at = scene.now + int(scene.house.cause_again.total_seconds() * _MILLISECOND)
    scene.out.plan(CAUSE, case.id, f"{CAUSE}:{case.id}:{case.reopened}:{number}", at, scene.house.brand)


def _tell_everybody(scene: Scene, case: Case) -> None:
    """Tell how it ended and ask for the cause, in one message."""
    for address, language in readers(scene, case):
        ended = say(ENDED[case.outcome or "recovered"], language)
        text = f"{title(scene, case, language)}\n{ended}\n{say(MISSING, language)}"
        scene.out.post(address, Message(text, first_level(scene, case, language)), "case_news", case_id=case.id)


def _ask_owner(scene: Scene, case: Case) -> None:
    for address, language in own_chats(scene, case.owner_id) or readers(scene, case):
        text = f"{title(scene, case, language)}\n{say(MISSING, language)}"
        scene.out.post(address, Message(text, first_level(scene, case, language)), "case_news", case_id=case.id)


def first_level(scene: Scene, case: Case, language: str) -> Rows:
    """Return the buttons of the first level, two in a row, and *Something else*."""
    causes = scene.house.shelved.book.causes.first
    return _rows([*(_button(case, cause, cause.key, language) for cause in causes), _other(case, OTHER, language)])


def second_level(scene: Scene, case: Case, path: str, language: str) -> Rows:
    """Return the buttons below a cause of the first level, and *Something else*."""
    below = scene.house.shelved.book.causes.below(path)
    buttons = [_button(case, cause, f"{path}.{cause.key}", language) for cause in below]
    return _rows([*buttons, _other(case, f"{path}.{OTHER}", language)])


def _button(case: Case, cause: Cause, path: str, language: str) -> Button:
    return Button(said_in(cause.label, language, DEFAULT), f"1:k{case.number}:{CAUSE}:{path}")


def _other(case: Case, path: str, language: str) -> Button:
    return act_button(SOMETHING_ELSE, case.number, f"{CAUSE}:{path}", language)


def _rows(buttons: list[Button]) -> Rows:
    return tuple(tuple(buttons[at : at + _WIDTH]) for at in range(0, len(buttons), _WIDTH))


def in_words(scene: Scene, path: str, language: str) -> str:
    """Return a cause as staff read it."""
    if path == OTHER:
        return say(SOMETHING_ELSE, language)
    head, _, last = path.partition(".")
    causes = scene.house.shelved.book.causes
    if last == OTHER:
        return f"{causes.words(head, language)} · {say(SOMETHING_ELSE, language)}"
    return causes.words(path, language)


def question(*, settled: bool) -> Phrase:
    """Return how the cause is asked for."""
    return MISSING if settled else WHY
