"""Claims about topics: each case in its own, in a group that has them; in the general chat wherever Telegram says no.

The bot as it is installed, against a real server that stands for Telegram.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from bot import topics
from bot.app import App
from bot.clock import Clock, DemoClock
from bot.config import load
from bot.demo.world import working_day
from bot.links import make_link
from bot.outgoing import Outgoing
from bot.scene import Scene
from tests.fake_telegram import FakeTelegram, Message, faults
from tests.fake_telegram.groups import Group
from tests.fake_telegram.people import Person


class Office(NamedTuple):
    app: App
    telegram: FakeTelegram
    bo: Person
    ana: Person
    group: Group


@asynccontextmanager
async def opened(folder: Path, *, forum: bool = True, administrator: bool = True) -> AsyncIterator[Office]:
    """Bo leads a staff group; the operator wants a topic for each case."""
    async with FakeTelegram() as telegram:
        settings = [
            f"telegram.token={telegram.token}",
            f"telegram.api_base={telegram.base}",
            "telegram.topics=true",
            "telegram.start_survey=csat_reason",
            "business.name=Corner Shop",
            "delivery.chat_per_s=1000",
            "delivery.chat_burst=100",
            "delivery.edit_delay=0s",
            "backup.every=0s",
        ]
        app = App(load(None, folder=folder, settings=settings, environ={}), DemoClock(working_day(Clock().real())))
        await app.start()
        try:
            await telegram.until_listening()
            await telegram.ledger.wait("getMe")
            bo, ana = telegram.person("Bo"), telegram.person("Ana")
            await _works_here(app, bo)
            group = telegram.group("Staff", [bo], supergroup=True, topics=forum)
            group.chat.bot = "administrator" if administrator else "member"
            await bo.says("/group", chat=group)
            await bo.hears(containing="This is now the staff group", chat=group)
            yield Office(app, telegram, bo, ana, group)
        finally:
            await app.stop()


async def _works_here(app: App, person: Person) -> None:
    now = app.clock.now()

    def invited(unit):
        member = unit.staff.add(1, person.name, "staff,supervisor,admin", "en", now)
        return make_link(unit, 1, "staff", now, staff_member_id=member.id)

    made = await app.database.run(invited)
    await person.starts(made.token)
    await person.hears(containing="Welcome")


async def complains(office: Office) -> Message:
    """Ana is unhappy; return what the group reads first of it."""
    await office.ana.starts()
    await office.ana.hears(containing="How satisfied")
    await office.ana.taps("1")
    return await office.bo.hears(containing="An unhappy answer", chat=office.group)


async def waits_for(office: Office, what: Callable[[], bool]) -> None:
    for _ in range(200):
        if what():
            return
        await office.telegram.world.changed.wait()
    raise AssertionError("it did not come to that")


async def test_a_case_has_a_topic_of_its_own(tmp_path):
    """Ten cases in one chat are one that nobody can follow."""
    async with opened(tmp_path) as office:
        first = await complains(office)

        [(thread, name)] = office.group.chat.topics.items()
        assert name == "1 · Ana"
        assert first.raw["message_thread_id"] == thread


async def test_what_is_written_in_a_topic_to_nobody_goes_to_nobody(tmp_path):
    """Telegram calls it an answer to the topic's root; a customer would read what colleagues say to each other."""
    async with opened(tmp_path) as office:
        first = await complains(office)
        await office.ana.hears(containing="sorry")
        thread = int(first.raw["message_thread_id"])
        await office.bo.says_in_topic(thread, "She is always like this", chat=office.group)
        await office.bo.replies(first, "We are on our way", chat=office.group)
        await office.ana.hears(containing="We are on our way")

        assert not any("always like this" in message.text for message in office.ana.screen())


async def test_what_staff_ask_in_a_topic_is_answered_there(tmp_path):
    """And it is about its case, without a number."""
    async with opened(tmp_path) as office:
        first = await complains(office)
        thread = int(first.raw["message_thread_id"])
        await office.bo.says_in_topic(thread, "/note She called before", chat=office.group)
        noted = await office.bo.hears(containing="Noted in case 1", chat=office.group)

        assert noted.raw["message_thread_id"] == thread


