"""What a restored database no longer knows, settled before anything runs on it.

Between the backup and now messages were sent, taps came and people signed in, and the rows of all that are gone.
So nothing that may have been sent since is sent again, nothing that opened something since opens it once more, and
staff are told what to look after:

    a message that was to be sent     unknown; one of a case becomes a task of its owner, as any lost one
    the same in the web chat          sent: its log is in this database, and lost the same messages
    an edit                           cancelled: what it shows may be older than what is shown
    a webhook                         sent again with the same id, by which its receiver knows it
    an e-mail                         parked and shown
    an invitation, a reminder         cancelled; so is the announcing of a message that waited
    a follow-up                       a task: telephone
    an open question                  shown again, once, by the poller, which sees the gap; by us for a webhook
    invitations to the team, sign-ins ended: whoever used one since could use it twice
    case and row numbers              go on higher: old buttons and cursors name those that are gone
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_datetime

from bot import consequences, escalation
from bot.channels.messages import Message
from bot.clock import Clock, moment
from bot.house import House
from bot.outgoing import WAITING, Outgoing
from bot.phrases import babel_locale, say
from bot.scene import Scene
from conversations.phrases import phrase
from storage.cases import TAKEN
from storage.due import DueRow
from storage.unit import Unit

WHY: Final = "restored from a backup; it may have been sent since"
CASE_NUMBERS: Final = 100
"""Case numbers are rounded up to this and as much again is left out."""

SINCE: Final = timedelta(hours=24) // timedelta(milliseconds=1)
WEB_CHAT: Final = "webchat"
MAIL: Final = "mail"
MOST_QUESTIONS: Final = 500


class Settled(msgspec.Struct, frozen=True):
    """How much was in doubt: messages, invitations and reminders not sent, follow-ups that became tasks."""

    messages: int
    cancelled: int
    calls: int


def settle(unit: Unit, house: House, made_at: int, now: int, *, asks_again: bool) -> Settled:
    """Settle a database that was just restored from a backup made at `made_at` (ms).

    `asks_again`: plan to show open questions again, where no poller will notice the gap.
    """
    doubtful = unit.outbox.doubt_after_restore(now, WEB_CHAT, WHY)
    fates = consequences.Fates(house, _Still(now))
    for row in doubtful:
        fates.on_lost(unit, row, "unknown", WHY)
    unit.notifications.release()
    unit.notifications.park_way(MAIL, WHY)
    scene = Scene(unit, house, Outgoing(unit, now), now)
    counts = {True: 0, False: 0}
    for due in unit.due.overdue_of(_OVERDUE, now):
        counts[_OVERDUE[due.kind](due, scene)] += 1
    unit.links.withdraw_of_team(house.brand, now)
    unit.sessions.end_of_team(house.brand, now)
    unit.facts.put(house.brand, TAKEN, str(_rounded_up(unit.cases.newest_number(house.brand))))
    if asks_again:
        _ask_again(unit, house, made_at, now)
    settled = Settled(len(doubtful), counts[False], counts[True])
    unit.history.add(house.brand, "installation", "operator", "Restored", str(made_at), now)
    _tell_staff(scene, made_at, settled)
    return settled


def _rounded_up(number: int) -> int:
    return (number // CASE_NUMBERS + 2) * CASE_NUMBERS


def _cancel(due: DueRow, scene: Scene) -> bool:
    scene.unit.due.cancel(due.id, WHY)
    return False


def _cancel_invitation(due: DueRow, scene: Scene) -> bool:
    scene.unit.invitations.decide(due.subject, "cancelled", "restored", scene.now)
    return _cancel(due, scene)


def _call(due: DueRow, scene: Scene) -> bool:
    case = scene.unit.cases.get(due.subject)
    scene.unit.due.late(due.id, WHY)
    if case.closed_at is not None:
        return False
    consequences.needs_a_call(case, "follow_up_restored", scene.unit, scene.house, scene.now)
    return True


_OVERDUE: Final[Mapping[str, Callable[[DueRow, Scene], bool]]] = {
    "invite": _cancel_invitation,
    "remind": _cancel,
    WAITING: _cancel,
    "follow_up": _call,
}
"""Due rows of the past that would write to a customer. Each returns whether it became a task."""


def _ask_again(unit: Unit, house: House, made_at: int, now: int) -> None:
    for talk in unit.conversations.with_open_question_since(
        house.brand, "telegram", made_at - SINCE, MOST_QUESTIONS, 0
    ):
        unit.due.add(talk.brand_id, "reask", talk.id, f"reask:{talk.id}:{now}", now)


LOST: Final = phrase(
    "makegood was brought back from its backup of {at}. What was answered, written or done after that is not here any"
    " more. Please look at {command}, and ring whoever you remember from after that time."
)
DOUBTFUL: Final = phrase("Messages that may or may not have arrived since: {count}.")


def _tell_staff(scene: Scene, made_at: int, settled: Settled) -> None:
    zone = ZoneInfo(scene.house.zone)
    for address, language in escalation.readers(scene):
        at = format_datetime(moment(made_at), "medium", tzinfo=zone, locale=babel_locale(language))
        words = [say(phrase(LOST.sentence, at=at, command="/cases"), language)]
        if settled.messages:
            words.append(say(phrase(DOUBTFUL.sentence, count=settled.messages), language))
        scene.out.post(address, Message("\n".join(words)), "case_news")


class _Still(Clock):
    """A clock that stands at one moment, for what asks for the time once."""

    def __init__(self, now: int) -> None:
        super().__init__()
        self._now = now

    def now(self) -> int:
        return self._now
