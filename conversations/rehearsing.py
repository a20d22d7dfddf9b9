"""A survey walked through by nobody: every answer that a branch asks about is given, and every way ends.

The real engine is asked, with the replies that a customer would tap or type. Where two ways come to the same question
with the same answers that still matter, only one of them goes on, so that a survey of many branches stays small.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import islice, product
from typing import Final

import msgspec

from conversations import asking, branching, conditions, engine
from conversations.events import Event, Replied, Tapped
from conversations.facts import NOTHING_KNOWN, Answers, Facts, possible_answers
from conversations.particulars import TODAY
from conversations.problems import ConditionRefused
from conversations.state import Asking, Closed
from conversations.surveys import Question, Survey

BEGINS_AT: Final = 1_772_445_600_000
"""Monday 2026-03-02 10:00 UTC, in ms: the same survey is always walked the same way."""

MOST_STEPS: Final = 4000
"""Replies given before the walk stops; a survey of ten questions with a branch each needs about a hundred."""

_TODAY: Final = date(2026, 3, 2)
MOST_FACTS: Final = 48
"""With so many combinations of facts a survey is walked, at first with nothing known."""

_FACTS: Final = re.compile(r"\b(customer|service|business)\.([a-z][a-z0-9_]*)")
_FIXED: Final = re.compile(r'"(?:[^"\\]|\\.)*"|-?\b\d{1,9}\b')


class Walk(msgspec.Struct, frozen=True):
    """What came of it: how many ways were walked to their end, and the branches that nobody took.

    `stuck` names the questions where a way did not go on, `unasked` those that nobody came to. `untaken` are branches
    by question and position, without those that depend on facts and those for all that is left, which may be nothing.
    `whole` is False when there were more ways than were tried.
    """

    ended: int
    stuck: tuple[str, ...]
    unasked: tuple[str, ...]
    untaken: tuple[tuple[str, int], ...]
    whole: bool


def walk(survey: Survey, most: int = MOST_STEPS) -> Walk:
    """Return how the survey can be walked through."""
    return _Walker(survey, most).walked()


class _Walker:
    def __init__(self, survey: Survey, most: int) -> None:
        self.survey = survey
        self.left = most
        self.facts = NOTHING_KNOWN
        self.ended = 0
        self.stuck: dict[str, None] = {}
        self.taken: set[tuple[str, int]] = set()
        self.asked: set[str] = set()
        self.seen: set[tuple[str, str]] = set()
        self.ahead: dict[str, frozenset[str]] = {}
        self.questions = {question.key: question for question in survey.questions}
        self.conditions = [branch.when for question in survey.questions for branch in question.branches]
        self.mentioned = frozenset[str]().union(*map(conditions.mentions, (*self.conditions, survey.unhappy or "true")))

    def walked(self) -> Walk:
        waiting: list[Asking | Closed] = []
        for facts in islice(self._known(), MOST_FACTS):
            self.facts = facts
            self.seen.clear()
            begun = engine.begin(self.survey, "walk", self.survey.languages[0], self.facts, BEGINS_AT)
            self._arrive(begun.state, waiting)
            self._note({}, self.survey.questions[0].key)
            while waiting and self.left > 0:
                self._answer(waiting.pop(), waiting)
        untaken = tuple(
            (question.key, n)
            for question in self.survey.questions
            for n, branch in enumerate(question.branches)
            if (question.key, n) not in self.taken and branch.when != "true" and not _FACTS.search(branch.when)
        )
        unasked = tuple(question.key for question in self.survey.questions if question.key not in self.asked)
        return Walk(self.ended, tuple(self.stuck), unasked, untaken, not waiting)

    def _known(self) -> Iterator[Facts]:
        """Return what may be known, as far as the branches ask for it: nothing first, then what they compare with."""
        compared: dict[tuple[str, str], dict[str, None]] = {}
        for condition in self.conditions:
            for owner, field in _FACTS.findall(condition):
                compared.setdefault((owner, field), {}).update(_beside(_FIXED.findall(condition)))
        for chosen in product(*(("", *values) for values in compared.values())):
            known = [(*term, value) for term, value in zip(compared, chosen, strict=True) if value]
            customer, service, business = (
                {field: value for owner, field, value in known if owner == whose}
                for whose in ("customer", "service", "business")
            )
            yield Facts(customer, service, business)

    def _arrive(self, state: object, waiting: list[Asking | Closed]) -> None:
        if isinstance(state, Closed):
            self.ended += 1
            return
        if not isinstance(state, Asking):
            return
        ahead = self._asked_about_from(state.question)
        mattering = {key: state.answers[key].raw for key in sorted(ahead & state.answers.keys())}
        place = (state.question, json.dumps(mattering))
        if place not in self.seen:
            self.seen.add(place)
            waiting.append(state)

    def _asked_about_from(self, key: str) -> frozenset[str]:
        """Return the questions whose answers still decide something, from that question on."""
        if key not in self.ahead:
            found: set[str] = set()
            seen: set[str] = set()
            waiting = [key]
            while waiting:
                at = waiting.pop()
                if at in seen or at not in self.questions:
                    continue
                seen.add(at)
                for branch in self.questions[at].branches:
                    found |= conditions.mentions(branch.when)
                    waiting.append(branch.to)
                waiting.append(branching.next_in_file(self.survey, at) or "")
            self.ahead[key] = frozenset(found) | (conditions.mentions(self.survey.unhappy or "true"))
        return self.ahead[key]

    def _answer(self, state: Asking | Closed, waiting: list[Asking | Closed]) -> None:
        """Give every answer that matters to the open question."""
        if not isinstance(state, Asking):
            return
        question = asking.question_of(self.survey, state.question)
        went_on = False
        for events in self._replies(question, state):
            after: object = state
            for event in events:
                self.left -= 1
                if isinstance(after, Asking):
                    after = engine.advance(self.survey, after, event, BEGINS_AT).state
            if isinstance(after, Closed) or (isinstance(after, Asking) and after.question != state.question):
                went_on = True
                if question.key in self.questions:
                    self._note(asking.answers_of(self.survey, after), question.key)
                self._arrive(after, waiting)
        if not went_on:
            self.stuck[question.key] = None

    def _note(self, answers: Answers, key: str) -> None:
        """Note the branches taken from a question on, past the statements that are only said."""
        for _ in self.survey.questions:
            self.asked.add(key)
            for n, branch in enumerate(self.questions[key].branches):
                if _holds(branch.when, answers, self.facts):
                    self.taken.add((key, n))
                    break
            after = branching.following(self.survey, key, answers, self.facts)
            if after is None:
                return
            self.asked.add(after)
            if self.questions[after].kind != "statement":
                return
            key = after

    # --- replies ------------------------------------------------------------------------------------------------------

    def _replies(self, question: Question, state: Asking) -> Iterator[tuple[Event, ...]]:
        prompt = state.prompt()
        if question.kind in ("choices", "ranking"):
            for keys in self._several(question):
                yield (*(Tapped(prompt, key) for key in keys), Tapped(prompt, asking.DONE.key))
        elif (values := possible_answers(question)) is not None:
            for value in values if question.key in self.mentioned else values[:1]:
                yield (Tapped(prompt, ("yes" if value else "no") if isinstance(value, bool) else str(value)),)
        else:
            for text in self._typed(question):
                yield (Replied(text, "walk"),)
        if question.optional:
            yield (Tapped(prompt, asking.SKIP.key),)

    def _several(self, question: Question) -> Iterator[tuple[str, ...]]:
        keys = tuple(option.key for option in question.options)
        if question.kind == "ranking":
            for n in range(len(keys) if question.key in self.mentioned else 1):
                yield (*keys[n:], *keys[:n])[: question.places]
            return
        yield keys
        for key in keys if question.key in self.mentioned else ():
            yield (key,)

    def _typed(self, question: Question) -> list[str]:
        """Return replies around every fixed value that a condition compares this question with, and a usual one."""
        fixed = [
            one
            for condition in self.conditions
            if question.key in conditions.mentions(condition)
            for one in _FIXED.findall(condition)
        ]
        match question.kind:
            case "number":
                low, high = (question.scale.low, question.scale.high) if question.scale else (0, 10**9)
                near = {int(one) + step for one in fixed if one[0] != '"' for step in (-1, 0, 1)}
                return [str(n) for n in sorted({low, *(n for n in near if low <= n <= high)})]
            case "date":
                return _days(question, [one.strip('"') for one in fixed])
            case "contact":
                return ["+49 30 1234567"] if question.wants == ("phone",) else ["ana@example.com"]
        return ["It was late.", *dict.fromkeys(json.loads(one) for one in fixed if one[0] == '"' and one != '""')]


def _days(question: Question, fixed: list[str]) -> list[str]:
    bounds = [_day(bound) for bound in (question.earliest, question.latest) if bound]
    near = [_day(one) + timedelta(days=step) for one in fixed if _is_day(one) for step in (-1, 0, 1)]
    usual = bounds or [_TODAY + timedelta(days=1 if question.sense == "future" else -1)]
    return [day.isoformat() for day in dict.fromkeys([*usual, *near]) if asking.within(question, day, _TODAY)]


def _day(written: str) -> date:
    return _TODAY if written == TODAY else date.fromisoformat(written)


def _is_day(written: str) -> bool:
    return re.fullmatch(r"\d{4}-\d\d-\d\d", written) is not None


def _beside(fixed: list[str]) -> dict[str, None]:
    """Return what a fact may be that is compared with these: each of them, and what stands beside a number."""
    texts = [one[1:-1] for one in fixed if one[0] == '"']
    numbers = [str(int(one) + step) for one in fixed if one[0] != '"' for step in (-1, 0, 1)]
    return dict.fromkeys([*texts, *numbers])


def _holds(when: str, answers: Mapping[str, int | str | bool | tuple[str, ...]], facts: Facts) -> bool:
    try:
        return conditions.holds(when, answers, facts) is True
    except ConditionRefused:
        return False
