"""The playbook: words, causes and plans as they are written in files, ours first and the business's own over them.

    words.toml    [[subject]] [[emotion]] [[urgency]] [blame]     a list of the same key takes the place of ours
    causes.toml   [[cause]]                                       `dropped = true` leaves one out
    plans.toml    [[plan]]                                        what is written takes ours' place, the rest stays

Whatever is wrong is told with its file and line and how to mend it, all of it at once. Pure: the texts of the files
come as arguments.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from conversations.problems import KeyPath, Problem, in_words
from recovery.blaming import Blame
from recovery.causes import OTHER, Cause, Causes
from recovery.pages import Page
from recovery.plans import OWED, STEPS, Plan, Plans, Remedy, Step
from recovery.severity import Emotion, Lexicon, Subject, Urgency

FILES: Final = ("words.toml", "causes.toml", "plans.toml")
KINDS: Final = ("voucher", "credit", "refund", "gift", "extra_allowance")
MOST_BELOW: Final = 12


class Written(NamedTuple):
    """A file as it was read. `name` is what problems name it by; its last part says what it is.

    The texts of a `trusted` one are not tried out: ours, which a test tries.
    """

    name: str
    source: str
    trusted: bool = False


class PlaybookInvalid(Exception):
    """The files cannot be used; `problems` holds everything that is wrong with them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Playbook(NamedTuple):
    """What a business goes by when it puts something right."""

    lexicon: Lexicon
    blame: Blame
    causes: Causes
    plans: Plans


