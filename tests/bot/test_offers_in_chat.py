"""Offers in chat: what staff tap and type, step by step, and what becomes of it when two do it at once."""

import pytest

from bot.means import Means
from bot.playbooks import Shelved
from tests.bot.test_offers import ANA, BEN, EVA, MIA, open_case, sound
from tests.bot.turning import World


@pytest.fixture
async def world(tmp_path):
    """Ben may give 50 in a case; Eva supervises, Mia manages; Ana has case 1."""
    world = await World.open(tmp_path / "makegood.db", currency="EUR", means=Means(per_case=5_000))
    await world.staff("Ben", BEN)
    await world.staff("Eva", EVA, "supervisor")
    await world.staff("Mia", MIA, "manager")
    await world.receive(world.wrote(ANA, "/start"))
    await open_case(world)
    yield world
    await world.close()


async def taps(world, chat, *presses):
    """Somebody taps one after the other; what was shown in passing to the last."""
    for press in presses:
        await world.receive(world.pressed(chat, press))
    return world.channel.notices[-1]


async def stage(world, offer=1):
    return await world.run(lambda unit: unit.offers.get(offer).stage)


async def asked(world):
    """Ben asks for 200."""
    await taps(world, BEN, "1:k1:offer:voucher:ask")
    await world.receive(world.wrote(BEN, "200"))
    await taps(world, BEN, "1:k1:offer:send:1.1")
    await world.receive(world.wrote(BEN, "A flood"))


async def test_what_cannot_be_read_as_an_amount_is_asked_again(world):
    """The next text is still meant for it: nobody has to begin anew for a comma."""
    await taps(world, BEN, "1:k1:offer:voucher:ask")
    for text in ("1,000", "twenty", "-5", "1e3", "5.005"):
        await world.receive(world.wrote(BEN, text))
    assert await world.count("SELECT COUNT(*) FROM offer") == 0

    await world.receive(world.wrote(BEN, "20,50"))

    assert await world.run(lambda unit: unit.offers.get(1).worth) == 2_050
    assert await world.count("SELECT COUNT(*) FROM case_message") == 0  # none of it went to the customer


@pytest.mark.parametrize(
    "press",
    [
        "1:k1:offer:voucher:99999999999999999",
        "1:k1:offer:voucher:-5",
        "1:k1:offer:voucher:٥",
        "1:k1:offer:nonsense",
        "1:k1:offer:send:1",
        "1:k1:offer:send:7.1",
        "1:k1:offer:send:x.y",
        "1:k1:offer:costs:9.9",
        "1:approve:1.1",
        "1:approve:99.1.yes",
        "1:approve:x",
        "1:offer_done:",
        "1:offer_done:99",
        "1:offer_said:99.1.yes",
        "1:offer_back:99",
    ],
)
async def test_a_forged_button_does_nothing(world, press):
    """Callback data is whatever a manipulated client sends."""
    await taps(world, BEN, press)

    assert await world.count("SELECT COUNT(*) FROM ledger_entry") == 0
    assert await world.count("SELECT COUNT(*) FROM inbox WHERE state = 'dead'") == 0


async def test_a_newer_wish_takes_the_place_of_the_one_before(world):
    """The button of the old preview sends nothing any more."""
    await taps(world, BEN, "1:k1:offer:voucher:1000", "1:k1:offer:voucher:2000", "1:k1:offer:send:1.1")

    assert await stage(world) == "withdrawn"
    assert await stage(world, 2) == "proposed"
    await taps(world, BEN, "1:k1:offer:send:2.1")
    assert await stage(world, 2) == "put"


async def test_two_approvers_at_once_and_every_request_says_who_it_was(world):
    """One effect, and nobody is left with a button that does nothing."""
    await asked(world)
    world.clock.pass_by(16 * 60)
    await world.fire_due()  # Mia is asked, too
    yes = "1:approve:1.2.yes"
    await world.receive(*(world.pressed(chat, yes) for chat in (EVA, MIA, EVA, MIA)))

    assert await stage(world) == "put"
    assert await world.count("SELECT COUNT(*) FROM ledger_entry") == 1
    edits = [row for chat in (EVA, MIA) for row in await world.rows(chat) if row.edits is not None]
    assert all("Agreed by" in row.payload and '"rows"' not in row.payload for row in edits[-2:])
    await sound(world)


