"""Claims about how severe a case is and which skill it needs, with the lists that we ship."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playbooks import playbook_of
from recovery.severity import Lexicon, Rated, of_rating, weigh


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return playbook_of(None).lexicon


@pytest.mark.parametrize(
    ("rated", "severity"),
    [
        (Rated(1, 1, 5), 3),
        (Rated(2, 1, 5), 2),
        (Rated(3, 1, 5), 2),
        (Rated(4, 1, 5), 1),
        (Rated(0, 0, 10), 3),
        (Rated(1, 0, 10), 3),
        (Rated(2, 0, 10), 2),
        (Rated(5, 0, 10), 2),
        (Rated(6, 0, 10), 1),
        (Rated(7, 1, 7, high_is_bad=True), 3),
        (Rated(5, 1, 7, high_is_bad=True), 2),
        (Rated(2, 1, 7, high_is_bad=True), 1),
        (Rated(99, 1, 5), 1),
        (Rated(1, 1, 1), 2),
    ],
)
def test_a_rating_weighs_by_how_far_into_the_unhappy_end_it_is(rated: Rated, severity: int):
    """A 6 of 10 is a detractor, and yet no catastrophe; of effort the high end is the bad one."""
    assert of_rating(rated) == severity


@pytest.mark.parametrize(
    ("said", "severity", "skill"),
    [
        ("The parcel never arrived", 2, "delivery"),
        ("I am furious, the courier never came", 3, "delivery"),
        ("You charged me twice and nobody answers", 3, "billing"),
        ("The waiter was rude", 2, "conduct"),
        ("I need this today, my flight leaves", 3, None),
        ("There is smoke coming out of it", 4, None),
        ("You will hear from my lawyer", 4, None),
        ("It is not broken at all", 2, None),
        ("ok", 2, None),
        ("I was in your shop today", 2, None),
        ("It broke at once", 2, "repair"),
        ("买来马上就坏了", 2, "repair"),
        ("请马上处理！", 3, None),
        ("asdkjh 123 ??", 2, None),
        ("气死我了，第三次了还没修好", 3, "repair"),
        ("包裹还没到", 2, "delivery"),
        ("多收了我二十块，要求退款", 2, "billing"),
        ("房间不干净，有异味", 2, "cleanliness"),
        ("服务员态度恶劣", 2, "conduct"),
        ("插座冒烟了", 4, None),
        ("我要打12315", 4, None),
        ("東西沒有壞", 2, None),
        ("東西壞了，退款！", 2, "repair"),
        ("太離譜了，店員對我吼", 3, "conduct"),
        ("瓦斯味很重", 4, None),
    ],
)
def test_words_say_how_severe_it_is_and_who_should_see_to_it(lexicon, said: str, severity: int, skill: str | None):
    """Anger makes it graver, haste makes it grave, danger urgent, and a subject names the skill."""
    weight = weigh(lexicon, [said])

    assert (weight.severity, weight.skill) == (severity, skill)


def test_a_moment_of_truth_weighs_more_and_has_its_own_skill(lexicon):
    """Its plan says so; what the words are about comes before that."""
    assert weigh(lexicon, ["hm"], rated=Rated(2, 1, 5), extra=1, skill="front").severity == 3
    assert weigh(lexicon, ["hm"], skill="front").skill == "front"
    assert weigh(lexicon, ["the invoice"], skill="front").skill == "billing"


def test_only_what_presses_makes_a_case_urgent(lexicon):
    """Anger at its worst is grave; it is not a fire."""
    assert weigh(lexicon, ["worst scam ever, third time!"], rated=Rated(1, 1, 5), extra=2).severity == 3
    assert weigh(lexicon, [], urgent=True).severity == 4


def test_every_weight_says_why(lexicon):
    """Staff who wonder read the words that counted."""
    weight = weigh(lexicon, ["furious", "the invoice is wrong, it is urgent!"], rated=Rated(1, 1, 5), extra=1)

    assert len(weight.reasons) == 5
    assert "“furious”" in str(weight.reasons[1].places["words"])


texts = st.lists(st.sampled_from(["hello", "furious", "urgent", "smoke", "broken", "气死", "尽快", "起火", "没坏", ""]))


@given(texts, texts)
def test_more_words_make_no_case_slighter(before: list[str], after: list[str]):
    """Whoever wrote of smoke and then said thank you still smells it."""
    lexicon = playbook_of(None).lexicon

    assert weigh(lexicon, [*before, *after]).severity >= weigh(lexicon, before).severity


@given(st.text(max_size=200), st.integers(-5, 20), st.integers(0, 3))
def test_a_severity_is_always_one_of_four(text: str, rating: int, extra: int):
    """Clocks and routing count on it."""
    weight = weigh(playbook_of(None).lexicon, [text], rated=Rated(rating, 1, 5), extra=extra)

    assert 1 <= weight.severity <= 4
