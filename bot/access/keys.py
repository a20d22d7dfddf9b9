"""API keys: how the business's own systems say who they are (`Authorization: Bearer …`)."""

from collections.abc import Mapping

import msgspec

from bot.access.policy import Principal, Role
from bot.access.secrets import digest, same


class ApiKey(msgspec.Struct, frozen=True):
    """A key as the settings give it: its name (for logs and history), the hex SHA-256 of it, and its roles."""

    name: str
    digest: str
    roles: frozenset[Role] = frozenset({Role.SENDER})

    @classmethod
    def of(cls, name: str, key: str, roles: frozenset[Role] = frozenset({Role.SENDER})) -> "ApiKey":
        """Make the value from the key itself, which is then not kept."""
        return cls(name, digest(key), roles)


class ApiKeys:
    """The keys that are good now."""

    def __init__(self, keys: tuple[ApiKey, ...] = ()) -> None:
        self._keys = keys

    def principal(self, headers: Mapping[str, str]) -> Principal | None:
        """Return whose key the request carries; None without a good one. Every key is compared, each time."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            return None
        found = [key for key in self._keys if same(digest(given.strip()), key.digest)]
        return Principal(roles=found[0].roles, name=f"key:{found[0].name}") if found else None
