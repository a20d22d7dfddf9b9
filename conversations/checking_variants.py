"""What is wrong with the variants of an experiment: each is looked at as the whole survey that it comes to."""

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from conversations.experiments import as_asked, tables
from conversations.phrases import phrase
from conversations.positions import Positions
from conversations.problems import KeyPath, Problem
from conversations.surveys import Survey, Variant


def of_variants(
    survey: Survey, places: Positions, whole: Callable[[Survey], Iterable[Problem]], known: Iterable[Problem]
) -> Iterator[Problem]:
    """Yield what is wrong with each variant and is not wrong with the survey as it is written (`known`).

    `whole` says what is wrong with a survey. Each problem stands where the variant says what it changes.
    """
    known_already = {problem.said for problem in known}
    for n, variant in enumerate(survey.experiment.variants if survey.experiment else ()):
        asked = as_asked(survey, variant.key)
        for problem in whole(asked):
            path = _worded(problem.path, asked, variant)
            if path is None and problem.said in known_already:
                continue
            at: KeyPath = ("variant", n, *(path or (("order",) if variant.order else ())))
            said = phrase('Asked as variant "{variant}": {problem}', variant=variant.key, problem=problem.said)
            yield replace(problem, line=places.line(at), said=said, path=at)


def _worded(path: KeyPath, asked: Survey, variant: Variant) -> KeyPath | None:
    """Return where a variant has the words that a problem is about, None when they are the survey's own."""
    match path:
        case ("question", int() as table, "rows", int() as row, "text", *language):
            key, of = list(tables(asked.questions).values())[table][row].key, "text"
        case ("question", int() as table, "text" | "low" | "high" as of, *language):
            key = list(tables(asked.questions))[table]
        case _:
            return None
    wording = variant.wordings.get(key)
    if wording is None or not (wording.text if of == "text" else wording.low_end or wording.high_end):
        return None
    return ("question", key, of, *language)
