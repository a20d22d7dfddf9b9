"""Reading the experiment of a survey file: its `experiment.…` keys and `[[variant]]` tables.

A variant may change words and the order. Whatever would change what an answer means is refused with its reason: the
figures of both sides could not be compared.
"""

from typing import Any, Final

from conversations.experiments import AS_WRITTEN, tables
from conversations.phrases import phrase
from conversations.problems import mend_or_write
from conversations.questions import BOTH_ENDS
from conversations.slots import Slots
from conversations.surveys import RATINGS, Experiment, Question, Texts, Variant, Wording

EXPERIMENT_KEYS: Final = ("key", "answers")
VARIANT_KEYS: Final = ("key", "share", "order", "question")
WORDING_KEYS: Final = ("text", "low", "high")

MOST_VARIANTS: Final = 3
"""Each more needs as many answers again."""

ANSWERS: Final = 400
"""Answers of each side when the file does not say: enough to see ten points of satisfaction."""

FEWEST_ANSWERS: Final = 50
MOST_ANSWERS: Final = 100_000

FOLLOW_UP: Final = "follow_up"
"""The survey that makegood asks by itself, always as it is written."""


def read_experiment(slots: Slots, asked: tuple[Question, ...]) -> Experiment | None:
    """Return the experiment of a survey as far as it can be understood, None when there is none."""
    if "experiment" not in slots.table and "variant" not in slots.table:
        return None
    if slots.table.get("key") == FOLLOW_UP:
        said = phrase("The follow-up is asked in one way only.")
        slots.wrong("experiment", said, phrase("Remove the experiment and its variants."))
    if slots.table.get("anonymous") is True:
        said = phrase("An anonymous survey is asked in one way only: a side would tell who answered.")
        slots.wrong("experiment", said, phrase("Remove the experiment and its variants."))
    variants = _variants(slots, asked)
    written = slots.table.get("experiment")
    if not isinstance(written, dict):
        mend = mend_or_write(phrase("Give it a name."), 'experiment.key = "…"')
        slots.wrong("experiment", phrase("The experiment has no name."), mend)
        return None
    own = _table(slots, "experiment")
    own.only(EXPERIMENT_KEYS, phrase("an experiment"))
    return Experiment(own.key("key"), variants, _answers(own))


def _table(slots: Slots, key: str) -> Slots:
    """Return a table below this one, which is there."""
    inner = Slots(slots.table[key], (*slots.path, key), slots.name, slots.places, slots.problems)
    inner.languages = slots.languages
    return inner


def _answers(slots: Slots) -> int:
    written = slots.table.get("answers", ANSWERS)
    if type(written) is int and FEWEST_ANSWERS <= written <= MOST_ANSWERS:
        return written
    said = phrase("{written} is no number of answers to plan with.", written=f"answers = {written!r}")
    mend = phrase("Write a whole number from {least} to {most}.", least=FEWEST_ANSWERS, most=MOST_ANSWERS)
    slots.wrong("answers", said, mend)
    return ANSWERS


# --- variants -------------------------------------------------------------------------------------------------------


def _variants(slots: Slots, asked: tuple[Question, ...]) -> tuple[Variant, ...]:
    written: Any = slots.table.get("variant")
    if not isinstance(written, list) or not written or not all(isinstance(one, dict) for one in written):
        mend = mend_or_write(phrase("Add a variant, with its share and its words."), "[[variant]]")
        slots.wrong("variant", phrase("The experiment has nothing to try."), mend)
        return ()
    if len(written) > MOST_VARIANTS:
        said = phrase("The experiment has {count} variants, and {most} is the most.", count=len(written),
                      most=MOST_VARIANTS)  # fmt: skip
        slots.wrong("variant", said, phrase("Try fewer at a time: each needs answers of its own."))
        return ()
    variants = tuple(_variant(slots.inside("variant", n), asked) for n in range(len(written)))
    _each_once(slots, variants)
    if sum(variant.share for variant in variants) > 1 - 1e-6:
        mend = mend_or_write(phrase("Leave a share for the survey as it is written."), "share = 0.5")
        slots.inside("variant", len(written) - 1).wrong("share", phrase("Together the shares are all there is."), mend)
    return variants


def _each_once(slots: Slots, variants: tuple[Variant, ...]) -> None:
    keys = [AS_WRITTEN, *(variant.key for variant in variants)]
    for n, key in enumerate(keys[1:]):
        if key == AS_WRITTEN:
            said = phrase('"{key}" is the survey as it is written.', key=AS_WRITTEN)
            slots.inside("variant", n).wrong("key", said, phrase('Choose another, such as "{example}".', example="b"))
        elif key and key in keys[1 : n + 1]:
            said = phrase('The variant "{key}" is there twice.', key=key)
            slots.inside("variant", n).wrong("key", said, phrase("Give it another key."))


