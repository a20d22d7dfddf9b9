"""What every importer builds: a sketch of questions and the ways between them, with the remarks made on the way."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from conversations.importing import languages, remarks
from conversations.importing.claims import TRUE, Claim
from conversations.importing.loose import Table, words
from conversations.importing.plain import Plain
from conversations.importing.results import Change, Format, NotReadable, Remark
from conversations.phrases import Phrase, phrase
from conversations.surveys import Kind, Texts

END: Final = ""
"""Where a way leads that finishes the survey."""

AGAIN: Final = "\0again"
"""Where a way leads that asks the same question again: makegood does so by itself."""

LONGEST_NAME: Final = 80
MOST_NODES: Final = 1500
MOST_FOLLOWING: Final = 150
"""Questions that may follow one, each under a condition; a survey holds 50."""

Piping = Callable[[str, str], str]
"""Given where a text stands and the text: the text with marks for what is filled in."""


class Option(msgspec.Struct):
    """One thing that can be chosen, or one row. `values` are what the source's rules call it."""

    values: tuple[str, ...]
    label: Texts


class Asked(msgspec.Struct):
    """One thing asked or said. `name` is what the source's rules and texts call it."""

    kind: Kind
    text: Texts
    name: str = ""
    options: list[Option] = []
    rows: list[Option] = []
    scale: tuple[int, int] | None = None
    low: Texts = {}
    high: Texts = {}
    optional: bool = False
    wants: tuple[str, ...] = ()
    sense: str = ""
    earliest: str = ""
    latest: str = ""
    top: int = 0
    other: str = ""
    """The label of one more option, needed when a reply that is none of the options leads somewhere."""


class Way(msgspec.Struct):
    """When the claim holds, that node follows. `shows` is a condition for being asked: in doubt, it is asked."""

    when: Claim
    to: str
    shows: bool = False


class Node(msgspec.Struct):
    """A question, a message or, with nothing asked, a place where the way parts."""

    id: str
    where: str
    asked: Asked | None = None
    ways: list[Way] = []
    then: str = END
    names_nothing: bool = False

    @property
    def targets(self) -> list[str]:
        """Return where it leads, the usual way last."""
        return [*(way.to for way in self.ways), self.then]

    @property
    def asks(self) -> bool:
        return self.asked is not None and self.asked.kind != "statement"

    @property
    def says(self) -> bool:
        return self.asked is not None and self.asked.kind == "statement"


class Sketch:
    """One definition on its way to a survey."""

    def __init__(self, source: Format, file: str) -> None:
        self.format: Final = source
        self.file: Final = file
        self.name = ""
        self.languages: list[str] = []
        self.codes: dict[str, str] = {}
        self.nodes: dict[str, Node] = {}
        self.entry = END
        self.title: Texts = {}
        self.thanks: Texts = {}
        self.changes: list[Change] = []
        self._said: set[str] = set()
        self.assumed: list[Phrase] = []
        self.piping: Piping = lambda _where, text: text
        self.markdown = False
        self.parts: tuple[str, ...] = ()
        self.later: list[Callable[[], None]] = []
        """What can only be decided when every question has its words."""
        self.facts: dict[str, tuple[str, str]] = {}
        """What texts and rules call by name and is no answer: the scope and field of the fact."""

    def remark(self, where: str, remark: Remark, **places: str | int) -> None:
        """Note a change, once for each place."""
        short = {key: brief(value) if isinstance(value, str) else value for key, value in places.items()}
        change = Change(brief(where), Phrase(remark.what.sentence, {**remark.what.places, **short}), remark.why)
        if (said := str(change)) not in self._said:
            self._said.add(said)
            self.changes.append(change)

    def add(self, node: Node) -> Node:
        """Add a node; an id that is there already gets another. Raises NotReadable when there are far too many."""
        if len(self.nodes) >= MOST_NODES:
            raise NotReadable(phrase("The file holds far more than a survey. Export only one survey."), self.file)
        while not node.id or node.id in self.nodes or node.id == AGAIN:
            node.id += "'"
        self.nodes[node.id] = node
        return node

    def leftover(self, where: str, table: Table, known: frozenset[str], remark: Remark = remarks.SETTING) -> None:
        """Name every setting of a table that is not among the known and says something."""
        for key, value in table.items():
            if key not in known and value not in (None, False, "", [], {}, "none", "default"):
                self.remark(where, remark, what=str(key))

    # --- texts ------------------------------------------------------------------------------------------------------

    def text(self, where: str, source: str, *, piped: bool = True) -> str:
        """Return one text as a chat shows it, with marks for what is filled in."""
        plain = Plain(source, markdown=self.markdown)
        if plain.media:
            self.remark(where, remarks.MEDIA)
        if plain.cut:
            self.remark(where, remarks.CUT)
        return self.piping(where, plain.text) if piped else plain.text

    def texts(self, where: str, value: Any, *, piped: bool = True) -> Texts:
        """Return a text in the languages that the source has it in: a plain text, or a table by language."""
        if not isinstance(value, dict):
            said = self.text(where, words(value), piped=piped)
            return {self.default: said} if said else {}
        found: Texts = {}
        for code, source in value.items():
            language = self.language(where, code) if isinstance(code, str) and isinstance(source, str) else None
            if language and (said := self.text(where, source, piped=piped)):
                found[language] = said
        return found

    @property
    def default(self) -> str:
        """Return the first language."""
        if not self.languages:
            self.languages.append("en")
        return self.languages[0]

    def language(self, where: str, code: str) -> str | None:
        """Return the language that a code of the source means, adding it to those of the survey."""
        found = self.codes.get(code) or languages.tag(code)
        if found is None:
            self.remark(where, remarks.LANGUAGE, what=code)
        elif found not in self.languages:
            self.languages.append(found)
        return found


def brief(text: str) -> str:
    """Return the text in one short line, as reports name things."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"


def joined(first: Texts, second: Texts, between: str = "\n") -> Texts:
    """Return two texts one after the other, in every language that either has."""
    tags = dict.fromkeys((*first, *second))
    return {tag: between.join(part for part in (_in(first, tag), _in(second, tag)) if part) for tag in tags}


def _in(texts: Texts, tag: str) -> str:
    return texts.get(tag) or next(iter(texts.values()), "")


def in_order(sketch: Sketch, nodes: list[tuple[Node, Claim]], last: str = END) -> None:
    """Lay nodes out one after the other, each with the claim under which it is shown.

    The nodes' own ways come first. After a node follows the first later one whose claim holds.
    """
    for n, (node, _) in enumerate(nodes):
        node.ways.extend(_following(nodes[n + 1 : n + 1 + MOST_FOLLOWING]))
        node.then = next((later.id for later, claim in nodes[n + 1 :] if claim == TRUE), last)
    entry = Node("start", sketch.file, None, _following(nodes))
    entry.then = next((node.id for node, claim in nodes if claim == TRUE), last)
    sketch.entry = sketch.add(entry).id


def _following(nodes: list[tuple[Node, Claim]]) -> list[Way]:
    found: list[Way] = []
    for node, claim in nodes[:MOST_FOLLOWING]:
        if claim == TRUE:
            break
        found.append(Way(claim, node.id, shows=True))
    return found
