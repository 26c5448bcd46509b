"""The hosts of a run: who may be asked when, who is left alone from now on, and what each answered.

A host is asked by at most two requests at a time, and with the pauses that its robots.txt names. One that says it has
had enough (429, or 503) is left alone by all for as long as it says, or to the end of the run where that is too long.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock, Semaphore
from typing import Final

from payguide.base.errors import SourceUnavailable
from payguide.collect.addresses import Target
from payguide.collect.robots import Robots

#: Requests that a host is asked at the same time.
AT_ONCE: Final = 2
#: A pause that a host asks for is kept up to here; who asks for a longer one is asked no more in this run.
LONGEST_WAIT_S: Final = 60.0
#: Requests in a row that failed in the end, after which a host is taken to be down.
_DOWN: Final = 5
#: What a request can come to, in the order of the report.
OUTCOMES: Final = ("asked", "got", "unchanged", "refused", "not_checked", "failed")


class Refused(SourceUnavailable):
    """The host lets nobody like this program ask."""


class NotChecked(SourceUnavailable):
    """It was not asked in this run: nothing is known of it."""


@dataclass(slots=True)
class Host:
    """One host in one run. `ended` says why it is asked no more."""

    name: str
    robots: Robots | None = None
    ended: str = ""
    troubles: int = 0
    next_turn: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)
    asking: Lock = field(default_factory=Lock)
    places: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE))


class Hosts:
    """All hosts of a run, for several threads. `sleep` waits, `clock` says when: in tests without waiting."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._hosts: dict[tuple[str, str, int], Host] = {}

    def of(self, target: Target) -> Host:
        """The host of what is asked: its rules are those of its scheme, name and port (RFC 9309, 2.3)."""
        with self._lock:
            key = (target.scheme, target.host, target.port)
            name = target.host if target.is_default_port else f"{target.host}:{target.port}"
            return self._hosts.setdefault(key, Host(name))

    @contextmanager
    def turn(self, host: Host, delay: float) -> Iterator[float]:
        """A place among those who ask a host, once it is one's turn; the seconds that were waited for it.

        Raises:
            NotChecked: the host is asked no more.
        """
        begun = self._clock()
        with host.places:
            while True:
                with host.lock:
                    self.refuse_ended(host)
                    now = self._clock()
                    wait = host.next_turn - now
                    if wait <= 0:
                        host.next_turn = now + delay
                        host.counts["asked"] += 1
                        break
                self._sleep(wait)
            yield self._clock() - begun

    def refuse_ended(self, host: Host) -> None:
        """Raise the NotChecked of a host that is asked no more."""
        if host.ended:
            raise NotChecked(f"{host.name} {host.ended}", remedy="the other hosts went on; try again later")

    def hold(self, host: Host, seconds: float) -> None:
        """Have nobody ask a host for some seconds."""
        with host.lock:
            host.next_turn = max(host.next_turn, self._clock() + seconds)

    def trouble(self, host: Host, status: int = 0) -> None:
        """Note a request that failed after all its repeats: the host may be asked no more."""
        with host.lock:
            host.troubles += 1
            if status in (429, 503):
                host.ended = f"asks for fewer requests ({status}): it is left alone in this run"
            elif host.troubles >= _DOWN:
                host.ended = f"failed {_DOWN} times in a row: it is left alone in this run"

    def done(self, host: Host, outcome: str) -> None:
        """Count what a request came to."""
        with host.lock:
            host.counts[outcome] += 1
            if outcome in ("got", "unchanged"):
                host.troubles = 0

    def report(self) -> dict[str, dict[str, int]]:
        """What the requests of each host came to: counts by `OUTCOMES`, of the hosts that mattered."""
        with self._lock:
            hosts = [host for host in self._hosts.values() if host.counts]
        totals: dict[str, Counter[str]] = {}
        for host in sorted(hosts, key=lambda host: host.name):
            totals.setdefault(host.name, Counter()).update(host.counts)
        return {name: {outcome: counts[outcome] for outcome in OUTCOMES} for name, counts in totals.items()}
