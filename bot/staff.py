"""The staff's side of a turn: taking a case, writing to its customer, saying that it is put right.

Staff are known by the chat that their one-time invitation bound, never by a user name. What they write goes to a
customer only as a reply to a message of the case, or after *Write to the customer*.
"""

from __future__ import annotations

from typing import Final

from bot import casework, consequences, escalation, staff_commands, staff_figures, staff_serving, staff_writing
from bot.access.policy import STAFF_BUTTON_ACTS
from bot.channels.messages import Message
from bot.channels.updates import AnyUpdate, Attached, Left, Pressed, Written
from bot.commands import LANGUAGE_PROMPT, command_of
from bot.inviting import close_open
from bot.outgoing import Outgoing, cancel_chat
from bot.people import note_heard, speaker_at
from bot.phrases import say
from bot.scene import Scene
from bot.staff_talk import HELP, TO_NOBODY, StaffTalk
from conversations.phrases import Phrase, phrase
from recovery import cases
from storage.addresses import Address
from storage.cases import Case
from storage.conversations import Place
from storage.staff import StaffMember

REFUSALS: Final[dict[str, Phrase]] = {
    "closed": staff_writing.CASE_CLOSED,
    "yours_already": phrase("It is yours already."),
    "somebody_elses": phrase("{name} has it already."),
    "resolved_already": phrase("It is marked as resolved already."),
}


def bind(update: Written, staff_member_id: int, place: Place | None, scene: Scene) -> None:
    """Bind a chat to a staff member by their invitation, and say how it works here."""
    member = scene.unit.staff.get(staff_member_id)
    if place is None:
        address = scene.unit.addresses.add(
            scene.house.brand, update.channel, update.chat, "staff", scene.now, staff_member_id=member.id
        )
    else:
        _take_from_customer(place, scene)
        scene.unit.addresses.bind_staff(place.address.id, member.id)
        address = scene.unit.addresses.get(place.address.id)
    scene.unit.history.add(
        scene.house.brand, f"staff:{member.id}", f"staff:{member.id}", "Bound", update.channel, scene.now
    )
    welcome(address, member, scene.out)


def _take_from_customer(place: Place, scene: Scene) -> None:
    """End what a customer had in a chat that is to be a staff member's; whoever is left without one is rung up."""
    speaker = speaker_at(place)
    if speaker is None:
        return
    close_open(speaker, scene)
    scene.unit.outbox.cancel_chat(place.address.id, "now a staff chat")
    for one in scene.unit.chat_customers.of(place.address.id):
        case = scene.unit.cases.open_of(one.customer_id)
        others = [chat for chat in scene.unit.addresses.of_customer(one.customer_id) if chat.id != place.address.id]
        if case is not None and not others:
            why = f"staff_chat:{place.address.id}"
            scene.out.rows += consequences.needs_a_call(case, why, scene.unit, scene.house, scene.now)


def welcome(address: Address, member: StaffMember, out: Outgoing) -> None:
    """Say what this chat is for and how work goes here."""
    out.menus.append((address, member.language))
    hello = say(phrase("Welcome, {name}! This chat is now yours for work.", name=member.name), member.language)
    out.post(address, Message(f"{hello}\n\n{say(HELP, member.language)}"), "staff_reply")


def take(update: AnyUpdate, address: Address, member: StaffMember, scene: Scene) -> None:
    """Take in what a staff member did in a chat, their own or the staff group."""
    if isinstance(update, Left):
        scene.unit.addresses.unreachable(address.id, scene.now, "blocked")
        cancel_chat(scene.unit, address.id, "blocked")
        return
    if address.unreachable_at is not None:
        scene.unit.addresses.reachable(address.id)
        address = scene.unit.addresses.get(address.id)
    if address.kind == "staff":
        note_heard(address, scene.unit, scene.now)
    talk = StaffTalk(address, member, scene)
    match update:
        case Written(edited=True):
            _edited(talk)
        case Written():
            _wrote(talk, update)
        case Pressed():
            _pressed(talk, update)
        case Attached():
            staff_writing.sent(talk, update)
        case _:  # back again: nothing follows
            return


def _wrote(talk: StaffTalk, update: Written) -> None:
    """Take a text: a command, words for a customer, or neither."""
    command = command_of(update.text)
    if command is not None:
        staff_commands.run(talk, *command)
        return
    if staff_serving.names_somebody(talk, update.reply_to):
        staff_commands.run(talk, "done", update.text)
        return
    case = staff_writing.case_meant(talk, update.reply_to)
    if case is not None:
        staff_writing.write(talk, case, update.text)
    elif not talk.in_group:
        talk.say(TO_NOBODY)


def _edited(talk: StaffTalk) -> None:
    """Say that a changed message stays as it was passed on; in the group most edits are no business of ours."""
    if not talk.in_group:
        talk.say(phrase("A changed message is not passed on again. If it was for a customer, please write anew."))


def _pressed(talk: StaffTalk, update: Pressed) -> None:
    """Take a tap below a case."""
    version, _, rest = update.press.partition(":")
    if version == "1" and rest.startswith(f"{LANGUAGE_PROMPT}:"):
        staff_commands.choose_language(talk, rest.partition(":")[2])
        talk.notice(update, None)
        return
    if version == "1" and rest.startswith(f"{staff_serving.DONE_PROMPT}:"):
        talk.notice(update, staff_serving.pressed(talk, update, rest.partition(":")[2]))
        return
    if version == "1" and rest.startswith(f"{staff_figures.REPORT_PROMPT}:"):
        talk.notice(update, staff_figures.pressed(talk, rest.partition(":")[2]))
        return
    act = escalation.pressed_act(update.press)
    case = talk.unit.cases.by_number(talk.house.brand, act[0]) if act else None
    if act is None or case is None or act[1] not in STAFF_BUTTON_ACTS:
        talk.notice(update, phrase("That button is no longer in use."))
    elif not talk.may(STAFF_BUTTON_ACTS[act[1]]):
        talk.notice(update, phrase("You may not do this. Please ask a colleague who works cases."))
    else:
        talk.notice(update, _act(talk, case, act[1]))


def _act(talk: StaffTalk, case: Case, act: str) -> Phrase | None:
    """Do what the button says and return what to show in passing."""
    if act == "write":
        return staff_writing.compose(talk, case)
    event = cases.Took(talk.member.id) if act == "take" else cases.SaidResolved(talk.member.id)
    case, decision = casework.tell(talk.scene, case, event, talk.actor)
    refused = next((effect for effect in decision.effects if isinstance(effect, cases.Refuse)), None)
    if refused is not None:
        owner = talk.unit.staff.get(case.owner_id).name if case.owner_id else ""
        return Phrase(REFUSALS[refused.why].sentence, {"name": owner})
    if act == "take":
        return phrase("It is yours. Thank you!")
    at = cases.load(case.state).follow_up_at or talk.now
    when = escalation.wall_time(at, talk.house.zone, talk.member.language)
    talk.say(phrase("Case {number} is resolved. I will ask the customer on {when}.", number=case.number, when=when))
    return phrase("Resolved")
