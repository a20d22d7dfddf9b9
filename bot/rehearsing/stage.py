"""One conversation played with the real engine: a clock that is moved by hand, and everything that comes out.

A stage stores nothing. Between two events its state is written and read as a database would keep it, so that each
rehearsal also tries that.
"""

from datetime import timedelta
from typing import Final, assert_never

from msgspec.structs import replace

from bot.channels.messages import Message
from bot.composing import (
    ConsentLine,
    Voice,
    chosen_rows,
    label_text,
    question_message,
    said_message,
)
from bot.phrases import say
from bot.rehearsing import asides
from bot.rehearsing.backstage import Backstage, Talk
from bot.rehearsing.silence import Patience
from conversations import asking, comparing, desk, engine
from conversations.asking import values_of
from conversations.contact import Allowed, Kind, NotNow, Rules
from conversations.events import (
    Ask,
    Decision,
    Effect,
    Event,
    Note,
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
from conversations.state import Asking, Closed, Sorting, State, load, save
from conversations.surveys import Survey

SEED: Final = "rehearsal"
AGAIN: Final = "followup"
DESK: Final = "desk"
TAKEN_UP: Final = phrase("A colleague takes it up again now, and will write to you right here.")


class Stage(Backstage):
    """A chat, and the conversations that are held in it.

    `follow_up` is the survey that is asked after a case, None where nobody wants to see that.
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
        super().__init__(now, reader, Patience(rules, facts.zone), survey.follow_up, follows=follow_up is not None)
        self._survey = survey
        self._follow_up = follow_up
        self._language = language
        self._facts = facts
        self._talks: dict[str, Talk] = {}
        self._current = SEED
        self._desks = 0

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
        due = self.patience.next()
        return None if due is None else due.at

    # -- what happens

    def begin(self, *, follows_up: bool = False) -> None:
        """Ask the first question; a survey that itself follows a case up begins with a case."""
        self.consented = self.case_open = follows_up
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
            self.patience.heard_at = self.now
        self._settle(decision, talk, seed)

    def hear(self, text: str, media: tuple[int, ...] = ()) -> None:
        """Take words outside any conversation, and what was shown with them, as the desk does."""
        self._desks += 1
        seed = f"{DESK}{self._desks}"
        self.patience.heard_at = self.now
        decision = desk.hear(
            seed, self._language, self._facts, text, self.now, case_open=self.case_open, owned=False, media=media
        )
        self._current = seed
        if isinstance(decision.state, Sorting):
            self.patience.expire_at(seed, decision.state.expires_at)
        self._settle(decision, Talk(None, decision.state), seed, begins=True)

    def speak(self, language: str) -> None:
        """Speak that language from now on."""
        self._language = language

    def said(self, words: Phrase) -> None:
        """Say a sentence of our own to the customer."""
        self.post(Message(say(words, self._language)))

    def never_again(self, words: Phrase) -> None:
        """Let the customer stop outside any conversation, and say so."""
        self.patience.opted_out = True
        self.said(words)
        self.tell("over", asides.aside(OptOut(), "", deepens=False)[1], OptOut())

    def pass_time(self, span: timedelta) -> None:
        """Let time pass, and what falls due within it happen at its own moment."""
        until = self.now + span // timedelta(milliseconds=1)
        while (due := self.patience.next()) is not None and due.at <= until:
            self.now = max(self.now, due.at)
            self.patience.taken(due)
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

    # -- what falls due

    def _remind(self, seed: str) -> None:
        talk = self._talks[seed]
        kind = Kind.FOLLOW_UP if talk.follows_up else Kind.REMINDER
        verdict = self.patience.may(kind, self.now, case_open=self.case_open, in_conversation=False)
        if isinstance(verdict, NotNow):
            self.patience.put_off(seed, verdict.until)
        elif isinstance(verdict, Allowed) and seed == self._current:
            count = len(self.shown)
            self.take(Silent())
            if len(self.shown) > count:
                self.patience.began_at = self.now

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
        verdict = self.patience.may(Kind.FOLLOW_UP, self.now, case_open=True, in_conversation=self.asked)
        if isinstance(verdict, NotNow):
            self.tell("follow_up", self.at_moment(asides.PUT_OFF, verdict.until))
            self.patience.ask_again_at(verdict.until)
        elif not isinstance(verdict, Allowed):
            self.tell("follow_up", asides.NOT_ASKED)
        else:
            self._begin_again(survey)

    def _begin_again(self, survey: Survey) -> None:
        self.tell("follow_up", asides.PUT_RIGHT)
        before = self._talks[self._current]  # one talk at a time
        if isinstance(before.state, Asking) and before.survey is not None:
            over = asking.closed(before.state, asking.outcome_of(before.state, before.survey), self.now)
            self._settle(Decision(over), before, self._current)
        elif isinstance(before.state, Sorting):
            self._settle(desk.leave(before.state, self.now), before, self._current)
        facts = comparing.after(self._facts, self.rated)
        decision = engine.begin(survey, AGAIN, self._language, facts, self.now, consented=True, case_open=True)
        self._begun(decision, survey, AGAIN, follows_up=True)

    # -- what comes out

    def _begun(self, decision: Decision, survey: Survey, seed: str, *, follows_up: bool = False) -> None:
        self._current = seed
        self.patience.plan_silence(seed, survey, self.now)
        self._settle(decision, Talk(survey, decision.state, follows_up), seed, begins=True)

    def _settle(self, decision: Decision, talk: Talk, seed: str, *, begins: bool = False) -> None:
        was_over = not begins and isinstance(talk.state, Closed)
        stands = Talk(talk.survey, load(save(decision.state)), talk.follows_up)
        self._talks[seed] = stands
        default = stands.survey.languages[0] if stands.survey is not None else self._language
        voice = Voice(decision.state.language, default, decision.state.facts, values_of(decision.state))
        for effect in decision.effects:
            self._carry(effect, voice, stands)
        if self.taken_up:  # no apology said it in one breath
            self.post(Message(voice.text(TAKEN_UP)))
            self.taken_up = False
        if isinstance(decision.state, Closed) and not was_over:
            self.patience.forget(seed)
            if talk.survey is not None:
                self.ended(decision.state, stands)

    def _carry(self, effect: Effect, voice: Voice, talk: Talk) -> None:
        match effect:
            case Ask():
                line = ConsentLine(self._facts.business.get("name", ""), "") if self._asks_consent(effect) else None
                self.post(question_message(effect, voice, line), effect.prompt, effect.question.key)
            case Say():
                self._say(effect, voice)
            case ShowChoice(prompt=prompt, label=label):
                self.choose(prompt, label_text(label, voice))
            case ShowChosen(prompt=prompt):
                self.mark(prompt, chosen_rows(effect, voice))
            case Note(phrase=words, label=label):
                full = words if label is None else Phrase(words.sentence, {"answer": label_text(label, voice)})
                self.pass_by(voice.text(full))
            case _:
                self.carry_unseen(effect, talk)

    def _asks_consent(self, ask: Ask) -> bool:
        return ask.asks_consent and not self.consented

    def _say(self, said: Say, voice: Voice) -> None:
        message = said_message(said, voice)
        if said.apology and self.taken_up:
            message = replace(message, text=f"{message.text}\n\n{voice.text(TAKEN_UP)}")
            self.taken_up = False
        self.post(message, said.prompt or "", asking.CHANGE if said.prompt else "")

    def _seed_of(self, event: Event) -> str:
        seed = event.prompt.partition(".")[0] if isinstance(event, Tapped) else self._current
        return seed if seed in self._talks else self._current
