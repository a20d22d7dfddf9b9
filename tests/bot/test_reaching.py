"""Claims about reaching customers: links that are handed over, opened, given back; chats of several customers."""

import re
from functools import partial

import msgspec
import pytest

from bot import served
from bot.access.secrets import digest
from storage.unit import Unit
from tests.bot.turning import World
from tests.figures import counted, kept
from tests.waiting import until

BO, CY = "11", "12"
LINK = re.compile(r"https://ask\.example\.com/c/(\S+)")


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db", public_url="https://ask.example.com")
    yield world
    await world.close()


async def handed_over(world: World, name: str = "Ana", chat: str = BO) -> str:
    """Staff say /done; return the token that they were given, as the channel got it."""
    before = len(world.channel.ledger)
    await world.receive(world.wrote(chat, f"/done {name}"))
    await delivered(world)
    found = [LINK.search(post.text) for post in world.channel.ledger[before:]]
    return next(match[1] for match in found if match)


async def customer_link(world: World, reference: str, token: str) -> None:
    def work(unit: Unit) -> None:
        now = world.clock.now()
        customer = unit.customers.ensure(1, reference, now, reference.title())
        unit.links.add(1, digest(token), "customer", now, now + 30 * 86_400_000, customer_id=customer.id)

    await world.run(work)


async def delivered(world: World) -> None:
    """Wait until nothing is left to be sent."""

    async def all_sent() -> bool:
        return await world.count("SELECT COUNT(*) FROM outbox WHERE state IN ('queued', 'sending')") == 0

    await until(all_sent)


async def question_of(world: World, chat: str) -> str:
    """The press that begins with the prompt of the open question in a chat."""
    messages = await world.messages(chat)
    return next(message.rows[0][0].press.rpartition(":")[0] for message in reversed(messages) if message.rows)


async def way_out(world: World, chat: str) -> str:
    """The press of *This isn't me* in a chat."""
    messages = await world.messages(chat)
    return next(b.press for message in reversed(messages) for row in message.rows for b in row if "notme" in b.press)


async def test_what_is_handed_over_is_forgotten_once_it_is_sent(world):
    """Who reads our rows, or a backup, cannot open anybody's chat; the code in the picture is the same secret."""
    await world.staff("Bo", BO)
    token = await handed_over(world)
    [payload] = [row.payload for row in await world.rows(BO) if row.purpose == "handed_over"]

    assert await world.count("SELECT COUNT(*) FROM link WHERE digest = :digest", digest=digest(token)) == 1
    assert token not in payload
    assert "/c/" not in payload


async def test_what_was_handed_over_can_still_be_changed(world):
    """Words below a picture are changed another way than words alone, so that much of it is remembered."""
    await world.staff("Bo", BO)
    token = await handed_over(world)
    [row] = [row for row in await world.rows(BO) if row.purpose == "handed_over"]
    await world.receive(msgspec.structs.replace(world.pressed(BO, "1:done:undo.1"), ref=row.channel_ref))
    [edit] = [edit for edit in await world.rows(BO) if edit.edits == row.id]

    assert "Undone: Ana is not asked" in edit.payload
    assert '"attachments"' in edit.payload
    assert token not in edit.payload


async def test_the_code_is_a_picture_of_the_link(world):
    """The customer points a camera at it, and is asked at once."""
    await world.staff("Bo", BO)

    def hand_over(unit: Unit) -> str:
        member = unit.staff.by_name(1, "Bo")
        return served.record_served(unit, world.house, world.clock.now(), "Ana", by=member).link.token

    token = await world.run(hand_over)
    await world.receive(world.wrote("101", f"/start {token}"))

    assert (await world.texts("101"))[0].startswith("Hello Ana!")
    await world.receive(world.wrote(BO, "/done Eve"))
    [attachment] = (await world.messages(BO))[-1].attachments
    assert (attachment.kind, attachment.made, attachment.alt) == ("photo", "qr", "QR code of the personal link of Eve")


async def test_doing_it_twice_at_once_makes_two_links_and_no_more(world):
    """Each /done is an act of its own; the same update that comes again is none."""
    await world.staff("Bo", BO)
    update = world.wrote(BO, "/done Ana")
    await world.receive(update, update, update)

    assert await world.count("SELECT COUNT(*) FROM service_event") == 1
    assert await world.count("SELECT COUNT(*) FROM link") == 1


