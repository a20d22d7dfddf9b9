"""From what is to be said to a message that can be sent: the last step before the outbox.

Texts of a survey are rendered with the conversation's facts, our own sentences in the reader's language; then
buttons are laid out. A survey text that cannot be rendered is said in its plain words instead, never not at all.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.channels.layout import layout
from bot.channels.messages import Button, Link, Message
from bot.phrases import listed, say
from conversations.events import Ask, Choice, Label, Say, Saying, ShowChosen
from conversations.facts import Answers, Facts
from conversations.phrases import Phrase, phrase
from conversations.replies import NO, YES
from conversations.surveys import RATINGS, Question, Scale, Texts, said_in
from conversations.wording import WordingRefused, render

CHECKED: Final = "✓ "
CALLBACK_VERSION: Final = "1"
_HERE: Final = "\0"
"""Stands where the link goes while a sentence is put together; no text that comes in has it."""

_UNRENDERED: Final = re.compile(r"\{[{%#][^{}]*\}{1,2}")


class Voice:
    """One reader's language, and the facts and answers that texts may speak of."""

    def __init__(self, language: str, default: str, facts: Facts, answers: Answers) -> None:
        self.language = language
        self._default = default
        self._facts = facts
        self._answers = answers

    def text(self, saying: Saying | str) -> str:
        """Return a sentence of ours or of the survey's author, as this reader gets it."""
        if isinstance(saying, str):
            return saying
        if isinstance(saying, Phrase):
            return say(saying, self.language)
        return self._written(saying)

    def _written(self, texts: Texts) -> str:
        source = said_in(texts, self.language, self._default)
        try:
            return render(source, self._facts, self._answers)
        except WordingRefused:
            return _UNRENDERED.sub("", source)


def press(prompt: str, choice: str) -> str:
    """Return the callback data of a customer's button."""
    return f"{CALLBACK_VERSION}:{prompt}:{choice}"


def pressed(data: str) -> tuple[str, str] | None:
    """Return prompt and choice of a customer's button; None for what is not one of them."""
    version, _, rest = data.partition(":")
    prompt, colon, choice = rest.partition(":")
    return (prompt, choice) if version == CALLBACK_VERSION and colon and prompt and choice else None


def question_message(ask: Ask, voice: Voice, consent: "ConsentLine | None") -> Message:
    """Return a question with what leads to it, the words for its scale's ends, and its buttons."""
    paragraphs = [voice.text(saying) for saying in ask.lead]
    row = ask.question.row
    if row is not None and ask.introduces and not ask.brief:
        paragraphs.append(voice.text(row.introduction))
    if not ask.brief:
        so_far = f"{row.position}/{len(row.keys)}  " if row is not None else ""
        paragraphs.append(so_far + voice.text(ask.question.text))
    if ask.question.low_end and ask.question.high_end and ask.question.scale:
        paragraphs.append(_ends(ask.question, ask.question.scale, voice))
    paragraphs += [voice.text(saying) for saying in ask.tail]
    text = "\n\n".join(paragraphs)
    links: tuple[Link, ...] = ()
    if consent is not None:
        text, links = consent.below(text, voice.language)
    return Message(text, question_rows(ask.question, ask.prompt, ask.chosen, ask.more, voice, ask.days), links)


def _ends(question: Question, scale: Scale, voice: Voice) -> str:
    ends = phrase(
        "{low} = {low_end} · {high} = {high_end}",
        low=scale.low,
        low_end=voice.text(question.low_end or {}),
        high=scale.high,
        high_end=voice.text(question.high_end or {}),
    )
    return voice.text(ends)


def question_rows(
    question: Question,
    prompt: str,
    chosen: Sequence[str],
    more: Sequence[Choice],
    voice: Voice,
    days: Sequence[Choice] = (),
) -> tuple[tuple[Button, ...], ...]:
    """Return the rows of buttons of a question: its answers, then the ways out."""
    answers = _answers(question, chosen, voice) + [(day.key, voice.text(day.label)) for day in days]
    own = [Button(label, press(prompt, key)) for key, label in answers]
    rows = layout(own)
    return (*rows, *layout([Button(voice.text(choice.label), press(prompt, choice.key)) for choice in more]))


def _answers(question: Question, chosen: Sequence[str], voice: Voice) -> list[tuple[str, str]]:
    if question.kind == "stars" and question.scale:
        return [(str(n), f"{n} ⭐") for n in range(question.scale.low, question.scale.high + 1)]
    if question.kind in RATINGS and question.scale:
        return [(str(n), str(n)) for n in range(question.scale.low, question.scale.high + 1)]
    if question.kind in ("yes_no", "consent"):
        return [("yes", voice.text(YES)), ("no", voice.text(NO))]
    return [(option.key, _mark(question, option.key, chosen) + voice.text(option.label)) for option in question.options]


def _mark(question: Question, key: str, chosen: Sequence[str]) -> str:
    """Return what stands before a chosen option: a tick, or its place in a ranking."""
    if key not in chosen:
        return ""
    return f"{chosen.index(key) + 1}. " if question.kind == "ranking" else CHECKED


def chosen_rows(shown: ShowChosen, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of a question with several choices or places, as they are marked now."""
    return question_rows(shown.question, shown.prompt, shown.chosen, shown.more, voice)


def said_message(said: Say, voice: Voice) -> Message:
    """Return what is to be said in one message, with its choices as buttons."""
    text = "\n\n".join(voice.text(saying) for saying in said.sayings)
    if said.prompt is None:
        return Message(text)
    return Message(text, layout([Button(voice.text(c.label), press(said.prompt, c.key)) for c in said.choices]))


def label_text(label: Label, voice: Voice) -> str:
    """Return how a choice reads below the message it was made on."""
    return listed([voice.text(saying) for saying in label.sayings], voice.language)


def chosen_message(before: Message, label: str) -> Message:
    """Return a message as it looks once its choice is made: the choice shown, the buttons gone."""
    return Message(f"{before.text}\n\n{CHECKED}{label}", links=before.links)


class ConsentLine:
    """The one line below a first question by which answering is consenting, with its link."""

    def __init__(self, business: str, url: str) -> None:
        self._business = business
        self._url = url

    def below(self, text: str, language: str) -> tuple[str, tuple[Link, ...]]:
        """Return the text with the line below it, and the link in it."""
        before, _, after = say(self._agreed(), language).partition(_HERE)
        if not self._url:
            return f"{text}\n\n{before}/privacy{after}", ()
        name = say(phrase("Privacy"), language)
        before = f"{text}\n\n{before}"
        return before + name + after, (Link(_units(before), _units(name), self._url),)

    def _agreed(self) -> Phrase:
        if not self._business:
            return phrase("By answering you let us keep your answer to improve our service. {privacy}", privacy=_HERE)
        return phrase(
            "By answering you let {business} keep your answer to improve its service. {privacy}",
            business=self._business,
            privacy=_HERE,
        )


def _units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
