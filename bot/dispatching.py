"""Who has a case: chosen among the staff, written down with the reasons, and told; or handed on to somebody else.

    opened, reopened ──give──> the one who fits best (`recovery.routing`), or nobody: then the whole team
    handed over      ──hand──> whoever was named, by a colleague or by the ladder

The choice never waits for anybody: it is made in the turn that opens the case. Who comes on duty later is told then,
by a due row of the kind `duty`.
"""

from collections.abc import Callable
from typing import Final

from bot import candidates, case_buttons, case_posting, case_words
from bot.case_readers import PERSON, holder, own_chats
from bot.channels.messages import Message
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import phrase
from recovery import cases
from recovery.routing import Choice, choose
from storage.assignments import Assignment
from storage.cases import Case
from storage.due import DueRow
from storage.staff import StaffMember

DUTY: Final = "duty"
"""Due rows: whom a case was given to comes on duty. The subject is the case."""

GIVEN: Final = "Given"
"""What the history of a case calls it."""

FOR_YOU: Final = phrase("This case is given to you. Please take it, or hand it on.")
YOURS: Final = phrase("This case is yours now. Please go on with it, or hand it on.")

WHEN_SOMEBODY_LEFT: Final[list[Callable[[Scene, StaffMember], None]]] = []
"""Who else is told, in the same turn, that a staff member works here no longer, after their cases were given anew."""


def give(scene: Scene, case: Case, *, another_person: bool = False, actor: str = "makegood") -> Case:
    """Give a case to whoever fits best, and return it as it is then; to nobody when there is nobody.

    `another_person` wants somebody who did not have it before, when there is one.
    """
    before = scene.unit.assignments.newest(case.id)
    choice = chosen(scene, case, another_person=another_person)
    case = _written_down(scene, case, choice.candidate, actor, candidates.kept(choice), before)
    if choice.at is not None:
        _plan_telling(scene, case, choice.at)
    elif choice.candidate is not None and _is_news(scene, case, before):
        tell_holder(scene, case)
    return case


def _is_news(scene: Scene, case: Case, before: Assignment | None) -> bool:
    """Return whether a case comes to somebody who reads of that nowhere else."""
    if before is None:
        return not told_with_all(scene, case)
    return before.staff_member_id != case.assignee_id


def chosen(scene: Scene, case: Case, *, another_person: bool = False, excluded: frozenset[int] = frozenset()) -> Choice:
    """Return who fits best now, the case's own team before the others, and why."""
    needs = candidates.needs_of(scene, case, another_person=another_person, excluded=excluded)
    everybody = candidates.of(scene, case)
    if case.team_id is not None:
        own = {member.id for member in scene.unit.staff.listing(scene.house.brand) if member.team_id == case.team_id}
        choice = choose(needs, [one for one in everybody if one.id in own], scene.now)
        if choice.candidate is not None:
            return choice
    return choose(needs, everybody, scene.now)


def hand(scene: Scene, case: Case, to: StaffMember, actor: str) -> Case:
    """Hand a case to somebody, who is told, and return it as it is then. Whoever had it is not asked.

    A case that was taken is theirs at once; one that nobody took is for them to take.
    """
    case = pass_on(scene, case, to, actor)
    if actor != f"staff:{to.id}":
        tell_holder(scene, case)
    return case


def pass_on(scene: Scene, case: Case, to: StaffMember, actor: str) -> Case:
    """Hand a case over without a word to anybody: whoever calls this says it in words of their own."""
    from bot import casework, clockwork, escalation  # late: they give cases away themselves

    case, _ = casework.tell(scene, case, cases.HandedOver(to.id), actor)
    case = _written_down(scene, case, to.id, actor, "")
    clockwork.look_again(scene, case)
    escalation.show_state(scene, case)
    return case


def hand_all(scene: Scene, who: StaffMember, to: StaffMember, actor: str) -> int:
    """Hand every case that waits for one person to another, and return how many those are."""
    waiting = waiting_for(scene, who.id)
    for case in waiting:
        hand(scene, case, to, actor)
    return len(waiting)


