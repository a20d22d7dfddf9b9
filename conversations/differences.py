"""What differs between two editions of a survey, as its editors read it, and what that does to the figures.

Questions are told apart by their keys, which never change: a question under another key is another question. What
`breaks` a comparison is named before it is published, because nobody can mend it afterwards: answers to the earlier
edition stay as they were given.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from conversations.phrases import Phrase, phrase
from conversations.surveys import RATINGS, Experiment, Question, Scale, Survey, Texts, Variant, Wording


class Difference(msgspec.Struct, frozen=True):
    """One thing that differs. `question` is its key, None for the survey itself; `before` and `after` are as written.

    `breaks` says what can no longer be compared, None when everything can.
    """

    what: Phrase
    question: str | None = None
    before: str = ""
    after: str = ""
    breaks: Phrase | None = None


_SETTINGS: Final[dict[str, Phrase]] = {
    "touchpoint": phrase("the touchpoint"),
    "unhappy": phrase("when an answer counts as unhappy"),
    "explain": phrase("the question after an unhappy answer"),
    "delay": phrase("the time from the service to the question"),
    "expires": phrase("how long the survey waits for an answer"),
    "remind": phrase("the reminders"),
    "follow_up": phrase("the time to the follow-up"),
    "share": phrase("the share of customers who are asked"),
    "consent": phrase("how consent is asked for"),
    "anonymous": phrase("whether answers are kept without a name"),
}
_ANEW: Final = phrase("The experiment is counted anew from this version on.")
_OWN_TEXTS: Final[dict[str, Phrase]] = {
    "title": phrase("the title"),
    "apology": phrase("the apology"),
    "thanks": phrase("the thanks"),
}
_QUESTION_TEXTS: Final[dict[str, Phrase]] = {
    "text": phrase("the text"),
    "low_end": phrase("the words for the low end"),
    "high_end": phrase("the words for the high end"),
}


def differences(before: Survey, after: Survey) -> tuple[Difference, ...]:
    """Return what differs, the survey's own settings first, then its questions in the order of the later edition."""
    return (
        *_of_settings(before, after),
        *_of_texts(before, after),
        *_of_questions(before, after),
        *_of_experiment(before, after),
    )


def breaks(found: tuple[Difference, ...]) -> tuple[Difference, ...]:
    """Return those after which something can no longer be compared."""
    return tuple(each for each in found if each.breaks is not None)


# --- the survey itself ----------------------------------------------------------------------------------------------


def _of_settings(before: Survey, after: Survey) -> Iterator[Difference]:
    for name, called in _SETTINGS.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            what = phrase("Changed: {what}", what=called)
            yield Difference(what, None, _written(was), _written(now), _breaks_setting(name))
    for tag in after.languages:
        if tag not in before.languages:
            yield Difference(phrase("New language: {language}", language=tag))
    for tag in before.languages:
        if tag not in after.languages:
            yield Difference(phrase("Language removed: {language}", language=tag))


def _breaks_setting(name: str) -> Phrase | None:
    if name == "unhappy":
        return phrase("Other answers open a case from now on, so numbers of cases before and after do not compare.")
    if name == "touchpoint":
        return phrase("Figures of both touchpoints have a break at this moment.")
    if name == "anonymous":
        return phrase("People answer otherwise when nobody knows who they are, so scores before and after may differ.")
    return None


def _of_texts(before: Survey, after: Survey) -> Iterator[Difference]:
    for name, called in _OWN_TEXTS.items():
        yield from _texts(None, called, getattr(before, name), getattr(after, name))


def _texts(key: str | None, called: Phrase, before: Texts | None, after: Texts | None) -> Iterator[Difference]:
    """Yield what differs in one text, language by language."""
    was, now = before or {}, after or {}
    for tag in dict.fromkeys((*was, *now)):
        if was.get(tag) != now.get(tag):
            what = phrase("Changed in {language}: {what}", language=tag, what=called)
            yield Difference(what, key, was.get(tag, ""), now.get(tag, ""))


# --- questions ------------------------------------------------------------------------------------------------------


def _of_questions(before: Survey, after: Survey) -> Iterator[Difference]:
    was = {question.key: question for question in before.questions}
    now = {question.key: question for question in after.questions}
    for key, question in was.items():
        if key not in now:
            yield Difference(phrase("Question removed"), key, _first(question.text), "", _breaks_removed(question))
    moved = _moved([key for key in was if key in now], [key for key in now if key in was])
    for key, question in now.items():
        if key not in was:
            yield Difference(phrase("New question"), key, "", _first(question.text))
        else:
            yield from _of_question(was[key], question)
            if key in moved:
                yield Difference(phrase("Question moved"), key)


def _moved(before: list[str], after: list[str]) -> frozenset[str]:
    """Return as few keys as explain the new order: those outside of the longest run that kept its order.

    The longest common subsequence of two permutations, by patience sorting (Fredman 1975).
    """
    places = {key: place for place, key in enumerate(before)}
    best: list[list[str]] = []
    for key in after:
        longest = max((run for run in best if places[run[-1]] < places[key]), key=len, default=[])
        best.append([*longest, key])
    kept = max(best, key=len, default=[])
    return frozenset(after) - frozenset(kept)


