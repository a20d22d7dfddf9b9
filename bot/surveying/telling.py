"""A survey in words: its kinds, its questions as a tree, what is wrong with it, what differs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from bot.surveying.desk import Room
from bot.surveying.sheet import LABELLED, Sheet, plain, said, tables, texts, word
from conversations.condition_words import ALWAYS, in_words
from conversations.differences import Difference
from conversations.phrases import Phrase, phrase
from conversations.problems import Problem
from conversations.surveys import RATINGS

KINDS: Final[Mapping[str, Phrase]] = {
    "csat": phrase("satisfaction"),
    "nps": phrase("recommendation, 0–10"),
    "ces": phrase("effort"),
    "stars": phrase("stars"),
    "matrix": phrase("several ratings on one scale"),
    "choice": phrase("one of several"),
    "choices": phrase("some of several"),
    "ranking": phrase("putting in order"),
    "yes_no": phrase("yes or no"),
    "text": phrase("own words"),
    "number": phrase("a number"),
    "date": phrase("a date"),
    "contact": phrase("telephone or email"),
    "consent": phrase("consent"),
    "statement": phrase("only says something"),
}

SHORT: Final = 70
"""Characters of a question in the tree: two lines on a telephone."""

END: Final = phrase("the end")
SKIPPED: Final = phrase("may be skipped")


def kind_of(room: Room, question: Mapping[str, Any]) -> str:
    """Return what kind of question it is, with its scale or how many can be chosen."""
    kind = word(question, "kind")
    words = room.say(KINDS[kind]) if kind in KINDS else kind or "?"
    scale = question.get("scale")
    if isinstance(scale, list) and len(scale) == 2 and kind != "nps":
        words += f" {scale[0]}–{scale[1]}"
    elif kind in ("csat", "stars", "matrix"):
        words += " 1–5"
    elif kind == "ces":
        words += " 1–7"
    if kind in LABELLED:
        words += f" ({len(tables(question, LABELLED[kind]))})"
    if question.get("optional") is True:
        words += f" · {room.say(SKIPPED)}"
    return words


def called(room: Room, sheet: Sheet) -> str:
    """Return what a survey is called for whoever edits it."""
    return plain(said(sheet.title, room.language, sheet.default), 60) or sheet.key


def text_of(room: Room, sheet: Sheet, question: Mapping[str, Any], longest: int = SHORT) -> str:
    """Return the text of a question for whoever edits it, on one line."""
    shown = plain(said(texts(question, "text"), room.language, sheet.default), longest)
    return shown or room.say(phrase("(no text yet)"))


def target(room: Room, sheet: Sheet, to: str) -> str:
    """Return where a branch leads: the number of a question, or the end."""
    if to == "end":
        return room.say(END)
    number = sheet.number_of(to)
    return f"? {to}" if number is None else str(number + 1)


def condition(room: Room, sheet: Sheet | None, when: str, at: str = "") -> str:
    """Return a condition in words; `at` is the key of the question whose answer was just given."""
    if when in ("", "true"):
        return room.say(ALWAYS)
    questions = sheet.survey.questions if sheet is not None and sheet.survey is not None else ()
    return room.say(in_words(when, questions, room.language, at))


def tree(room: Room, sheet: Sheet) -> Iterator[str]:
    """Yield the questions in order, below each its branches and what is wrong there."""
    for n, question in enumerate(sheet.questions):
        wrong = sheet.wrong_at("question", n)
        mark = "⚠ " if any(problem.severity == "error" for problem in wrong) else ""
        yield f"{n + 1}. {mark}{text_of(room, sheet, question)}"
        yield f"     {word(question, 'key')} · {kind_of(room, question)}"
        yield from branch_lines(room, sheet, question)


def branch_lines(room: Room, sheet: Sheet, question: Mapping[str, Any]) -> Iterator[str]:
    """Yield the branches of a question, drawn as what goes off from it."""
    branches, key = tables(question, "branch"), word(question, "key")
    for m, branch in enumerate(branches):
        sign = "└" if m == len(branches) - 1 else "├"
        when = condition(room, sheet, word(branch, "when", "true"), key)
        yield f"     {sign} {when} → {target(room, sheet, word(branch, 'to'))}"


def problem_lines(room: Room, problems: Sequence[Problem], most: int = 6) -> list[str]:
    """Return what is wrong, each with its question and how to mend it; errors first."""
    ordered = sorted(problems, key=lambda problem: problem.severity != "error")
    lines = []
    for problem in ordered[:most]:
        sign = "⚠" if problem.severity == "error" else "💡"
        lines.append(f"{sign} {_place(problem)}{room.say(problem.said)} {room.say(problem.to_mend)}")
    if len(ordered) > most:
        lines.append(room.say(phrase("… and {count} more", count=len(ordered) - most)))
    return lines


def _place(problem: Problem) -> str:
    path = problem.path
    if len(path) > 1 and path[0] == "question" and isinstance(path[1], int):
        return f"{path[1] + 1}: "
    return ""


def difference_lines(room: Room, found: Iterable[Difference]) -> list[str]:
    """Return what differs, each on a line, with what was and what is; what breaks comparison below it."""
    lines = []
    for each in found:
        what = phrase("{name}: {value}", name=each.question, value=each.what) if each.question else each.what
        if "→" in f"{each.before}{each.after}":  # ways on: each has an arrow of its own
            lines.append(f"• {room.say(what)}")
            lines += [f"   – {way}" for way in each.before.splitlines()]
            lines += [f"   + {way}" for way in each.after.splitlines()]
        else:
            change = " → ".join(text for text in (plain(each.before, 60), plain(each.after, 60)) if text)
            lines.append(f"• {room.say(what)}{f' – {change}' if change else ''}")
        if each.breaks is not None:
            lines.append(f"   ⚠ {room.say(each.breaks)}")
    return lines


def who_is(room: Room, actor: str) -> str:
    """Return the name of whoever did something: a colleague, or whoever runs the installation."""
    kind, _, ident = actor.partition(":")
    if kind != "staff" or not ident.isdecimal():
        return room.say(phrase("The operator"))
    return room.unit.staff.get(int(ident)).name


def is_rating(question: Mapping[str, Any]) -> bool:
    """Say whether a question is answered on a scale with two ends."""
    return word(question, "kind") in RATINGS


def in_rows(choices: Sequence[tuple[str, str]], width: int) -> list[list[tuple[str, str]]]:
    """Return buttons in rows of so many."""
    return [list(choices[at : at + width]) for at in range(0, len(choices), width)]
