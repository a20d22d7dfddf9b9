"""Files inside a turn: wanted, linked to what they belong to, passed on; albums gathered, whatever happens between."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot import keeping
from bot.channels.messages import Message
from storage.media import MediaFile
from tests.bot.turning import DAY, World

ANA, BO = "7", "8"
GROUP = "-5"


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    yield world
    await world.close()


async def media(world: World) -> list[MediaFile]:
    rows = await world.run(lambda unit: unit.all("SELECT * FROM media ORDER BY id"))
    return [MediaFile(*row) for row in rows]


async def complained(world: World, **more: Any) -> None:
    """Ana has an open case, which Bo has taken."""
    await world.receive(world.wrote(ANA, "/complain", **more))
    await world.receive(world.wrote(ANA, "It never came", **more))
    await world.receive(world.pressed(BO, "1:k1:take"))


async def press_of(world: World, chat: str, label: str) -> str:
    for message in reversed(await world.messages(chat)):
        for row in message.rows:
            for button in row:
                if button.label == label:
                    return button.press
    raise AssertionError(f"no button {label}")


def shown(message: Message) -> tuple[list[tuple[str, int]], str]:
    return [(attachment.kind, attachment.media) for attachment in message.attachments], message.text


# What is noted.


async def test_a_file_is_wanted_from_the_turn_that_took_it_in(world: World):
    """With all that is known of it, whom it is of, and when it will be erased."""
    await world.receive(world.sent(ANA, "document", file="d1", file_name="bill.pdf", mime="application/pdf", size=2048))

    [file] = await media(world)
    assert (file.state, file.kind, file.channel, file.chat, file.channel_file) == (
        "wanted",
        "document",
        "telegram",
        ANA,
        "d1",
    )
    assert (file.name, file.mime, file.size, file.path, file.attempts) == ("bill.pdf", "application/pdf", 2048, None, 0)
    assert file.customer_id is not None
    assert file.erase_at == file.at + 180 * DAY


@pytest.mark.parametrize(
    ("what", "kind"), [("video_note", "video"), ("animation", "video"), ("voice", "voice"), ("audio", "audio")]
)
async def test_each_kind_is_shown_as_what_people_know(world: World, what: str, kind: str):
    """A round video is a video."""
    await world.receive(world.sent(ANA, what))

    assert [file.kind for file in await media(world)] == [kind]


async def test_a_file_that_is_too_large_is_refused_before_it_is_fetched(world: World):
    """Its sender is told how much we take, and its words are heard all the same."""
    await world.receive(world.sent(ANA, "video", size=20_000_001, caption="See the leak"))

    assert await media(world) == []
    first, second = await world.texts(ANA)
    assert first == "That file is too large: I can take up to 20 MB. Could you send a smaller one?"
    assert second.startswith("Thank you for writing.")


async def test_what_is_no_file_is_said_to_be_none(world: World):
    """Nothing is noted of it."""
    await world.receive(world.sent(ANA, "sticker", file=""))

    assert await media(world) == []
    assert (await world.texts(ANA))[-1].startswith("I can pass on words, pictures")


async def test_a_photo_on_a_question_of_a_survey_belongs_to_its_answer(world: World):
    """Whoever reads the answer sees it."""
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, await press_of(world, ANA, "2")))
    await world.receive(world.sent(ANA, "photo"))

    [file] = await media(world)
    talk = await world.count("SELECT MAX(id) FROM conversation WHERE survey_version_id IS NOT NULL")
    assert (file.conversation_id, file.question) == (talk, "what_happened")
    assert file.case_message_id is not None


async def test_a_complaint_by_photo_has_it_in_its_case(world: World):
    """It came before there was a case, and is part of what was said in it."""
    await world.receive(world.sent(ANA, "photo", caption="It arrived broken"))
    await world.receive(world.pressed(ANA, await press_of(world, ANA, "Complain")))

    [file] = await media(world)
    assert await world.count("SELECT COUNT(*) FROM case_message WHERE text = 'It arrived broken'") == 1
    assert file.case_message_id is not None
    assert shown((await world.messages(BO))[-1]) == ([("photo", 1)], "Case 1 · Ana writes:\nIt arrived broken")


# Passing on.


async def test_a_photo_goes_to_staff_below_name_and_number(world: World):
    """One message, with the buttons of its case; replying to it writes to the customer."""
    await complained(world)
    await world.receive(world.sent(ANA, "photo"))

    last = (await world.messages(BO))[-1]
    assert shown(last) == ([("photo", 1)], "Case 1 · Ana sent this:")
    assert [button.label for row in last.rows for button in row] == ["Write to the customer", "Put right", "More …"]


@pytest.mark.parametrize("way", ["reply", "button"])
async def test_staff_answer_with_a_file_as_with_words(world: World, way: str):
    """As a reply to a message of the case, or after the button."""
    await complained(world)
    reply_to = None
    if way == "reply":
        reply_to = f"ref{[row for row in await world.rows(BO) if row.edits is None][-1].id}"
        await world.delivery.stop()
        await world.run(lambda unit: unit.execute("UPDATE outbox SET channel_ref = 'ref' || id, state = 'sent'"))
    else:
        await world.receive(world.pressed(BO, "1:k1:write"))
    await world.receive(world.sent(BO, "document", caption="Your refund", reply_to=reply_to))

    assert shown((await world.messages(ANA))[-1]) == ([("document", 1)], "Bo · Corner Shop:\nYour refund")
    assert (await world.texts(BO))[-1] == "✓ Passed on to Ana."
    [file] = await media(world)
    assert (
        await world.count(
            "SELECT COUNT(*) FROM case_message WHERE author = 'staff' AND id = :id", id=file.case_message_id
        )
        == 1
    )


async def test_what_staff_cannot_pass_on_is_said_to_them(world: World):
    """So that nobody believes it was."""
    await complained(world)
    await world.receive(world.pressed(BO, "1:k1:write"))
    await world.receive(world.sent(BO, "poll", file=""))

    assert (await world.texts(BO))[-1] == (
        "This was not passed on: I can pass on text, pictures, voice messages, videos and documents, but not a poll."
    )


async def test_a_picture_that_belongs_to_no_case_is_not_kept(world: World):
    """Staff are told how it is done; in the group it is none of our business."""
    await complained(world)
    await world.run(lambda unit: unit.addresses.bind_group(unit.addresses.add(1, "telegram", GROUP, "candidate", 1).id))
    before = await world.texts(GROUP)
    await world.receive(world.sent(BO, "photo"), world.sent(GROUP, "photo", user=BO, group=True))

    assert await media(world) == []
    assert (await world.texts(BO))[-1].startswith("This went to nobody.")
    assert await world.texts(GROUP) == before


async def test_one_chat_cannot_fill_the_disk(world: World):
    """A few hundred files a day are more than anybody reads (reliability.md G14); others are not held up."""
    await world.run(
        lambda unit: [unit.media.want(1, "telegram", ANA, "photo", "p", world.clock.now()) for _ in range(200)]
    )
    await world.receive(world.sent(ANA, "photo"), world.sent("9", "photo"))

    assert len(await media(world)) == keeping.MOST_A_DAY + 1
    assert (await world.texts(ANA))[-1].startswith("That is more than I can take in one day.")


async def test_a_day_has_a_size_too_and_ends(world: World):
    """Twenty-five of the largest; the next day there is room again."""
    for _ in range(keeping.LARGEST_A_DAY + 1):
        await world.receive(world.sent(ANA, "video", size=20_000_000))
    assert len(await media(world)) == keeping.LARGEST_A_DAY

    world.clock.pass_by(DAY / 1000 + 1)
    await world.receive(world.sent(ANA, "video", size=20_000_000))
    assert len(await media(world)) == keeping.LARGEST_A_DAY + 1


async def group(world: World) -> int:
    """A staff group that knows of Ana's case; returns the outbox id of its newest message there."""
    bound = await world.run(lambda unit: unit.addresses.add(1, "telegram", GROUP, "candidate", 1).id)
    await world.run(lambda unit: unit.addresses.bind_group(bound))
    await complained(world)
    return [row for row in await world.rows(GROUP) if row.edits is None][-1].id


