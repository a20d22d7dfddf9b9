"""Vouchers and offers over the API: a code is redeemed once, and a key agrees in somebody's name."""

import asyncio

import msgspec
import pytest

from bot import offers
from bot.access.secrets import digest
from bot.means import Means
from bot.outgoing import Outgoing
from bot.rest.counter import Counter
from bot.scene import Scene
from recovery import cases
from recovery.authority import Wish
from recovery.money import Money
from tests.bot.rest.conftest import KEY

EVAS = "mg_" + "e" * 32
BENS = "mg_" + "b" * 32
DAY = 86_400_000


@pytest.fixture
async def counter(counter):
    """The shop counts in euros; Ben may give 50 in a case, Eva supervises, and each has a key in their name."""
    house = msgspec.structs.replace(counter.house, currency="EUR", means=Means(per_case=5_000))

    def work(unit):
        ben = unit.staff.add(1, "Ben", "staff", "en", 0)
        eva = unit.staff.add(1, "Eva", "supervisor", "en", 0)
        for name, key, member in (("ben", BENS, ben), ("eva", EVAS, eva)):
            unit.api_keys.add(1, name, digest(key), key[-4:], 0, staff_member_id=member.id)

    await counter.database.run(work)
    return Counter(counter.database, house, counter.clock, counter.config)


@pytest.fixture
async def case(shop):
    """Ana's case."""
    await shop.opens_link("c-9")

    def work(unit):
        address = unit.addresses.at(1, "telegram", "71")
        decision = cases.opened(shop.counter.clock.now(), cases.STEP, urgent=False)
        state = cases.save(decision.case)
        return unit.cases.open(1, address.customer_id, address.id, "complaint", state, decision.case.stage, 0)

    return await shop.run(work)


async def act(shop, work):
    def turn(unit):
        now = shop.counter.clock.now()
        return work(Scene(unit, shop.counter.house, Outgoing(unit, now), now))

    return await shop.run(turn)


async def offered(shop, case, amount, reason=""):
    def work(scene):
        wish = Wish("voucher", Money(amount, "EUR"))
        return offers.propose(scene, case, scene.unit.staff.by_name(1, "Ben"), wish, "", reason).offer

    return await act(shop, work)


@pytest.fixture
async def code(shop, case):
    """The code of a voucher that Ana accepted."""
    offer = await offered(shop, case, 2_050)
    await act(shop, lambda scene: offers.accept(scene, offer.id, 1))
    return (await shop.run(lambda unit: unit.vouchers.of_offer(offer.id))).code


async def test_a_code_says_what_it_is_worth(shop, code):
    """The till asks before it takes anything off the bill."""
    told = (await shop.get(f"/v1/vouchers/{code}")).json()

    assert (told["worth"], told["currency"], told["state"]) == ("20.50", "EUR", "good")


async def test_a_code_is_redeemed_once(shop, code):
    """The second redemption is refused, and says when the first was."""
    first = await shop.post({}, path=f"/v1/vouchers/{code}/redeem")
    second = await shop.post({}, path=f"/v1/vouchers/{code}/redeem")

    assert (first.status_code, second.status_code) == (200, 409)
    assert first.json()["redeemed_by"] == "key:shop"
    assert second.headers["content-type"] == "application/problem+json"
    assert second.json()["type"] == "voucher-redeemed"
    assert second.json()["redeemed_at"] == first.json()["redeemed_at"]


async def test_the_same_key_gets_the_first_answer_again(shop, code):
    """A till whose line broke asks again, and must not be told that somebody else was quicker."""
    path = f"/v1/vouchers/{code}/redeem"
    first = await shop.post({}, path=path, idempotency_key="sale-77")
    again = await shop.post({}, path=path, idempotency_key="sale-77")
    other = await shop.post({}, path=path, idempotency_key="sale-78")

    assert (first.status_code, again.status_code, other.status_code) == (200, 200, 409)
    assert again.json() == first.json()
    assert await shop.count("ledger_entry") == 2


async def test_what_was_taken_back_is_not_redeemed_by_the_same_request(shop, code):
    """A request of this morning that a broken line delivers at noon must not spend what was given back meanwhile."""
    path = f"/v1/vouchers/{code}"
    await shop.post({}, path=f"{path}/redeem", idempotency_key="sale-77")
    undone = await shop.post({}, path=f"{path}/undo")
    twice = await shop.post({}, path=f"{path}/undo")
    late = await shop.post({}, path=f"{path}/redeem", idempotency_key="sale-77")
    anew = await shop.post({}, path=f"{path}/redeem", idempotency_key="sale-78")

    assert [answer.status_code for answer in (undone, twice, late, anew)] == [200, 409, 409, 200]
    assert (undone.json()["state"], undone.json()["redeemed_by"]) == ("good", None)
    assert "nothing to take back" in twice.json()["detail"]
    assert "taken back" in late.json()["detail"]


