"""A case is handed to a colleague: /hand N NAME, or *Hand over* below it. Both hear of it."""

from typing import Final

from bot import dispatching, staff_cases
from bot.access.policy import Act
from bot.candidates import workers
from bot.case_buttons import pressed_act
from bot.case_readers import concerns, holder, own_chats
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from storage.cases import Case
from storage.errors import NotFound
from storage.staff import StaffMember

HAND: Final = phrase("Hand over")
TO_WHOM: Final = phrase("To whom shall I hand case {number}?")
NOBODY_ELSE: Final = phrase("Nobody else works cases here yet. An admin can invite a colleague.")
CLOSED: Final = phrase("This case is closed.")


def hand(talk: StaffTalk, rest: str) -> None:
    """Hand a case to whom the command names; without a name that is known, offer the names as buttons."""
    named = staff_cases.case_named(talk, rest, "hand")
    if named is None:
        return
    case, name = named
    if not talk.may(Act.HAND_CASE, case):
        talk.say(phrase("You may not do this. Please ask a colleague who works cases."))
        return
    found = _by_name(talk, case, name)
    if found is None:
        _ask_whom(talk, case, name)
    elif (refused := _give(talk, case, found)) is not None:
        talk.say(refused)


def pressed(talk: StaffTalk, case: Case, update: Pressed) -> Phrase | None:
    """Hand over to whose name was tapped, or offer the names; return what to show in passing."""
    act = pressed_act(update.press)
    if act is None or not act.more:
        return _ask_whom(talk, case, "")
    to, _, had = act.more.partition(":")
    now = holder(case)
    if now is not None and had != str(now) and to != str(now):  # somebody was quicker
        return phrase("{name} has it now. Please look again.", name=talk.unit.staff.get(now).name)
    member = member_of(talk, to)
    if member is None or (member not in colleagues(talk, case) and member.id != now):
        return phrase("They work here no longer, or not with this case.")
    return _give(talk, case, member)


def colleagues(talk: StaffTalk, case: Case) -> list[StaffMember]:
    """Return everybody who could have the case, by name; whoever has it now is left out."""
    members = [one for one in workers_all(talk) if concerns(one, case.team_id)]
    return [one for one in members if one.id != holder(case)]


def workers_all(talk: StaffTalk) -> list[StaffMember]:
    """Return everybody whose work cases may be: staff, and those who supervise them."""
    members = talk.unit.staff.listing(talk.house.brand)
    usual = {one.id for one in workers(members)}
    return [one for one in members if one.id in usual or {"supervisor", "manager"} & set(one.roles.split(","))]


def member_of(talk: StaffTalk, ident: str) -> StaffMember | None:
    """Return the staff member whom a button names, also one who left; None when there is nobody such."""
    if not (ident.isascii() and ident.isdecimal() and len(ident) < 16):
        return None
    try:
        return talk.unit.staff.get(int(ident))
    except NotFound:
        return None


def _by_name(talk: StaffTalk, case: Case, name: str) -> StaffMember | None:
    """Return the one colleague of that name, or whose name begins so; None when it is nobody or several."""
    wanted = name.casefold()
    members = workers_all(talk)
    exact = [one for one in members if one.name.casefold() == wanted]
    begins = [one for one in members if wanted and one.name.casefold().startswith(wanted)]
    found = exact or begins
    return found[0] if len(found) == 1 and concerns(found[0], case.team_id) else None


def _ask_whom(talk: StaffTalk, case: Case, name: str) -> Phrase | None:
    if case.closed_at is not None:
        talk.say(CLOSED)
        return None
    others = colleagues(talk, case)
    if not others:
        talk.say(NOBODY_ELSE)
        return None
    words = Phrase(TO_WHOM.sentence, {"number": case.number})
    if name:
        words = phrase(
            "I know nobody called {name} here. To whom shall I hand case {number}?", name=name[:60], number=case.number
        )
    talk.out.post(
        talk.address, Message(say(words, talk.member.language), _names(case, others)), "staff_reply", case_id=case.id
    )
    return None


def _names(case: Case, others: list[StaffMember]) -> tuple[tuple[Button, ...], ...]:
    buttons = [Button(one.name[:30], f"1:k{case.number}:hand:{one.id}:{holder(case) or 0}") for one in others[:30]]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))


def _give(talk: StaffTalk, case: Case, to: StaffMember) -> Phrase | None:
    """Hand the case over and tell both; return why not, when it cannot be."""
    if case.closed_at is not None:
        return CLOSED
    before = holder(case)
    if before == to.id:
        return phrase("{name} has it already.", name=to.name)
    case = dispatching.hand(talk.scene, case, to, talk.actor)
    talk.say(phrase("Case {number} is with {name} now.", number=case.number, name=to.name))
    if before is not None and before != talk.member.id:
        _tell_before(talk, case, before, to)
    return None


def _tell_before(talk: StaffTalk, case: Case, before: int, to: StaffMember) -> None:
    """Tell whoever had the case, that they need not go on with it."""
    words = phrase(
        "{who} handed case {number} to {name}. You need not go on with it.",
        who=talk.member.name,
        number=case.number,
        name=to.name,
    )
    for address, language in own_chats(talk.scene, before):
        talk.out.post(address, Message(say(words, language)), "notice", case_id=case.id)
