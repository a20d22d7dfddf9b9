"""One question: what it says in each language, how it is answered, where it leads; moved, changed, taken away."""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.surveying import particulars
from bot.surveying.changing import change
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import LABELLED, SAID, Sheet, asked_about, plain, said, tables, texts, word
from bot.surveying.telling import branch_lines, in_rows, is_rating, kind_of, problem_lines, text_of
from bot.surveying.texts import in_language
from bot.surveying.tree import back, show_tree
from conversations.amending import Drop, Edit, Move, Put
from conversations.phrases import phrase

SCALES: Final[Mapping[str, tuple[tuple[int, int], ...]]] = {
    "csat": ((1, 5), (1, 7), (0, 10)),
    "ces": ((1, 7), (1, 5)),
    "stars": ((1, 5), (1, 3), (1, 10)),
    "matrix": ((1, 5), (1, 7), (0, 10)),
}
"""The scales that are offered for each kind that has a choice."""


def number_in(room: Room, where: str) -> tuple[Sheet, int] | None:
    """Return the survey and the number of one of its questions; show the tree when it has no such one any more."""
    sheet = room.sheet()
    if sheet is None or not where.isdecimal() or int(where) >= len(sheet.questions):
        show_tree(room)
        return None
    return sheet, int(where)


def show_question(room: Room, where: str) -> None:
    """Show one question with all that belongs to it, and what can be done to it."""
    found = number_in(room, where)
    if found is None:
        return
    sheet, n = found
    question = sheet.questions[n]
    head = room.say(phrase("Question {number} of {count}", number=n + 1, count=len(sheet.questions)))
    parts = [f"{head} · {word(question, 'key')}\n{kind_of(room, question)}", _texts(room, sheet, question)]
    parts.append("\n".join(_answers(room, sheet, question)))
    if branches := list(branch_lines(room, sheet, question)):
        parts.append("\n".join((room.say(phrase("Then:")), *(line.strip() for line in branches))))
    parts.append("\n".join(problem_lines(room, sheet.to_say(sheet.wrong_at("question", n)))))
    room.show("\n\n".join(part for part in parts if part), _buttons(room, sheet, n, question))


def _texts(room: Room, sheet: Sheet, question: Mapping[str, Any]) -> str:
    written = texts(question, "text")
    return "\n".join(in_language(room, tag, plain(written.get(tag, ""), 300)) for tag in sheet.languages)


def _answers(room: Room, sheet: Sheet, question: Mapping[str, Any]) -> list[str]:
    """Return the ends of the scale, or what can be chosen."""
    lines = []
    ends = [said(texts(question, name), room.language, sheet.default) for name in ("low", "high")]
    if all(ends):
        lines.append(f"{ends[0]} … {ends[1]}")
    listed = LABELLED.get(word(question, "kind"), "")
    labels = (said(texts(entry, SAID[listed]), room.language, sheet.default) for entry in tables(question, listed))
    return [*lines, *(f"– {plain(label, 60)}" for label in labels), *particulars.lines(room, question)]


def _buttons(room: Room, sheet: Sheet, n: int, question: Mapping[str, Any]) -> list[list[Choice]]:
    kind = word(question, "kind")
    first: list[Choice] = [(room.say(phrase("Words")), f"w.{n}")]
    if kind in LABELLED:
        first.append((room.say(phrase("Rows") if kind == "matrix" else phrase("Options")), f"p.{n}"))
    if kind in SCALES or kind == "number":
        first.append((room.say(phrase("Scale")), f"qs.{n}"))
    second: list[Choice] = [(room.say(phrase("Branches")), f"b.{n}")]
    if kind != "statement":
        optional = question.get("optional") is True
        words = phrase("Must be answered") if optional else phrase("Allow skipping")
        second.append((room.say(words), f"qo.{n}"))
    third: list[Choice] = []
    if n > 0:
        third.append((room.say(phrase("↑ Up")), f"qu.{n}"))
    if n + 1 < len(sheet.questions):
        third.append((room.say(phrase("↓ Down")), f"qd.{n}"))
    third.append((room.say(phrase("Remove …")), f"qr.{n}"))
    further = [(room.say(phrase("＋ Question after it")), f"a..{n + 1}")]
    return [first, *particulars.buttons(room, n, question), second, third, further, [back(room)]]


# --- changes --------------------------------------------------------------------------------------------------------


def move(room: Room, where: str, by: int) -> None:
    """Move a question up or down by one, and show the tree."""
    found = number_in(room, where)
    if found is None:
        return
    sheet, n = found
    to = max(0, min(len(sheet.questions) - 1, n + by))
    what = phrase("question {key} moved", key=word(sheet.questions[n], "key"))
    if change(room, [Move(("question",), n, to)], what):
        show_question(room, str(to))


def turn_optional(room: Room, where: str) -> None:
    """Let a question be skipped, or not any more."""
    found = number_in(room, where)
    if found is None:
        return
    sheet, n = found
    path = ("question", n, "optional")
    optional = sheet.questions[n].get("optional") is True
    edit: Edit = Drop(path) if optional else Put(path, True)
    if change(room, [edit], phrase("question {key}: skipping", key=word(sheet.questions[n], "key"))):
        show_question(room, where)


