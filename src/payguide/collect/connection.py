"""The connection under a request: to an address that was checked, every step within the document's budget."""

from __future__ import annotations

import io
import ssl
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NoResult
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import httpcore2

from payguide.base.errors import SourceUnavailable, WrongShape
from payguide.collect.addresses import Resolve, addresses_of
from payguide.collect.files import Fault, gunzip


@dataclass(slots=True)
class Budget:
    """What is left for one document: until when, and of how many bytes."""

    seconds: float
    largest: int
    taken: int = 0
    started: float = field(default_factory=time.monotonic)

    def left(self, timeout: float | None = None) -> float:
        """The seconds that the next step may take.

        Raises:
            SourceUnavailable: there are none.
        """
        left = self.started + self.seconds - time.monotonic()
        if left <= 0:
            raise SourceUnavailable(
                f"no whole answer within {self.seconds:g} seconds", remedy="try again later"
            )
        return left if timeout is None else min(left, timeout)

    def look_up(self, resolve: Resolve, timeout: float | None = None) -> Resolve:
        """A look-up of names that is waited for no longer than the next step may take: the system's resolver has no
        limit of its own that could be set, so it is left to itself in a thread that keeps nobody from ending.

        The look-up raises:
            SourceUnavailable: the document's time is up.
            OSError: no answer came in time, or the name has no address.
        """

        def bounded(host: str, port: int) -> Sequence[str]:
            answer: Future[Sequence[str]] = Future()

            def ask() -> None:
                try:
                    answer.set_result(resolve(host, port))
                except (OSError, ValueError) as error:
                    answer.set_exception(error)

            Thread(target=ask, daemon=True).start()
            seconds = self.left(timeout)
            try:
                return answer.result(seconds)
            except NoResult:
                self.left()
                raise TimeoutError(f"no answer to its look-up within {seconds:.0f} seconds") from None

        return bounded

    def take(self, data: bytes) -> bytes:
        """Count bytes from the wire.

        Raises:
            WrongShape: they are too many.
        """
        self.taken += len(data)
        if self.taken > self.largest:
            found = f"more than {self.largest:,} bytes: no page or board of jobs is so large"
            raise WrongShape(found, remedy="check the address")
        return data


class _Stream(httpcore2.NetworkStream):
    """A connection whose every step is within the budget of the document."""

    def __init__(self, inner: httpcore2.NetworkStream, budget: Budget) -> None:
        self._inner = inner
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, within the budget."""
        return self._budget.take(self._inner.read(max_bytes, self._budget.left(timeout)))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes, within the budget."""
        self._inner.write(buffer, self._budget.left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """The same connection under TLS, within the budget."""
        inner = self._inner.start_tls(ssl_context, server_hostname, self._budget.left(timeout))
        return _Stream(inner, self._budget)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._inner.get_extra_info(info)


@dataclass(frozen=True, slots=True)
class Pinned(httpcore2.NetworkBackend):
    """Connects to addresses that were checked, and to nothing else."""

    inner: httpcore2.NetworkBackend
    resolve: Resolve
    allowed: Collection[str]
    budget: Budget

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A connection to the first address of the host that takes one, all of which were checked."""
        try:
            addresses = addresses_of(host, port, self.allowed, self.budget.look_up(self.resolve, timeout))
        except OSError as error:
            raise httpcore2.ConnectError(f"the name {host} has no address: {error}") from error
        failed: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for address in addresses:
            try:
                return _Stream(
                    self.inner.connect_tcp(
                        address, port, self.budget.left(timeout), local_address, socket_options
                    ),
                    self.budget,
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore2.ConnectError(f"the name {host} has no address")


def unpacked(chunks: Iterator[bytes], encoding: str, largest: int) -> bytes:
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
