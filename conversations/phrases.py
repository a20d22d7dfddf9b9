"""A sentence of our own, not yet in anybody's language.

The pure floors say what is to be said as a `Phrase`; `bot.phrases` renders it in the recipient's language.
"""

import msgspec


class Phrase(msgspec.Struct, frozen=True):
    """An English sentence, which is also its key in the catalogues, and what fills its {places}."""

    sentence: str
    places: dict[str, "str | int | Phrase"] = {}

    def __hash__(self) -> int:
        return hash((self.sentence, frozenset(self.places.items())))


def phrase(sentence: str, /, **places: "str | int | Phrase") -> Phrase:
    """Return the phrase for an English sentence; translators find its sentences by this call."""
    return Phrase(sentence, places)


def in_english(said: Phrase) -> str:
    """Return the phrase as its sentence has it, for logs and for programs, which read no catalogue."""
    if not said.places:
        return said.sentence
    return said.sentence.format_map(
        {name: in_english(place) if isinstance(place, Phrase) else str(place) for name, place in said.places.items()}
    )