async def test_a_closed_case_closes_its_topic(tmp_path):
    """The list of open topics is the list of open cases."""
    async with opened(tmp_path) as office:
        first = await complains(office)
        thread = int(first.raw["message_thread_id"])

        def close(unit):
            scene = Scene(unit, office.app.house, Outgoing(unit, office.app.clock.now()), office.app.clock.now())
            topics.close_for(scene, unit.cases.by_number(1, 1))
            return scene.out.rows

        office.app.delivery.offer(await office.app.database.run(close))
        await waits_for(office, lambda: thread in office.group.chat.closed_topics)

        assert office.group.chat.topics[thread] == "✓ 1 · Ana"


@pytest.mark.parametrize(
    ("forum", "administrator", "why"),
    [(False, True, "the chat is not a forum"), (True, False, "not enough rights to create a topic")],
)
async def test_without_topics_a_case_is_told_in_the_general_chat(tmp_path, forum, administrator, why):
    """A setting that the group does not have must not cost a case; who can mend it is told once."""
    async with opened(tmp_path, forum=forum, administrator=administrator) as office:
        first = await complains(office)
        told = await office.bo.hears(containing="I could not open a topic")

        assert "message_thread_id" not in first.raw
        assert why in told.text
        assert office.group.chat.topics == {}


async def test_a_topic_that_somebody_deleted_does_not_swallow_its_case(tmp_path):
    """What comes later is read in the general chat."""
    async with opened(tmp_path) as office:
        first = await complains(office)
        del office.group.chat.topics[int(first.raw["message_thread_id"])]
        await office.ana.says("And the soup was cold")
        said = await office.bo.hears(containing="the soup was cold", chat=office.group)

        assert "message_thread_id" not in said.raw


async def test_an_album_in_a_topic_is_one_act_and_taken_back_whole(tmp_path):
    """Pictures meant for somebody else are gone together, as they came."""
    async with opened(tmp_path) as office:
        first = await complains(office)
        place = {"message_thread_id": first.raw["message_thread_id"], "is_topic_message": True}
        for number in range(3):
            answered = first if number == 0 else None
            caption = {"caption": "Look"} if number == 0 else {}
            more = {"media_group_id": "77", **place, **caption}
            await office.bo.sends("photo", chat=office.group, reply_to=answered, **more)
        await office.ana.hears(containing="Look")
        said = await office.bo.hears(containing="Passed on to Ana", chat=office.group)
        assert sum("photo" in message.raw for message in office.ana.screen()) == 3
        assert said.raw["message_thread_id"] == place["message_thread_id"]

        await office.bo.taps("Take back", said, chat=office.group)
        await office.ana.sees_gone("Look")

        assert not any("photo" in message.raw for message in office.ana.screen())


async def test_what_a_case_was_shown_is_shown_again_to_whoever_takes_over(tmp_path):
    """They were not there when the picture came."""
    async with opened(tmp_path) as office:
        first = await complains(office)
        await office.ana.sends("photo", caption="The soup")
        await office.bo.hears(containing="The soup", chat=office.group)
        await office.bo.forges("1:k1:files", first)
        again = await office.bo.hears(containing="Case 1 · Ana", chat=office.group)

        assert "photo" in again.raw


async def test_a_cut_connection_costs_one_topic_and_not_all(tmp_path):
    """Whether the topic was made nobody knows: its case goes on in the general chat, and the next one gets its own."""
    async with opened(tmp_path) as office:
        office.telegram.script("createForumTopic", then=[faults.Reset()])
        first = await complains(office)
        assert "message_thread_id" not in first.raw

        eva = office.telegram.person("Eva")
        await eva.starts()
        await eva.hears(containing="How satisfied")
        await eva.taps("1")
        second = await office.bo.hears(containing="Case 2 · Eva", chat=office.group)
        assert second.raw["is_topic_message"]
