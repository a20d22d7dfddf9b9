"""Customers, addresses, links, sessions and staff, on both databases."""

import pytest

from storage.errors import NotFound, Taken

NOON = 1_772_452_800_000
HOUR = 3_600_000


def test_a_customer_is_made_once_and_keeps_what_a_later_event_leaves_out(unit):
    """An event without a name must not forget the name."""
    first = unit.customers.ensure(1, "C-7", NOON, name="Ana", language="en", more='{"tier":"gold"}')
    again = unit.customers.ensure(1, "C-7", NOON + 1, zone="Asia/Shanghai")

    assert again.id == first.id
    assert (again.name, again.language, again.zone, again.more) == ("Ana", "en", "Asia/Shanghai", '{"tier":"gold"}')
    assert unit.customers.by_reference(1, "C-7") == again


def test_how_a_customer_is_reached_is_kept_by_its_parts(unit):
    """Somebody who gives a number has not taken their mail back."""
    ana = unit.customers.ensure(1, "C-7", NOON)
    unit.customers.reached_by(ana.id, None, "ana@example.org")
    unit.customers.reached_by(ana.id, "+442079460958", None)

    known = unit.customers.get(ana.id)
    assert (known.phone, known.email) == ("+442079460958", "ana@example.org")


def test_references_sort_by_their_bytes_on_both_databases(unit):
    """Where a list is ordered, it is the same order wherever it is stored."""
    for reference in ("b", "B", "á", "客", "a"):
        unit.customers.ensure(1, reference, NOON)

    assert [row[0] for row in unit.all("SELECT reference FROM customer ORDER BY reference")] == [
        "B",
        "a",
        "b",
        "á",
        "客",
    ]


def test_contact_rules_find_their_moments(unit):
    """Asked counts as begun by us; a follow-up is begun and not asked; the first opt-out stands until an opt-in."""
    ana = unit.customers.ensure(1, "ana", NOON)
    unit.customers.asked(ana.id, NOON)
    unit.customers.began(ana.id, NOON + 1)
    unit.customers.opt_out(ana.id, NOON + 2)
    unit.customers.opt_out(ana.id, NOON + 3)
    unit.customers.consent(ana.id, NOON, "2")
    found = unit.customers.get(ana.id)
    unit.customers.opt_in(ana.id)

    assert (found.last_asked_at, found.last_proactive_at, found.opted_out_at) == (NOON, NOON + 1, NOON + 2)
    assert (found.consented_at, found.consent_version) == (NOON, "2")
    assert unit.customers.get(ana.id).opted_out_at is None


def test_a_customer_is_reached_where_they_were_last_heard(unit):
    """And never where they block us."""
    ana = unit.customers.ensure(1, "ana", NOON)
    telegram, web, gone = (
        unit.addresses.add(1, channel, chat, "customer", NOON, customer_id=ana.id)
        for channel, chat in (("telegram", "7"), ("webchat", "w"), ("telegram", "8"))
    )
    unit.addresses.heard(telegram.id, NOON + 5)
    unit.addresses.unreachable(gone.id, NOON, "blocked")

    assert [address.id for address in unit.addresses.of_customer(ana.id)] == [telegram.id, web.id]
    unit.addresses.heard(gone.id, NOON + 9)
    assert unit.addresses.of_customer(ana.id)[0].id == gone.id


def test_two_records_of_one_person_become_one(unit):
    """A case that stays with the old record is one whose customer nobody can reach."""
    ana = unit.customers.ensure(1, "ana", NOON)
    newcomer = unit.customers.ensure(1, "telegram:5", NOON, "Ana", "zh-Hans")
    chat = unit.addresses.add(1, "telegram", "5", "customer", NOON, customer_id=newcomer.id)
    talk = unit.conversations.open(1, chat.id, newcomer.id, "desk", "s", "{}", NOON)
    case = unit.cases.open(1, newcomer.id, chat.id, "complaint", "{}", "open", NOON)
    unit.customers.opt_out(newcomer.id, NOON + 1)
    unit.customers.consent(newcomer.id, NOON + 2, "1")
    unit.customers.asked(newcomer.id, NOON + 3)
    unit.customers.merge(newcomer.id, ana.id)

    merged = unit.customers.get(ana.id)
    assert (merged.name, merged.language, merged.opted_out_at) == ("Ana", "zh-Hans", NOON + 1)
    assert (merged.consented_at, merged.consent_version, merged.last_asked_at) == (NOON + 2, "1", NOON + 3)
    assert unit.cases.open_of(ana.id).id == case.id
    assert [one.id for one in unit.addresses.of_customer(ana.id)] == [chat.id]
    assert [one.id for one in unit.conversations.of_customer(ana.id, 9)] == [talk.id]


def test_a_chat_that_becomes_a_staff_chat_is_no_customers_any_more(unit):
    """What is meant for a customer must never be read by whoever works there now."""
    ana = unit.customers.ensure(1, "ana", NOON)
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    chat = unit.addresses.add(1, "telegram", "5", "customer", NOON, customer_id=ana.id)
    unit.addresses.bind_staff(chat.id, bo.id)

    assert (unit.addresses.of_customer(ana.id), unit.addresses.any_of_customer(ana.id)) == ([], None)
    unit.addresses.bind_customer(chat.id, ana.id, NOON)
    assert [one.id for one in unit.addresses.of_customer(ana.id)] == [chat.id]
    assert unit.addresses.of_staff(bo.id) == []


