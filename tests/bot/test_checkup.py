"""`makegood check`: what is wrong is found, told with its mend, and nothing is changed by looking."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.backups.chore import FAILED, wish_of
from bot.backups.making import back_up
from bot.backups.manifest import name_at
from bot.channels.telegram.http import BotApi
from bot.checks.findings import Finding
from bot.checkup import look
from bot.clock import Clock
from bot.config import Config
from bot.lock import FolderLock
from bot.operator_client import asking
from bot.phrases import say
from bot.settings import secrets
from bot.settings.sections import Business, Mail, Recovery, Storage, Surveys, Telegram, Web
from recovery import written_calendars
from storage.database import Database
from storage.unit import Unit
from tests.fake_telegram import TOKEN, FakeTelegram
from tests.fake_telegram.groups import Group


@pytest.fixture
async def config(tmp_path: Path) -> Config:
    """An installation that has run once."""
    config = Config(business=Business(name="Lamp Shop"), storage=Storage(folder=tmp_path / "data"))
    async with asking(config, "test"):
        return config


async def found(config: Config, clock: Clock | None = None) -> list[Finding]:
    return [finding async for finding in look(config, clock or Clock())]


async def faults(config: Config, clock: Clock | None = None) -> list[str]:
    return [said(finding) for finding in await found(config, clock) if finding.state == "fault"]


def said(finding: Finding) -> str:
    return say(finding.what, "en")


def with_section(config: Config, **sections: object) -> Config:
    import msgspec

    return msgspec.structs.replace(config, **sections)


async def test_a_sound_installation_has_no_fault(config):
    """A check that cries wolf is not read."""
    assert await faults(config) == []


async def test_looking_changes_nothing(config):
    """It may be run beside everything, by anybody who may read."""
    before = {path: path.read_bytes() for path in config.folder.iterdir() if path.suffix != ".db-shm"}
    await found(config)
    after = {path: path.read_bytes() for path in config.folder.iterdir() if path.suffix in (".db", "")}

    assert {path: after[path] for path in after if path in before} == {
        path: before[path] for path in after if path in before
    }


async def test_every_fault_says_how_to_mend_it(config, tmp_path):
    """ "It is broken" is what the operator knew already."""
    config.folder.chmod(0o755)
    config.database.write_bytes(b"no database" * 1000)
    broken = with_section(config, surveys=Surveys(folder=tmp_path / "none"))

    assert [finding for finding in await found(broken) if finding.state == "fault" and not finding.mend] == []


async def test_a_folder_that_others_may_read_is_a_fault(config):
    """It holds what customers wrote."""
    config.folder.chmod(0o755)

    [fault] = await faults(config)
    assert "its rights are 0755" in fault


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 4] = os.urandom(4096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (damaged, "malformed"),
        (lambda path: path.write_bytes(b"no database" * 1000), "cannot be read"),
        (lambda path: path.write_bytes(b""), "no database of makegood"),
        (lambda path: os.utime(path, (4e9, 4e9)), "written in the future"),
    ],
)
async def test_a_spoiled_database_is_a_fault(config, spoil: Callable[[Path], object], said):
    """Found on a quiet morning, not by the first customer."""
    spoil(config.database)

    assert any(said in fault for fault in await faults(config)), await faults(config)


async def test_a_database_of_an_earlier_version_is_led_on(tmp_path):
    """The mend is one command."""
    config = Config(storage=Storage(folder=tmp_path))
    tmp_path.chmod(0o700)
    database = await Database.open(config.database, versions=("0000",))
    await database.close()

    mends = [finding.told("en") for finding in await found(config) if finding.state == "fault"]
    assert [mend for mend in mends if not mend.endswith("Run: makegood migrate")] == []


async def test_a_survey_that_is_not_there_is_a_fault(config):
    """A plain /start would begin nothing."""
    [fault] = await faults(with_section(config, telegram=Telegram(start_survey="pluse")))

    assert "pluse" in fault


async def test_a_broken_own_survey_is_a_fault_with_its_line(config, tmp_path):
    """The next start would refuse it."""
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "mine.toml").write_text('format = 1\nkey = "mine"\n')

    assert any(
        "mine.toml:" in fault for fault in await faults(with_section(config, surveys=Surveys(folder=tmp_path / "ours")))
    )


async def test_a_touchpoint_that_nobody_asks_about_is_noted(config):
    """Its events would be refused, which the sender notices and the operator does not."""
    notes = [said(finding) for finding in await found(with_section(config, touchpoints={"haircut.done": "haircut"}))]

    assert any('"haircut"' in note for note in notes)


async def test_telegram_is_asked_who_we_are(config):
    """A token proves itself only there."""
    async with FakeTelegram() as telegram:
        good = with_section(config, telegram=Telegram(token=TOKEN, api_base=telegram.base))
        bad = with_section(config, telegram=Telegram(token="123456:wrong-token-here", api_base=telegram.base))

        assert await faults(good) == []
        [fault] = await faults(bad)
    [unreachable] = await faults(good)

    assert "Telegram does not answer" in fault
    assert "wrong-token-here" not in fault + unreachable


async def test_a_clock_of_years_ago_is_a_fault(config):
    """Every time-out and every promise would be wrong."""

    class Old(Clock):
        def real(self) -> int:
            return 86_400_000

    assert any("years behind" in fault for fault in await faults(config, Old()))


# --- the staff group, the webhook ------------------------------------------------------------------------------------


async def with_group(config: Config, telegram: FakeTelegram, **group: Any) -> tuple[Config, Group]:
    """The installation with a staff group that is registered."""
    boss = telegram.person("Ana", started=True)
    made = telegram.group("Team", members=[boss], **group)
    database = await Database.open(config.database)
    await database.run(lambda unit: unit.addresses.add(1, "telegram", str(made.id), "group", 5))
    await database.close()
    return with_section(config, telegram=Telegram(token=TOKEN, api_base=telegram.base)), made


def named(findings: list[Finding], name: str) -> Finding:
    [finding] = [finding for finding in findings if finding.name == name]
    return finding


async def test_a_sound_staff_group_is_told_with_what_privacy_mode_means(config):
    """The one question that everybody has who writes into the group for the first time."""
    async with FakeTelegram() as telegram:
        there, _ = await with_group(config, telegram)
        findings = await found(there)

    assert named(findings, "telegram.group").state == "ok"
    assert named(findings, "telegram.privacy").state == "ok"
    assert "replies to its own messages" in said(named(findings, "telegram.privacy"))


@pytest.mark.parametrize("bot", ["left", "kicked"])
async def test_a_group_that_the_bot_was_taken_out_of_is_a_fault(config, bot):
    """Cases would be told to nobody, and nobody would notice the silence."""
    async with FakeTelegram() as telegram:
        there, group = await with_group(config, telegram, supergroup=True)
        group.chat.bot = bot
        finding = named(await found(there), "telegram.group")

    assert finding.state == "fault"
    assert "not in the staff group" in said(finding)


async def test_a_group_in_which_members_may_not_write_is_a_fault(config):
    """Unless the bot is an administrator of it."""
    async with FakeTelegram() as telegram:
        there, group = await with_group(config, telegram, supergroup=True)
        group.chat.muted = True
        muted = named(await found(there), "telegram.group")
        group.chat.bot = "administrator"
        above = named(await found(there), "telegram.group")

    assert (muted.state, above.state) == ("fault", "ok")


@pytest.mark.parametrize(
    ("topics", "bot", "state"),
    [(True, "administrator", "ok"), (True, "member", "fault"), (False, "administrator", "fault")],
)
async def test_topics_that_cannot_be_opened_are_a_fault(config, topics, bot, state):
    """The setting alone opens none: the group must have them, and let us."""
    async with FakeTelegram() as telegram:
        there, group = await with_group(config, telegram, supergroup=True, topics=topics)
        group.chat.bot = bot
        wanted = with_section(there, telegram=msgspec.structs.replace(there.telegram, topics=True))
        finding = named(await found(wanted), "telegram.topics")

    assert finding.state == state


async def test_a_group_that_is_gone_is_a_fault(config):
    """It was deleted, or became another one while we were away."""
    async with FakeTelegram() as telegram:
        there, group = await with_group(config, telegram)
        group.chat.bot = "absent"
        del telegram.world.chats[group.id]
        finding = named(await found(there), "telegram.group")

    assert "does not know the staff group" in said(finding)


async def test_a_bot_that_reads_everything_is_noted(config):
    """Staff talk among themselves in that group, too."""
    async with FakeTelegram() as telegram:
        there, _ = await with_group(config, telegram)
        telegram.world.bot["can_read_all_group_messages"] = True
        finding = named(await found(there), "telegram.privacy")

    assert finding.state == "note"


async def test_a_webhook_that_takes_the_updates_away_is_told(config):
    """Polling would hear nothing, for days."""
    async with FakeTelegram() as telegram:
        there = with_section(config, telegram=Telegram(token=TOKEN, api_base=telegram.base))
        api = BotApi(TOKEN, telegram.base)
        await api.call("setWebhook", b'{"url": "https://old.example.com/hook"}')
        quiet = named(await found(there), "telegram.webhook")
        with FolderLock.take(config.folder, "makegood run"):
            running = named(await found(there), "telegram.webhook")
        await api.call("deleteWebhook", b"{}")
        assert not [finding for finding in await found(there) if finding.name == "telegram.webhook"]
        hooked = with_section(
            config, telegram=Telegram(token=TOKEN, api_base=telegram.base, mode="webhook", webhook_url="https://a.b/c")
        )
        unset = named(await found(hooked), "telegram.webhook")
        await api.close()

    assert (quiet.state, running.state, unset.state) == ("note", "fault", "note")
    assert "https://old.example.com/hook" in said(quiet)


# --- backups, secrets, addresses --------------------------------------------------------------------------------------


async def test_the_age_of_the_newest_backup_is_told(config):
    """Whoever looks once a week must see that there was none since."""
    none = named(await found(config), "backup.age")
    made = await asyncio.to_thread(back_up, wish_of(config, None), Clock())
    young = named(await found(config), "backup.age")
    week = 7 * 86_400_000
    made.path.rename(made.path.with_name(name_at(Clock().real() - week)))
    old = named(await found(config), "backup.age")

    assert (none.state, young.state, old.state) == ("note", "ok", "fault")
    assert "1 week" in said(old) or "7 days" in said(old)


async def test_a_backup_that_failed_is_a_fault_until_one_succeeds(config):
    """The log has it, and nobody reads the log."""
    database = await Database.open(config.database)
    await database.run(lambda unit: unit.facts.put(1, FAILED, "the disk is full"))
    await database.close()

    assert "the disk is full" in said(named(await found(config), "backup.failed"))


async def test_secrets_that_others_may_read_are_a_fault(config):
    """With them anybody speaks as the bot."""
    secrets.make(config.folder).chmod(0o644)

    assert named(await found(config), "secrets").state == "fault"


@pytest.mark.parametrize(
    ("address", "state"),
    [
        ("", "note"),
        ("https://ask.example.com/chat", "fault"),
        ("http://ask.example.com", "note"),
        ("https://192.168.1.7", "note"),
        ("https://shop", "note"),
        ("https://ask.example.com", None),
    ],
)
async def test_the_address_of_links_is_looked_at(config, address, state):
    """A link that opens nothing is found by the first customer, who does not tell."""
    findings = await found(with_section(config, web=Web(public_url=address)))

    assert [finding.state for finding in findings if finding.name == "web.public_url"] == ([state] if state else [])


async def test_who_works_here_is_told(config):
    """Nobody invited, nobody bound, nobody admin: three different things to do."""
    nobody = named(await found(config), "staff")
    database = await Database.open(config.database)
    await database.run(lambda unit: unit.staff.add(1, "Ben", "staff", "en", 5))
    invited = await found(config)
    await database.run(lambda unit: unit.addresses.add(1, "telegram", "7", "staff", 5, staff_member_id=1))
    bound = named(await found(config), "staff")
    await database.close()

    assert "Nobody is invited" in said(nobody)
    assert "has a chat" in said(named(invited, "staff"))
    assert named(invited, "staff.admin").state == "note"
    assert bound.state == "ok"


async def test_public_holidays_that_run_out_are_told_in_time(config):
    """From then on clocks would run on holidays, and nobody would notice before somebody is blamed for it."""
    database = await Database.open(config.database)
    days = [f"2020-01-0{day}" for day in range(1, 7)]

    def keep(unit: Unit) -> None:
        for key, closed in (("old", days), ("own", days[:2]), ("good", [*days, "2199-12-25"])):
            fields = {"zone": "UTC", "week": {"mon": "24h"}, "closed": closed}
            unit.calendars.put(1, key, written_calendars.save(written_calendars.read(fields)), 5)

    await database.run(keep)
    told = [finding for finding in await found(config) if finding.name == "calendar"]
    await database.close()

    assert [(finding.state, "old" in said(finding)) for finding in told] == [("note", True)]


def with_webhook(config: Config, url: str, types: str = "message.waiting") -> Config:
    return with_section(config, webhooks={"crm.url": url, "crm.types": (types,), "crm.secrets": ("whsec_" + "A" * 32,)})


async def test_a_house_that_can_tell_nobody_who_left_the_page_is_noted(config):
    """Web chat only, no webhook, no mail: whoever closes the page hears of nothing, and staff must know."""
    names = [finding.name for finding in await found(config)]
    told = with_webhook(config, "https://93.184.215.14/")
    of_cases = with_webhook(config, "https://93.184.215.14/", "case.opened")

    assert "reach" in names
    assert "reach" not in [finding.name for finding in await found(told)]
    assert "reach" in [finding.name for finding in await found(of_cases)]


async def test_a_webhook_into_our_own_network_is_a_fault_with_its_mend(config):
    """It would fail for three days before anybody asks why."""
    [fault] = [each for each in await found(with_webhook(config, "https://10.0.0.7/")) if each.state == "fault"]

    assert fault.name == "webhooks.crm"
    assert fault.mend is not None
    assert "webhooks.crm.allow_private" in say(fault.mend, "en")


async def test_mail_in_the_clear_over_a_network_is_noted(config):
    """The links in it open chats."""
    mail = Mail(host="smtp.shop.example", security="none", sender="a@shop.example")
    local = Mail(host="localhost", security="none", sender="a@shop.example")

    assert "mail.security" in [finding.name for finding in await found(with_section(config, mail=mail))]
    assert "mail.security" not in [finding.name for finding in await found(with_section(config, mail=local))]


async def test_a_mistake_in_the_playbook_is_named_with_its_line(config, tmp_path):
    """Whoever wrote it reads what to do before anybody runs it."""
    folder = tmp_path / "recovery"
    folder.mkdir()
    (folder / "causes.toml").write_text('[[cause]]\nkey = "A"\nlabel.en = "x"\n')
    broken = with_section(config, recovery=Recovery(folder=folder))

    [fault] = await faults(broken)
    assert fault.startswith(f"{folder}/causes.toml:2: A key is missing")


async def test_a_plan_for_a_touchpoint_that_nothing_has_is_noted(config, tmp_path):
    """One letter wrong, and a moment of truth has no plan."""
    folder = tmp_path / "recovery"
    folder.mkdir()
    (folder / "plans.toml").write_text('[[plan]]\nkey = "front"\ntouchpoints = ["chekout"]\n')
    notes = [said(one) for one in await found(with_section(config, recovery=Recovery(folder=folder)))]

    assert 'The plan "front" is for the touchpoint "chekout", which no service event has.' in notes
