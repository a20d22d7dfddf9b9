"""Time zones as people call them."""

import pytest

from bot.installing.zones import guess, meant


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        (" new  york ", "America/New_York"),
        ("Bejing", "Asia/Shanghai"),
        ("上海", "Asia/Shanghai"),
        ("臺北", "Asia/Taipei"),
        ("PST", "America/Los_Angeles"),
        ("shangai", "Asia/Shanghai"),
        ("asia/hong_kong", "Asia/Hong_Kong"),
        ("UTC", "UTC"),
    ],
)
def test_what_people_type_is_understood(typed, zone):
    """Nobody knows the list of IANA by heart."""
    assert meant(typed) == [zone]


def test_what_may_be_several_is_asked_back():
    """And never guessed: an hour off is a night off."""
    assert len(meant("indiana")) > 1
    assert meant("nowhere at all") == []


@pytest.mark.parametrize(("environment", "zone"), [({"TZ": "Asia/Taipei"}, "Asia/Taipei"), ({"TZ": ":Etc/UTC"}, "UTC")])
def test_the_machines_own_zone_is_the_first_guess(environment, zone):
    """Most shops have one clock."""
    assert guess(environment) == zone
