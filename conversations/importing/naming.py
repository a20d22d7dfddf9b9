"""Keys from other people's names: small letters, figures and `_`, each once, no word of texts and conditions."""

import re
import unicodedata
from typing import Final

from conversations.slots import LONGEST_KEY, RESERVED

_MEANINGLESS: Final = re.compile(
    r"id\d+|c[a-z0-9]{20,32}|[a-z0-9]{24,32}|[0-9a-f-]{32,36}|[A-Za-z0-9_-]{20,}|q(?:uestion)?_?\d+|\d+", re.IGNORECASE
)
_WORDS_OF_A_KEY: Final = 4


def says_nothing(name: str) -> bool:
    """Return whether a name was made by a machine, so that the words of the question name it better."""
    name = name.partition(":")[0].strip()
    return not name or (_MEANINGLESS.fullmatch(name) is not None and (any(c.isdigit() for c in name) or "-" in name))


def spelled(name: str) -> str:
    """Return the name with small letters, figures and `_` only; nothing when no such character is in it."""
    name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:200])
    ascii_ = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "_", ascii_).strip("_")


def from_words(text: str) -> str:
    """Return what the first words of a question spell."""
    return "_".join(spelled(text[:120]).split("_")[:_WORDS_OF_A_KEY])


def key(name: str, taken: set[str], otherwise: str, longest: int = LONGEST_KEY, *, question: bool = True) -> str:
    """Return a key that is not taken yet, and take it. `otherwise` is its stem when the name spells nothing."""
    stem = spelled(name) or otherwise
    if not stem[0].isalpha():
        stem = f"{otherwise}_{stem}"
    stem = _cut(stem, longest)
    found, count = stem, 1
    while found in taken or (question and found in RESERVED):
        count += 1
        found = f"{stem[: longest - len(str(count)) - 1].rstrip('_')}_{count}"
    taken.add(found)
    return found


def _cut(stem: str, longest: int) -> str:
    """Return the stem within its length, without half a word where that leaves enough."""
    if len(stem) <= longest:
        return stem
    whole = stem[: longest + 1].rpartition("_")[0]
    return whole if len(whole) > longest // 2 else stem[:longest].rstrip("_")
