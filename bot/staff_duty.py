"""`/on` and `/off`: who is there and who is away.

Whoever is away gets no new case and is passed over by the ladder; their open cases stay theirs until somebody hands
them on. `/off` says how many those are and offers just that, `/on` says what is waiting.
"""

from typing import Final

from bot import dispatching
from bot.channels.messages import Button
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.staff_hours import duty_of, duty_words
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase

DUTY_PROMPT: Final = "duty"
HAND_ON: Final = phrase("Hand them on")
BACK: Final = phrase("I am here again")


def off(talk: StaffTalk, rest: str) -> None:
    """Be away from now on."""
    if talk.member.away_at is None:
        talk.unit.staff.away(talk.member.id, talk.now)
        _note(talk, "Away")
    waiting = len(dispatching.waiting_for(talk.scene, talk.member.id))
    back = Button(say(BACK, talk.member.language), f"1:{DUTY_PROMPT}:on")
    if not waiting:
        talk.say(phrase("You are away now: no new case comes to you. /on when you are here again."), (back,))
        return
    words = phrase(
        "You are away now: no new case comes to you. Cases that wait for you: {count}. Shall others have them?"
        " /on when you are here again.",
        count=waiting,
    )
    talk.say(words, (Button(say(HAND_ON, talk.member.language), f"1:{DUTY_PROMPT}:hand"),), (back,))


def on(talk: StaffTalk, rest: str) -> None:
    """Be there again."""
    if talk.member.away_at is not None:
        talk.unit.staff.away(talk.member.id, None)
        _note(talk, "Present")
    mine = len(dispatching.waiting_for(talk.scene, talk.member.id))
    listed = talk.unit.cases.listing(talk.house.brand, "open", 200)
    nobodys = sum(case.owner_id is None and case.assignee_id is None for case in listed)
    member = talk.unit.staff.get(talk.member.id)
    duty = duty_of(talk.unit, member, talk.now)
    if duty.kind == "off_duty":
        how = duty_words(duty, talk.house.zone, talk.member.language)
        talk.say(phrase("Welcome back. By your hours you are {duty}; until then nothing new comes to you.", duty=how))
    elif mine or nobodys:
        words = phrase(
            "Welcome back. Cases that wait for you: {mine}. Cases that nobody has: {nobodys}. /cases shows them.",
            mine=mine,
            nobodys=nobodys,
        )
        talk.say(words)
    else:
        talk.say(phrase("Welcome back. Nothing is waiting; new cases come to you again."))


def pressed(talk: StaffTalk, _update: Pressed, choice: str) -> Phrase | None:
    """Take a tap below one of these messages; return what to show in passing."""
    if choice == "on":
        on(talk, "")
        return None
    if choice != "hand":
        return phrase("That button is no longer in use.")
    waiting = len(dispatching.waiting_for(talk.scene, talk.member.id))
    handed = dispatching.hand_on(talk.scene, talk.member, talk.actor)
    if handed == waiting:
        talk.say(phrase("Cases handed on: {count}. Whoever has them now was told.", count=handed))
    else:
        words = phrase(
            "Cases handed on: {count}. For the others there is nobody; they stay yours: {left}."
            " Please tell a supervisor.",
            count=handed,
            left=waiting - handed,
        )
        talk.say(words)
    return None


def _note(talk: StaffTalk, what: str) -> None:
    subject = f"staff:{talk.member.id}"
    talk.unit.history.add(talk.house.brand, subject, talk.actor, what, "", talk.now)