def _variant(slots: Slots, asked: tuple[Question, ...]) -> Variant:
    slots.only(VARIANT_KEYS, phrase("a variant"))
    variant = Variant(slots.key("key"), _share(slots), _order(slots, asked), _wordings(slots, asked))
    if not variant.order and not variant.wordings and not {"order", "question"} & slots.table.keys():
        other = phrase("Say something in other words, or ask in another order.")
        mend = mend_or_write(other, 'question.KEY.text.en = "…"')
        slots.wrong((), phrase("The variant differs in nothing."), mend)
    return variant


def _share(slots: Slots) -> float:
    written = slots.table.get("share")
    if isinstance(written, int | float) and not isinstance(written, bool) and 0 < written < 1:
        return float(written)
    said = phrase("The variant does not say for which share of the customers it is.")
    mend = mend_or_write(phrase("Choose a share above 0 % and below 100 %."), "share = 0.5")
    slots.wrong("share", said, mend)
    return 0.0


def _order(slots: Slots, asked: tuple[Question, ...]) -> tuple[str, ...]:
    if "order" not in slots.table:
        return ()
    written, known = slots.table["order"], list(tables(asked))
    example = phrase("Write keys of questions: {example}.", example='order = ["recommend", "satisfaction"]')
    if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
        slots.wrong("order", phrase("The order is no list of questions."), example)
        return ()
    for n, key in enumerate(written):
        if key not in known:
            said = phrase('There is no question "{key}" to put in order.', key=key)
            listed = phrase("The questions are {keys}.", keys=", ".join(known))
            slots.unknown("order", key, known, said, listed)
            return ()
        if key in written[:n]:
            slots.wrong("order", phrase('"{key}" is there twice.', key=key), phrase("Name each question once."))
            return ()
    if written == [key for key in known if key in written]:
        slots.wrong("order", phrase("The order is that of the survey as it is written."), example)
        return ()
    return tuple(written)


# --- words ----------------------------------------------------------------------------------------------------------


def _wordings(slots: Slots, asked: tuple[Question, ...]) -> dict[str, Wording]:
    written: Any = slots.table.get("question", {})
    if not isinstance(written, dict) or not all(isinstance(one, dict) for one in written.values()):
        mend = phrase("Write {example}.", example='question.KEY.text.en = "…"')
        slots.wrong("question", phrase("The variant does not say which question is asked in other words."), mend)
        return {}
    by_key = {question.key: question for question in asked}
    matrices = {question.row.matrix: question for question in asked if question.row}
    found: dict[str, Wording] = {}
    for key in written:
        of = _table(_table(slots, "question"), key)
        if key in matrices:
            found[key] = _wording(of, matrices[key], whole=True)
        elif key in by_key:
            found[key] = _wording(of, by_key[key], whole=by_key[key].row is None)
        else:
            said = phrase('There is no question "{key}".', key=key)
            known = [*matrices, *by_key]
            listed = phrase("The questions are {keys}.", keys=", ".join(known))
            _table(slots, "question").unknown(key, key, known, said, listed)
    return found


def _wording(slots: Slots, question: Question, *, whole: bool) -> Wording:
    """Return the words for a question; the ends of a matrix's scale are the matrix's, not a row's (`whole`)."""
    for key in slots.table:
        if key not in WORDING_KEYS:
            said = phrase('A variant cannot change "{key}": the answers of both sides could not be compared.', key=key)
            mend = phrase("Change its words only: {keys}.", keys=", ".join(WORDING_KEYS))
            slots.wrong(key, said, mend)
    low, high = _ends(slots, has_ends=whole and question.kind in RATINGS)
    return Wording(slots.texts("text"), low, high)


def _ends(slots: Slots, *, has_ends: bool) -> tuple[Texts | None, Texts | None]:
    written = [key for key in ("low", "high") if key in slots.table]
    if written and not has_ends:
        for key in written:
            slots.wrong(key, phrase('"{key}" names the end of a scale, and there is none here.', key=key),
                        phrase("Remove it."))  # fmt: skip
        return None, None
    if len(written) == 1:
        slots.wrong(written[0], phrase("Only one end of the scale has words."), BOTH_ENDS)
    return slots.texts("low", longest=200) or None, slots.texts("high", longest=200) or None
