"""Surveys played step by step, from their beginning each time."""

from datetime import timedelta

from bot.publishing import library
from bot.rehearsing.playing import BEGINS_AT, played
from bot.rehearsing.shown import Played, as_now
from bot.rehearsing.steps import Back, Contact, Language, Photo, Say, Step, Stop, Tap, Wait
from conversations.facts import Facts
from conversations.reading import draft
from conversations.state import Asking

SURVEYS = {file.survey.key: file.survey for file in library()}
DELIVERY = SURVEYS["after_delivery"]
ANA = Facts({"name": "Ana"}, {"item": "the lamp"}, {"name": "the shop"}, "UTC")
DAY = Wait(timedelta(hours=24))

BEGUN = """format = 1
key = "mine"
touchpoint = "delivery"
languages = ["en"]
unhappy = "satisfaction <="
apology.zh-Hans = "x"

[[question]]
key = "satisfaction"
kind = "csat"
text.en = ""

[[question.branch]]
when = "satisfaction >= 4"
to = "nowhere"

[[question]]
kind = "text"
text.en = "What?"

[[question]]
key = "which"
kind = "choice"
text.en = "Which {{ customer.name }"
options = [ { key = "a" }, { key = "b", label.en = "Bee" } ]
"""


def played_by_ana(*steps: Step, begins_at: int = BEGINS_AT) -> Played:
    """Ana plays the survey that is asked after a delivery."""
    return played(DELIVERY, "en", ANA, steps, follow_up=SURVEYS["follow_up"], begins_at=begins_at)


def said(found: Played) -> list[str]:
    return [each.text for each in found.shown if each.kind == "message"]


def told(found: Played) -> list[str]:
    return [each.text for each in found.shown if each.kind == "aside"]


def test_it_begins_with_the_first_question():
    """No step is needed to see how a customer is greeted."""
    [first] = played_by_ana().shown

    assert first.text.startswith("Hello Ana! How satisfied are you with the delivery of the lamp?")
    assert [button.label for button in first.rows[0]] == ["1", "2", "3", "4", "5"]
    assert (first.who, first.question, first.step) == ("bot", "satisfaction", -1)


def test_a_tap_is_taken_by_what_it_reads_or_sends_back():
    """A chat knows what a button sends, a person what it reads."""
    by_label = played_by_ana(Tap(label="5"))

    assert by_label == played_by_ana(Tap("1:rehearsal.0:5"))
    assert (by_label.over, by_label.outcome) == (True, "complete")


def test_a_choice_shows_on_its_message():
    """As in a chat: the choice below it, the buttons gone."""
    first = as_now(played_by_ana(Tap(label="5")).shown)[0]

    assert (first.text.splitlines()[-1], first.rows, first.mark) == ("✓ 5", (), "✓ 5")


def test_an_unhappy_answer_tells_what_the_product_does():
    """The author sees the case and the follow-up that nobody sees in the chat."""
    found = played_by_ana(Tap(label="1"))

    assert told(found)[1:] == [
        "The apology goes at once, a case is opened, and staff hear of it.",
        "Tuesday at 10:01 the follow-up asks whether it was put right.",
    ]
    assert said(found)[1:] == [
        "I'm sorry, Ana. Your delivery should have gone better, and we want to put it right.",
        "What happened? A few words are enough.",
    ]


def test_the_follow_up_is_really_asked():
    """It is a survey of its own, and the sentence about who takes it up comes in one breath with its apology."""
    found = played_by_ana(Tap(label="1"), Say("late"), DAY, Tap(label="No"))

    assert "Was it put right?" in said(found)[4]
    assert said(found)[5].endswith("A colleague takes it up again now, and will write to you right here.")
    assert "the case is open again" in told(found)[-1]


def test_who_says_yes_is_recovered():
    """The end of the story, and nothing falls due after it."""
    found = played_by_ana(Tap(label="1"), Say("late"), DAY, Tap(label="Yes"), Tap(label="5"))

    assert told(found)[-1] == "The case is over: put right, the customer says."
    assert found.over


