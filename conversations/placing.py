"""Where the questions and texts of a survey stand in its file."""

from collections.abc import Iterator

from conversations.problems import KeyPath
from conversations.surveys import RATINGS, Question, Survey, Texts


def placed(survey: Survey) -> list[tuple[KeyPath, Question]]:
    """Return each question with where the file has it: a row of a matrix stands inside its table."""
    found: list[tuple[KeyPath, Question]] = []
    table = -1
    for question in survey.questions:
        row = question.row
        table += row is None or row.position == 1
        found.append((("question", table) if row is None else ("question", table, "rows", row.position - 1), question))
    return found


def tables(survey: Survey) -> list[tuple[KeyPath, Question]]:
    """Return each table of the file with its question: of a matrix the first row, which has what all of them share."""
    return [(place[:2], question) for place, question in placed(survey) if _is_first(question)]


def all_texts(survey: Survey) -> Iterator[tuple[KeyPath, Texts]]:
    """Yield everything that is said to customers and may be filled in, but for labels and ends."""
    yield ("apology",), survey.apology
    yield ("thanks",), survey.thanks
    for place, question in placed(survey):
        if question.row and question.row.position == 1:
            yield (*place[:2], "text"), question.row.introduction
        yield (*place, "text"), question.text


def scale_texts(survey: Survey) -> Iterator[tuple[KeyPath, Texts]]:
    """Yield what stands beside the scale of each rating."""
    for place, question in placed(survey):
        if question.kind in RATINGS:
            yield (*place, "text"), question.text
    for place, question in tables(survey):
        if question.kind in RATINGS:
            yield (*place, "low"), question.low_end or {}
            yield (*place, "high"), question.high_end or {}


def label_texts(survey: Survey) -> Iterator[tuple[KeyPath, Texts]]:
    """Yield what stands on the buttons of options."""
    for place, question in tables(survey):
        for n, option in enumerate(question.options):
            yield (*place, "options", n, "label"), option.label


def _is_first(question: Question) -> bool:
    return question.row is None or question.row.position == 1