def show_scales(room: Room, where: str) -> None:
    """Show the scales that the question can have, and what another one means for the reports."""
    found = number_in(room, where)
    if found is None:
        return
    sheet, n = found
    question = sheet.questions[n]
    if word(question, "kind") == "number":
        _ask_bounds(room, sheet, n)
        return
    scales = SCALES.get(word(question, "kind"), ())
    lines = [
        text_of(room, sheet, question, 300),
        room.say(phrase("Which scale? Another one does not compare with what was answered so far.")),
    ]
    choices = [(f"{low}–{high}", f"qs.{n}.{m}") for m, (low, high) in enumerate(scales)]
    room.show("\n\n".join(lines), [*in_rows(choices, 3), [(_to(room, n)), back(room)]])


def _ask_bounds(room: Room, sheet: Sheet, n: int) -> None:
    ask = room.say(phrase("Send me the smallest and the largest number that count, such as 1-20."))
    text = f"{text_of(room, sheet, sheet.questions[n], 300)}\n\n{ask}"
    room.show(text, [[_to(room, n)]], asks=f"qs.{n}")


def take_bounds(room: Room, where: str, text: str) -> None:
    """Take the smallest and the largest number that were typed."""
    found = number_in(room, where)
    if found is None:
        return
    sheet, n = found
    written = re.findall(r"\d{1,9}", text)
    if len(written) != 2 or int(written[0]) >= int(written[1]):
        _ask_bounds(room, sheet, n)
        return
    what = phrase("question {key}: another scale", key=word(sheet.questions[n], "key"))
    if change(room, [Put(("question", n, "scale"), [int(each) for each in written])], what):
        show_question(room, where)


def _to(room: Room, n: int) -> Choice:
    return (room.say(phrase("‹ Question {number}", number=n + 1)), f"q.{n}")


def set_scale(room: Room, where: str, which: str) -> None:
    """Give a question another scale."""
    found = number_in(room, where)
    if found is None:
        return
    sheet, n = found
    scales = SCALES.get(word(sheet.questions[n], "kind"), ())
    if not which.isdecimal() or int(which) >= len(scales):
        show_question(room, where)
        return
    what = phrase("question {key}: another scale", key=word(sheet.questions[n], "key"))
    if change(room, [Put(("question", n, "scale"), list(scales[int(which)]))], what):
        show_question(room, where)


# --- taking away ----------------------------------------------------------------------------------------------------


def confirm_removal(room: Room, where: str) -> None:
    """Ask once more before a question goes: what it does to the reports, and who leads to it."""
    found = number_in(room, where)
    if found is None:
        return
    sheet, n = found
    question = sheet.questions[n]
    lines = [room.say(phrase("Remove question {number}?", number=n + 1)), text_of(room, sheet, question, 300)]
    if sheet.newest is not None:
        if is_rating(question):
            lines.append(room.say(phrase("Its score ends here: reports show it up to this moment and no further.")))
        else:
            lines.append(room.say(phrase("What was answered so far stays in the reports; nothing is added.")))
    if leading := _leading_to(sheet, n):
        numbers = ", ".join(str(other + 1) for other in leading)
        lines.append(room.say(phrase("Branches lead to it from question {numbers}. They go as well.", numbers=numbers)))
    if needing := _asking_about(sheet, n):
        lines.append(
            room.say(phrase("⚠ These ask what was answered to it, and need to be changed: {places}", places=needing))
        )
    rows = [[(room.say(phrase("Yes, remove it")), f"qr.{n}.y"), _to(room, n)]]
    room.show("\n\n".join(lines), rows)


def _leading_to(sheet: Sheet, n: int) -> list[int]:
    """Return the numbers of other questions that have a branch to this one."""
    return [
        other
        for other, question in enumerate(sheet.questions)
        if other != n and any(sheet.number_of(word(branch, "to")) == n for branch in tables(question, "branch"))
    ]


def _asking_about(sheet: Sheet, n: int) -> str:
    """Return what asks about the answers to this question: numbers of others, `unhappy`."""
    key = word(sheet.questions[n], "key")
    keys = {key, *(f"{key}_{word(row, 'key')}" for row in tables(sheet.questions[n], "rows"))}
    found = [
        str(other + 1)
        for other, question in enumerate(sheet.questions)
        if other != n and any(keys & asked_about(word(branch, "when")) for branch in tables(question, "branch"))
    ]
    return ", ".join([*found, *(["unhappy"] if keys & asked_about(word(sheet.table, "unhappy")) else [])])


def remove(room: Room, where: str) -> None:
    """Take a question away, with the branches that lead to it."""
    found = number_in(room, where)
    if found is None:
        return
    sheet, n = found
    key = word(sheet.questions[n], "key")
    edits: list[Edit] = []
    for other in _leading_to(sheet, n):
        branches = tables(sheet.questions[other], "branch")
        gone = [m for m, branch in enumerate(branches) if sheet.number_of(word(branch, "to")) == n]
        edits += [Drop(("question", other, "branch", m)) for m in reversed(gone)]
    if word(sheet.table, "explain") == key:
        edits.append(Drop(("explain",)))
    edits.append(Drop(("question", n)))
    if change(room, edits, phrase("question {key} removed", key=key)):
        room.tell(phrase("✓ Removed. Undo brings it back."))
        show_tree(room)
