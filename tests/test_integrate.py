"""docs/integrate.md, run from its first block to its last against a real installation, as its reader would.

Console and Python blocks run in one shell, PHP blocks beside them; a block of JSON or text after one is what it must
print, moments and secrets apart; a comment says what a customer does meanwhile. A block after "save this as" is a file.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx
import pytest

from bot import offers
from bot.clock import Clock
from bot.demo.phone import Phone
from bot.outgoing import Outgoing
from bot.scene import Scene
from bot.settings.houses import house_of
from bot.settings.sections import Business, Config, Recovery
from recovery.authority import Wish
from recovery.money import Money
from storage.database import Database
from storage.unit import Unit
from tests.waiting import LIMIT

ROOT: Final = Path(__file__).parent.parent
DOCUMENT: Final = ROOT / "docs" / "integrate.md"
SECRET: Final = "whsec_bWFrZWdvb2QgdGVzdHMgc2lnbiB3aXRoIHRoaXMga2V5"
PATIENCE: Final = 60.0

_PIECE: Final = re.compile(r"^```(\w+)\n(.*?)^```$|^<!-- (.*?) -->$", re.MULTILINE | re.DOTALL)
_FILE: Final = re.compile(r"as `([\w.]+)`:\s*\Z")
_ACT: Final = re.compile(r"(?P<name>.+) opens the link and answers: (?P<words>.+)")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z")

pytestmark = pytest.mark.skipif(
    bool(missing := [name for name in ("bash", "curl", "php") if shutil.which(name) is None]),
    reason=f"docs/integrate.md is run with {', '.join(missing)}, which this machine lacks (make test installs them)",
)


class Piece(NamedTuple):
    """A block of the document, or what a comment says: its language (or "act"), its text, and the file it is."""

    kind: str
    text: str
    file: str = ""


def pieces() -> list[Piece]:
    source = DOCUMENT.read_text(encoding="utf-8")
    found = []
    for match in _PIECE.finditer(source):
        named = _FILE.search(source[: match.start()])
        kind = "act" if match[3] else match[1]
        found.append(Piece(kind, match[3] or match[2], named[1] if named else ""))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Shell:
    """The reader's terminal: one shell, so that what is exported stays, with `makegood` and `python3` on its path."""

    def __init__(self, folder: Path) -> None:
        commands = folder / "bin"
        commands.mkdir()
        for name, command in {"makegood": f"{sys.executable} -m bot", "python3": sys.executable}.items():
            (commands / name).write_text(f'#!/bin/sh\nexec {command} "$@"\n')
            (commands / name).chmod(0o755)
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MAKEGOOD_")},
            "PATH": f"{commands}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "NO_PROXY": "*",
        }
        self.process = subprocess.Popen(
            ["bash"],
            cwd=folder,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, code: str) -> str:
        """Run a block and return what it printed. It must end well, and in time."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        too_long = threading.Timer(PATIENCE, self.close)
        too_long.start()
        self.process.stdin.write(f"{{\n{code}\n}} 2>>errors.txt\nprintf '\\n#over %s\\n' $?\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line.startswith("#over "):
                break
            lines.append(line)
        else:
            pytest.fail(f"the shell ended during:\n{code}")
        too_long.cancel()
        printed = "".join(lines).strip()
        assert line == "#over 0\n", f"{code}\nended with {line}{printed}"
        return printed

    def close(self) -> None:
        """End the shell and whatever was started in it."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()


