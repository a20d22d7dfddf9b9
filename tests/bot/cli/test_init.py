"""`makegood init`: everything from one command, again without harm, and nothing before somebody agrees."""

import os
import pty
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot.config import load
from tests.fake_telegram import TOKEN, FakeTelegram

GIVEN = (
    "--business",
    "The Shop",
    "--zone",
    "berlin",
    "--language",
    "en",
    "--survey",
    "pulse",
    "--admin",
    "Ana",
    "--yes",
)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LANG", "C.UTF-8")


def files(place: Path) -> dict[str, bytes]:
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*.[ts]*") if path.is_file()}


def test_a_script_answers_in_advance(makegood, place):
    """One command makes everything that a first run needs, and what it made is what it was told."""
    told = makegood("init", *GIVEN)
    config = load(environ={})

    assert told.code == 0, told.err
    assert (config.business.name, config.business.zone, config.telegram.start_survey) == (
        "The Shop",
        "Europe/Berlin",
        "pulse",
    )
    assert "Ana becomes admin" in told.out
    assert "▀" in told.out or "█" in told.out
    assert (place / "makegood.service").exists()
    assert (place / "data" / "secrets.toml").stat().st_mode & 0o077 == 0
    assert makegood("check").code == 0
    assert "Ana" in makegood("staff", "list").out


def test_asked_again_it_changes_only_what_is_said(makegood, place):
    """And keeps comments, other settings, secrets and the unit; nobody is made admin twice."""
    makegood("init", *GIVEN)
    config = place / "config.toml"
    config.write_text(config.read_text() + "\n# Eva: quieter\n[contact]\ncooldown = '30d'\n")
    (place / "makegood.service").write_text("ours")
    before = files(place)
    told = makegood("init", "--business", "The New Shop", "--yes")
    after = files(place)

    assert told.code == 0, told.err
    assert "becomes admin" not in told.out
    assert after["config.toml"] == before["config.toml"].replace(b"The Shop", b"The New Shop")
    assert {key: after[key] for key in before if key != "config.toml"} == {
        key: value for key, value in before.items() if key != "config.toml"
    }
    assert before["config.toml"] in after.values()
    assert files(place) == after
    assert "becomes admin" in makegood("init", "--new-admin-link", "--admin", "Ana", "--yes").out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("init",), "nobody can be asked here"),
        (("init", "--yes"), "Please write a name"),
        (("init", *GIVEN, "--zone", "nowhere"), "There is no such time zone"),
        (("init", *GIVEN, "--zone", "indiana"), "Which one:"),
        (("init", *GIVEN, "--survey", "puls"), "Please write one of:"),
        (("init", *GIVEN, "--language", "de"), "is none of our languages"),
        (("init", *GIVEN, "--public-url", "ask.example.com"), "not possible here"),
        (("init", *GIVEN, "--token", "hello"), "A token reads like"),
    ],
)
def test_a_mistake_writes_nothing(makegood, place, line, said):
    """Half a set-up is worse than none."""
    told = makegood(*line)

    assert said in told.err, told
    assert told.code == 2
    assert list(place.iterdir()) == []


@contextmanager
def telegram() -> Iterator[FakeTelegram]:
    """A Telegram beside the command, which has a loop of its own."""
    import asyncio

    ready, done = threading.Event(), threading.Event()
    found: list[FakeTelegram] = []

    async def serve() -> None:
        async with FakeTelegram() as fake:
            found.append(fake)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait(10)
    try:
        yield found[0]
    finally:
        done.set()
        thread.join()


def test_a_token_is_proven_at_once(makegood, place, monkeypatch):
    """A letter that was not copied is found now, not by a silent bot tonight."""
    with telegram() as fake:
        monkeypatch.setenv("MAKEGOOD_TELEGRAM__API_BASE", fake.base)
        wrong = makegood("init", *GIVEN, "--token", "123456:wrong-token-here")
        right = makegood("init", *GIVEN, "--token", TOKEN)

    assert "Telegram does not know this token" in wrong.err
    assert wrong.code == 2
    assert "Telegram knows the bot as @makegood_bot" in right.out
    assert "https://t.me/makegood_bot?start=" in right.out
    assert TOKEN not in right.out + (place / "config.toml").read_text()
    assert load(environ={}).telegram.token == TOKEN


