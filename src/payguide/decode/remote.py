"""Where the work may be done: the board's statement, the location field, the title, then the text."""

from __future__ import annotations

import re
from typing import Final

from payguide.base.codes import Remote
from payguide.decode.lexicon import Hit, Scan, fold, scan

_TURNED: Final = {"other_hybrid": "hybrid", "other_onsite": "onsite", "other_remote": "remote"}
_FIELD: Final = re.compile(
    r"\b(remote|remotely|anywhere|hybrid|onsite|on site|in office|in person|distributed|wfh|home office)\b"
)
_READ_AS: Final = {
    "hybrid": Remote.HYBRID, "onsite": Remote.ONSITE, "on site": Remote.ONSITE, "in office": Remote.ONSITE, "in person": Remote.ONSITE,
}  # fmt: skip


def remote_in(found: Scan, location: str, title: str, stated: Remote | None = None) -> Remote:
    """Where the work may be done; `UNSTATED` where nobody says.

    `stated` is the board's own field. "Hybrid" beside "remote" in one field is hybrid: an office is expected.
    """
    if stated is not None and stated is not Remote.UNSTATED:
        return stated
    for field in (location, title):
        told = _told(field)
        if told is not Remote.UNSTATED:
            return told
    return _written(found)


def _told(field: str) -> Remote:
    """What a short field says."""
    named = {
        _READ_AS.get(word, Remote.REMOTE) for word in _FIELD.findall(" ".join(fold(field[:300]).split()))
    }
    for remote in (Remote.HYBRID, Remote.REMOTE, Remote.ONSITE):
        if remote in named:
            return remote if not (remote is Remote.REMOTE and _denied_in(field)) else Remote.ONSITE
    return Remote.UNSTATED


def _denied_in(field: str) -> bool:
    read = scan(field)
    return any(_denied(read, hit) for hit in read.hits["arrangements"] if hit.name == "remote")


def _written(found: Scan) -> Remote:
    """What the text says: hybrid where days are counted, remote before on-site, both together hybrid."""
    hits = found.hits["arrangements"]
    named: set[str] = set()
    for hit in hits:
        if hit.name in ("remote", "hybrid", "onsite") and not _means_other(hits, hit):
            named.add("onsite" if hit.name == "remote" and _denied(found, hit) else hit.name)
    if "hybrid" in named:
        return Remote.HYBRID
    if "remote" in named:
        return Remote.REMOTE
    return Remote.ONSITE if "onsite" in named else Remote.UNSTATED


def _means_other(hits: list[Hit], hit: Hit) -> bool:
    """Whether the word beside it makes it something else: hybrid cloud, on-site gym, remote sensing."""
    return any(
        _TURNED.get(other.name) == hit.name
        and (-2 <= other.start - hit.end <= 2 or -2 <= hit.start - other.end <= 2)
        for other in hits
    )


def _denied(found: Scan, hit: Hit) -> bool:
    """Whether a "no" stands within three words before it: "this is not a remote position"."""
    return any(
        other.name == "no" and 0 <= hit.start - other.end <= 12 for other in found.hits["arrangements"]
    )
