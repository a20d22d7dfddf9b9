"""Offers in the turn: within the authority at once, above it by a yes, and never more than the limits allow."""

import sqlite3

import pytest
from msgspec.structs import replace

from bot import casework, offers, offers_books, offers_checking
from bot.clock import moment
from bot.means import Means
from bot.outgoing import Outgoing
from bot.phrases import say
from bot.playbooks import Shelved
from bot.scene import Scene
from recovery import cases as case_machine
from recovery.authority import OnTheSpot, Wish
from recovery.money import Money
from tests.bot.turning import World

ANA, BEN, EVA, MIA = "77", "501", "502", "503"


@pytest.fixture
async def world(tmp_path):
    """A shop that counts in euros: Ben may give 50 in a case and 80 in a day, Eva supervises, Mia manages."""
    means = Means(per_month=100_000, supervisor_up_to=30_000, two_above=50_000, per_case=5_000, per_day=8_000)
    world = await World.open(tmp_path / "makegood.db", currency="EUR", means=means)
    await world.staff("Ben", BEN)
    await world.staff("Eva", EVA, "supervisor")
    await world.staff("Mia", MIA, "manager")
    await world.receive(world.wrote(ANA, "/start"))
    yield world
    await world.close()


async def acted(world, act):
    """What an act in a unit of work of its own gives, its messages delivered to nobody."""

    def work(unit):
        scene = Scene(unit, world.house, Outgoing(unit, world.clock.now()), world.clock.now())
        return act(scene)

    return await world.run(work)


async def open_case(world, chat=ANA):
    """A case of that chat's customer."""

    def work(scene):
        address = scene.unit.addresses.at(1, "telegram", chat)
        decision = case_machine.opened(scene.now, case_machine.STEP, urgent=False)
        state = case_machine.save(decision.case)
        return scene.unit.cases.open(
            1, address.customer_id, address.id, "complaint", state, decision.case.stage, scene.now
        )

    return await acted(world, work)


def member(scene, name):
    return scene.unit.staff.by_name(1, name)


def voucher(amount):
    return Wish("voucher", Money(amount, "EUR"))


async def proposed(world, case, amount, name="Ben", reason="", kind="voucher", what=""):
    wish = Wish(kind, Money(amount, "EUR"))
    return await acted(world, lambda scene: offers.propose(scene, case, member(scene, name), wish, what, reason))


async def test_within_the_authority_it_goes_out_at_once(world):
    """Delay while asking is the customer's loss."""
    case = await open_case(world)

    offered = await proposed(world, case, 2_000)

    assert offered.done
    assert offered.offer.stage == "put"
    assert "a voucher worth €20.00" in (await world.texts(ANA))[-1]


async def test_above_it_somebody_else_is_asked_and_one_yes_is_enough(world):
    """The one who asks is never the one who agrees."""
    case = await open_case(world)
    offered = await proposed(world, case, 20_000, reason="The heating failed for three days")
    assert offered.offer.stage == "awaiting"
    assert "The heating failed for three days" in (await world.texts(EVA))[-1]

    own = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Ben")))
    assert not own.done
    given = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Eva")))
    again = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Mia")))

    assert given.done
    assert given.offer.stage == "put"
    assert not again.done
    assert await world.count("SELECT COUNT(*) FROM ledger_entry") == 1


async def test_a_voucher_is_redeemed_once(world):
    """The second redemption is refused, and says that there was a first."""
    case = await open_case(world)
    offered = await proposed(world, case, 2_000)
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))
    code = await world.run(lambda unit: unit.vouchers.of_offer(offered.offer.id).code)

    first = await acted(world, lambda scene: offers.redeem(scene, code.lower(), "operator"))
    second = await acted(world, lambda scene: offers.redeem(scene, code, "operator"))

    assert first.done
    assert not second.done
    assert await world.run(lambda unit: [line.movement for line in unit.ledger.page(1, 0, 10)]) == ["reserved", "spent"]


# --- limits ---------------------------------------------------------------------------------------------------------


async def sound(world):
    """The chain holds, and the ledger equals the offers and the sums."""
    found = await world.run(lambda unit: offers_checking.look(unit, 1))
    assert found.sound, found
    return found


