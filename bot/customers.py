"""The customer's side of a turn: taps and words, each to the machine whose business it is."""

from __future__ import annotations

from bot import (
    anonymous,
    candid,
    case_steps,
    casework,
    consequences,
    keeping,
    mistaken,
    offers_replies,
    restatement_answers,
)
from bot.channels.updates import AnyUpdate, Attached, Pressed, Written
from bot.commands import LANGUAGE_PROMPT, command_of
from bot.composing import pressed
from bot.effects import state_of
from bot.house import House
from bot.offers_customer import OFFER_PROMPT
from bot.people import Speaker, note_heard, speaker_at, speaking_for
from bot.phrases import say
from bot.requests import Requests
from bot.scene import Scene, Talking
from bot.talk import CustomerTalk
from bot.wayout import NOT_ME_PROMPT
from conversations import desk
from conversations.events import (
    Amended,
    PatienceEnded,
    Replied,
    Shared,
    Showed,
    Tapped,
)
from conversations.phrases import phrase
from conversations.state import Closed, Sorting
from storage.conversations import Conversation, Place
from storage.unit import Unit


def take(update: AnyUpdate, speaker: Speaker, scene: Scene) -> None:
    """Take in what a customer wrote, tapped or sent."""
    note_heard(speaker.address, scene.unit, scene.now)
    if speaker.address.unreachable_at is not None:
        scene.unit.addresses.reachable(speaker.address.id)
        speaker = _fresh(speaker, scene.unit, scene.house)
    turn = CustomerTurn(speaker, scene, update.name)
    match update:
        case Written(edited=True):
            turn.edited(update)
        case Written():
            turn.wrote(update)
        case Pressed():
            turn.pressed(update)
        case Attached():
            turn.sent(update)
        case _:  # they can be written to again, which is done already
            return


def _fresh(speaker: Speaker, unit: Unit, house: House) -> Speaker:
    place = unit.conversations.place(house.brand, speaker.address.channel, speaker.address.chat)
    return (speaker_at(place) if place else None) or speaker


def left(place: Place | None, scene: Scene) -> None:
    """The customer blocked us: nothing more is sent until they come back, and an open case needs a telephone."""
    if place is None:
        return
    scene.unit.addresses.unreachable(place.address.id, scene.now, "blocked")
    scene.unit.outbox.cancel_chat(place.address.id, "blocked")
    scene.out.rows += consequences.nobody_there(place.address.id, scene.unit, scene.house, scene.now)


