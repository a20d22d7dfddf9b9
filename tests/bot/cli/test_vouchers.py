"""Codes from the command line: brought in by thousands, shown, redeemed once; and what the books say of it."""

import asyncio
import csv
import io
from pathlib import Path

import pytest

from bot import offers
from bot.clock import Clock
from bot.outgoing import Outgoing
from bot.scene import Scene
from bot.settings.houses import house_of
from bot.settings.sections import Business, Config, Recovery
from recovery import cases
from recovery.authority import Wish
from recovery.money import Money
from storage.database import Database

CONFIG = '[business]\nname = "Corner"\ncurrency = "EUR"\n'
EUROS = Config(business=Business(currency="EUR"), recovery=Recovery(per_case="100"))


@pytest.fixture
def shop(place: Path, makegood):
    """A shop that counts in euros."""
    (place / "config.toml").write_text(CONFIG, "utf-8")
    makegood("staff", "invite", "Ben")
    return makegood


def given(place: Path, amount: int) -> str:
    """Ana has a case, is offered a voucher and takes it: the code of it."""

    async def work() -> str:
        database = await Database.open(place / "data" / "makegood.db")
        try:
            return await database.run(lambda unit: _given(unit, amount))
        finally:
            await database.close()

    return asyncio.run(work())


def _given(unit, amount):
    now = Clock().now()
    scene = Scene(unit, house_of(EUROS), Outgoing(unit, now), now)
    ana = unit.customers.ensure(1, "c-1", now, "Ana")
    address = unit.addresses.add(1, "telegram", "71", "customer", now, customer_id=ana.id)
    decision = cases.opened(now, cases.STEP, urgent=False)
    case = unit.cases.open(1, ana.id, address.id, "complaint", cases.save(decision.case), decision.case.stage, now)
    offered = offers.propose(scene, case, unit.staff.by_name(1, "Ben"), Wish("voucher", Money(amount, "EUR")), "", "")
    assert offered.offer is not None
    offers.accept(scene, offered.offer.id, 1)
    return str(unit.vouchers.of_offer(offered.offer.id).code)


def test_ten_thousand_codes_are_brought_in_and_the_doubtful_named(shop, place):
    """A till prints its codes by the thousand; one that is in the file twice is one voucher."""
    codes = [f"LAMP-{number:05}" for number in range(10_000)]
    (place / "codes.csv").write_text("code,note\n" + "".join(f"{code},x\n" for code in [*codes, codes[7]]), "utf-8")
    first = shop("voucher", "import", "codes.csv", "--worth", "20")
    again = shop("voucher", "import", "codes.csv", "--worth", "20")
    listed = shop("voucher", "list")

    assert first.out == "10000 codes brought in as codes.\n"
    assert "1 twice in the file, and brought in once: LAMP-00007" in first.err
    assert again.out.startswith("0 codes brought in")
    assert "10000 here already, and left as they were: LAMP-00000" in again.err
    assert "10000 free of 10000" in listed.out


@pytest.mark.parametrize(
    ("content", "arguments", "said"),
    [
        ("", (), "holds no codes"),
        ("code\n", (), "holds no codes"),
        ("A B\n", (), "without a blank"),
        ("A1\n", ("--worth", "1,000"), "must be an amount in EUR"),
        ("A1\n", ("--worth", "20 USD"), "must be an amount in EUR"),
    ],
)
def test_what_cannot_be_brought_in_is_told(shop, place, content, arguments, said):
    """A wrong guess about money is worse than a question."""
    (place / "codes.csv").write_text(content, "utf-8")
    told = shop("voucher", "import", "codes.csv", *arguments)

    assert told.code == 2
    assert said in told.err


def test_a_code_is_shown_redeemed_once_and_taken_back(shop, place):
    """The whole life of a voucher at a counter without a till."""
    code = given(place, 2_050)
    shown = shop("voucher", "show", code.lower())
    first = shop("voucher", "redeem", code)
    second = shop("voucher", "redeem", code)
    back = shop("voucher", "redeem", code, "--undo")

    assert "20.50 EUR" in shown.out
    assert "good" in shown.out
    assert first.code == 0
    assert (second.code, "was redeemed already, at 20" in second.err) == (2, True)
    assert "good, until" in back.out
    assert [shop("voucher", "redeem", code).code for _ in range(2)] == [0, 2]


def test_the_ledger_says_what_it_cost(shop, place):
    """By month for who looks, line by line for the books."""
    code = given(place, 2_050)
    promised = shop("ledger").out
    shop("voucher", "redeem", code)
    lines = list(csv.DictReader(io.StringIO(shop("ledger", "--csv").out)))

    assert "promised        20.50 EUR" in promised
    assert "given        20.50 EUR" in shop("ledger").out
    assert [(line["movement"], line["amount"], line["person"], line["ground"]) for line in lines] == [
        ("reserved", "20.50", "Ben", "own"),
        ("spent", "20.50", "Ben", "own"),
    ]


def test_verify_proves_the_books(shop, place):
    """Who lowers an amount in the database is found out, with the line."""
    given(place, 2_050)
    assert "Ledger: 1, each line as it was written" in shop("verify").out

    async def cheat() -> None:
        database = await Database.open(place / "data" / "makegood.db")
        await database.run(lambda unit: unit.execute("UPDATE ledger_entry SET worth = 50"))
        await database.close()

    asyncio.run(cheat())
    told = shop("verify")

    assert told.code == 1
    assert "Ledger: line 1 is not as it was written" in told.out


def test_another_currency_waits_for_the_offers_that_are_on_their_way(place, shop):
    """Twenty of one currency are not twenty of another."""

    async def put() -> None:
        database = await Database.open(place / "data" / "makegood.db")

        def work(unit):
            now = Clock().now()
            scene = Scene(unit, house_of(EUROS), Outgoing(unit, now), now)
            ana = unit.customers.ensure(1, "c-1", now, "Ana")
            address = unit.addresses.add(1, "telegram", "71", "customer", now, customer_id=ana.id)
            decision = cases.opened(now, cases.STEP, urgent=False)
            state = cases.save(decision.case)
            case = unit.cases.open(1, ana.id, address.id, "complaint", state, decision.case.stage, now)
            wish = Wish("voucher", Money(2_000, "EUR"))
            offers.propose(scene, case, unit.staff.by_name(1, "Ben"), wish, "", "")

        await database.run(work)
        await database.close()

    asyncio.run(put())
    told = shop("run", "--set", "business.currency=CNY", "--set", "web.port=0")

    assert told.code == 2
    assert "business.currency: offers are on their way to customers (1 in EUR)" in told.err
