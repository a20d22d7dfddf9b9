"""Settings: five sources, one order, and words that help whoever wrote a wrong one."""

import re
import stat
import tomllib
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, SettingsInvalid, known_settings, load
from bot.settings import secrets
from bot.settings.kinds import SHORTEST_SECRET

GOOD = "Zq8vN2xLr5TbY1wKc7Hd0PfG"
WHSEC = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wrote(place: Path, text: str, name: str = "config.toml") -> Path:
    path = place / name
    path.write_text(text, encoding="utf-8")
    return path


def complaints(*settings: str, **more: Any) -> list[str]:
    with pytest.raises(SettingsInvalid) as refused:
        load(settings=settings, **{"environ": {}, **more})
    return [str(problem) for problem in refused.value.problems]


# --- the order of the sources -------------------------------------------------------------------------------------


def test_nothing_written_means_the_defaults(place):
    """A fresh clone runs without a file."""
    assert load(environ={}) == Config()


def test_each_source_is_stronger_than_the_one_before(place):
    """An operator can override a file for one run without editing it."""
    wrote(place, "[web]\nport = 1\n")
    (place / "data").mkdir()
    wrote(place / "data", "[web]\nport = 2\n", secrets.FILE).chmod(0o600)

    assert load(environ={}).web.port == 2
    assert load(environ={"MAKEGOOD_WEB__PORT": "3"}).web.port == 3
    assert load(environ={"MAKEGOOD_WEB__PORT": "3"}, settings=["web.port=4"]).web.port == 4


def test_tables_of_several_sources_are_laid_together(place):
    """A key in secrets.toml must not disappear because the environment brings another one."""
    (place / "data").mkdir()
    wrote(place / "data", f'[api.keys]\nold = "{GOOD}"\n', secrets.FILE).chmod(0o600)

    assert set(load(environ={"MAKEGOOD_API__KEYS__NEW": GOOD}).api.keys) == {"old", "new"}


def test_variables_that_are_no_settings_are_left_alone(place):
    """Other programs may use our prefix, and a missing `__` cannot be a setting."""
    assert load(environ={"MAKEGOOD_HOME": "/somewhere", "PATH": "x"}) == Config()


def test_the_data_folder_of_the_command_line_wins(place):
    """`--data` says where the secrets are, so it must be known before they are read."""
    wrote(place, '[storage]\nfolder = "elsewhere"\n')

    assert load(environ={}, folder=place / "here").database == place / "here" / "makegood.db"


def test_a_relative_folder_counts_from_its_file(place):
    """A service that is started from / must find the same database."""
    folder = place / "etc"
    folder.mkdir()
    path = wrote(folder, '[storage]\nfolder = "kept"\n[surveys]\nfolder = "ours"\n')

    config = load(path, environ={})

    assert (config.folder, config.surveys.folder) == (folder / "kept", folder / "ours")


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "section", "value"),
    [
        ("contact.cooldown=36h", "contact", timedelta(hours=36)),
        ("contact.cooldown=0.5d", "contact", timedelta(hours=12)),
        ("delivery.edit_delay=300ms", "delivery", timedelta(milliseconds=300)),
        ("contact.quiet_from=7:30", "contact", time(7, 30)),
        ("contact.consent_required=true", "contact", True),
        ("telegram.token=123456:BENCH-TOKEN", "telegram", "123456:BENCH-TOKEN"),
        ("telegram.api_base=http://127.0.0.1:8081/", "telegram", "http://127.0.0.1:8081"),
        ("telegram.mode=WEBHOOK", "telegram", "webhook"),
        ("storage.synchronous=normal", "storage", "NORMAL"),
        ("delivery.overall_per_s=1000", "delivery", 1000.0),
        ("web.allowed_hosts=a.example, b.example", "web", ("a.example", "b.example")),
        (
            "web.embedded_in=https://Shop.example/,http://localhost:8080",
            "web",
            ("https://shop.example", "http://localhost:8080"),
        ),
        ("business.name=Anna's 12", "business", "Anna's 12"),
        ("business.name=12", "business", "12"),
        ("business.zone=Asia/Shanghai", "business", "Asia/Shanghai"),
    ],
)
def test_the_command_line_needs_no_quotes(place, setting, section, value):
    """Quoting for the shell and for TOML at once is where people give up."""
    more = ["web.public_url=https://a.example"]
    config = load(environ={}, settings=[setting, *more])

    assert getattr(getattr(config, section), setting.partition("=")[0].partition(".")[2]) == value


