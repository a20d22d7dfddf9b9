"""`makegood survey import`, `survey export`: surveys of other programs become ours, and ours become files."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bot.cli.common import Command, Mistake, awaited, chosen
from conversations.phrases import phrase

if TYPE_CHECKING:
    from conversations.importing import Import
    from conversations.importing.rates import Rate, Reason
    from storage.unit import Unit

FORMATS: Final = ("formbricks", "typebot", "surveyjs", "rapidpro", "xlsform")
"""As `conversations.importing` has them; here so that --help needs no importer."""

ENDINGS: Final = frozenset({".json", ".xlsx", ".csv", ".md"})
LARGEST_READ: Final = 64 * 1024 * 1024
MOST_PLACES: Final = 4
"""Places of one kind of change that are named; the others are counted."""

READING: Final = {"reading": phrase("Reading definitions …")}


@click.command(
    "import",
    cls=Command,
    example="makegood survey import survey.json --from formbricks\n"
    "makegood survey import flows.json --part Feedback --output feedback.toml\n"
    "makegood survey import exports/",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE…", type=click.Path(path_type=Path))
@click.option(
    "--from", "source", type=click.Choice(FORMATS), help="The program it comes from; recognised when certain."
)
@click.option("--part", metavar="NAME", help="Which one, where a file holds several definitions.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write the survey, - for the terminal; KEY.toml when it is not said. For several files, a folder.",
)
@click.option("--json", "as_json", is_flag=True, help="The report for other programs.")
@click.option("--language", help="en, zh-Hans or zh-Hant; of the terminal when it is not said.")
def import_(
    files: tuple[Path, ...],
    source: str | None,
    part: str | None,
    output: Path | None,
    *,
    as_json: bool,
    language: str | None,
) -> int:
    """Make surveys of definitions from Formbricks, Typebot, SurveyJS, RapidPro (and goflow) or XLSForm.

    Says what each became and names everything that is not as it was. Nothing is published: look at the file, then
    check and rehearse it. A folder is only counted: how many of its definitions become surveys, and what changes.
    """
    from bot.cli.speech import terminal_language

    spoken = terminal_language(language)
    if any(file.is_dir() for file in files):
        _count(files, spoken, as_json=as_json)
        return 0
    several = len(files) > 1
    made = [(file, _read(file, source, part, spoken)) for file in files]
    if several and output is not None:
        output.mkdir(parents=True, exist_ok=True)
    told = []
    for file, one in made:
        path = _written(one, _path(one, output, several=several), spoken)
        if as_json:
            told.append(_as_json(file, one, path, spoken))
        elif str(path) != "-":
            click.echo("\n".join(_report(file, one, path, spoken)))
    if as_json:
        click.echo(json.dumps(told if several else told[0], indent=2, ensure_ascii=False))
    return 1 if any(one.survey is None for _, one in made) else 0


def _read(file: Path, source: str | None, part: str | None, language: str) -> "Import":
    from bot.phrases import say
    from conversations.importing import NotReadable, read

    try:
        return read(file.name, _content(file), source, part=part)
    except NotReadable as refused:
        where = refused.where.removeprefix(file.name)
        raise Mistake(f"{file}{where}: {say(refused.phrase, language)}")


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_READ)
    except FileNotFoundError:
        raise Mistake(f"there is no file {file}.")


# --- what is written --------------------------------------------------------------------------------------------------


def _path(made: "Import", output: Path | None, *, several: bool) -> Path:
    name = f"{made.survey.key if made.survey else 'imported'}.toml"
    if output is None:
        return Path(name)
    return output / name if several or output.is_dir() else output


def _written(made: "Import", path: Path, language: str) -> Path:
    """Write the survey, over no other file unless it was named; return where."""
    from bot.phrases import say

    if made.survey is None:
        return Path()
    if str(path) == "-":
        click.echo(made.toml, nl=False)
        return path
    named = click.get_current_context().params.get("output") is not None
    if path.exists() and not named:
        sentence = phrase("{path} is there already; name another file with --output.", path=str(path))
        raise Mistake(say(sentence, language))
    path.write_text(made.toml, encoding="utf-8")
    return path


# --- what is told -----------------------------------------------------------------------------------------------------


def _report(file: Path, made: "Import", path: Path, language: str) -> Iterator[str]:
    from bot.phrases import listed, say
    from conversations.importing import grouped

    survey = made.survey
    if survey is None:
        yield say(phrase("{file} cannot become a survey:", file=str(file)), language)
    else:
        asked = sum(question.kind != "statement" for question in survey.questions)
        became = (
            phrase(
                "{file} became the survey {key}, exactly: {count} questions, in {languages}.",
                file=str(file), key=survey.key, count=asked, languages=listed(survey.languages, language),
            )
            if made.verdict == "exact"
            else phrase(
                "{file} became the survey {key}, with changes: {count} questions, in {languages}.",
                file=str(file), key=survey.key, count=asked, languages=listed(survey.languages, language),
            )
        )  # fmt: skip
        yield say(became, language)
    for group in grouped(made.changes):
        places = listed(group.places[:MOST_PLACES], language)
        if len(group.places) > MOST_PLACES:
            more = len(group.places) - MOST_PLACES
            places = say(phrase("{places} and {count} more", places=places, count=more), language)
        between = "" if language.startswith("zh") else " "
        yield f"  - {say(group.what, language)}{between}{say(group.why, language)}"
        yield f"      {places}"
    if survey is None:
        return
    for assumed in made.assumed:
        yield f"  ! {say(assumed, language)}"
    yield say(phrase("Written to {path}. Next:", path=str(path)), language)
    yield f"  makegood survey check {path}"
    yield f"  makegood survey rehearse {path}"


def _as_json(file: Path, made: "Import", path: Path, language: str) -> dict[str, Any]:
    from bot.phrases import say

    survey = made.survey
    return {
        "file": str(file),
        "format": made.format,
        "part": made.part,
        "parts": list(made.parts),
        "verdict": made.verdict,
        "key": survey.key if survey else None,
        "questions": len(survey.questions) if survey else 0,
        "languages": list(survey.languages) if survey else [],
        "changes": [
            {"where": change.where, "what": say(change.what, language), "why": say(change.why, language)}
            for change in made.changes
        ],
        "assumed": [say(one, language) for one in made.assumed],
        "written": str(path) if survey else None,
    }


# --- a folder ---------------------------------------------------------------------------------------------------------


def _count(paths: tuple[Path, ...], language: str, *, as_json: bool) -> None:
    import msgspec

    from bot.cli.progress import Progress
    from conversations.importing.rates import Counting

    found = [(peer, file) for path in paths for peer, file in _definitions(path)]
    peers: dict[str, Counting] = {}
    with Progress(language, READING) as progress:
        for n, (peer, file) in enumerate(found):
            progress.show("reading", n / len(found))
            peers.setdefault(peer, Counting(peer)).add(file.name, _content(file))
    rates = [counting.rate for counting in peers.values()]
    if as_json:
        told = [{**msgspec.to_builtins(rate), "share": rate.share} for rate in rates]
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(table(rates, language)))


def _definitions(path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files of a folder that may hold definitions, each with the folder below that it lies in."""
    if not path.is_dir():
        yield path.parent.name, path
        return
    for file in sorted(path.rglob("*")):
        below = file.relative_to(path).parts
        if file.suffix.lower() in ENDINGS and file.is_file() and not file.name.lower().startswith("readme"):
            yield below[0] if len(below) > 1 else path.name, file


