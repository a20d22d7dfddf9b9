"""When a due row's moment has come: what follows from it, in one transaction.

A row may come late, twice or for nothing: each looks at the state first, so that nothing ever needs cancelling.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from bot import (
    anonymous_release,
    call_tasks,
    case_causes,
    casework,
    chores,
    clockwork,
    consequences,
    dispatching,
    inviting,
    keeping,
    offers_flow,
    offers_thanks,
    restatement_answers,
    silent,
    thanking,
)
from bot.backups import chore as backup_chore
from bot.effects import Exchange, state_of
from bot.house import FOLLOW_UP_SURVEY, House
from bot.notifying import waiting
from bot.outgoing import WAITING, Outgoing
from bot.people import Speaker
from bot.scene import Scene, Talking
from bot.talk import advanced
from bot.turn import NOTHING, Turned, dispatch, turned
from conversations import contact
from conversations.contact import Allowed, Kind, NotNow, Verdict
from conversations.events import PatienceEnded, Resumed, Silent
from conversations.state import Asking
from recovery import cases
from storage.cases import Case
from storage.conversations import Conversation
from storage.database import Database
from storage.due import DueRow
from storage.unit import Unit

MILLISECOND: Final = timedelta(milliseconds=1)
REMINDER_LASTS: Final = timedelta(hours=24) // MILLISECOND
REASK_LASTS: Final = timedelta(hours=24) // MILLISECOND
FOLLOW_UP_LASTS: Final = timedelta(hours=72) // MILLISECOND
FOLLOW_UP_IS_LATE: Final = timedelta(hours=24) // MILLISECOND
"""More than a night: quiet hours alone never make it late."""

PAGE: Final = 500


def fire(due: DueRow, unit: Unit, house: House, now: int) -> Turned:
    """Do what a due row asks for, or let it wait until it may be done."""
    standing = unit.due.get(due.id)
    if standing is None or standing.state != "pending":
        return NOTHING
    out = Outgoing(unit, now)
    again_at = _FIRES[due.kind](due, Scene(unit, house, out, now))
    if again_at is None:
        unit.due.fire(due.id, now)
    else:
        unit.due.wait_until(due.id, again_at)
        out.next_due = again_at if out.next_due is None else min(out.next_due, again_at)
    return turned(out)


def _invite(due: DueRow, scene: Scene) -> int | None:
    return inviting.decide(scene.unit.invitations.get(due.subject), scene)


def _exchange(conversation: Conversation, scene: Scene, began_as: str) -> Exchange:
    address = scene.unit.addresses.get(conversation.address_id)
    customer = scene.unit.customers.get(conversation.customer_id)
    speaker = Speaker(address, customer, conversation, None)
    survey = None
    if conversation.survey_version_id is not None:
        survey = scene.house.shelf.asked(scene.unit, conversation.survey_version_id, conversation.variant)
    return Exchange(scene, Talking(speaker, conversation, survey), began_as=began_as, actor="makegood")


def _may(kind: Kind, conversation: Conversation, unit: Unit, house: House, now: int) -> Verdict:
    customer = unit.customers.get(conversation.customer_id)
    address = unit.addresses.get(conversation.address_id)
    facts = inviting.contact_facts(unit, house, customer, address, conversation, sampled=True)
    return contact.may_we_ask(kind, facts, house.rules, now)


def _remind(due: DueRow, scene: Scene) -> int | None:
    """Remind who answered nothing; a follow-up's reminder goes although its case is open."""
    conversation = scene.unit.conversations.get(due.subject)
    if conversation.closed_at is not None:
        return None
    if _asks_in_vain(conversation, scene):
        scene.unit.due.cancel(due.id, "opened again")
        return None
    if scene.now - due.due_at > REMINDER_LASTS or _newer_is_due(due, scene.unit, scene.now):
        scene.unit.due.cancel(due.id, "too late")
        return None
    kind = Kind.FOLLOW_UP if conversation.purpose == FOLLOW_UP_SURVEY else Kind.REMINDER
    match _may(kind, conversation, scene.unit, scene.house, scene.now):
        case NotNow(until=until):
            return until
        case Allowed():
            exchange = _exchange(conversation, scene, "reminder")
            exchange.settle(advanced(exchange, conversation, Silent(), scene.now), "Silent")
            if scene.out.rows:
                scene.unit.customers.began(conversation.customer_id, scene.now)
    return None


def _asks_in_vain(conversation: Conversation, scene: Scene) -> bool:
    """Say whether a follow-up asks about a case that was opened again meanwhile: its reminder would be mockery."""
    if conversation.purpose != FOLLOW_UP_SURVEY or conversation.case_id is None:
        return False
    return scene.unit.cases.get(conversation.case_id).stage in ("open", "taken")


def _newer_is_due(due: DueRow, unit: Unit, now: int) -> bool:
    """Say whether a later reminder of the same conversation is due as well: then only that one goes."""
    conversation, _, number = due.dedupe_key.rpartition(":")
    newer = unit.due.by_key(due.brand_id, f"{conversation}:{int(number) + 1}")
    return newer is not None and newer.state == "pending" and newer.due_at <= now


