"""Claims about the written playbook: ours is sound, the business's own goes over it, and mistakes are named."""

import re
from datetime import timedelta

import pytest

from bot.playbooks import own, playbook_of, shipped
from conversations import wording
from conversations.facts import Facts
from recovery.plans import STEPS
from recovery.playbooks import KINDS, Playbook, PlaybookInvalid, Written, read

LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def over(name: str, source: str) -> Playbook:
    return read([*shipped(), Written(name, source)])


def problems(name: str, source: str) -> list[str]:
    with pytest.raises(PlaybookInvalid) as refused:
        over(name, source)
    return [str(problem) for problem in refused.value.problems]


def test_what_we_ship_is_sound():
    """Its texts are tried here, not at each start."""
    assert read([file._replace(trusted=False) for file in shipped()]).plans.all != ()


def test_what_we_ship_speaks_every_language():
    """Nobody reads half a plan in a language that they do not know."""
    book = playbook_of(None)
    texts = [text for plan in book.plans.all for text in (*plan.texts.values(), plan.title)]
    labels = [one.label for cause in book.causes.first for one in (cause, *cause.below)]
    titles = [subject.title for subject in book.lexicon.subjects.values()]

    assert [each for each in (*texts, *labels, *titles) if set(each) != set(LANGUAGES)] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", STEPS)
def test_a_prepared_text_reads_well_with_and_without_what_is_known(step: str, language: str):
    """A customer without a name, and a service without one, are the usual case."""
    text = playbook_of(None).plans.get("full").text(step, language).replace("staff.name", "business.name")
    bare = wording.render(text, Facts(business={"name": "Bo"}), {})
    full = wording.render(
        text, Facts(customer={"name": "Ana"}, service={"item": "Rye bread"}, business={"name": "Bo"}), {}
    )

    for said in (bare, full):
        assert said
        assert not any(mark in said for mark in ("{", "}", "  ", " ,", "，，", "“”", "「」"))


def test_short_is_what_holds_and_full_has_all_five():
    """Three taps in all, unless a touchpoint is worth more."""
    plans = playbook_of(None).plans

    assert plans.for_touchpoint("delivery").key == "short"
    assert plans.for_touchpoint(None).steps == ("apology", "repair", "follow_up")
    assert plans.get("full").steps == STEPS
    assert set(plans.get("full").step_times) == {"apology", "empathy", "atonement"}
    assert plans.get("gone").key == "short"


def test_a_moment_of_truth_has_its_own_plan():
    """What it does not say is as in the plan that it is like."""
    plan = over(
        "plans.toml",
        """
        [[plan]]
        key = "checkout"
        like = "full"
        touchpoints = ["checkout"]
        weight = 1
        skill = "conduct"
        remedy = { kind = "voucher", worth = "20.00", what.en = "breakfast for two" }
        [plan.within]
        first_contact = "30m"
        empathy = "2h"
        [plan.texts.empathy]
        en = "I am with you, {{ customer.name }}. {{ staff.name }}"
        """,
    ).plans.for_touchpoint("checkout")

    assert (plan.key, plan.weight, plan.skill, plan.steps) == ("checkout", 1, "conduct", STEPS)
    assert [target.owed for target in plan.targets] == ["first_contact", "apology", "empathy", "atonement"]
    assert plan.targets[0].allowed == timedelta(minutes=30)
    assert plan.step_times["empathy"] == timedelta(hours=2)
    assert plan.step_times["atonement"] == timedelta(hours=16)
    assert plan.text("empathy", "zh-Hans").startswith("I am with you")
    assert plan.text("repair", "zh-Hans").startswith("{%")
    assert plan.remedy is not None
    assert plan.remedy.kind in KINDS


def test_a_shipped_plan_is_given_touchpoints_in_three_lines():
    """The rest of it stays."""
    book = over("plans.toml", '[[plan]]\nkey = "full"\ntouchpoints = ["repair"]')

    assert book.plans.for_touchpoint("repair").steps == STEPS
    assert book.plans.for_touchpoint("delivery").key == "short"


def test_own_words_take_the_place_of_ours_or_add_to_them():
    """A florist knows what wilted means."""
    book = over(
        "words.toml",
        """
        [[subject]]
        key = "goods"
        more = true
        wrong.en = ["wilted"]
        [[emotion]]
        key = "angry"
        adds = 1
        words.en = ["grumpy"]
        """,
    )

    assert [one.key for one in book.lexicon.subjects_in("wilted and missing")] == ["goods", "goods"]
    assert [one.word for one in book.lexicon.emotions_in("furious and grumpy")] == ["grumpy"]


