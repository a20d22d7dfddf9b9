"""What is wrong with a survey, in the language of whoever mends it."""

from bot.phrases import say
from conversations.phrases import phrase
from conversations.problems import Problem


def told(problem: Problem, language: str) -> str:
    """Return a problem on one line: where it is, what is wrong, how to mend it, and whether it is only advice."""
    return f"{problem.name}:{problem.line}: {what(problem, language)}"


def what(problem: Problem, language: str) -> str:
    """Return a problem without its place, as where it is shown beside what it is about."""
    between = "" if language.startswith("zh") else " "
    said = f"{say(problem.said, language)}{between}{say(problem.to_mend, language)}"
    return said if problem.severity == "error" else f"{said}{between}{say(_ADVICE, language)}"


_ADVICE = phrase("(advice)")
