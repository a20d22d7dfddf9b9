"""Whom a chat speaks for, and what is undone when it was the wrong one; on both databases."""

import pytest

from storage.addresses import Address
from storage.unit import Unit

NOON = 1_772_452_800_000
HOUR = 3_600_000


def telephone(unit: Unit, *references: str) -> Address:
    """A chat that speaks for these customers, one after the other; the last one now."""
    customers = [unit.customers.ensure(1, reference, NOON, reference.title()) for reference in references]
    chat = unit.addresses.add(1, "telegram", "7", "customer", NOON, customer_id=customers[0].id)
    for number, customer in enumerate(customers[1:], 1):
        unit.addresses.bind_customer(chat.id, customer.id, NOON + number)
    return unit.addresses.get(chat.id)


def reference_of(unit: Unit, customer_id: int | None) -> str:
    return unit.customers.get(customer_id or 0).reference


def test_a_chat_speaks_for_several_and_for_one_of_them_now(unit):
    """A family shares a telephone; whoever came last is spoken for."""
    chat = telephone(unit, "ana", "ben")

    assert [reference_of(unit, one.customer_id) for one in unit.chat_customers.of(chat.id)] == ["ben", "ana"]
    assert reference_of(unit, chat.customer_id) == "ben"


def test_each_of_them_is_reached_there(unit):
    """What staff write to Ana comes to the telephone that speaks for Ben at the moment."""
    chat = telephone(unit, "ana", "ben")
    ana = unit.customers.ensure(1, "ana", NOON)

    assert [one.id for one in unit.addresses.of_customer(ana.id)] == [chat.id]
    assert unit.addresses.any_of_customer(ana.id) == chat


def test_who_opts_out_does_so_for_all(unit):
    """The person at the telephone wants no more questions, whoever they are about."""
    chat = telephone(unit, "ana", "ben")
    names = unit.chat_customers.opt_out(chat.id, NOON + 1)

    assert names == ["Ana", "Ben"]
    assert all(unit.customers.ensure(1, name, NOON).opted_out_at == NOON + 1 for name in ("ana", "ben"))
    unit.chat_customers.opt_in(chat.id)
    assert all(unit.customers.ensure(1, name, NOON).opted_out_at is None for name in ("ana", "ben"))


def test_a_staff_chat_speaks_for_nobody(unit):
    """What becomes a chat for work is no customer's any more, not even in passing."""
    chat = telephone(unit, "ana", "ben")
    unit.addresses.bind_staff(chat.id, unit.staff.add(1, "Bo", "staff", "en", NOON).id)

    assert unit.chat_customers.of(chat.id) == []
    assert unit.addresses.of_customer(unit.customers.ensure(1, "ana", NOON).id) == []


def test_a_merge_takes_the_chats_along_once(unit):
    """Two records of one person, both spoken for by one chat: afterwards it is one, and still reached."""
    chat = telephone(unit, "ana", "telegram:7")
    ana, newcomer = (unit.customers.ensure(1, name, NOON) for name in ("ana", "telegram:7"))
    unit.customers.merge(newcomer.id, ana.id)

    assert [one.customer_id for one in unit.chat_customers.of(chat.id)] == [ana.id]
    assert unit.addresses.get(chat.id).customer_id == ana.id


def test_the_last_message_that_we_began_counts_for_the_whole_chat(unit):
    """One telephone rings once a day, however many customers it stands for."""
    chat = telephone(unit, "ana", "ben")
    assert unit.chat_customers.last_proactive_at(chat.id) is None
    unit.customers.began(unit.customers.ensure(1, "ana", NOON).id, NOON + 5)

    assert unit.chat_customers.last_proactive_at(chat.id) == NOON + 5


def test_a_link_stays_untried_until_something_is_said(unit):
    """The way out below the first question is for who has said nothing yet; no link, no way out."""
    chat = telephone(unit, "ana")
    ana = unit.customers.ensure(1, "ana", NOON)
    link = unit.links.add(1, "d", "customer", NOON, NOON + HOUR, customer_id=ana.id)
    assert unit.chat_customers.untried_link(chat.id, ana.id) is None
    unit.chat_customers.join(chat.id, ana.id, NOON, link.id)
    assert unit.chat_customers.untried_link(chat.id, ana.id) == link.id
    talk = unit.conversations.open(1, chat.id, ana.id, "survey", "s", "{}", NOON)
    unit.answers.add(talk.id, "satisfaction", "answer", "csat", 5, None, "5", NOON, "")

    assert unit.chat_customers.untried_link(chat.id, ana.id) is None