async def test_of_thirty_who_open_a_link_one_is_the_customer(world):
    """A link that was shared makes one customer, not thirty; the others are told kindly."""
    await customer_link(world, "ana", "token-of-ana-000000")
    chats = [str(200 + number) for number in range(30)]
    await world.receive(*(world.wrote(chat, "/start token-of-ana-000000") for chat in chats))

    assert await world.count("SELECT COUNT(*) FROM chat_customer WHERE link_id IS NOT NULL") == 1
    refused = [chat for chat in chats if "was used already" in (await world.texts(chat))[0]]
    assert len(refused) == 29


async def test_thirty_who_open_and_give_back_leave_it_to_one(world):
    """Whatever the order of claiming and freeing: a link has one owner at most, and a chat only its own customers."""
    await customer_link(world, "ana", "token-of-ana-000000")
    chats = [str(300 + number) for number in range(30)]
    await world.receive(world.wrote(chats[0], "/start token-of-ana-000000"))
    press = await way_out(world, chats[0])
    await world.receive(
        *(world.pressed(chats[0], press) for _ in range(5)),
        *(world.wrote(chat, "/start token-of-ana-000000") for chat in chats[1:]),
    )
    [[claimed_by]] = await world.run(lambda unit: unit.all("SELECT claimed_by FROM link"))
    owners = await world.run(
        lambda unit: unit.all(
            """
            SELECT 'telegram:' || address.chat FROM chat_customer
            JOIN address ON address.id = chat_customer.address_id WHERE chat_customer.link_id IS NOT NULL
            """
        )
    )

    assert owners == ([(claimed_by,)] if claimed_by else [])
    assert await world.count("SELECT COUNT(*) FROM history WHERE what = 'LinkFreed'") == 1
    assert await world.count("SELECT COUNT(*) FROM conversation WHERE outcome = 'mistaken'") in (0, 1)


async def test_a_number_from_elsewhere_frees_nothing(world):
    """G1: callback data is whatever somebody sends; another chat's link is none of theirs."""
    await customer_link(world, "ana", "token-of-ana-000000")
    await world.receive(world.wrote("1", "/start token-of-ana-000000"), world.wrote("2", "/start"))
    press = await way_out(world, "1")
    for forged in (press, press.replace("ask", "yes"), "1:notme:yes-9", "1:notme:ask-", "1:notme:yes-" + "9" * 40):
        await world.receive(world.pressed("2", forged))

    assert await world.count("SELECT COUNT(*) FROM link WHERE claimed_by = 'telegram:1'") == 1
    assert await world.count("SELECT COUNT(*) FROM history WHERE what = 'LinkFreed'") == 0


async def test_what_the_wrong_person_said_is_theirs_alone(world):
    """Neither an answer, an agreement nor an opt-out of a stranger may stand under somebody's name."""
    await customer_link(world, "ana", "token-of-ana-000000")
    await world.receive(world.wrote("1", "/start token-of-ana-000000", name="Eve"))
    await world.receive(world.pressed("1", f"{await question_of(world, '1')}:5"))
    await world.receive(world.wrote("1", "/stop"), world.wrote("1", "/notme", name="Eve"))
    await world.receive(world.pressed("1", await way_out(world, "1"), name="Eve"))
    ana, eve = await world.run(
        lambda unit: [unit.customers.by_reference(1, reference) for reference in ("ana", "telegram:1")]
    )

    assert (ana.consented_at, ana.opted_out_at, ana.last_asked_at, ana.last_proactive_at) == (None,) * 4
    assert eve.name == "Eve"
    assert None not in (eve.consented_at, eve.opted_out_at)
    assert await world.run(lambda unit: unit.conversations.of_customer(ana.id, 9)) == []
    assert [talk.outcome for talk in await world.run(lambda unit: unit.conversations.of_customer(eve.id, 9))] == [
        "mistaken"
    ]


