"""Figures in words: the same in chat, on the page of the manual, and in JSON."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from bot.clock import iso
from bot.figure_words import HELP, number, told
from bot.figures import Line, Report, as_json
from conversations.phrases import phrase
from reports.periods import Period
from reports.scores import Figure, net_promoter, score
from reports.summaries import NOTHING, Asked, Summary


def with_scores(*asked: Asked) -> Summary:
    return msgspec.structs.replace(NOTHING, scores=asked)


def fields(told_: Any) -> Iterator[str]:
    if isinstance(told_, dict):
        for key, value in told_.items():
            yield key
            yield from fields(value)
    elif isinstance(told_, list):
        for each in told_:
            yield from fields(each)


def test_the_manual_says_what_the_chat_says(root):
    """Two explanations of one figure would be two figures."""
    page = (root / "docs" / "figures.md").read_text(encoding="utf-8")

    assert [each.sentence for each in HELP if f"- {each.sentence}\n" not in page] == []


def test_every_field_of_the_json_is_in_the_manual(root):
    """Whoever reads it with a program has nothing else to go by."""
    page = (root / "docs" / "figures.md").read_text(encoding="utf-8")
    asked = Asked("visit", "satisfaction", score("csat", {5: 3}, 1, 5), "matrix")
    summary = with_scores(asked)
    line = Line("delivery", Period(1, 2), summary, summary)
    made = as_json(Report("UTC", Period(1, 2), "touchpoint", 10, True, (line,), line), "now", lambda at: iso(at) or "")
    named = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]*)`", page))))

    assert {field for field in fields(made) if not field.isdigit()} - named == set()


def test_a_loss_is_written_with_a_minus():
    """Not with a hyphen, which a line may break after; and nothing is no gain."""
    assert number(-42.4, "points") == "−42"
    assert number(12.0, "points") == "+12"
    assert number(-0.2, "points") == "0"


def test_a_change_is_told_only_where_both_sides_have_enough():
    """Against three answers of last month nothing is up or down."""
    now, few, many = (net_promoter(counts) for counts in ({10: 90, 0: 10}, {0: 3}, {0: 100}))

    assert told("NPS", now, phrase("answers: {count}"), 10, "en", few).endswith("answers: 100")
    assert told("NPS", now, phrase("answers: {count}"), 10, "en", many).endswith("; clearly up from −100")


def test_a_figure_without_answers_has_no_value():
    """Not zero: unknown."""
    assert told("NPS", Figure("points", None, None, 0, enough=False), phrase("answers: {count}"), 10, "en") == (
        "NPS: not enough yet, answers: 0 of at least 10"
    )
