"""Branching: which question follows which.

After a question its branches are looked at from top to bottom; the first whose condition holds decides. When none
holds, the next question of the file follows, and after the last the survey is over. Nothing else skips a question.
"""

from collections.abc import Iterable, Iterator

from conversations.conditions import applies, holds
from conversations.facts import NOTHING_KNOWN, Answers, Facts, possible_answers
from conversations.problems import ConditionRefused
from conversations.surveys import Question, Survey

END = "end"
"""Where a branch goes that finishes the survey."""


def following(survey: Survey, current_key: str, answers: Answers, facts: Facts) -> str | None:
    """Return the key of the question that follows, or None when the survey is over.

    A condition that was never checked and is refused leads nowhere. Raises KeyError when there is no such question.
    """
    for branch in survey.question(current_key).branches:
        if applies(branch.when, answers, facts):
            return None if branch.to == END else branch.to
    return next_in_file(survey, current_key)


def next_in_file(survey: Survey, current_key: str) -> str | None:
    """Return the key of the question after this one in the file, None after the last."""
    keys = [question.key for question in survey.questions]
    after = keys.index(current_key) + 1
    return keys[after] if after < len(keys) else None


class Ways:
    """The ways through a survey, worked out once: what may follow each question for some answer to it.

    `out` holds them by question, in the order of its branches; None is the end. What depends on other answers or on
    facts counts as possible.
    """

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self.out: dict[str, tuple[str | None, ...]] = {
            question.key: tuple(
                dict.fromkeys(way for answer in _some_answers(question) for way in _ways(survey, question, answer))
            )
            for question in survey.questions
        }

    def entrances(self) -> tuple[str, ...]:
        """Return where the survey can begin: its first question, and `explain`, where an unhappy answer leads."""
        first = list(self.out)[:1]
        if self._survey.unhappy and self._survey.explain in self.out:
            first.append(self._survey.explain)
        return tuple(dict.fromkeys(first))

    def ends(self, starts: Iterable[str]) -> bool:
        """Return whether somebody who is asked one of these questions can come to the end of the survey."""
        return any(None in self.out[key] for key in self._reached(tuple(starts)))

    def reachable(self) -> frozenset[str]:
        """Return the keys of all questions that somebody can come to."""
        return self._reached(self.entrances())

    def comes_before(self, earlier: str, later: str) -> bool:
        """Return whether somebody can be asked `earlier` and, afterwards, `later`."""
        starts = (earlier, *self.entrances()[1:])  # an unhappy answer leads from everywhere to `explain`
        return earlier == later or later in self._reached(starts)

    def loop(self) -> tuple[str, ...]:
        """Return the questions of a round that the same answers would go on for ever, or nothing.

        A jump backwards is fine as long as it leads to questions that were not asked on the way.
        """
        finished: set[str] = set()
        for start in self.out:
            if found := _round(start, self.out, [], finished):
                return found
        return ()

    def _reached(self, starts: tuple[str, ...]) -> frozenset[str]:
        reached: set[str] = set()
        waiting = [key for key in starts if key in self.out]
        while waiting:
            key = waiting.pop()
            if key not in reached:
                reached.add(key)
                waiting.extend(way for way in self.out[key] if way in self.out)
        return frozenset(reached)


def never_taken(question: Question) -> tuple[int, ...]:
    """Return the positions of the branches that no answer comes to, because those above take it."""
    taken: set[int] = set()
    for answers in _some_answers(question):
        for position, branch in enumerate(question.branches):
            verdict = _verdict(branch.when, answers)
            if verdict is not False:
                taken.add(position)
            if verdict:
                break
    return tuple(position for position in range(len(question.branches)) if position not in taken)


def _round(key: str, ways: dict[str, tuple[str | None, ...]], trail: list[str], finished: set[str]) -> tuple[str, ...]:
    if key in trail:
        return tuple(trail[trail.index(key) :])
    if key in finished or key not in ways:
        return ()
    trail.append(key)
    for way in ways[key]:
        if way is not None and (found := _round(way, ways, trail, finished)):
            return found
    trail.pop()
    finished.add(key)
    return ()


def _some_answers(question: Question) -> list[Answers]:
    values = possible_answers(question) if question.branches else None
    answers: list[Answers] = [{question.key: value} for value in values or ()]
    return answers if answers and not question.optional else [*answers, {}]


def _ways(survey: Survey, question: Question, answers: Answers) -> Iterator[str | None]:
    for branch in question.branches:
        verdict = _verdict(branch.when, answers)
        if verdict is not False:
            yield None if branch.to == END else branch.to
        if verdict:
            return
    yield next_in_file(survey, question.key)


def _verdict(when: str, answers: Answers) -> bool | None:
    try:
        return holds(when, answers, NOTHING_KNOWN)
    except ConditionRefused:
        return None