class Place:
    """A folder with a running installation, and the ports that the document's addresses stand for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.receiving = free_port(), free_port()
        self.shell = Shell(folder)
        settings = [self.here(piece.text) for piece in pieces() if piece.kind == "toml" and not piece.file]
        (folder / "config.toml").write_text(f"[web]\nport = {self.port}\n\n" + "\n".join(settings))
        self.running = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], cwd=folder, env=self.shell.env, stderr=subprocess.PIPE, text=True
        )
        assert self.running.stderr is not None
        for line in self.running.stderr:
            if "ready:" in line:
                break
        self.reading = threading.Thread(target=lambda: [None for _ in self.running.stderr or ()])
        self.reading.start()

    def here(self, text: str) -> str:
        """Return a text of the document with this place's own ports and secret."""
        text = text.replace("127.0.0.1:8765", f"127.0.0.1:{self.port}").replace("whsec_...", SECRET)
        return text.replace("127.0.0.1:9000", f"127.0.0.1:{self.receiving}").replace(
            '("127.0.0.1", 9000)', f'("127.0.0.1", {self.receiving})'
        )

    def close(self) -> None:
        self.running.terminate()
        assert self.running.wait(timeout=LIMIT) == 0
        self.reading.join()
        assert self.running.stderr is not None
        self.running.stderr.close()
        self.shell.close()

    def act(self, customer: str, *words: str, asks: str = "?", ends: str = "Thank you") -> None:
        """A customer opens a personal link in the web chat and answers what asks, until what ends."""
        asyncio.run(self._act(customer, words, asks, ends))

    async def _act(self, customer: str, words: tuple[str, ...], asks: str, ends: str) -> None:
        base = f"http://127.0.0.1:{self.port}"
        made = self.shell.run(f'curl -sS -X POST {base}/v1/customers/{customer}/links -H "Authorization: Bearer $KEY"')
        token = json.loads(made)["webchat"].rpartition("/")[2]
        async with Phone(base, customer, token, "en") as phone:
            for said in words:
                await phone.hears(asks)
                await phone.types(said)
            await phone.hears(ends)

    def accept(self, customer: str, amount: int) -> None:
        """A manager offers a customer with an open case a voucher, and they take it."""
        asyncio.run(self._accept(customer, amount))

    async def _accept(self, customer: str, amount: int) -> None:
        database = await Database.open(self.folder / "data" / "makegood.db")
        config = Config(business=Business(currency="EUR"), recovery=Recovery(per_case="100"))

        def work(unit: Unit) -> None:
            now = Clock().now()
            scene = Scene(unit, house_of(config), Outgoing(unit, now), now)
            known = unit.customers.by_reference(1, customer)
            assert known is not None
            case = unit.cases.open_of(known.id)
            assert case is not None
            ben = unit.staff.add(1, "Ben", "staff", "en", now)
            offered = offers.propose(scene, case, ben, Wish("voucher", Money(amount, "EUR")), "", "")
            assert offered.offer is not None
            assert offers.accept(scene, offered.offer.id, 1).done

        try:
            await database.run(work)
        finally:
            await database.close()

    def start(self, receiver: str) -> None:
        """Start a receiver in place of the one that runs, if one does, and wait until it listens."""
        for piece in pieces():
            if piece.file:
                (self.folder / piece.file).write_text(self.here(piece.text), encoding="utf-8")
        self.shell.run("for job in $(jobs -p); do kill $job; wait $job; done; rm -f received.txt")
        self.shell.run(f"export WEBHOOK_SECRET={SECRET}; {self.here(receiver)} &")
        listens = f"(exec 3<>/dev/tcp/127.0.0.1/{self.receiving})"
        self.shell.run(f"until {listens}; do :; done")

    def received(self, wanted: str) -> bool:
        """Wait until a receiver wrote that down."""
        file = self.folder / "received.txt"
        return (
            self.shell.run(f"timeout {LIMIT:.0f} sh -c 'until grep -q \"{wanted}\" {file}; do :; done'; echo $?") == "0"
        )


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("integrate"))
    yield made
    made.close()


def like(wanted: Any, found: Any) -> bool:
    """Whether an answer is as the document shows it: all its members, moments for moments, `…` for anything."""
    if isinstance(wanted, dict):
        return (
            isinstance(found, dict) and wanted.keys() == found.keys() and all(like(wanted[k], found[k]) for k in wanted)
        )
    if isinstance(wanted, list):
        return isinstance(found, list) and len(wanted) == len(found) and all(map(like, wanted, found))
    if isinstance(wanted, str) and _MOMENT.fullmatch(wanted):
        return isinstance(found, str) and _MOMENT.fullmatch(found) is not None
    if isinstance(wanted, str) and "…" in wanted:
        parts = ".+".join(re.escape(part) for part in wanted.split("…"))
        return isinstance(found, str) and re.fullmatch(parts, found) is not None
    return bool(wanted == found)


def test_the_document_does_what_it_says(place):
    """From the key to the webhook received, each block in its turn, with the answers that are printed in it."""
    printed = ""
    for piece in pieces():
        text = place.here(piece.text)
        match piece.kind:
            case "act":
                act = _ACT.fullmatch(piece.text)
                if act is None:
                    place.accept("c-1042", 2_000)
                else:
                    place.act("c-1042", *act["words"].split(", then: "))
            case _ if piece.file:
                (place.folder / piece.file).write_text(text, encoding="utf-8")
            case "console":
                printed = place.shell.run(text)
            case "python" | "php":
                (place.folder / f"block.{piece.kind}").write_text(text, encoding="utf-8")
                printed = place.shell.run(f"{'python3' if piece.kind == 'python' else 'php'} block.{piece.kind}")
            case "json":
                assert like(json.loads(text), json.loads(printed)), f"wanted\n{text}\nprinted\n{printed}"
            case "text":
                assert printed == text.strip()
    place.act("c-1043", "5", asks="？", ends="谢谢")
    assert place.received("response.completed c-1043")


@pytest.mark.parametrize(
    "receiver", ["python3 receive.py > received.txt", "php -S 127.0.0.1:9000 receive.php > php.txt"]
)
def test_a_receiver_takes_what_is_genuine_and_nothing_else(place, receiver):
    """A receiver that believes anybody would let anybody write into the business's own books."""
    place.start(receiver)
    address = f"http://127.0.0.1:{place.receiving}/makegood"
    forged = {"webhook-id": "m-1", "webhook-timestamp": "1772445600", "webhook-signature": "v1,AAAA"}

    assert httpx.post(address, json={"type": "case.opened"}).status_code == 401
    assert httpx.post(address, json={"type": "case.opened"}, headers=forged).status_code == 401
    assert "answered 204" in place.shell.run("makegood webhooks test shop --type case.opened")
    assert place.received("case.opened sample")


def test_every_block_of_the_document_is_run():
    """A language that nobody runs would be one that may lie; HTML and settings are read by other tests."""
    kinds = {piece.kind for piece in pieces()}

    assert kinds == {"console", "python", "php", "json", "text", "toml", "html", "act"}
