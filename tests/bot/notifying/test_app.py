"""Claims about the whole bot: from a word in the web chat to the receiver and the mailbox, and back into the chat."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.access.secrets import digest
from bot.app import App
from bot.channels.webchat import posts
from bot.channels.webchat.log import LinkRefused
from bot.clock import Clock, DemoClock
from bot.config import load
from bot.demo.world import working_day
from bot.links import make_link
from tests.bot.notifying.posting import PostOffice, post_office
from tests.bot.notifying.receiving import SECRET, Receiver, receiving
from tests.waiting import until

MAILBOX = "ana@example.com"
WORDS = "The lamp came broken and I am very angry"


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as office:
        yield office


@pytest.fixture
async def app(tmp_path: Path, receiver: Receiver, office: PostOffice) -> AsyncIterator[App]:
    """The bot without Telegram, with one webhook and a mail server, at ten on a working day."""
    (tmp_path / "config.toml").write_text(
        f"""
        [business]
        name = "Corner Shop"
        [web]
        public_url = "https://ask.shop.example"
        [webhooks.crm]
        url = "{receiver.url}"
        secrets = ["{SECRET}"]
        allow_private = true
        [mail]
        host = "127.0.0.1"
        port = {office.port}
        security = "none"
        sender = "hello@shop.example"
        [backup]
        every = "0s"
        """,
        "utf-8",
    )
    config = load(tmp_path / "config.toml", folder=tmp_path / "data", environ={}, make_secrets=True)
    app = App(config, DemoClock(working_day(Clock().real())))
    await app.start()
    yield app
    await app.stop()


async def complains(app: App) -> str:
    """Have a customer with a mailbox complain in the web chat, whose page is closed; return the chat."""
    now = app.clock.now()

    def customer(unit):
        known = unit.customers.ensure(1, "c-1", now, "Ana", "en")
        unit.execute("UPDATE customer SET email = :email WHERE id = :id", {"email": MAILBOX, "id": known.id})
        return make_link(unit, 1, "customer", now, customer_id=known.id)

    made = await app.database.run(customer)
    opened = await app.weblog.open(made.token, digest("session"))
    assert not isinstance(opened, LinkRefused)
    said = [
        posts.written(
            opened.chat, posts.heard(posts.Say(text=text, id=f"ident-{number:04}")), at=now, language="en", name=""
        )
        for number, text in enumerate(("/complain", WORDS))
    ]
    for update in (posts.started(opened.chat, made.token, at=now, language="en"), *said):
        await app.arrivals.receive([update])
        await app.turns.drain()
    return opened.chat


async def test_a_customer_who_left_the_page_is_led_back_by_mail_and_webhook(app, receiver, office):
    """The whole way: the case at once; a day later a candid word that nobody sees; announced; back into the chat."""
    chat = await complains(app)
    await receiver.has(1)
    assert receiver.verified()["type"] == "case.opened"

    app.clock.shift(timedelta(hours=24, minutes=1))
    await until(lambda: waiting_rows(app, "waiting"))
    app.clock.shift(timedelta(minutes=2))
    await receiver.has(2)
    await until(lambda: arrived(office))
    [mail] = office.mails
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"https://ask\.shop\.example/c/(\S+)", body.get_content())

    assert found is not None
    assert mail["To"] == MAILBOX
    told = receiver.verified(1)
    assert (told["type"], told["data"]["about"]) == ("message.waiting", "notice")
    assert told["data"]["link"] == found.group(0)
    assert WORDS not in json.dumps(told) + office.raw[0].decode()
    opened = await app.weblog.open(found.group(1), digest("telephone"))
    assert not isinstance(opened, LinkRefused)
    assert opened.chat == chat

    await until(lambda: waiting_rows(app, "sent"))
    left = await app.database.read(
        lambda unit: unit.all("SELECT payload FROM notification WHERE type = 'message.waiting'")
    )
    assert left == [("",), ("",)], "the link is forgotten once it was sent"


async def test_no_token_and_no_word_of_the_customer_stands_in_the_log(app, receiver, office, caplog):
    """G12: what leads into somebody's chat, and what they said there, is nobody's business who reads a log."""
    caplog.set_level("DEBUG")
    receiver.answers = [500]
    office.recipients = ["550 no such user"]
    await complains(app)
    app.clock.shift(timedelta(hours=24, minutes=1))
    await until(lambda: waiting_rows(app, "waiting"))
    app.clock.shift(timedelta(minutes=2))
    await until(lambda: waiting_rows(app, "parked"))
    payloads = await app.database.read(lambda unit: unit.all("SELECT payload FROM notification WHERE way = 'mail'"))
    token = json.loads(payloads[0][0])["link"].rpartition("/")[2]

    assert token
    assert [
        secret for secret in (token, MAILBOX, SECRET.removeprefix("whsec_"), "angry") if secret in ours(caplog)
    ] == []


def ours(caplog) -> str:
    """What our own loggers and the libraries at WARNING and above would write: the rest is not let through."""
    return "\n".join(
        record.getMessage()
        for record in caplog.records
        if record.name.startswith(("makegood", "bot")) or record.levelname in ("WARNING", "ERROR", "CRITICAL")
    )


async def waiting_rows(app: App, what: str) -> bool:
    """Whether a message lies in the chat and is to be seen to, or the announcements are in a state."""
    if what == "waiting":
        sql = """
            SELECT COUNT(*) FROM due WHERE kind = 'waiting' AND state = 'pending'
                AND NOT EXISTS (SELECT 1 FROM outbox WHERE state IN ('queued', 'sending'))
        """
    else:
        sql = f"SELECT COUNT(*) FROM notification WHERE type = 'message.waiting' AND state = '{what}'"
    [[count]] = await app.database.read(lambda unit: unit.all(sql))
    return int(count) >= (2 if what == "sent" else 1)


async def arrived(office: PostOffice) -> bool:
    return bool(office.mails)
