"""What is wrong with a draft, before anybody is asked: `makegood survey check`, and publishing.

`check` reads a file and looks at everything: conditions, texts, ways through, questions that lead people on. Errors
refuse the survey; advice only says what would serve better.
"""

from collections.abc import Mapping
from functools import cached_property, partial
from typing import Final

from conversations import branching, conditions, rehearsing, wording
from conversations.advising import advice
from conversations.answering_time import expected_seconds
from conversations.biases import HEARTS
from conversations.checking_variants import of_variants
from conversations.facts import NOTHING_KNOWN, Answers, Facts, Value
from conversations.particulars import TODAY
from conversations.phrases import Phrase, phrase
from conversations.placing import all_texts, placed, scale_texts
from conversations.positions import Positions, positions
from conversations.problems import KeyPath, Problem, SurveyInvalid, WordingRefused
from conversations.reading import draft
from conversations.surveys import Question, Survey

LONGEST_MESSAGE: Final = 4096
"""UTF-16 units in a Telegram message."""

LONGEST_NAME: Final = 128
"""Characters of the longest name or item that texts are tried with; Telegram's names have at most 64 + 64."""

LONGEST_ANSWER: Final = 1000
"""Characters of the longest typed answer that texts are tried with."""

MOST_STEPS: Final = 200
"""Replies that are given to find branches that no answers come to; a survey with more ways is not walked."""

_HOSTILE: Final = "{{ 7 * 7 }}{% raw %} %s {0} \u202e<b>&amp;</b>\n\\"


def accept(source: str, name: str = "survey.toml") -> Survey:
    """Return a survey fit to be published. Raises SurveyInvalid with every error; advice does not refuse."""
    survey, found = _checked(source, name)
    errors = tuple(problem for problem in found if problem.severity == "error")
    if errors or survey is None:
        raise SurveyInvalid(errors)
    return survey


def check(source: str, name: str = "survey.toml") -> list[Problem]:
    """Return everything that is wrong with a survey file, by line; an empty list when it is good."""
    return _checked(source, name)[1]


def problems(survey: Survey, source: str, name: str = "survey.toml") -> list[Problem]:
    """Return what is wrong beyond reading with a survey that was read from that source, by line."""
    return _by_line(_Checking(survey, positions(source), name).all())


def _checked(source: str, name: str) -> tuple[Survey | None, list[Problem]]:
    found = draft(source, name)
    if found.survey is None:
        return None, list(found.problems)
    checking = _Checking(found.survey, found.places, name)
    # With a key missing or a branch leading nowhere, the ways through would only repeat what reading said.
    more = checking.said() if found.problems else checking.all()
    if not found.problems and found.survey.experiment is not None:
        more = [*more, *of_variants(found.survey, found.places, partial(_whole, places=found.places, name=name), more)]
    return found.survey, _by_line([*found.problems, *more])


def _whole(survey: Survey, places: Positions, name: str) -> list[Problem]:
    return _Checking(survey, places, name).all()


