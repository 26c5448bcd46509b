"""Estimate -> Published | Withheld: the only door to the public."""