def test_own_causes_add_replace_and_leave_out():
    """The tree is the business's own; three taps to make it so."""
    book = over(
        "causes.toml",
        """
        [[cause]]
        key = "outside"
        dropped = true
        [[cause]]
        key = "flowers"
        label.en = "The flowers"
        below = [{ key = "wilted", label.en = "Wilted" }]
        """,
    )

    assert book.causes.get("outside") is None
    assert book.causes.words("flowers.wilted", "zh-Hant") == "The flowers · Wilted"
    assert book.causes.fits("flowers.other")
    assert not book.causes.fits("outside.weather")
    assert not book.causes.fits("flowers.gone")


@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        ("words.toml", "[[subject]]\nkey = 'x'\nwrong.en = ['re*']", "after 3 letters"),
        ("words.toml", "[[subject]]\nkey = 'x'\nwrong.zh-Hans = ['坏*']", "Take the star out"),
        ("words.toml", "[[subject]]\nkey = 'x'\nwrong.de = ['kaputt']", 'There is no "de"'),
        ("words.toml", "[[subject]]\nkey = 'x'\nwrong = ['a']", "is no table"),
        ("words.toml", "[[subject]]\nkey = 'Upper'", "A key is missing"),
        ("words.toml", "[[emotions]]\nkey = 'x'", 'Did you mean "emotion"'),
        ("words.toml", "[[urgency]]\nkey = 'x'\nat_least = 9", "no whole number from 1 to 4"),
        ("words.toml", "[[urgency]]\nkey = 'x'\nwords.en = ['!!']", "nothing to look for"),
        ("words.toml", "[blame]\nword.en = ['x']", 'Did you mean "words"'),
        ("words.toml", "this is = no toml = at all", "This is no TOML"),
        ("causes.toml", "[[cause]]\nkey = 'a'", '"label" has no text'),
        ("causes.toml", "[[cause]]\nkey = 'other'\nlabel.en = 'x'", "offered by itself"),
        ("causes.toml", f"[[cause]]\nkey = 'a'\nlabel.en = '{'x' * 41}'", "longer than a button"),
        ("plans.toml", "[[plan]]\nkey = 'a'\nsteps = ['apologie']", 'Did you mean "apology"'),
        ("plans.toml", "[[plan]]\nkey = 'a'\nlike = 'ful'", 'Did you mean "full"'),
        ("plans.toml", "[[plan]]\nkey = 'a'\n[plan.within]\nresolve = 'soon'", "no span of time"),
        ("plans.toml", "[[plan]]\nkey = 'a'\n[plan.texts.empathy]\nen = '{{ 7 * 7 }}'", "plans.toml:4"),
        ("plans.toml", "[[plan]]\nkey = 'a'\nremedy = { kind = 'money' }", 'There is no "money"'),
        ("plans.toml", "[[plan]]\nkey = 'a'\nweight = true", "no whole number"),
        ("plan.toml", "", "is none of the files"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_how_to_mend_it(name: str, source: str, told: str):
    """Whoever wrote it reads what to do, not a traceback."""
    [problem] = problems(name, source)

    assert problem.startswith(f"{name}:")
    assert told in problem


def test_everything_that_is_wrong_is_told_at_once():
    """Nobody wants to start eleven times."""
    assert len(problems("causes.toml", "[[cause]]\nkey = 'a'\n[[cause]]\nkey = 'B'\nlabel.en = 'x'\nfoo = 1")) == 3


def test_a_folder_that_is_not_there_is_a_mistake(tmp_path):
    """A wrong path must not mean that our own words hold silently."""
    with pytest.raises(PlaybookInvalid):
        own(tmp_path / "gone")
    assert own(tmp_path) == []
    assert own(None) == []


def test_the_examples_of_the_documentation_can_be_used(root):
    """Whoever copies them gets what the page says."""
    text = (root / "docs" / "recovery.md").read_text("utf-8")
    blocks = re.findall(r"```toml\n# recovery/(\w+\.toml)\n(.*?)```", text, re.DOTALL)

    assert [name for name, _ in blocks] == ["words.toml", "plans.toml", "causes.toml"]
    assert (
        read([*shipped(), *(Written(name, source) for name, source in blocks)]).plans.for_touchpoint("checkout").weight
    )
