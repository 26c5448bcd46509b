"""robots.txt: what a host lets this program ask, how fast, and whether what it shows may be read by programs like it.

RFC 9309 as Google reads it (unknown lines part no groups, a name is compared whole, the longest rule wins), by protego.
`Content-Signal: ai-input=no` (contentsignals.org) keeps this program out too: what it reads goes into an estimator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from protego import Protego

#: The name by which a robots.txt may speak of this program.
NAME: Final = "payguide"
#: What of a robots.txt is read, as in Google's parser, and what is fetched of one at most.
LARGEST: Final = 500 << 10
LARGEST_ROBOTS: Final = 8 << 20
#: Longer than anybody means: such a host is not waited for (RFC 9309 knows no delay at all).
LONGEST_DELAY_S: Final = 60.0

_AGENT: Final = re.compile(r"user[-_ \t]?agent", re.IGNORECASE)
_RULE: Final = re.compile(r"allow|diss?all?ow", re.IGNORECASE)
_DELAY: Final = re.compile(r"crawl-?delay|request-rate", re.IGNORECASE)
_SIGNAL: Final = re.compile(r"content-signal", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[A-Za-z_-]*+")
_NO: Final = re.compile(r"(?:^|[\s,;])ai-input\s*+=\s*+no\b", re.IGNORECASE)
_PATH: Final = re.compile(r"/\S*+")


@dataclass(frozen=True, slots=True)
class Robots:
    """What a host's robots.txt says to this program. `delay` is in seconds between two requests."""

    rules: Protego
    signals: Protego
    delay: float = 0.0
    sitemaps: tuple[str, ...] = ()

    def refusal(self, url: str) -> str:
        """Why an address may not be asked; empty where it may."""
        if not self.rules.can_fetch(url, NAME):
            return "its robots.txt closes the address"
        if not self.signals.can_fetch(url, NAME):
            return "its robots.txt says Content-Signal: ai-input=no"
        if self.delay > LONGEST_DELAY_S:
            return f"its robots.txt asks for {self.delay:g} seconds between two requests"
        return ""


def read_robots(content: bytes) -> Robots:
    """The robots.txt of these bytes. What is none (an error page, bytes of another kind) closes nothing."""
    text = content[:LARGEST].decode("utf-8", "replace").lstrip("\ufeff").replace("\x00", "")
    lines = [_divided(line.partition("#")[0]) for line in re.split(r"\r\n?|\n", text)]
    # each part has the groups of its own lines: an unknown line, or a delay, parts no group of rules
    rules = _parsed(lines, _RULE)
    delays = _parsed(lines, _DELAY)
    signals = _parsed([("disallow", _closed(value)) if _SIGNAL.fullmatch(name) else (name, value)
                       for name, value in lines if not _RULE.fullmatch(name)], _RULE)  # fmt: skip
    rate = delays.request_rate(NAME)
    delay = max(
        delays.crawl_delay(NAME) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0
    )
    sitemaps = tuple(value for name, value in lines if name.lower() == "sitemap")
    return Robots(rules, signals, delay, sitemaps)


def _divided(line: str) -> tuple[str, str]:
    """A line's name and value, between which the colon may have been forgotten."""
    name, colon, value = line.partition(":")
    if not colon:
        name, _, value = line.strip().partition(" ")
    return name.strip(), value.strip()


def _closed(signal: str) -> str:
    """The path that a signal closes: its own, or all of the host; none where it allows what is done here."""
    if not _NO.search(signal):
        return ""
    path = _PATH.match(signal)
    return path[0] if path else "/"


def _parsed(lines: list[tuple[str, str]], wanted: re.Pattern[str]) -> Protego:
    """The groups of a robots.txt with the wanted lines alone. Names that are not ours become one that nobody has:
    protego takes a part of a name for the name.
    """
    written = []
    for name, value in lines:
        if _AGENT.fullmatch(name):
            token = _TOKEN.match(value)
            ours = token is not None and token[0].lower() == NAME
            everybody = re.match(r"\*(?:\s|$)", value)
            written.append(f"user-agent: {NAME if ours else '*' if everybody else '-'}")
        elif wanted.fullmatch(name):
            name = "disallow" if name.lower().startswith("dis") else name
            written.append(f"{name}: {value}")
    return Protego.parse("\n".join(written))


#: What a host says that has no robots.txt.
OPEN: Final = read_robots(b"")
#: What a host says whose robots.txt cannot be had: nothing may be asked (RFC 9309, 2.3.1.4).
CLOSED: Final = read_robots(b"user-agent: *\ndisallow: /")