@pytest.mark.parametrize("heard_first", [False, True])
def test_a_chat_moves_to_its_new_id(unit, heard_first):
    """The error and the service message come in either order, and twice."""
    group = unit.addresses.add(1, "telegram", "-5", "group", NOON)
    if heard_first:
        unit.addresses.add(1, "telegram", "-1005", "group", NOON)
    moved = [unit.addresses.move(1, "telegram", "-5", "-1005") for _ in range(2)]

    assert [address.id for address in moved] == [group.id, group.id]
    assert unit.addresses.staff_group(1).id == group.id
    assert unit.addresses.at(1, "telegram", "-5") is None


def test_a_link_is_claimed_once_and_not_after_its_time(unit):
    """The second person is told that it was used; guessing late ones leads nowhere."""
    ana = unit.customers.ensure(1, "ana", NOON)
    unit.links.add(1, "d1", "customer", NOON, NOON + HOUR, customer_id=ana.id)
    unit.links.add(1, "d2", "customer", NOON, NOON + HOUR, customer_id=ana.id)

    assert unit.links.claim(1, "d1", "telegram:7", NOON).customer_id == ana.id
    assert unit.links.claim(1, "d1", "telegram:8", NOON) is None
    assert unit.links.claim(1, "d2", "telegram:8", NOON + HOUR) is None
    assert unit.links.look(1, "d1").claimed_by == "telegram:7"


def test_removing_a_staff_member_ends_their_sessions_links_and_writing(unit):
    """Effective at the next press; their cases are named, to be given back."""
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    ana = unit.customers.ensure(1, "ana", NOON)
    chat = unit.addresses.add(1, "telegram", "7", "customer", NOON, customer_id=ana.id)
    case = unit.cases.open(1, ana.id, chat.id, "unhappy", "{}", "open", NOON)
    unit.cases.save(case.id, 1, state="{}", stage="taken", owner_id=bo.id, urgent=False)
    unit.sessions.add(1, "s", "console", NOON, NOON + HOUR, staff_member_id=bo.id)
    unit.links.add(1, "d", "staff", NOON, NOON + HOUR, staff_member_id=bo.id)
    unit.staff.compose(bo.id, case.id, NOON + HOUR)
    owned = unit.staff.remove(bo.id, NOON + 1)

    assert [one.id for one in owned] == [case.id]
    assert unit.sessions.by_digest(1, "s", NOON + 2) is None
    assert unit.links.claim(1, "d", "telegram:9", NOON + 2) is None
    assert (unit.staff.get(bo.id).removed_at, unit.staff.get(bo.id).composing_case_id) == (NOON + 1, None)
    assert unit.staff.listing(1) == []


def test_a_name_is_free_again_once_its_bearer_left(unit):
    """Two of one name at once would share their buttons."""
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    unit.staff.remove(bo.id, NOON)

    assert unit.staff.add(1, "Bo", "manager", "zh-Hans", NOON).id == bo.id
    with pytest.raises(Taken):
        unit.staff.add(1, "Bo", "staff", "en", NOON)


def test_bound_staff_are_those_with_a_chat_that_we_can_reach(unit):
    """An escalation to somebody who left would be read by nobody."""
    bo, li, gone = (unit.staff.add(1, name, "staff", "en", NOON) for name in ("Bo", "Li", "Gone"))
    chats = [unit.addresses.add(1, "telegram", str(n), "staff", NOON) for n in range(3)]
    for member, chat in zip((bo, li, gone), chats, strict=True):
        unit.addresses.bind_staff(chat.id, member.id)
    unit.addresses.unreachable(chats[1].id, NOON, "blocked")
    unit.staff.remove(gone.id, NOON)

    assert [(member.name, chat.chat) for member, chat in unit.staff.bound(1)] == [("Bo", "0")]


def test_a_session_is_good_until_it_ends(unit):
    """Signing out is for good."""
    session = unit.sessions.add(1, "s", "console", NOON, NOON + HOUR)

    assert unit.sessions.by_digest(1, "s", NOON + 1) == session
    assert unit.sessions.by_digest(1, "s", NOON + HOUR) is None
    unit.sessions.end(session.id, NOON + 2)
    assert unit.sessions.by_digest(1, "s", NOON + 3) is None


def test_sessions_that_ended_long_ago_are_forgotten(unit):
    """A customer's page stays where it was, however long it was not opened."""
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    for number, lasts in enumerate((1, 2, 50)):
        unit.sessions.add(1, f"s{number}", "console", NOON, NOON + lasts * HOUR, staff_member_id=bo.id)
    unit.sessions.end(unit.sessions.add(1, "out", "console", NOON, NOON + 50 * HOUR, staff_member_id=bo.id).id, NOON)
    unit.sessions.add(1, "page", "webchat", NOON, NOON + HOUR)

    assert unit.sessions.prune_staffs(NOON + 2 * HOUR + 1, 2) == 2
    assert unit.sessions.prune_staffs(NOON + 2 * HOUR + 1, 2) == 1
    assert [row[0] for row in unit.all("SELECT digest FROM session ORDER BY id")] == ["s2", "page"]


def test_what_is_not_there_is_named(unit):
    """The caller answers 404 and can say of what."""
    with pytest.raises(NotFound, match="customer has no row 99"):
        unit.customers.get(99)