def _by_line(found: list[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(found), key=lambda problem: problem.line)


class _Checking:
    def __init__(self, survey: Survey, places: Positions, name: str) -> None:
        self.survey = survey
        self.places = places
        self.name = name
        self.asked = placed(survey)
        self.found: list[Problem] = []

    @cached_property
    def ways(self) -> branching.Ways:
        """The ways through, worked out when they are first asked for: only where texts and conditions are sound."""
        return branching.Ways(self.survey)

    def all(self) -> list[Problem]:
        """Return the problems of what is said and, where that is sound, of the ways through."""
        self.said()
        if not self.found:
            self._ways()
        self._advise()
        return self.found

    def said(self) -> list[Problem]:
        """Return the problems of texts and conditions, each looked at alone."""
        self._conditions()
        self._explain()
        self._texts()
        return self.found

    def _wrong(self, path: KeyPath, said: Phrase, mend: Phrase, line: int = 1) -> None:
        self.found.append(Problem(self.name, self.places.line_in(path, line), said, mend, path))

    def _advice(self, path: KeyPath, said: Phrase, mend: Phrase) -> None:
        self.found.append(Problem(self.name, self.places.line(path), said, mend, path, "advice"))

    # --- conditions -------------------------------------------------------------------------------------------------

    def _conditions(self) -> None:
        if self.survey.unhappy:
            self._condition(("unhappy",), self.survey.unhappy)
        for place, question in self.asked:
            for m, branch in enumerate(question.branches):
                self._condition((*place[:2], "branch", m, "when"), branch.when)

    def _condition(self, path: KeyPath, source: str) -> None:
        for complaint in conditions.check(source, self.survey.questions):
            self._wrong(path, complaint.said, complaint.to_mend, complaint.line)

    def _explain(self) -> None:
        explain = self.survey.explain
        if explain is None:
            return
        texts = [question.key for question in self.survey.questions if question.kind == "text"]
        if explain not in texts:
            listed = ", ".join(texts) or phrase("there is none yet")
            said = phrase("{written} names no text question.", written=f'explain = "{explain}"')
            self._wrong(("explain",), said, phrase('Name a question of kind "text": {keys}.', keys=listed))

    # --- texts ------------------------------------------------------------------------------------------------------

    def _texts(self) -> None:
        for path, texts in all_texts(self.survey):
            for language, text in texts.items():
                self._text((*path, language), text)
        for path, texts in scale_texts(self.survey):
            for language, text in texts.items():
                if HEARTS.search(text):
                    said = phrase("A heart on a rating pulls answers upwards.")
                    self._wrong((*path, language), said, phrase("Use words alone."))

    def _text(self, path: KeyPath, text: str) -> None:
        complaints = wording.check(text, [question.key for question in self.survey.questions])
        for complaint in complaints:
            self._wrong(path, complaint.said, complaint.to_mend, complaint.line)
        if not complaints:
            self._tried(path, text)

    def _tried(self, path: KeyPath, text: str) -> None:
        for facts, answers in _trials(self.survey):
            try:
                rendered = wording.render(text, facts, answers)
            except WordingRefused as refused:
                self._wrong(path, refused.complaint.said, refused.complaint.to_mend)
                return
            if len(rendered.encode("utf-16-le", "surrogatepass")) // 2 > LONGEST_MESSAGE:
                said = phrase("With long names the text is over {most} characters.", most=LONGEST_MESSAGE)
                mend = phrase("Say it more briefly, or shorten what it shows with {filter}.", filter="|truncate(200)")
                self._wrong(path, said, mend)
                return

    # --- ways through -----------------------------------------------------------------------------------------------

    def _ways(self) -> None:
        if round_ := self.ways.loop():
            self._round(round_)
            return
        reachable = self.ways.reachable()
        for place, question in self.asked:
            if question.key not in reachable:
                mend = phrase('Branch to "{key}" somewhere, or remove it.', key=question.key)
                self._wrong(place, phrase('Nobody is ever asked "{key}".', key=question.key), mend)
            self._late(place[:2], question)
            self._never_taken(place[:2], question)
        if not self.found:
            self._walk()

    def _round(self, round_: tuple[str, ...]) -> None:
        keys = ", ".join(round_)
        if self.ways.ends(round_):
            said = phrase("The survey can go round for ever: {keys} and again.", keys=keys)
            mend = phrase("Branch forwards, or to a question that was not asked before.")
        else:
            said = phrase("The survey never ends: nobody gets out of {keys} again.", keys=keys)
            mend = phrase('Let one of them lead on, or to "end".')
        self._wrong(self._way_back(round_), said, mend)

    def _way_back(self, round_: tuple[str, ...]) -> KeyPath:
        """Return where the round closes: a branch to the same or an earlier question of the file."""
        order = [question.key for question in self.survey.questions]
        for n, (place, question) in enumerate(self.asked):
            for m, branch in enumerate(question.branches):
                if question.key in round_ and branch.to in round_ and order.index(branch.to) <= n:
                    return (*place[:2], "branch", m, "to")
        return self.asked[order.index(round_[0])][0]

    def _late(self, place: KeyPath, question: Question) -> None:
        """A branch that asks about a question which only comes later finds it unanswered, always."""
        for m, branch in enumerate(question.branches):
            for key in conditions.mentions(branch.when):
                if not self.ways.comes_before(key, question.key):
                    said = phrase(
                        '"{key}" has no answer yet when "{answered}" was just answered.', key=key, answered=question.key
                    )
                    mend = phrase("Ask about a question that comes before, or move the branch.")
                    self._wrong((*place, "branch", m, "when"), said, mend)

    def _never_taken(self, place: KeyPath, question: Question) -> None:
        for m in branching.never_taken(question):
            said = phrase("This branch is never taken: those above it take every answer.")
            self._advice((*place, "branch", m), said, phrase("Move it up, or remove it."))

    def _walk(self) -> None:
        """Answer the survey in every way that matters, where that is quickly done: some ways exclude each other."""
        if any(TODAY in (question.earliest, question.latest) for question in self.survey.questions):
            return  # what can be answered depends on the day
        walked = rehearsing.walk(self.survey, MOST_STEPS)
        if walked.stuck or not walked.whole:
            return
        places = {question.key: place for place, question in self.asked}
        for key in walked.unasked:
            said = phrase('No answers lead to "{key}": the ways to it exclude each other.', key=key)
            self._advice(places[key], said, phrase("Change the conditions on the way to it, or remove it."))
        for key, m in walked.untaken:
            if key not in walked.unasked:
                said = phrase("No answers that lead here fulfil this condition.")
                mend = phrase("Change it, or remove it with what depends on it.")
                self._advice((*places[key][:2], "branch", m, "when"), said, mend)

    # --- advice -----------------------------------------------------------------------------------------------------

    def _advise(self) -> None:
        for path, said, mend in advice(self.survey):
            self._advice(path, said, mend)


class _Every(dict[str, str]):
    """The same value for whatever field a text asks for."""

    def get(self, _key: str, _default: object = None) -> str:
        return self["every"]


def _trials(survey: Survey) -> list[tuple[Facts, Answers]]:
    """Return what a text is tried with: usual, longest, none, hostile."""
    return [
        (_knowing("Ana"), _answering(survey, "It was late.")),
        (_knowing("W" * LONGEST_NAME), _answering(survey, "W" * LONGEST_ANSWER)),
        (NOTHING_KNOWN, {}),
        (_knowing(_HOSTILE), _answering(survey, _HOSTILE)),
    ]


def _knowing(value: str) -> Facts:
    every = _Every(every=value)
    return Facts(every, every, every)


def _answering(survey: Survey, typed: str) -> Mapping[str, Value]:
    return {question.key: _an_answer(question, typed) for question in survey.questions if question.kind != "statement"}


def _an_answer(question: Question, typed: str) -> Value:
    match question.kind:
        case "choice":
            return question.options[0].key if question.options else ""
        case "choices" | "ranking":
            return tuple(option.key for option in question.options)
        case "yes_no" | "consent":
            return True
        case "text" | "contact":
            return typed
        case "date":
            return "2026-11-22"
        case _:
            return question.scale.high if question.scale else 1_000_000


__all__ = ["HEARTS", "LONGEST_ANSWER", "accept", "check", "expected_seconds", "problems"]
