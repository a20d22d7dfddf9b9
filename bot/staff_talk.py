"""A staff member in one turn: who acts, where, and how we answer them there.

What every room of the staff's side works with: their taps, their words for customers, their commands.
"""

from typing import Final

import msgspec

from bot.access.policy import Act, Principal, Role, Subject, allowed
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from storage.addresses import Address
from storage.cases import Case
from storage.staff import StaffMember

HELP: Final = phrase(
    "You will read here when a customer is unhappy. Below each case:\n"
    "Take it – you look after it, and the others see that\n"
    "Write to the customer – your next message goes to them\n"
    "Resolved – it is put right; I will ask the customer the next day\n\n"
    "Replying to a message of a case also writes to its customer.\n"
    "/done NAME – you served somebody: a link and a code for them\n"
    "/cases – what is open\n"
    "/cancel – do not write to a customer after all\n"
    "/console – today in your browser: who waits, what is due\n"
    "/report – how satisfied customers are, with a picture\n"
    "/language – another language"
)

TO_NOBODY: Final = phrase(
    "This went to nobody. To write to a customer, reply to a message of their case, or tap Write to the customer below"
    " it. /help says what else there is."
)
"""What follows words or files of a staff member that belong to no case: they must not think that a customer reads."""


def principal_of(member: StaffMember) -> Principal:
    """Return a staff member as the policy sees them."""
    roles = frozenset(Role(role) for role in member.roles.split(",") if role)
    return Principal(roles=roles, staff_member_id=member.id, name=f"staff:{member.id}")


class StaffTalk:
    """One staff member in one turn, in their own chat or in the staff group."""

    def __init__(self, address: Address, member: StaffMember, scene: Scene) -> None:
        self.address = address
        self.member = member
        self.scene = scene
        self.unit, self.house, self.out, self.now = scene

    @property
    def in_group(self) -> bool:
        """Say whether this happens in the staff group, where ordinary talk is none of our business."""
        return self.address.kind == "group"

    @property
    def actor(self) -> str:
        """Return the staff member's name in the history."""
        return f"staff:{self.member.id}"

    def say(
        self, words: Phrase, *rows: tuple[Button, ...], case: Case | None = None, invites_reply: bool = False
    ) -> None:
        """Say a sentence of ours to this staff member, here."""
        message = Message(say(words, self.member.language), rows, invites_reply=invites_reply)
        self.out.post(self.address, message, "staff_reply", case_id=case.id if case else None)

    def notice(self, update: Pressed, words: Phrase | None) -> None:
        """Answer a tap in passing; where the channel cannot, say it."""
        if update.query:
            text = None if words is None else say(words, self.member.language)
            self.out.notice(update.channel, update.chat, update.query, text)
        elif words is not None:
            self.say(words)

    def may(self, act: Act) -> bool:
        """Return whether the policy lets this staff member do it."""
        chat = f"{self.address.channel}:{self.address.chat}"
        principal = msgspec.structs.replace(principal_of(self.member), chat=chat)
        return allowed(principal, act, Subject("chat", chat))