def hand_on(scene: Scene, who: StaffMember, actor: str) -> int:
    """Give every case that waits for somebody to whoever fits best instead, and return how many found somebody."""
    found = 0
    for case in waiting_for(scene, who.id):
        choice = chosen(scene, case, excluded=frozenset({who.id}))
        if choice.candidate is not None:
            hand(scene, case, scene.unit.staff.get(choice.candidate), actor)
            found += 1
    return found


def waiting_for(scene: Scene, staff_member_id: int) -> list[Case]:
    """Return the cases that somebody has to do something about: given to them or taken, and not put right yet."""
    held = scene.unit.cases.held_by(staff_member_id)
    return [case for case in held if holder(case) == staff_member_id and case.stage in ("open", "taken")]


def somebody_left(scene: Scene, member: StaffMember, owned: list[Case], actor: str) -> list[Case]:
    """Give the open cases of somebody who works here no longer to others; return them. `owned` they had taken."""
    from bot import casework  # late, as above

    given = [case for case in scene.unit.cases.held_by(member.id) if case.id not in {one.id for one in owned}]
    left = []
    for case in owned:
        case, _ = casework.tell(scene, case, cases.OwnerLeft(), actor)
        left.append(case)
    told = [give(scene, case, another_person=True) for case in [*left, *given]]
    for hears in WHEN_SOMEBODY_LEFT:
        hears(scene, member)
    return told


def come_on_duty(due: DueRow, scene: Scene) -> int | None:
    """Tell whoever comes on duty now of the case that waited for them, unless somebody has taken it meanwhile."""
    case = scene.unit.cases.get(due.subject)
    newest = scene.unit.assignments.newest(case.id)
    if newest is None or not due.dedupe_key.endswith(f":{newest.id}"):  # handed on meanwhile
        return None
    if case.closed_at is None and case.owner_id is None:
        tell_holder(scene, case)
    return None


def tell_holder(scene: Scene, case: Case) -> None:
    """Tell whoever has a case that it is theirs, in their own chat: a new message, with all that is known."""
    for address, language in own_chats(scene, holder(case)):
        given = FOR_YOU if case.owner_id is None else YOURS
        words = f"{case_words.first_words(scene, case, language)}\n\n{say(given, language)}"
        buttons = case_buttons.rows(cases.load(case.state), case, language)
        case_posting.post(scene, case, address, language, Message(words, buttons), "escalation")


def waits_for_duty(scene: Scene, case: Case) -> bool:
    """Return whether the only reader of a case comes on duty later, and is told of it then."""
    return scene.house.tells == PERSON and bool(own_chats(scene, holder(case))) and comes_later(scene, case)


def comes_later(scene: Scene, case: Case) -> bool:
    """Return whether the one to whom a case was given comes on duty later."""
    newest = scene.unit.assignments.newest(case.id)
    if newest is None or not newest.choice:
        return False
    at = candidates.read(newest.choice).at
    return at is not None and at > scene.now


def told_with_all(scene: Scene, case: Case) -> bool:
    """Return whether the one who has a case reads its first message as everybody does: in their own chat."""
    if scene.house.tells == PERSON or not own_chats(scene, holder(case)):
        return True
    return scene.unit.addresses.staff_group(scene.house.brand) is None


def _written_down(
    scene: Scene, case: Case, staff_member_id: int | None, actor: str, choice: str, again: Assignment | None = None
) -> Case:
    """Write down who was chosen, and return the case. `again` is the choice before, when it was made anew."""
    member = None if staff_member_id is None else scene.unit.staff.get(staff_member_id)
    team_id = case.team_id if member is None or member.team_id is None else member.team_id
    scene.unit.assignments.add(case.id, staff_member_id, team_id, actor, choice, scene.now)
    if again is None or again.staff_member_id != staff_member_id:  # to choose the same one again is no news
        detail = "" if member is None else f"staff:{member.id}"
        scene.unit.history.add(scene.house.brand, f"case:{case.id}", actor, GIVEN, detail, scene.now)
    return scene.unit.cases.get(case.id)


def _plan_telling(scene: Scene, case: Case, at: int) -> None:
    newest = scene.unit.assignments.newest(case.id)
    if newest is not None:
        scene.out.plan(DUTY, case.id, f"{DUTY}:{case.id}:{newest.id}", at, scene.house.brand)
