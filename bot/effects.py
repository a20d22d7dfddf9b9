"""Carrying out what a conversation's machine decided: answers kept, messages written, cases opened.

Everything happens in the turn's own unit of work; the state is saved last, against the revision it was read at.
"""

from typing import assert_never

import msgspec

from bot import anonymous, candid, casework, passing_on, tallying
from bot.channels.messages import Message
from bot.composing import (
    ConsentLine,
    Voice,
    chosen_message,
    chosen_rows,
    label_text,
    question_message,
    said_message,
)
from bot.notifying import telling
from bot.outgoing import message_of
from bot.phrases import listed
from bot.scene import Scene, Talking
from bot.wayout import way_out
from conversations import contact_details
from conversations.asking import values_of
from conversations.events import (
    Ask,
    Consent,
    CorrectCase,
    Decision,
    Discard,
    Effect,
    GiveName,
    Keep,
    KeepApart,
    Note,
    OpenCase,
    OptOut,
    PassOnPraise,
    PassOnUnsorted,
    Say,
    SayStanding,
    ShowChoice,
    ShowChosen,
    TellCase,
)
from conversations.phrases import Phrase, phrase
from conversations.state import Closed, State, load, save
from conversations.understanding import asks_how_it_stands, is_thanks, put_right
from storage.conversations import Conversation

CONSENT_VERSION = "1"


