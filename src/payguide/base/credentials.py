"""What of a web address may be kept and shown: all but what opens a door.

An address may carry a name with a password before its host, and keys among its parameters. Whoever reads a run, a
document's name, an error or a published link would hold them: no address is kept or shown but through here.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final
from urllib.parse import unquote

_ADDRESS: Final = re.compile(r"(?<=[a-z0-9+.-]):[/\\]{2}", re.IGNORECASE)
_END_OF_HOST: Final = re.compile(r"[/\\?#]|$")
_MARKS: Final = re.compile(r"([?&;#])")
#: Names of parameters that are keys, without their dots, dashes and underscores.
_KEY: Final = re.compile(
    r"token|secret|passw|pwd|passphrase|signature|credential|session|sessid|jwt|hmac|oauth|bearer"
    r"|(?:api|access|auth|account|private|secret|subscription|client|function|user|license|app)key"
    r"|^(?:key|keyid|keypairid|sig|sign|pass|auth|authcode|authhash|authorization|awsaccesskeyid|googleaccessid)$"
    r"|^x(?:amz|goog|oss|cos|ms)|(?:api|user|basic|http)auth$"
)


def without_credentials(address: str) -> str:
    """The address without a name and password before its host, and without parameters that are keys, also where a
    kind of source stands before it (`jobposting:https://...`). What is no web address, or carries none, stays as it is.
    """
    scheme = _ADDRESS.search(address)
    if scheme is None:
        return address
    head, parameters = _parted(address, scheme.end())
    kept, lost = [address[: scheme.end()], head], ""
    for mark, parameter in parameters:
        if _is_key(parameter):
            lost = mark if mark == "#" else lost or mark
            continue
        # the next takes the mark of the one that is left out: "?token=x&page=2" becomes "?page=2"
        kept.append((lost if lost and mark in "&;" else mark) + parameter)
        lost = ""
    return "".join(kept)


def id_without_credentials(name: str) -> str:
    """The id of a thing that may be its address: without credentials, but two that differ in those stay two."""
    kept = without_credentials(name)
    return (
        kept if kept == name else f"{kept}#{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:12]}"
    )


def _parted(address: str, start: int) -> tuple[str, list[tuple[str, str]]]:
    """Host and path without what opens them, and each parameter behind its mark."""
    head, *rest = _MARKS.split(address[_host_in(address, start) :])
    return head, list(zip(rest[::2], rest[1::2], strict=True))


def _host_in(address: str, start: int) -> int:
    """Where the host begins: behind the "@" before it. Where what stands there can be no host with a port, the password
    has a slash in it, and goes on to the last "@".
    """
    end = _END_OF_HOST.search(address, start).start()  # type: ignore[union-attr]
    named = address.rfind("@", start, end)
    port = address[start:end].partition(":")[2]
    if named < 0 and port and not port.isdigit() and address[start] != "[":
        named = address.rfind("@", end)
    return named + 1 if named >= 0 else start


def _is_key(parameter: str) -> bool:
    """Whether a parameter opens a door, told by its name; so does one that is itself an address with credentials."""
    if _is_key_by_name(parameter):
        return True
    inner = unquote(parameter.partition("=")[2])
    scheme = _ADDRESS.search(inner)
    if scheme is None:
        return False
    head, parameters = _parted(inner, scheme.end())
    return not inner.startswith(head, scheme.end()) or any(_is_key_by_name(each) for _, each in parameters)


def _is_key_by_name(parameter: str) -> bool:
    name, equals, _ = parameter.partition("=")
    return bool(equals) and bool(_KEY.search(re.sub(r"[^a-z0-9]", "", unquote(name).lower())))