def test_a_type_of_service_event_needs_no_quotes_in_the_file(place):
    """`order.delivered = "delivery"` is a table in a table to TOML, and plainly one key to its author."""
    wrote(place, '[touchpoints]\norder.delivered = "delivery"\n"a.b" = "repair"\n')

    assert load(environ={}).touchpoints == {"order.delivered": "delivery", "a.b": "repair"}


@pytest.mark.parametrize(
    "setting",
    [
        "web.port=70000",
        "web.port=true",
        "web.port=8765.5",
        "web.public_url=ftp://x",
        "web.public_url=example.com",
        "web.embedded_in=https://shop.example/page",
        "web.embedded_in=shop.example",
        "contact.cooldown=14",
        "contact.cooldown=400d",
        "contact.quiet_from=25:00",
        "business.zone=Mars/Olympus",
        "business.zone=../../etc/passwd",
        "business.language=de",
        "delivery.chat_per_s=0",
        "delivery.overall_per_s=nan",
        "telegram.start_survey=Not A Key",
        "storage.file=../x.db",
        "touchpoints.order.delivered=Delivery!",
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(place, setting):
    """A wrong setting that is taken silently is found by a customer."""
    [said] = complaints(setting)

    key = setting.partition("=")[0]
    assert said.startswith(f"--set {key}: {key} = ")
    assert "is not allowed; write " in said


# --- what is said about a wrong one ----------------------------------------------------------------------------------


def test_a_wrong_setting_is_named_with_its_line(place):
    """The operator goes to the line and mends it."""
    wrote(place, '# ours\n[web]\nhost = "127.0.0.1"\nport = "http"\n')

    assert complaints() == ['config.toml:4: web.port = "http" is not allowed; write a whole number from 0 to 65535.']


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[web]\nprot = 1\n", "web.port"),
        ('[telegramm]\ntoken = "1"\n', "telegram.token"),
        ('token = "123:abc"\n', "telegram.token"),
        ("[contact]\ncool_down = 1\n", "contact.cooldown"),
    ],
)
def test_an_unknown_setting_is_told_its_nearest(place, written, meant):
    """A mistyped name would be ignored otherwise, which is worse than a wrong value."""
    wrote(place, written)

    [said] = complaints()
    assert f'Did you mean "{meant}"?' in said