async def test_of_thirty_tills_at_once_one_redeems(shop, code):
    """A code that was photographed is tried in every branch."""
    answers = await asyncio.gather(*(shop.post({}, path=f"/v1/vouchers/{code}/redeem") for _ in range(30)))

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 29


async def test_a_code_that_came_too_late_is_refused_and_frees_its_money(shop, code, clock):
    """What was held for it is given to somebody else; the refusal itself must not undo that."""
    clock.at += 91 * DAY
    answer = await shop.post({}, path=f"/v1/vouchers/{code}/redeem")

    assert answer.status_code == 409
    assert [row[0] for row in await shop.rows("SELECT held FROM spending WHERE scope = 'team_month'")] == [0]


async def test_a_code_nobody_has_is_not_there(shop):
    """A slip of the finger is no refusal of a voucher."""
    assert (await shop.get("/v1/vouchers/AAAA-BBBB-CCCC")).status_code == 404
    assert (await shop.post({}, path="/v1/vouchers/AAAA-BBBB-CCCC/redeem")).status_code == 404


async def test_without_a_key_nothing_is_told(shop, code):
    """Whoever guesses codes has to have a key first."""
    assert (await shop.client.get(f"/v1/vouchers/{code}")).status_code == 401
    assert (await shop.client.post(f"/v1/vouchers/{code}/redeem")).status_code == 401


async def test_imported_codes_are_given_out_before_any_is_made(shop, operator, case):
    """The shop's till knows its own codes, and no others."""
    body = {"codes": ["LAMP-1", "LAMP-2", "LAMP-1"], "worth": "20", "pool": "spring"}
    told = (await operator.post("/v1/vouchers", json=body)).json()
    again = (await operator.post("/v1/vouchers", json=body)).json()
    offer = await offered(shop, case, 2_000)
    await act(shop, lambda scene: offers.accept(scene, offer.id, 1))

    assert told == {"taken_in": 2, "here_already": [], "given_twice": ["LAMP-1"]}
    assert again["here_already"] == ["LAMP-1", "LAMP-2"]
    assert (await shop.run(lambda unit: unit.vouchers.of_offer(offer.id))).code == "LAMP-1"
    assert (await shop.get("/v1/vouchers/LAMP-2")).json()["state"] == "free"
    assert (await shop.post({}, path="/v1/vouchers/LAMP-2/redeem")).status_code == 409


async def test_a_key_in_somebodys_name_says_their_yes(shop, case):
    """The company's own approval system is another way to the same tap."""
    offer = await offered(shop, case, 20_000, "Three days without light")
    path = f"/v1/offers/{offer.id}/approve"

    listed = (await shop.get("/v1/offers")).json()["offers"]
    anybodys = await shop.post({"revision": 1}, path=path)
    own = await shop.post({"revision": 1}, path=path, key=BENS)
    stale = await shop.post({"revision": 2}, path=path, key=EVAS)
    yes = await shop.post({"revision": 1}, path=path, key=EVAS)

    assert [(one["id"], one["worth"], one["revision"]) for one in listed] == [(offer.id, "200.00", 1)]
    assert anybodys.status_code == 403
    assert own.status_code == 409
    assert stale.status_code == 409
    assert yes.status_code == 200
    assert yes.json()["agreed"] == ["Eva"]
    assert yes.json()["stage"] == "put"


async def test_a_key_of_somebody_who_left_decides_nothing(shop, case):
    """Whoever goes takes their yes along, at once."""
    offer = await offered(shop, case, 20_000, "Three days without light")
    await shop.run(lambda unit: unit.staff.remove(unit.staff.by_name(1, "Eva").id, shop.counter.clock.now()))

    assert (await shop.post({"revision": 1}, path=f"/v1/offers/{offer.id}/approve", key=EVAS)).status_code == 409


async def test_a_key_is_made_in_somebodys_name(shop, operator):
    """Only a staff member that there is can lend their name."""
    made = await operator.post("/v1/keys", json={"name": "approvals", "for": "Eva"})
    nobody = await operator.post("/v1/keys", json={"name": "ghost", "for": "Nobody"})

    assert made.status_code == 201
    assert nobody.status_code == 422
    assert await shop.rows("SELECT name FROM api_key WHERE staff_member_id IS NOT NULL ORDER BY name") == [
        ("approvals",),
        ("ben",),
        ("eva",),
    ]


async def test_only_the_operator_brings_codes_in(shop):
    """Whoever may redeem may not make money."""
    assert (await shop.post({"codes": ["X1"]}, path="/v1/vouchers", key=KEY)).status_code == 403
