"""Words of customers that open no case: a kind word, to whoever served them; and what nobody sorted, to be read."""

from collections.abc import Sequence
from typing import Final

from bot import escalation
from bot.scene import Scene, Talking
from storage.staff import StaffMember

UNSORTED: Final = "unsorted"
"""A task to read what a customer wrote and did not sort; its key ends in the conversation's id."""


def praise(scene: Scene, talking: Talking, text: str, media: Sequence[int] = (), *, rated: bool = False) -> None:
    """Let whoever served hear a kind word, else all staff; `rated` when it came with the best rating."""
    name = talking.speaker.customer.name
    escalation.pass_on_praise(scene, name, text, media, served_by=_who_served(scene, talking), rated=rated)


def _who_served(scene: Scene, talking: Talking) -> StaffMember | None:
    """Return who served the customer when they were asked last, where the service event says so."""
    talks = [] if talking.conversation is None else [talking.conversation]
    if not talks or talks[0].purpose != "survey":
        talks = scene.unit.conversations.of_customer(talking.speaker.customer.id, 5)
    for talk in talks:
        invitation = scene.unit.invitations.of_conversation(talk.id)
        if invitation is not None and invitation.service_event_id is not None:
            served_by = scene.unit.service_events.get(invitation.service_event_id).staff_member_id
            member = None if served_by is None else scene.unit.staff.get(served_by)
            return member if member is not None and member.removed_at is None else None
    return None


def unsorted(scene: Scene, talking: Talking, text: str, media: Sequence[int] = ()) -> None:
    """Let staff read what a customer wrote and did not sort; it stands among what is to be done until somebody did."""
    if talking.conversation is not None:
        key, customer = f"{UNSORTED}:{talking.conversation.id}", talking.speaker.customer
        scene.unit.tasks.add(scene.house.brand, UNSORTED, key, scene.now, customer_id=customer.id)
    escalation.pass_on_unsorted(scene, talking.speaker.customer.name, text, media)