async def test_many_small_ones_count_as_one_large(world):
    """A limit that is held against each offer alone is none."""
    case = await open_case(world)
    stages = [(await proposed(world, case, 1_500, reason="late")).offer.stage for _ in range(4)]

    assert stages == ["put", "put", "put", "awaiting"]
    await sound(world)


async def test_a_limit_that_is_lowered_is_in_nobodys_way(world):
    """What was promised yesterday is taken back today, although today less may be promised."""
    case = await open_case(world)
    offered = await proposed(world, case, 5_000)
    world.house = world.made_house(currency="EUR", means=Means(per_month=100_000, per_case=1_000))

    declined = await acted(world, lambda scene: offers.decline(scene, offered.offer.id, 1))

    assert declined.done
    assert (await sound(world)).lines == 2
    assert not (await proposed(world, case, 5_000)).done


async def test_the_table_itself_refuses_what_passes_a_limit(world):
    """The last wall stands where no code of ours can forget it."""
    await proposed(world, await open_case(world), 2_000)
    with pytest.raises(sqlite3.IntegrityError):
        await world.run(lambda unit: unit.execute("UPDATE spending SET held = most + 1"))


async def test_what_was_weighed_wrongly_undoes_the_turn(world, monkeypatch):
    """The statement that adds looks at the limit again, whatever was believed before."""
    case = await open_case(world)
    monkeypatch.setattr(offers_books, "decide", lambda *_: OnTheSpot())
    with pytest.raises(offers_books.OverLimit):
        await proposed(world, case, 6_000)

    assert await world.count("SELECT COUNT(*) FROM offer") == 0
    assert await world.count("SELECT COUNT(*) FROM ledger_entry") == 0


async def test_the_teams_budget_binds_the_manager_too(world):
    """Above it nobody may, until somebody raises it."""
    case = await open_case(world)
    refused = await proposed(world, case, 100_001, "Ben", "A flood")

    assert not refused.done
    assert refused.offer is None
    assert "1000.00 EUR" in say(refused.said, "en")


async def test_a_reason_is_asked_for_above_the_authority_only(world):
    """Whoever has to agree wants to know why; within the authority nobody has to explain themselves."""
    case = await open_case(world)

    assert (await proposed(world, case, 20_000)).wants_reason
    assert (await proposed(world, case, 2_000)).done


async def test_two_have_to_agree_above_the_second_limit(world):
    """Four eyes, one pair of them a manager's."""
    case = await open_case(world)
    offered = await proposed(world, case, 60_000, reason="A flood")
    first = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Eva")))
    twice = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Eva")))
    second = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Mia")))

    assert first.offer.stage == "awaiting"
    assert not twice.done
    assert second.offer.stage == "put"
    await sound(world)


async def test_who_changed_an_offer_agrees_to_it_no_more(world):
    """An approver who amends is an author."""
    case = await open_case(world)
    offered = await proposed(world, case, 20_000, reason="A flood")
    amended = await acted(
        world, lambda scene: offers.amend(scene, offered.offer.id, 1, member(scene, "Eva"), voucher(25_000))
    )
    await acted(world, lambda scene: offers.ask(scene, offered.offer.id, 2, member(scene, "Eva")))
    own = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 2, member(scene, "Eva")))
    stale = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Mia")))

    assert amended.done
    assert not own.done
    assert not stale.done


async def test_nobody_answers_and_it_is_never_a_yes(world):
    """It climbs from the supervisor to the manager, and is asked again; a month of silence gives nothing."""
    case = await open_case(world)
    offered = await proposed(world, case, 20_000, reason="A flood")
    for _ in range(40):
        world.clock.pass_by(16 * 60)
        await world.fire_due()

    row = await world.run(lambda unit: unit.offers.get(offered.offer.id))
    assert row.stage == "awaiting"
    assert any("Your yes is needed" in text for text in await world.texts(MIA))
    assert any("Nobody answered yet" in text for text in await world.texts(BEN))
    assert await world.count("SELECT COUNT(*) FROM ledger_entry") == 0


