"""One trial: one bot under the load of so many customers for some seconds, in a process of its own.

    python -m tests.bench.trial '{"bot": "aiogram", "chats": 50}'

Starts the bot, warms it up, measures, lets the open surveys end, stops the bot and compares its database with what
it acknowledged. With `kill9` the measured time ends with SIGKILL instead: the bot is started again, and no customer
repeats anything. Prints its result as JSON. Only processes that it started are ended, by their own ids.
"""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

import msgspec
import psutil  # type: ignore[import-untyped]  # it ships no types
import uvloop

from tests.bench.bots import BOTS, Bot, Place, stored_answers
from tests.bench.customers import Answer, Customers
from tests.bench.telegram import Line, Telegram, now

START_SECONDS: Final = 30.0
WARMUP_SECONDS: Final = 20.0
DRAIN_SECONDS: Final = 20.0
STOP_SECONDS: Final = 10.0
MB: Final = 2**20


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to do. Times are seconds; `warmup` at least, and until as many surveys have ended as there are chats."""

    bot: str
    chats: int = 50
    seconds: float = 5.0
    warmup: float = 3.0
    synchronous: str = "FULL"
    kill9: bool = False
    seed: int = 1


class Waits(msgspec.Struct, frozen=True):
    """Milliseconds that half, 95 % and 99 % of the turns stayed below."""

    p50: float
    p95: float
    p99: float


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it.

    `took` counts from the update's hand-out to the next message, `felt` from the customer's act. `lost` are
    answers that were acknowledged and are not stored, `doubled` such as are stored more than once. `stuck` are
    surveys that did not end, `open_at_kill` those that were open at the kill. `load` is the machine's load average of
    the last minute: above its cores, somebody else was measured too.
    """

    plan: Plan
    turns_per_s: float = 0.0
    took: Waits | None = None
    felt: Waits | None = None
    cpu_ms_a_turn: float = 0.0
    server_cpu: float = 0.0
    rss_mb: float = 0.0
    cold_start_s: float = 0.0
    restart_s: float = 0.0
    surveys: int = 0
    calls_a_turn: float = 0.0
    turns_a_poll: float = 0.0
    open_at_kill: int = 0
    stuck: int = 0
    acknowledged: int = 0
    stored: int = 0
    lost: int = 0
    doubled: int = 0
    taps: int = 0
    edited: int = 0
    surprises: list[str] = []
    stopped: bool = True
    load: float = 0.0
    trouble: str = ""

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or left over."""
        return self.stopped and not (self.trouble or self.lost or self.doubled or self.stuck)


class Program:
    """The bot's process, and after a kill the next one, with what they wrote."""

    def __init__(self, bot: Bot, place: Place, written: IO[bytes]) -> None:
        start = bot.start(place)
        self._command = start.command
        self._environment = {**os.environ, **start.environment}
        self._folder = place.folder
        self._written = written
        self._process: subprocess.Popen[bytes]

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, env=self._environment, cwd=self._folder, stdout=self._written, stderr=subprocess.STDOUT
        )

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def kill(self) -> None:
        """End it at once, if it has not ended."""
        self._process.kill()
        self._process.wait()

    async def stop(self) -> bool:
        """Ask it to end; return whether it did so in time and by itself."""
        if self.ended:
            return False
        self._process.send_signal(signal.SIGTERM)
        await _until(lambda: self.ended, STOP_SECONDS)
        return self._process.returncode in (0, -signal.SIGTERM)

    def spent(self) -> tuple[float, float]:
        """Return its CPU seconds and its memory in MB, its children's included; nothing when it is gone."""
        try:
            parent = psutil.Process(self._process.pid)
            family = [parent, *parent.children(recursive=True)]
            cpu = sum(sum(each.cpu_times()[:2]) for each in family)
            return cpu, sum(each.memory_info().rss for each in family) / MB
        except psutil.NoSuchProcess:
            return 0.0, 0.0