class Exchange:
    """One conversation in one turn: who speaks, what they answered before, and where the answer goes.

    `query` is the tap to be answered in passing; `began` says that we began it, so that quiet classes apply.
    """

    def __init__(
        self,
        scene: Scene,
        talking: Talking,
        *,
        query: str = "",
        began_as: str | None = None,
        actor: str = "customer",
    ) -> None:
        self.scene = scene
        self.talking = talking
        self.speaker, self.conversation, self.survey = talking
        self.unit, self.house, self.out, self.now = scene
        self._query = query
        self._began_as = began_as
        self._actor = actor
        self._chain = self.conversation.chain if self.conversation else ""
        self._voice: Voice | None = None
        self._stood: State | None = None
        self._consented = False
        self._untouched = False
        self._opted_out: list[str] = []
        self._who_has_it: Phrase | None = None
        self._apart = self.conversation is not None and self.conversation.anonymous != 0
        self._response: KeepApart | None = None

    def stood(self, conversation: Conversation) -> State:
        """Return where this exchange's conversation stood when the turn read it; its row is decoded once."""
        if self._stood is None:
            self._stood = state_of(conversation)
        return self._stood

    def settle(self, decision: Decision, what: str, *, tells_case: bool = True) -> None:
        """Carry out a decision on an open or closed conversation, and save where it stands.

        Its case is told when it ends, unless `tells_case` says that something else of the same case begins.
        """
        self.carry_out(decision)
        conversation = self.conversation
        if conversation is None:
            return
        if conversation.anonymous:
            anonymous.forget_update(self.scene, conversation)
        if self._apart:
            self._settle_apart(conversation, decision.state)
            return
        stored = save(decision.state)
        if stored != conversation.state or self._chain != conversation.chain:
            self._save(conversation, decision.state, stored)
            stood = self.stood(conversation)
            tallying.conversation_changed(self.scene, conversation, self.survey, stood, decision.state)
            self._note(conversation, what, decision.state)
            if isinstance(decision.state, Closed):
                telling.response_closed(self.scene, conversation, decision.state)
        if tells_case and isinstance(decision.state, Closed) and conversation.closed_at is None:
            casework.conversation_ended(self.scene, self.talking, decision.state)
        elif isinstance(decision.state, Closed) and conversation.closed_at is not None:
            casework.answered_late(self.scene, self.talking, decision.state)

    def _settle_apart(self, conversation: Conversation, state: State) -> None:
        """Save where an anonymous conversation stands, or let its end leave nothing that leads to what was said."""
        stored = save(state)
        if isinstance(state, Closed) and conversation.closed_at is None:
            anonymous.part(self.scene, conversation, state, self._response)
        elif stored != conversation.state:
            self.unit.conversations.save(conversation.id, conversation.revision, stored, "")

    def _save(self, conversation: Conversation, state: State, stored: str) -> None:
        outcome = state.outcome if isinstance(state, Closed) else None
        closed_at = state.closed_at if isinstance(state, Closed) else None
        self.unit.conversations.save(conversation.id, conversation.revision, stored, self._chain, outcome, closed_at)

    def _note(self, conversation: Conversation, what: str, state: State) -> None:
        stands = state.outcome if isinstance(state, Closed) else getattr(state, "question", "sorting")
        self.unit.history.add(self.house.brand, f"conversation:{conversation.id}", self._actor, what, stands, self.now)

    def carry_out(self, decision: Decision) -> None:
        """Carry out the effects of a decision, in order."""
        self._voice = self._new_voice(decision.state)
        self._untouched = not any(given.at for given in decision.state.answers.values())
        for effect in decision.effects:
            self._carry(effect)
        if self._who_has_it is not None:
            self._post(Message(self.voice.text(self._who_has_it)), "reply", None)
        if len(self._opted_out) > 1:  # after what was said about it
            self._post(Message(self.voice.text(holds_for(self._opted_out, self.voice.language))), "reply", None)

    def _new_voice(self, state: State) -> Voice:
        default = self.survey.languages[0] if self.survey else self.house.language
        return Voice(state.language, default, state.facts, values_of(state))

    @property
    def voice(self) -> Voice:
        """Return the customer's language, with this conversation's facts."""
        if self._voice is None:
            raise RuntimeError("nothing was decided yet")
        return self._voice

    def _carry(self, effect: Effect) -> None:
        match effect:
            case Ask():
                self._ask(effect)
            case Say():
                self._say(effect)
            case ShowChoice():
                self._show_choice(effect)
            case ShowChosen():
                self._show_chosen(effect)
            case Note():
                self._notice(effect)
            case Keep():
                self._keep(effect)
            case OptOut():
                self._opt_out()
            case Consent():
                self._consent()
            case KeepApart() | GiveName() | Discard():
                self._keep_promise(effect)
            case _:
                self._tell_people(effect)

    def _tell_people(
        self, effect: OpenCase | TellCase | SayStanding | CorrectCase | PassOnPraise | PassOnUnsorted
    ) -> None:
        match effect:
            case OpenCase():
                self._who_has_it = casework.open_case(self.scene, self.talking, effect)
            case TellCase(text=text, edited=edited, media=media):
                # "ok" to a solved case opens it no more than thanks, and a question about it neither
                settles = is_thanks(text) or put_right(text) is True or asks_how_it_stands(text)
                casework.customer_said(self.scene, self.talking, text, reopens=not settles, edited=edited, media=media)
            case SayStanding():
                candid.say_standing(self.scene, self.talking, self.voice.language)
            case CorrectCase(rating=rating):
                casework.corrected(self.scene, self.talking, rating)
            case PassOnPraise(text=text, media=media, rated=rated):
                passing_on.praise(self.scene, self.talking, text, media, rated=rated)
            case PassOnUnsorted(text=text, media=media):
                passing_on.unsorted(self.scene, self.talking, text, media)
            case _:
                assert_never(effect)

    def _keep_promise(self, effect: KeepApart | GiveName | Discard) -> None:
        match effect:
            case KeepApart():
                self._response = effect
            case GiveName():
                self._apart = False
                if self.conversation is not None:
                    anonymous.named(self.scene, self.conversation)
            case Discard(media=media):
                self.unit.anonymous.discard(media)
                self.out.moves_files = True
            case _:
                assert_never(effect)

    # -- messages

    def _ask(self, ask: Ask) -> None:
        purpose = (self._began_as or "question") if ask.proactive else "question"
        line = None
        if ask.asks_consent and self.speaker.customer.consented_at is None:
            line = ConsentLine(self.house.business.get("name", ""), self.house.privacy_url)
        message = question_message(ask, self.voice, line)
        if self._untouched:
            rows = (*message.rows, *way_out(self.speaker, self.unit, self.voice.language))
            message = msgspec.structs.replace(message, rows=rows)
        self._post(message, purpose, ask.prompt)

    def _say(self, said: Say) -> None:
        message = said_message(said, self.voice)
        if said.apology and self._who_has_it is not None:  # in one breath: sorry, and who sees to it now
            message = msgspec.structs.replace(message, text=f"{message.text}\n\n{self.voice.text(self._who_has_it)}")
            self._who_has_it = None
        self._post(message, "apology" if said.apology else "reply", said.prompt)
        if said.apology:
            casework.apologised(self.scene, self.talking)

    def _post(self, message: Message, purpose: str, prompt: str | None) -> None:
        self.out.post(
            self.speaker.address,
            message,
            purpose,
            prompt=prompt,
            conversation_id=self.conversation.id if self.conversation else None,
            dedupe_key=self._key(),
        )

    def _key(self) -> str | None:
        """Return how a message is found that must not outlast the conversation; None for all others."""
        if not self._apart or self.conversation is None:
            return None
        return anonymous.key_of(self.scene, self.conversation)

    def _show_choice(self, shown: ShowChoice) -> None:
        before = self.house.recent.row_of(self.unit, shown.prompt)
        if before is not None:
            after = chosen_message(message_of(before), label_text(shown.label, self.voice))
            self.out.edit(self.speaker.address, before, after, dedupe_key=self._key())

    def _show_chosen(self, shown: ShowChosen) -> None:
        before = self.house.recent.row_of(self.unit, shown.prompt)
        if before is not None:
            message = msgspec.structs.replace(message_of(before), rows=chosen_rows(shown, self.voice))
            self.out.edit(self.speaker.address, before, message, again=True, dedupe_key=self._key())

    def _notice(self, note: Note) -> None:
        phrase = note.phrase
        if note.label is not None:
            phrase = msgspec.structs.replace(phrase, places={"answer": label_text(note.label, self.voice)})
        words = self.voice.text(phrase)
        if self._query:
            self.out.notice(self.speaker.address.channel, self.speaker.address.chat, self._query, words)

    # -- answers

    def _keep(self, kept: Keep) -> None:
        if self.conversation is None:
            return
        given = kept.given
        if kept.role == "answer":
            self._consent()
            if kept.kind == "contact" and given.text is not None:
                reached = contact_details.stored(given.text)
                self.unit.customers.reached_by(self.speaker.customer.id, reached.phone, reached.email)
        self._chain = self.unit.answers.add(
            self.conversation.id,
            kept.question,
            kept.role,
            kept.kind,
            given.number,
            given.text,
            given.raw,
            given.at,
            self._chain,
            skipped=given.skipped,
            replaces=kept.replaces,
        )
        if given.media:
            self.unit.media.answers(given.media, self.conversation.id, kept.question)

    def _opt_out(self) -> None:
        """Ask nobody again whom this chat speaks for, and name them where they are several."""
        self._opted_out = self.unit.chat_customers.opt_out(self.speaker.address.id, self.now)

    def _consent(self) -> None:
        """Note that the customer agreed: by saying so, or by answering below the line that asks for it."""
        if self.speaker.customer.consented_at is None and not self._consented:
            self.unit.customers.consent(self.speaker.customer.id, self.now, CONSENT_VERSION)
            self._consented = True


def holds_for(names: list[str], language: str) -> Phrase:
    """Return the sentence that says for whom somebody opted out."""
    return phrase("This holds for everybody this chat speaks for: {names}.", names=listed(names, language))


def state_of(conversation: Conversation) -> State:
    """Return where a conversation stands."""
    return load(conversation.state)
