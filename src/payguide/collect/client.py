"""The one client that asks the world: each hop checked and pinned, each document bounded in time and size.

It is polite: what a host's robots.txt closes is not asked, a host is asked as fast as it allows (`hosts`), and what it
answered before is asked about, not for (`answers`; docs/decisions/0033).

Connections are made by the backend that httpcore2 is given (`connection.Pinned`), to an address that was checked a
moment before: a name is never looked up a second time. TLS and the Host header still speak of the name
(docs/decisions/0020).
"""

from __future__ import annotations

import hashlib
import os
import re
import ssl
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore2
import stamina
import stamina.instrumentation

from payguide.base.credentials import without_credentials
from payguide.base.errors import InputError, PayguideError, SourceUnavailable, UsageError
from payguide.base.version import VERSION
from payguide.collect.addresses import Resolve, Target, addresses_of, resolved, target_of
from payguide.collect.answers import Answers, Kept, day_of
from payguide.collect.connection import Budget, Pinned, unpacked
from payguide.collect.files import LARGEST_ANSWER
from payguide.collect.hosts import LONGEST_WAIT_S, Host, Hosts, NotChecked, Refused
from payguide.collect.robots import CLOSED, LARGEST_ROBOTS, NAME, OPEN, Robots, read_robots

#: A document with all its redirects and repeats ends after so many seconds; silence is met again after so many.
DEADLINE_S: Final = 120.0
_SILENCE_S: Final = 30.0
_TIMEOUTS: Final = dict.fromkeys(("connect", "read", "write", "pool"), _SILENCE_S)
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_LONGEST_WAY: Final = 10
_OK: Final = 200
_UNCHANGED: Final = 304
#: Answers that say that it is this program which may not ask.
_REFUSED: Final = frozenset({401, 403, 451})
#: Answers that may be better in a moment: timeout, too many requests, and the server's own troubles.
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_ATTEMPTS: Final = 4
#: The variable of the environment that says who asks: a page or a mail address of whoever runs this.
CONTACT: Final = "PAYGUIDE_CONTACT"
_HEADERS: Final = (
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


def user_agent() -> str:
    """What a host is told of who asks: the program, and whom to write to where that is said."""
    contact = re.sub(r"[^!-~]", "", os.environ.get(CONTACT, ""))[:200]
    return f"{NAME}/{VERSION}{f' (+{contact})' * bool(contact)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The status in the end, with the content where it is 200. `location` is where else to ask; `unchanged` says that
    the content has landed in evidence before (it may then be empty), `key` names the answer to `landed`.
    """

    status: int
    content: bytes = b""
    location: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    unchanged: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: a body is posted as JSON. `to_all` asks what robots.txt has no say in: itself."""

    body: bytes = b""
    conditions: tuple[tuple[str, str], ...] = ()
    to_all: bool = False


class _PassingTroubleError(Exception):
    """An answer that may be better in a moment: after `wait` seconds, where the host says so."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.wait = _wait_of(answer.headers.get("retry-after", ""))


def _again(error: Exception) -> bool | float:
    """Whether to ask again after an error, and after how many seconds where the host says so."""
    if isinstance(error, _PassingTroubleError):
        return True if error.wait is None else error.wait <= LONGEST_WAIT_S and max(error.wait, 0.1)
    return isinstance(error, _TROUBLES)


class Client:
    """Asks public hosts, and those that are `allowed` by name.

    `backend` makes the connections and `resolve` looks names up, in tests in memory. `seconds` is what a document may
    take with all redirects and repeats, without the pauses that its hosts ask for. `exempt` are hosts that their user
    answers for himself: their robots.txt is not asked (all of them: `None`).
    """

    def __init__(
        self,
        *,
        allowed: Collection[str] = (),
        seconds: float = DEADLINE_S,
        backend: httpcore2.NetworkBackend | None = None,
        resolve: Resolve = resolved,
        hosts: Hosts | None = None,
        answers: Answers | None = None,
        exempt: Collection[str] | None = (),
    ) -> None:
        self._allowed = frozenset(host.strip("[]").lower() for host in allowed)
        self._seconds = seconds
        self._backend = backend or httpcore2.SyncBackend()
        self._resolve = resolve
        self._exempt = exempt
        self.hosts = hosts or Hosts()
        self.answers = answers or Answers(None)

    def get(self, url: str, *, largest: int = LARGEST_ANSWER, body: bytes = b"") -> Answer:
        """What a web address answers, wherever it redirects to: at most `largest` bytes, on the wire and unpacked.

        Raises:
            UsageError: it is no web address.
            Refused: the host lets no program like this one ask.
            NotChecked: the host is asked no more in this run.
            SourceUnavailable: no whole answer came in time, or it leads to a host that may not be asked.
            UnreadableFile, WrongShape: the answer is too large, or packed in a way that cannot be undone.
        """
        target = asked_for(url)
        host = self.hosts.of(target)
        key = hashlib.sha256(b"\n".join((url.encode("utf-8", "replace"), body))).hexdigest()
        kept = self.answers.find(key)
        if kept and kept.fresh and kept.content is not None:
            self.hosts.done(host, "unchanged" if kept.landed else "got")
            return Answer(_OK, kept.content, unchanged=kept.landed, key=key)
        outcome = "failed"
        try:
            question = _Question(body, kept.conditions if kept else ())
            answer = self._kept(key, kept, self._get(url, target, host, question, largest))
            if answer.status == _OK:
                outcome = "unchanged" if answer.unchanged else "got"
            elif answer.status in _REFUSED:
                outcome = "refused"
        except (Refused, NotChecked) as error:
            outcome = "refused" if isinstance(error, Refused) else "not_checked"
            raise
        finally:
            self.hosts.done(host, outcome)
        return answer

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of an address's host names.

        Raises:
            UsageError: it is no web address.
            SourceUnavailable: the host does not answer, or may not be asked.
        """
        target = asked_for(url)
        with _untold_retries():
            return self._robots(target, self.hosts.of(target)).sitemaps

    def _kept(self, key: str, kept: Kept | None, answer: Answer) -> Answer:
        """An answer, kept for the next time; one that is as it was is the one that was kept."""
        if answer.status == _UNCHANGED and kept:
            self.answers.unchanged(key, answer.headers)
            return Answer(_OK, kept.content or b"", unchanged=kept.landed, key=key)
        if answer.status != _OK:
            return answer
        now = self.answers.keep(key, answer.content, answer.headers)
        return Answer(_OK, answer.content, headers=answer.headers, unchanged=now.landed, key=key)

    def _get(self, url: str, target: Target, host: Host, question: _Question, largest: int) -> Answer:
        """What an address answers; what goes wrong on the way is an error with the address."""
        try:
            with _untold_retries():
                return self._followed(url, target, Budget(self._seconds, largest), question)
        except _TROUBLES as error:
            self.hosts.trouble(host)
            found = f"no answer after {_ATTEMPTS} attempts ({type(error).__name__}: {error})"
            remedy = "check the network connection, then try again"
            raise SourceUnavailable(found, where=without_credentials(url), remedy=remedy) from error
        except PayguideError as error:
            raise type(error)(error.found, where=without_credentials(url), remedy=error.remedy) from error

    def _followed(self, url: str, target: Target, budget: Budget, question: _Question) -> Answer:
        for _ in range(_LONGEST_WAY + 1):
            try:
                answer = self._asked(target, budget, question)
            except _PassingTroubleError as trouble:
                self.hosts.trouble(self.hosts.of(target), trouble.answer.status)
                return trouble.answer
            if not answer.location:
                return answer
            url, target = _next(url, answer.location, target)
        raise SourceUnavailable(
            f"more than {_LONGEST_WAY} redirects", remedy="check the address in a browser"
        )

    @stamina.retry(on=_again, attempts=_ATTEMPTS, timeout=DEADLINE_S)
    def _asked(self, target: Target, budget: Budget, question: _Question) -> Answer:
        """One hop, in its turn. It has its connection for itself, which was checked for it."""
        host = self.hosts.of(target)
        robots = OPEN if question.to_all else self._robots(target, host)
        if refusal := robots.refusal(_address(target)):
            raise Refused(refusal, remedy="what a host closes is not asked; its owner may allow it")
        with self.hosts.turn(host, robots.delay) as waited:
            budget.seconds += waited
            answer = self._hop(target, budget, question)
        if answer.status not in _PASSING:
            return answer
        trouble = _PassingTroubleError(answer)
        if trouble.wait is not None and trouble.wait <= LONGEST_WAIT_S:
            self.hosts.hold(host, trouble.wait)
            budget.seconds += trouble.wait
        raise trouble

    def _robots(self, target: Target, host: Host) -> Robots:
        """What a host's robots.txt says, asked for once in a run: nothing where there is none, and that nothing may be
        asked where there might be one.
        """
        if self._exempt is None or target.host in self._exempt:
            return OPEN
        with host.asking:
            self.hosts.refuse_ended(host)
            if host.robots is None:
                host.robots = self._robots_of(_address(target, "/robots.txt"))
        return host.robots

    def _robots_of(self, url: str) -> Robots:
        """The robots.txt at an address. One that is packed wrongly, or without an end, might close anything."""
        key = hashlib.sha256(url.encode()).hexdigest()
        kept = self.answers.find(key)
        if kept and kept.fresh and kept.content is not None:
            return read_robots(kept.content)
        target = asked_for(url)
        question = _Question(conditions=kept.conditions if kept else (), to_all=True)
        try:
            found = self._get(url, target, self.hosts.of(target), question, LARGEST_ROBOTS)
        except InputError:
            return CLOSED
        answer = self._kept(key, kept, found)
        if answer.status == _OK:
            return read_robots(answer.content)
        return OPEN if answer.status // 100 == 4 and answer.status not in _PASSING else CLOSED

    def _hop(self, target: Target, budget: Budget, question: _Question) -> Answer:
        """One request and its answer."""
        port = None if target.is_default_port else target.port
        url = httpcore2.URL(scheme=target.scheme, host=target.host, port=port, target=target.path)
        headers = (
            ("Host", _address(target).split("/")[2]),
            ("User-Agent", user_agent()),
            *_HEADERS,
            *question.conditions,
        )
        if question.body:
            headers += (("Content-Type", "application/json"), ("Content-Length", str(len(question.body))))
        with (
            self._pool(target, budget) as pool,
            pool.stream(
                "POST" if question.body else "GET",
                url,
                headers=headers,
                content=question.body or None,
                extensions={"timeout": _TIMEOUTS},
            ) as response,
        ):
            said = {
                name.lower().decode(): value.decode("utf-8", "replace") for name, value in response.headers
            }
            if response.status in _REDIRECTS and said.get("location"):
                return Answer(response.status, location=said["location"].strip())
            if response.status != _OK:
                return Answer(response.status, headers=said)
            chunks = response.iter_stream()
            content = unpacked(chunks, said.get("content-encoding", ""), budget.largest)
            return Answer(_OK, content, headers=said)

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


def _address(target: Target, path: str = "") -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    port = "" if target.is_default_port else f":{target.port}"
    return f"{target.scheme}://{host}{port}{path or target.path}"


def _wait_of(stamp: str) -> float | None:
    """The seconds of a Retry-After, which says them or a day; None where it says neither."""
    if stamp.strip().isdecimal():
        return float(stamp)
    then = day_of(stamp)
    return None if then is None else max(then - time.time(), 0.0)


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


@contextmanager
def _untold_retries() -> Iterator[None]:
    """Meanwhile stamina writes no line of log for each attempt: what fails in the end says how often it was tried."""
    hooks = stamina.instrumentation.get_on_retry_hooks()
    stamina.instrumentation.set_on_retry_hooks(())
    try:
        yield
    finally:
        stamina.instrumentation.set_on_retry_hooks(hooks)
