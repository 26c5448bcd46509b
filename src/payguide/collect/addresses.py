"""Which hosts and network addresses may be asked: public ones, and what the user allows by name.

A page decides where it redirects, and a name where it points: both could send this program to machines that only this
one can reach. So a host is asked only where every address that its name has is one of the public internet.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from payguide.base.errors import SourceUnavailable

#: The network addresses of a host's name, as text.
Resolve = Callable[[str, int], Sequence[str]]

_PORTS: Final = {"http": 80, "https": 443}
_NAME: Final = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*+[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
)
#: A name that ends so is a number to the resolver: 127.1, 2130706433, 0x7f.1, 0177.0.0.1.
_NUMBER: Final = re.compile(r"(?:^|\.)(?:\d++|0x[0-9a-f]*+)$")
#: Endings of names that are not of the public internet (RFC 6761, 6762, 8375, 9476, and what clouds use).
_LOCAL_NAMES: Final = frozenset(("localhost", "localdomain", "local", "internal", "intranet", "lan", "home", "corp",
                                 "private", "arpa", "test", "invalid", "onion", "alt"))  # fmt: skip
_LONGEST_NAME: Final = 253

#: Not of the public internet, or another network in disguise, though not every Python says so: IETF protocol
#: assignments, the 6to4 relays and the platform address of one cloud; of IPv6 6to4, what tunnels (Teredo among it),
#: documentation and the old test network.
_NOT_PUBLIC: Final = tuple(map(ipaddress.ip_network, (
    "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32",
    "2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20",
)))  # fmt: skip
_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
#: Networks that have only IPv6 reach a public IPv4 address through its last 32 bits (RFC 6052).
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
#: How the lower half of an address begins in which ISATAP hides an IPv4 address, the bit for "universal" aside.
_ISATAP: Final = 0x00005EFE
_UNIVERSAL: Final = 0x02000000


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked of whom: `host` is a name in ASCII or a network address without brackets, `path` has the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_default_port(self) -> bool:
        """Whether the port is the one that goes without saying."""
        return self.port == _PORTS[self.scheme]


def target_of(url: str) -> Target:
    """The parts of a web address. A name and password in it are left out: what is public needs none.

    Raises:
        ValueError: it is no http or https address; its text says why.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        raise ValueError("it does not begin with http:// or https://")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
    host = _ascii(parts.hostname or "", bracketed="[" in parts.netloc)
    port = _PORTS[parts.scheme] if parts.port is None else parts.port
    return Target(parts.scheme, host, port, path + (f"?{query}" if query else ""))


def _ascii(host: str, *, bracketed: bool) -> str:
    """The host as it is looked up: letters of other scripts are encoded, as are digits and dots of other widths."""
    if bracketed:
        return str(ipaddress.IPv6Address(host))
    name = host if host.isascii() else host[:_LONGEST_NAME].encode("idna").decode().lower()
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(name.removesuffix(".")):
        raise ValueError(f"{host[:80]!r} is no host")
    return name


def _refuse_by_name(host: str, allowed: Collection[str]) -> None:
    """Refuse a host that is not one of the public internet by its very name, before it is looked up.

    Raises:
        SourceUnavailable: it is none, and is not among those that the user allows.
    """
    if host in allowed:
        return
    literal = _literal(host)
    if literal is not None:
        why = "" if is_public(literal) else "is no address of the public internet"
    elif host.endswith("."):
        why = "ends in a dot"
    elif _NUMBER.search(host):
        why = "is a number, not a name"
    elif "." not in host or host.rpartition(".")[2] in _LOCAL_NAMES:
        why = "is a name of a local network"
    else:
        why = ""
    if why:
        raise _refusal(host, why)


def addresses_of(host: str, port: int, allowed: Collection[str], resolve: Resolve) -> Sequence[str]:
    """The network addresses of a host, each of which may be asked. The name is looked up once.

    Raises:
        SourceUnavailable: one of them is not of the public internet, and the user does not allow the host.
        OSError: the name has no address.
    """
    _refuse_by_name(host, allowed)
    found = [host] if _literal(host) is not None else resolve(host, port)
    for address in found if host not in allowed else ():
        literal = _literal(address)
        if literal is None or not is_public(literal):
            raise _refusal(host, f"leads to {address}, which is no address of the public internet")
    return found


def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses that this machine's resolver gives for a name, in its order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of a single machine on the public internet."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not address.is_multicast and not _is_listed(address)
    inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _NAT64:
        return is_public(inner)
    if (int(address) >> 32) & 0xFFFFFFFF & ~_UNIVERSAL == _ISATAP and not is_public(inner):
        return False
    return address in _GLOBAL_UNICAST and address.scope_id is None and not _is_listed(address)


def _is_listed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return any(address in network for network in _NOT_PUBLIC if network.version == address.version)


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _refusal(host: str, why: str) -> SourceUnavailable:
    remedy = f"only public hosts are asked; if you trust this one, allow it by name: --allow-host {host}"
    return SourceUnavailable(f"the host {host} {why}", remedy=remedy)
