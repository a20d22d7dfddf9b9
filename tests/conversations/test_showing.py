"""Claims about what customers show us: photos, voice messages and documents, in a survey and outside of one."""

from msgspec.structs import replace

from conversations import changing, desk, engine, unanswered
from conversations.events import (
    Ask,
    Effect,
    Keep,
    OpenCase,
    PassOnPraise,
    PassOnUnsorted,
    PatienceEnded,
    Replied,
    Say,
    Showed,
    Tapped,
    TellCase,
)
from conversations.facts import NOTHING_KNOWN
from conversations.phrases import phrase
from conversations.state import Asking, Closed, Given, Sorting
from conversations.surveys import Question, Scale, Survey

NOON = 1_772_452_800_000
PHOTO = Showed("photo", media=(7,), ref="m1")
STARS = Question("stars", "stars", {"en": "How many stars?"}, Scale(1, 5))
WORDS = Question("words", "text", {"en": "Anything else?"})
SURVEY = Survey("any", "any", ("en",), (STARS, WORDS), unhappy="stars <= 2")


def asked(question: str, *, survey: Survey = SURVEY, **more: object) -> Asking:
    begun = engine.begin(survey, "seed", "en", NOTHING_KNOWN, NOON).state
    assert isinstance(begun, Asking)
    return replace(begun, question=question, **more)


def kept(effects: tuple[Effect, ...]) -> list[tuple[str, str, Given]]:
    return [(each.question, each.role, each.given) for each in effects if isinstance(each, Keep)]


def test_a_photo_answers_a_question_for_words():
    """Somebody who shows the crushed box has said what happened, and is not asked to say it again."""
    after = engine.advance(SURVEY, asked("words"), PHOTO, NOON)

    assert kept(after.effects) == [("words", "answer", Given("", NOON, ref="m1", media=(7,)))]
    assert isinstance(after.state, Closed)
    assert after.state.outcome == "complete"


def test_what_is_written_below_a_photo_is_the_answer_with_it():
    """The words stand in the report, and the photo with them."""
    shown = Showed("photo", media=(7,), caption="It was wet", ref="m1")
    after = engine.advance(SURVEY, asked("words"), shown, NOON)

    [(_, role, given)] = kept(after.effects)
    assert (role, given.text, given.media) == ("answer", "It was wet", (7,))


def test_a_photo_says_what_happened_and_goes_to_the_case():
    """Whoever works the case sees it; the customer is told that it was passed on."""
    unhappy = engine.advance(SURVEY, asked("stars"), Replied("1"), NOON).state
    assert isinstance(unhappy, Asking)
    after = engine.advance(SURVEY, unhappy, PHOTO, NOON)

    assert TellCase("", media=(7,)) in after.effects
    assert isinstance(after.state, Closed)


def test_beside_another_question_a_photo_is_a_comment():
    """It is no rating; it is kept, and the question asked once more."""
    after = engine.advance(SURVEY, asked("stars"), PHOTO, NOON)

    assert kept(after.effects) == [("stars", "comment", Given("", NOON, ref="m1", media=(7,)))]
    [again] = [each for each in after.effects if isinstance(each, Ask)]
    assert again.question == STARS
    assert again.lead[0] == unanswered.NOTED


def test_a_figure_below_a_photo_is_the_rating():
    """What was written counts; the photo goes with it."""
    shown = Showed("photo", media=(7,), caption="4", ref="m1")
    after = engine.advance(SURVEY, asked("stars"), shown, NOON)

    [(_, role, given)] = kept(after.effects)
    assert (role, given.number, given.media) == ("answer", 4, (7,))


def test_urgent_words_below_a_photo_open_a_case_with_the_photo():
    """A burn is not a comment."""
    shown = Showed("photo", media=(7,), caption="there was a fire", ref="m1")
    after = engine.advance(SURVEY, asked("stars"), shown, NOON)

    assert OpenCase("urgent") in after.effects
    assert TellCase("there was a fire", media=(7,)) in after.effects


def test_nothing_shown_before_consent_is_kept():
    """Only yes lets us store anything."""
    survey = replace(SURVEY, consent="step")
    after = engine.advance(survey, asked("_consent", survey=survey), PHOTO, NOON)

    assert kept(after.effects) == []


def test_a_changed_caption_leaves_the_photo_where_it_is():
    """An edit of the words below a photo is no other photo."""
    state = asked("words", answers={"words": Given("wet", NOON, text="wet", ref="m1", media=(7,))})
    after = changing.amend(SURVEY, state, "wet and cold", "m1", NOON)

    assert after.state.answers["words"] == Given("wet and cold", NOON, text="wet and cold", ref="m1", media=(7,))


def test_going_back_to_a_photo_says_that_there_is_one():
    """An empty quotation would look like nothing was kept."""
    state = asked("stars", answers={"words": Given("", NOON, media=(7,))})
    [again] = [each for each in changing.go_back(SURVEY, state).effects if isinstance(each, Ask)]

    assert again.tail == (phrase("So far your answer is: {answer}", answer=phrase("what you sent")),)


def test_a_photo_out_of_the_blue_is_sorted_like_words():
    """It may be the damage, or the birthday cake."""
    asking_what = desk.hear("seed", "en", NOTHING_KNOWN, "", NOON, case_open=False, owned=False, media=(7,))
    assert isinstance(asking_what.state, Sorting)
    more = desk.advance(asking_what.state, Showed("photo", media=(8,), caption="so good"), NOON).state
    assert isinstance(more, Sorting)

    praised = desk.advance(more, Tapped("seed.0", "praise"), NOON)

    assert PassOnPraise("so good", (7, 8)) in praised.effects
    assert kept(praised.effects) == [("desk", "comment", Given("so good", NOON, text="so good", media=(7, 8)))]


def test_a_photo_that_nobody_sorted_is_seen_all_the_same():
    """Nothing that a customer sent goes unread."""
    state = desk.hear("seed", "en", NOTHING_KNOWN, "", NOON, case_open=False, owned=False, media=(7,)).state
    assert isinstance(state, Sorting)
    left = desk.advance(state, PatienceEnded(), state.expires_at)

    assert PassOnUnsorted("", (7,)) in left.effects


def test_a_photo_goes_to_an_open_case():
    """The case is where it belongs, with the words or without."""
    told = desk.hear("seed", "en", NOTHING_KNOWN, "", NOON, case_open=True, owned=True, media=(7,))

    assert told.effects == (TellCase("", media=(7,)),)


def test_a_thank_you_below_a_photo_is_not_all_that_was_sent():
    """Welcome alone would drop the photo."""
    decision = desk.hear("seed", "en", NOTHING_KNOWN, "thanks", NOON, case_open=False, owned=False, media=(7,))

    assert isinstance(decision.state, Sorting)


def test_a_complaint_may_be_a_photo():
    """After /complain the first thing that comes is the complaint."""
    state = desk.complain("seed", "en", NOTHING_KNOWN, NOON).state
    assert isinstance(state, Sorting)
    after = desk.advance(state, PHOTO, NOON)

    assert after.effects[:2] == (OpenCase("complaint"), TellCase("", media=(7,)))


def test_what_cannot_be_kept_is_said_to_its_sender():
    """A sticker answers nothing."""
    after = engine.advance(SURVEY, asked("words"), Showed("sticker"), NOON)

    assert isinstance(after.effects[-1], Say)
    assert isinstance(after.state, Asking)
