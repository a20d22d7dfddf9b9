"""Until when an offer and its code are good: always to the end of a day of the business, as people read a date."""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from bot.clock import moment
from bot.scene import Scene
from bot.wall_clock import wall_day
from recovery.offers import Spans
from storage.vouchers import Voucher

_MILLISECOND: Final = timedelta(milliseconds=1)


def spans_of(scene: Scene) -> Spans:
    """Return the spans that hold now: what has a last day is good until that day is over."""
    spans = scene.house.means.spans
    valid, redeemable = (_whole_days(scene, span) for span in (spans.valid, spans.redeemable))
    return msgspec.structs.replace(spans, valid=valid, redeemable=redeemable)


def _whole_days(scene: Scene, span: timedelta) -> timedelta:
    zone = ZoneInfo(scene.house.zone)
    last = (moment(scene.now) + span).astimezone(zone).date()
    over = datetime.combine(last + timedelta(days=1), time(), zone)
    return over - moment(scene.now)


def good_again(scene: Scene, voucher: Voucher) -> int:
    """Return until when a code is good whose redemption is taken back, in ms.

    Its last day stays. Where that is over meanwhile, it has as long as it had when it was redeemed: the time in
    which it counted as redeemed is not the customer's loss.
    """
    until = voucher.valid_until or 0
    if until > scene.now:
        return until
    left = max(until - (voucher.redeemed_at or 0), 1) * _MILLISECOND - _MILLISECOND
    return scene.now + _whole_days(scene, left) // _MILLISECOND


def valid_until(scene: Scene) -> int:
    """Return until when an offer is good that is put now, in ms."""
    return scene.now + spans_of(scene).valid // _MILLISECOND


def last_day(scene: Scene, until: int, language: str) -> str:
    """Return the last day on which something is good that ends at that moment (ms)."""
    return wall_day(until - 1, scene.house.zone, language)
