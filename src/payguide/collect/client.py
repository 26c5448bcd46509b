"""The one client that asks the world: each hop checked and pinned, each document bounded in time and size.

Connections are made by the backend that httpcore2 is given (`connection.Pinned`), to an address that was checked a
moment before: a name is never looked up a second time. TLS and the Host header still speak of the name
(docs/decisions/0020).
"""

from __future__ import annotations

import io
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore2
import stamina
import stamina.instrumentation

from payguide.base.credentials import without_credentials
from payguide.base.errors import PayguideError, SourceUnavailable, UsageError, WrongShape
from payguide.base.version import VERSION
from payguide.collect.addresses import Resolve, Target, addresses_of, resolved, target_of
from payguide.collect.connection import Budget, Pinned
from payguide.collect.files import LARGEST_ANSWER, Fault, gunzip

#: A document with all its redirects and repeats ends after so many seconds; silence is met again after so many.
DEADLINE_S: Final = 120.0
_SILENCE_S: Final = 30.0
_TIMEOUTS: Final = dict.fromkeys(("connect", "read", "write", "pool"), _SILENCE_S)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LONGEST_WAY: Final = 10
_OK: Final = 200
#: Answers that may be better in a moment: timeout, too many requests, and the server's own troubles.
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_ATTEMPTS: Final = 4
_HEADERS: Final = (
    ("User-Agent", f"payguide/{VERSION}"),
    ("Accept", "application/json, text/html;q=0.9"),
    ("Accept-Encoding", "gzip"),
    ("Connection", "close"),
)
#: What may pass: all that goes wrong between two machines.
_TROUBLES: Final = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """The status in the end, with the content where it is 200. `location` is where else to ask."""

    status: int
    content: bytes = b""
    location: str = ""


class _PassingTroubleError(Exception):
    """An answer that may be better in a moment."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


class Client:
    """Asks public hosts, and those that are `allowed` by name.

    `backend` makes the connections and `resolve` looks names up, in tests in memory. `seconds` is what a document may
    take with all redirects and repeats.
    """

    def __init__(
        self,
        *,
        allowed: Collection[str] = (),
        seconds: float = DEADLINE_S,
        backend: httpcore2.NetworkBackend | None = None,
        resolve: Resolve = resolved,
    ) -> None:
        self._allowed = frozenset(host.strip("[]").lower() for host in allowed)
        self._seconds = seconds
        self._backend = backend or httpcore2.SyncBackend()
        self._resolve = resolve

    def get(self, url: str, *, largest: int = LARGEST_ANSWER) -> Answer:
        """What a web address answers, wherever it redirects to: at most `largest` bytes, on the wire and unpacked.

        Raises:
            UsageError: it is no web address.
            SourceUnavailable: no whole answer came in time, or it leads to a host that may not be asked.
            UnreadableFile, WrongShape: the answer is too large, or packed in a way that cannot be undone.
        """
        target = asked_for(url)
        try:
            with _untold_retries():
                return self._followed(url, target, Budget(self._seconds, largest))
        except _TROUBLES as error:
            found = f"no answer after {_ATTEMPTS} attempts ({type(error).__name__}: {error})"
            remedy = "check the network connection, then try again"
            raise SourceUnavailable(found, where=without_credentials(url), remedy=remedy) from error
        except PayguideError as error:
            raise type(error)(error.found, where=without_credentials(url), remedy=error.remedy) from error

    def _followed(self, url: str, target: Target, budget: Budget) -> Answer:
        for _ in range(_LONGEST_WAY + 1):
            try:
                answer = self._asked(target, budget)
            except _PassingTroubleError as trouble:
                return trouble.answer
            if not answer.location:
                return answer
            url, target = _next(url, answer.location, target)
        raise SourceUnavailable(
            f"more than {_LONGEST_WAY} redirects", remedy="check the address in a browser"
        )

    @stamina.retry(on=(_PassingTroubleError, *_TROUBLES), attempts=_ATTEMPTS, timeout=DEADLINE_S)
    def _asked(self, target: Target, budget: Budget) -> Answer:
        """One hop. It has its connection for itself, which was checked for it."""
        host = f"[{target.host}]" if ":" in target.host else target.host
        port = None if target.is_default_port else target.port
        url = httpcore2.URL(scheme=target.scheme, host=target.host, port=port, target=target.path)
        with (
            self._pool(target, budget) as pool,
            pool.stream(
                "GET",
                url,
                headers=(("Host", f"{host}:{port}" if port else host), *_HEADERS),
                extensions={"timeout": _TIMEOUTS},
            ) as response,
        ):
            said = {
                name.lower().decode(): value.decode("utf-8", "replace") for name, value in response.headers
            }
            if response.status in _PASSING:
                raise _PassingTroubleError(Answer(response.status))
            if response.status in _REDIRECTS and said.get("location"):
                return Answer(response.status, location=said["location"].strip())
            if response.status != _OK:
                return Answer(response.status)
            chunks = response.iter_stream()
            return Answer(_OK, _unpacked(chunks, said.get("content-encoding", ""), budget.largest))

    def _pool(self, target: Target, budget: Budget) -> httpcore2.ConnectionPool:
        """What makes the connection: to the host, or to the proxy that the user's environment names for it."""
        proxies = getproxies()
        proxy = proxies.get(target.scheme) or proxies.get("all")
        if not proxy or proxy_bypass(target.host):
            backend = Pinned(self._backend, self._resolve, self._allowed, budget)
            return httpcore2.ConnectionPool(ssl_context=_tls(), network_backend=backend)
        # it is the proxy that looks names up and connects; what can be checked from here is
        with suppress(OSError):
            look_up = budget.look_up(self._resolve, _SILENCE_S)
            addresses_of(target.host, target.port, self._allowed, look_up)
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        if parts.scheme not in ("http", "https"):
            raise UsageError(f"a proxy by {parts.scheme} is not known", remedy="name an http proxy")
        return httpcore2.HTTPProxy(
            proxy_url=httpcore2.URL(scheme=parts.scheme, host=host, port=port, target="/"),
            proxy_auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
            ssl_context=_tls(),
            network_backend=Pinned(self._backend, self._resolve, frozenset({host}), budget),
        )