async def test_a_no_is_told_and_the_other_button_is_dead(world):
    """Whoever asked hears it at once."""
    await asked(world)
    await taps(world, EVA, "1:approve:1.2.no")
    late = await taps(world, MIA, "1:approve:1.2.yes")

    assert "turned down" in (await world.texts(BEN))[-1]
    assert late == "This offer was turned down."


async def test_what_waits_can_be_withdrawn_by_its_owner(world):
    """A better idea came before the yes did."""
    await asked(world)
    await world.receive(world.wrote(BEN, "/offers"))
    await taps(world, BEN, "1:offer_back:1")
    late = await taps(world, EVA, "1:approve:1.2.yes")

    assert await stage(world) == "withdrawn"
    assert late == "This offer was withdrawn."


async def test_another_chat_cannot_take_what_was_put_to_ana(world):
    """A button counts only in the chat in which it was shown."""
    await taps(world, BEN, "1:k1:offer:voucher:1000", "1:k1:offer:send:1.1")
    await world.receive(world.wrote("66", "/start"))
    await taps(world, "66", "1:offer.1.1:yes")

    assert await stage(world) == "put"
    await taps(world, ANA, "1:offer.1.1:yes")
    assert await stage(world) == "accepted"


async def test_who_blocked_us_is_rung_up_and_their_yes_is_typed(world):
    """The offer is not lost with the chat: the owner says it on the telephone, and the code, too."""
    await world.run(
        lambda unit: unit.execute("UPDATE address SET unreachable_at = 1 WHERE chat = :chat", {"chat": ANA})
    )
    await taps(world, BEN, "1:k1:offer:voucher:1000", "1:k1:offer:send:1.1")
    assert await stage(world) == "approved"

    await taps(world, BEN, "1:offer_said:1.1.yes")

    code = await world.run(lambda unit: unit.vouchers.of_offer(1).code)
    assert any(code in text for text in await world.texts(BEN))
    await sound(world)


async def test_a_gift_counts_by_what_it_costs_and_the_customer_does_not_read_it(world):
    """Flowers for 30 twice are more than 50."""
    for number, words in ((1, "a bunch of flowers"), (2, "a second bunch")):
        await taps(world, BEN, "1:k1:offer:gift")
        await world.receive(world.wrote(BEN, words))
        await taps(world, BEN, f"1:k1:offer:costs:{number}.1")
        await world.receive(world.wrote(BEN, "30"))
        await taps(world, BEN, f"1:k1:offer:send:{number}.2")

    assert (await stage(world, 1), await stage(world, 2)) == ("put", "proposed")
    assert "30" not in (await world.texts(ANA))[-1]
    assert "Please write in a sentence why" in (await world.texts(BEN))[-1]


PLAN = """
[[plan]]
key = "moment"
like = "short"
touchpoints = ["service"]
remedy = { kind = "voucher", worth = "25" }
"""


async def test_what_the_plan_has_ready_is_one_tap(tmp_path):
    """A moment of truth is thought out before, not while the customer waits."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "plans.toml").write_text(PLAN, "utf-8")
    means, shelved = Means(per_case=5_000), Shelved(tmp_path / "own")
    world = await World.open(tmp_path / "makegood.db", currency="EUR", means=means, shelved=shelved)
    await world.staff("Ben", BEN)
    for text in ("/start", "1"):
        await world.receive(world.wrote(ANA, text))
    await taps(world, BEN, "1:k1:offer")
    offered = (await world.messages(BEN))[-1]
    await taps(world, BEN, "1:k1:offer:prepared", "1:k1:offer:send:1.1")
    texts, owner = await world.texts(ANA), await world.run(lambda unit: unit.cases.listing(1)[0].owner_id)
    steps = await world.run(lambda unit: unit.all("SELECT step, how FROM case_step ORDER BY id"))
    await world.close()

    assert offered.rows[0][0].label == "Voucher €25.00"
    assert "a voucher worth €25.00" in texts[-1]
    assert owner is not None  # whoever writes to the customer first has the case
    assert ("atonement", "asked") in steps


async def test_a_yes_in_words_is_typed_by_whoever_read_it(world):
    """Not everybody taps; the code still goes to the customer, and to nobody else."""
    await taps(world, BEN, "1:k1:offer:voucher:1000", "1:k1:offer:send:1.1", "1:offer_said:1.1.yes")
    code = await world.run(lambda unit: unit.vouchers.of_offer(1).code)

    assert code in (await world.texts(ANA))[-1]
    assert not any(code in text for text in await world.texts(BEN))
    assert await taps(world, ANA, "1:offer.1.1:yes") == "Thank you, your yes has reached us already."
