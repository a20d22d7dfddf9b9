"""API keys: how the business's own systems say who they are (`Authorization: Bearer …`).

Some stand in the settings, the others were made with `makegood key create` and are kept as digests. All of them are
held in memory: a request costs no question to the database, and a change is told to the ring by who made it.
"""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from bot.access.policy import Principal, Role
from bot.access.secrets import digest, same
from bot.clock import Clock
from storage.api_keys import StoredKey
from storage.database import Database
from storage.errors import Unavailable

BEGINS: Final = "mg_"
"""What a key begins with, so that whoever finds one in a file knows what opened with it."""

_HOUR: Final = timedelta(hours=1) // timedelta(milliseconds=1)


class ApiKey(msgspec.Struct, frozen=True):
    """A key as it is compared: its name (for logs and history), the hex SHA-256 of it, and until when it is good.

    `id` and `used_at` are those of a stored key; one of the settings has none. `staff_member_id` is in whose name it
    may agree to offers; one for `surveys` may nothing else.
    """

    name: str
    digest: str
    expires_at: int | None = None
    id: int | None = None
    used_at: int = 0
    staff_member_id: int | None = None
    surveys: bool = False


def configured(keys: Mapping[str, str]) -> tuple[ApiKey, ...]:
    """Return the keys of the settings, of which only the digests are kept."""
    return tuple(ApiKey(name, digest(key)) for name, key in keys.items())


def key_in(headers: Mapping[str, str], keys: Sequence[ApiKey], now: int) -> ApiKey | None:
    """Return the key that a request carries, None without one that is good at `now`. Every key is compared."""
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        return None
    sealed = digest(given.strip())
    found = [key for key in keys if same(sealed, key.digest)]
    return next((key for key in found if key.expires_at is None or key.expires_at > now), None)


class KeyRing:
    """The keys of one brand that are good now."""

    def __init__(self, settings: Mapping[str, str], database: Database, clock: Clock, brand: int = 1) -> None:
        self._configured = configured(settings)
        self._keys: tuple[ApiKey, ...] | None = None
        self._database = database
        self._clock = clock
        self._brand = brand
        self._reading = asyncio.Lock()

    async def principal(self, headers: Mapping[str, str]) -> Principal | None:
        """Return whose key the request carries; None without a good one. Every key is compared, each time."""
        if "authorization" not in headers:
            return None
        found = key_in(headers, await self._known(), self._clock.now())
        if found is None:
            return None
        await self._note_use(found)
        if found.surveys:
            return Principal(roles=frozenset({Role.AUTHOR}), name=f"key:{found.name}")
        if found.staff_member_id is None:
            return Principal(roles=frozenset({Role.SENDER}), name=f"key:{found.name}")
        roles = frozenset({Role.SENDER, Role.APPROVER})
        return Principal(roles=roles, staff_member_id=found.staff_member_id, name=f"key:{found.name}")

    async def _known(self) -> tuple[ApiKey, ...]:
        if self._keys is None:
            await self.look_again()
        return self._keys or self._configured

    async def look_again(self) -> None:
        """Read the stored keys anew: whoever changed one calls this after the commit, and it holds at once.

        While the database cannot be read, those of the settings are good.
        """
        async with self._reading:  # a reading that began before the change may not end after this one
            with contextlib.suppress(Unavailable):
                good = await self._database.read(lambda unit: unit.api_keys.good(self._brand, self._clock.now()))
                self._keys = (*self._configured, *(_held(key) for key in good))

    async def _note_use(self, key: ApiKey) -> None:
        """Note the hour in which a stored key was used, once: most requests write nothing."""
        hour = self._clock.now() // _HOUR * _HOUR
        if key.id is None or key.used_at >= hour:
            return
        key_id = key.id
        with contextlib.suppress(Unavailable):  # then the request itself is told, or needs no writing
            await self._database.run(lambda unit: unit.api_keys.used(key_id, hour))
        if self._keys is not None:
            self._keys = tuple(
                msgspec.structs.replace(each, used_at=hour) if each.id == key_id else each for each in self._keys
            )


def _held(key: StoredKey) -> ApiKey:
    return ApiKey(
        key.name, key.digest, key.expires_at, key.id, key.last_used_at or 0, key.staff_member_id, bool(key.surveys)
    )
