"""Callback queries: one for each tap, answerable once and for 150 seconds."""

import secrets

import msgspec

from tests.fake_telegram import checks, refusals
from tests.fake_telegram.parameters import Json
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.updates import CALLBACK_LIFE
from tests.fake_telegram.world import World


class Notice(msgspec.Struct, frozen=True):
    """What the bot answered a tap with: the words at the top of the screen, or an alert."""

    text: str = ""
    show_alert: bool = False
    url: str = ""


class Query(msgspec.Struct):
    """A tap that the bot may answer."""

    id: str
    made_at: float
    notice: Notice | None = None


class Queries:
    """All taps by their id."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._queries: dict[str, Query] = {}

    def new(self) -> Query:
        query = Query(str(secrets.randbits(62)), self._world.clock.now())
        self._queries[query.id] = query
        return query

    def expire(self, query_id: str) -> None:
        """Make this query too old at once."""
        self._queries[query_id].made_at -= CALLBACK_LIFE

    def answer(self, params: Json) -> bool:
        """answerCallbackQuery. A query that is unknown, too old or answered already is refused alike."""
        query = self._queries.get(str(params.get("callback_query_id", "")))
        text = str(params.get("text") or "")
        if checks.units(text) > checks.CALLBACK_ANSWER_LIMIT:
            raise Refused(400, "Bad Request: MESSAGE_TOO_LONG")
        if query is None or query.notice is not None or self._world.clock.now() - query.made_at >= CALLBACK_LIFE:
            raise Refused(400, refusals.QUERY_TOO_OLD)
        query.notice = Notice(text, bool(params.get("show_alert")), str(params.get("url") or ""))
        self._world.changed.ring()
        return True