class CustomerTurn(CustomerTalk):
    """What one update of a customer causes."""

    def wrote(self, update: Written) -> None:
        """Take a text: a command, an answer, or words for a person."""
        command = command_of(update.text)
        if command is not None:
            Requests(self).carry_out(*command)
        elif (case_id := self._answers_a_person(update.reply_to)) is not None:
            self._speaking_in(case_id).hear(update.text)
        else:
            self._to_machine(Replied(update.text, update.ref))

    def _answers_a_person(self, reply_to: str | None) -> int | None:
        """Return the open case in which a staff member wrote what this replies to; None for any other text."""
        if reply_to is None:
            return None
        row = self.unit.messages.by_ref(self.speaker.address.id, reply_to)
        if row is None or row.purpose not in ("relay", "restatement") or row.case_id is None:
            return None
        customer_id = self.unit.cases.get(row.case_id).customer_id
        if all(one.customer_id != customer_id for one in self.unit.chat_customers.of(self.speaker.address.id)):
            return None
        case = self.unit.cases.open_of(customer_id)
        return case.id if case is not None else None

    def _speaking_in(self, case_id: int) -> CustomerTurn:
        """Return this turn as the customer of that case, who may be another one of those this chat speaks for."""
        customer_id = self.unit.cases.get(case_id).customer_id
        if customer_id == self.speaker.customer.id:
            return self
        if self.speaker.conversation is None:
            self.unit.addresses.turn_to(self.speaker.address.id, customer_id)
        return CustomerTurn(speaking_for(self.speaker.address, customer_id, None, self.unit), self.scene)

    def sent(self, update: Attached) -> None:
        """Take a photo or a voice message, an album as one act; a caption counts as what was written."""
        if update.phone:
            self._to_machine(Shared(update.phone, update.ref))
            return
        brought = keeping.bring(self.scene, update, self.speaker.customer.id)
        if brought.waits:
            self._forget_words()
            return
        if brought.refused is not None:
            self.say(brought.refused)
        if brought.media and (case_id := self._answers_a_person(update.reply_to)) is not None:
            self._speaking_in(case_id).hear(update.caption, brought.media)
        elif brought.media:
            self._to_machine(Showed(update.what, brought.media, update.caption, update.ref))
        elif update.caption:
            self._to_machine(Replied(update.caption, update.ref))
        elif brought.refused is None:
            self._to_machine(Showed(update.what))

    def _forget_words(self) -> None:
        """Keep nothing of what stands below a file of an album in an anonymous conversation; its album has it."""
        talk = self.speaker.conversation
        if talk is not None and anonymous.under_way(talk):
            anonymous.forget_update(self.scene, talk)

    def edited(self, update: Written) -> None:
        """Take an edited message: it concerns the newest conversation, open or closed, else the open case."""
        talk = self.speaker.conversation or self._newest()
        if talk is not None and self.advance(talk, Amended(update.text, update.ref)).effects:
            return
        if self.speaker.case_id is not None:
            talking = Talking(self.speaker, None, None)
            casework.customer_said(self.scene, talking, update.text, reopens=False, edited=True)

    def _newest(self) -> Conversation | None:
        newest = self.unit.conversations.of_customer(self.speaker.customer.id, 1)
        return newest[0] if newest and newest[0].address_id == self.speaker.address.id else None

    def pressed(self, update: Pressed) -> None:
        """Take a tap: it counts only for a prompt that this chat was shown."""
        parsed = pressed(update.press)
        talk = None
        if parsed is not None:
            prompt, choice = parsed
            if prompt == LANGUAGE_PROMPT:
                Requests(self).choose_language(choice)
                self._done(update)
                return
            if prompt == NOT_ME_PROMPT and mistaken.pressed(self, choice, update.ref):
                self._done(update)
                return
            if (step_id := case_steps.step_of(prompt)) is not None:
                self._answered_staff(update, step_id, choice)
                return
            if prompt == desk.STATUS:
                candid.say_standing(self.scene, Talking(self.speaker, None, None), self.language, tells_staff=True)
                self._done(update)
                return
            if prompt.startswith(OFFER_PROMPT) and offers_replies.pressed(self, update, prompt, choice):
                self._done(update)
                return
            talk = self._conversation_of(prompt.partition(".")[0])
        if parsed is None or talk is None:
            self._refuse(update)
            return
        self.advance(talk, Tapped(*parsed), update.query)
        self._done(update)

    def _answered_staff(self, update: Pressed, step_id: int, choice: str) -> None:
        """Take the answer to a question that a staff member put, for whichever of this chat's customers it is."""
        words = restatement_answers.answered(self.scene, self.speaker.address, step_id, choice, self.language)
        if words is not None and update.query:
            self.out.notice(update.channel, update.chat, update.query, say(words, self.language))
        self._done(update)

    def _conversation_of(self, seed: str) -> Conversation | None:
        open_talk = self.speaker.conversation
        if open_talk is not None and open_talk.seed == seed:
            return open_talk
        talk = self.unit.conversations.by_seed(self.house.brand, seed)
        here = talk is not None and talk.address_id == self.speaker.address.id
        return talk if here and talk is not None and talk.outcome != mistaken.MISTAKEN else None

    def _done(self, update: Pressed) -> None:
        """Let the tap's waiting sign stop, unless something was said to it in passing."""
        if update.query and not any(notice.query == update.query for notice in self.out.notices):
            self.out.notice(update.channel, update.chat, update.query, None)

    def _refuse(self, update: Pressed) -> None:
        if update.query:
            words = say(phrase("That button is no longer in use."), self.language)
            self.out.notice(update.channel, update.chat, update.query, words)

    # -- machines

    def _to_machine(self, event: Replied | Showed | Shared) -> None:
        talk, said = self.speaker.conversation, _said_in(event)
        if talk is not None and not self._expired(talk):
            if said is not None and self.speaker.case_id is not None and talk.purpose == "desk":
                self._to_the_case(talk, *said)
            else:
                self.advance(talk, event)
            return
        if talk is not None:
            self.advance(talk, PatienceEnded())
        if said is None:
            self.say(desk.CANNOT_PASS_ON)
        else:
            self.hear(*said)

    def _to_the_case(self, talk: Conversation, text: str, media: tuple[int, ...]) -> None:
        """Take all that was written at the desk to the case that was opened meanwhile: there is nothing to sort."""
        state = state_of(talk)
        said: tuple[str, ...] = ()
        if isinstance(state, Sorting):
            said, media = state.said, (*state.media, *media)
            self.exchange(talk).settle(desk.leave(state, self.now, read_elsewhere=True), "Left")
        self.hear("\n".join(part for part in (*said, text) if part), media)

    def hear(self, text: str, media: tuple[int, ...] = ()) -> None:
        """Take words outside any conversation, and what was shown with them: for the open case, or to be sorted."""
        owned = False
        if self.speaker.case_id is not None:
            owned = self.unit.cases.get(self.speaker.case_id).owner_id is not None
        decision = desk.hear(
            self.house.seed(),
            self.language,
            self.facts(),
            text,
            self.now,
            case_open=self.speaker.case_id is not None,
            owned=owned,
            media=media,
        )
        self.sort(decision)

    def _expired(self, talk: Conversation) -> bool:
        state = state_of(talk)
        return not isinstance(state, Closed) and self.now >= state.expires_at


def _said_in(event: Replied | Showed | Shared) -> tuple[str, tuple[int, ...]] | None:
    """Return the words and files of an event as a person can read them; None when there is nothing of that kind."""
    match event:
        case Replied(text=text):
            return text, ()
        case Shared(phone=phone):
            return phone, ()
        case Showed(caption=caption, media=media):
            return (caption, media) if media else None
