"""The customer's side of a turn: commands, taps and words, each to the machine whose business it is."""

from __future__ import annotations

from typing import Final

from bot import casework, consequences, inviting
from bot.channels.messages import Button, Message
from bot.channels.updates import AnyUpdate, Attached, Pressed, Written
from bot.commands import LANGUAGE_PROMPT, command_of
from bot.composing import pressed
from bot.effects import Exchange, state_of
from bot.house import House
from bot.people import Speaker, facts_of, language_of, note_heard, speaker_at
from bot.phrases import LANGUAGES, NAMES, say
from bot.scene import Scene, Talking
from conversations import desk, engine
from conversations.events import (
    Amended,
    Decision,
    Event,
    LanguageChosen,
    PatienceEnded,
    Replied,
    Showed,
    Stopped,
    Tapped,
    WentBack,
)
from conversations.facts import Facts
from conversations.phrases import Phrase, phrase
from conversations.state import Closed, Sorting, save
from storage.conversations import Conversation, Place
from storage.unit import Unit

HELLO: Final = phrase(
    "Hello! I ask how it went, and see to it that what went wrong is put right. You can write to me here at any time."
)
HELP: Final = phrase(
    "Just tap or type your answer. You can also write here at any time: a person will read it.\n\n"
    "/back – the question before\n"
    "/language – another language\n"
    "/complain – something went wrong\n"
    "/privacy – what happens with your answers\n"
    "/stop – no more questions"
)
PRIVACY: Final = phrase(
    "{business} keeps your answers to improve its service and to put right what went wrong. They are read by its own"
    " people only. Send /stop and you will not be asked again."
)


def take(update: AnyUpdate, speaker: Speaker, scene: Scene) -> None:
    """Take in what a customer wrote, tapped or sent."""
    note_heard(speaker.address, scene.unit, scene.now)
    if speaker.address.unreachable_at is not None:
        scene.unit.addresses.reachable(speaker.address.id)
        speaker = _fresh(speaker, scene.unit, scene.house)
    turn = CustomerTurn(speaker, scene)
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