def table(rates: "list[Rate]", language: str) -> Iterator[str]:
    """Yield the rates as a table, in Markdown, and below it what changes most often."""
    from bot.phrases import say
    from conversations.importing.rates import total

    heads = (
        phrase("From"), phrase("Files"), phrase("Definitions"), phrase("Exact"), phrase("With changes"),
        phrase("Cannot"), phrase("Become surveys"), phrase("Rehearsed"), phrase("Nothing to ask"),
        phrase("No definition"),
    )  # fmt: skip
    yield f"| {' | '.join(say(head, language) for head in heads)} |"
    yield f"|---{'|--:' * (len(heads) - 1)}|"
    every = [*rates, total(rates, say(phrase("Together"), language))] if len(rates) > 1 else rates
    yield from (_row(rate) for rate in every)
    for rate in rates:
        if rate.reasons:
            yield ""
            yield say(phrase("{peer}, most often:", peer=rate.peer), language)
            yield ""
            yield from (f"- {reason.count}: {_sentence(reason, language)}" for reason in rate.reasons)


def _row(rate: "Rate") -> str:
    share = "" if rate.share is None else f"{rate.share:.1%}"
    cells = (
        rate.peer, rate.files, rate.definitions, rate.exact, rate.changed, rate.cannot, share, rate.rehearsed,
        rate.empty, rate.unread,
    )  # fmt: skip
    return f"| {' | '.join(str(cell) for cell in cells)} |"


class _Open(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "…"


def _sentence(reason: "Reason", language: str) -> str:
    """Return the sentence of a change with its places left open."""
    from bot.phrases import say
    from conversations.phrases import Phrase

    return say(Phrase(reason.sentence), language).format_map(_Open())


# --- export -----------------------------------------------------------------------------------------------------------


@click.command(
    cls=Command, example="makegood survey export after_delivery\nmakegood survey export stay --output stay.toml"
)
@click.argument("key")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Instead of the terminal.")
def export(key: str, output: Path | None) -> int:
    """Write the file of the published survey KEY, as it was published; else of the one that would be published."""
    source = _source(key)
    if output is None:
        sys.stdout.buffer.write(source.encode())
    else:
        output.write_text(source, encoding="utf-8")
        click.echo(f"{output}", err=True)
    return 0


def _source(key: str) -> str:
    config = chosen().load()
    if config.database.exists():
        from bot.settings.houses import house_of

        brand = house_of(config).brand
        stored = awaited(_published(config.database, brand, key))
        if stored is not None:
            return stored
    from bot.publishing import wanted

    known = {each.survey.key: each.source for each in wanted(config)}
    if key not in known:
        raise Mistake(f"there is no survey {key!r}; makegood survey list names them.")
    return known[key]


async def _published(database: Path, brand: int, key: str) -> str | None:
    from storage.sqlite import SqliteReader

    def source(unit: "Unit") -> str | None:
        stored = unit.surveys.by_key(brand, key)
        return None if stored is None else stored.source

    reader = SqliteReader(database, 5000)
    try:
        await reader.open()
        return await reader.read(source)
    finally:
        await reader.close()
