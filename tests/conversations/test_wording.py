"""Claims about texts with places to fill in."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations import wording
from conversations.facts import NOTHING_KNOWN, Answers, Facts
from conversations.templates import FILTERS
from conversations.wording import WordingRefused, render

ANA = Facts(customer={"name": "Ana"}, service={"item": "the lamp", "items": "2"}, business={"name": "Nest"})
ANSWERS: Answers = {"satisfaction": 4, "put_right": False, "extras": ("late", "rude"), "reason": "dust"}
KEYS = tuple(ANSWERS)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Thank you.", "Thank you."),
        ("Thank you, {{ customer.name }}.", "Thank you, Ana."),
        ("You said {{ answers.satisfaction }}.", "You said 4."),
        ("{{ service.items }} of {{ service.item }}", "2 of the lamp"),
        ("{{ answers.extras }}", "late, rude"),
        ("{{ answers.extras|join(' and ') }}", "late and rude"),
        ("{{ answers.extras|first }} {{ answers.extras|last }}", "late rude"),
        ("{{ customer.name|upper }}{{ customer.name|lower }}", "ANAana"),
        ("{{ service.item|title }} {{ service.item|capitalize }}", "The Lamp The lamp"),
        ("{{ service.item|truncate(4) }}", "the…"),
        ("{{ customer.nick|default('you') }}", "you"),
        ("{{ ' x '|trim }}", "x"),
        ("{% if answers.satisfaction >= 4 %}good{% elif answers.satisfaction %}so{% else %}?{% endif %}", "good"),
        ("{% if answers.put_right %}yes{% else %}no{% endif %}", "no"),
        ("{% if answers.put_right == 'no' and answers.put_right == false %}no{% endif %}", "no"),
        ("{% if 'late' in answers.extras %}late{% endif %}", "late"),
        ("{% if answers.reason in ['dust', 'noise'] %}house{% endif %}", "house"),
        ("{{ customer.name if customer.name else 'you' }}", "Ana"),
        ("{# not for customers #}Hello", "Hello"),
        ("Between three quotes.\n", "Between three quotes."),
        ("{% if customer.name %}\nDear Ana\n{% endif %}\n", "Dear Ana"),
        ("{% if customer.name %}\nDear Ana\n{% endif %}\nHello", "Dear Ana\nHello"),
    ],
)
def test_a_text_is_filled_in(text, filled):
    """The forms that authors write, one each."""
    assert wording.check(text, KEYS) == []
    assert render(text, ANA, ANSWERS) == filled


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("How was the delivery, {{ customer.name }}?", "How was the delivery?"),
        ("Thank you, {{ customer.name }}!", "Thank you!"),
        ("Hello {{ customer.name }}!", "Hello!"),
        ("{{ customer.name }}, how was it?", "How was it?"),
        ("{{ customer.name }}，您好！", "您好！"),
        ("谢谢您，{{ customer.name }}！", "谢谢您！"),
        ("Hi {{ customer.name }}, how was {{ service.item }} today?", "Hi, how was today?"),
        ("Your order ({{ service.item }}) is here.", "Your order is here."),
        ("您对“{{ service.item }}”满意吗？", "您对满意吗？"),
        ("Dear guest,\n{{ customer.name }}, how was it?", "Dear guest,\nHow was it?"),
        ("{{ customer.name|upper }}", ""),
        ("{{ answers.extras|join(', ') }}", ""),
        ("{% if answers.satisfaction >= 4 %}good{% endif %}", ""),
        ("{% if answers.satisfaction < 4 %}bad{% endif %}", ""),
        ("{{ 'x' if customer.name }}", ""),
    ],
)
@pytest.mark.parametrize("facts", [NOTHING_KNOWN, Facts(customer={"name": ""}, service={"item": ""})])
def test_what_is_not_known_leaves_no_hole(text, left, facts):
    """ "How was it, None?" and "Hello , !" tell a customer that they are a row in a table."""
    assert render(text, facts, {}) == left


HOSTILE = {
    "attributes": "{{ customer.__class__.__mro__[1].__subclasses__() }}",
    "attributes of a text": "{{ ''.__class__ }}",
    "attr filter": "{{ customer|attr('__class__') }}",
    "globals: cycler": "{{ cycler.__init__.__globals__ }}",
    "globals: lipsum": "{{ lipsum(n=20000) }}",
    "range": "{{ range(100000) }}",
    "nested loops": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "include": "{% include 'secrets.toml' %}",
    "import": "{% import 'os' as os %}",
    "from": "{% from 'os' import path %}",
    "extends": "{% extends 'base' %}",
    "block": "{% block a %}{% endblock %}",
    "set": "{% set a = 'x' %}",
    "power": "{{ 2 ** (10 ** 8) }}",
    "arithmetic": "{{ answers.satisfaction + 1 }}",
    "multiplied text": "{{ 'A' * 10 ** 9 }}",
    "joined text": "{{ 'A' ~ 'B' }}",
    "center": "{{ 'x'|center(1000000000) }}",
    "wordwrap": "{{ customer.name|wordwrap(1) }}",
    "replace": "{{ customer.name|replace('', customer.name) }}",
    "format %": "{{ '%1000000000d' % 1 }}",
    "format filter": "{{ '%1000000000d'|format(1) }}",
    "format method": "{{ '{0.__class__}'.format(customer) }}",
    "format_map": "{{ '{a.__class__}'.format_map(customer) }}",
    "many parentheses": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "many nots": "{{ " + "not " * 1500 + "customer.name }}",
    "deep ifs": "{% if customer.name %}" * 100 + "{% endif %}" * 100,
    "long chain": "{{ customer.name" + "|upper" * 100 + " }}",
    "raw": "{% raw %}{{ customer.__class__ }}{% endraw %}",
    "filter block": "{% filter upper %}a{% endfilter %}",
    "call block": "{% call customer.name() %}{% endcall %}",
    "autoescape": "{% autoescape false %}a{% endautoescape %}",
    "do": "{% do customer.update() %}",
    "with": "{% with a = 1 %}{% endwith %}",
    "test": "{{ customer.name is string }}",
    "square brackets": "{{ customer['name'] }}",
    "slice": "{{ answers.extras[0:1] }}",
    "dictionary": "{{ {'a': 1} }}",
    "whole scope": "{{ customer }}",
    "self": "{{ self }}",
    "long figure": "{{ " + "9" * 5000 + " }}",
    "calculated argument": "{{ customer.name|truncate(answers.satisfaction) }}",
    "huge argument": "{{ customer.name|truncate(99999999) }}",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_text_is_refused_before_it_is_compiled(kind):
    """The sandbox alone holds neither time nor memory: some of these would run for ever."""
    text = "Hello,\n" + HOSTILE[kind]

    [complaint, *_] = wording.check(text, KEYS)

    assert complaint.line == 2
    assert complaint.message
    assert complaint.mend
    with pytest.raises(WordingRefused):
        render(text, ANA, ANSWERS)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{{ custmer.name }}", 'Did you mean "customer"?'),
        ("{{ satisfaction }}", 'Did you mean "answers.satisfaction"?'),
        ("{{ answers.satisfacton }}", 'Did you mean "answers.satisfaction"?'),
        ("{{ customer.name", "Every {{ needs its }}"),
        ("{% if customer.name %}Hello", "its {% endif %}"),
        ("{{ customer.name|truncate }}", "Write |truncate(40)."),
        ("{{ customer.name|shout }}", "the filter |shout"),
        ("W" * 9000 + "{{ customer.name }}", "longer than 8 KB"),
    ],
)
def test_an_honest_mistake_is_met_with_its_mend(text, complaint):
    """Authors are shop owners: they are told what to write, not what a node is."""
    [found] = wording.check(text, KEYS)

    assert complaint in str(found)


def test_a_text_that_cannot_be_filled_in_is_refused_when_it_is_rendered():
    """Then a plain text is sent instead; the caller sees one error, whatever happened inside."""
    with pytest.raises(WordingRefused, match="compares a text with a figure"):
        render("{% if customer.name >= 4 %}a{% endif %}", ANA, {})


def test_what_a_customer_typed_is_never_a_template():
    """A name is filled in once; braces in it stay braces."""
    mallory = Facts(customer={"name": "{{ 7 * 7 }}{% for %}"})

    assert render("Hello {{ customer.name }}", mallory, {}) == "Hello {{ 7 * 7 }}{% for %}"


PIECES = st.sampled_from(
    [
        *("{{ ", " }}", "{% ", " %}", "{%- ", " -%}", "{#", "#}", "if ", "elif ", "else", "endif", "raw", "for x in"),
        *("customer.name", "service.item", "answers.reason", "answers.extras", "customer", ".__class__", "answers.no"),
        *(f"|{name}" for name in FILTERS),
        *("|default('abc')", "|join('--')", "|truncate(3)", "|center(99)", "'ß'", "1", "(", ")", "[", ", ", " ~ "),
        *(" == ", " >= ", " in ", " and ", " or ", "not ", " is defined", "ΐ", "\n", " ", "text", "\x00"),
    ]
)  # fmt: skip
GENERATED = st.one_of(
    st.lists(PIECES, max_size=25).map("".join),
    st.lists(
        st.lists(PIECES, max_size=4).map(lambda inner: "{{ customer.name" + "".join(inner) + " }}"), max_size=4
    ).map("".join),
    st.text(max_size=60),
)


@given(GENERATED, st.text(max_size=20), st.lists(st.text(max_size=5), max_size=4))
@example("{{ customer.name" + "|upper" * 15 + " }}", "ΐß", [])
@example("{{ answers.extras" + "|join('xxxxxxxxxxxx')" * 15 + " }}", "", ["a", "b", "c"])
@example("{{ '\ud800' }}", "\ud800", [])
def test_whatever_passes_the_check_stays_small(text, value, choices):
    """No loops, no arithmetic: what comes out is at most the text's length times the longest value.

    Times three, for letters that become several when their case changes ("ΐ" is the longest).
    """
    facts = Facts(*({"name": value, "item": value},) * 3)
    answers = {"reason": value, "extras": tuple(choices)}
    if wording.check(text, ("reason", "extras")):
        return

    try:
        filled = render(text, facts, answers)
    except WordingRefused:
        return
    longest = max(1, len(value), len(", ".join(choices)), len(choices) + sum(map(len, choices)))
    assert len(filled) <= 3 * len(text) * longest


def test_every_filter_is_on_the_page_for_authors(root):
    """A filter that nobody knows is only a way to attack."""
    page = (root / "docs" / "author.md").read_text("utf-8")

    assert {name for name in FILTERS if not re.search(rf"`\|?{name}\b", page)} == set()
