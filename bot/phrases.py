"""Our own sentences in the language of whoever reads them.

A phrase's English sentence is its key in the catalogues `bot/locale/LANGUAGE/LC_MESSAGES/makegood.mo`; a language
without a catalogue gets the nearest one, else English. `make phrases` brings the catalogues up to date.
"""

import gettext
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from conversations.phrases import Phrase

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("en", "zh-Hans", "zh-Hant")
"""What all our sentences can be said in, in the order in which they are offered."""

NAMES: Final = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}

_SCRIPTS: Final = {"hans": "zh-Hans", "hant": "zh-Hant"}
_REGIONS: Final = {
    **dict.fromkeys(("cn", "sg", "my"), "zh-Hans"),
    **dict.fromkeys(("tw", "hk", "mo"), "zh-Hant"),
}
_BABEL: Final = {"en": "en_GB", "zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant"}


def language_for(hint: str, default: str = "en") -> str:
    """Return the one of our languages nearest to a BCP 47 tag, as `zh-TW`, `zh_hant` or `en-GB`.

    A script outweighs a region: `zh-Hans-HK` is simplified. `zh` alone is the default's script when that is
    Chinese, else simplified. A language that we do not speak is the default.
    """
    language, *more = hint.replace("_", "-").lower().split("-")
    if language == "en":
        return "en"
    if language != "zh":
        return default
    for known in (_SCRIPTS, _REGIONS):
        if found := next((known[part] for part in more if part in known), None):
            return found
    return default if default.startswith("zh") else "zh-Hans"


def script_of(tag: str) -> str:
    """Return the name of a language's catalogue: `zh-Hans` is `zh_Hans`."""
    return tag.replace("-", "_")


def babel_locale(tag: str) -> str:
    """Return Babel's name for one of our languages; our English writes its dates the British way."""
    return _BABEL[language_for(tag)]


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


def listed(parts: Iterable[str], language: str) -> str:
    """Return several things named one after the other, with what stands between them in that language."""
    return ("、" if language_for(language).startswith("zh") else ", ").join(parts)
