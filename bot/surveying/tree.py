"""A survey as a tree: what is asked in which order, where branches lead, what is wrong, and what can be done."""

from bot import experiments
from bot.editing.drafts import steps_of, thrown
from bot.experiment_words import headline
from bot.phrases import NAMES, listed
from bot.surveying.desk import Choice, Room
from bot.surveying.sheet import Sheet, missing, tables, word
from bot.surveying.telling import called, condition, in_rows, problem_lines, tree, who_is
from bot.wall_clock import wall_moment
from conversations.phrases import Phrase, phrase

MISSING = phrase("⚠ Translations missing: {count}. Tap Languages: I ask you for them.")
GONE = phrase("This survey is not there any more.")


def show_tree(room: Room) -> None:
    """Show the survey as a tree, with what can be done to it."""
    sheet = room.sheet()
    if sheet is None:
        room.show(room.say(GONE), [[(room.say(phrase("‹ All surveys")), "l")]])
        return
    parts = [f"{called(room, sheet)} ({sheet.key})\n{_standing(room, sheet)}"]
    if not sheet.table:
        parts += ["\n".join(problem_lines(room, sheet.problems)), room.say(_MEND_FILE)]
        room.show("\n\n".join(parts), _below(room, sheet, can_change=False))
        return
    parts.append("\n".join(tree(room, sheet)) or room.say(phrase("No question yet. Tap ＋ Question.")))
    parts.append(_happens(room, sheet))
    parts.append("\n".join(problem_lines(room, sheet.to_say(sheet.problems))))
    if not sheet.looked_through:
        parts.append(room.say(phrase("It is a long survey: every way through it is looked at before it is published.")))
    numbers = [(str(n + 1), f"q.{n}") for n in range(len(sheet.questions))]
    room.show("\n\n".join(part for part in parts if part), [*in_rows(numbers, 7), *_below(room, sheet)])


_MEND_FILE = phrase("The draft cannot be read. Tap Undo, or Export it, mend it and send it to me again.")


def _standing(room: Room, sheet: Sheet) -> str:
    """Return whether it is asked, what is being written, and in which languages."""
    lines = []
    if sheet.published is not None:
        lines.append(room.say(phrase("Asked now: version {number}", number=sheet.published.number)))
    elif sheet.newest is not None:
        lines.append(room.say(phrase("Retired: nobody is asked with it.")))
    else:
        lines.append(room.say(phrase("Never published: nobody is asked with it yet.")))
    if _tried(sheet):
        lines.append(room.say(phrase("It is tried in several ways; below More … is what that shows.")))
    if sheet.draft is not None:
        when = wall_moment(sheet.draft.at, room.talk.house.zone, room.language)
        words = phrase("✎ The draft, last saved by {name}, {when}", name=who_is(room, sheet.draft.actor), when=when)
        lines.append(room.say(words))
    lines.append(
        room.say(
            phrase(
                "Touchpoint: {touchpoint} · {languages}",
                touchpoint=word(sheet.table, "touchpoint", "–"),
                languages=listed((NAMES.get(tag, tag) for tag in sheet.languages), room.language),
            )
        )
    )
    return "\n".join(lines)


def _happens(room: Room, sheet: Sheet) -> str:
    """Return who counts as unhappy and what is asked of them, and what is not translated yet."""
    lines = []
    unhappy = word(sheet.table, "unhappy")
    if unhappy:
        lines.append(room.say(phrase("Unhappy when: {condition}", condition=condition(room, sheet, unhappy))))
        number = sheet.number_of(word(sheet.table, "explain"))
        if number is not None:
            lines.append(room.say(phrase("Then only question {number} is asked.", number=number + 1)))
    else:
        lines.append(room.say(phrase("Nobody counts as unhappy: it only measures, and opens no case.")))
    if tables(sheet.table, "variant"):
        lines.append(room.say(phrase("Two ways of asking are tried in it: change them on the web or in the file.")))
    if count := len(missing(sheet)):
        lines.append(room.say(Phrase(MISSING.sentence, {"count": count})))
    return "\n".join(lines)


def _below(room: Room, sheet: Sheet, *, can_change: bool = True) -> list[list[Choice]]:
    rows: list[list[Choice]] = []
    if can_change:
        rows += [
            [
                (room.say(phrase("＋ Question")), "a"),
                (room.say(phrase("Texts")), "w.s"),
                (room.say(phrase("Settings")), "s"),
            ],
            [(room.say(phrase("Languages")), "g"), (room.say(phrase("Try it")), "y")],
        ]
        if sheet.draft is not None:
            rows[1].append((_changes(room), "c"))
    steps: list[Choice] = []
    if sheet.draft is not None:
        taken = steps_of(room.unit, room.brand, sheet.key)
        if taken.can_undo:
            steps.append((room.say(phrase("↶ Undo")), "z"))
        if taken.can_redo:
            steps.append((room.say(phrase("↷ Redo")), "zr"))
    return [*rows, [*steps, (room.say(phrase("More …")), "e")], [(room.say(phrase("‹ All surveys")), "l")]]


def _changes(room: Room) -> str:
    return room.say(phrase("Publish …") if room.may_publish else phrase("What changes"))


def show_more(room: Room) -> None:
    """Show what is done less often: versions, the file, putting aside."""
    sheet = room.sheet()
    if sheet is None:
        show_tree(room)
        return
    rows: list[list[Choice]] = [
        [(room.say(phrase("Versions")), "v"), (room.say(phrase("Export")), "x")],
    ]
    if sheet.draft is not None:
        rows.append([(room.say(phrase("Throw the draft away …")), "d")])
    elif thrown(room.unit, room.brand, sheet.key) is not None:
        rows.append([(room.say(phrase("Bring the thrown draft back")), "db")])
    if sheet.published is not None:
        rows.append([(room.say(phrase("Retire …")), "r")])
    rows.append([back(room)])
    text = room.say(
        phrase("{title}: export it as a file, look at its versions, or put it aside.", title=called(room, sheet))
    )
    shows = _experiment(room, sheet)
    room.show(f"{text}\n\n{shows}" if shows else text, rows)


def _tried(sheet: Sheet) -> bool:
    return sheet.published is not None and "[[variant]]" in sheet.published.source


def _experiment(room: Room, sheet: Sheet) -> str:
    """Return how an experiment under way stands: here, where it is asked for, for it is read from the answers."""
    if not _tried(sheet):
        return ""
    try:
        standing = experiments.read(room.unit, room.talk.house, sheet.key)
    except experiments.NoExperiment:  # the word stands in a comment
        return ""
    return room.say(phrase("The experiment: {told}", told=headline(standing)))


def back(room: Room) -> Choice:
    """Return the button that leads back to the tree."""
    return (room.say(phrase("‹ The survey")), "o")
