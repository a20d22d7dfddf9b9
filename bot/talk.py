"""A customer and the machines they talk to: what every room of the customer's side works with."""

from bot.channels.messages import Button, Message
from bot.effects import Exchange
from bot.people import Speaker, facts_of, language_of, speaking_for
from bot.phrases import say
from bot.scene import Scene, Talking
from conversations import desk, engine
from conversations.events import Decision, Event
from conversations.facts import Facts
from conversations.phrases import Phrase
from conversations.state import Sorting, save
from storage.conversations import Conversation


class CustomerTalk:
    """One customer in one turn, and the way to their machines. `calls_themselves` is their name in the channel."""

    def __init__(self, speaker: Speaker, scene: Scene, calls_themselves: str = "") -> None:
        self.speaker = speaker
        self.calls_themselves = calls_themselves
        self.scene = scene
        self.unit, self.house, self.out, self.now = scene

    @property
    def language(self) -> str:
        """Return the language of this chat."""
        return language_of(self.speaker.address, self.speaker.customer, self.house)

    def say(self, words: Phrase, *rows: tuple[Button, ...]) -> None:
        """Say a sentence of ours in this chat."""
        self.out.post(self.speaker.address, Message(say(words, self.language), rows), "reply")

    def facts(self) -> Facts:
        """Return what texts may speak of."""
        return facts_of(self.speaker.customer, self.house)

    def sort(self, decision: Decision) -> None:
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
        self.exchange(conversation).carry_out(decision)

    def exchange(self, talk: Conversation | None, query: str = "") -> Exchange:
        """Return the exchange of this turn with a talk of theirs; `query` is the tap to answer in passing."""
        survey, speaker = None, self.speaker
        if talk is not None and talk.survey_version_id is not None:
            survey = self.house.shelf.asked(self.unit, talk.survey_version_id, talk.variant)
        if talk is not None and talk.customer_id != speaker.customer.id:  # another one of those this chat speaks for
            speaker = speaking_for(speaker.address, talk.customer_id, talk, self.unit)
        return Exchange(self.scene, Talking(speaker, talk, survey), query=query)

    def advance(self, talk: Conversation, event: Event, query: str = "") -> Decision:
        """Give an event to a talk's machine, and carry out what it decided."""
        exchange = self.exchange(talk, query)
        decision = advanced(exchange, talk, event, self.now)
        exchange.settle(decision, type(event).__name__)
        return decision


def advanced(exchange: Exchange, talk: Conversation, event: Event, now: int) -> Decision:
    """Return what a conversation's own machine decides about an event."""
    state = exchange.stood(talk)
    if isinstance(state, Sorting):
        return desk.advance(state, event, now)
    if exchange.survey is None:  # a talk at the desk that is over
        return Decision(state)
    return engine.advance(exchange.survey, state, event, now)
