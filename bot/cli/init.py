"""`makegood init`: from nothing to a bot that asks, in a few questions; asked again it changes and never destroys."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Chosen, Command, awaited, chosen
from bot.cli.questions import Questions
from bot.cli.speech import terminal_language
from conversations.phrases import Phrase, phrase

if TYPE_CHECKING:
    import httpx

    from bot.config import Config
    from bot.installing.writing import Change

FIRST_ROLES: Final = ("admin", "manager", "supervisor", "staff", "editor")
"""The first admin of a small business works cases, too; roles are sets of rights, so each is named."""

TRYING: Final = "test"
"""The reference of the customer whose link is shown to try the web chat."""


@click.command(
    cls=Command,
    example="makegood init\n"
    "makegood init --business 'The Corner Shop' --zone Europe/Berlin --language en --survey csat_reason"
    " --token 123456:ABC --public-url https://ask.example.com --admin Ana --yes",
)
@click.option("--token", metavar="TOKEN", help="From BotFather; empty for the web chat alone.")
@click.option("--business", metavar="NAME", help="How your customers know you.")
@click.option("--zone", metavar="ZONE", help="Such as Europe/Berlin; guessed from this machine.")
@click.option("--language", metavar="TAG", help="en, zh-Hans or zh-Hant: of your customers, and of these questions.")
@click.option("--survey", metavar="KEY", help="The survey that a plain /start begins; see makegood survey list.")
@click.option("--public-url", metavar="ADDRESS", help="How customers reach the web chat; empty while there is none.")
@click.option("--admin", metavar="NAME", help="Who is invited as the first admin.")
@click.option("--new-admin-link", is_flag=True, help="Invite --admin although somebody is admin already.")
@click.option("--yes", is_flag=True, help="Ask nothing: take what is given, what is set and the defaults, and write.")
def init(*, admin: str | None, new_admin_link: bool, yes: bool, **given: str | None) -> int:
    """Set makegood up: settings, secrets, a systemd unit, the first admin's link, and a code to try it.

    Asked again it changes what you say and keeps the rest, comments and all; what a file was before is kept beside it.
    Nothing is written before you agree.
    """
    asked = chosen()
    config = asked.load()
    language = terminal_language(given["language"], config.business.language)
    asks = Questions(language, asks=not yes)
    wanted, username = awaited(_wanted(asks, config, given, new=asked.file() is None))
    wanted |= _more(asked, config, wanted)
    first = new_admin_link or not _has_admin(config)
    name = (admin or asks.text(phrase("Your name, for staff and admins"), "Admin")) if first else None
    if not _agreed(asks, config, wanted, asked):
        asks.say(phrase("Nothing was changed."))
        return 1
    os.umask(0o077)
    settings = _write(asks, asked, config, wanted)
    _show_links(asks, asked.load(), name, username)
    _say_next(asks, settings)
    return 0


async def _wanted(
    asks: Questions, config: "Config", given: dict[str, str | None], *, new: bool
) -> tuple[dict[str, str], str | None]:
    """Ask for every setting that was not given; return them by name, and the bot's user name when it was told."""
    from bot.cli.telegram_token import token_of
    from bot.installing import zones
    from bot.installing.choices import first_survey, language_of, name_of, survey_of, zone_of
    from bot.settings.kinds import address

    def public(text: str) -> str:
        return address("https", "http")(text) if text else ""

    business = config.business
    zone = zones.guess() if new and business.zone == "UTC" else business.zone
    wanted = {
        "business.name": asks.answer(
            given["business"], phrase("Your business, as your customers know it"), business.name, name_of
        ),
        "business.zone": asks.answer(given["zone"], phrase("Your time zone"), zone, zone_of),
        "business.language": asks.answer(
            given["language"],
            phrase("Your customers' language (en, zh-Hans, zh-Hant)"),
            asks.language if new else business.language,
            language_of,
        ),
    }
    token, username = await token_of(asks, given["token"], config)
    asks.surveys(config)
    wanted |= {
        "telegram.token": token,
        "telegram.start_survey": asks.answer(
            given["survey"],
            phrase("The survey to begin with"),
            first_survey(config),
            survey_of(config),
        ),
        "web.public_url": asks.answer(
            given["public_url"],
            phrase("Where customers reach the web chat, such as https://ask.example.com (empty: nowhere yet)"),
            config.web.public_url,
            public,
        ),
    }
    return wanted, username


def _more(asked: Chosen, config: "Config", wanted: dict[str, str]) -> dict[str, str]:
    """Return what a first file says without being asked: the language of staff, and a data folder of one's own."""
    if asked.file() is not None:
        return {}
    more = {"staff.language": wanted["business.language"]}
    if asked.folder is not None:
        more["storage.folder"] = str(config.folder.resolve())
    return more


