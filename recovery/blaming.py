"""Words of staff that put the blame on the customer, found before they are sent.

"You should have told us", 是您自己没看: perhaps true, and never what an unhappy customer may read. The one who wrote
it is asked, not stopped: a list cannot know what was meant. Longer kind phrases are known, too, and win over the word
inside them: "you should have received it" blames nobody.
"""

from collections.abc import Mapping
from typing import Final

from recovery.wordlists import WordList, Wordlists

_BLAME: Final = "blame"
_FINE: Final = "fine"


class Blame:
    """The lists made ready: what blames, and what only looks like it."""

    def __init__(self, words: Mapping[str, tuple[str, ...]], fine: Mapping[str, tuple[str, ...]]) -> None:
        self._lists = Wordlists(
            (WordList(_BLAME, words, deniable=False), WordList(_FINE, fine, deniable=False)),
        )

    def in_text(self, text: str) -> tuple[str, ...]:
        """Return the words that read as blame, each once, in the order of the text; empty when there are none."""
        return tuple(dict.fromkeys(one.word for one in self._lists.find(text) if one.key == _BLAME))
