"""The branches of a question: where each leads, in which order they are looked at.

`bot.surveying.comparing` puts conditions together. A place is the number of a question, `3`, with the number of its
branch whose condition is changed, `3-0`, or `u`: the condition by which an answer is unhappy.
"""

from typing import Final

from bot.surveying.changing import change
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import Sheet, tables, word
from bot.surveying.telling import branch_lines, condition, in_rows, problem_lines, target, text_of
from bot.surveying.texts import to_question
from bot.surveying.tree import show_tree
from conversations.amending import Drop, Edit, Insert, Move, Put
from conversations.phrases import Phrase, phrase

UNHAPPY: Final = "u"


def number_of(place: str) -> int | None:
    """Return the number of the question whose branch it is, None for the condition of the unhappy."""
    digits = place.partition("-")[0]
    return int(digits) if digits.isdecimal() else None


# --- the branches of a question -------------------------------------------------------------------------------------


def show_branches(room: Room, where: str) -> None:
    """Show where a question leads, branch by branch."""
    sheet, n = room.sheet(), number_of(where)
    if sheet is None or n is None or n >= len(sheet.questions):
        show_tree(room)
        return
    question = sheet.questions[n]
    count = len(tables(question, "branch"))
    lines = [f"{n + 1}. {text_of(room, sheet, question, 200)}", *branch_lines(room, sheet, question)]
    otherwise = n + 2
    if all(word(branch, "when", "true") != "true" for branch in tables(question, "branch")):
        words = phrase("Otherwise question {number} follows.", number=otherwise)
        lines.append(room.say(words if otherwise <= len(sheet.questions) else phrase("Otherwise the survey ends.")))
    if count > 1:
        lines.append(room.say(phrase("The first branch that holds is taken.")))
    lines += problem_lines(room, sheet.wrong_at("question", n, "branch"))
    numbers = [(str(m + 1), f"b.{n}.{m}") for m in range(count)]
    rows = [*in_rows(numbers, 6), [(room.say(phrase("＋ Branch")), f"bn.{n}")], [to_question(room, str(n))]]
    room.show("\n".join(lines), rows)


def show_branch(room: Room, where: str, which: str) -> None:
    """Show one branch, with what can be done to it."""
    found = _branch(room, where, which)
    if found is None:
        return
    sheet, n, m = found
    branch = tables(sheet.questions[n], "branch")[m]
    words = phrase(
        "When: {condition}\nThen: {target}",
        condition=condition(room, sheet, word(branch, "when", "true")),
        target=_target_text(room, sheet, word(branch, "to")),
    )
    lines = [room.say(words), *problem_lines(room, sheet.wrong_at("question", n, "branch", m))]
    rows: list[list[Choice]] = [
        [(room.say(phrase("Condition")), f"bn.{n}-{m}"), (room.say(phrase("Where it leads")), f"bl.{n}.{m}")],
        [(room.say(phrase("Remove")), f"br.{n}.{m}")],
        [(room.say(phrase("‹ All of them")), f"b.{n}")],
    ]
    if m > 0:
        rows[1].insert(0, (room.say(phrase("↑ Up")), f"bu.{n}.{m}"))
    room.show("\n\n".join(lines), rows)


def _target_text(room: Room, sheet: Sheet, to: str) -> str:
    number = sheet.number_of(to)
    if number is None:
        return target(room, sheet, to)
    return f"{number + 1}. {text_of(room, sheet, sheet.questions[number])}"


def _branch(room: Room, where: str, which: str) -> tuple[Sheet, int, int] | None:
    sheet, n = room.sheet(), number_of(where)
    if sheet is not None and n is not None and n < len(sheet.questions) and which.isdecimal():
        if int(which) < len(tables(sheet.questions[n], "branch")):
            return sheet, n, int(which)
        show_branches(room, where)
        return None
    show_tree(room)
    return None


def remove(room: Room, where: str, which: str) -> None:
    """Take a branch away; Undo brings it back."""
    found = _branch(room, where, which)
    if found is None:
        return
    _, n, m = found
    if change(
        room, [Drop(("question", n, "branch", m))], phrase("a branch of question {number} removed", number=n + 1)
    ):
        room.tell(phrase("✓ Removed. Undo brings it back."))
        show_branches(room, str(n))


def move_up(room: Room, where: str, which: str) -> None:
    """Let a branch be looked at before the one above it."""
    found = _branch(room, where, which)
    if found is None:
        return
    _, n, m = found
    edits: list[Edit] = [Move(("question", n, "branch"), m, max(0, m - 1))]
    if change(room, edits, phrase("another order of the branches of question {number}", number=n + 1)):
        show_branches(room, str(n))


def out(room: Room, place: str) -> Choice:
    n = number_of(place)
    if n is None:
        return (room.say(phrase("‹ Settings")), "s")
    return (room.say(phrase("‹ Branches")), f"b.{n}")


def branch_of(n: int) -> Phrase:
    return phrase("branches of question {number}", number=n + 1)


# --- where a branch leads --------------------------------------------------------------------------------------------


def choose_target(room: Room, where: str, when: str, which: str = "") -> None:
    """Ask where a branch leads: a later question, or the end."""
    sheet, n = room.sheet(), number_of(where)
    if sheet is None or n is None:
        show_tree(room)
        return
    act = f"bl.{n}.{which}" if which else f"bw.{n}"
    lines = [
        room.say(phrase("When: {condition}", condition=condition(room, sheet, when))),
        room.say(phrase("Where to then?")),
    ]
    choices = [(room.say(phrase("To the end")), f"{act}.end")]
    for at, question in enumerate(sheet.questions):
        if at > n:
            choices.append((f"{at + 1}. {text_of(room, sheet, question, 34)}", f"{act}.{at}"))
    room.show("\n\n".join(lines), [*in_rows(choices, 1), [out(room, str(n))]], hold=when)


def take_target(room: Room, where: str, to: str) -> None:
    """Add the branch that was put together."""
    sheet, n, when = room.sheet(), number_of(where), room.state.hold
    key = _key_at(sheet, to)
    if sheet is None or n is None or n >= len(sheet.questions) or not key:
        show_tree(room)
        return
    count = len(tables(sheet.questions[n], "branch"))
    table = {"to": key} if when in ("", "true") else {"when": when, "to": key}
    if change(room, [Insert(("question", n, "branch"), count, table)], branch_of(n)):
        room.tell(phrase("✓ Kept."))
        show_branches(room, str(n))


def lead_elsewhere(room: Room, where: str, which: str, to: str) -> None:
    """Ask where a branch leads now, or let it lead there."""
    found = _branch(room, where, which)
    if found is None:
        return
    sheet, n, m = found
    if not to:
        choose_target(room, where, word(tables(sheet.questions[n], "branch")[m], "when", "true"), which)
        return
    key = _key_at(sheet, to)
    if key and change(room, [Put(("question", n, "branch", m, "to"), key)], branch_of(n)):
        room.tell(phrase("✓ Kept."))
        show_branches(room, where)


def _key_at(sheet: Sheet | None, to: str) -> str:
    if to == "end":
        return "end"
    if sheet is None or not to.isdecimal() or int(to) >= len(sheet.questions):
        return ""
    return word(sheet.questions[int(to)], "key")
