"""Claims about what the parsers of TOML and Jinja2 said, in our words."""

import tomllib

import pytest

from conversations.checking import check
from conversations.parsers import of_jinja, of_toml
from conversations.phrases import in_english
from conversations.problems import in_words
from conversations.reading import draft
from conversations.wording import check as complaints

TOML = (
    "a",
    "a = ",
    "a = 1 2",
    'a = "b',
    'a = "b\n"',
    'a = "\\q"',
    'a = "\\uD800"',
    'a = "\\u12"',
    "a = 1\na = 2",
    "[a]\n[a]",
    "[a\n",
    "[[a\n",
    "a = [1",
    "a = {b = 1",
    "a = {b = 1, b = 2}",
    "a = {b = 1}\n[a.c]",
    "a = 2026-02-31",
    "= 1",
    "a = 'b\x01'",
    "a = '''b",
)
JINJA = (
    "{{ customer. }}",
    "{{ }}",
    "{{ customer.name",
    "{% if customer.name %}",
    "{% if %}a{% endif %}",
    "{% endif %}",
    "{{ customer.name ] }}",
    "{{ ( customer.name ] }}",
    "{{ customer.name? }}",
    "{{ customer.name customer.name }}",
    "{% %}",
)


@pytest.mark.parametrize("source", TOML)
def test_what_tomllib_refuses_has_words_of_ours(source):
    """Its own words are English, and for programmers."""
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads(source)
    said = str(refused.value).rpartition(" (at ")[0]

    assert of_toml(said).sentence != in_words("").sentence
    assert in_english(of_toml(said)) in str(draft(source).problems[0])


@pytest.mark.parametrize("source", JINJA)
def test_what_jinja_refuses_has_words_of_ours(source):
    """An author who forgot a brace is told so in their own language."""
    [complaint] = complaints(source, ())
    reason = complaint.said.places["reason"]

    assert getattr(reason, "sentence", "") not in ("", in_words("").sentence)


def test_words_that_are_new_to_us_are_passed_on():
    """Another Python may say it otherwise; then English is better than nothing."""
    assert in_english(of_toml("Something new")) == "something new"
    assert in_english(of_jinja(None)) == "it ends too early"


def test_a_problem_says_the_same_as_a_phrase_and_in_english():
    """Logs and programs read English, people their own language."""
    [problem] = [each for each in check("format = 2\n") if each.severity == "error"]

    assert problem.message == in_english(problem.said)
    assert problem.mend == in_english(problem.to_mend)
    assert hash(problem) == hash(check("format = 2\n")[0])
