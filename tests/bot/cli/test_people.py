"""Teams, hours and people from the command line: what is typed, what is told, and how to mend what does not fit."""

import json
from pathlib import Path

import pytest

CONFIG = '[business]\nname = "Corner"\nzone = "Europe/Berlin"\ncurrency = "EUR"\n'


@pytest.fixture
def shop(place: Path, makegood):
    """A shop that counts in euros, with Ben."""
    (place / "config.toml").write_text(CONFIG, "utf-8")
    makegood("staff", "invite", "Ben")
    return makegood


def test_hours_with_breaks_and_public_holidays(shop):
    """One line says a whole year's working time."""
    made = shop(
        "calendar", "set", "shop", "--hours", "mon-fri 09:00-12:30,13:30-18:00", "--hours", "sat 10:00-14:00",
        "--holidays", "DE-BY", "--years", "2026",
    )  # fmt: skip
    [kept] = json.loads(shop("calendar", "list", "--json").out)

    assert (made.code, "Europe/Berlin" in made.out) == (0, True)
    assert kept["calendar"]["week"]["fri"] == "09:00-12:30, 13:30-18:00"
    assert "2026-01-06" in kept["calendar"]["closed"]
    assert not any(day.startswith("2027") for day in kept["calendar"]["closed"])


def test_a_calendar_of_a_file_and_one_more_free_day(shop, place):
    """What is regular stands in the file, what is not is typed."""
    (place / "night.toml").write_text('zone = "UTC"\n[week]\nfri = "22:00-06:00"\n', "utf-8")
    shop("calendar", "set", "night", "--from", "night.toml", "--closed", "2026-12-25")
    shown = shop("calendar", "show", "night")

    assert "fri  22:00-06:00" in shown.out
    assert "Closed on: 2026-12-25" in shown.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("calendar", "set", "x"), "Give the hours"),
        (("calendar", "set", "x", "--hours", "09:00-18:00"), "names no days"),
        (("calendar", "set", "x", "--hours", "fun 09:00-10:00"), "is no day"),
        (("calendar", "set", "x", "--hours", "mon 9-5"), "cannot be read as hours"),
        (("calendar", "set", "x", "--hours", "mon 09:00-10:00", "--years", "2026"), "--holidays"),
        (("calendar", "set", "x", "--hours", "mon 09:00-10:00", "--holidays", "DE", "--years", "26"), "no years"),
        (("calendar", "set", "x", "--hours", "mon 09:00-10:00", "--holidays", "XX"), "XX"),
        (("calendar", "set", "x", "--hours", "mon 09:00-10:00", "--zone", "Mars/X"), "Mars/X"),
        (("calendar", "show", "x"), "makegood calendar set"),
        (("team", "set", "Nobody", "--budget", "5"), "makegood team add"),
        (("team", "add", "Front", "--budget", "1,000"), "1234.00"),
        (("staff", "set", "Ben"), "--help"),
        (("staff", "set", "Ben", "--team", "Nobody"), "makegood team add"),
        (("staff", "set", "Eve", "--skills", "x"), "Eve"),
        (("case", "why", "17"), "no case 17"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(shop, line, said):
    """And says what to type instead."""
    told = shop(*line)

    assert (told.code, said in told.err) == (2, True), told.err
    assert told.err.count("\n") == 1


def test_a_team_gets_another_name(shop):
    """Its people stay in it."""
    shop("team", "add", "Repairs")
    shop("staff", "set", "Ben", "--team", "Repairs")
    told = shop("team", "set", "Repairs", "--name", "Workshop")
    [team] = json.loads(shop("team", "list", "--json").out)

    assert (told.code, team["name"], team["people"]) == (0, "Workshop", ["Ben"])


def test_what_was_set_is_shown(shop):
    """One table says who works when, with whom, and with what."""
    shop("team", "add", "Repairs", "--budget", "500.00")
    shop("staff", "set", "Ben", "--team", "Repairs", "--skills", "repair,heating", "--per-case", "50")
    [ben] = json.loads(shop("staff", "list", "--json").out)
    [team] = json.loads(shop("team", "list", "--json").out)
    table = shop("staff", "list").out

    assert (ben["team"], ben["skills"], ben["per_case"]) == ("Repairs", ["heating", "repair"], "50.00 EUR")
    assert (team["people"], team["per_month"]) == (["Ben"], "500.00 EUR")
    assert "areas" not in table  # a column that says nothing is left out
    assert "heating, repair" in table


def test_none_takes_away(shop):
    """What was given can be taken back by the same option."""
    shop("team", "add", "Repairs")
    shop("staff", "set", "Ben", "--team", "Repairs", "--skills", "repair", "--per-case", "50")
    shop("staff", "set", "Ben", "--team", "none", "--skills", "none", "--per-case", "none")
    [ben] = json.loads(shop("staff", "list", "--json").out)

    assert (ben["team"], ben["skills"], ben["per_case"]) == (None, [], None)
