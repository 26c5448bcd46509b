"""S3-compatible storage: how it is reached, and what its refusals mean.

Delta's log goes through `deltalake`, the Parquet files through Arrow. Both are given the same, from the usual
environment variables: AWS_ENDPOINT_URL, AWS_ALLOW_HTTP, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_SESSION_TOKEN. Where no key is given each looks for one as AWS's own tools do.
"""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from uuid import uuid4

from payguide.base.errors import PayguideError, SourceUnavailable, StoreError
from payguide.evidence.store.location import S3, Location

if TYPE_CHECKING:
    from pyarrow import Buffer
    from pyarrow.fs import FileSystem, S3FileSystem

#: Seconds to wait for a connection, and how often a request that failed is repeated: a storage that is not there is
#: noticed in seconds.
_CONNECT, _AGAIN = 5, 3
_PATIENCE: Final = {"connect_timeout": f"{_CONNECT}s", "max_retries": f"{_AGAIN}", "retry_timeout": "20s"}


def _endpoint() -> str:
    return os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or ""


def _region() -> str:
    return os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"


def options(location: Location) -> dict[str, str] | None:
    """What `deltalake` needs to reach a table; None for a folder."""
    if not isinstance(location, S3):
        return None
    endpoint = {"aws_endpoint_url": _endpoint()} if _endpoint() else {}
    return {**_PATIENCE, "aws_region": _region(), **endpoint}


def files() -> S3FileSystem:
    """The storage as Arrow's file system. A key or an endpoint that has changed makes another."""
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    return _files(_endpoint(), _region(), *(os.environ.get(name) for name in names))


def opened(location: Location) -> tuple[FileSystem, str]:
    """The file system of a file or folder, and its path there."""
    if isinstance(location, S3):
        return files(), location.key
    from pyarrow.fs import LocalFileSystem

    return LocalFileSystem(), str(location)


def write(location: Location, content: bytes | Buffer) -> None:
    """Write a file whole or not at all, whoever reads or writes it at the same time."""
    if isinstance(location, Path):
        aside = location.with_name(f"{location.name}.{uuid4()}")
        aside.write_bytes(content)
        aside.replace(location)
        return
    with files().open_output_stream(location.key) as out:
        out.write(content)


@cache
def _files(
    endpoint: str, region: str, key: str | None, secret: str | None, token: str | None
) -> S3FileSystem:
    from pyarrow.fs import AwsStandardS3RetryStrategy, S3FileSystem

    url = urlsplit(endpoint)
    return S3FileSystem(
        access_key=key if secret else None,
        secret_key=secret if key else None,
        session_token=token if key and secret else None,
        region=region,
        endpoint_override=url.netloc or None,
        scheme=url.scheme or "https",
        connect_timeout=_CONNECT,
        retry_strategy=AwsStandardS3RetryStrategy(max_attempts=_AGAIN),
    )


#: What the libraries' messages say, what that means, and what to do; the first that is found counts.
_MEANINGS: Final[tuple[tuple[str, type[PayguideError], str, str], ...]] = (
    (
        "NoSuchBucket|NO_SUCH_BUCKET",
        StoreError,
        "there is no such bucket",
        "make the bucket, or correct the URL and AWS_ENDPOINT_URL",
    ),
    (
        "scheme is not allowed",
        StoreError,
        "the storage's address is plain http",
        "use https, or allow it: AWS_ALLOW_HTTP=true",
    ),
    (
        r"169\.254\.169\.254",
        StoreError,
        "no credentials were found for the storage",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
    (
        "403 Forbidden|401 Unauthorized|AccessDenied|ACCESS_DENIED|301 Moved|307 Temporary",
        StoreError,
        "the storage refuses these credentials",
        "correct AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION, or ask for access to the bucket",
    ),
    (
        r"\.parquet.*404 Not Found|does not exist '.*\.parquet",
        StoreError,
        "a file that the evidence lists is missing",
        "repeat the command; if the file is still missing, read a newer version or one that an edition was built from",
    ),
    (
        "404 Not Found|HTTP error|timed out|NETWORK_CONNECTION|50[0-4] [A-Z]|SLOW_DOWN",
        SourceUnavailable,
        "no storage answers",
        "check AWS_ENDPOINT_URL and the network, then repeat the command: nothing is stored twice",
    ),
)

_MARKS: Final = re.compile(r"\x1b\[\d*+m|↳")


def meaning(error: Exception, location: S3) -> PayguideError | None:
    """What an error of the libraries means, if it is a known refusal of the storage."""
    text = _MARKS.sub("", str(error))
    for pattern, kind, result, remedy in _MEANINGS:
        if re.search(pattern, text, re.DOTALL):
            at = f"{location} at {_endpoint()}" if _endpoint() else str(location)
            return kind(f"{result} ({last_line(text)})", where=at, remedy=remedy)
    return None


def last_line(text: str) -> str:
    """The last thing that a chain of errors says, which is its cause, without XML."""
    lines = [line.strip() for line in _MARKS.sub("", text).splitlines() if line.strip()]
    plain = [line for line in lines if not line.startswith("<")] or lines or ["no reason given"]
    return plain[-1][:200]
