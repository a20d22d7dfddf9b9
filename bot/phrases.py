"""Our own sentences in the language of whoever reads them.

A phrase's English sentence is its key in the catalogues `bot/locale/LANGUAGE/LC_MESSAGES/makegood.mo`; a language
without a catalogue gets the nearest one, else English.
"""

import gettext
from functools import cache
from pathlib import Path
from typing import Final

from conversations.phrases import Phrase

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant")
"""What all our sentences can be said in, in the order in which they are offered."""

NAMES: Final = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}

_TRADITIONAL: Final = frozenset({"tw", "hk", "mo", "hant"})


def language_for(hint: str, default: str = "en") -> str:
    """Return the one of our languages nearest to a BCP 47 tag, as `zh-TW`, `zh_hant` or `en-GB`."""
    parts = hint.replace("_", "-").lower().split("-")
    if parts[0] == "zh":
        if _TRADITIONAL & set(parts[1:]):
            return "zh-Hant"
        if "hans" in parts or "cn" in parts or "sg" in parts or not default.startswith("zh"):
            return "zh-Hans"
        return default
    return "en" if parts[0] == "en" else default


def script_of(tag: str) -> str:
    """Return Babel's name for one of our language tags: `zh-Hans` is `zh_Hans`."""
    return tag.replace("-", "_")


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = LOCALE / script_of(language_for(language)) / "LC_MESSAGES" / "makegood.mo"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def say(phrase: Phrase, language: str) -> str:
    """Return a phrase in a language, with its places filled."""
    sentence = _catalogue(language).gettext(phrase.sentence)
    if not phrase.places:
        return sentence
    filled = {
        name: say(place, language) if isinstance(place, Phrase) else str(place) for name, place in phrase.places.items()
    }
    return sentence.format_map(filled)