async def test_where_nobody_could_agree_it_is_said_at_once(tmp_path):
    """Waiting for somebody who is not there is the worst answer."""
    world = await World.open(tmp_path / "alone.db", currency="EUR")
    await world.staff("Ben", BEN)
    await world.receive(world.wrote(ANA, "/start"))
    refused = await proposed(world, await open_case(world), 2_000, reason="late")
    await world.close()

    assert not refused.done
    assert "Nobody here can agree" in say(refused.said, "en")


async def test_without_a_currency_gifts_can_still_be_given(tmp_path):
    """A coffee has no price where nobody counts."""
    world = await World.open(tmp_path / "gifts.db", means=Means(per_case=0))
    await world.staff("Ben", BEN)
    await world.receive(world.wrote(ANA, "/start"))
    case = await open_case(world)
    money = await acted(world, lambda scene: offers.propose(scene, case, member(scene, "Ben"), voucher(100), "", ""))
    gift = Wish("gift", Money(0, "XXX"))
    given = await acted(world, lambda scene: offers.propose(scene, case, member(scene, "Ben"), gift, "a coffee", ""))
    texts = await world.texts(ANA)
    await sound(world)
    await world.close()

    assert "business.currency" in say(money.said, "en")
    assert given.done
    assert "a coffee" in texts[-1]


async def test_lent_authority_ends(world):
    """Who stands in for somebody on holiday may give no more when they are back."""
    case = await open_case(world)
    until = world.clock.now() + 1_000
    await world.run(
        lambda unit: unit.execute(
            "UPDATE staff_member SET per_case = 9000, authority_ends_at = :at WHERE name = 'Ben'", {"at": until}
        )
    )
    before = await proposed(world, case, 4_900)
    more = await proposed(world, case, 3_000)
    world.clock.pass_by(2)

    assert (before.offer.stage, more.offer.stage) == ("put", "put")
    assert (await proposed(world, case, 200, reason="late")).offer.stage == "awaiting"


async def test_when_lent_authority_ends_what_everybody_may_give_is_left(world):
    """Coming back from holiday takes nothing from who stood in."""
    case = await open_case(world)
    await world.run(
        lambda unit: unit.execute("UPDATE staff_member SET per_case = 90000, authority_ends_at = 1 WHERE name = 'Ben'")
    )

    assert (await proposed(world, case, 5_000)).offer.stage == "put"
    assert (await proposed(world, case, 100, reason="late")).offer.stage == "awaiting"


async def test_a_code_is_good_until_its_last_day_is_over(world):
    """People read a date, not an hour: on the evening of the day that stands there it is still good."""
    case = await open_case(world)  # at noon
    offered = await proposed(world, case, 2_000)
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))
    code = await world.run(lambda unit: unit.vouchers.of_offer(offered.offer.id).code)
    world.clock.pass_by(90 * 86_400 + 11.9 * 3_600)

    assert "until 31 May 2026" in (await world.texts(ANA))[-1]
    assert f"{moment(world.clock.now()):%d %B}" == "31 May"
    assert (await acted(world, lambda scene: offers.redeem(scene, code, "operator"))).done


async def test_a_voucher_is_not_done_by_hand(world):
    """It is redeemed by its code, or the code would still look good."""
    offered = await proposed(world, await open_case(world), 2_000)
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))

    done = await acted(world, lambda scene: offers.carried_out(scene, offered.offer.id, member(scene, "Ben")))

    assert not done.done


async def test_an_offer_that_is_left_has_an_heir(world):
    """Nobody's promise dies with their contract."""
    case = await open_case(world)
    offered = await proposed(world, case, 20_000, reason="A flood")

    def leave(scene):
        ben, mia = member(scene, "Ben"), member(scene, "Mia")
        offers.staff_left(scene, ben, mia)
        scene.unit.staff.remove(ben.id, scene.now)

    await acted(world, leave)
    own = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Mia")))
    other = await acted(world, lambda scene: offers.approve(scene, offered.offer.id, 1, member(scene, "Eva")))

    assert not own.done
    assert other.done
    assert any("This offer is yours now" in text for text in await world.texts(MIA))


async def test_a_thank_you_is_given_once_a_case(world):
    """Whoever complains helps us; but nobody is paid for complaining twice."""
    case = await open_case(world)
    first = await acted(world, lambda scene: offers.thank(scene, case, voucher(500), ""))
    second = await acted(world, lambda scene: offers.thank(scene, case, voucher(500), ""))

    assert first.stage == "put"
    assert first.owner_id is None
    assert second is None
    assert "Thank you for telling us" in (await world.texts(ANA))[-1]
    await sound(world)


