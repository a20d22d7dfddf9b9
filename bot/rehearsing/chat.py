"""What is seen in the chat of a rehearsal, in order, and which buttons of it can be tapped now."""

from collections.abc import Iterator

from bot.channels.messages import Button, Message
from bot.composing import chosen_message
from bot.phrases import say
from bot.rehearsing.asides import About, Unseen
from bot.rehearsing.shown import Shown, ShownKind
from conversations.phrases import Phrase

Rows = tuple[tuple[Button, ...], ...]


class Chat:
    """Everything shown so far. `now` is in ms, `step` the one that is taken, -1 at the beginning.

    `reader` is the language of the author, in which the asides are.
    """

    def __init__(self, now: int, reader: str) -> None:
        self.now = now
        self.step = -1
        self.reader = reader
        self.shown: list[Shown] = []
        self._places: dict[str, int] = {}  # of the message with a prompt
        self._standing: dict[int, Rows] = {}  # the buttons below each message

    def buttons(self) -> Iterator[tuple[str, Button]]:
        """Return the buttons that can be tapped now, each with its question: those of the newest message first."""
        for place in reversed(self._standing):
            for row in self._standing[place]:
                for button in row:
                    yield self.shown[place].question, button

    def tell(self, about: About, words: Phrase, effect: Unseen | None = None) -> None:
        """Tell the author something, in their language."""
        self._show("aside", say(words, self.reader), about=about, effect=effect)

    def replied(self, text: str, *, question: str = "", tapped: bool = False) -> None:
        """Show what the customer did."""
        self._show("reply", text, question=question, about="tap" if tapped else "")

    def pass_by(self, text: str) -> None:
        """Show words in passing, to who tapped."""
        self._show("passing", text)

    def post(self, message: Message, prompt: str = "", question: str = "") -> None:
        """Show a message of ours; with a prompt it can be changed later."""
        if prompt:
            self._places[prompt] = len(self.shown)
        self._show("message", message.text, message=message, prompt=prompt, question=question)

    def choose(self, prompt: str, label: str) -> None:
        """Let the message of a prompt show what was chosen, without its buttons."""
        place = self._places.get(prompt)
        if place is not None:
            after = chosen_message(self.shown[place].message, label)
            self._show("edit", after.text, message=after, edits=place, mark=f"✓ {label}")

    def mark(self, prompt: str, rows: Rows) -> None:
        """Let the message of a prompt have these buttons now."""
        place = self._places.get(prompt)
        if place is not None:
            before = self.shown[place]
            self._show("edit", before.text, message=Message(before.text, rows, before.links), edits=place)

    def _show(
        self,
        kind: ShownKind,
        text: str,
        *,
        message: Message | None = None,
        edits: int | None = None,
        mark: str = "",
        prompt: str = "",
        question: str = "",
        about: About = "",
        effect: Unseen | None = None,
    ) -> None:
        rows, links = (message.rows, message.links) if message is not None else ((), ())
        if message is not None:
            self._standing[len(self.shown) if edits is None else edits] = rows
        self.shown.append(
            Shown(kind, text, self.now, self.step, rows, links, edits, mark, prompt, question, about, effect)
        )
