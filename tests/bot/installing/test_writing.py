"""What init writes into files: what was asked for, and nothing that a person wrote is touched."""

import tomllib

import pytest

from bot.config import Config, load
from bot.installing.writing import Change, changes, fresh, write_settings, write_token, write_unit
from bot.settings import secrets
from bot.settings.writing import changed, without_secrets

AT = 1_795_337_449_000

OURS = """\
# Our shop. Ask Eva before you change this.
[business]
name = "Old Name"      # since 1998
zone = "Europe/Berlin"
more.phone = "1234"

# --- the web, behind the proxy ---
[web]
port = 8080            # 8765 was taken
text = \"\"\"
[business]
\"\"\"
"""


def test_only_the_value_changes():
    """The comment says why; the order is how they find it again."""
    after = changed(OURS, {"business.name": "New Name"})

    assert after == OURS.replace("Old Name", "New Name")


def test_a_new_setting_stands_in_its_section():
    """At the end of it, it would stand behind the comment of the next section."""
    after = changed(OURS, {"web.public_url": "https://ask.example.com"})

    assert '[web]\npublic_url = "https://ask.example.com"\nport = 8080' in after
    assert after.replace('public_url = "https://ask.example.com"\n', "") == OURS


@pytest.mark.parametrize(
    "text", ["", "telegram.proxy = ''\n", "[telegram]\n", "x = 1", 'business = {name = "a"}\n', OURS]
)
def test_every_file_takes_every_setting(text):
    """However somebody wrote their TOML."""
    wanted = {"telegram.start_survey": "pulse", "business.name": 'The "Corner" Shop 店\\'}
    table = tomllib.loads(changed(text, wanted))

    assert table["telegram"]["start_survey"] == "pulse"
    assert table["business"]["name"] == wanted["business.name"]
    before = tomllib.loads(text)
    assert {key: table[key] for key in before if not isinstance(before[key], dict)} == {
        key: value for key, value in before.items() if not isinstance(value, dict)
    }


def test_a_first_file_is_read_again_as_it_was_meant(tmp_path):
    """In any language, and by the very reader that every start uses."""
    values = {"business.name": "店", "business.zone": "Asia/Shanghai", "telegram.start_survey": "pulse"}
    path = tmp_path / "config.toml"
    for language in ("en", "zh-Hans", "zh-Hant"):
        path.write_text(fresh(values, language), "utf-8")
        config = load(path, environ={})
        assert (config.business.name, config.business.zone) == ("店", "Asia/Shanghai")
        assert all("#" in line for line in path.read_text("utf-8").splitlines() if "=" in line)


def test_what_a_file_was_stays_beside_it(tmp_path):
    """Whoever typed the wrong name an hour ago gets the old one back."""
    path = tmp_path / "config.toml"
    path.write_text(OURS)
    kept = write_settings(path, {"business.name": "New"}, "en", AT)
    again = write_settings(path, {"business.name": "New"}, "en", AT + 1000)

    assert kept is not None
    assert kept.read_text() == OURS
    assert again is None


def test_a_token_goes_into_the_file_of_secrets_and_the_others_stay(tmp_path):
    """A key that changed with it would lock out every other system."""
    path = secrets.make(tmp_path)
    before = tomllib.loads(path.read_text())
    write_token(tmp_path, "123456:abcdef")
    after = tomllib.loads(path.read_text())

    assert after["telegram"].pop("token") == "123456:abcdef"
    assert after == before
    assert path.stat().st_mode & 0o077 == 0


def test_a_unit_that_somebody_changed_stays(tmp_path):
    """It is theirs from its first day on."""
    path = tmp_path / "makegood.service"

    assert write_unit(path, "a")
    assert not write_unit(path, "b")
    assert path.read_text() == "a"


def test_what_counts_now_is_compared_with_what_is_wanted():
    """Only what differs is shown, and written."""
    found = changes(Config(), {"business.name": "Shop", "business.zone": "UTC"})

    assert found == [Change("business.name", "", "Shop")]


def test_a_copy_for_others_holds_nothing_that_opens_something():
    """Wherever in the file it stands, and however."""
    text = """
telegram.token = "123456:abc"
[api.keys]
shop = "k3y"
[api.signing_secrets]
a = "whs"
[business]
name = "x"
"""
    left = without_secrets(text)

    assert [word for word in ("123456", "k3y", "whs") if word in left] == []
    assert tomllib.loads(left)["business"] == {"name": "x"}
