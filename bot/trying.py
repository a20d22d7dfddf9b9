"""On which side of an experiment a customer is asked: decided once, from what never changes about them."""

from typing import Final

from bot.scene import Scene
from conversations.experiments import assigned
from conversations.surveys import Survey
from storage.customers import Customer

SALT: Final = "experiment_salt"
"""The fact that makes the sides of this installation its own; it is in every backup, and never changes."""


def side_of(customer: Customer, survey: Survey, scene: Scene) -> str | None:
    """Return how a customer is asked a survey, None when it is tried in one way only."""
    if survey.experiment is None:
        return None
    return assigned(survey, customer.reference, _salt(scene))


def _salt(scene: Scene) -> str:
    """Return the salt, made with the first experiment. It is read each time: what a lost turn made was never there."""
    facts, brand = scene.unit.facts, scene.house.brand
    salt = facts.get(brand, SALT)
    if salt is None:
        salt = scene.house.seed()
        facts.put(brand, SALT, salt)
    return salt
