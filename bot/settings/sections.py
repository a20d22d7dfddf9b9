"""Every setting: its section, its name, its default. `config.example.toml` gives unit and reason for each.

A section is a frozen struct; an annotation's kind says what is allowed. Nothing else lists the settings: reading,
the environment's names and the check of the example all come from here.
"""

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from bot.settings.kinds import (
    Address,
    Amount,
    Base,
    Currency,
    File,
    FileName,
    Folder,
    Key,
    Keys,
    Language,
    Level,
    Mailbox,
    Mode,
    Origins,
    Password,
    Proxy,
    Secret,
    Secrets,
    Security,
    SigningSecrets,
    Strings,
    Synchronous,
    Tells,
    Text,
    Texts,
    TimeOfDay,
    Token,
    Touchpoint,
    Yes,
    Zone,
    above,
    size,
    span,
    whole,
)
from bot.settings.webhooks import Endpoint, Webhooks, endpoints

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")

CANCELLED: Final = "cancelled"
"""In the table of touchpoints: such a service event says that the service did not happen after all."""

TOUCHPOINTS: Final = {
    "order.delivered": "delivery",
    "order.cancelled": CANCELLED,
    "delivery.completed": "delivery",
    "delivery.cancelled": CANCELLED,
    "repair.completed": "repair",
    "repair.cancelled": CANCELLED,
    "service.completed": "service",
    "service.cancelled": CANCELLED,
    "visit.completed": "service",
    "visit.cancelled": CANCELLED,
    "stay.completed": "checkout",
    "stay.cancelled": CANCELLED,
    "request.completed": "request",
    "request.cancelled": CANCELLED,
    "relationship.due": "relationship",
}


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A group of settings that is written under one heading."""


class Business(Section, frozen=True, kw_only=True):
    """Who we speak for."""

    name: Text = ""
    zone: Zone = "UTC"
    language: Language = "en"
    currency: Currency = ""
    privacy_url: Address = ""
    more: Strings = {}


class Contact(Section, frozen=True, kw_only=True):
    """How often we may ask, and when."""

    cooldown: Annotated[timedelta, span("0s", "365d")] = timedelta(days=14)
    quiet_from: TimeOfDay = time(21)
    quiet_until: TimeOfDay = time(9)
    consent_required: Yes = False
    one_proactive_per: Annotated[timedelta, span("0s", "30d")] = timedelta(hours=24)
    place_again: Annotated[timedelta, span("0s", "30d")] = timedelta(hours=12)
    announce_every: Annotated[timedelta, span("1m", "30d")] = timedelta(hours=24)


class Telegram(Section, frozen=True, kw_only=True):
    """The bot on Telegram; without a token there is none."""

    token: Token = ""
    mode: Mode = "polling"
    api_base: Base = "https://api.telegram.org"
    proxy: Proxy = ""
    start_survey: Key = ""
    poll_wait: Annotated[timedelta, span("0s", "50s")] = timedelta(seconds=25)
    webhook_url: Address = ""
    webhook_secret: Secret = ""
    webhook_connections: Annotated[int, whole(1, 100)] = 40
    leaves_unknown_groups: Yes = True
    topics: Yes = False


class Web(Section, frozen=True, kw_only=True):
    """The pages, the web chat and the API."""

    host: Text = "127.0.0.1"
    port: Annotated[int, whole(0, 65535)] = 8765
    public_url: Address = ""
    allowed_hosts: Texts = ()
    trusted_proxies: Texts = ()
    embedded_in: Origins = ()
    api_docs: Yes = False


class Staff(Section, frozen=True, kw_only=True):
    """Those who work cases."""

    language: Language = "en"
    invitation_lasts: Annotated[timedelta, span("1h", "90d")] = timedelta(days=7)
    done_touchpoint: Touchpoint = "service"
    most_messages: Annotated[int, whole(1, 1000)] = 10


class Storage(Section, frozen=True, kw_only=True):
    """Where everything is kept."""

    folder: Folder = Path("data")
    file: FileName = "makegood.db"
    path: File = None
    synchronous: Synchronous = "FULL"


class Delivery(Section, frozen=True, kw_only=True):
    """How fast messages go out."""

    overall_per_s: Annotated[float, above(0, 1_000_000)] = 25.0
    chat_per_s: Annotated[float, above(0, 1_000_000)] = 1.0
    chat_burst: Annotated[int, whole(1, 1_000_000)] = 3
    group_per_min: Annotated[int, whole(1, 1_000_000)] = 18
    edit_delay: Annotated[timedelta, span("0s", "10s")] = timedelta(milliseconds=300)


class Surveys(Section, frozen=True, kw_only=True):
    """Survey files of the business's own, beside those we ship."""

    folder: File = None
    library: Yes = True


class Api(Section, frozen=True, kw_only=True):
    """How the business's own systems prove who they are; several of each, so that they can be changed one by one."""

    keys: Secrets = {}
    signing_secrets: SigningSecrets = {}


