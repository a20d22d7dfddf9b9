"""A staff member in one turn: who acts, where, and how we answer them there.

What every room of the staff's side works with: their taps, their words for customers, their commands.
"""

from datetime import timedelta
from typing import Final

import msgspec

from bot.access.policy import Act, Principal, Role, Subject, allowed, case_of
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from storage.addresses import Address
from storage.cases import Case
from storage.staff import StaffMember

COMPOSING: Final = timedelta(minutes=15) // timedelta(milliseconds=1)
"""How long after a button or a command asked for words the next text is for it."""

NEXT: Final = "next:"
"""The prompt of a message that asks for words begins so; what they are for follows."""

HELP: Final = phrase(
    "You will read here when a customer is unhappy. Below each case:\n"
    "Take it – you look after it, and the others see that\n"
    "Write to the customer – your next message goes to them\n"
    "Put right – it is put right; I will ask the customer the next day\n"
    "More … – a note, hand over, and what else there is\n"
    "Replying to the case, or to the customer's words, also writes to them.\n\n"
    "Cases\n"
    "/mine – what is with you\n"
    "/cases – all that is open, yours first\n"
    "/case 17 – the whole story of case 17\n"
    "/case new NAME, WORDS – a customer told you what went wrong\n"
    "/hand 17 NAME – hand it to a colleague\n"
    "/note 17 WORDS – for colleagues only\n"
    "/wow 17 WORDS – keep a good story\n"
    "/cancel – your next message goes to nobody\n"
    "/tasks – whom to ring up\n\n"
    "Customers\n"
    "/done NAME – you served somebody: a link and a code for them\n"
    "/redeem CODE – a customer's voucher, once\n"
    "/offers – what waits for your yes\n\n"
    "You and your team\n"
    "/on, /off – you are there, or away\n"
    "/today – for who leads: what is open, overdue, too much\n"
    "/report – how satisfied customers are, with a picture\n"
    "/console – all of this in your browser\n"
    "/language – another language"
)

SURVEYS_HELP: Final = phrase(
    "Surveys\n/surveys – see them as a tree, change, try and publish them, all of it here\n"
    "Send me a survey file and it becomes a draft."
)

LOCAL: Final = ("127.0.0.1", "localhost", "::1")
ONLY_HERE: Final = phrase(
    "It opens only on the computer that makegood runs on. For a telephone an admin sets web.public_url."
)

TO_NOBODY: Final = phrase(
    "This went to nobody. To write to a customer, reply to a message of their case, or tap Write to the customer below"
    " it. /help says what else there is."
)
"""What follows words or files of a staff member that belong to no case: they must not think that a customer reads."""


def principal_of(member: StaffMember) -> Principal:
    """Return a staff member as the policy sees them."""
    roles = frozenset(Role(role) for role in member.roles.split(",") if role)
    return Principal(roles=roles, staff_member_id=member.id, name=f"staff:{member.id}", team=member.team_id)


def edits_surveys(member: StaffMember) -> bool:
    """Return whether the policy lets a staff member write surveys."""
    return allowed(principal_of(member), Act.EDIT_SURVEYS)


def help_for(member: StaffMember) -> str:
    """Return how it works here, in a staff member's language: what everybody can do, and what only they can."""
    parts = [HELP, SURVEYS_HELP] if edits_surveys(member) else [HELP]
    return "\n\n".join(say(part, member.language) for part in parts)


class StaffTalk:
    """One staff member in one turn, in their own chat or in the staff group; `reply_to` is what their text answers."""

    def __init__(self, address: Address, member: StaffMember, scene: Scene, reply_to: str | None = None) -> None:
        self.address = address
        self.member = member
        self.scene = scene
        self.reply_to = reply_to
        self.topic_of: Case | None = None  # whose topic of the group they speak in
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

    def ask_for_words(self, case: Case, what: str, own: Phrase, in_group: Phrase) -> None:
        """Let the next text here be for a case, `what` as `bot.composing_for` names it, and ask for it.

        In the group the reply to this message is meant, since others talk there, too.
        """
        self.unit.staff.compose(self.member.id, case.id, self.now + COMPOSING, what)
        words = say(in_group if self.in_group else own, self.member.language)
        invitation = Message(words, invites_reply=True)
        self.out.post(self.address, invitation, "staff_reply", prompt=f"{NEXT}{what}", case_id=case.id)

    def notice(self, update: Pressed, words: Phrase | None) -> None:
        """Answer a tap in passing; where the channel cannot, say it."""
        if update.query:
            text = None if words is None else say(words, self.member.language)
            self.out.notice(update.channel, update.chat, update.query, text)
        elif words is not None:
            self.say(words)

    def may_lead(self, member: StaffMember) -> bool:
        """Return whether the work of a colleague is this one's to look at: the same team's, or everybody's."""
        everybodys = Role.MANAGER in principal_of(self.member).roles or self.member.team_id is None
        return everybodys or member.team_id == self.member.team_id

    def may(self, act: Act, case: Case | None = None) -> bool:
        """Return whether the policy lets this staff member do it, to that case if one is named."""
        if case is not None:
            return allowed(principal_of(self.member), act, case_of(case.number, case.team_id))
        chat = f"{self.address.channel}:{self.address.chat}"
        principal = msgspec.structs.replace(principal_of(self.member), chat=chat)
        return allowed(principal, act, Subject("chat", chat))
