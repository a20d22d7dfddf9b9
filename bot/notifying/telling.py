"""What happened in a turn, for whoever wants to hear of it: written down in the turn's own transaction.

Each begins with a look into memory: an installation that nobody listens to writes nothing and reads nothing.
"""

from bot.access.secrets import new_token
from bot.audience import CASE_CLOSED, CASE_OPENED, RESPONSE_COMPLETED
from bot.notifying.payloads import case_told, envelope, response_told
from bot.scene import Scene
from conversations.state import Closed
from storage.cases import Case
from storage.conversations import Conversation
from storage.events import ServiceEvent
from storage.notifications import NotificationNew

TOLD_OUTCOMES = frozenset({"complete", "partial"})


def response_closed(scene: Scene, conversation: Conversation, state: Closed) -> None:
    """Tell of a response that is complete or partial; once more when it was completed or corrected later."""
    ways = scene.house.audience.ways(RESPONSE_COMPLETED)
    if not ways or conversation.purpose != "survey" or state.outcome not in TOLD_OUTCOMES:
        return
    line = scene.unit.responses.of(scene.house.brand, conversation.id)
    if line is None:
        return
    told = response_told(line, scene.unit.answers.of(conversation.id))
    key = f"{RESPONSE_COMPLETED}:{conversation.id}:{line.closing}"
    tell(scene, ways, RESPONSE_COMPLETED, envelope(RESPONSE_COMPLETED, scene.now, told), key)


def case_opened(scene: Scene, case: Case) -> None:
    """Tell of a new case."""
    _case(scene, case, CASE_OPENED)


def case_closed(scene: Scene, case: Case) -> None:
    """Tell how a case ended."""
    _case(scene, case, CASE_CLOSED)


def _case(scene: Scene, case: Case, type_: str) -> None:
    ways = scene.house.audience.ways(type_)
    if not ways:
        return
    customer = scene.unit.customers.get(case.customer_id)
    told = case_told(case, customer, _event(scene, case.service_event_id))
    tell(scene, ways, type_, envelope(type_, scene.now, told), f"{type_}:{case.id}")


def _event(scene: Scene, event_id: int | None) -> ServiceEvent | None:
    return None if event_id is None else scene.unit.service_events.get(event_id)


def tell(scene: Scene, ways: tuple[str, ...], type_: str, payload: str, key: str, target: str = "") -> None:
    """Queue one notification for each way, once for each key. The sender is woken after the commit."""
    for way in ways:
        scene.unit.notifications.add(
            NotificationNew(
                brand_id=scene.house.brand,
                way=way,
                type=type_,
                ident=f"msg_{new_token()}",
                target=target,
                payload=payload,
                dedupe_key=f"{key}:{way}",
                queued_at=scene.now,
            )
        )
    scene.out.notified = True
