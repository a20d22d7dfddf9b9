"""`makegood survey versions`, `diff`, `drafts`, `publish`, `rollback`, `retire`: what is asked, and what will be."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import quote

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, Mistake, awaited, chosen
from bot.cli.speech import terminal_language
from bot.cli.tables import as_json, looked_up, table, told
from bot.phrases import listed, say
from conversations.phrases import Phrase, phrase

if TYPE_CHECKING:
    import httpx

    from storage.unit import Unit

T = TypeVar("T")

LANGUAGE: Final = "en, zh-Hans or zh-Hant; of the terminal when it is not said."
HEADS: Final = (phrase("version"), phrase("published"), phrase("until"), phrase("by"), phrase("what changed"))
DRAFT_HEADS: Final = (phrase("survey"), phrase("revision"), phrase("saved"), phrase("by"), phrase("of version"))
MOST_NAMED: Final = 3
"""Changes of a version that are named in its line; the others are counted."""

LONGEST_SHOWN: Final = 60
"""Characters of a text that are shown before and after a change."""


# --- looking ----------------------------------------------------------------------------------------------------------


@click.command(cls=Command, example="makegood survey versions after_delivery")
@click.argument("key", metavar="KEY")
@click.option("--json", "plain", is_flag=True, help="As JSON.")
@click.option("--language", help=LANGUAGE)
def versions(key: str, language: str | None, *, plain: bool) -> int:
    """Show every version of the survey KEY: when it was published, by whom, and what it changed."""
    from bot.rest.surveys import seen

    spoken = terminal_language(language)
    found = _looked_up(lambda unit: seen(unit, 1, key, None, spoken))
    if plain:
        return as_json(found["versions"])
    rows = [
        (str(one["number"]), _when(one["published_at"]), _when(one["retired_at"]), one["by"], _summary(one, spoken))
        for one in found["versions"]
    ]
    click.echo(table([say(head, spoken) for head in HEADS], rows) if rows else say(_NEVER_PUBLISHED, spoken))
    if found["draft"] is not None:
        words = phrase("A draft is being written: revision {revision}, by {who}.", **_of_draft(found))
        click.echo(say(words, spoken))
    return 0


_NEVER_PUBLISHED: Final = phrase("It was never published.")


def _of_draft(found: dict[str, Any]) -> dict[str, Any]:
    return {"revision": found["draft"], "who": found["draft_by"]}


def _summary(version: dict[str, Any], language: str) -> str:
    """Return on one line what a version changed."""
    changed = [f"{one['question']}: {one['what']}" if one["question"] else one["what"] for one in version["changed"]]
    said = listed(changed[:MOST_NAMED], language)
    if len(changed) > MOST_NAMED:
        said = say(phrase("{changes} and {count} more", changes=said, count=len(changed) - MOST_NAMED), language)
    return said


@click.command(cls=Command, example="makegood survey diff after_delivery\nmakegood survey diff after_delivery 2 5")
@click.argument("key", metavar="KEY")
@click.argument("before", metavar="[N]", required=False, type=click.IntRange(min=1))
@click.argument("after", metavar="[M]", required=False, type=click.IntRange(min=1))
@click.option("--json", "plain", is_flag=True, help="As JSON.")
@click.option("--language", help=LANGUAGE)
def diff(key: str, before: int | None, after: int | None, language: str | None, *, plain: bool) -> int:
    """Show what differs between the versions N and M of the survey KEY, and what that breaks in the figures.

    Without M it is the newest version; without both, the draft against what is asked now.
    """
    from bot.rest.surveys import between

    spoken = terminal_language(language)
    found = _looked_up(lambda unit: between(unit, 1, key, before, after, spoken))
    if plain:
        return as_json(found)
    _show_differences(found["differences"], spoken)
    return 0


@click.command(cls=Command, example="makegood survey drafts")
@click.option("--json", "plain", is_flag=True, help="As JSON.")
@click.option("--language", help=LANGUAGE)
def drafts(language: str | None, *, plain: bool) -> int:
    """Show the drafts that are being written: of which survey, by whom, and since when."""
    spoken = terminal_language(language)
    found = _looked_up(_drafts)
    if plain:
        return as_json(found)
    if not found:
        click.echo(say(phrase("No draft is being written."), spoken))
        return 0
    rows = [
        (one["key"], str(one["revision"]), _when(one["at"]), one["by"], str(one["based_on"] or "")) for one in found
    ]
    click.echo(table([say(head, spoken) for head in DRAFT_HEADS], rows))
    return 0


def _drafts(unit: "Unit") -> list[dict[str, Any]]:
    from bot.clock import iso
    from bot.rest.surveys import who

    return [
        {
            "key": row.key,
            "revision": row.revision,
            "at": iso(row.at),
            "by": who(unit, row.actor),
            "based_on": row.based_on,
        }
        for row in unit.drafts.open(1)
    ]


# --- publishing -------------------------------------------------------------------------------------------------------


@click.command(
    cls=Command,
    example="makegood survey publish my_survey.toml\nmakegood survey publish --draft after_delivery --yes",
)
@click.argument("file", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@click.option("--draft", "key", metavar="KEY", help="Publish the draft of this survey instead of a file.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--language", help=LANGUAGE)
def publish(file: Path | None, key: str | None, language: str | None, *, yes: bool) -> int:
    """Publish a survey file, or a draft: show what changes and what that breaks in the figures, ask, and do it.

    Conversations that have begun stay on the version they began with. Nothing is published that has an error.
    """
    spoken = terminal_language(language)
    if (file is None) == (key is None):
        raise Mistake(say(phrase("Name a file, or a draft with {option}.", option="--draft KEY"), spoken))
    source = _read(file) if file is not None else None
    name = key or _key_of(source or "", file)
    looked = _api("makegood survey publish", spoken, lambda client: _check(client, name, source))
    _show_problems(looked, file.name if file is not None else f"{name}.toml")
    if looked["refused"]:
        raise Mistake(say(phrase("The survey has errors; nothing was published."), spoken))
    _show_what_comes(looked, name, spoken)
    _agreed(phrase("Publish {survey}?", survey=name), spoken, yes=yes)
    done = _api("makegood survey publish", spoken, lambda client: _publish(client, name, source, looked))
    click.echo(say(phrase("{survey} is published as version {number}.", **_named(done)), spoken))
    return 0


async def _check(client: "httpx.AsyncClient", key: str, source: str | None) -> dict[str, Any]:
    if source is None:
        return answer_of(await client.post(_path(key, "check")))
    return answer_of(await client.post(_path(key, "check"), content=source.encode(), headers=_TOML))


_TOML: Final = {"content-type": "application/toml"}


async def _publish(client: "httpx.AsyncClient", key: str, source: str | None, looked: dict[str, Any]) -> dict[str, Any]:
    """Publish what was looked at: a file becomes a draft first, and is none any more if it cannot be published."""
    revision = looked["revision"]
    if source is not None:
        headers = {**_TOML, "if-none-match": "*"}
        kept = await client.put(_path(key, "draft"), content=source.encode(), headers=headers)
        if kept.status_code == 412:
            words = phrase(
                "A draft of {survey} is being written; publish it with {command}, or throw it away first.",
                survey=key,
                command=f"makegood survey publish --draft {key}",
            )
            raise Mistake(told(words))
        revision = answer_of(kept)["revision"]
    response = await client.post(_path(key, "publish"), json={"revision": revision})
    if source is not None and not response.is_success:
        await client.delete(_path(key, "draft"))
    return answer_of(response)


@click.command(cls=Command, example="makegood survey rollback after_delivery 3")
@click.argument("key", metavar="KEY")
@click.argument("number", metavar="N", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--language", help=LANGUAGE)
def rollback(key: str, number: int, language: str | None, *, yes: bool) -> int:
    """Go back to version N of the survey KEY: its text is published anew, as the next version. A draft stays."""
    from bot.rest.surveys import seen

    spoken = terminal_language(language)
    found = _looked_up(lambda unit: seen(unit, 1, key, number, spoken))
    looked = _api("makegood survey rollback", spoken, lambda client: _check(client, key, found["source"]))
    _show_what_comes(looked, key, spoken)
    _agreed(phrase("Go back to version {number} of {survey}?", number=number, survey=key), spoken, yes=yes)
    done = _api("makegood survey rollback", spoken, lambda client: _post(client, key, "rollback", {"number": number}))
    click.echo(say(phrase("{survey} is published as version {number}.", **_named(done)), spoken))
    return 0


@click.command(cls=Command, example="makegood survey retire after_repair")
@click.argument("key", metavar="KEY")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--language", help=LANGUAGE)
def retire(key: str, language: str | None, *, yes: bool) -> int:
    """Ask nobody with the survey KEY any more. Conversations that have begun go on; its answers stay."""
    spoken = terminal_language(language)
    _agreed(phrase("Ask nobody with {survey} any more?", survey=key), spoken, yes=yes)
    _api("makegood survey retire", spoken, lambda client: _post(client, key, "retire", {}))
    click.echo(say(phrase("{survey} is retired: nobody is asked with it any more.", survey=key), spoken))
    return 0


async def _post(client: "httpx.AsyncClient", key: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
    return answer_of(await client.post(_path(key, what), json=body))


# --- what they have in common -----------------------------------------------------------------------------------------


def _show_what_comes(looked: dict[str, Any], key: str, language: str) -> None:
    if looked["behind"] is not None:
        words = phrase("Version {number} was published since this draft was begun.", number=looked["behind"])
        click.echo(say(words, language))
    if looked["replaces"]:
        words = phrase("It takes the place of {surveys}.", surveys=listed(looked["replaces"], language))
        click.echo(say(words, language))
    _show_differences(looked["differences"], language)


def _show_differences(found: Sequence[dict[str, Any]], language: str) -> None:
    if not found:
        click.echo(say(phrase("Nothing differs."), language))
    for one in found:
        click.echo(f"  {one['question']}: {one['what']}" if one["question"] else f"  {one['what']}")
        for sign, text in (("-", one["before"]), ("+", one["after"])):
            if text:
                click.echo(f"    {sign} {_short(text)}")
        if one["breaks"]:
            click.echo(f"    ! {one['breaks']}")


def _show_problems(looked: dict[str, Any], name: str) -> None:
    for one in looked["problems"]:
        advice = "" if one["severity"] == "error" else f" {told(phrase('(advice)'))}"
        click.echo(f"{name}:{one['line']}: {one['detail']}{advice}")


def _agreed(question: Phrase, language: str, *, yes: bool) -> None:
    """Ask, unless that was answered before. Raises Mistake where nobody can be asked, click.Abort for a no."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Mistake(say(phrase("Nobody is here to be asked; say {option}.", option="--yes"), language))
    if not click.confirm(say(question, language)):
        raise click.Abort


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST_SHOWN else plain[: LONGEST_SHOWN - 1] + "…"


def _when(at: str | None) -> str:
    return at[:16].replace("T", " ") if at else ""


def _named(done: dict[str, Any]) -> dict[str, Any]:
    return {"survey": done["key"], "number": done["number"]}


def _path(key: str, what: str) -> str:
    return f"/v1/surveys/{quote(key, safe='')}/{what}"


def _key_of(source: str, file: Path | None) -> str:
    from conversations.problems import SurveyInvalid
    from conversations.reading import draft

    found = draft(source, str(file))
    if found.survey is None or not found.survey.key:
        raise SurveyInvalid(found.problems)
    return found.survey.key


def _read(file: Path) -> str:
    from bot.cli.survey import read_file  # that module has us in its group

    return read_file(file)


def _looked_up(work: "Callable[[Unit], T]") -> T:
    from bot.web.problems import Problem

    try:
        return awaited(looked_up(chosen().load(), work))
    except Problem as refused:
        raise Mistake(str(refused.detail))


def _api(command: str, language: str, work: "Callable[[httpx.AsyncClient], Awaitable[T]]") -> T:
    async def spoken(client: "httpx.AsyncClient") -> T:
        client.headers["accept-language"] = language
        return await work(client)

    return with_api(chosen().load(), command, spoken)