async def known_as(world: World, outbox_id: int, ref: str) -> None:
    await world.delivery.stop()
    sql = "UPDATE outbox SET channel_ref = :ref, state = 'sent' WHERE id = :id"
    await world.run(lambda unit: unit.execute(sql, {"ref": ref, "id": outbox_id}))


async def test_a_reply_with_an_album_in_the_group_reaches_the_customer(world: World):
    """Also when the reply stands on its first picture alone."""
    await known_as(world, await group(world), "500")
    await album(world, GROUP, "photo", "photo", reply_to="500", caption="These two")
    await gathered(world)

    last = (await world.messages(ANA))[-1]
    assert shown(last) == ([("photo", 1), ("photo", 2)], "Bo · Corner Shop:\nThese two")


@pytest.mark.parametrize(("ref", "reaches"), [("700", True), ("702", True), ("703", False), ("699", False)])
async def test_a_reply_to_any_picture_of_an_album_is_a_reply_to_it(world: World, ref: str, reaches: bool):
    """Telegram tells us only the first one's id; the others' follow it."""
    await group(world)
    await album(world, ANA, "photo", "photo", "photo")
    await gathered(world)
    files = next(row for row in await world.rows(GROUP) if '"attachments"' in row.payload)
    await known_as(world, files.id, "700")
    before = await world.texts(ANA)
    await world.receive(world.wrote(GROUP, "We see it", **IN_GROUP, reply_to=ref))

    assert ((await world.texts(ANA)) != before) is reaches


# Albums.


IN_GROUP: dict[str, Any] = {"user": BO, "group": True}


