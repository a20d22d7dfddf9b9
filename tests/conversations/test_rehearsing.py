"""Claims about walking through a survey: every branch, and every way to its end."""

import pytest

from conversations.reading import read
from conversations.rehearsing import walk

HEAD = 'format = 1\nkey = "a"\ntouchpoint = "b"\nlanguages = ["en"]\n'


def ask(key, kind, *branches, more=""):
    ways = "".join(f"[[question.branch]]\nwhen = '{when}'\nto = \"{to}\"\n" for when, to in branches)
    return f'[[question]]\nkey = "{key}"\nkind = "{kind}"\ntext.en = "{key}?"\n{more}{ways}'


OPTIONS = 'options = [{ key = "x", label.en = "X" }, { key = "y", label.en = "Y" }]\n'


def test_every_branch_is_taken():
    """Also those that depend on an answer given long before."""
    survey = read(
        HEAD
        + ask("score", "csat")
        + ask("likes", "choices", more=OPTIONS)
        + ask("age", "number", ('age > 17 and score == 3 and "y" in likes', "end"))
        + ask("why", "text", ('why == "price"', "end"), more="optional = true\n")
        + ask("when_", "date", ('when_ >= "2026-01-05"', "end"))
        + ask("last", "yes_no")
    )
    walked = walk(survey)

    assert (walked.stuck, walked.unasked, walked.untaken, walked.whole) == ((), (), (), True)
    assert walked.ended > 2


def test_a_branch_that_no_answers_lead_to_is_named():
    """Each condition could hold, and not where it is asked."""
    survey = read(HEAD + ask("s", "csat", ("s <= 2", "t"), ("true", "end")) + ask("t", "text", ("s > 3", "end")))

    assert walk(survey).untaken == (("t", 0),)


def test_a_question_that_nobody_comes_to_is_named():
    """Its branch is never taken, and nothing else leads there."""
    survey = read(
        HEAD
        + ask("s", "csat", ("s <= 2", "t"), ("true", "end"))
        + ask("t", "text", ("s > 3", "u"), ("true", "end"))
        + ask("u", "text")
    )

    assert walk(survey).unasked == ("u",)


def test_a_branch_on_a_fact_is_nobodys_fault():
    """Facts come with the service event; without one they are unknown."""
    survey = read(HEAD + ask("s", "csat", ('customer.tier == "gold"', "end")) + ask("t", "text"))

    assert walk(survey).untaken == ()


def test_a_question_to_which_only_a_fact_leads_is_come_to():
    """The best customers may be asked what nobody else is: that is no mistake of the author's."""
    head = ask("s", "csat", ('customer.tier == "gold" and service.price > 100', "t"), ("true", "end"))
    walked = walk(read(HEAD + head + ask("t", "csat", ("t <= 2", "u"), ("true", "end")) + ask("u", "text")))

    assert (walked.unasked, walked.untaken, walked.whole) == ((), (), True)


def test_what_no_fact_leads_to_is_still_found():
    """Two ways that exclude each other do so whatever is known."""
    head = ask("s", "csat", ('customer.tier == "gold" and s <= 2', "t"), ("true", "end"))
    walked = walk(read(HEAD + head + ask("t", "csat", ("s >= 4", "u"), ("true", "end")) + ask("u", "text")))

    assert walked.unasked == ("u",)


def test_a_walk_is_bounded():
    """Fifty ratings that all matter at the end have more ways than anybody can walk."""
    ratings = "".join(ask(f"s{n}", "csat") for n in range(20))
    condition = " and ".join(f"s{n} > {n % 4}" for n in range(20))
    walked = walk(read(HEAD + ratings + ask("last", "text", (condition, "end"))), most=500)

    assert not walked.whole


@pytest.mark.parametrize("key", ["after_checkout", "servqual_short", "follow_up", "service_level", "after_repair"])
def test_what_we_ship_is_walked_to_its_end(root, key):
    """Whoever begins one of ours can finish it, whatever they answer."""
    walked = walk(read((root / "conversations" / "library" / f"{key}.toml").read_text("utf-8")))

    assert walked.ended
    assert (walked.stuck, walked.untaken) == ((), ())
