"""Which backups may go: of the newest days the last one stays, and of the newest weeks.

Days and weeks are those that have a backup, not those of the calendar: a machine that stood still for a month
still has its seven. The newest backup always stays. Days are UTC's, weeks begin on Monday.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date

from bot.clock import moment


def outdated(moments: Sequence[int], keep_daily: int, keep_weekly: int) -> list[int]:
    """Return the moments (ms) of the backups that may go, oldest first."""
    newest_first = sorted(moments, reverse=True)
    kept = {
        *newest_first[:1],
        *_last_of_each(newest_first, _day, keep_daily),
        *_last_of_each(newest_first, _week, keep_weekly),
    }
    return sorted(set(moments) - kept)


def surplus(moments: Sequence[int], keep: int) -> list[int]:
    """Return the moments of all but the newest `keep` backups, oldest first."""
    return sorted(moments)[: -max(1, keep)]


def _last_of_each(newest_first: Iterable[int], span: Callable[[int], Hashable], keep: int) -> list[int]:
    last: dict[Hashable, int] = {}
    for at in newest_first:
        last.setdefault(span(at), at)
    return list(last.values())[:keep]


def _day(at: int) -> date:
    return moment(at).date()


def _week(at: int) -> tuple[int, int]:
    year, week, _ = moment(at).isocalendar()
    return year, week
