"""`makegood check`: what is wrong is found, told with its mend, and nothing is changed by looking."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.checks.findings import Finding
from bot.checkup import look
from bot.clock import Clock
from bot.config import Config
from bot.operator_client import asking
from bot.phrases import say
from bot.settings.sections import Business, Storage, Surveys, Telegram
from storage.database import Database
from tests.fake_telegram import TOKEN, FakeTelegram


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