def test_silence_brings_the_reminder_and_then_the_end():
    """Each at its own moment, however long the wait was."""
    found = played_by_ana(Wait(timedelta(hours=100)))
    hours = [(each.at - found.shown[0].at) // 3_600_000 for each in found.shown]

    assert hours == [0, 0, 24, 72]
    assert "gentle reminder" in found.shown[2].text
    assert (found.over, found.outcome) == (True, "none")


def test_a_reminder_waits_for_the_morning():
    """The contact rules hold in a rehearsal, too: a reminder in the night would never come."""
    evening = BEGINS_AT + 12 * 3_600_000  # 22:00
    found = played_by_ana(Wait(timedelta(hours=40)), begins_at=evening)

    assert (found.shown[-1].at - evening) // 3_600_000 == 24 + 11


def test_words_after_the_end_reach_the_case():
    """What customers write afterwards is part of how it feels."""
    found = played_by_ana(Tap(label="1"), Say("late"), Say("and wet"))

    assert said(found)[-1] == "Thank you, I have added that for the colleague who will look after this."
    assert found.outcome == "complete"


def test_words_that_nobody_sorted_are_read_after_a_day():
    """Somebody happy writes afterwards and taps nothing: their words must not be lost."""
    found = played_by_ana(Tap(label="5"), Say("the box was green"), DAY, DAY)

    assert any(button.label == "Complain" for each in found.shown for row in each.rows for button in row)
    assert told(found)[-2:] == ["Staff read what nobody sorted.", "24 hours pass."]
    assert found.over


def test_a_complaint_at_the_desk_opens_a_case():
    """Also after a happy survey, and the follow-up is planned as for any other."""
    found = played_by_ana(Tap(label="5"), Say("the box was green"), Tap(label="Complain"))

    assert "A complaint: a case is opened, and staff hear of it at once." in told(found)
    assert any(text.endswith("the follow-up asks whether it was put right.") for text in told(found))
    assert found.outcome == "complete"


def test_a_tap_follows_its_question_through_the_draft():
    """A question put before it moves every message, and the rehearsal of a moment ago still plays."""
    longer = draft(
        """format = 1
key = "mine"
touchpoint = "x"
languages = ["en"]
[[question]]
key = "first"
kind = "yes_no"
optional = true
text.en = "Well?"
[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How?"
"""
    ).survey
    step = Tap("1:rehearsal.0:5", "5", "satisfaction")

    assert played(longer, "en", ANA, [Tap(label="Skip"), step]).over
    gone = played(longer, "en", ANA, [step])
    assert told(gone) == ["Left out: the button “5” is not there any more."]
    assert gone.shown[-1].about == "left_out"


def test_everything_a_customer_can_do_is_a_step():
    """Photos, a shared number, commands typed or tapped, another language."""
    found = played_by_ana(
        Photo("the box"),
        Contact("138 0013 8000"),
        Language("zh-Hans"),
        Say("/language en"),
        Say("/help"),
        Tap(label="3"),
    )

    assert "[picture] the box" in [each.text for each in found.shown]
    assert any("您对这次" in text for text in said(found))
    assert "All right, English it is." in said(found)
    assert "/help is answered as in every chat. It is no part of the survey." in told(found)
    assert isinstance(found.state, Asking)


def test_back_and_stop():
    """The two ways out that every customer has."""
    found = played_by_ana(Back(), Tap(label="3"), Back(), Say("/stop"), Back(), Stop())

    assert "So far your answer is: 3" in "".join(said(found))
    assert "This customer is never asked again." in told(found)
    assert (found.over, found.outcome) == (True, "stopped")


def test_a_half_written_survey_is_played_as_far_as_it_goes():
    """Whoever writes wants to see the rest while one line is still wrong; what was left out is said."""
    found = played(draft(BEGUN).survey, "en", ANA, [Tap(label="1"), Tap(label="a")])

    assert said(found)[0].startswith("…")
    assert said(found)[1].strip() == "Which"
    assert found.over
    assert found.trouble == (
        "Question 2 is left out: it has no key or no kind yet.",
        "A branch of satisfaction is left out: it leads nowhere yet.",
        "Nobody counts as unhappy here: the condition for it cannot be read.",
    )


def test_nothing_to_ask_is_said():
    """An empty draft and one that is no TOML are where every survey begins."""
    empty = draft('format = 1\nkey = "mine"\n').survey

    assert played(empty, "en", ANA, []).trouble == ("There is nothing to ask yet: add a question first.",)
    assert played(None, "en", ANA, [], reader="zh-Hans").trouble == ("这份问卷还读不出来：请先改好标出的地方。",)
    assert played(None, "en", ANA, []).shown == ()


def test_asides_are_in_the_authors_language():
    """The customer's language is the survey's; the author's is their own."""
    found = played(DELIVERY, "zh-Hant", ANA, [Tap(label="1")], reader="zh-Hans", follow_up=SURVEYS["follow_up"])

    assert said(found)[1].startswith("Ana，非常抱歉，這次配送")
    assert told(found)[1] == "马上致歉，开立一个个案，同事也会得知。"
