"""The staff's side of a turn: taking a case, writing to its customer, saying that it is put right.

Staff are known by the chat that their one-time invitation bound, never by a user name. What they write goes to a
customer only as a reply to a message of the case, or after *Write to the customer*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bot import (
    call_tasks,
    case_buttons,
    composing_for,
    consequences,
    offers_deciding,
    signing_in,
    staff_cases,
    staff_commands,
    staff_duty,
    staff_figures,
    staff_serving,
    staff_today,
    telephone_talk,
    topics,
)
from bot.case_acts import CASE_ACTS
from bot.channels.messages import Message
from bot.channels.updates import AnyUpdate, Attached, Left, Pressed, Written
from bot.commands import LANGUAGE_PROMPT, command_of
from bot.inviting import close_open
from bot.outgoing import Outgoing, ShownMenu, cancel_chat
from bot.people import note_heard, speaker_at
from bot.phrases import say
from bot.scene import Scene
from bot.staff_talk import TO_NOBODY, StaffTalk, edits_surveys, help_for
from bot.surveying import door as surveying
from conversations.phrases import Phrase, phrase
from storage.addresses import Address
from storage.conversations import Place
from storage.staff import StaffMember


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
    out.menus.append(ShownMenu(address, member.language, edits_surveys(member)))
    hello = say(phrase("Welcome, {name}! This chat is now yours for work.", name=member.name), member.language)
    out.post(address, Message(f"{hello}\n\n{help_for(member)}"), "staff_reply")


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
    talk = StaffTalk(address, member, scene, update.reply_to if isinstance(update, Written) else None)
    if update.thread:
        scene.out.threads[address.id] = update.thread
        talk.topic_of = topics.case_of_thread(scene, address, update.thread)
    match update:
        case Written(edited=True):
            _edited(talk)
        case Written():
            _wrote(talk, update)
        case Pressed():
            pressed(talk, update)
        case Attached():
            composing_for.files(talk, update)
        case _:  # back again: nothing follows
            return


def _wrote(talk: StaffTalk, update: Written) -> None:
    """Take a text: a command, words for a customer, or neither."""
    command = command_of(update.text)
    if command is not None and not (command[0] in AS_CUSTOMER and surveying.tries(talk)):
        staff_commands.run(talk, *command)
        return
    if staff_serving.names_somebody(talk, update.reply_to):
        staff_commands.run(talk, "done", update.text)
        return
    found = composing_for.meant(talk, update.reply_to)
    for_survey = surveying.waits(talk) and not composing_for.answers_a_case(talk, update.reply_to)
    code = None if talk.in_group or update.reply_to is not None else signing_in.code_in(update.text)
    if code is not None and ((found is None and not for_survey) or signing_in.shown_now(talk, code)):
        signing_in.typed(talk, code)
    elif for_survey:
        surveying.wrote(talk, update.text)
    elif found is not None:
        composing_for.give(talk, found, update.text)
    elif not talk.in_group or composing_for.answers_a_case(talk, update.reply_to):
        talk.say((None if talk.in_group else surveying.why_not(talk)) or TO_NOBODY)


def _edited(talk: StaffTalk) -> None:
    """Say that a changed message stays as it was passed on; in the group most edits are no business of ours."""
    if not talk.in_group:
        talk.say(phrase("A changed message is not passed on again. If it was for a customer, please write anew."))


def pressed(talk: StaffTalk, update: Pressed) -> None:
    """Take a tap: below a case, or one of ours that has its own prompt."""
    version, _, rest = update.press.partition(":")
    prompt, _, choice = rest.partition(":")
    taken = PROMPTS.get(prompt) if version == "1" else None
    if taken is not None:
        talk.notice(update, taken(talk, update, choice))
        return
    named = case_buttons.pressed_act(update.press)
    act = CASE_ACTS.get(named.name) if named else None
    case = talk.unit.cases.by_number(talk.house.brand, named.number) if named else None
    if act is None or case is None:
        talk.notice(update, phrase("That button is no longer in use."))
    elif not talk.may(act.act, case):
        talk.notice(update, phrase("You may not do this. Please ask a colleague who works cases."))
    else:
        talk.notice(update, act.run(talk, case, update))


def _language(talk: StaffTalk, _update: Pressed, tag: str) -> None:
    staff_commands.choose_language(talk, tag)


def _report(talk: StaffTalk, _update: Pressed, what: str) -> Phrase | None:
    return staff_figures.pressed(talk, what)


AS_CUSTOMER: Final = frozenset({"back", "stop"})
"""Commands of customers, which somebody who tries a survey gives as its customer."""

PROMPTS: Final[Mapping[str, Callable[[StaffTalk, Pressed, str], Phrase | None]]] = {
    LANGUAGE_PROMPT: _language,
    staff_serving.DONE_PROMPT: staff_serving.pressed,
    signing_in.CODE_PROMPT: signing_in.pressed,
    staff_figures.REPORT_PROMPT: _report,
    **offers_deciding.PROMPTS,
    staff_duty.DUTY_PROMPT: staff_duty.pressed,
    staff_cases.CASES_PROMPT: staff_cases.turn_page,
    staff_today.TODAY_PROMPT: staff_today.pressed,
    call_tasks.PROMPT: telephone_talk.pressed,
    surveying.PROMPT: surveying.pressed,
    surveying.REHEARSAL_PROMPT: surveying.pressed_in_rehearsal,
}
"""Buttons that belong to no case, `1:PROMPT:choice`: who takes the tap and returns what to show in passing."""
