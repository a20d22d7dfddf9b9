"""What other systems stand on: keys, comments, and responses in the order of their commits; on both databases."""

import pytest

NOW = 1_772_445_600_000
DAY = 86_400_000


def add_comment(unit, text="good", digest="d1"):
    return unit.feedback.add(1, "reviews", "r-1", digest, "review", text, NOW, NOW)


def open_talk(unit, number):
    customer = unit.customers.ensure(1, f"c-{number}", NOW)
    address = unit.addresses.add(1, "telegram", str(number), "customer", NOW, customer_id=customer.id)
    version = unit.surveys.publish(1, "pulse", "source", "digest", "service", "library", NOW)
    return unit.conversations.open(
        1, address.id, customer.id, "survey", f"seed{number}", "{}", NOW, survey_version_id=version.id
    )


def close(unit, talk, at, revision=1):
    unit.conversations.save(talk.id, revision, "{}", "", "complete", at)


def test_a_key_is_good_until_its_end_or_its_revocation(unit):
    """The earlier of the two, and an end is only ever moved forward."""
    till = unit.api_keys.add(1, "till", "d1", "aaaa", NOW, NOW + DAY)
    shop = unit.api_keys.add(1, "shop", "d2", "bbbb", NOW)
    unit.api_keys.end_by(till.id, NOW + 2 * DAY)
    unit.api_keys.end_by(shop.id, NOW + DAY // 2)
    for at, names in ((NOW, ["shop", "till"]), (NOW + DAY // 2, ["till"]), (NOW + DAY, [])):
        assert [key.name for key in unit.api_keys.good(1, at)] == names

    assert unit.api_keys.revoke(1, "till", NOW) == 1
    assert unit.api_keys.revoke(1, "till", NOW) == 0
    assert [key.name for key in unit.api_keys.good(1, NOW, "till")] == []


def test_a_comment_is_kept_once(unit):
    """Its sender's id names it; what is stored stands."""
    first = add_comment(unit)
    again = add_comment(unit, text="bad", digest="d2")

    assert (first.text, again) == ("good", None)
    assert unit.feedback.of(1, "reviews", "r-1").text == "good"


@pytest.mark.parametrize("backwards", [1, -1])
def test_closings_are_counted_in_the_order_of_their_commits(unit, backwards):
    """Whatever the clock says: who fetches from where they stopped misses none."""
    talks = [open_talk(unit, number=number) for number in range(3)]
    for place, talk in enumerate(reversed(talks)):
        close(unit, talk=talk, at=NOW + backwards * place)
    found = unit.responses.page(1, 0, unit.responses.newest(), 10)

    assert [(line.closing, line.customer) for line in found] == [(1, "c-2"), (2, "c-1"), (3, "c-0")]


def test_a_response_that_is_written_again_is_the_newest(unit):
    """A correction after the end is news."""
    first, second = [open_talk(unit, number=number) for number in range(2)]
    close(unit, talk=first, at=NOW)
    close(unit, talk=second, at=NOW)
    close(unit, talk=first, at=NOW, revision=2)
    found = unit.responses.page(1, 1, unit.responses.newest(), 10)

    assert [(line.closing, line.customer) for line in found] == [(2, "c-1"), (3, "c-0")]
    later = unit.responses.page(1, 0, 3, 10, since=NOW + 1)
    assert later == []


def test_what_the_business_says_of_a_customer_takes_the_place_of_what_was_known(unit):
    """None forgets."""
    customer = unit.customers.ensure(1, "c-9", NOW, "Ana", "en", "UTC", '{"a":"b"}')
    unit.customers.keep(customer.id, name=None, language="de", zone=None, email="a@b.org", phone=None, more=None)
    kept = unit.customers.get(customer.id)

    assert (kept.name, kept.language, kept.zone, kept.email, kept.more) == (None, "de", None, "a@b.org", "{}")
