"""Observations kept for ever, and reduced to cells: store, contract, quarantine, aggregates."""
