"""How currencies are written (currencies.toml)."""

from __future__ import annotations

from collections.abc import Mapping

from payguide.base.reference import data
from payguide.base.reference.country import country, default_country


def symbols() -> Mapping[str, str]:
    """The signs of currencies, by their ISO 4217 codes."""
    found: dict[str, str] = data.table("currencies")["symbols"]
    return found


def symbol(currency: str) -> str:
    """What stands before an amount: a sign, or "CAD " for a currency without one here. An empty code is the currency of
    the country that is meant where none is named.
    """
    code = currency or country(default_country()).currency
    return symbols().get(code, f"{code} ")