async def test_what_is_no_voucher_is_carried_out_by_its_owner(world):
    """A refund is done when somebody did it, and the customer hears so."""
    case = await open_case(world)
    offered = await proposed(world, case, 3_000, kind="refund")
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))
    assert await world.count("SELECT COUNT(*) FROM task WHERE kind = 'carry_out' AND done_at IS NULL") == 1

    done = await acted(world, lambda scene: offers.carried_out(scene, offered.offer.id, member(scene, "Ben")))

    assert done.done
    assert await world.count("SELECT COUNT(*) FROM task WHERE kind = 'carry_out' AND done_at IS NULL") == 0
    assert "It is done: €30.00 back" in (await world.texts(ANA))[-1]
    await sound(world)


async def test_a_redemption_that_was_a_mistake_gives_the_voucher_back(world):
    """The customer showed the wrong code, or the till had the wrong line: it is theirs again, once."""
    case = await open_case(world)
    offered = await proposed(world, case, 2_000)
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))
    code = await world.run(lambda unit: unit.vouchers.of_offer(offered.offer.id).code)
    await acted(world, lambda scene: offers.redeem(scene, code, "operator"))
    held = "SELECT SUM(held) FROM spending"
    before = await world.count(held)
    ways = (offers.undo, offers.undo, offers.redeem, offers.redeem)
    done = [(await acted(world, lambda scene, way=way: way(scene, code, "operator"))).done for way in ways]

    assert done == [True, False, True, False]
    assert await world.count(held) == before
    assert [line.movement for line in await world.run(lambda unit: unit.ledger.page(1, 0, 10))] == [
        "reserved", "spent", "returned", "reserved", "spent",
    ]  # fmt: skip
    await sound(world)


async def test_a_limit_that_was_lowered_since_takes_no_voucher(world):
    """Giving a voucher back gives nothing that was not given before."""
    case = await open_case(world)
    offered = await proposed(world, case, 2_000)
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))
    code = await world.run(lambda unit: unit.vouchers.of_offer(offered.offer.id).code)
    await acted(world, lambda scene: offers.redeem(scene, code, "operator"))
    await world.run(lambda unit: unit.staff.change(replace(unit.staff.by_name(1, "Ben"), per_case=1, per_day=1)))

    assert (await acted(world, lambda scene: offers.undo(scene, code, "operator"))).done
    await sound(world)


@pytest.mark.parametrize(("days", "left"), [(1, 89), (80, 10), (89, 1), (200, 80)])
async def test_a_voucher_that_was_away_has_the_time_it_had(world, days, left):
    """Redeemed by mistake on the tenth day; whenever that is found out, its customer has what they had, or more."""
    case = await open_case(world)
    offered = await proposed(world, case, 2_000)
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))
    found = await world.run(lambda unit: unit.vouchers.of_offer(offered.offer.id))
    redeemed_on = min(days, 10)
    world.clock.pass_by(redeemed_on * 86_400)
    await acted(world, lambda scene: offers.redeem(scene, found.code, "operator"))
    world.clock.pass_by((days - redeemed_on) * 86_400)
    undone = await acted(world, lambda scene: offers.undo(scene, found.code, "operator"))

    until = undone.voucher.valid_until
    assert (until - world.clock.now()) // 86_400_000 == left
    world.clock.pass_by((until - world.clock.now()) / 1000 - 1)
    await world.fire_due()
    assert (await acted(world, lambda scene: offers.redeem(scene, found.code, "operator"))).done


async def test_a_voucher_given_back_lapses_in_its_time(world):
    """What is given back is watched over as it was before."""
    case = await open_case(world)
    offered = await proposed(world, case, 2_000)
    await acted(world, lambda scene: offers.accept(scene, offered.offer.id, 1))
    code = await world.run(lambda unit: unit.vouchers.of_offer(offered.offer.id).code)
    await acted(world, lambda scene: offers.redeem(scene, code, "operator"))
    world.clock.pass_by(200 * 86_400)
    await world.fire_due()
    await acted(world, lambda scene: offers.undo(scene, code, "operator"))
    world.clock.pass_by(100 * 86_400)
    await world.fire_due()

    assert await world.count("SELECT COUNT(*) FROM offer WHERE stage = 'lapsed'") == 1
    assert await world.count("SELECT SUM(held) FROM spending") == 0
    await sound(world)


