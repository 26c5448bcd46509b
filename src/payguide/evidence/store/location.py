"""Where evidence lies: in a folder of this machine, or under a prefix of S3-compatible storage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from payguide.base.errors import UsageError


@dataclass(frozen=True, slots=True)
class S3:
    """What lies under a prefix of a bucket; `/` leads on, as it does in a `Path`."""

    bucket: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"s3://{self.key}"

    def __truediv__(self, name: str) -> S3:
        return S3(self.bucket, f"{self.prefix}/{name}" if self.prefix else name)

    @property
    def name(self) -> str:
        """The last part."""
        return self.key.rpartition("/")[2]

    @property
    def parent(self) -> S3:
        """What it lies in."""
        return S3(self.bucket, self.prefix.rpartition("/")[0])

    @property
    def key(self) -> str:
        """`bucket/prefix`."""
        return f"{self.bucket}/{self.prefix}" if self.prefix else self.bucket


Location = Path | S3

#: A `Path` made of a URL has lost one of its slashes.
_URL: Final = re.compile(r"(?P<scheme>[a-z][a-z0-9+]++):/++(?P<rest>.*)")


def location_of(evidence: Location | str) -> Location:
    """The place that a user names: a folder, or `s3://bucket/prefix`.

    Raises:
        UsageError: it is a URL of another kind, or it names no bucket or nothing at all.
    """
    if isinstance(evidence, S3):
        return evidence
    if isinstance(evidence, str) and not evidence.strip():
        raise UsageError(
            "--evidence names nothing", remedy="Name a folder, or s3://bucket/prefix; . is this folder"
        )
    url = _URL.fullmatch(str(evidence))
    if url is None:
        return Path(evidence)
    bucket, _, prefix = url["rest"].strip("/").partition("/")
    if url["scheme"] != "s3" or not bucket:
        raise UsageError(
            "evidence lies in a folder or at s3://bucket/prefix",
            where=str(evidence),
            remedy="Name one of these",
        )
    return S3(bucket, re.sub("//+", "/", prefix))
