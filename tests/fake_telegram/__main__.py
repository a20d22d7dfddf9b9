"""The fake as a process: `python -m tests.fake_telegram --port 8081 --ledger calls.jsonl`.

Prints its address on the first line and runs until it is told to stop (SIGTERM, SIGINT). What it can be asked is
in `control.py`.
"""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from tests.fake_telegram.server import TOKEN, FakeTelegram


async def run(port: int, ledger: Path | None, token: str) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with FakeTelegram(token=token, port=port, ledger_file=ledger) as telegram:
        sys.stdout.write(telegram.base + "\n")
        sys.stdout.flush()
        await stopped.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fake_telegram", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--ledger", type=Path, help="append every call to this file, as JSON lines")
    parser.add_argument("--token", default=TOKEN)
    given = parser.parse_args()
    asyncio.run(run(given.port, given.ledger, given.token))


if __name__ == "__main__":
    main()