def _expire(due: DueRow, scene: Scene) -> int | None:
    conversation = scene.unit.conversations.get(due.subject)
    if conversation.closed_at is None:
        exchange = _exchange(conversation, scene, "reply")
        exchange.settle(advanced(exchange, conversation, PatienceEnded(), scene.now), "PatienceEnded")
    return None


def _reask(due: DueRow, scene: Scene) -> int | None:
    """Show an open question again, after taps on it may have been lost."""
    conversation = scene.unit.conversations.get(due.subject)
    if conversation.closed_at is not None or scene.now - due.due_at > REASK_LASTS:
        return None
    if not isinstance(state_of(conversation), Asking):
        return None
    match _may(Kind.REASK, conversation, scene.unit, scene.house, scene.now):
        case NotNow(until=until):
            return until
        case Allowed():
            exchange = _exchange(conversation, scene, "reask")
            exchange.settle(advanced(exchange, conversation, Resumed(), scene.now), "Resumed")
    return None


def _follow_up(due: DueRow, scene: Scene) -> int | None:
    """Ask whether it was put right, or give a candid word; in waking hours, and never into an open talk."""
    case = scene.unit.cases.get(due.subject)
    planned = cases.load(case.state).follow_up_at
    if case.closed_at is not None or planned is None or planned > scene.now:
        return None
    if scene.now - due.due_at > FOLLOW_UP_LASTS and case.stage == "resolved":
        scene.unit.due.late(due.id, "more than 72 hours")
        scene.out.rows += consequences.needs_a_call(
            case, f"follow_up_late:{planned}", scene.unit, scene.house, scene.now
        )
        return None
    customer = scene.unit.customers.get(case.customer_id)
    reachable = scene.unit.addresses.of_customer(customer.id)
    address = reachable[0] if reachable else None
    talk = scene.unit.conversations.open_at(address.id) if address else None
    facts = inviting.contact_facts(scene.unit, scene.house, customer, address, talk, sampled=True)
    verdict = contact.may_we_ask(Kind.FOLLOW_UP, facts, scene.house.rules, scene.now)
    if isinstance(verdict, NotNow):
        return verdict.until
    if not isinstance(verdict, Allowed) or address is None:
        _cannot_ask(scene, case, planned, opted_out=customer.opted_out_at is not None)
        return None
    if talk is not None and talk.purpose == FOLLOW_UP_SURVEY and talk.case_id not in (None, case.id):
        return inviting.after_the_other(scene, facts.zone)  # of another one whom this chat speaks for
    case, decision = casework.tell(scene, case, cases.FollowUpDue(), "makegood")
    if any(isinstance(effect, cases.AskIfPutRight) for effect in decision.effects):
        late = scene.now - planned > FOLLOW_UP_IS_LATE
        inviting.begin_follow_up(case, Speaker(address, customer, talk, case.id), scene, late=late)
    return None


def _cannot_ask(scene: Scene, case: Case, planned: int, *, opted_out: bool) -> None:
    """Have a person ring whom we cannot write to; what is not put right yet climbs, and is looked at again."""
    why = f"follow_up_withheld:{planned}"
    words = consequences.OPTED_OUT if opted_out else consequences.CALL
    scene.out.rows += consequences.needs_a_call(case, why, scene.unit, scene.house, scene.now, words)
    if case.stage != "resolved":
        casework.tell(scene, case, cases.FollowUpDue(), "makegood")


_FIRES: Final[Mapping[str, Callable[[DueRow, Scene], int | None]]] = {
    "invite": _invite,
    "remind": _remind,
    "expire": _expire,
    "reask": _reask,
    "follow_up": _follow_up,
    "prune": chores.prune,
    "erase": chores.erase,
    anonymous_release.DUE: anonymous_release.let_out,
    keeping.ALBUM: partial(keeping.gather, take=dispatch),
    WAITING: waiting.look,
    backup_chore.KIND: backup_chore.look_again,
    offers_flow.DUE: offers_flow.look,
    thanking.DUE: offers_thanks.give,
    clockwork.CLOCK: clockwork.fire,
    case_causes.CAUSE: case_causes.remind,
    restatement_answers.PATIENCE: restatement_answers.go_ahead,
    call_tasks.AGAIN: call_tasks.bring_up,
    silent.SAMPLE: silent.draw,
    dispatching.DUTY: dispatching.come_on_duty,
}


async def plan_asking_again(database: Database, now: int, gap: int) -> int:
    """Plan to show each question again that was open when taps were lost; return how many.

    Only questions of the last 24 hours count, and each gets one row for this gap, whatever happens meanwhile.
    """
    since, last, count = now - gap - REASK_LASTS, 0, 0
    while True:
        page = await database.run(partial(_plan_page, since=since, after=last, now=now), low=True)
        count += len(page)
        if len(page) < PAGE:
            return count
        last = page[-1]


def _plan_page(unit: Unit, since: int, after: int, now: int) -> list[int]:
    talks = unit.conversations.with_open_question_since(1, "telegram", since, PAGE, after)
    for talk in talks:
        unit.due.add(talk.brand_id, "reask", talk.id, f"reask:{talk.id}:{now}", now)
    return [talk.id for talk in talks]