def read(files: Iterable[Written]) -> Playbook:
    """Return the playbook of these files, later ones over earlier ones. Raises PlaybookInvalid."""
    reader = _Reader()
    for file in files:
        reader.take(file)
    if reader.problems:
        raise PlaybookInvalid(tuple(reader.problems))
    return reader.made()


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lists: dict[str, dict[str, dict[str, Any]]] = {"subject": {}, "emotion": {}, "urgency": {}, "cause": {}}
        self.blame: dict[str, dict[str, tuple[str, ...]]] = {"words": {}, "fine": {}}
        self.plans: dict[str, dict[str, Any]] = {}

    def take(self, file: Written) -> None:
        kind = file.name.replace("\\", "/").rpartition("/")[2]
        try:
            fields = tomllib.loads(file.source)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            at = int(line[1]) if line else 1
            said = in_words(f"This is no TOML: {error}.")
            self.problems.append(Problem(file.name, at, said, in_words("See https://toml.io.")))
            return
        page = Page(file.name, file.source, self.problems, tries=not file.trusted)
        match kind:
            case "words.toml":
                self._words(fields, page)
            case "causes.toml":
                self._causes(fields, page)
            case "plans.toml":
                self._plans(fields, page)
            case _:
                page.wrong((), f'"{kind}" is none of the files.', f"They are {', '.join(FILES)}.")

    # -- words

    def _words(self, fields: Mapping[str, Any], page: Page) -> None:
        page.only(fields, ("subject", "emotion", "urgency", "blame"))
        shapes: dict[str, tuple[str, ...]] = {
            "subject": ("title", "about", "wrong"),
            "emotion": ("adds", "words"),
            "urgency": ("at_least", "deniable", "words"),
        }
        for kind, names in shapes.items():
            for path, table in page.tables(fields, kind):
                key = page.key(table, path)
                page.only(table, ("key", "more", *names), path)
                self._list(kind, key, table, path, page)
        blame = page.table(fields, "blame")
        page.only(blame, ("words", "fine", "more"), ("blame",))
        for name in ("words", "fine"):
            lists = page.lists(blame, name, ("blame",))
            self.blame[name] = _joined(self.blame[name], lists) if blame.get("more") else {**self.blame[name], **lists}

    def _list(self, kind: str, key: str, table: Mapping[str, Any], path: KeyPath, page: Page) -> None:
        before = self.lists[kind].get(key, {})
        made: dict[str, Any] = dict(before)
        for name in ("about", "wrong", "words"):
            if name in table:
                lists = page.lists(table, name, path)
                made[name] = _joined(before.get(name, {}), lists) if table.get("more") else lists
        if "title" in table:
            made["title"] = page.texts(table, "title", path)
        for name, low, high in (("adds", 0, 3), ("at_least", 1, 4)):
            if name in table:
                made[name] = page.number(table, name, path, low, high)
        if "deniable" in table:
            made["deniable"] = page.yes(table, "deniable", path)
        self.lists[kind][key] = made

    # -- causes

    def _causes(self, fields: Mapping[str, Any], page: Page) -> None:
        page.only(fields, ("cause",))
        for path, table in page.tables(fields, "cause"):
            key = page.key(table, path)
            page.only(table, ("key", "label", "below", "dropped"), path)
            if key == OTHER:
                page.wrong((*path, "key"), f'"{OTHER}" is offered by itself.', "Take it out.")
            if table.get("dropped") is True:
                self.lists["cause"].pop(key, None)
                continue
            below = tuple(self._below(at, each, page) for at, each in page.tables(table, "below", path))
            if len(below) > MOST_BELOW:
                page.wrong(
                    (*path, "below"), f"{len(below)} buttons are too many to choose from.", f"{MOST_BELOW} at most."
                )
            self.lists["cause"][key] = {"label": page.label(table, path), "below": below}

    def _below(self, path: KeyPath, table: Mapping[str, Any], page: Page) -> Cause:
        page.only(table, ("key", "label"), path)
        return Cause(page.key(table, path), page.label(table, path))

    # -- plans

    def _plans(self, fields: Mapping[str, Any], page: Page) -> None:
        page.only(fields, ("plan",))
        for path, table in page.tables(fields, "plan"):
            key = page.key(table, path)
            page.only(table, ("key", "like", *(name for name in _PLAN_FIELDS if name != "key")), path)
            like = table.get("like", "short" if key not in self.plans and "short" in self.plans else key)
            if "like" in table and like not in self.plans:
                page.unknown((*path, "like"), str(like), self.plans)
            before = self.plans.get(key) if "like" not in table and key in self.plans else self.plans.get(str(like), {})
            inherited = {name: value for name, value in (before or {}).items() if name != "touchpoints" or like == key}
            self.plans[key] = {**inherited, **self._plan(table, path, page, inherited), "key": key}

    def _plan(self, table: Mapping[str, Any], path: KeyPath, page: Page, before: Mapping[str, Any]) -> dict[str, Any]:
        read: dict[str, Callable[[], Any]] = {
            "title": lambda: page.texts(table, "title", path),
            "touchpoints": lambda: page.names(table, "touchpoints", path),
            "steps": lambda: self._steps(table, path, page),
            "around_the_clock": lambda: page.yes(table, "around_the_clock", path),
            "weight": lambda: page.number(table, "weight", path, 0, 2),
            "skill": lambda: page.text(table, "skill", path) or None,
            "within": lambda: {**before.get("within", {}), **self._within(table, path, page)},
            "texts": lambda: {**before.get("texts", {}), **self._texts(table, path, page)},
            "thanks_with": lambda: self._remedy(page.table(table, "thanks_with", path), (*path, "thanks_with"), page),
            "remedy": lambda: self._remedy(page.table(table, "remedy", path), (*path, "remedy"), page),
        }
        return {name: reading() for name, reading in read.items() if name in table}

    def _steps(self, table: Mapping[str, Any], path: KeyPath, page: Page) -> tuple[Step, ...]:
        steps = page.names(table, "steps", path)
        for step in steps:
            if step not in STEPS:
                page.unknown((*path, "steps"), step, STEPS)
        return tuple(step for step in STEPS if step in steps)

    def _within(self, table: Mapping[str, Any], path: KeyPath, page: Page) -> dict[str, timedelta]:
        fields = page.table(table, "within", path)
        page.only(fields, (*OWED, *STEPS), (*path, "within"))
        return {name: page.span(fields, name, (*path, "within")) for name in fields if name in (*OWED, *STEPS)}

    def _texts(self, table: Mapping[str, Any], path: KeyPath, page: Page) -> dict[str, dict[str, str]]:
        fields = page.table(table, "texts", path)
        page.only(fields, STEPS, (*path, "texts"))
        return {step: page.templates(fields, step, (*path, "texts")) for step in fields if step in STEPS}

    def _remedy(self, table: Mapping[str, Any], path: KeyPath, page: Page) -> Remedy:
        page.only(table, ("kind", "worth", "what"), path)
        kind = page.text(table, "kind", path)
        if kind not in KINDS:
            page.unknown((*path, "kind"), kind, KINDS)
        what = page.texts(table, "what", path) if "what" in table else {}
        return Remedy(kind, page.text(table, "worth", path) if "worth" in table else "", what)

    # -- what it comes to

    def made(self) -> Playbook:
        subjects = [Subject(key, **fields) for key, fields in self.lists["subject"].items()]
        emotions = [Emotion(key, **fields) for key, fields in self.lists["emotion"].items()]
        urgencies = [Urgency(key, **fields) for key, fields in self.lists["urgency"].items()]
        causes = [Cause(key, fields["label"], fields["below"]) for key, fields in self.lists["cause"].items()]
        return Playbook(
            Lexicon(subjects, emotions, urgencies),
            Blame(self.blame["words"], self.blame["fine"]),
            Causes(causes),
            Plans(Plan(**fields) for fields in self.plans.values()),
        )


_PLAN_FIELDS: Final = tuple(field for field in Plan.__struct_fields__)


def _joined(before: Mapping[str, tuple[str, ...]], more: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    languages = dict.fromkeys((*before, *more))
    return {tag: tuple(dict.fromkeys((*before.get(tag, ()), *more.get(tag, ())))) for tag in languages}
