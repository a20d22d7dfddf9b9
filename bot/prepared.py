"""The prepared text of a step, as its customer would read it."""

from msgspec.structs import replace

from bot.people import facts_of
from bot.scene import Scene
from bot.weighing import plan_of
from conversations.facts import Facts
from conversations.problems import WordingRefused
from conversations.wording import render
from storage.cases import Case
from storage.staff import StaffMember


def text_of(scene: Scene, case: Case, step: str, member: StaffMember, language: str) -> str:
    """Return the text of a step in a language, with everything filled in; empty when there is none to be had."""
    return _rendered(plan_of(scene, case).text(step, language), _facts(scene, case, member))


def _facts(scene: Scene, case: Case, member: StaffMember) -> Facts:
    customer = scene.unit.customers.get(case.customer_id)
    service = "{}"
    if case.service_event_id is not None:
        service = scene.unit.service_events.get(case.service_event_id).service
    facts = facts_of(customer, scene.house, service)
    return replace(facts, business={**facts.business, "staff_name": member.name})


def _rendered(text: str, facts: Facts) -> str:
    """Fill in a text; who writes it is a fact of the business to the small language of texts."""
    source = text.replace("staff.name", "business.staff_name")
    try:
        return render(source, facts, {})
    except WordingRefused:
        return ""
