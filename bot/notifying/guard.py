"""Where a webhook may go: never to our own network, unless its setting says so.

Whoever may set a webhook's address must not reach through us what only this machine can reach: a database, a
router, the cloud's metadata. So an address is resolved once, by us, each of its numbers is looked at, and the
connection is made to those very numbers; nobody asks the name servers again in between, and no redirect is followed.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

Resolve = Callable[[str, int], Awaitable[list[str]]]

_OURS_4: Final = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("10.0.0.0/8", "private"),
        ("172.16.0.0/12", "private"),
        ("192.168.0.0/16", "private"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("100.64.0.0/10", "shared by a provider"),
        ("198.18.0.0/15", "for benchmarks"),
    )
)
_NEVER_4: Final = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "unspecified"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "reserved"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("169.254.169.254/32", "a cloud's metadata"),
        ("169.254.170.2/32", "a cloud's metadata"),
        ("168.63.129.16/32", "a cloud's metadata"),
        ("100.100.100.200/32", "a cloud's metadata"),
    )
)
_OURS_6: Final = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("::1/128", "loopback"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
    )
)
_NEVER_6: Final = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("fd00:ec2::254/128", "a cloud's metadata"),
        ("fd20:ce::254/128", "a cloud's metadata"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "a tunnel"),
        ("3fff::/20", "for documentation"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_6: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")


class NotAllowed(Exception):
    """A webhook may not go there. `why` says it without naming the address."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def forbidden(number: str, *, allow_private: bool = False) -> str | None:
    """Return why no webhook goes to this IP address, None when one may.

    `allow_private` admits one's own networks and this machine; a cloud's metadata, multicast and what is no
    address of anybody are never admitted. An IPv4 address inside an IPv6 one counts as itself.
    """
    try:
        address = ip_address(number)
    except ValueError:  # with a zone, or no address at all
        return "no plain address"
    if isinstance(address, IPv6Address):
        inside = _inside(address)
        if inside is None:
            return _of_6(address, allow_private=allow_private)
        address = inside
    return _of_4(address, allow_private=allow_private)


def _inside(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return IPv4Address(int(address) & 0xFFFFFFFF) if address in _NAT64 else None


def _of_4(address: IPv4Address, *, allow_private: bool) -> str | None:
    never = next((what for network, what in _NEVER_4 if address in network), None)
    ours = next((what for network, what in _OURS_4 if address in network), None)
    return never or (None if allow_private else ours)


def _of_6(address: IPv6Address, *, allow_private: bool) -> str | None:
    if address.scope_id is not None:
        return "no plain address"
    never = next((what for network, what in _NEVER_6 if address in network), None)
    ours = next((what for network, what in _OURS_6 if address in network), None)
    if never or ours:
        return never or (None if allow_private else ours)
    return None if address in _GLOBAL_6 else "reserved"


def unfit_url(url: str, *, allow_private: bool) -> str | None:
    """Return what is wrong with a webhook's URL, None when nothing is."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "it is no address"
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        return "it must begin with https:// and a host's name"
    if parts.scheme == "http" and not allow_private:
        return "it must begin with https://; plain http is for one's own network, with allow_private = true"
    if parts.username is not None or parts.password is not None:
        return "no user and no password may stand in it; receivers know us by the signature"
    if parts.fragment or not url.isascii() or any(not sign.isprintable() or sign in " \\" for sign in url):
        return "it has signs that no address has"
    return None


async def resolve_by_system(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, in the order to try them. Raises OSError when there are none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def checked_addresses(host: str, port: int, resolve: Resolve, *, allow_private: bool) -> list[str]:
    """Return the IP addresses of a host, each of them allowed.

    One that is not forbids them all: a name that also leads to a private address is up to no good, or a mistake.
    Raises NotAllowed, OSError.
    """
    numbers = await resolve(host, port)
    for number in numbers:
        why = forbidden(number, allow_private=allow_private)
        if why is not None:
            raise NotAllowed(f"the address is {why}")
    if not numbers:
        raise OSError("the name has no address")
    return numbers
