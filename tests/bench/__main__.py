"""`make bench`: makegood and two peers under the same load, round by round, and one table.

    python -m tests.bench                              50 customers, 5 s, 3 rounds
    python -m tests.bench --only makegood --chats 500
    python -m tests.bench --kill9                      SIGKILL under load, then start again
    python -m tests.bench turn                         what one turn costs, part by part, without a network
    python -m tests.bench report                       what a report costs over 10,000 and over 1,000,000 answers

Rounds interleave the bots, so that the noise of the machine falls on all alike. Compare figures of one run, never of
two. Everything stays on 127.0.0.1 and ends in bounded time.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

import msgspec

from tests.bench import table
from tests.bench.bots import BOTS, ROOT, NotInstalled, Place
from tests.bench.trial import DRAIN_SECONDS, START_SECONDS, STOP_SECONDS, WARMUP_SECONDS, Plan, Result

SLACK: Final = 30.0


def main() -> int:
    """Measure what the command line asks for; return 1 when a bot lost or left something."""
    asked = _arguments()
    if asked.what == "turn":
        from tests.bench import micro

        return micro.main(asked.seconds)
    if asked.what == "report":
        from tests.bench import reporting

        return reporting.main()
    results = _measure(asked, _installed(asked.only))
    print(table.printed(table.rows(results)))
    print("\n".join(["", *(table.after_the_kill(results) if asked.kill9 else table.ratios(results))]))
    if asked.out:
        asked.out.write_bytes(msgspec.json.format(msgspec.json.encode(results)))
    bad = [run for runs in results.values() for run in runs if not run.good]
    for run in bad:
        print(f"\n{run.plan.bot}: {run.trouble or 'something was lost, doubled or left over'}", file=sys.stderr)
    return 1 if bad else 0


def _measure(asked: argparse.Namespace, names: list[str]) -> dict[str, list[Result]]:
    results: dict[str, list[Result]] = {name: [] for name in names}
    for number in range(1, asked.rounds + 1):
        for name in names:
            plan = Plan(
                bot=name,
                chats=asked.chats,
                seconds=asked.seconds,
                synchronous=asked.sync,
                kill9=asked.kill9,
                seed=number,
            )
            result = _apart(plan)
            results[name].append(result)
            print(f"round {number}, {name}: {result.turns_per_s:,.0f} turns/s", *result.surprises, file=sys.stderr)
    return results


def _apart(plan: Plan) -> Result:
    """Run a trial in a process of its own, so that none inherits another's heap."""
    limit = WARMUP_SECONDS + plan.seconds + 2 * START_SECONDS + DRAIN_SECONDS + STOP_SECONDS + SLACK
    command = [sys.executable, "-m", "tests.bench.trial", msgspec.json.encode(plan).decode()]
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return Result(plan=plan, trouble=f"the trial took over {limit:g} s")
    if run.returncode:
        return Result(plan=plan, trouble=run.stderr.decode(errors="replace")[-2000:])
    result = msgspec.json.decode(run.stdout, type=Result)
    return msgspec.structs.replace(result, trouble=result.trouble + run.stderr.decode(errors="replace"))


def _installed(only: str | None) -> list[str]:
    """Return the bots that can be started here, and say which cannot."""
    names = only.split(",") if only else list(BOTS)
    found = []
    for name in names:
        if name not in BOTS:
            raise SystemExit(f"there is no bot {name!r}: choose among {', '.join(BOTS)}")
        try:
            BOTS[name].start(Place("", Path(), ""))
            found.append(name)
        except NotInstalled as missing:
            print(f"{name} is left out: {missing}", file=sys.stderr)
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure makegood beside two peers.")
    parser.add_argument(
        "what", nargs="?", choices=("load", "turn", "report"), default="load", help="load (default), turn, report"
    )
    parser.add_argument("--chats", type=int, default=50, help="customers at the same time (default 50)")
    parser.add_argument("--seconds", type=float, default=5.0, help="measured seconds of each trial (default 5)")
    parser.add_argument("--rounds", type=int, default=3, help="trials of each bot (default 3)")
    parser.add_argument("--only", metavar="BOT,…", help=f"some bots only: {', '.join(BOTS)}")
    parser.add_argument("--sync", choices=("FULL", "NORMAL"), default="FULL", help="SQLite's synchronous setting")
    parser.add_argument("--kill9", action="store_true", help="SIGKILL each bot under load and start it again")
    parser.add_argument("--out", type=Path, metavar="FILE", help="also write every trial as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
