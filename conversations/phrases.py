"""A sentence of our own, not yet in anybody's language.

The pure floors say what is to be said as a `Phrase`; `bot.phrases` renders it in the recipient's language.
"""

import msgspec


class Phrase(msgspec.Struct, frozen=True):
    """An English sentence, which is also its key in the catalogues, and what fills its {places}."""

    sentence: str
    places: dict[str, "str | int | Phrase"] = {}


def phrase(sentence: str, /, **places: "str | int | Phrase") -> Phrase:
    """Return the phrase for an English sentence; translators find its sentences by this call."""
    return Phrase(sentence, places)
