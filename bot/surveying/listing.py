"""All surveys in a list, and how a new one begins: blank, or as a copy of one that we ship."""

from typing import Final, NamedTuple

from bot.editing import drafts
from bot.phrases import NAMES
from bot.publishing import SurveyFile, library
from bot.surveying.desk import Room
from bot.surveying.sheet import plain, said
from bot.surveying.telling import in_rows
from bot.surveying.tree import show_tree
from conversations.amending import Put, amended
from conversations.importing import naming
from conversations.phrases import Phrase, phrase
from conversations.reading import draft as read_draft

PAGE: Final = 8
LONGEST_TITLE: Final = 60

NAME_IT: Final = phrase(
    "What shall the survey be called? Send me its title, such as “After a repair”. Only staff read it."
)


class _Line(NamedTuple):
    """One survey of the list. `order`: what is asked, then what is being written, then what is not asked."""

    order: int
    key: str
    title: str
    words: str


def show_list(room: Room, page: int = 0) -> None:
    """Show the surveys: what customers are asked with, what is being written, what is retired."""
    room.turn_to("")
    found = _lines(room)
    last = max(0, (len(found) - 1) // PAGE)
    page = max(0, min(page, last))
    shown = found[page * PAGE : (page + 1) * PAGE]
    head = room.say(phrase("Surveys: {count}", count=len(found)))
    if not found:
        head = room.say(phrase("There is no survey yet. Begin with a copy of ours: it takes two minutes."))
    text = "\n\n".join((head, *(f"{line.title}\n{line.words}" for line in shown)))
    rows = in_rows([(line.title, f"o.{line.key}") for line in shown], 1)
    turns = [("‹", f"l.{page - 1}")] * (page > 0) + [("›", f"l.{page + 1}")] * (page < last)
    rows += [turns, [(room.say(phrase("＋ New survey")), "n")]]
    room.show(text, rows)


def _lines(room: Room) -> list[_Line]:
    unit, brand, shelf = room.unit, room.brand, room.talk.house.shelf
    written = {row.key: row for row in unit.drafts.open(brand)}
    found = []
    for version in unit.surveys.newest(brand):
        survey, draft = shelf.version(unit, version.id), written.pop(version.key, None)
        order = 0 if version.retired_at is None else 2
        state = (
            phrase("version {number}, asked now", number=version.number)
            if version.retired_at is None
            else phrase("retired, {number} versions", number=version.number)
        )
        parts = [room.say(state), *([room.say(phrase("✎ a draft"))] if draft else [])]
        title = plain(said(survey.title, room.language, survey.languages[0]), 40) or version.key
        found.append(_line(room, order, version.key, title, survey.touchpoint, len(survey.questions), parts))
    for key, row in written.items():
        draft_survey = read_draft(row.source, f"{key}.toml").survey
        title = plain(said(draft_survey.title, room.language, ""), 40) if draft_survey else ""
        count = len(draft_survey.questions) if draft_survey else 0
        touchpoint = draft_survey.touchpoint if draft_survey else ""
        found.append(
            _line(room, 1, key, title or key, touchpoint, count, [room.say(phrase("✎ a draft, never published"))])
        )
    return sorted(found)


def _line(room: Room, order: int, key: str, title: str, touchpoint: str, count: int, state: list[str]) -> _Line:
    count_words = room.say(phrase("questions: {count}", count=count))
    return _Line(order, key, title, " · ".join((*([touchpoint] if touchpoint else []), count_words, *state)))


def open_one(room: Room, key: str) -> None:
    """Open a survey."""
    room.turn_to(key)
    show_tree(room)


# --- a new one ------------------------------------------------------------------------------------------------------


def begin(room: Room) -> None:
    """Ask what to begin from."""
    text = room.say(
        phrase(
            "A new survey. Begin with a copy of one of ours and change it, or blank. You can also send me a file: a"
            " survey of makegood (.toml), or one of Formbricks, Typebot, SurveyJS, RapidPro or an XLSForm."
        )
    )
    rows = [[(room.say(phrase("A copy of ours")), "nc")], [(room.say(phrase("Blank")), "nb")], [_back(room)]]
    room.show(text, rows)


def _back(room: Room) -> tuple[str, str]:
    return (room.say(phrase("‹ All surveys")), "l")


def _shipped() -> list[SurveyFile]:
    return [file for file in library() if file.survey.key != "follow_up"]


def show_copies(room: Room) -> None:
    """Show what we ship, to be copied."""
    lines, choices = [], []
    for n, file in enumerate(_shipped()):
        title = plain(said(file.survey.title, room.language, file.survey.languages[0]), 40) or file.survey.key
        first = plain(said(file.survey.questions[0].text, room.language, file.survey.languages[0]), 80)
        count = room.say(phrase("questions: {count}", count=len(file.survey.questions)))
        lines.append(f"{title} · {count}\n{first}")
        choices.append((title, f"nc.{n}"))
    head = room.say(phrase("Which one do you want to copy?"))
    room.show("\n\n".join((head, *lines)), [*in_rows(choices, 2), [_back(room)]])


def ask_name(room: Room, what: str) -> None:
    """Ask what a new survey is called; `what` is `b` for a blank one, else which of ours is copied."""
    room.show(room.say(NAME_IT), [[_back(room)]], asks=f"n.{what}")


def named(room: Room, what: str, text: str) -> None:
    """Begin a survey with its title; its key is made from it and never changes."""
    title = plain(text)
    if not title or len(title) > LONGEST_TITLE:
        room.tell(phrase("A title has 1 to {most} characters.", most=LONGEST_TITLE))
        ask_name(room, what)
        return
    taken = {version.key for version in room.unit.surveys.newest(room.brand)}
    taken |= {row.key for row in room.unit.drafts.open(room.brand)}
    stem = _shipped()[int(what)].survey.key if what.isdecimal() and int(what) < len(_shipped()) else "survey"
    key = naming.key(title, taken, stem, question=False)
    source = _blank(room, key, title) if what == "b" else _copied(room, int(what), key, title)
    words = "begun blank" if what == "b" else "begun as a copy"
    drafts.begun(room.unit, room.brand, key, source, room.talk.actor, words, room.talk.now)
    room.turn_to(key)
    room.tell(_begun(key))
    show_tree(room)


def _begun(key: str) -> Phrase:
    return phrase("✓ Begun. Its key is {key}. Nobody is asked before you publish it.", key=key)


def _blank(room: Room, key: str, title: str) -> str:
    """Return a survey without questions, in the language that its editor writes."""
    language = room.language if room.language in NAMES else room.talk.house.language
    head = f'format = 1\nkey = "{key}"\ntouchpoint = "{key}"\nlanguages = ["{language}"]\n'
    return amended(head, [Put(("title", language), title)])


def _copied(room: Room, which: int, key: str, title: str) -> str:
    """Return one of ours under a key and a title of its own; it asks at the same touchpoint until that is changed."""
    shipped = _shipped()
    file = shipped[which] if which < len(shipped) else shipped[0]
    edits = [Put(("key",), key), Put(("title",), dict.fromkeys(file.survey.languages, title))]
    return amended(file.source, edits)