def _breaks_removed(question: Question) -> Phrase | None:
    if question.kind in RATINGS:
        return phrase("Its score ends here: reports show it up to this moment and no further.")
    return phrase("Its answers end here.") if question.kind != "statement" else None


def _of_question(before: Question, after: Question) -> Iterator[Difference]:
    key = after.key
    if before.kind != after.kind:
        why = phrase("Answers of two kinds do not compare: please give the new question a key of its own.")
        yield Difference(phrase("Another kind of question"), key, before.kind, after.kind, why)
    if before.scale != after.scale:
        why = phrase("Ratings on two scales do not compare: please give the new question a key of its own.")
        yield Difference(phrase("Another scale"), key, _scale(before.scale), _scale(after.scale), why)
    for name, called in _QUESTION_TEXTS.items():
        yield from _texts(key, called, getattr(before, name), getattr(after, name))
    yield from _of_options(before, after)
    yield from _of_ways(before, after)
    if before.optional != after.optional:
        yield Difference(
            phrase("May be skipped from now on") if after.optional else phrase("Must be answered now"), key
        )


def _of_options(before: Question, after: Question) -> Iterator[Difference]:
    was, now = _labels(before), _labels(after)
    for option, label in was.items():
        if option not in now:
            why = phrase("Who would have chosen it chooses something else now, so all shares shift.")
            yield Difference(phrase("Choice removed"), after.key, _first(label), "", why)
    for option, label in now.items():
        if option not in was:
            why = phrase("Some will choose it instead of another, so all shares shift.")
            yield Difference(phrase("New choice"), after.key, "", _first(label), why)
        else:
            yield from _texts(after.key, phrase("the choice {choice}", choice=option), was[option], label)


def _labels(question: Question) -> Mapping[str, Texts]:
    return {option.key: option.label for option in question.options}


def _of_ways(before: Question, after: Question) -> Iterator[Difference]:
    was, now = _ways(before), _ways(after)
    if was != now:
        yield Difference(phrase("Other ways on"), after.key, "\n".join(was), "\n".join(now))


def _ways(question: Question) -> list[str]:
    return [f"{branch.when or '*'} → {branch.to}" for branch in question.branches]


# --- the experiment -------------------------------------------------------------------------------------------------


def _of_experiment(before: Survey, after: Survey) -> Iterator[Difference]:
    was, now = before.experiment, after.experiment
    if was is not None and (now is None or now.key != was.key):
        yield Difference(phrase("Experiment ended"), None, was.key, "")
    if now is None:
        return
    if was is None or was.key != now.key:
        yield Difference(phrase("New experiment"), None, "", now.key)
        was = None
    elif was.answers != now.answers:
        what = phrase("Changed: {what}", what=phrase("the planned number of answers"))
        yield Difference(what, None, str(was.answers), str(now.answers), _ANEW)
    yield from _of_variants(was, now)


def _of_variants(before: Experiment | None, after: Experiment) -> Iterator[Difference]:
    was = {variant.key: variant for variant in (before.variants if before else ())}
    now = {variant.key: variant for variant in after.variants}
    for key, variant in was.items():
        if key not in now:
            yield Difference(phrase("Variant removed"), None, f"{key}: {variant.share:.0%}", "", _ANEW)
    for key, variant in now.items():
        breaks_ = None if before is None else _ANEW
        if key not in was:
            yield Difference(phrase("New variant"), None, "", f"{key}: {variant.share:.0%}", breaks_)
        elif was[key].share != variant.share:
            what = phrase("Changed: {what}", what=phrase("the share of variant {variant}", variant=key))
            yield Difference(what, None, f"{was[key].share:.0%}", f"{variant.share:.0%}", breaks_)
        for each in _of_variant(was.get(key, Variant(key, 0)), variant):
            yield replace(each, breaks=breaks_)


def _of_variant(before: Variant, after: Variant) -> Iterator[Difference]:
    if before.order != after.order:
        what = phrase("Changed: {what}", what=phrase("the order in variant {variant}", variant=after.key))
        yield Difference(what, None, ", ".join(before.order), ", ".join(after.order))
    for question in dict.fromkeys((*before.wordings, *after.wordings)):
        was, now = before.wordings.get(question, Wording()), after.wordings.get(question, Wording())
        for name, called in _QUESTION_TEXTS.items():
            what = phrase("{what} in variant {variant}", what=called, variant=after.key)
            yield from _texts(question, what, getattr(was, name), getattr(now, name))


# --- as written -----------------------------------------------------------------------------------------------------


def _scale(scale: Scale | None) -> str:
    return "" if scale is None else f"{scale.low}–{scale.high}"


def _first(texts: Texts) -> str:
    return next(iter(texts.values()), "")


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case timedelta():
            hours = value / timedelta(hours=1)
            return f"{hours:g} h"
        case tuple():
            return ", ".join(_written(each) for each in value)
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.0%}"
        case _:
            return str(value)
