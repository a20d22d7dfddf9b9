"""Laws of anonymous conversations: for any survey, whatever people type and tap, and in whatever order it comes."""

from hypothesis import given, settings
from msgspec.structs import replace

from conversations import anonymity, asking, engine
from conversations.events import (
    AskedForPerson,
    CorrectCase,
    Event,
    GiveName,
    Keep,
    KeepApart,
    Note,
    OpenCase,
    PassOnPraise,
    PatienceEnded,
    Replied,
    Say,
    Tapped,
    TellCase,
)
from conversations.reading import read
from conversations.state import Asking, Closed, load, save
from conversations.surveys import Survey
from tests.conversations.test_engine_laws import FACTS, HOUR, NOON, Act, begun, played, scripts, surveys

NAMING = (Keep, OpenCase, TellCase, CorrectCase, PassOnPraise)


def confidential(survey: Survey) -> Survey:
    return replace(survey, anonymous=True)


@settings(max_examples=300)
@given(surveys(), scripts)
def test_nothing_names_anybody_before_a_yes(survey: Survey, script: list[Act]):
    """Whatever happens in a turn, neither a row, a case nor a colleague learns who it was."""
    for step in played(confidential(survey), script):
        kinds = [type(effect) for effect in step.after.effects]
        if step.before.anonymous and GiveName not in kinds:
            assert not set(kinds) & set(NAMING), kinds
            assert step.after.state.anonymous


@given(surveys(), scripts)
def test_only_a_yes_gives_the_name(survey: Survey, script: list[Act]):
    """And only to the question that says what a yes does."""
    for step in played(confidential(survey), script):
        if GiveName in map(type, step.after.effects):
            assert isinstance(step.before, Asking)
            assert step.before.question == asking.MAY_CONTACT.key
            assert isinstance(step.event, Tapped | Replied)


@given(surveys(), scripts)
def test_a_yes_loses_nothing_of_what_was_said_before(survey: Survey, script: list[Act]):
    """Each answer and comment is stored then, in its order."""
    for step in played(confidential(survey), script):
        if GiveName in map(type, step.after.effects):
            kept = [effect for effect in step.after.effects if isinstance(effect, Keep)]

            assert [(one.question, one.given) for one in kept] == [
                (one.question, one.given) for one in step.before.said_apart
            ]


@given(surveys(), scripts)
def test_what_stays_of_a_conversation_that_is_over_says_nothing(survey: Survey, script: list[Act]):
    """Two customers cannot be told apart by it, whatever they said."""
    survey = confidential(survey)
    steps = played(survey, script)
    state = steps[-1].after.state if steps else begun(survey).state
    assert isinstance(state, Asking | Closed)
    over = engine.advance(survey, state, PatienceEnded(), NOON + 1000 * HOUR).state

    assert isinstance(over, Closed)
    if over.anonymous:
        assert over == anonymity.emptied(over)
        assert "Ana" not in save(over)


@given(surveys(), scripts)
def test_every_answer_that_stands_is_in_the_response(survey: Survey, script: list[Act]):
    """What is kept apart is what any other survey would have kept, without moments and messages."""
    survey = confidential(survey)
    statements = {question.key for question in survey.questions if question.kind == "statement"}
    for step in played(survey, script):
        for effect in step.after.effects:
            if isinstance(effect, KeepApart):
                said = {one.question: one.given for one in effect.said if one.role == "answer"}

                assert set(step.before.answers) - statements <= set(said)
                assert all(not one.given.at and not one.given.ref and not one.given.media for one in effect.said)


SECRET = """
format = 1
key = "secret"
touchpoint = "visit"
languages = ["en"]
anonymous = true
unhappy = "mood <= 2"

[[question]]
key = "mood"
kind = "csat"
text.en = "How are you?"
"""


def _begun() -> tuple[Survey, Asking]:
    survey = read(SECRET)
    state = engine.begin(survey, "seed", "en", FACTS, NOON).state
    assert isinstance(state, Asking)
    return survey, state


def _after(survey: Survey, state: Asking, event: Event) -> Asking:
    after = engine.advance(survey, state, event, NOON).state
    assert isinstance(after, Asking)
    return after


def test_a_no_is_asked_again_only_for_a_wish_of_its_own():
    """Nobody is nagged; who asks for a person later is still asked whether that may be known."""
    survey, state = _begun()
    for event in (Replied("it was an emergency, somebody was injured"), Replied("no")):
        state = _after(survey, state, event)
    again = _after(survey, state, Replied("injured, I say"))
    wished = _after(survey, again, AskedForPerson())

    assert again.question == "mood"
    assert wished.question == asking.MAY_CONTACT.key


def test_a_late_tap_is_told_kindly_that_nothing_can_be_changed():
    """Nobody knows any more which answers they were, and that is said."""
    survey, state = _begun()
    over = engine.advance(survey, state, Tapped("seed.0", "5"), NOON).state
    assert isinstance(over, Closed)
    again = load(save(over))
    assert isinstance(again, Closed)
    decision = engine.advance(survey, again, Tapped("seed.0", "1"), NOON)

    assert [effect for effect in decision.effects if isinstance(effect, Note)] == [Note(anonymity.OVER)]
    assert decision.state == over


def test_thanks_are_the_same_for_everybody():
    """The last words stay where the chat is kept, and must not tell who was unhappy."""
    survey, happy = _begun()
    unhappy = happy
    ends = []
    for state, replies in ((happy, ["5"]), (unhappy, ["1", "no", "It was cold"])):
        at: object = state
        decision = None
        for reply in replies:
            assert isinstance(at, Asking)
            decision = engine.advance(survey, at, Replied(reply), NOON)
            at = decision.state
        assert decision is not None
        ends.append([effect for effect in decision.effects if isinstance(effect, Say)])

    assert ends[0] == ends[1]