def test_everything_wrong_is_told_at_once(place):
    """One round of mending, not five."""
    wrote(place, "[web]\nport = -1\nprot = 1\n")

    assert len(complaints("contact.cooldown=x", environ={"MAKEGOOD_LOG__LEVEL": "loud"})) == 4


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[web\n", "config.toml:1: this is no TOML"),
        (b"[web]\nport = 1\nport = 2\n", "config.toml:3: this is no TOML"),
        (b"# \xff\n", "config.toml:1: the file is not in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_so(place, content, said):
    """No traceback for a mistyped bracket."""
    (place / "config.toml").write_bytes(content)

    [problem] = complaints()
    assert problem.startswith(said)


def test_a_settings_file_that_is_not_there_is_told_so(place):
    """Running on defaults because of a mistyped path would open another database."""
    [said] = complaints(path=place / "no.toml")

    assert "there is no such file" in said


def test_a_setting_without_a_value_is_told_how_to_write_it(place):
    """`--set web.port 8080` is what people type first."""
    assert complaints("web.port") == ["--set web.port: write KEY=VALUE, such as web.port=8080."]


def test_a_webhook_needs_an_address(place):
    """Else it would start, and no update would ever come."""
    [said] = complaints("telegram.mode=webhook", "telegram.token=123456:abc")

    assert "telegram.webhook_url" in said


# --- secrets --------------------------------------------------------------------------------------------------------


def test_the_first_run_makes_secrets_for_its_owner_alone(place):
    """Nobody has to invent one, and no two installations share one."""
    first = load(environ={}, make_secrets=True)
    second = load(environ={}, folder=place / "other", make_secrets=True)

    assert stat.S_IMODE((place / "data" / secrets.FILE).stat().st_mode) == 0o600
    assert len(first.secrets) == 3
    assert not set(first.secrets) & set(second.secrets)
    assert load(environ={}, make_secrets=True) == first


def test_without_being_asked_nothing_is_made(place):
    """A command that only reads leaves no trace."""
    load(environ={})

    assert list(place.iterdir()) == []


def test_secrets_that_others_may_read_are_refused_with_the_mend(place):
    """A file with rights 0644 is no secret any more."""
    path = secrets.make(place / "data")
    path.chmod(0o640)

    [said] = complaints()
    assert said.endswith(f"(its rights are 0640); run: chmod 600 {path.relative_to(place)}")


@pytest.mark.parametrize("weak", ["", "short", "x" * 40, "change-me-change-me-change-me", "a-secret-of-many-letters-1"])
def test_a_weak_key_is_refused_and_not_repeated(place, weak):
    """A key out of an example is the first one an attacker tries, and the terminal's log is no place for it."""
    [said] = complaints(f"api.keys.shop={weak}")

    assert f"at least {SHORTEST_SECRET} random characters" in said
    assert weak == "" or weak not in said


def test_a_wrong_token_is_not_repeated(place):
    """It may be the right one with a letter missing."""
    [said] = complaints("telegram.token=123456789 AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw")

    assert "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw" not in said
    assert "BotFather" in said


def test_a_signing_secret_must_be_one_of_standard_webhooks(place):
    """A secret that the library cannot decode would refuse every event at run time."""
    assert load(environ={}, settings=[f"api.signing_secrets.a={WHSEC}"]).api.signing_secrets == {"a": WHSEC}
    [said] = complaints("api.signing_secrets.a=not base64 at all!")
    assert '"whsec_"' in said


def test_all_secrets_are_known_to_the_log_filter(place):
    """What the filter does not know, a library's error may write down."""
    config = load(
        environ={},
        settings=[f"api.keys.a={GOOD}", f"api.signing_secrets.b={WHSEC}", "telegram.token=123456:abcdef",
                  f"telegram.webhook_secret={GOOD}x", "telegram.proxy=http://me:pass@127.0.0.1:3128"],
    )  # fmt: skip

    assert set(config.secrets) == {GOOD, WHSEC, "123456:abcdef", f"{GOOD}x", "http://me:pass@127.0.0.1:3128"}


# --- the example ----------------------------------------------------------------------------------------------------


def test_the_example_is_the_defaults(root, place):
    """Whoever copies it must get what runs without it."""
    assert load(root / "config.example.toml", environ={}, folder=Path("data")) == Config()


def test_the_example_has_every_setting(root):
    """A setting that is not in it does not exist for an operator."""
    text = (root / "config.example.toml").read_text("utf-8")
    table = tomllib.loads(text)
    written = {f"{section}.{key}" for section, keys in table.items() for key in keys} | set(table)

    assert set(known_settings()) - written == set()


def test_the_example_explains_every_line(root):
    """A default without its reason is a riddle at three in the morning."""
    lines = (root / "config.example.toml").read_text("utf-8").splitlines()
    settings = [line for line in lines if re.match(r"[a-z_]+ = ", line)]

    assert [line for line in settings if "#" not in line] == []


def test_settings_are_cheap_to_read(root):
    """A cold start has one second until the first getUpdates; pydantic alone would take half of it."""
    import subprocess
    import sys

    code = "import sys, bot.config; bot.config.load(environ={}); print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, check=False, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert not {"pydantic", "asyncio", "fastapi", "telegram", "jinja2", "httpx", "aiohttp"} & set(done.stdout.split())


# --- webhooks and mail ----------------------------------------------------------------------------------------------


def test_a_webhook_is_a_table_of_its_own(place):
    """Its address in the settings, its secrets in the file of secrets, more of it from the environment."""
    wrote(place, '[webhooks.crm]\nurl = "https://crm.example.com/hook"\ntypes = ["case.opened"]\n')
    (place / "data").mkdir()
    wrote(place / "data", f'[webhooks.crm]\nsecrets = ["{WHSEC}"]\n', secrets.FILE).chmod(0o600)
    environ = {
        "MAKEGOOD_WEBHOOKS__DESK__URL": "http://10.0.0.7/",
        "MAKEGOOD_WEBHOOKS__DESK__SECRETS": f"{WHSEC},{WHSEC}",
    }
    found = load(environ=environ, settings=["webhooks.desk.allow_private=true"])

    assert set(found.endpoints) == {"crm", "desk"}
    assert found.endpoints["crm"].types == ("case.opened",)
    assert found.endpoints["crm"].secrets == (WHSEC,)
    assert (found.endpoints["desk"].allow_private, len(found.endpoints["desk"].secrets)) == (True, 2)
    assert WHSEC in found.secrets


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["webhooks.crm.url=https://a.example/"], "it needs secrets to sign with"),
        ([f"webhooks.crm.secrets={WHSEC}"], "it needs an address"),
        (["webhooks.crm.url=http://a.example/", f"webhooks.crm.secrets={WHSEC}"], "plain http is for your own network"),
        (["webhooks.crm.url=https://u:p@a.example/"], "is not allowed"),
        (["webhooks.crm.secrets=short"], "is not allowed"),
        (["webhooks.crm.types=case.eaten"], "is not allowed"),
        (["webhooks.crm.ulr=https://a.example/"], "is not allowed"),
        (["webhooks.mail.url=https://a.example/"], "is not allowed"),
        (["mail.host=smtp.example.com"], "e-mails need a sender"),
        (["mail.sender=nobody"], "write an e-mail address"),
        (["mail.security=ssl"], 'write "starttls", "tls" or "none"'),
    ],
)
def test_a_wrong_webhook_or_mail_server_is_told(place, settings, said):
    """And never with a secret in it."""
    [complaint] = complaints(*settings)

    assert said in complaint
    assert "short" not in complaint
    assert "u:p" not in complaint


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (["recovery.per_case=50"], 'set business.currency, such as "EUR"'),
        (["business.currency=JPY", "recovery.per_day=20.50"], "JPY has 0 decimals, not more"),
        (["business.currency=EUR", "recovery.two_above=1,000"], "is not allowed"),
        (["business.currency=EUR", "recovery.budget_per_month=-5"], "is not allowed"),
        (["business.currency=XXX"], "a currency by its ISO 4217 code"),
        (["business.currency=euros"], "a currency by its ISO 4217 code"),
    ],
)
def test_limits_are_amounts_in_the_business_own_currency(place, settings, said):
    """A limit that is misread is none."""
    [complaint] = complaints(*settings)

    assert said in complaint


def test_limits_are_counted_in_minor_units(place):
    """A comma at the wrong place would be a hundredfold."""
    from bot.settings.houses import house_of

    means = house_of(load(settings=["business.currency=eur", "recovery.per_case=49.90", "recovery.per_day=200"])).means

    assert (means.per_case, means.per_day, means.two_above) == (4_990, 20_000, None)