async def album(world: World, chat: str, *kinds: str, album: str = "a1", **first: Any) -> None:
    about = IN_GROUP if chat == GROUP else {}
    for number, kind in enumerate(kinds):
        await world.receive(world.sent(chat, kind, album=album, **about, **(first if number == 0 else {})))


async def gathered(world: World, seconds: float = 2) -> None:
    world.clock.pass_by(seconds)
    await world.fire_due()


async def test_an_album_is_one_act(world: World):
    """One message to staff that shows all of it, one entry in the case."""
    await complained(world)
    await album(world, ANA, "photo", "photo", "video", caption="All broken")
    assert await world.count("SELECT COUNT(*) FROM case_message WHERE text = 'All broken'") == 0
    await gathered(world)

    files, words = (await world.messages(BO))[-2:]
    assert shown(files) == ([("photo", 1), ("photo", 2), ("video", 3)], "")
    assert words.text == "Case 1 · Ana writes:\nAll broken"
    assert len({file.case_message_id for file in await media(world)}) == 1
    assert await world.count("SELECT COUNT(*) FROM case_message WHERE text = 'All broken'") == 1


async def test_what_comes_while_an_album_is_gathered_joins_it(world: World):
    """A channel may hand its updates over in two batches."""
    await complained(world)
    await album(world, ANA, "photo", "photo", "photo")
    world.clock.pass_by(1.4)
    await album(world, ANA, "photo", "photo")
    await gathered(world, 0.2)
    assert all(file.case_message_id is None for file in await media(world))

    await gathered(world)
    assert len({file.case_message_id for file in await media(world)} - {None}) == 1
    assert len((await world.messages(BO))[-2].attachments) == 5


async def test_what_comes_later_still_is_an_act_of_its_own(world: World):
    """Nothing is lost; it only stands apart."""
    await complained(world)
    await album(world, ANA, "photo", "photo")
    await gathered(world)
    await album(world, ANA, "photo")
    await gathered(world)

    assert [len(message.attachments) for message in (await world.messages(BO))[-3:]] == [2, 0, 1]
    assert await world.count("SELECT COUNT(*) FROM media WHERE case_message_id IS NULL OR waiting IS NOT NULL") == 0


async def test_an_album_that_never_ends_is_taken_after_six_seconds(world: World):
    """Somebody may send on and on."""
    await complained(world)
    for _ in range(12):
        await album(world, ANA, "photo")
        await gathered(world, 0.6)

    assert await world.count("SELECT COUNT(*) FROM media WHERE case_message_id IS NOT NULL") >= 8


async def test_an_album_of_staff_is_passed_on_and_confirmed_once(world: World):
    """Also when they type something else before it is gathered: where it goes was said when it came."""
    await complained(world)
    await world.receive(world.pressed(BO, "1:k1:write"))
    await album(world, BO, "photo", "photo", caption="Your new ones")
    await world.receive(world.wrote(BO, "Here they come"))
    await gathered(world)

    assert shown((await world.messages(ANA))[-1]) == (
        [("photo", 1), ("photo", 2)],
        "Bo · Corner Shop:\nYour new ones",
    )
    assert (await world.texts(BO)).count("✓ Passed on to Ana.") == 2


async def test_an_album_of_staff_for_nobody_is_answered_once(world: World):
    """Ten pictures are one mistake."""
    before = len(await world.texts(BO))
    await album(world, BO, "photo", "photo", "photo")

    assert len(await world.texts(BO)) == before + 1
    assert await media(world) == []


async def test_the_same_update_again_is_no_second_file(world: World):
    """Telegram may hand it over twice."""
    update = world.sent(ANA, "photo", album="a1")
    await world.receive(update, update)
    await world.receive(update)

    assert len(await media(world)) == 1


async def test_an_album_outlives_the_process(tmp_path: Path):
    """Its rows and the due row that gathers it were committed with the first of its updates."""
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    await complained(world)
    await album(world, ANA, "photo", "photo")
    await world.close()

    again = World(await type(world.database).open(tmp_path / "makegood.db"))
    again.clock.pass_by(30)
    await again.begin()
    await again.fire_due()

    assert len((await again.messages(BO))[-2].attachments) == 2
    await again.close()


async def test_an_album_whose_files_were_erased_meanwhile_says_nothing(world: World):
    """What somebody wants forgotten does not go out a second later."""
    await complained(world)
    await album(world, ANA, "photo", "photo")
    customer = (await media(world))[0].customer_id
    await world.run(lambda unit: unit.media.erase("asked", 10, customer_id=customer))
    before = await world.messages(BO)
    await gathered(world)

    assert await world.messages(BO) == before


def test_every_kind_of_file_has_a_way_to_be_shown():
    """And what has none has words."""
    assert set(keeping.KINDS.values()) == {"photo", "voice", "audio", "video", "document"}
    assert not set(keeping.KINDS) & set(keeping.NOTHING_TO_KEEP)
