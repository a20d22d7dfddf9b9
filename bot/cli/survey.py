"""`makegood survey check`, `survey list`, `survey rehearse`; `survey import` and `export` are in `exchange`."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.cli.common import Command, Mistake, chosen
from bot.cli.exchange import export, import_
from bot.cli.survey_versions import diff, drafts, publish, retire, rollback, versions
from bot.cli.surveys_tried import keep

if TYPE_CHECKING:
    from bot.rehearsal import Rehearsal
    from conversations.facts import Facts
    from conversations.surveys import Survey

SAMPLE: Final = {
    "customer.name": "Ana",
    "service.item": "the lamp",
    "business.name": "the shop",
}


@click.group()
def survey() -> None:
    """Check surveys, list them, try them out, and exchange them with other programs."""


survey.add_command(import_)
survey.add_command(export)
survey.add_command(keep)
for _command in (versions, diff, drafts, publish, rollback, retire):
    survey.add_command(_command)


@survey.command(cls=Command, example="makegood survey check my_survey.toml\nmakegood survey check surveys/*.toml")
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option("--language", help="en, zh-Hans or zh-Hant; of the terminal when it is not said.")
def check(files: tuple[Path, ...], language: str | None) -> int:
    """Say what is wrong with survey files, by line, and how to mend it; `ok` for a good one.

    Ends with 1 when a survey cannot be used. Advice alone does not refuse it.
    """
    from bot.cli.speech import terminal_language
    from bot.editing.telling import told
    from conversations.checking import check as check_survey

    bad, spoken = 0, terminal_language(language)
    for file in files:
        problems = check_survey(read_file(file), str(file))
        errors = [problem for problem in problems if problem.severity == "error"]
        for problem in problems:
            click.echo(told(problem, spoken))
        if not errors:
            click.echo("ok" if len(files) == 1 else f"{file}: ok")
        bad += bool(errors)
    return 1 if bad else 0


@survey.command("list", cls=Command, example="makegood survey list")
def list_() -> int:
    """Show which surveys are published, or would be at the first start."""
    config = chosen().load()
    from bot.publishing import wanted

    for each in sorted(wanted(config), key=lambda file: file.survey.key):
        survey = each.survey
        count = len(survey.questions)
        click.echo(
            f"{survey.key:<16} {survey.touchpoint:<14} {count:>2} question{'' if count == 1 else 's'}"
            f"  {', '.join(survey.languages):<22} {'shipped' if each.origin == 'library' else each.name}"
        )
    return 0


@survey.command(
    cls=Command,
    example="makegood survey rehearse my_survey.toml\n"
    "makegood survey rehearse after_delivery --language zh-Hans --replies replies.txt --save rehearsal.txt",
)
@click.argument("file", metavar="FILE")
@click.option(
    "--replies", type=click.Path(path_type=Path), metavar="FILE", help="Replies, one a line, instead of typing."
)
@click.option("--language", metavar="TAG", help="The customer's language; the survey's first when not given.")
@click.option("--fact", "facts", multiple=True, metavar="KEY=VALUE", help="Such as customer.name=Ana; may be repeated.")
@click.option("--variant", metavar="KEY", help="Be asked as this side of its experiment; as it is written without it.")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Keep the transcript in this file.")
def rehearse(
    file: str,
    replies: Path | None,
    language: str | None,
    facts: tuple[str, ...],
    variant: str | None,
    save: Path | None,
) -> int:
    """Talk with a survey: FILE, or the key of one we ship. Nobody is asked and nothing is stored.

    What equals a button's label is a tap, all else is typed. /back, /stop and /language TAG do what they do for
    customers; `wake` lets time pass until the reminder, then the end.
    """
    from bot.rehearsal import Rehearsal

    survey, lines = _as_asked(_survey(file), variant), list[str]()
    if language is not None and language not in survey.languages:
        raise Mistake(f"the survey is not in {language!r}; it has {', '.join(survey.languages)}.")

    def write(line: str) -> None:
        lines.append(line)
        click.echo(line)

    rehearsal = Rehearsal(survey, language or survey.languages[0], _facts(facts), write, "you")
    _talk(rehearsal, _typed() if replies is None else read_file(replies).splitlines())
    if save is not None:
        save.write_text("\n".join([f"# Rehearsal of {survey.key}.", "", *lines, ""]), encoding="utf-8")
    return 0


def _as_asked(survey: "Survey", variant: str | None) -> "Survey":
    from conversations.experiments import as_asked, shares

    sides = shares(survey)
    if variant is not None and variant not in sides:
        known = f"it has {', '.join(sides)}" if sides else "it is tried in one way only"
        raise Mistake(f"--variant {variant}: the survey is not asked in that way; {known}.")
    return as_asked(survey, variant)


def _talk(rehearsal: "Rehearsal", replies: Iterable[str]) -> None:
    rehearsal.begin()
    for reply in replies:
        if not reply.strip() or reply.startswith("#"):
            continue
        rehearsal.take(reply)
        if rehearsal.over:
            return


def _typed() -> Iterator[str]:
    """Yield what is typed until the end of input, asking for it where somebody sits there."""
    asks = sys.stdin.isatty()
    while True:
        if asks:
            click.echo("> ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line:
            return
        yield line


def _survey(file: str) -> "Survey":
    from bot.publishing import library
    from conversations.checking import accept

    path = Path(file)
    shipped = {each.survey.key: each.survey for each in library()}
    if not path.exists() and file in shipped:
        return shipped[file]
    return accept(read_file(path), file)


def _facts(given: tuple[str, ...]) -> "Facts":
    from conversations.facts import Facts

    found: dict[str, dict[str, str]] = {"customer": {}, "service": {}, "business": {}}
    for fact in (*(f"{key}={value}" for key, value in SAMPLE.items()), *given):
        key, equals, value = fact.partition("=")
        about, dot, name = key.partition(".")
        if not equals or not dot or about not in found:
            raise Mistake(f"--fact {fact}: write customer.KEY=VALUE, service.KEY=VALUE or business.KEY=VALUE.")
        found[about][name] = value
    return Facts(found["customer"], found["service"], found["business"])


def read_file(path: Path) -> str:
    """Return the text of a survey file. Raises Mistake."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise Mistake(f"there is no file {path}.")
    except IsADirectoryError:
        raise Mistake(f"{path} is a folder; name the files in it.")
    except UnicodeDecodeError:
        raise Mistake(f"{path} is not in UTF-8; save it as UTF-8.")
