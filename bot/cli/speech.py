"""In which language the terminal is spoken to: --language, else what the environment says, else the business's."""

import os
from collections.abc import Mapping
from typing import Final

from bot.cli.common import Mistake
from bot.phrases import LANGUAGES, language_for

_VARIABLES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
_SAYS_NOTHING: Final = ("", "c", "posix")


def terminal_language(asked: str | None = None, default: str = "en", environ: Mapping[str, str] = os.environ) -> str:
    """Return one of our languages. `asked` is what --language said. Raises Mistake when we do not speak it.

    LANG=C says nothing; LANG=de_DE.UTF-8 says a language that we do not speak, which is English to us.
    """
    if asked is not None:
        if asked not in LANGUAGES:
            raise Mistake(f"{asked!r} is none of our languages; write {', '.join(LANGUAGES)}.")
        return asked
    for name in _VARIABLES:
        hint = environ.get(name, "").partition(".")[0].partition("@")[0]
        if hint.lower() not in _SAYS_NOTHING:
            return language_for(hint)
    return default
