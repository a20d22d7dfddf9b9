"""The staff's side of a turn: taking a case, writing to its customer, saying that it is put right.

Staff are known by the chat that their one-time invitation bound, never by a user name. What they write goes to a
customer only as a reply to a message of the case, or after *Write to the customer*.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot import casework, consequences, escalation
from bot.access.policy import STAFF_BUTTON_ACTS, Principal, Role, allowed
from bot.channels.messages import Button, Message
from bot.channels.updates import AnyUpdate, Attached, Left, Pressed, Written
from bot.commands import LANGUAGE_PROMPT, command_of
from bot.inviting import MILLISECOND, close_open, contact_facts
from bot.outgoing import Outgoing
from bot.people import note_heard, speaker_at
from bot.phrases import LANGUAGES, NAMES, say
from bot.scene import Scene
from conversations import contact
from conversations.contact import Kind, NotNow, Withheld
from conversations.phrases import Phrase, phrase
from conversations.understanding import clean, shorten
from recovery import cases
from storage.addresses import Address
from storage.cases import Case
from storage.conversations import Place
from storage.staff import StaffMember

COMPOSING: Final = timedelta(minutes=15)
"""How long after *Write to the customer* the next text goes there."""

HELP: Final = phrase(
    "You will read here when a customer is unhappy. Below each case:\n"
    "Take it – you look after it, and the others see that\n"
    "Write to the customer – your next message goes to them\n"
    "Resolved – it is put right; I will ask the customer the next day\n\n"
    "Replying to a message of a case also writes to its customer.\n"
    "/cases – what is open\n"
    "/cancel – do not write to a customer after all\n"
    "/language – another language"
)
REFUSALS: Final[dict[str, Phrase]] = {
    "closed": phrase("This case is closed."),
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
    case = scene.unit.cases.open_of(speaker.customer.id)
    others = [other for other in scene.unit.addresses.of_customer(speaker.customer.id) if other.id != place.address.id]
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
        scene.unit.outbox.cancel_chat(address.id, "blocked")
        return
    if address.unreachable_at is not None:
        scene.unit.addresses.reachable(address.id)
        address = scene.unit.addresses.get(address.id)
    if address.kind == "staff":
        note_heard(address, scene.unit, scene.now)
    turn = StaffTurn(address, member, scene)
    match update:
        case Written(edited=True):
            turn.edited()
        case Written():
            turn.wrote(update)
        case Pressed():
            turn.pressed(update)
        case Attached():
            turn.sent(update)
        case _:  # back again: nothing follows
            return


def principal_of(member: StaffMember) -> Principal:
    """Return a staff member as the policy sees them."""
    roles = frozenset(Role(role) for role in member.roles.split(",") if role)
    return Principal(roles=roles, staff_member_id=member.id, name=f"staff:{member.id}")


class StaffTurn:
    """What one act of a staff member causes."""

    def __init__(self, address: Address, member: StaffMember, scene: Scene) -> None:
        self.address = address
        self.member = member
        self.unit, self.house, self.out, self.now = scene
        self.scene = scene

    @property
    def in_group(self) -> bool:
        """Say whether this happens in the staff group, where ordinary talk is none of our business."""
        return self.address.kind == "group"

    def say(self, words: Phrase, *, case: Case | None = None, invites_reply: bool = False) -> None:
        """Say a sentence of ours to this staff member, here."""
        message = Message(say(words, self.member.language), invites_reply=invites_reply)
        self.out.post(self.address, message, "staff_reply", case_id=case.id if case else None)

    # -- words

    def wrote(self, update: Written) -> None:
        """Take a text: a command, words for a customer, or neither."""
        command = command_of(update.text)
        if command is not None:
            self._command(*command)
            return
        case = self._case_meant(update.reply_to)
        if case is None:
            if not self.in_group:
                self.say(HELP)
            return
        self._write_to_customer(case, update.text)

    def edited(self) -> None:
        """Say that a changed message stays as it was passed on; in the group most edits are no business of ours."""
        if not self.in_group:
            self.say(phrase("A changed message is not passed on again. If it was for a customer, please write anew."))

    def sent(self, update: Attached) -> None:
        """Say that a picture or a voice message was not passed on, so that nobody believes it was."""
        if self._case_meant(update.reply_to) is not None:
            self.say(phrase("This was not passed on: I can only pass on text here yet. Please write it in words."))

    def _case_meant(self, reply_to: str | None) -> Case | None:
        """Return the case a text belongs to: of the message it replies to, else of *Write to the customer*."""
        if reply_to is not None:
            row = self.unit.outbox.by_ref(self.address.id, reply_to)
            if row is not None and row.case_id is not None:
                return self.unit.cases.get(row.case_id)
        if self.in_group or self.member.composing_case_id is None:
            return None
        if self.now > (self.member.composing_until or 0):
            return None
        return self.unit.cases.get(self.member.composing_case_id)

    def _write_to_customer(self, case: Case, text: str) -> None:
        if not self._may("write"):
            return
        if case.closed_at is not None:
            self.unit.staff.compose_nothing(self.member.id)
            self.say(phrase("This was not passed on: case {number} is closed.", number=case.number))
            return
        words, shortened = shorten(clean(text))
        address, verdict = self._reach(case)
        if address is None:
            self.say(phrase("This was not passed on: the customer cannot be reached in chat. Please telephone."))
            return
        case, _ = casework.tell(self.scene, case, cases.Wrote(self.member.id), f"staff:{self.member.id}")
        self.unit.cases.add_message(case.id, "staff", words, self.now, self.member.id)
        self._relay(case, address, words, verdict.until if isinstance(verdict, NotNow) else 0)
        self.unit.staff.compose_nothing(self.member.id)
        self._confirm(case, verdict, shortened=shortened)

    def _reach(self, case: Case) -> tuple[Address | None, contact.Verdict]:
        """Return where the customer reads us, and whether now is the time."""
        customer = self.unit.customers.get(case.customer_id)
        reachable = self.unit.addresses.of_customer(customer.id)
        address = reachable[0] if reachable else None
        talk = self.unit.conversations.open_at(address.id) if address else None
        facts = contact_facts(self.unit, self.house, customer, address, talk, sampled=True)
        verdict = contact.may_we_ask(Kind.RELAY, facts, self.house.rules, self.now)
        return (None if isinstance(verdict, Withheld) else address), verdict

    def _relay(self, case: Case, address: Address, words: str, not_before: int) -> None:
        customer = self.unit.customers.get(case.customer_id)
        language = address.language or customer.language or self.house.language
        business = self.house.business.get("name", "")
        who = f"{self.member.name} · {business}" if business else self.member.name
        head = say(phrase("{who}:", who=who), language)
        self.out.post(address, Message(f"{head}\n{words}"), "relay", case_id=case.id, not_before=not_before)
        self.unit.history.add(
            self.house.brand, f"case:{case.id}", f"staff:{self.member.id}", "Relayed", language, self.now
        )

    def _confirm(self, case: Case, verdict: contact.Verdict, *, shortened: bool) -> None:
        customer = self.unit.customers.get(case.customer_id)
        name = customer.name or customer.reference
        if isinstance(verdict, NotNow):
            zone = customer.zone or self.house.zone
            when = escalation.wall_time(verdict.until, zone, self.member.language)
            words = phrase(
                "✓ I will pass it on to {name} on {when}, so as not to disturb them: it is outside waking hours there.",
                name=name,
                when=when,
            )
            self.say(words)
        elif shortened:
            self.say(phrase("✓ Passed on to {name}, but shortened to 4,000 characters.", name=name))
        else:
            self.say(phrase("✓ Passed on to {name}.", name=name), case=case)

    # -- taps

    def pressed(self, update: Pressed) -> None:
        """Take a tap below a case."""
        version, _, rest = update.press.partition(":")
        if version == "1" and rest.startswith(f"{LANGUAGE_PROMPT}:"):
            self._choose_language(rest.partition(":")[2])
            self._notice(update, None)
            return
        act = escalation.pressed_act(update.press)
        case = self.unit.cases.by_number(self.house.brand, act[0]) if act else None
        if act is None or case is None or act[1] not in STAFF_BUTTON_ACTS:
            self._notice(update, phrase("That button is no longer in use."))
            return
        if not self._may(act[1]):
            self._notice(update, phrase("You may not do this. Please ask a colleague who works cases."))
            return
        self._notice(update, self._act(case, act[1]))

    def _act(self, case: Case, act: str) -> Phrase | None:
        """Do what the button says and return what to show in passing."""
        if act == "write":
            return self._compose(case)
        event = cases.Took(self.member.id) if act == "take" else cases.SaidResolved(self.member.id)
        case, decision = casework.tell(self.scene, case, event, f"staff:{self.member.id}")
        refused = next((effect for effect in decision.effects if isinstance(effect, cases.Refuse)), None)
        if refused is not None:
            owner = self.unit.staff.get(case.owner_id).name if case.owner_id else ""
            return Phrase(REFUSALS[refused.why].sentence, {"name": owner})
        if act == "take":
            return phrase("It is yours. Thank you!")
        when = self._follow_up_time(case)
        self.say(phrase("Case {number} is resolved. I will ask the customer on {when}.", number=case.number, when=when))
        return phrase("Resolved")

    def _follow_up_time(self, case: Case) -> str:
        at = cases.load(case.state).follow_up_at or self.now
        return escalation.wall_time(at, self.house.zone, self.member.language)

    def _compose(self, case: Case) -> Phrase | None:
        if case.closed_at is not None:
            return REFUSALS["closed"]
        name = self.unit.customers.get(case.customer_id).name or str(case.number)
        self.unit.staff.compose(self.member.id, case.id, self.now + COMPOSING // MILLISECOND)
        words = phrase(
            "Your next message goes to {name} (case {number}), under your name. /cancel if not.",
            name=name,
            number=case.number,
        )
        if self.in_group:
            words = phrase("Reply to this message to write to {name} (case {number}).", name=name, number=case.number)
        self.say(words, case=case, invites_reply=True)
        return None

    def _may(self, act: str) -> bool:
        return allowed(principal_of(self.member), STAFF_BUTTON_ACTS[act])

    def _notice(self, update: Pressed, words: Phrase | None) -> None:
        if update.query:
            text = None if words is None else say(words, self.member.language)
            self.out.notice(update.channel, update.chat, update.query, text)
        elif words is not None:
            self.say(words)

    # -- commands

    def _command(self, name: str, rest: str) -> None:
        match name:
            case "cases":
                self._list_cases()
            case "cancel":
                self.unit.staff.compose_nothing(self.member.id)
                self.say(phrase("All right, your next message goes to nobody."))
            case "language":
                self._choose_language(rest) if rest in LANGUAGES else self._offer_languages()
            case "group" if not self.in_group:
                self.say(phrase("Send /group in the staff group itself, once I am a member of it."))
            case _ if not self.in_group:
                self.say(HELP)

    def _list_cases(self) -> None:
        listed = [case for case in self.unit.cases.listing(self.house.brand, None, 50) if case.closed_at is None]
        if not listed:
            self.say(phrase("No case is open. Everybody is looked after."))
            return
        for case in listed[:10]:
            text = escalation.summary(self.scene, case, self.member.language)
            buttons = escalation.rows(cases.load(case.state), case, self.member.language)
            self.out.post(self.address, Message(text, buttons), "staff_reply", case_id=case.id)
        if len(listed) > 10:
            self.say(phrase("And {count} more.", count=len(listed) - 10))

    def _offer_languages(self) -> None:
        buttons = tuple((Button(NAMES[tag], f"1:{LANGUAGE_PROMPT}:{tag}"),) for tag in LANGUAGES)
        words = say(phrase("Which language would you like?"), self.member.language)
        self.out.post(self.address, Message(words, buttons), "staff_reply")

    def _choose_language(self, tag: str) -> None:
        if tag not in LANGUAGES or self.in_group:
            return
        self.unit.staff.set_language(self.member.id, tag)
        self.out.menus.append((self.address, tag))
        self.out.post(self.address, Message(say(phrase("All right, English it is."), tag)), "staff_reply")
