"""Adjusted effects: what the regressions of each kind of evidence say."""
