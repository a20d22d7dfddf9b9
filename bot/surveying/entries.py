"""The options of a question and the rows of a matrix, one by one: moved and taken away."""

from bot.surveying.adding import show_entries, show_entry
from bot.surveying.changing import change
from bot.surveying.desk import Room
from bot.surveying.sheet import LABELLED, tables, word
from bot.surveying.tree import show_tree
from conversations.amending import Drop, Move
from conversations.phrases import phrase


def _place(room: Room, where: str, which: str) -> tuple[str, int, int] | None:
    """Return what the list is called, its question's number and the entry's; show the tree when it is gone."""
    sheet = room.sheet()
    if sheet is not None and where.isdecimal() and which.isdecimal() and int(where) < len(sheet.questions):
        question = sheet.questions[int(where)]
        name = LABELLED.get(word(question, "kind"), "")
        if int(which) < len(tables(question, name)):
            return name, int(where), int(which)
    show_tree(room)
    return None


def move(room: Room, where: str, which: str, by: int) -> None:
    """Move an entry up or down by one."""
    place = _place(room, where, which)
    if place is None:
        return
    name, n, m = place
    sheet = room.sheet()
    last = len(tables(sheet.questions[n], name)) - 1 if sheet is not None else 0
    to = max(0, min(last, m + by))
    if change(room, [Move(("question", n, name), m, to)], phrase("another order of what can be chosen")):
        show_entry(room, where, str(to))


def remove(room: Room, where: str, which: str) -> None:
    """Take an entry away; Undo brings it back."""
    place = _place(room, where, which)
    if place is None:
        return
    name, n, m = place
    if change(room, [Drop(("question", n, name, m))], phrase("one less to choose from")):
        room.tell(phrase("✓ Removed. Undo brings it back."))
        show_entries(room, where)
