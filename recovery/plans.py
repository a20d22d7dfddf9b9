"""Recovery plans: the steps that a case is led through, their words, their times, and what is given.

    short   apology (ours, at once) · repair · follow-up: three taps in all
    full    apology · repair · empathy · atonement · follow-up, each with its clock
    own     a touchpoint that is a moment of truth has its plan prepared: texts, remedy, times, who

A case follows the plan that names its touchpoint, else *short*. Every step can be taken in every plan; a plan says
which of them are waited for.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final, Literal, get_args

import msgspec

from conversations.surveys import Texts, said_in
from recovery.clocks import Owed, Target

Step = Literal["apology", "repair", "empathy", "atonement", "follow_up"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
"""The five steps, each building on the one before."""

SHORT: Final = "short"
DEFAULT: Final = "en"

OWED: Final[tuple[Owed, ...]] = ("acknowledge", "first_contact", "resolve")


class Remedy(msgspec.Struct, frozen=True):
    """What a plan has ready to make up for it: proposed to whoever works the case, given by nobody but them.

    `worth` is an amount as it is written, in the business's currency; empty where the gift has no price.
    """

    kind: str
    worth: str = ""
    what: Texts = {}


class Plan(msgspec.Struct, frozen=True):
    """A plan. `weight` makes its cases graver, `skill` says what whoever works them must know.

    `remedy` is proposed to whoever works a case; `thanks_with` is offered by itself to whoever complained, once a case.
    `around_the_clock`: the clocks of its urgent cases run at night, too.
    """

    key: str
    title: Texts = {}
    touchpoints: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ("apology", "repair", "follow_up")
    weight: int = 0
    skill: str | None = None
    within: Mapping[str, timedelta] = {}
    texts: Mapping[str, Texts] = {}
    thanks_with: Remedy | None = None
    remedy: Remedy | None = None
    around_the_clock: bool = False

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return the times that this plan gives for first contact, for its steps and for resolution; only those named.

        The follow-up is no target: its time counts from the resolution.
        """
        named: dict[Owed, timedelta] = {owed: self.within[owed] for owed in OWED if owed in self.within}
        named |= {step: span for step, span in self.step_times.items() if step != "follow_up"}
        return tuple(Target(owed, named[owed]) for owed in get_args(Owed) if owed in named)

    @property
    def step_times(self) -> dict[Step, timedelta]:
        """Return within what working time a step is to be taken, for those that have a clock of their own."""
        return {step: self.within[step] for step in self.steps if step in self.within}

    def name(self, language: str) -> str:
        """Return how people call it."""
        return said_in(self.title, language, DEFAULT) if self.title else self.key

    def text(self, step: str, language: str) -> str:
        """Return the prepared text of a step, to be rendered; empty when there is none."""
        texts = self.texts.get(step, {})
        return said_in(texts, language, DEFAULT) if texts else ""


class Plans:
    """The plans of one installation."""

    def __init__(self, plans: Iterable[Plan]) -> None:
        self._plans = {plan.key: plan for plan in plans}
        self._by_touchpoint = {touchpoint: plan for plan in self._plans.values() for touchpoint in plan.touchpoints}

    @property
    def all(self) -> tuple[Plan, ...]:
        """Return every plan, in the order in which they were written."""
        return tuple(self._plans.values())

    def get(self, key: str) -> Plan:
        """Return a plan; one that was taken out of the files since is followed like *short*."""
        return self._plans.get(key) or self._plans.get(SHORT) or Plan(SHORT)

    def for_touchpoint(self, touchpoint: str | None) -> Plan:
        """Return the plan that a case of a touchpoint follows."""
        plan = self._by_touchpoint.get(touchpoint) if touchpoint is not None else None
        return plan if plan is not None else self.get(SHORT)