def test_a_link_is_free_again_once_it_was_used(unit):
    """By its own end, not for another thirty days; and freeing it twice frees it once."""
    ana = unit.customers.ensure(1, "ana", NOON)
    link = unit.links.add(1, "d", "customer", NOON, NOON + HOUR, customer_id=ana.id)
    assert not unit.links.free(link.id)
    unit.links.claim(1, "d", "telegram:7", NOON)

    assert unit.links.claimed(ana.id, "telegram:7") is not None
    assert unit.links.free(link.id)
    assert not unit.links.free(link.id)
    assert unit.links.claim(1, "d", "telegram:8", NOON + HOUR - 1) is not None


def test_a_link_that_was_opened_is_not_taken_back(unit):
    """Undo is for what nobody has seen."""
    ana = unit.customers.ensure(1, "ana", NOON)
    for digest, made_at in (("d1", NOON), ("d2", NOON + 1)):
        unit.links.add(1, digest, "customer", made_at, NOON + HOUR, customer_id=ana.id)
    unit.links.claim(1, "d1", "telegram:7", NOON + 2)

    assert not unit.links.withdraw_of_event(ana.id, NOON, NOON + 3)
    assert unit.links.withdraw_of_event(ana.id, NOON + 1, NOON + 3)
    assert unit.links.claim(1, "d2", "telegram:7", NOON + 4) is None


@pytest.mark.parametrize(("agreed_at", "kept"), [(NOON - 5, NOON - 5), (NOON, None), (NOON + 5, None)])
def test_what_was_said_before_the_mix_up_stays(unit, agreed_at, kept):
    """Ana's own agreement is hers; the stranger's is not."""
    ana = unit.customers.ensure(1, "ana", NOON - 9)
    unit.customers.consent(ana.id, agreed_at, "1")
    unit.customers.unmix(ana.id, NOON, None)

    assert unit.customers.get(ana.id).consented_at == kept


def test_an_agreement_that_came_with_a_merge_goes_with_it(unit):
    """The stranger had agreed before they opened the link; merging had lent that to Ana."""
    ana = unit.customers.ensure(1, "ana", NOON - 9)
    unit.customers.consent(ana.id, NOON - 5, "1")
    unit.customers.unmix(ana.id, NOON, NOON - 5)

    assert unit.customers.get(ana.id).consented_at is None


def test_a_place_keeps_its_token(unit):
    """It is printed: its name and what is asked there change, and it may rest for a winter."""
    made = unit.places.add(1, "till", "Till", "service", "p_1", NOON)
    unit.places.retire(made.id, NOON + 1)
    unit.places.retire(made.id, NOON + 2)
    retired = unit.places.by_token(1, "p_1")
    assert retired is not None
    assert retired.retired_at == NOON + 1
    changed = unit.places.change(made.id, "At the till", "repair")

    assert (changed.token, changed.touchpoint, changed.retired_at) == ("p_1", "repair", None)
    assert unit.places.by_key(1, "till") == changed
    assert unit.places.listing(1) == [changed]
    assert unit.places.by_token(2, "p_1") is None


def test_services_of_a_day_are_found_by_name(unit):
    """To ask whether it is the same customer; what was taken back is not asked about."""
    ana = unit.customers.ensure(1, "s1", NOON, "Ana")

    def served(event_id: str, day: str) -> int:
        added = unit.service_events.add(
            1, "staff", event_id, "d", "t", "service", f"{day}:{event_id}", ana.id, "{}", NOON, NOON
        )
        return int(added.event.id)

    yesterday, today, undone = served("1", "2026-03-01"), served("2", "2026-03-02"), served("3", "2026-03-02")
    unit.service_events.cancel(undone)
    found = unit.service_events.named_between(1, "staff", "2026-03-02:", "2026-03-02;")

    assert [(event.id, name) for event, name in found] == [(today, "Ana")]
    assert yesterday != today
