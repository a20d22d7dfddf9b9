"""One conversation played with the real engine: a clock that is moved by hand, and everything that comes out.

A stage stores nothing. Between two events its state is written and read as a database would keep it, so that each
rehearsal also tries that.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final, NamedTuple, assert_never

from msgspec.structs import replace

from bot.channels.messages import Button, Message
from bot.composing import (
    ConsentLine,
    Voice,
    chosen_message,
    chosen_rows,
    label_text,
    question_message,
    said_message,
)
from bot.phrases import say
from bot.rehearsing import asides
from bot.rehearsing.asides import About
from bot.rehearsing.shown import Shown, ShownKind
from bot.rehearsing.silence import Patience
from bot.wall_clock import wall_time
from conversations import asking, desk, engine
from conversations.asking import values_of
from conversations.contact import Allowed, Kind, NotNow, Rules
from conversations.events import (
    Ask,
    Consent,
    CorrectCase,
    Decision,
    Effect,
    Event,
    Keep,
    Note,
    OpenCase,
    OptOut,
    PatienceEnded,
    Say,
    ShowChoice,
    ShowChosen,
    Silent,
    Tapped,
)
from conversations.facts import Facts
from conversations.phrases import Phrase, phrase
from conversations.replies import in_a_sentence
from conversations.state import Asking, Closed, Sorting, State, load, save
from conversations.surveys import Survey

SEED: Final = "rehearsal"
AGAIN: Final = "followup"
DESK: Final = "desk"
TAKEN_UP: Final = phrase("A colleague takes it up again now, and will write to you right here.")


class Talk(NamedTuple):
    """A conversation on the stage: its survey (None at the desk), where it stands, and whether it is the follow-up."""

    survey: Survey | None
    state: State
    follows_up: bool = False


class Stage:
    """What is shown so far, and the conversations it came from. `now` is in ms.

    `follow_up` is the survey that is asked after a case, None where nobody wants to see that. `reader` is the
    language of the author, in which the asides are.
    """

    def __init__(
        self,
        survey: Survey,
        language: str,
        facts: Facts,
        now: int,
        *,
        follow_up: Survey | None = None,
        rules: Rules = Rules(),  # noqa: B008 - it is frozen
        reader: str = "en",
    ) -> None:
        self.now = now
        self.step = -1
        self.shown: list[Shown] = []
        self.case_open = False
        self._survey = survey
        self._follow_up = follow_up
        self._language = language
        self._facts = facts
        self.reader = reader
        self._patience = Patience(rules, facts.zone)
        self._talks: dict[str, Talk] = {}
        self._current = SEED
        self._places: dict[str, int] = {}  # of the message with a prompt
        self._standing: dict[int, tuple[tuple[Button, ...], ...]] = {}  # the buttons below each message
        self._desks = 0
        self._urgent = False
        self._taken_up = False
        self._consented = False

    # -- where it stands

    @property
    def state(self) -> State:
        """Return where the newest conversation stands."""
        return self._talks[self._current].state

    @property
    def response(self) -> State:
        """Return where the newest conversation about a survey stands; words at the desk are none."""
        return self._talks[AGAIN if AGAIN in self._talks else SEED].state

    @property
    def asked(self) -> bool:
        """Return whether a question of a survey is open."""
        return isinstance(self.state, Asking)

    @property
    def over(self) -> bool:
        """Return whether nothing more comes of itself."""
        return isinstance(self.state, Closed) and self.next_due_at() is None

    def next_due_at(self) -> int | None:
        """Return the moment at which something falls due, in ms; None when nothing does."""
        due = self._patience.next()
        return None if due is None else due.at

    # -- what happens

    def begin(self, *, follows_up: bool = False) -> None:
        """Ask the first question; a survey that itself follows a case up begins with a case."""
        self._consented = self.case_open = follows_up
        decision = engine.begin(
            self._survey,
            SEED,
            self._language,
            self._facts,
            self.now,
            consented=follows_up,
            case_open=follows_up,
        )
        self._begun(decision, self._survey, SEED, follows_up=follows_up)

    def take(self, event: Event) -> None:
        """Give an event to the conversation that it is for."""
        seed = self._seed_of(event)
        talk = self._talks[seed]
        before = talk.state
        if isinstance(before, Sorting):
            decision = desk.advance(before, event, self.now)
        elif talk.survey is None:
            return
        else:
            decision = engine.advance(talk.survey, before, event, self.now)
        if not isinstance(event, Silent | PatienceEnded):
            self._patience.heard_at = self.now
        self._settle(decision, talk, seed)

    def hear(self, text: str, media: tuple[int, ...] = ()) -> None:
        """Take words outside any conversation, and what was shown with them, as the desk does."""
        self._desks += 1
        seed = f"{DESK}{self._desks}"
        self._patience.heard_at = self.now
        decision = desk.hear(
            seed, self._language, self._facts, text, self.now, case_open=self.case_open, owned=False, media=media
        )
        self._current = seed
        self._settle(decision, Talk(None, decision.state), seed)

    def speak(self, language: str) -> None:
        """Speak that language from now on."""
        self._language = language

    def said(self, words: Phrase) -> None:
        """Say a sentence of our own to the customer."""
        self._message(Message(say(words, self._language)))

    def never_again(self, words: Phrase) -> None:
        """Let the customer stop outside any conversation, and say so."""
        self._patience.opted_out = True
        self.said(words)
        self.tell("over", asides.aside(OptOut(), "", deepens=False)[1], OptOut())

    def buttons(self) -> Iterator[tuple[str, Button]]:
        """Return the buttons that can be tapped now, each with its question: those of the newest message first."""
        for place in reversed(self._standing):
            for row in self._standing[place]:
                for button in row:
                    yield self.shown[place].question, button

    def pass_time(self, span: timedelta) -> None:
        """Let time pass, and what falls due within it happen at its own moment."""
        until = self.now + span // timedelta(milliseconds=1)
        while (due := self._patience.next()) is not None and due.at <= until:
            self.now = max(self.now, due.at)
            self._patience.taken(due)
            match due.kind:
                case "remind":
                    self._remind(due.seed)
                case "expire":
                    self._expire(due.seed)
                case "follow_up":
                    self._ask_again()
                case _:
                    assert_never(due.kind)
        self.now = until

    def tell(self, about: About, words: Phrase, effect: asides.Unseen | None = None) -> None:
        """Tell the author something, in their language."""
        self._show("aside", say(words, self.reader), about=about, effect=effect)

    def replied(self, text: str, *, question: str = "", tapped: bool = False) -> None:
        """Show what the customer did."""
        self._show("reply", text, question=question, about="tap" if tapped else "")

    # -- what falls due

    def _remind(self, seed: str) -> None:
        talk = self._talks[seed]
        kind = Kind.FOLLOW_UP if talk.follows_up else Kind.REMINDER
        verdict = self._patience.may(kind, self.now, case_open=self.case_open, in_conversation=False)
        if isinstance(verdict, NotNow):
            self._patience.put_off(seed, verdict.until)
        elif isinstance(verdict, Allowed) and seed == self._current:
            count = len(self.shown)
            self.take(Silent())
            if len(self.shown) > count:
                self._patience.began_at = self.now

    def _expire(self, seed: str) -> None:
        talk = self._talks.get(seed)
        if talk is None or isinstance(talk.state, Closed):
            return
        self._current = seed
        self.take(PatienceEnded())

    def _ask_again(self) -> None:
        """Ask whether it was put right, when that may be: a rehearsal takes it that somebody did."""
        survey = self._follow_up
        if survey is None:
            return
        verdict = self._patience.may(Kind.FOLLOW_UP, self.now, case_open=True, in_conversation=self.asked)
        if isinstance(verdict, NotNow):
            self.tell("follow_up", self._at(asides.PUT_OFF, verdict.until))
            self._patience.ask_again_at(verdict.until)
        elif not isinstance(verdict, Allowed):
            self.tell("follow_up", asides.NOT_ASKED)
        else:
            self._begin_again(survey)

    def _begin_again(self, survey: Survey) -> None:
        self.tell("follow_up", asides.PUT_RIGHT)
        before = self._talks[self._current]
        if isinstance(before.state, Asking) and before.survey is not None:  # one talk at a time
            over = asking.closed(before.state, asking.outcome_of(before.state, before.survey), self.now)
            self._settle(Decision(over), before, self._current)
        decision = engine.begin(survey, AGAIN, self._language, self._facts, self.now, consented=True, case_open=True)
        self._begun(decision, survey, AGAIN, follows_up=True)

    # -- what comes out

    def _begun(self, decision: Decision, survey: Survey, seed: str, *, follows_up: bool = False) -> None:
        self._current = seed
        self._patience.plan_silence(seed, survey, self.now)
        self._settle(decision, Talk(survey, decision.state, follows_up), seed, begins=True)

    def _settle(self, decision: Decision, talk: Talk, seed: str, *, begins: bool = False) -> None:
        was_over = not begins and isinstance(talk.state, Closed)
        stands = Talk(talk.survey, load(save(decision.state)), talk.follows_up)
        self._talks[seed] = stands
        default = stands.survey.languages[0] if stands.survey is not None else self._language
        voice = Voice(decision.state.language, default, decision.state.facts, values_of(decision.state))
        for effect in decision.effects:
            self._carry(effect, voice, stands)
        if self._taken_up:  # no apology said it in one breath
            self._message(Message(voice.text(TAKEN_UP)))
            self._taken_up = False
        if isinstance(decision.state, Closed) and not was_over and talk.survey is not None:
            self._patience.forget(seed)
            self._ended(decision.state, stands)

    def _carry(self, effect: Effect, voice: Voice, talk: Talk) -> None:
        match effect:
            case Ask():
                line = ConsentLine(self._facts.business.get("name", ""), "") if self._asks_consent(effect) else None
                self._message(question_message(effect, voice, line), effect.prompt, effect.question.key)
            case Say():
                self._say(effect, voice)
            case ShowChoice(prompt=prompt, label=label):
                self._edit(prompt, label_text(label, voice))
            case ShowChosen(prompt=prompt):
                self._edit_rows(prompt, chosen_rows(effect, voice))
            case Note(phrase=words, label=label):
                full = words if label is None else Phrase(words.sentence, {"answer": label_text(label, voice)})
                self._show("passing", voice.text(full))
            case _:
                self._carry_unseen(effect, talk)

    def _asks_consent(self, ask: Ask) -> bool:
        return ask.asks_consent and not self._consented

    def _say(self, said: Say, voice: Voice) -> None:
        message = said_message(said, voice)
        if said.apology and self._taken_up:
            message = replace(message, text=f"{message.text}\n\n{voice.text(TAKEN_UP)}")
            self._taken_up = False
        self._message(message, said.prompt or "", asking.CHANGE if said.prompt else "")

    def _message(self, message: Message, prompt: str = "", question: str = "") -> None:
        if prompt:
            self._places[prompt] = len(self.shown)
        self._show("message", message.text, message=message, prompt=prompt, question=question)

    def _edit(self, prompt: str, label: str) -> None:
        place = self._places.get(prompt)
        if place is not None:
            after = chosen_message(self.shown[place].message, label)
            self._show("edit", after.text, message=after, edits=place, mark=f"✓ {label}")

    def _edit_rows(self, prompt: str, rows: tuple[tuple[Button, ...], ...]) -> None:
        place = self._places.get(prompt)
        if place is not None:
            before = self.shown[place]
            self._show("edit", before.text, message=Message(before.text, rows, before.links), edits=place)

    def _show(
        self,
        kind: ShownKind,
        text: str,
        *,
        message: Message | None = None,
        edits: int | None = None,
        mark: str = "",
        prompt: str = "",
        question: str = "",
        about: About = "",
        effect: asides.Unseen | None = None,
    ) -> None:
        rows, links = (message.rows, message.links) if message is not None else ((), ())
        if message is not None:
            self._standing[len(self.shown) if edits is None else edits] = rows
        self.shown.append(
            Shown(kind, text, self.now, self.step, rows, links, edits, mark, prompt, question, about, effect)
        )

    # -- what nobody sees in the chat

    def _carry_unseen(self, effect: asides.Unseen, talk: Talk) -> None:
        if isinstance(effect, OpenCase) and talk.follows_up and self.case_open and effect.cause == "unhappy":
            self.tell("case", asides.OPEN_AGAIN, effect)
            self._taken_up = True
            return
        about, words = asides.aside(effect, self._answer(effect, talk), deepens=self.case_open)
        self.tell(about, words, effect)
        match effect:
            case OpenCase(cause=cause):
                self._open_case(talk, urgent=cause != "unhappy")
            case CorrectCase():
                self._correct_case()
            case OptOut():
                self._patience.opted_out = True
            case Keep(role="answer") | Consent():
                self._consented = True
            case _:
                pass

    def _answer(self, effect: asides.Unseen, talk: Talk) -> str:
        if not isinstance(effect, Keep) or talk.survey is None:
            return ""
        question = asking.question_of(talk.survey, effect.question)
        answer = in_a_sentence(talk.survey, question, effect.given, self.reader)
        return say(answer, self.reader) if isinstance(answer, Phrase) else answer

    def _open_case(self, talk: Talk, *, urgent: bool) -> None:
        self._urgent = self._urgent or urgent
        if self.case_open:
            return
        self.case_open = True
        if self._follow_up is not None:
            span = talk.survey.follow_up if talk.survey is not None else self._survey.follow_up
            at = self.now + span // timedelta(milliseconds=1)
            self._patience.ask_again_at(at)
            self.tell("follow_up", self._at(asides.PLANNED, at))

    def _correct_case(self) -> None:
        if self.case_open and not self._urgent:
            self.case_open = False
            self._patience.ask_again_at(None)

    def _at(self, words: Phrase, at: int) -> Phrase:
        return Phrase(words.sentence, {"when": wall_time(at, self._patience.zone, self.reader)})

    def _ended(self, state: Closed, talk: Talk) -> None:
        self.tell("over", asides.OVER[state.outcome])
        if not talk.follows_up or state.unhappy or not self.case_open:
            return
        put_right = state.answers.get("put_right")
        if put_right.text == "yes" if put_right is not None else state.outcome == "complete":
            self.case_open = False
            self.tell("case", asides.RECOVERED)
        elif state.outcome != "stopped":
            self.tell("case", asides.SILENT)

    def _seed_of(self, event: Event) -> str:
        seed = event.prompt.partition(".")[0] if isinstance(event, Tapped) else self._current
        return seed if seed in self._talks else self._current
