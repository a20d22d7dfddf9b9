"""What every turn knows of this installation, and nothing that changes from turn to turn."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

import msgspec

from bot.audience import Audience
from bot.means import Means
from bot.playbooks import Shelved
from bot.presence import NobodyLooks, Presence
from bot.tallying import Tallying
from conversations.contact import Rules
from conversations.experiments import as_asked
from conversations.reading import read
from conversations.surveys import Survey
from recovery.timing import Timing
from storage.errors import NotFound
from storage.outbox import OutboxRow
from storage.unit import Unit

FOLLOW_UP_SURVEY: Final = "follow_up"
LINK_LASTS: Final = timedelta(days=30)
INVITATION_LASTS: Final = timedelta(days=7)
"""How late an invitation may be decided before it is cancelled."""


class Recent:
    """Messages just sent, by the prompt they carry, so that a tap finds its own without asking the database.

    Only what was committed is remembered. A prompt that is not here is looked up; one that is, never changes.
    """

    def __init__(self, most: int = 5_000) -> None:
        self._most = most
        self._rows: dict[str, OutboxRow] = {}

    def remember(self, rows: Iterable[OutboxRow]) -> None:
        """Remember committed rows; the oldest are forgotten first."""
        for row in rows:
            if row.prompt is not None:
                self._rows[row.prompt] = row
        while len(self._rows) > self._most:
            del self._rows[next(iter(self._rows))]

    def row_of(self, unit: Unit, prompt: str) -> OutboxRow | None:
        """Return the message that carries a prompt, None when there is none any more."""
        return self._rows.get(prompt) or unit.messages.by_prompt(prompt)


class House(msgspec.Struct, frozen=True):
    """The brand a turn is taken for: who we are, how we speak, how often we may ask.

    `seed` returns random letters and figures, anew at each call; `zone` is the business's IANA zone.
    """

    brand: int
    business: dict[str, str]
    language: str
    zone: str
    rules: Rules
    privacy_url: str
    start_survey: str | None
    shelf: "Shelf"
    seed: Callable[[], str]
    leaves_unknown_groups: bool = True
    topics: bool = False  # one topic a case in a staff group that has them
    most_messages: int = 10  # of cases a minute in one chat of staff; what is more is folded into a digest
    done_touchpoint: str = "service"  # what was done when staff say only that it was
    place_again: timedelta = timedelta(hours=12)  # who answered at a place is not asked there again for so long
    silent_sample: int = 3  # of those who never answered so many a week are rung up
    fewest: int = 10  # answers from which on a figure is one to go by
    public_url: str = ""  # what the addresses of our own pages begin with, without a slash at its end
    media_lasts: int = 180 * 86_400_000  # how long we keep what people send, in ms
    media_largest: int = 20_000_000  # bytes of a file that we take
    recent: Recent = msgspec.field(default_factory=Recent)
    audience: Audience = Audience()
    presence: Presence = NobodyLooks()
    tallying: Tallying = msgspec.field(default_factory=Tallying)
    tells: str = "everybody"  # or "person": who reads what becomes of a case
    timing: Timing = Timing()
    shelved: Shelved = msgspec.field(default_factory=Shelved)  # words, causes and plans of recovery
    restatement_waits: timedelta = timedelta(minutes=10)  # no answer to what staff said back holds up nothing
    cause_again: timedelta = timedelta(hours=24)  # how often the owner of a case is asked for its root cause
    currency: str = ""  # ISO 4217; empty: no money is given
    means: Means = Means()


class Shelf:
    """The survey versions in use, read once each; a published version never changes."""

    def __init__(self) -> None:
        self._versions: dict[int, Survey] = {}
        self._published: dict[tuple[int, str], int] = {}
        self._variants: dict[tuple[int, str], Survey] = {}

    def version(self, unit: Unit, version_id: int) -> Survey:
        """Return the survey of one version."""
        survey = self._versions.get(version_id)
        if survey is None:
            stored = unit.surveys.get(version_id)
            survey = self._versions[version_id] = read(stored.source, f"{stored.key}.toml")
        return survey

    def asked(self, unit: Unit, version_id: int, variant: str | None) -> Survey:
        """Return the survey of one version as one side of its experiment is asked it; None: as it is written."""
        if variant is None:
            return self.version(unit, version_id)
        survey = self._variants.get((version_id, variant))
        if survey is None:
            survey = self._variants[version_id, variant] = as_asked(self.version(unit, version_id), variant)
        return survey

    def published(self, unit: Unit, brand: int, key: str) -> tuple[int, Survey]:
        """Return the published version of a survey, with its id; NotFound when there is none."""
        version_id = self._published.get((brand, key))
        if version_id is None:
            stored = unit.surveys.by_key(brand, key)
            if stored is None:
                raise NotFound("survey_version", key)
            version_id = self._published[brand, key] = stored.id
        return version_id, self.version(unit, version_id)

    def for_touchpoint(self, unit: Unit, brand: int, touchpoint: str) -> tuple[int, Survey] | None:
        """Return the survey that is asked at a touchpoint, None when there is none."""
        stored = unit.surveys.for_touchpoint(brand, touchpoint)
        return None if stored is None else (stored.id, self.version(unit, stored.id))

    def forget_published(self) -> None:
        """Look again which versions are published; call it after a publication."""
        self._published.clear()
