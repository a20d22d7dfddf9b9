"""How long a survey takes to answer: what its author promises, and what an editor watches while it grows."""

import re
from typing import Final

from conversations import branching
from conversations.surveys import Question, Survey

LETTERS_A_SECOND: Final = 16.5
HAN_A_SECOND: Final = 4.25
"""How fast people read; letters and Chinese characters. Source: Trauzettel-Klosinski and Dietz 2012, the International
Reading Speed Texts: 987 characters a minute in English, 255 in Chinese."""

_HAN: Final = re.compile("[\u3400-\u9fff]")
_FILLED: Final = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def expected_seconds(survey: Survey) -> int:
    """Return how many seconds the longest way through the survey takes, in its first language.

    Reading takes as long as the words are long. Then, by kind: a rating 4 s (one tap, after a thought), yes or no and
    consent 3, a choice 4, several choices 4 and 1.5 for each option, a ranking 4 for each place, a number 6, a date 8,
    a contact 15, a text 25; a statement nothing. A text is some ten words at the 36 a minute that people type on a
    telephone (Palin et al. 2019, 37,000 people), and a thought before them; the others are what taps and keys take at
    that speed. What is optional counts in full: whoever answers it takes the time.
    """
    longest: dict[str, float] = {}
    language = survey.languages[0] if survey.languages else ""
    taken = {question.key: _seconds(question, language) for question in survey.questions}
    ways = branching.Ways(survey)
    following = {key: [way for way in out if way in taken] for key, out in ways.out.items()}

    def from_here(key: str, above: frozenset[str]) -> float:
        if key not in longest:
            ways = [from_here(way, above | {key}) for way in following[key] if way not in above]
            longest[key] = taken[key] + max(ways, default=0.0)
        return longest[key]

    return round(max((from_here(key, frozenset()) for key in ways.entrances()), default=0.0))


def _seconds(question: Question, language: str) -> float:
    words = [question.text, *(option.label for option in question.options)]
    if question.row is not None and question.row.position == 1:
        words.append(question.row.introduction)
    read = sum(_reading(texts.get(language, "")) for texts in words)
    return read + _answering(question)


def _reading(text: str) -> float:
    plain = _FILLED.sub("", text)
    han = len(_HAN.findall(plain))
    return han / HAN_A_SECOND + (len(plain) - han) / LETTERS_A_SECOND


def _answering(question: Question) -> float:
    match question.kind:
        case "csat" | "nps" | "ces" | "stars" | "matrix" | "choice":
            return 4
        case "yes_no" | "consent":
            return 3
        case "choices":
            return 4 + 1.5 * len(question.options)
        case "ranking":
            return 4 * question.places
        case "number":
            return 6
        case "date":
            return 8
        case "contact":
            return 15
        case "text":
            return 25
    return 0
