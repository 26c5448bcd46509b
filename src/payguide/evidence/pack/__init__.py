"""The aggregates that travel with the code, and what of them may."""

from payguide.evidence.pack.pack import (
    MANIFEST,
    MODEL,
    PACKAGED,
    read_manifest,
    read_model,
    read_pack,
    with_official,
    write_pack,
)

__all__ = [
    "MANIFEST", "MODEL", "PACKAGED", "read_manifest", "read_model", "read_pack", "with_official", "write_pack",
]  # fmt: skip
