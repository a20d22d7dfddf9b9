"""The results as a table: medians of the rounds, and how many times as quick as each peer we are."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import Final

from tests.bench.trial import Result, Waits

HEAD: Final = (
    "bot",
    "turns/s",
    "range",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "felt p95",
    "CPU ms/turn",
    "RSS MB",
    "start s",
    "edits/taps",
    "lost",
    "doubled",
    "stuck",
    "server CPU",
    "load",
)
OURS: Final = "makegood"


def rows(results: Mapping[str, Sequence[Result]]) -> list[tuple[str, ...]]:
    """Return the table's lines, its head first."""
    return [HEAD, *(_row(name, runs) for name, runs in results.items() if runs)]


def _row(name: str, runs: Sequence[Result]) -> tuple[str, ...]:
    turns = [run.turns_per_s for run in runs]
    return (
        name,
        f"{median(turns):,.0f}",
        f"{min(turns):,.0f}-{max(turns):,.0f}",
        _wait(runs, lambda run: run.took, lambda waits: waits.p50),
        _wait(runs, lambda run: run.took, lambda waits: waits.p95),
        _wait(runs, lambda run: run.took, lambda waits: waits.p99),
        _wait(runs, lambda run: run.felt, lambda waits: waits.p95),
        f"{median(run.cpu_ms_a_turn for run in runs):.2f}",
        f"{max(run.rss_mb for run in runs):.0f}",
        f"{median(run.cold_start_s for run in runs):.2f}",
        f"{sum(run.edited for run in runs)}/{sum(run.taps for run in runs)}",
        str(sum(run.lost for run in runs)),
        str(sum(run.doubled for run in runs)),
        str(sum(run.stuck for run in runs)),
        f"{median(run.server_cpu for run in runs):.2f}",
        f"{max(run.load for run in runs):.1f}",
    )


def _wait(runs: Sequence[Result], which: Callable[[Result], Waits | None], part: Callable[[Waits], float]) -> str:
    waits = [part(found) for run in runs if (found := which(run)) is not None]
    return f"{median(waits):.1f}" if waits else "-"


def ratios(results: Mapping[str, Sequence[Result]]) -> list[str]:
    """Return a sentence for each peer: our turns a second over its, our p95 over its."""
    ours = _middle(results.get(OURS, ()))
    if ours is None:
        return []
    peers = ((name, _middle(runs)) for name, runs in results.items() if name != OURS)
    return [_sentence(name, ours, theirs) for name, theirs in peers if theirs is not None]


def _sentence(name: str, ours: tuple[float, float], theirs: tuple[float, float]) -> str:
    turns, wait = ours[0] / theirs[0], ours[1] / theirs[1]
    return f"{OURS} / {name}: {turns:.1f} times the turns a second, p95 {wait:.2f} times as long"


def _middle(runs: Iterable[Result]) -> tuple[float, float] | None:
    counted = [(run.turns_per_s, run.took.p95) for run in runs if run.took is not None and run.turns_per_s]
    if not counted:
        return None
    return median(turns for turns, _ in counted), median(p95 for _, p95 in counted)


def after_the_kill(results: Mapping[str, Sequence[Result]]) -> list[str]:
    """Return a sentence for each bot that was killed: how many of the open surveys still ended."""
    said = []
    for name, runs in results.items():
        still_open = sum(run.open_at_kill for run in runs)
        stuck, lost, doubled = (sum(getattr(run, what) for run in runs) for what in ("stuck", "lost", "doubled"))
        again = median(run.restart_s for run in runs)
        said.append(
            f"{name}: {still_open} surveys open at the kill, {still_open - stuck} of them ended after it; "
            f"{lost} answers lost, {doubled} doubled; asking again after {again:.2f} s"
        )
    return said


def printed(lines: Sequence[tuple[str, ...]]) -> str:
    """Return the lines as a Markdown table, its columns aligned."""
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    first, *rest = ["| " + " | ".join(_padded(line, widths)) + " |" for line in lines]
    rule = "| " + " | ".join("-" * (width - 1) + ("-:"[place > 0]) for place, width in enumerate(widths)) + " |"
    return "\n".join((first, rule, *rest))


def _padded(line: tuple[str, ...], widths: list[int]) -> list[str]:
    return [
        cell.rjust(width) if place else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
