"""Observations kept for ever, and reduced to aggregates: an edition is made from a `Snapshot` of them."""