class Media(Section, frozen=True, kw_only=True):
    """Photos, voice messages and documents that people send."""

    folder: File = None
    keep: Annotated[timedelta, span("1d", "3650d")] = timedelta(days=180)
    largest: Annotated[int, size("100kB", "20MB")] = 20_000_000


class Backup(Section, frozen=True, kw_only=True):
    """Copies of everything, made while it runs."""

    folder: File = None
    every: Annotated[timedelta, span("0s", "30d")] = timedelta(hours=24)
    keep_daily: Annotated[int, whole(1, 1000)] = 7
    keep_weekly: Annotated[int, whole(0, 1000)] = 4


class Mail(Section, frozen=True, kw_only=True):
    """The company's mail server, by which customers hear that a message waits for them."""

    host: Text = ""
    port: Annotated[int, whole(1, 65535)] = 587
    security: Security = "starttls"
    ca_file: File = None
    username: Text = ""
    password: Password = ""
    sender: Mailbox = ""
    reply_to: Mailbox = ""


class Recovery(Section, frozen=True, kw_only=True):
    """How a wrong is put right."""

    folder: File = None
    restatement_waits: Annotated[timedelta, span("1m", "24h")] = timedelta(minutes=10)
    cause_again: Annotated[timedelta, span("1h", "30d")] = timedelta(hours=24)
    tells: Tells = "everybody"
    silent_sample: Annotated[int, whole(0, 1000)] = 3
    first_contact: Annotated[timedelta, span("1m", "30d")] = timedelta(hours=1)
    put_right: Annotated[timedelta, span("1m", "90d")] = timedelta(hours=16)
    urgent_first_contact: Annotated[timedelta, span("1m", "30d")] = timedelta(minutes=15)
    urgent_put_right: Annotated[timedelta, span("1m", "90d")] = timedelta(hours=4)
    unanswered_after: Annotated[timedelta, span("1m", "30d")] = timedelta(minutes=15)
    supervisor_after: Annotated[timedelta, span("0s", "30d")] = timedelta(hours=1)
    manager_after: Annotated[timedelta, span("0s", "30d")] = timedelta(hours=4)
    urgent_unanswered_after: Annotated[timedelta, span("1m", "30d")] = timedelta(minutes=5)
    urgent_manager_after: Annotated[timedelta, span("0s", "30d")] = timedelta(minutes=30)
    customer_silent_for: Annotated[timedelta, span("1h", "30d")] = timedelta(days=2)
    per_case: Amount = ""
    per_day: Amount = ""
    supervisor_up_to: Amount = ""
    two_above: Amount = ""
    budget_per_month: Amount = ""
    approval_waits: Annotated[timedelta, span("1m", "7d")] = timedelta(minutes=15)
    offer_valid: Annotated[timedelta, span("1h", "365d")] = timedelta(days=7)
    voucher_valid: Annotated[timedelta, span("1d", "3650d")] = timedelta(days=90)


class Reports(Section, frozen=True, kw_only=True):
    """What the answers come to."""

    fewest: Annotated[int, whole(1, 1000)] = 10


class Log(Section, frozen=True, kw_only=True):
    """What is written while it runs."""

    level: Level = "info"


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of one installation, checked."""

    business: Business = Business()
    contact: Contact = Contact()
    touchpoints: Keys = msgspec.field(default_factory=TOUCHPOINTS.copy)
    telegram: Telegram = Telegram()
    web: Web = Web()
    staff: Staff = Staff()
    storage: Storage = Storage()
    delivery: Delivery = Delivery()
    surveys: Surveys = Surveys()
    api: Api = Api()
    media: Media = Media()
    backup: Backup = Backup()
    mail: Mail = Mail()
    webhooks: Webhooks = {}
    recovery: Recovery = Recovery()
    reports: Reports = Reports()
    log: Log = Log()

    @property
    def folder(self) -> Path:
        """Return the data folder: database, lock, socket and secrets are in it."""
        return self.storage.folder

    @property
    def database(self) -> Path:
        """Return the database's file."""
        return self.storage.path or self.storage.folder / self.storage.file

    @property
    def media_folder(self) -> Path:
        """Return the folder of the files that people sent."""
        return self.media.folder or self.storage.folder / "media"

    @property
    def backups(self) -> Path:
        """Return the folder of backups."""
        return self.backup.folder or self.storage.folder / "backups"

    @property
    def public_url(self) -> str:
        """Return the address that customers' links begin with."""
        return self.web.public_url or f"http://{self.web.host}:{self.web.port}"

    @property
    def endpoints(self) -> dict[str, Endpoint]:
        """Return the webhooks by name."""
        return endpoints(self.webhooks)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Return the host names that are served, without ports."""
        named = urlsplit(self.web.public_url).hostname
        return (*LOOPBACK, *((named,) if named else ()), *self.web.allowed_hosts)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return everything that may stand in no log."""
        signing = (secret for endpoint in self.endpoints.values() for secret in endpoint.secrets)
        several = (*self.api.keys.values(), *self.api.signing_secrets.values(), *signing, self.mail.password)
        return tuple(s for s in (self.telegram.token, self.telegram.webhook_secret, self.telegram.proxy, *several) if s)
