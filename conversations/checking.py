"""What is wrong with a draft, before anybody is asked: `makegood survey check`, and publishing.

`check` reads a file and looks at everything: conditions, texts, ways through, questions that lead people on. Errors
refuse the survey; advice only says what would serve better.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from conversations import anonymous_advice, branching, conditions, wording
from conversations.answering_time import expected_seconds
from conversations.checking_variants import of_variants
from conversations.facts import NOTHING_KNOWN, Answers, Facts, Value
from conversations.phrases import Phrase, phrase
from conversations.positions import Positions, positions
from conversations.problems import KeyPath, Problem, SurveyInvalid, WordingRefused
from conversations.reading import draft
from conversations.surveys import RATINGS, Question, Survey, Texts

LONGEST_MESSAGE: Final = 4096
"""UTF-16 units in a Telegram message."""

LONGEST_NAME: Final = 128
"""Characters of the longest name or item that texts are tried with; Telegram's names have at most 64 + 64."""

LONGEST_ANSWER: Final = 1000
"""Characters of the longest typed answer that texts are tried with."""

MANY_QUESTIONS: Final = 8
"""More than that and people stop half-way."""

MANY_ROWS: Final = 7
"""Rows of one matrix, each a tap; the two of SERVQUAL have five."""

HEARTS: Final = re.compile("[\u2661\u2665\u2763\u2764\U0001f493-\U0001f49f\U0001f5a4\U0001f60d\U0001f618\U0001f63b"
                            "\U0001f90d-\U0001f90e\U0001f970\U0001f9e1\U0001fa75-\U0001fa77]")  # fmt: skip
_LEADING: Final = re.compile(
    r"\b(?:great|excellent|amazing|awesome|wonderful|fantastic|outstanding|perfect|love|loved|enjoy|enjoyed)\b"
    r"|优质|優質|卓越|完美|一流|出色|贴心|貼心",
    re.IGNORECASE,
)
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
        self.asked = _asked(survey)
        self.found: list[Problem] = []

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
        for path, texts in _all_texts(self.survey):
            for language, text in texts.items():
                self._text((*path, language), text)
        for path, texts in _scale_texts(self.survey):
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
        if round_ := branching.loop(self.survey):
            path = self._way_back(round_)
            said = phrase("The survey can go round for ever: {keys} and again.", keys=", ".join(round_))
            self._wrong(path, said, phrase("Branch forwards, or to a question that was not asked before."))
            return
        reachable = branching.reachable(self.survey)
        for place, question in self.asked:
            if question.key not in reachable:
                mend = phrase('Branch to "{key}" somewhere, or remove it.', key=question.key)
                self._wrong(place, phrase('Nobody is ever asked "{key}".', key=question.key), mend)
            self._late(place[:2], question)
            self._never_taken(place[:2], question)

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
                if not branching.comes_before(self.survey, key, question.key):
                    said = phrase(
                        '"{key}" has no answer yet when "{answered}" was just answered.', key=key, answered=question.key
                    )
                    mend = phrase("Ask about a question that comes before, or move the branch.")
                    self._wrong((*place, "branch", m, "when"), said, mend)

    def _never_taken(self, place: KeyPath, question: Question) -> None:
        for m in branching.never_taken(question):
            said = phrase("This branch is never taken: those above it take every answer.")
            self._advice((*place, "branch", m), said, phrase("Move it up, or remove it."))

    # --- advice -----------------------------------------------------------------------------------------------------

    def _advise(self) -> None:
        tables = dict.fromkeys(place[:2] for place, question in self.asked if question.kind != "statement")
        if len(tables) > MANY_QUESTIONS:
            said = phrase("{count} questions are many: people stop half-way.", count=len(tables))
            self._advice(("question", MANY_QUESTIONS), said, phrase("Ask {most} at most.", most=MANY_QUESTIONS))
        for key, written in (("apology", self.survey.apology), ("explain", self.survey.explain)):
            if written and not self.survey.unhappy:
                said = phrase('"{key}" is for the unhappy, and nothing says who that is.', key=key)
                self._advice((key,), said, phrase('Write "{key}".', key="unhappy"))
        for place, question in self.asked:
            if question.kind in RATINGS:
                self._advise_rating(place, question)
            if question.row and question.row.position == MANY_ROWS + 1:
                said = phrase(
                    "{count} rows are many: they are asked one after the other.", count=len(question.row.keys)
                )
                mend = phrase("Write {most} at most, or two matrices.", most=MANY_ROWS)
                self._advice((*place[:2], "rows"), said, mend)
        for path, said, mend in anonymous_advice.advice(self.survey, _all_texts(self.survey)):
            self._advice(path, said, mend)

    def _advise_rating(self, place: KeyPath, question: Question) -> None:
        scale = question.scale
        if question.kind in ("csat", "stars") and scale and (scale.high - scale.low) % 2:
            said = phrase('The scale of "{key}" has no middle.', key=question.key)
            mend = phrase("Offer an odd number of steps: {example}.", example="scale = [1, 5]")
            self._advice((*place[:2], "scale"), said, mend)
        for language, text in question.text.items():
            if found := _LEADING.search(text):
                said = phrase('"{word}" leads people to a high rating.', word=found[0])
                self._advice((*place, "text", language), said, phrase("Ask in neutral words."))


def _all_texts(survey: Survey) -> Iterator[tuple[KeyPath, Texts]]:
    yield ("apology",), survey.apology
    yield ("thanks",), survey.thanks
    for place, question in _asked(survey):
        if question.row and question.row.position == 1:
            yield (*place[:2], "text"), question.row.introduction
        yield (*place, "text"), question.text


def _scale_texts(survey: Survey) -> Iterator[tuple[KeyPath, Texts]]:
    for place, question in _asked(survey):
        if question.kind in RATINGS:
            yield (*place, "text"), question.text
            if question.row is None or question.row.position == 1:
                yield (*place[:2], "low"), question.low_end or {}
                yield (*place[:2], "high"), question.high_end or {}


def _asked(survey: Survey) -> list[tuple[KeyPath, Question]]:
    """Return each question with where the file has it: a row of a matrix stands inside its table."""
    found: list[tuple[KeyPath, Question]] = []
    table = -1
    for question in survey.questions:
        row = question.row
        table += row is None or row.position == 1
        found.append((("question", table) if row is None else ("question", table, "rows", row.position - 1), question))
    return found


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