async def trial(plan: Plan) -> Result:
    """Run one trial; its folder is removed with everything in it."""
    telegram = Telegram()
    customers = Customers(telegram, plan.seed)
    telegram.audience = customers
    server = await asyncio.get_running_loop().create_server(lambda: Line(telegram), "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, tempfile.TemporaryFile() as written:
        bot = BOTS[plan.bot]
        program = Program(bot, Place(f"http://127.0.0.1:{port}", Path(folder), plan.synchronous), written)
        result = await _play(plan, telegram, customers, program)
        result = _checked(result, customers, lambda: stored_answers(bot, Path(folder)))
        if not result.good:
            result = msgspec.structs.replace(result, trouble=f"{result.trouble}\n{_end_of(written)}".strip())
    server.close()
    return result


async def _play(plan: Plan, telegram: Telegram, customers: Customers, program: Program) -> Result:
    began = now()
    program.start()
    try:
        if not await _asks(telegram, program):
            return Result(plan=plan, trouble="it ended, or asked for no updates")
        result = Result(plan=plan, cold_start_s=now() - began)
        customers.come(plan.chats)
        await asyncio.sleep(plan.warmup)
        await _until(lambda: len(customers.finished) >= plan.chats, WARMUP_SECONDS)
        result = await _measured(result, telegram, customers, program)
        if plan.kill9:
            result = await _killed(result, telegram, customers, program)
        await _until(lambda: not customers.here, DRAIN_SECONDS)
        await _until(lambda: customers.all_shown, 2.0)
        return msgspec.structs.replace(result, stopped=await program.stop())
    finally:
        program.kill()


async def _asks(telegram: Telegram, program: Program) -> bool:
    """Wait for the first getUpdates; false when it does not come."""
    await _until(lambda: telegram.first_asked.is_set() or program.ended, START_SECONDS, every=0.001)
    return telegram.first_asked.is_set()


async def _measured(result: Result, telegram: Telegram, customers: Customers, program: Program) -> Result:
    plan = result.plan
    calls, finished = telegram.calls.copy(), len(customers.finished)
    bot_before, server_before, began = program.spent()[0], _own_cpu(), now()
    customers.counting = True
    await asyncio.sleep(plan.seconds)
    customers.counting = False
    lasted, (bot_after, rss) = now() - began, program.spent()
    customers.open_doors = False
    turns = len(customers.took)
    made = telegram.calls - calls
    polls = made.pop("getUpdates", 0)
    if not turns:
        return msgspec.structs.replace(result, rss_mb=rss, trouble="no turn in the measured time")
    return msgspec.structs.replace(
        result,
        turns_per_s=turns / lasted,
        took=_waits(customers.took),
        felt=_waits(customers.felt),
        cpu_ms_a_turn=1000 * (bot_after - bot_before) / turns,
        server_cpu=(_own_cpu() - server_before) / lasted,
        rss_mb=rss,
        load=os.getloadavg()[0],
        surveys=len(customers.finished) - finished,
        calls_a_turn=made.total() / turns,
        turns_a_poll=turns / max(1, polls),
    )


async def _killed(result: Result, telegram: Telegram, customers: Customers, program: Program) -> Result:
    program.kill()
    await asyncio.sleep(0.1)  # what it wrote to its sockets still arrives
    still_open = len(customers.here)
    telegram.first_asked.clear()
    began = now()
    program.start()
    await _asks(telegram, program)
    return msgspec.structs.replace(result, open_at_kill=still_open, restart_s=now() - began)


async def _until(done: Callable[[], bool], seconds: float, every: float = 0.02) -> None:
    until = now() + seconds
    while not done() and now() < until:  # noqa: ASYNC110 - a process that ends sets no event
        await asyncio.sleep(every)


def _checked(result: Result, customers: Customers, read: Callable[[], list[Answer]]) -> Result:
    """Compare what was acknowledged with what is stored."""
    try:
        stored = Counter(read())
    except Exception as error:  # noqa: BLE001 - whatever the database says is the trial's result
        return msgspec.structs.replace(result, trouble=f"{result.trouble}\nthe answers cannot be read: {error}".strip())
    acknowledged = Counter(customers.acknowledged)
    return msgspec.structs.replace(
        result,
        stuck=len(customers.here),
        acknowledged=acknowledged.total(),
        stored=stored.total(),
        lost=(acknowledged - stored).total(),
        doubled=sum(count - 1 for count in stored.values()),
        taps=customers.taps,
        edited=customers.edited,
        surprises=[f"{len(customers.surprises)} in all", *customers.surprises[:5]] if customers.surprises else [],
    )


def _waits(seconds: list[float]) -> Waits:
    ordered = sorted(seconds)
    last = len(ordered) - 1
    p50, p95, p99 = (1000 * ordered[min(last, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
    return Waits(p50, p95, p99)


def _own_cpu() -> float:
    return sum(os.times()[:2])


def _end_of(written: IO[bytes]) -> str:
    written.seek(0, os.SEEK_END)
    written.seek(max(0, written.tell() - 2000))
    return written.read().decode(errors="replace")


def main() -> None:
    """Run the plan that the command line gives as JSON."""
    plan = msgspec.json.decode(sys.argv[1], type=Plan)
    print(msgspec.json.encode(uvloop.run(trial(plan))).decode())


if __name__ == "__main__":
    main()
