"""Behind the stage of a rehearsal: cases opened and closed, follow-ups planned, and all of it told to the author."""

from datetime import timedelta
from typing import NamedTuple

from bot.phrases import say
from bot.rehearsing import asides
from bot.rehearsing.asides import Unseen, aside
from bot.rehearsing.chat import Chat
from bot.rehearsing.silence import Patience
from bot.wall_clock import wall_time
from conversations import asking
from conversations.events import Consent, CorrectCase, Keep, OpenCase, OptOut
from conversations.phrases import Phrase
from conversations.replies import in_a_sentence
from conversations.state import Closed, State
from conversations.surveys import Question, Survey


class Talk(NamedTuple):
    """A conversation on the stage: its survey (None at the desk), where it stands, and whether it is the follow-up."""

    survey: Survey | None
    state: State
    follows_up: bool = False


class Backstage(Chat):
    """A chat, and what the product does about it where nobody in the chat sees it.

    `span` is how long after an unhappy answer the follow-up is planned, `follows` whether anybody wants to see that.
    `taken_up` says that the customer is still to hear who has their case now; `rated` is the question whose rating
    opened it.
    """

    def __init__(self, now: int, reader: str, patience: Patience, span: timedelta, *, follows: bool) -> None:
        super().__init__(now, reader)
        self.patience = patience
        self.case_open = False
        self.consented = False
        self.taken_up = False
        self.rated: Question | None = None
        self._urgent = False
        self._span = span
        self._follows = follows

    def carry_unseen(self, effect: Unseen, talk: Talk) -> None:
        """Do what a customer sees nothing of, and tell it to the author."""
        if isinstance(effect, OpenCase) and talk.follows_up and self.case_open and effect.cause == "unhappy":
            self.tell("case", asides.OPEN_AGAIN, effect)
            self.taken_up = True
            return
        about, words = aside(effect, self._answer(effect, talk), deepens=self.case_open)
        self.tell(about, words, effect)
        match effect:
            case OpenCase(cause=cause, question=key):
                self.rated = talk.survey.question(key) if talk.survey is not None and key is not None else None
                self._open_case(talk, urgent=cause != "unhappy")
            case CorrectCase():
                self._correct_case()
            case OptOut():
                self.patience.opted_out = True
            case Keep(role="answer") | Consent():
                self.consented = True
            case _:
                pass

    def _answer(self, effect: Unseen, talk: Talk) -> str:
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
        if self._follows:
            span = talk.survey.follow_up if talk.survey is not None else self._span
            at = self.now + span // timedelta(milliseconds=1)
            self.patience.ask_again_at(at)
            self.tell("follow_up", self.at_moment(asides.PLANNED, at))

    def _correct_case(self) -> None:
        if self.case_open and not self._urgent:
            self.case_open = False
            self.patience.ask_again_at(None)

    def at_moment(self, words: Phrase, at: int) -> Phrase:
        """Return words with the moment they speak of, in ms, as a clock on the wall shows it."""
        return Phrase(words.sentence, {"when": wall_time(at, self.patience.zone, self.reader)})

    def ended(self, state: Closed, talk: Talk) -> None:
        """Tell how a survey ended, and what that means for its case."""
        self.tell("over", asides.OVER[state.outcome])
        if not talk.follows_up or state.unhappy or not self.case_open:
            return
        put_right = state.answers.get("put_right")
        if put_right.text == "yes" if put_right is not None else state.outcome == "complete":
            self.case_open = False
            self.tell("case", asides.RECOVERED)
        elif state.outcome != "stopped":
            self.tell("case", asides.SILENT)
