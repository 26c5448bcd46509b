"""Answers of the world, kept on disk: what is fresh is not asked again, what is not is asked whether it changed.

RFC 9111 as far as one reader needs it (a private cache of GET, and of POST that only asks): `max-age`, `Expires` and
`Age` say how long an answer is fresh, `no-store` keeps its content off the disk, `no-cache` has it asked about
each time.
Contents lie once each, by their SHA-256. An answer that has landed in evidence says so: it need not be read again.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz
from pathlib import Path
from threading import Lock
from typing import Final

from payguide.base.errors import StoreError

_FILE: Final = "answers.sqlite"
#: Of an answer that says nothing of it: so long it is fresh.
UNSAID_S: Final = 3600.0
#: No answer is fresh for longer, whatever it says: evidence is to be of today.
_LONGEST_S: Final = 7 * 86400.0
#: What nobody asked about for so long is forgotten.
_FORGOTTEN_S: Final = 90 * 86400.0
_MAX_AGE: Final = re.compile(r'max-age\s*+=\s*+"?(\d{1,10})', re.IGNORECASE)
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS contents (sha256 TEXT PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, etag TEXT NOT NULL,
    modified TEXT NOT NULL, fresh_until REAL NOT NULL, asked REAL NOT NULL, landed TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was kept: its content (None where it was not to be stored), whether it is fresh and landed."""

    sha256: str
    content: bytes | None
    etag: str
    modified: str
    fresh: bool
    landed: bool

    @property
    def conditions(self) -> tuple[tuple[str, str], ...]:
        """The headers that ask whether it has changed; none where an unchanged answer could not be used."""
        if self.content is None:
            return ()
        named = (("If-None-Match", self.etag), ("If-Modified-Since", self.modified))
        return tuple((name, value) for name, value in named if value)


class Answers:
    """The answers in a folder, for several threads. `mark` names the evidence in which answers land, and the code that
    read them: what landed elsewhere has not landed here. Without a folder nothing is kept.
    """

    def __init__(self, folder: Path | None, mark: str = "", now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._mark = mark
        self._now = now
        self._lock = Lock()
        self._opened: sqlite3.Connection | None = None

    def find(self, key: str) -> Kept | None:
        """The answer to a request."""
        if self._folder is None or not (self._opened or (self._folder / _FILE).exists()):
            return None
        with self._lock:
            row = self._database().execute(
                "SELECT a.sha256, packed, etag, modified, fresh_until, landed FROM answers a "
                "LEFT JOIN contents USING (sha256) WHERE key = ?", (key,)).fetchone()  # fmt: skip
        if row is None:
            return None
        sha256, packed, etag, modified, fresh_until, landed = row
        content = None
        if packed is not None:
            with suppress(zlib.error):
                content = zlib.decompress(packed)
        # bytes that a disk has changed are no answer
        if content is not None and hashlib.sha256(content).hexdigest() != sha256:
            content = None
        has_landed = bool(self._mark) and landed == self._mark
        return Kept(sha256, content, etag, modified, fresh_until > self._now(), has_landed)

    def keep(self, key: str, content: bytes, headers: Mapping[str, str]) -> Kept:
        """Keep an answer; how it is kept now. The same content as before has landed if that had."""
        before = self.find(key)
        sha256 = hashlib.sha256(content).hexdigest()
        landed = before is not None and before.landed and before.sha256 == sha256
        etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
        kept = Kept(sha256, content, etag, modified, fresh=False, landed=landed)
        if self._folder is None:
            return kept
        stored = "no-store" not in headers.get("cache-control", "").lower()
        now = self._now()
        with self._lock, self._database() as database:
            if stored:
                database.execute(
                    "INSERT OR IGNORE INTO contents VALUES (?, ?)", (sha256, zlib.compress(content, 1))
                )
            row = (
                key,
                sha256,
                etag,
                modified,
                now + fresh_for(headers, now),
                now,
                self._mark if landed else "",
            )
            database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        return kept

    def unchanged(self, key: str, headers: Mapping[str, str]) -> None:
        """Note that an answer is what it was."""
        now = self._now()
        with self._lock, self._database() as database:
            database.execute(
                "UPDATE answers SET fresh_until = ?, asked = ? WHERE key = ?",
                (now + fresh_for(headers, now), now, key),
            )

    def land(self, keys: Iterable[str], mark: str) -> None:
        """Note that what was read of answers is in evidence."""
        if self._folder is not None and (rows := [(mark, key) for key in keys]):
            with self._lock, self._database() as database:
                database.executemany("UPDATE answers SET landed = ? WHERE key = ?", rows)

    def close(self) -> None:
        """Forget what nobody asks for any more, and let go of the file."""
        with self._lock:
            if self._opened is not None:
                with self._opened as database:
                    database.execute("DELETE FROM answers WHERE asked < ?", (self._now() - _FORGOTTEN_S,))
                    database.execute("DELETE FROM contents WHERE sha256 NOT IN (SELECT sha256 FROM answers)")
                self._opened.close()
                self._opened = None

    def _database(self) -> sqlite3.Connection:
        """The open file, made where there is none and anew where it is damaged: what is in it can be asked again."""
        if self._opened is None:
            try:
                self._opened = self._open()
            except sqlite3.OperationalError as error:
                remedy = "give access or free space, or another folder: --cache DIR"
                found = f"kept answers cannot be read ({error})"
                raise StoreError(found, where=str(self._folder), remedy=remedy) from error
            except sqlite3.DatabaseError:
                assert self._folder is not None  # noqa: S101
                for path in self._folder.glob(f"{_FILE}*"):
                    path.unlink()
                self._opened = self._open()
        return self._opened

    def _open(self) -> sqlite3.Connection:
        assert self._folder is not None  # noqa: S101
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / _FILE
        # a link that somebody has put there is not followed; SQLite gives its other files this one's mode
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        database = sqlite3.connect(file, timeout=60, check_same_thread=False)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.executescript(_TABLES)
        return database


def fresh_for(headers: Mapping[str, str], now: float) -> float:
    """The seconds for which an answer need not be asked for again (RFC 9111, 4.2.1)."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return 0.0
    age = int(headers["age"]) if headers.get("age", "").isdecimal() else 0
    if found := _MAX_AGE.search(control):
        return min(max(float(found[1]) - age, 0.0), _LONGEST_S)
    if "expires" in headers:
        ends, begins = day_of(headers["expires"]), day_of(headers.get("date", ""))
        return min(max((ends or 0.0) - (begins or now), 0.0), _LONGEST_S)
    return UNSAID_S


def day_of(stamp: str) -> float | None:
    """The time (seconds since 1970) of an HTTP date; None where it is none."""
    parsed = parsedate_tz(stamp)
    try:
        return None if parsed is None else float(mktime_tz(parsed))
    except (ValueError, OverflowError):
        return None