@cache
def _tls() -> ssl.SSLContext:
    return httpcore2.default_ssl_context()


def asked_for(url: str) -> Target:
    """The parts of the web address that a user gave.

    Raises:
        UsageError: it is none; what may be a password in it is not repeated.
    """
    try:
        return target_of(url)
    except ValueError as error:
        shown = (
            f"{url!r} is"
            if url.isalnum() or (without_credentials(url) == url and "@" not in url)
            else "this is"
        )
        raise UsageError(f"{shown} no web address", remedy="give it as jobposting:https://...") from error


def _next(url: str, location: str, before: Target) -> tuple[str, Target]:
    """Where a redirect leads.

    Raises:
        SourceUnavailable: to no web address, or from https to plain http, where others could read and change it.
    """
    try:
        url = urljoin(url, location)
        target = target_of(url)
    except ValueError as error:
        found = "it redirects to what is no web address"
        raise SourceUnavailable(found, remedy="check the address in a browser") from error
    if (before.scheme, target.scheme) == ("https", "http"):
        found = f"it redirects from https to plain http at {target.host}"
        raise SourceUnavailable(found, remedy="give the address that it redirects to, if plain http will do")
    return url, target


def _unpacked(chunks: Iterator[bytes], encoding: str, largest: int) -> bytes:
    """The content of an answer. `chunks` are within the budget; what they unpack to is held to the same size."""
    if encoding.lower() in ("gzip", "x-gzip"):
        unpacked = gunzip(_Body(chunks), largest)
        if isinstance(unpacked, Fault):
            raise unpacked.error("")
        return unpacked
    if encoding.lower() not in ("", "identity"):
        found = f"the answer is packed as {encoding[:40]!r}, which was not asked for"
        raise WrongShape(found, remedy="try again later")
    content = io.BytesIO()
    content.writelines(chunks)
    return content.getvalue()


class _Body(io.RawIOBase):
    """The chunks of an answer as a file."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as a chunk goes."""
        part = self._rest or next(self._chunks, b"")
        buffer[: len(part)] = part[: len(buffer)]
        self._rest = part[len(buffer) :]
        return min(len(part), len(buffer))


@contextmanager
def _untold_retries() -> Iterator[None]:
    """Meanwhile stamina writes no line of log for each attempt: what fails in the end says how often it was tried."""
    hooks = stamina.instrumentation.get_on_retry_hooks()
    stamina.instrumentation.set_on_retry_hooks(())
    try:
        yield
    finally:
        stamina.instrumentation.set_on_retry_hooks(hooks)
