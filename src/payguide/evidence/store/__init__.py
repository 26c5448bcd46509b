"""Rows that are kept for ever: Delta tables in a folder or in S3-compatible storage, their writers and readers."""

from payguide.evidence.store.store import Appended, Item, Store

__all__ = ["Appended", "Item", "Store"]
