"""What is said when a command fails, and with which exit code: 2 for what its user can change, 1 for a fault."""

import os
import sys
from typing import Final

import click

MISTAKE: Final = 2
FAULT: Final = 1


def told(error: Exception) -> int:
    """Say what went wrong, in one sentence where it can be; return the exit code."""
    if isinstance(error, click.ClickException):
        error.show()
        return error.exit_code
    if isinstance(error, BrokenPipeError):  # `makegood ... | head`: nobody listens any more, and that is no fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    sentence, code = _sentence(error)
    click.echo(f"makegood: {sentence}", err=True)
    return code


def _sentence(error: Exception) -> tuple[str, int]:
    from bot.lock import DataFolderInUse
    from bot.settings.problems import SettingsInvalid
    from conversations.problems import SurveyInvalid
    from recovery.playbooks import PlaybookInvalid
    from storage import errors

    match error:
        case SettingsInvalid() | SurveyInvalid() | PlaybookInvalid():
            several = "\n  ".join(str(problem) for problem in error.problems)
            return (several if len(error.problems) == 1 else f"these do not fit:\n  {several}"), MISTAKE
        case DataFolderInUse():
            return f"{error}; stop it first, or choose another folder with --data.", MISTAKE
        case errors.NeedsMigration():
            return f"{error}; run: makegood migrate", MISTAKE
        case errors.Unavailable():
            return f"{error}; see to the disk and its rights, then try again.", FAULT
        case errors.StorageError():
            return str(error), FAULT
        case OSError():
            return _of_system(error), MISTAKE
    if type(error).__name__ == "NotAnswering":  # its module needs the web, which is slow to import
        return f"{error}.", FAULT
    return f"something unexpected happened ({type(error).__name__}); the same command with --debug shows more.", FAULT


def _of_system(error: OSError) -> str:
    what = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {what}." if error.filename else f"{what}."