def _has_admin(config: "Config") -> bool:
    if not config.database.exists():
        return False
    from storage.sqlite import SqliteReader

    async def found() -> bool:
        reader = SqliteReader(config.database, 5000)
        try:
            await reader.open()
            members = await reader.read(lambda unit: unit.staff.listing(1))
        finally:
            await reader.close()
        return any("admin" in member.roles.split(",") for member in members)

    return awaited(found())


def _agreed(asks: Questions, config: "Config", wanted: dict[str, str], asked: Chosen) -> bool:
    """Show what is to change, and where; return whether it may be."""
    from bot.installing.writing import TOKEN, changes

    found = changes(config, wanted)
    if not found and asked.file() is not None:
        return True
    asks.say(phrase("This will be set:"))
    for change in found:
        asks.show(f"  {change.name} = {_shown(change, TOKEN)}")
    return asks.agreed(phrase("Write it?"))


def _shown(change: "Change", token: str) -> str:
    before, after = change.before, change.after
    if change.name == token:
        before, after = (f"{text.partition(':')[0]}:…" if text else "" for text in (before, after))
    return f'"{after}"' + (f'  (was "{before}")' if before else "")


def _write(asks: Questions, asked: Chosen, config: "Config", wanted: dict[str, str]) -> Path:
    """Write what changes; return the settings file."""
    from bot.clock import Clock
    from bot.config import FILE
    from bot.installing import service, writing
    from bot.settings import secrets

    path, folder = asked.config or Path(FILE), config.folder
    changed = {change.name: change.after for change in writing.changes(config, wanted)}
    values = {name: value for name, value in wanted.items() if name != writing.TOKEN}
    if asked.file() is not None:
        values = {name: value for name, value in values.items() if name in changed}
    secrets.make(folder)
    if writing.TOKEN in changed:
        writing.write_token(folder, wanted[writing.TOKEN])
    kept = writing.write_settings(path, values, asks.language, Clock().real())
    asks.say(phrase("Settings: {path}", path=str(path)))
    asks.say(phrase("Secrets: {path}", path=str(folder / secrets.FILE)))
    if kept is not None:
        asks.say(phrase("The settings of before are in {path}.", path=str(kept)))
    unit = path.with_name(service.NAME)
    if not writing.write_unit(unit, service.unit(path, [folder, config.database.parent, config.backups])):
        asks.say(phrase("{path} was there already and stays as it is.", path=str(unit)))
    return path


def _show_links(asks: Questions, config: "Config", admin: str | None, username: str | None) -> None:
    """Make the database, invite the first admin, and show a code with which to try it."""

    async def work(client: "httpx.AsyncClient") -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        invited = trying = None
        if admin is not None:
            body = {"name": admin, "roles": list(FIRST_ROLES), "language": asks.language}
            invited = answer_of(await client.post("/v1/staff/invitations", json=body))
        if username is None:
            trying = answer_of(await client.post(f"/v1/customers/{quote(TRYING)}/links", json={}))
        return invited, trying

    invited, trying = with_api(config, "makegood init", work)
    if username is not None or trying is not None:
        address = f"https://t.me/{username}" if trying is None else trying["webchat"]
        asks.show("")
        asks.say(phrase("To try it as a customer, once makegood runs: scan this, or open {address}", address=address))
        _show_code(address)
    if invited is not None:
        asks.say(phrase("{name} becomes admin with this link, which works once:", name=invited["name"]))
        token = invited["webchat"].rpartition("/")[2]
        if username is not None:
            asks.show(f"  Telegram  https://t.me/{username}?start={token}")
        asks.show(f"  Web chat  {invited['webchat']}")


def _show_code(address: str) -> None:
    """Show a QR code in two colours that every terminal has."""
    import io

    import segno

    drawn = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(drawn, compact=True, border=2)
    for line in drawn.getvalue().splitlines():
        click.echo(click.style(line, fg="bright_white", bg="black"))  # a light terminal would show its negative


def _say_next(asks: Questions, settings: Path) -> None:
    from bot.installing.service import NAME

    unit = settings.with_name(NAME).resolve()
    run = "makegood run" if str(settings) == "config.toml" else f"makegood run --config {settings}"
    words: tuple[tuple[Phrase, tuple[str, ...]], ...] = (
        (phrase("To run it now:"), (run,)),
        (
            phrase("To have it run always, as root:"),
            (f"cp {unit} /etc/systemd/system/", "systemctl enable --now makegood"),
        ),
        (phrase("If it runs already, what changed counts after:"), ("systemctl restart makegood",)),
        (phrase("To see whether all is well:"), ("makegood check",)),
    )
    for what, commands in words:
        asks.show("")
        asks.say(what)
        for command in commands:
            asks.show(f"  {command}")
