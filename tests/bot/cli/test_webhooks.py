"""`makegood webhooks`: what is told, tried by hand, and sent again, as the operator types it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from storage.database import Database
from storage.notifications import NotificationNew
from tests.bot.cli.conftest import Printed
from tests.bot.notifying.receiving import SECRET


class Desk(HTTPServer):
    """A receiver in a thread of its own: commands bring their own event loop."""

    def __init__(self) -> None:
        self.got: list[dict[str, object]] = []
        self.status = 200
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: Desk

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.server.got.append(Webhook(SECRET).verify(body, headers))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"noted")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def desk() -> Iterator[Desk]:
    server = Desk()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def configured(place: Path, desk: Desk) -> Desk:
    """Settings with one webhook."""
    (place / "config.toml").write_text(
        f"""
        [webhooks.crm]
        url = "http://127.0.0.1:{desk.server_port}/hook?key=canary"
        secrets = ["{SECRET}"]
        types = ["case.opened", "message.waiting"]
        allow_private = true
        """,
        "utf-8",
    )
    return desk


def given_up(place: Path) -> None:
    """Have two notifications given up."""

    async def work() -> None:
        (place / "data").mkdir(mode=0o700, exist_ok=True)
        database = await Database.open(place / "data" / "makegood.db")

        def park(unit):
            for key in ("a", "b"):
                row = unit.notifications.add(
                    NotificationNew(
                        brand_id=1,
                        way="webhook:crm",
                        type="case.opened",
                        ident=f"msg_{key}",
                        payload="{}",
                        dedupe_key=key,
                        queued_at=1_772_452_800_000,
                    )
                )
                unit.notifications.mark_sending(row)
                unit.notifications.park(row, "status 410")

        await database.run(park)
        await database.close()

    asyncio.run(work())


Typed = Callable[..., Printed]


def test_a_trial_sends_a_sample_and_says_what_came_back(makegood: Typed, configured: Desk):
    """The receiver's author sees what will come, with a true signature."""
    told = makegood("webhooks", "test", "crm")

    assert (told.code, told.out) == (0, "crm answered 200: noted\n")
    assert configured.got[0]["type"] == "case.opened"
    assert makegood("webhooks", "test", "crm", "--type", "message.waiting").code == 0
    assert [each["type"] for each in configured.got] == ["case.opened", "message.waiting"]


def test_a_trial_that_is_not_taken_is_a_fault(makegood: Typed, configured: Desk):
    """Exit code 1, and the receiver's own words."""
    configured.status = 422
    told = makegood("webhooks", "test", "crm")

    assert told.code == 1
    assert "crm answered 422: noted" in told.err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("test", "nobody"), "there is no webhook 'nobody'"),
        (("test", "crm", "--type", "case.eaten"), "is no type"),
        (("test", "mail"), "no mail server is set"),
        (("retry", "nobody"), "There is no webhook 'nobody'"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(makegood: Typed, configured: Desk, line: tuple[str, ...], said: str):
    """With what to write instead."""
    told = makegood("webhooks", *line)

    assert told.code == 2
    assert said in told.err


def test_what_was_given_up_is_listed_and_sent_again(makegood: Typed, configured: Desk, place: Path):
    """With nothing running it waits for the next run."""
    given_up(place)
    listed = makegood("webhooks", "list").out

    assert "0 waiting, 2 given up" in listed
    assert "case.opened          2026-03-02 12:00  status 410" in listed
    assert makegood("webhooks", "retry", "1").out == "1 will be sent again.\n"
    assert makegood("webhooks", "retry", "crm").out == "1 will be sent again.\n"
    assert makegood("webhooks", "retry", "crm").out == "Nothing was given up there.\n"
    assert "2 waiting, 0 given up" in makegood("webhooks", "list").out


def test_a_listing_shows_the_host_and_no_more_of_the_address(makegood: Typed, configured: Desk):
    """What stands after it may be the receiver's key."""
    told = makegood("webhooks", "list").out

    assert f"127.0.0.1:{configured.server_port}: case.opened, message.waiting" in told
    assert "canary" not in told


def test_nothing_set_is_said_with_what_to_write(makegood: Typed):
    """An empty screen says nothing."""
    assert "write [webhooks.NAME] or [mail]" in makegood("webhooks", "list").err


def test_a_new_secret_is_one_that_the_settings_take(makegood: Typed, configured: Desk, place: Path):
    """And never the same twice."""
    made = [makegood("webhooks", "secret").out.strip() for _ in range(2)]
    settings = place / "config.toml"
    settings.write_text(settings.read_text("utf-8").replace(f'"{SECRET}"', f'"{made[0]}", "{made[1]}"'), "utf-8")

    assert made[0] != made[1]
    assert makegood("webhooks", "list").code == 0
