"""What is typed with a slash, in any channel and by anybody."""

from typing import Final

LANGUAGE_PROMPT: Final = "lang"


def command_of(text: str) -> tuple[str, str] | None:
    """Return a command and what follows it: `/start@our_bot abc` is ("start", "abc")."""
    if not text.startswith("/"):
        return None
    head, _, rest = text[1:].partition(" ")
    name = head.partition("@")[0].lower()
    return (name, rest.strip()) if name.isascii() and name.isalpha() else None


def start_token(text: str) -> str | None:
    """Return the token of a link that was opened, None for anything else."""
    command = command_of(text)
    return command[1] if command and command[0] == "start" and command[1] else None
