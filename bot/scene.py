"""What every part of a turn works with, handed down from the top of it."""

from typing import NamedTuple

from bot.house import House
from bot.outgoing import Outgoing
from bot.people import Speaker
from conversations.surveys import Survey
from storage.conversations import Conversation
from storage.unit import Unit


class Scene(NamedTuple):
    """One turn: its unit of work, the house it happens in, what it wants said, and its moment in ms."""

    unit: Unit
    house: House
    out: Outgoing
    now: int


class Talking(NamedTuple):
    """Who speaks, in which conversation if there is one, and the survey it follows if it does."""

    speaker: Speaker
    conversation: Conversation | None
    survey: Survey | None
