"""Who reads what becomes of a case: everybody, or only the one whom it was given to.

`recovery.tells` says which. The one whom it was given to reads it in their own chat; who has none yet cannot be told
so, and then everybody reads it. A team's case is read by the team and by those who work for the whole business.
"""

from collections.abc import Iterator
from typing import Final

from bot.scene import Scene
from storage.addresses import Address
from storage.cases import Case
from storage.staff import StaffMember

PERSON: Final = "person"

Reader = tuple[Address, str]
"""A chat, and the language that is read there."""


def readers(scene: Scene, case: Case | None = None) -> Iterator[Reader]:
    """Yield where the news of a case are read, each with its language; without a case, where all staff read."""
    if case is not None and scene.house.tells == PERSON:
        own = own_chats(scene, holder(case))
        if own:
            yield from own
            return
    yield from everybody(scene, case)


def everybody(scene: Scene, case: Case | None = None) -> Iterator[Reader]:
    """Yield the staff group, or else the chat of everybody whom the case may concern."""
    group = scene.unit.addresses.staff_group(scene.house.brand)
    if group is not None:
        yield group, group.language or scene.house.language
        return
    bound = scene.unit.staff.bound(scene.house.brand)
    team = None if case is None else case.team_id
    concerned = [(member, address) for member, address in bound if concerns(member, team)]
    for member, address in concerned or bound:
        yield address, member.language


def concerns(member: StaffMember, team_id: int | None) -> bool:
    """Return whether the work of a team is somebody's business: their own team's, or the whole business is theirs."""
    return team_id is None or member.team_id in (None, team_id)


def own_chats(scene: Scene, staff_member_id: int | None) -> list[Reader]:
    """Return where somebody reads for themselves; none when they opened no chat, or blocked it."""
    if staff_member_id is None:
        return []
    member = scene.unit.staff.get(staff_member_id)
    if member.removed_at is not None:
        return []
    chats = scene.unit.addresses.of_staff(staff_member_id)
    return [(address, member.language) for address in chats if address.unreachable_at is None]


def holder(case: Case) -> int | None:
    """Return who has a case: its owner, or else the one whom it was given to and who did not take it yet."""
    return case.owner_id if case.owner_id is not None else case.assignee_id
