"""The aggregates that travel with the code, and what of them may."""

from payguide.evidence.pack.pack import read_pack, with_official, write_pack

__all__ = ["read_pack", "with_official", "write_pack"]