async def test_who_writes_into_the_books_is_found_out(world):
    """An amount changed, a line dropped, a sum lowered: each shows."""
    case = await open_case(world)
    await proposed(world, case, 2_000)
    await proposed(world, case, 1_000)
    await world.run(lambda unit: unit.execute("UPDATE ledger_entry SET worth = 100 WHERE number = 1"))
    await world.run(lambda unit: unit.execute("UPDATE spending SET held = 0 WHERE scope = 'team_month'"))

    found = await world.run(lambda unit: offers_checking.look(unit, 1))

    assert found.broken == 1
    assert found.unequal == (1,)
    assert found.sums


PLAN = """
[[plan]]
key = "moment"
like = "short"
touchpoints = ["service"]
thanks_with = { kind = "gift", what.en = "a coffee on the house", what.zh-Hans = "一杯咖啡" }
"""


@pytest.fixture
async def thankful(tmp_path):
    """A shop whose plan thanks whoever complains about its service."""
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "plans.toml").write_text(PLAN, "utf-8")
    world = await World.open(tmp_path / "makegood.db", shelved=Shelved(folder))
    await world.staff("Ben", BEN)
    await world.receive(world.wrote(ANA, "/start"))
    yield world
    await world.close()


async def test_a_touchpoint_thanks_whoever_complains(thankful):
    """Some minutes after the apology, when there was time to say what went wrong; and once."""
    for words in ("1", "The soup was cold"):
        await thankful.receive(thankful.wrote(ANA, words))
    thankful.clock.pass_by(4 * 60)
    await thankful.fire_due()
    before = await thankful.count("SELECT COUNT(*) FROM offer")
    thankful.clock.pass_by(2 * 60)
    await thankful.fire_due()
    await thankful.fire_due()

    assert before == 0
    assert await thankful.count("SELECT COUNT(*) FROM offer") == 1
    assert "a coffee on the house" in (await thankful.texts(ANA))[-1]
    await sound(thankful)


async def test_a_slip_of_the_finger_is_not_thanked(thankful):
    """Who corrects the rating had nothing to complain about."""
    await thankful.receive(thankful.wrote(ANA, "1"))

    def correct(scene):
        [case] = scene.unit.cases.listing(1)
        casework.tell(scene, case, case_machine.Corrected(), "customer")

    await acted(thankful, correct)
    thankful.clock.pass_by(6 * 60)
    await thankful.fire_due()

    assert await thankful.count("SELECT COUNT(*) FROM recovery_case WHERE outcome = 'corrected'") == 1
    assert await thankful.count("SELECT COUNT(*) FROM offer") == 0


async def test_a_voucher_of_march_burdens_march(tmp_path):
    """Otherwise a till that redeems late would spend what April still needs."""
    means = Means(per_month=5_000, per_case=5_000)
    world = await World.open(tmp_path / "makegood.db", currency="EUR", means=means, zone="Asia/Shanghai")
    await world.staff("Ben", BEN)
    for chat in (ANA, "78", "79"):
        await world.receive(world.wrote(chat, "/start"))
    march = await proposed(world, await open_case(world), 5_000)
    full = await proposed(world, await open_case(world, "78"), 100)
    world.clock.pass_by((29 * 24 + 4) * 3_600)  # 31 March, 16:00 UTC: in Shanghai April has just begun
    april = await proposed(world, await open_case(world, "79"), 5_000)
    stands = await world.run(lambda unit: unit.offers.get(march.offer.id).stage)
    sums = await world.run(
        lambda unit: [(row.period, row.held) for row in unit.spending.listing(1) if row.scope == "team_month"]
    )
    await sound(world)
    await world.close()

    assert (full.done, april.done, stands) == (False, True, "put")
    assert sums == [(2026 * 12 + 3, 5_000), (2026 * 12 + 4, 5_000)]
