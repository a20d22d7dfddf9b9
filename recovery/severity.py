"""How severe a case is and what whoever works it must know, from the rating, the words and the touchpoint.

    severity   1 slight · 2 ordinary · 3 grave · 4 urgent
    rating     how far into the unhappy end of its scale: the last tenth or so of it is grave, the far half ordinary
    words      anger and a second time add to it, up to grave; what presses makes it grave, danger urgent
    touchpoint a moment of truth weighs more, as its plan says; up to grave, too
    skill      the subject of which the words speak most, or else the one that the touchpoint's plan names

Whatever counted is told in words, so that a person can see why, and correct the lists. More words only ever make a
case graver: what was dangerous once is not made slight by a kind word after it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from conversations.phrases import Phrase, phrase
from recovery.wordlists import Found, WordList, Wordlists

SLIGHT: Final = 1
ORDINARY: Final = 2
GRAVE: Final = 3
URGENT: Final = 4

_FAR_END: Final = 0.125
_FAR_HALF: Final = 0.5


class Subject(msgspec.Struct, frozen=True):
    """What a case may be about. `about` names it, `wrong` says what went wrong with it; `key` is the skill."""

    key: str
    title: dict[str, str] = {}
    about: dict[str, tuple[str, ...]] = {}
    wrong: dict[str, tuple[str, ...]] = {}


class Emotion(msgspec.Struct, frozen=True):
    """How a customer feels, and what that adds to the severity."""

    key: str
    adds: int = 0
    words: dict[str, tuple[str, ...]] = {}


class Urgency(msgspec.Struct, frozen=True):
    """What presses: the severity is at least this."""

    key: str
    at_least: int = GRAVE
    deniable: bool = True
    words: dict[str, tuple[str, ...]] = {}


class Lexicon:
    """The lists made ready. A word may stand in one list of each sort."""

    def __init__(self, subjects: Iterable[Subject], emotions: Iterable[Emotion], urgencies: Iterable[Urgency]) -> None:
        self.subjects = {subject.key: subject for subject in subjects}
        self.emotions = {emotion.key: emotion for emotion in emotions}
        self.urgencies = {urgency.key: urgency for urgency in urgencies}
        about = [WordList(key, subject.about, deniable=False) for key, subject in self.subjects.items()]
        wrong = [WordList(key, subject.wrong) for key, subject in self.subjects.items()]
        self._subjects = Wordlists([*about, *wrong])
        self._emotions = Wordlists(WordList(key, emotion.words) for key, emotion in self.emotions.items())
        self._urgencies = Wordlists(
            WordList(key, urgency.words, urgency.deniable) for key, urgency in self.urgencies.items()
        )

    def subjects_in(self, text: str) -> tuple[Found, ...]:
        """Return the words that say what it is about."""
        return self._subjects.find(text)

    def emotions_in(self, text: str) -> tuple[Found, ...]:
        """Return the words that say how the customer feels."""
        return self._emotions.find(text)

    def urgencies_in(self, text: str) -> tuple[Found, ...]:
        """Return the words that say that it presses."""
        return self._urgencies.find(text)


class Rated(msgspec.Struct, frozen=True):
    """A rating on its scale. `high_is_bad` on a scale of effort."""

    rating: int
    low: int
    high: int
    high_is_bad: bool = False


class Weight(msgspec.Struct, frozen=True):
    """How severe a case is, the skill it needs (None: nothing special), and why."""

    severity: int
    skill: str | None
    reasons: tuple[Phrase, ...]


def of_rating(rated: Rated) -> int:
    """Return the severity that a rating alone has. One outside of its scale is taken for the nearest on it."""
    if rated.high <= rated.low:
        return ORDINARY
    rating = min(max(rated.rating, rated.low), rated.high)
    from_bad_end = (rated.high - rating if rated.high_is_bad else rating - rated.low) / (rated.high - rated.low)
    if from_bad_end <= _FAR_END:
        return GRAVE
    return ORDINARY if from_bad_end <= _FAR_HALF else SLIGHT


def weigh(
    lexicon: Lexicon,
    texts: Sequence[str],
    *,
    rated: Rated | None = None,
    urgent: bool = False,
    extra: int = 0,
    skill: str | None = None,
) -> Weight:
    """Return how severe a case is.

    `texts` is what the customer said, in order; `urgent` that it is a cry for help already; `extra` and `skill` are
    the touchpoint's, from its plan.
    """
    text = "\n".join(texts)
    base = ORDINARY if rated is None else of_rating(rated)
    reasons = [_rated_reason(rated)] if rated is not None else []
    adds, felt = _felt(lexicon, text)
    least, pressing = _pressing(lexicon, text)
    subject, spoken = subject_of(lexicon, text)
    if extra > 0:
        felt = (*felt, phrase("This touchpoint is a moment of truth and weighs more."))
    severity = min(base + adds + max(extra, 0), GRAVE)
    if urgent:
        least, pressing = URGENT, (*pressing, phrase("It was urgent from the start."))
    return Weight(max(severity, least), subject or skill, (*reasons, *felt, *pressing, *spoken))


def subject_of(lexicon: Lexicon, text: str) -> tuple[str | None, tuple[Phrase, ...]]:
    """Return the subject that a text speaks of most, the first one among equals, with the words; None for none."""
    found = lexicon.subjects_in(text)
    if not found:
        return None, ()
    distinct = list(dict.fromkeys((one.key, one.word) for one in found))
    counts = Counter(key for key, _ in distinct)
    most = max(counts.values())
    key = next(key for key, _ in distinct if counts[key] == most)
    words = _quoted(word for each, word in distinct if each == key)
    return key, (phrase("What it is about: {words}", words=words),)


def _rated_reason(rated: Rated) -> Phrase:
    return phrase("Rated {rating} on a scale from {low} to {high}", rating=rated.rating, low=rated.low, high=rated.high)


def _felt(lexicon: Lexicon, text: str) -> tuple[int, tuple[Phrase, ...]]:
    found = lexicon.emotions_in(text)
    adds = max((lexicon.emotions[one.key].adds for one in found), default=0)
    return adds, (phrase("How the customer feels: {words}", words=_quoted(one.word for one in found)),) if found else ()


def _pressing(lexicon: Lexicon, text: str) -> tuple[int, tuple[Phrase, ...]]:
    found = lexicon.urgencies_in(text)
    least = max((lexicon.urgencies[one.key].at_least for one in found), default=0)
    return least, (phrase("It presses: {words}", words=_quoted(one.word for one in found)),) if found else ()


def _quoted(words: Iterable[str]) -> str:
    """Return at most four words of the lists in quotes, each once."""
    return " ".join(f"“{word.replace('*', '')}”" for word in list(dict.fromkeys(words))[:4])
