"""Experiments: one survey asked in two ways, and who is asked in which.

Everybody is asked the survey as it is written, but for the share of each variant, which changes words or the order of
the questions and nothing that an answer means. Who gets which is no chance of the moment: it follows from the
customer, so that it stays the same with every survey, start and version, for as long as the experiment keeps its key.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

import msgspec
from msgspec.structs import replace

from conversations.surveys import Question, Survey, Variant, Wording

AS_WRITTEN: Final = "a"
"""The side that is asked the survey as it is written; no variant may have this key."""


def assigned(survey: Survey, reference: str, salt: str) -> str | None:
    """Return how a customer is asked this survey: a variant's key or `AS_WRITTEN`; None without an experiment.

    `reference` is the customer's own. The `salt` is the installation's, never changed and known to nobody, so that
    nobody can choose a reference for the side it falls on.
    """
    if survey.experiment is None:
        return None
    content = msgspec.json.encode((salt, survey.key, survey.experiment.key, reference))
    point = int.from_bytes(hashlib.sha256(content).digest()[:8]) / 2**64
    reached = 0.0
    for variant in survey.experiment.variants:
        reached += variant.share
        if point < reached:
            return variant.key
    return AS_WRITTEN


def shares(survey: Survey) -> dict[str, float]:
    """Return the share of customers on each side, the survey as written first; empty without an experiment."""
    if survey.experiment is None:
        return {}
    taken = {variant.key: variant.share for variant in survey.experiment.variants}
    return {AS_WRITTEN: 1 - sum(taken.values()), **taken}


def as_asked(survey: Survey, variant: str | None) -> Survey:
    """Return the survey as that side is asked it; the survey itself for `AS_WRITTEN` and None.

    The experiment is no part of what a variant comes to. Raises KeyError when there is no such variant.
    """
    if variant in (None, AS_WRITTEN):
        return survey
    for one in survey.experiment.variants if survey.experiment else ():
        if one.key == variant:
            worded = tuple(_worded(question, one) for question in survey.questions)
            return replace(survey, questions=_ordered(worded, one.order), experiment=None)
    raise KeyError(variant)


def same_experiment(one: Survey, other: Survey) -> bool:
    """Say whether answers to both surveys tell about the same experiment.

    They do when its sides ask the same in the same way; what is said around the questions may differ.
    """
    if one.experiment is None or other.experiment is None:
        return False
    return one.key == other.key and one.experiment == other.experiment and _asked(one) == _asked(other)


def _asked(survey: Survey) -> list[Question]:
    return [replace(question, line=0, branches=()) for question in survey.questions]


def tables(questions: tuple[Question, ...]) -> dict[str, tuple[Question, ...]]:
    """Return the questions as the file has them, by key: a matrix is all its rows."""
    found: dict[str, tuple[Question, ...]] = {}
    for question in questions:
        key = question.row.matrix if question.row else question.key
        found[key] = (*found.get(key, ()), question)
    return found


def in_order(keys: list[str], order: Sequence[str]) -> list[str]:
    """Return keys with those of `order` on the places that they have together, in that order."""
    turn = iter(order)
    return [next(turn) if key in order else key for key in keys]


def order_to(keys: list[str], wanted: list[str]) -> tuple[str, ...]:
    """Return the shortest order that brings keys to where they are wanted; nothing when they stand so already."""
    return tuple(other for key, other in zip(keys, wanted, strict=True) if key != other)


def _ordered(questions: tuple[Question, ...], order: tuple[str, ...]) -> tuple[Question, ...]:
    """Return the questions with those of `order` on the places they have together, in that order."""
    by_key = tables(questions)
    return tuple(question for key in in_order(list(by_key), order) for question in by_key[key])


def _worded(question: Question, variant: Variant) -> Question:
    row = question.row
    if row is not None and (whole := variant.wordings.get(row.matrix)):
        ends = _in_words(question, Wording({}, whole.low_end, whole.high_end))
        question = replace(ends, row=replace(row, introduction=whole.text or row.introduction))
    wording = variant.wordings.get(question.key)
    return question if wording is None else _in_words(question, wording)


def _in_words(question: Question, wording: Wording) -> Question:
    return replace(
        question,
        text=wording.text or question.text,
        low_end=wording.low_end or question.low_end,
        high_end=wording.high_end or question.high_end,
    )