async def test_a_newcomers_own_past_comes_back_to_them(world):
    """Who was asked at the counter before keeps that answer, and it counts, when the link was not theirs."""
    await world.run(lambda unit: unit.places.add(1, "till", "Till", "service", "p_till-000000000000", 1))
    await world.receive(world.wrote("1", "/start p_till-000000000000"))
    await world.receive(world.pressed("1", f"{await question_of(world, '1')}:4"))
    await customer_link(world, "ana", "token-of-ana-000000")
    world.clock.passed += 60
    await world.receive(world.wrote("1", "/start token-of-ana-000000"))
    await world.receive(world.wrote("1", "/notme"))
    await world.receive(world.pressed("1", await way_out(world, "1")))
    [[eve]] = await world.run(lambda unit: unit.all("SELECT id FROM customer WHERE reference = 'telegram:1'"))

    talks = await world.run(lambda unit: unit.conversations.of_customer(eve, 9))
    assert [talk.outcome for talk in reversed(talks)] == ["complete", "mistaken"]
    assert await world.run(lambda unit: unit.conversations.of_customer(eve + 1, 9)) == []


async def test_what_was_mistaken_is_in_no_figure(world):
    """A rating that a stranger gave for Ana must move no score, neither kept nor counted anew."""
    await customer_link(world, "ana", "token-of-ana-000000")
    await world.receive(world.wrote("1", "/start token-of-ana-000000"))
    await world.receive(world.pressed("1", f"{await question_of(world, '1')}:5"))
    before = await world.run(kept)
    await world.receive(world.wrote("1", "/notme"))
    await world.receive(world.pressed("1", await way_out(world, "1")))

    assert before != {}
    assert await world.run(kept) == {}
    assert await world.run(partial(counted, zone="UTC")) == {}


async def test_words_after_a_colleagues_are_an_answer_to_them(world):
    """Who was written to about Ana answers about Ana, although Ben was asked last."""
    await world.staff("Bo", BO)
    for name in ("ana", "ben"):
        await customer_link(world, name, f"token-of-{name}-000000")
    await world.receive(world.wrote("1", "/start token-of-ana-000000"))
    await world.receive(world.pressed("1", f"{await question_of(world, '1')}:1"), world.wrote("1", "It was cold"))
    await world.receive(world.wrote("1", "/start token-of-ben-000000"))
    await world.receive(world.pressed("1", f"{await question_of(world, '1')}:5"))
    await world.receive(world.pressed(BO, "1:k1:write"), world.wrote(BO, "I am sorry"))
    await world.receive(world.wrote("1", "That is kind"))

    assert "Case 1 · Ana writes:\nThat is kind" in await world.texts(BO)


async def test_a_chat_speaks_for_its_customers_and_never_for_others(world):
    """The one spoken for now is always one of them: a turn looks at nothing else."""
    for name in ("ana", "ben"):
        await customer_link(world, name, f"token-of-{name}-000000")
        await world.receive(world.wrote("1", f"/start token-of-{name}-000000"))
    strays = """
        SELECT COUNT(*) FROM address WHERE kind = 'customer' AND customer_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM chat_customer
            WHERE chat_customer.address_id = address.id AND chat_customer.customer_id = address.customer_id)
    """

    assert await world.count(strays) == 0
    assert await world.count("SELECT COUNT(*) FROM chat_customer") == 2


async def test_scanning_thirty_times_at_once_is_one_conversation(world):
    """An impatient thumb at the counter."""
    await world.run(lambda unit: unit.places.add(1, "till", "Till", "service", "p_till-000000000000", 1))
    await world.receive(*(world.wrote("1", "/start p_till-000000000000") for _ in range(30)))

    assert await world.count("SELECT COUNT(*) FROM service_event") == 1
    assert await world.count("SELECT COUNT(*) FROM conversation") == 1


async def test_whoever_is_not_the_customer_is_spoken_to_as_before(world):
    """The chat does not turn to English for it; and without a name there is none to ask about."""

    def work(unit: Unit) -> None:
        now = world.clock.now()
        customer = unit.customers.ensure(1, "c-1001", now)
        unit.links.add(1, digest("token-of-c-1001-000"), "customer", now, now + 86_400_000, customer_id=customer.id)

    await world.run(work)
    await world.receive(world.wrote("1", "/start token-of-c-1001-000", language="zh-hans"))
    await world.receive(world.wrote("1", "你好", language="zh-hans"), world.wrote("1", "/notme", language="zh-hans"))
    asked = (await world.texts("1"))[-1]
    yes = next(b.press for row in (await world.messages("1"))[-1].rows for b in row if "yes" in b.press)
    await world.receive(world.pressed("1", yes), world.wrote("1", "/notme", language="zh-hans"))

    assert asked.startswith("这个链接不是给您的吗？")
    assert (await world.texts("1"))[-1].startswith("这个聊天没有打开过专属链接")
