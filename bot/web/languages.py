"""Which of our languages a page speaks to this reader."""

from typing import Final

from bot.phrases import LANGUAGES, language_for

DEFAULT: Final = "en"

_SPOKEN: Final = frozenset(tag.split("-")[0] for tag in LANGUAGES)


def known(tag: str | None) -> str | None:
    """Return the language of ours that a BCP 47 tag asks for, or None. `zh-TW` is zh-Hant, `zh` is zh-Hans."""
    asked = (tag or "").strip().lower().replace("_", "-")
    return language_for(asked) if asked.split("-")[0] in _SPOKEN else None


def accepted(header: str) -> str | None:
    """Return the first of our languages in an Accept-Language header, by its weights, or None."""
    wanted = sorted((_weighed(part) for part in header.split(",")[:32]), key=lambda each: -each[0])
    return next((language for weight, tag in wanted if weight > 0 and (language := known(tag))), None)


def choose(*wishes: str | None, header: str = "", default: str = DEFAULT) -> str:
    """Return the first wish that is a language of ours, else what the browser asks for, else the default."""
    return next((language for wish in wishes if (language := known(wish))), None) or accepted(header) or default


def _weighed(part: str) -> tuple[float, str]:
    tag, _, weight = part.partition(";q=")
    try:
        return (float(weight) if weight else 1.0), tag
    except ValueError:
        return 0.0, tag
