"""A new question: its kind, its place, its words; then what can be chosen, then translations."""

from typing import Any, Final

from bot.surveying import particulars, texts
from bot.surveying.changing import change
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import LABELLED, SAID, Sheet, plain, said, tables, word
from bot.surveying.telling import KINDS, in_rows, text_of
from bot.surveying.tree import back, show_tree
from conversations.amending import Edit, Insert
from conversations.importing import naming
from conversations.particulars import MOST_ROWS
from conversations.phrases import phrase
from conversations.questions import LONGEST_LABEL, MOST_OPTIONS
from conversations.reading import MOST_QUESTIONS
from conversations.slots import LONGEST_KEY, LONGEST_TEXT
from conversations.understanding import clean

USUAL_KEYS: Final = {"csat": "satisfaction", "nps": "recommend", "ces": "effort", "stars": "stars"}
"""What a rating is called in conditions and reports, whatever its words are."""

LONGEST_MATRIX: Final = 13
"""Characters of a matrix's key: with that of a row it makes the key of an answer."""

LONGEST_ENTRY: Final = 18

MOST: Final = {"options": MOST_OPTIONS, "rows": MOST_ROWS}


def choose_kind(room: Room, position: str) -> None:
    """Ask what kind of question it is; `position` is where it comes, empty when that is asked for next."""
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    if len(sheet.questions) >= MOST_QUESTIONS:
        room.tell(phrase("The survey has {most} questions, and more are not possible.", most=MOST_QUESTIONS))
        show_tree(room)
        return
    head = room.say(phrase("What kind of question? One that is answered by a tap gets the most answers."))
    choices = [(room.say(words), f"a.{kind}.{position}" if position else f"a.{kind}") for kind, words in KINDS.items()]
    room.show(head, [*in_rows(choices, 2), [back(room)]])


def choose_place(room: Room, kind: str) -> None:
    """Ask where a question comes; as the only one there is nothing to ask."""
    sheet = room.sheet()
    if sheet is None or kind not in KINDS:
        show_tree(room)
        return
    count = len(sheet.questions)
    if not count:
        ask_text(room, kind, "0")
        return
    lines = [room.say(phrase("Where does it come?"))]
    lines += [f"{n + 1}. {text_of(room, sheet, question)}" for n, question in enumerate(sheet.questions)]
    before = [(room.say(phrase("Before {number}", number=n + 1)), f"a.{kind}.{n}") for n in range(count)]
    rows = [[(room.say(phrase("At the end")), f"a.{kind}.{count}")], *in_rows(before, 3), [back(room)]]
    room.show("\n".join(lines), rows)


def ask_text(room: Room, kind: str, position: str) -> None:
    """Ask for the words of the new question."""
    sheet = room.sheet()
    if sheet is None or kind not in KINDS:
        show_tree(room)
        return
    words = phrase(
        "New question ({kind}). Send me its text in this language: {language}",
        kind=KINDS[kind],
        language=texts.language_name(sheet.default),
    )
    room.show(room.say(words), [[back(room)]], asks=f"a.{kind}.{position}")


def take_text(room: Room, kind: str, position: str, text: str) -> None:
    """Add the question, and ask for what belongs to it: what can be chosen, then its translations."""
    sheet, words = room.sheet(), clean(text).strip()
    if sheet is None or kind not in KINDS or not position.isdecimal():
        show_tree(room)
        return
    if not words or len(words.encode()) > LONGEST_TEXT:
        room.tell(phrase("That is too long for a question. Say it in a sentence or two."))
        ask_text(room, kind, position)
        return
    at = min(int(position), len(sheet.questions))
    longest = LONGEST_MATRIX if kind == "matrix" else LONGEST_KEY
    key = naming.key(USUAL_KEYS.get(kind) or naming.from_words(plain(words)), _taken(sheet), kind, longest)
    table: dict[str, Any] = {"key": key, "kind": kind, "text": {sheet.default: words}}
    if not change(room, [Insert(("question",), at, table)], phrase("new question {key}", key=key)):
        return
    room.tell(phrase("✓ Added as question {number}. Its key is {key}.", number=at + 1, key=key))
    if kind in LABELLED:
        ask_entries(room, str(at))
    else:
        after(room, str(at))


def _taken(sheet: Sheet) -> set[str]:
    """Return the keys that are in use, those of rows with their matrix."""
    taken = {word(question, "key") for question in sheet.questions}
    taken |= {f"{word(one, 'key')}_{word(row, 'key')}" for one in sheet.questions for row in tables(one, "rows")}
    return taken


def after(room: Room, where: str) -> None:
    """Go on when a question or what can be chosen was added: with what is missing of it, else to the question."""
    from bot.surveying.question import show_question
    from bot.surveying.sheet import missing

    sheet = room.sheet()
    if sheet is not None and len(sheet.languages) > 1 and missing(sheet):
        texts.ask_missing(room, "*~0")
    else:
        show_question(room, where)