class CustomerTurn:
    """What one update of a customer causes."""

    def __init__(self, speaker: Speaker, scene: Scene) -> None:
        self.speaker = speaker
        self.scene = scene
        self.unit, self.house, self.out, self.now = scene

    @property
    def language(self) -> str:
        """Return the language of this chat."""
        return language_of(self.speaker.address, self.speaker.customer, self.house)

    def say(self, words: Phrase, *rows: tuple[Button, ...]) -> None:
        """Say a sentence of ours in this chat."""
        self.out.post(self.speaker.address, Message(say(words, self.language), rows), "reply")

    def wrote(self, update: Written) -> None:
        """Take a text: a command, an answer, or words for a person."""
        command = command_of(update.text)
        if command is not None:
            self._command(*command)
        elif self._answers_a_person(update.reply_to):
            self._hear(update.text)
        else:
            self._to_machine(Replied(update.text, update.ref))

    def _answers_a_person(self, reply_to: str | None) -> bool:
        """Say whether a text replies to what a staff member wrote, and not to an open question."""
        if reply_to is None or self.speaker.case_id is None:
            return False
        row = self.unit.outbox.by_ref(self.speaker.address.id, reply_to)
        return row is not None and row.purpose == "relay"

    def sent(self, update: Attached) -> None:
        """Take a photo or a voice message; a caption counts as what was written."""
        if update.caption:
            self._to_machine(Replied(update.caption, update.ref))
        else:
            self._to_machine(Showed(update.what))

    def edited(self, update: Written) -> None:
        """Take an edited message: it concerns the newest conversation, open or closed, else the open case."""
        talk = self.speaker.conversation or self._newest()
        if talk is not None and self._advance(talk, Amended(update.text, update.ref)).effects:
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
                self._choose_language(choice)
                self._done(update)
                return
            talk = self._conversation_of(prompt.partition(".")[0])
        if parsed is None or talk is None:
            self._refuse(update)
            return
        self._advance(talk, Tapped(*parsed), update.query)
        self._done(update)

    def _conversation_of(self, seed: str) -> Conversation | None:
        open_talk = self.speaker.conversation
        if open_talk is not None and open_talk.seed == seed:
            return open_talk
        talk = self.unit.conversations.by_seed(self.house.brand, seed)
        return talk if talk is not None and talk.address_id == self.speaker.address.id else None

    def _done(self, update: Pressed) -> None:
        """Let the tap's waiting sign stop, unless something was said to it in passing."""
        if update.query and not any(notice.query == update.query for notice in self.out.notices):
            self.out.notice(update.channel, update.chat, update.query, None)

    def _refuse(self, update: Pressed) -> None:
        if update.query:
            words = say(phrase("That button is no longer in use."), self.language)
            self.out.notice(update.channel, update.chat, update.query, words)

    # -- commands

    def _command(self, name: str, rest: str) -> None:
        match name:
            case "start":
                self._start()
            case "stop":
                self._stop()
            case "language":
                self._language(rest)
            case "back":
                self._back()
            case "help":
                self.say(HELP)
            case "complain":
                self._complain()
            case "privacy":
                self._privacy()
            case _:
                self.say(HELP)

    def _start(self) -> None:
        """Begin what waits, show the open question again, or begin the installation's own first survey."""
        if self.speaker.customer.opted_out_at is not None:
            self.unit.customers.opt_in(self.speaker.customer.id)
        if inviting.begin_waiting(self.speaker, self.scene):
            return
        talk = self.speaker.conversation
        if talk is not None and talk.survey_version_id is not None:
            self._advance(talk, LanguageChosen(state_of(talk).language))
            return
        if self.house.start_survey is None:
            self.say(HELLO)
            return
        version_id, survey = self.house.shelf.published(self.unit, self.house.brand, self.house.start_survey)
        inviting.begin(self.speaker, version_id, survey, self.scene)

    def _stop(self) -> None:
        talk = self.speaker.conversation
        for invitation in self.unit.invitations.waiting_of(self.speaker.customer.id):
            self.unit.invitations.decide(invitation.id, "withheld", "opt_out", self.now)
        if talk is not None:
            self._advance(talk, Stopped())
            return
        self.unit.customers.opt_out(self.speaker.customer.id, self.now)
        self.say(desk.STOPPED)

    def _language(self, chosen: str) -> None:
        if chosen:
            self._choose_language(chosen)
            return
        buttons = tuple(Button(NAMES[tag], f"1:{LANGUAGE_PROMPT}:{tag}") for tag in LANGUAGES)
        self.say(phrase("Which language would you like?"), *((button,) for button in buttons))

    def _choose_language(self, tag: str) -> None:
        if tag not in LANGUAGES:
            self._language("")
            return
        self.unit.addresses.set_language(self.speaker.address.id, tag)
        self.unit.customers.set_language(self.speaker.customer.id, tag)
        self.out.menus.append((self.speaker.address, tag))
        talk = self.speaker.conversation
        words = say(phrase("All right, English it is."), tag)
        self.out.post(self.speaker.address, Message(words), "reply")
        if talk is not None:
            self._advance(talk, LanguageChosen(tag))

    def _back(self) -> None:
        talk = self.speaker.conversation
        if talk is None or talk.survey_version_id is None:
            self.say(phrase("There is no open question to go back from."))
            return
        self._advance(talk, WentBack())

    def _complain(self) -> None:
        if self.speaker.case_id is not None:
            self.say(
                phrase("I'm sorry. Please write what happened: it goes straight to the colleague who looks after it.")
            )
            return
        inviting.close_open(self.speaker, self.scene)
        self._sort(desk.complain(self.house.seed(), self.language, self._facts(), self.now))

    def _privacy(self) -> None:
        name = self.house.business.get("name") or say(phrase("The business"), self.language)
        text = say(Phrase(PRIVACY.sentence, {"business": name}), self.language)
        if self.house.privacy_url:
            text = f"{text}\n\n{self.house.privacy_url}"
        self.out.post(self.speaker.address, Message(text), "reply")

    def _facts(self) -> Facts:
        return facts_of(self.speaker.customer, self.house)

    # -- machines

    def _to_machine(self, event: Replied | Showed) -> None:
        talk = self.speaker.conversation
        if talk is not None and not self._expired(talk):
            if isinstance(event, Replied) and self.speaker.case_id is not None and talk.purpose == "desk":
                self._to_the_case(talk, event.text)
            else:
                self._advance(talk, event)
            return
        if talk is not None:
            self._advance(talk, PatienceEnded())
        if isinstance(event, Showed):
            self.say(desk.CANNOT_PASS_ON)
        else:
            self._hear(event.text)

    def _to_the_case(self, talk: Conversation, text: str) -> None:
        """Take all that was written at the desk to the case that was opened meanwhile: there is nothing to sort."""
        state = state_of(talk)
        said: tuple[str, ...] = ()
        if isinstance(state, Sorting):
            said = state.said
            self._exchange(talk).settle(desk.leave(state, self.now, read_elsewhere=True), "Left")
        self._hear("\n".join((*said, text)))

    def _hear(self, text: str) -> None:
        """Take words outside any conversation: for the open case, or to be sorted."""
        owned = False
        if self.speaker.case_id is not None:
            owned = self.unit.cases.get(self.speaker.case_id).owner_id is not None
        decision = desk.hear(
            self.house.seed(),
            self.language,
            self._facts(),
            text,
            self.now,
            case_open=self.speaker.case_id is not None,
            owned=owned,
        )
        self._sort(decision)

    def _expired(self, talk: Conversation) -> bool:
        state = state_of(talk)
        return not isinstance(state, Closed) and self.now >= state.expires_at

    def _sort(self, decision: Decision) -> None:
        """Carry out what the desk decided; only a question it asks needs a conversation of its own."""
        conversation = None
        if isinstance(decision.state, Sorting):
            conversation = self.unit.conversations.open(
                self.house.brand,
                self.speaker.address.id,
                self.speaker.customer.id,
                "desk",
                decision.state.seed,
                save(decision.state),
                self.now,
            )
            key = f"expire:{conversation.id}"
            self.out.plan("expire", conversation.id, key, decision.state.expires_at, self.house.brand)
        self._exchange(conversation).carry_out(decision)

    def _exchange(self, talk: Conversation | None, query: str = "") -> Exchange:
        survey = None
        if talk is not None and talk.survey_version_id is not None:
            survey = self.house.shelf.version(self.unit, talk.survey_version_id)
        return Exchange(self.scene, Talking(self.speaker, talk, survey), query=query)

    def _advance(self, talk: Conversation, event: Event, query: str = "") -> Decision:
        exchange = self._exchange(talk, query)
        decision = advanced(exchange, talk, event, self.now)
        exchange.settle(decision, type(event).__name__)
        return decision


def advanced(exchange: Exchange, talk: Conversation, event: Event, now: int) -> Decision:
    """Return what a conversation's own machine decides about an event."""
    state = state_of(talk)
    if isinstance(state, Sorting):
        return desk.advance(state, event, now)
    if exchange.survey is None:  # a talk at the desk that is over
        return Decision(state)
    return engine.advance(exchange.survey, state, event, now)
