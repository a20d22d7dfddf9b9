"""Reading TOML that anybody may have written: as tomllib does, but never for minutes and never out of the stack."""

import re
import tomllib
from typing import Any, Final

_DEEP: Final = re.compile(r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]{0,99}"|'[^'\n]{0,99}')[ \t]{0,9}\.[ \t]{0,9}){50}""")
"""A key of fifty parts: tomllib takes minutes for one of thousands, and ours have five at most."""


class BeyondReason(tomllib.TOMLDecodeError):
    """It is nested, or holds a figure, that no survey has: remove it."""


def loads(source: str) -> dict[str, Any]:
    """Return the tables of a TOML text. Raises tomllib.TOMLDecodeError, of which `BeyondReason` is one."""
    if _DEEP.search(source):
        raise BeyondReason("Nested beyond reason")
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        raise
    except (RecursionError, ValueError) as error:  # thousands of brackets; a figure of thousands of digits
        raise BeyondReason("Nested beyond reason") from error