# --- what can be chosen ---------------------------------------------------------------------------------------------


def _listed(sheet: Sheet, where: str) -> str:
    number = int(where) if where.isdecimal() else -1
    if not 0 <= number < len(sheet.questions):
        return ""
    return LABELLED.get(word(sheet.questions[number], "kind"), "")


def show_entries(room: Room, where: str) -> None:
    """Show the options of a question, or the rows of a matrix."""
    sheet = room.sheet()
    if sheet is None or not (name := _listed(sheet, where)):
        show_tree(room)
        return
    entries = tables(sheet.questions[int(where)], name)
    lines = [text_of(room, sheet, sheet.questions[int(where)], 200)]
    choices: list[Choice] = []
    for m, entry in enumerate(entries):
        label = plain(said(_words(entry, name), room.language, sheet.default), 60) or "⚠ –"
        lines.append(f"{m + 1}. {label}  ({word(entry, 'key')})")
        choices.append((str(m + 1), f"p.{where}.{m}"))
    if not entries:
        lines.append(room.say(phrase("There is nothing to choose yet.")))
    rows = [*in_rows(choices, 6), [(room.say(phrase("＋ Add")), f"pa.{where}")], [texts.to_question(room, where)]]
    room.show("\n".join(lines), rows)


def _words(entry: Any, name: str) -> dict[str, str]:
    from bot.surveying.sheet import texts as texts_in

    return texts_in(entry, SAID[name])


def show_entry(room: Room, where: str, which: str) -> None:
    """Show one option or row, with what can be done to it."""
    sheet = room.sheet()
    if sheet is None or not (name := _listed(sheet, where)):
        show_tree(room)
        return
    entries = tables(sheet.questions[int(where)], name)
    if not which.isdecimal() or int(which) >= len(entries):
        show_entries(room, where)
        return
    m, entry = int(which), entries[int(which)]
    written = _words(entry, name)
    lines = [f"{m + 1}. {word(entry, 'key')}"]
    lines += [texts.in_language(room, tag, written.get(tag, "")) for tag in sheet.languages]
    first: list[Choice] = [(room.say(phrase("Words")), f"w.{where}.{name}{m}")]
    if m > 0:
        first.append((room.say(phrase("↑ Up")), f"pu.{where}.{m}"))
    if m + 1 < len(entries):
        first.append((room.say(phrase("↓ Down")), f"pd.{where}.{m}"))
    if "aspect" in entry:
        lines.append(particulars.line(room, "aspect", entry))
    lines.append(room.say(phrase("Taken away, it cannot be chosen any more, and the shares of the others shift.")))
    gone: Choice = (room.say(phrase("Remove")), f"pr.{where}.{m}")
    more = [particulars.of_row(room, int(where), m)] if name == "rows" else []
    room.show("\n\n".join(lines), [first, more, [gone], [(room.say(phrase("‹ All of them")), f"p.{where}")]])


def ask_entries(room: Room, where: str) -> None:
    """Ask for what can be chosen, one a line."""
    sheet = room.sheet()
    if sheet is None or not (name := _listed(sheet, where)):
        show_tree(room)
        return
    words = phrase("Send me what can be chosen, one a line, in this language: {language}", language=_default(sheet))
    if name == "rows":
        words = phrase(
            "Send me what is to be rated, one a line, in this language: {language}", language=_default(sheet)
        )
    room.show(room.say(words), [[texts.to_question(room, where)]], asks=f"pa.{where}")


def _default(sheet: Sheet) -> str:
    return texts.language_name(sheet.default)


def take_entries(room: Room, where: str, text: str) -> None:
    """Add what can be chosen, one for each line."""
    sheet = room.sheet()
    if sheet is None or not (name := _listed(sheet, where)):
        show_tree(room)
        return
    lines = [line.strip(" -–•*\t") for line in clean(text).splitlines()]
    labels = list(dict.fromkeys(line for line in lines if line))
    entries = tables(sheet.questions[int(where)], name)
    long = next((label for label in labels if len(label) > _longest(name)), None)
    if not labels or len(entries) + len(labels) > MOST[name] or long is not None:
        if long is not None:
            room.tell(phrase("“{label}” is too long: {most} characters fit.", label=long[:40], most=_longest(name)))
        else:
            room.tell(phrase("There can be {most} of them at most.", most=MOST[name]))
        ask_entries(room, where)
        return
    taken = {word(entry, "key") for entry in entries}
    edits: list[Edit] = []
    for label in labels:
        key = naming.key(label, taken, name.removesuffix("s"), LONGEST_ENTRY, question=False)
        entry = {"key": key, SAID[name]: {sheet.default: label}}
        edits.append(Insert(("question", int(where), name), len(entries) + len(edits), entry))
    if change(room, edits, phrase("{count} more to choose from", count=len(edits))):
        room.tell(phrase("✓ Added: {count}", count=len(edits)))
        after(room, where)


def _longest(name: str) -> int:
    return LONGEST_LABEL if name == "options" else 1_000
