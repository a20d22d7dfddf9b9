"""What a picture of a survey shows: boxes in the order of the file, with the ways out of each in words."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import msgspec

from bot.composing import Voice
from bot.phrases import say
from bot.rehearsing.samples import facts_of, value_of, variables
from conversations import branching
from conversations.branching import END
from conversations.condition_words import branch_in_words, in_words
from conversations.phrases import Phrase, phrase
from conversations.problems import Problem
from conversations.surveys import Question, Survey, Texts

ENDS: Final = "·end"
"""The key of the box at which every way ends; no question can be called so."""

UNHAPPY: Final = "·unhappy"
NOWHERE: Final = "·nowhere"

BoxKind = Literal["question", "unhappy", "end"]


class Exit(msgspec.Struct, frozen=True):
    """A way out of a box: when it is taken, and the key of the box it leads to (NOWHERE: to none there is).

    `goes` says the same in a word, for where many ways lie close together.
    """

    words: str
    to: str
    goes: str = ""


class Box(msgspec.Struct, frozen=True):
    """A box of the picture. `number` counts the questions from 1; `falls_to` is what comes next without a branch.

    `wrong` says that something in it is to be mended, `unasked` that nobody ever comes here.
    """

    key: str
    kind: BoxKind
    text: str
    number: int = 0
    exits: tuple[Exit, ...] = ()
    falls_to: str = ""
    falls_words: str = ""
    unasked: bool = False
    wrong: bool = False


class Chart(msgspec.Struct, frozen=True):
    """All boxes from top to bottom, and the picture in words for whoever does not see it."""

    title: str
    told: str
    boxes: tuple[Box, ...]


THE_END: Final = phrase("The end, with thanks")
TITLE: Final = phrase("The ways through the survey")
ANY_TIME: Final = phrase("At any question, as soon as {condition}: the apology, and a case.")
ONLY: Final = phrase("Only this is asked then")
WHAT_HAPPENED: Final = phrase("Then it is only asked what happened.")
SAYS_NOTHING: Final = phrase("(no words yet)")
NOBODY: Final = phrase("Nobody is ever asked this.")
LEADS_NOWHERE: Final = phrase("leads nowhere yet")
LEADS_TO: Final = phrase("{condition}: to {question}")
NUMBERED: Final = phrase("question {number}")
NEXT: Final = phrase("{number}. {text}")


def chart(survey: Survey, language: str, reader: str, problems: Sequence[Problem] = ()) -> Chart:
    """Return what the picture of a survey shows, also of one that is half written.

    `language` is the one its texts are shown in, `reader` that of the words around them.
    """
    return _Charting(survey, language, reader, problems).chart()


class _Charting:
    def __init__(self, survey: Survey, language: str, reader: str, problems: Sequence[Problem]) -> None:
        self.survey = survey
        self.language = language
        self.reader = reader
        self.groups = list(_grouped(survey.questions))
        self.wrong = {each.path[1] for each in problems if each.path[:1] == ("question",) and len(each.path) > 1}
        self.reachable = branching.Ways(survey).reachable()
        self.boxed = {one.key: _key_of(group) for group in self.groups for one in group}
        self.numbers = {_key_of(group): number for number, group in enumerate(self.groups, 1)}
        default = survey.languages[0] if survey.languages else language
        values = {each.name: value_of(each, "usual", {}, language) for each in variables(survey)}
        self.voice = Voice(language, default, facts_of(values, ""), {})

    def chart(self) -> Chart:
        boxes = [*self._unhappy(), *(self._question(n, group) for n, group in enumerate(self.groups)), self._end()]
        return Chart(say(TITLE, self.reader), "\n".join(self._told(boxes)), tuple(boxes))

    def _question(self, place: int, group: list[Question]) -> Box:
        last = group[-1]
        exits = tuple(self._exit(question, n) for question in group for n in range(len(question.branches)))
        following = self.groups[place + 1] if place + 1 < len(self.groups) else None
        falls_to = _key_of(following) if following is not None else ENDS
        if any(branch.when.strip() == "true" for branch in last.branches):
            falls_to = ""  # a branch that is always taken leaves nothing over
        first = group[0]
        return Box(
            key=_key_of(group),
            kind="question",
            text=self._said(first.row.introduction if first.row is not None else first.text),
            number=place + 1,
            exits=exits,
            falls_to=falls_to,
            falls_words=say(phrase("otherwise"), self.reader) if exits and falls_to else "",
            unasked=not any(question.key in self.reachable for question in group),
            wrong=place in self.wrong,
        )

    def _exit(self, question: Question, number: int) -> Exit:
        to = question.branches[number].to
        words = say(branch_in_words(question, number, self.survey.questions, self.reader), self.reader)
        return self._to(words, ENDS if to == END else self.boxed.get(to or NOWHERE, NOWHERE))

    def _to(self, words: str, to: str) -> Exit:
        goes = say(phrase("the end"), self.reader) if to == ENDS else f"{self.numbers.get(to, '?')}"
        return Exit(words, to, f"→ {goes}")

    def _unhappy(self) -> Iterator[Box]:
        if not self.survey.unhappy:
            return
        condition = in_words(self.survey.unhappy, self.survey.questions, self.reader)
        words = say(Phrase(ANY_TIME.sentence, {"condition": condition}), self.reader)
        to = self.boxed.get(self.survey.explain or "")
        if to is None:
            yield Box(UNHAPPY, "unhappy", f"{words} {say(WHAT_HAPPENED, self.reader)}")
        else:
            yield Box(UNHAPPY, "unhappy", words, exits=(self._to(say(ONLY, self.reader), to),))

    def _end(self) -> Box:
        return Box(ENDS, "end", say(THE_END, self.reader))

    def _said(self, texts: Texts) -> str:
        if not texts:
            return say(SAYS_NOTHING, self.reader)
        try:
            text = self.voice.text(texts)
        except KeyError:  # in none of the survey's languages yet
            text = next(iter(texts.values()))
        return " ".join(text.split()) or say(SAYS_NOTHING, self.reader)

    # -- the same, read aloud

    def _told(self, boxes: list[Box]) -> Iterator[str]:
        for box in boxes:
            text = box.text
            if box.number:
                text = say(Phrase(NEXT.sentence, {"number": box.number, "text": box.text}), self.reader)
            yield f"{text} {say(NOBODY, self.reader)}" if box.unasked else text
            for way in box.exits:
                yield say(
                    Phrase(LEADS_TO.sentence, {"condition": way.words, "question": self._named(way.to)}), self.reader
                )

    def _named(self, key: str) -> Phrase:
        if key == ENDS:
            return THE_END
        if key == NOWHERE:
            return LEADS_NOWHERE
        return Phrase(NUMBERED.sentence, {"number": self.numbers[key]})


def _grouped(questions: Sequence[Question]) -> Iterator[list[Question]]:
    """Yield the questions, the rows of one matrix together: it is one box."""
    group: list[Question] = []
    for question in questions:
        row, before = question.row, group[-1].row if group else None
        if row is not None and before is not None and row.matrix == before.matrix and row.position > 1:
            group.append(question)
            continue
        if group:
            yield group
        group = [question]
    if group:
        yield group


def _key_of(group: list[Question]) -> str:
    row = group[0].row
    return row.matrix if row is not None else group[0].key
