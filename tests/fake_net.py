"""A network in memory: names have the addresses that a test gives them, and whatever is connected to answers by host.

What connects, looks up and speaks HTTP is the client's own; only sockets are not.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore2

#: A public address that no test asks, for names that have no other.
PUBLIC = "93.184.216.34"


@dataclass(frozen=True)
class Reply:
    """One answer. `chunks` come one read each."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterable[bytes] | None = None


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(status, headers={"Location": to})


@dataclass(frozen=True)
class Asked:
    """What the far end saw: how it was connected to, by what name TLS and HTTP spoke to it, and what was asked."""

    address: str
    port: int
    tls: str | None
    host: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    body: bytes = field(default=b"", compare=False)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}{self.path}"


class FakeNet(httpcore2.NetworkBackend):
    """The far end of every connection. `answer` is given each request; `names` have addresses, one list a look-up."""

    def __init__(
        self, answer: Callable[[Asked], Reply], names: Mapping[str, Sequence[Sequence[str]]] | None = None
    ) -> None:
        self.answer = answer
        self.names = {name: iter(lists) for name, lists in (names or {}).items()}
        self.looked_up: list[str] = []
        self.connected: list[str] = []
        self.asked: list[Asked] = []

    def resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        return next(self.names[host]) if host in self.names else [PUBLIC]

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: Any = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        self.connected.append(host)
        return _FarEnd(self, host, port)


class _FarEnd(httpcore2.NetworkStream):
    def __init__(self, net: FakeNet, address: str, port: int) -> None:
        self.net, self.address, self.port = net, address, port
        self.tls: str | None = None
        self.received = b""
        self.sending: Iterator[bytes] | None = None

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        assert ssl_context.check_hostname
        assert ssl_context.verify_mode is ssl.CERT_REQUIRED
        self.tls = server_hostname
        return self

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.received += buffer

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self.sending is None:
            self.sending = self._reply()
        return next(self.sending, b"")

    def _reply(self) -> Iterator[bytes]:
        head, _, body = self.received.partition(b"\r\n\r\n")
        lines = head.decode("ascii").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:] if line)
        path = lines[0].split(" ")[1]
        asked = Asked(self.address, self.port, self.tls, headers["Host"], path, headers, body)
        self.net.asked.append(asked)
        reply = self.net.answer(asked)
        said = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
        yield f"HTTP/1.1 {reply.status} -\r\n{said}Connection: close\r\n\r\n".encode()
        yield from reply.chunks if reply.chunks is not None else [reply.body]

    def close(self) -> None:
        """Nothing is open."""