def test_a_token_that_cannot_be_proven_now_is_kept(makegood, place, monkeypatch):
    """The network may come later than the set-up."""
    monkeypatch.setenv("MAKEGOOD_TELEGRAM__API_BASE", "http://127.0.0.1:9")
    told = makegood("init", *GIVEN, "--token", TOKEN)

    assert "kept unchecked" in told.out
    assert load(environ={}).telegram.token == TOKEN


def _hear_ctrl_c() -> None:
    """A shell starts what runs in the background deaf to Ctrl+C, and that is inherited; a terminal's program is not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A person at a real terminal, in front of the real command."""

    def __init__(self, root: Path, *line: str, **environment: str) -> None:
        self._mine, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot", *line],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "PYTHONPATH": str(root), **environment},
            start_new_session=True,
            preexec_fn=_hear_ctrl_c,  # noqa: PLW1509 - it only sets a signal, and no thread runs here
        )
        os.close(theirs)
        self.seen = ""

    def reads(self, words: str, seconds: float = 20) -> None:
        """Wait until these words are on the screen."""
        while words not in self.seen:
            ready, _, _ = select.select([self._mine], [], [], seconds)
            assert ready, f"{words!r} never came:\n{self.seen}"
            try:
                piece = os.read(self._mine, 4096)
            except OSError:
                piece = b""
            assert piece, f"{words!r} never came:\n{self.seen}"
            self.seen += piece.decode(errors="replace")

    def types(self, text: str) -> None:
        os.write(self._mine, text.encode())
        self.seen = ""

    def interrupts(self) -> None:
        """Press Ctrl+C, and again if nothing came of it: Python misses one just before it waits for a line."""
        for _ in range(5):
            self._process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(2)
                return

    def ended(self) -> int:
        try:
            return self._process.wait(20)
        finally:
            self._process.kill()
            os.close(self._mine)


def test_a_person_is_asked_and_may_go_wrong(root, place):
    """Each answer is understood, doubted or explained, in their own language, and nothing is written before the end."""
    terminal = Terminal(root, "init", LANG="zh_CN.UTF-8", TZ="UTC")
    terminal.reads("您的商家名称")
    terminal.types("街角小店\n")
    terminal.reads("您的时区")
    terminal.types("indiana\n")
    terminal.reads("是哪一个")
    terminal.types("上海\n")
    terminal.reads("顾客使用的语言")
    terminal.types("\n")
    terminal.reads("令牌")
    terminal.types("\n")
    terminal.reads("先用哪份问卷")
    terminal.types("1\n")
    terminal.reads("网页聊天的网址")
    terminal.types("\n")
    terminal.reads("您的姓名")
    terminal.types("小林\n")
    terminal.reads("写入吗")
    assert list(place.iterdir()) == []
    terminal.types("y\n")
    terminal.reads("makegood check")

    assert terminal.ended() == 0
    business = load(environ={}).business
    assert (business.name, business.zone, business.language) == ("街角小店", "Asia/Shanghai", "zh-Hans")


@pytest.mark.parametrize("leaves", [Terminal.interrupts, lambda terminal: terminal.types("n\n")], ids=["Ctrl+C", "no"])
def test_whoever_leaves_leaves_everything_as_it_was(root, place, leaves):
    """Ctrl+C, or a no at the end, is no answer to anything."""
    line = [word for word in GIVEN if word != "--yes"]
    terminal = Terminal(root, "init", *line, "--token", "", "--public-url", "", LANG="C.UTF-8")
    terminal.reads("Write it?")
    leaves(terminal)

    assert terminal.ended() in (1, 130)
    assert list(place.iterdir()) == []
