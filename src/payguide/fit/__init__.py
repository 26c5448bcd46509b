"""Aggregates -> Estimate: pure functions of arrays, no I/O, no SQL."""
