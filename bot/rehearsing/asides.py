"""What the product would do at that point, told to the author: one sentence for each effect nobody sees in a chat."""

from typing import Final, Literal, assert_never

from conversations.events import (
    Consent,
    CorrectCase,
    Discard,
    GiveName,
    Keep,
    KeepApart,
    OpenCase,
    OptOut,
    PassOnPraise,
    PassOnUnsorted,
    SayStanding,
    TellCase,
)
from conversations.phrases import Phrase, phrase

About = Literal["", "tap", "kept", "staff", "case", "time", "over", "follow_up", "left_out", "stuck"]
"""What an aside is about; a reply that was a `tap` is none that a chat shows.

`left_out` is a step that fits no more, `stuck` what ends a rehearsal before its time.
"""

Apart = KeepApart | GiveName | Discard
"""What only an anonymous survey does."""

Unseen = (
    Keep | OpenCase | TellCase | SayStanding | CorrectCase | PassOnPraise | PassOnUnsorted | OptOut | Consent | Apart
)
"""The effects of which a customer sees nothing."""

OPENED: Final[dict[str, Phrase]] = {
    "unhappy": phrase("The apology goes at once, a case is opened, and staff hear of it."),
    "complaint": phrase("A complaint: a case is opened, and staff hear of it at once."),
    "urgent": phrase("Urgent words: a case is opened, and staff hear of it at once."),
    "asked_for_person": phrase("A person was asked for: a case is opened, and staff hear of it at once."),
    "told_staff": phrase("A case is opened, and staff hear of it at once."),
}
DEEPENED: Final = phrase("Staff hear of this in the case that is open.")
OPEN_AGAIN: Final = phrase("It is not put right yet: the case is open again, and staff hear of it at once.")
PLANNED: Final = phrase("{when} the follow-up asks whether it was put right.")
PUT_RIGHT: Final = phrase("A rehearsal takes it that staff have put it right by now, so the follow-up asks.")
NOT_ASKED: Final = phrase("The follow-up is not asked in chat: somebody is to telephone instead.")
RECOVERED: Final = phrase("The case is over: put right, the customer says.")
SILENT: Final = phrase("Nobody answered the follow-up: somebody is to telephone and ask.")
PUT_OFF: Final = phrase("It is quiet hours, or there was a message only recently: it waits until {when}.")

OVER: Final[dict[str, Phrase]] = {
    "complete": phrase("The survey is over: complete."),
    "partial": phrase("The survey is over: not everything was answered, but enough to count."),
    "break_off": phrase("The survey is over: too little was answered to count."),
    "none": phrase("The survey is over: nothing was answered."),
    "stopped": phrase("The survey is over: the customer wants no more questions."),
    "mistaken": phrase("The survey is over: it was meant for somebody else."),
    "apart": phrase("The survey is over, and nothing leads from the customer to the answers any more."),
}

PASSES: Final = phrase("{hours} hours pass.")
ONE_HOUR: Final = phrase("One hour passes.")
MINUTES: Final = phrase("{minutes} minutes pass.")
GONE: Final = phrase("Left out: the button “{label}” is not there any more.")
NOT_HERE: Final = phrase("{command} is answered as in every chat. It is no part of the survey.")
NOTHING_OPEN: Final = phrase("There is no open question to go back from.")
STUCK: Final = phrase("The rehearsal cannot go on here: mend what is marked in the survey first.")


def aside(effect: Unseen, answer: str, *, deepens: bool) -> tuple[About, Phrase]:
    """Return what an effect is about, and how to tell it.

    `answer` is how a kept answer reads; `deepens` says that a case is open already.
    """
    match effect:
        case Keep(question=question, role="comment"):
            return "kept", phrase("Kept as a comment beside {question}.", question=question)
        case Keep(question=question):
            return "kept", phrase("Kept: {question} = {answer}", question=question, answer=answer)
        case OpenCase(cause=cause):
            return "case", DEEPENED if deepens else OPENED[cause]
        case CorrectCase():
            return "case", phrase("It was a slip: the case is closed, unless somebody has already written to them.")
        case OptOut():
            return "over", phrase("This customer is never asked again.")
        case Consent():
            return "kept", phrase("The customer agreed that answers are kept.")
        case KeepApart() | GiveName() | Discard():
            return "kept", _apart(effect)
        case _:
            return "staff", _for_staff(effect)


def _apart(effect: Apart) -> Phrase:
    match effect:
        case KeepApart(said=said):
            return phrase("Kept without a name: {count} answers and comments.", count=len(said))
        case GiveName():
            return phrase("The customer wants to be contacted: from here on this is a survey like any other.")
        case Discard():
            return phrase("The file is not kept: it would show who sent it.")
        case _:
            assert_never(effect)


def _for_staff(effect: TellCase | SayStanding | PassOnPraise | PassOnUnsorted) -> Phrase:
    match effect:
        case TellCase():
            return phrase("Staff read this in the case at once.")
        case SayStanding():
            return phrase("The customer is told how their case stands.")
        case PassOnPraise():
            return phrase("Staff hear this kind word.")
        case PassOnUnsorted():
            return phrase("Staff read what nobody sorted.")
        case _:
            assert_never(effect)
