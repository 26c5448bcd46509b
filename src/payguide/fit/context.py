"""What every figure of one edition shares, and the levels, quantiles and populations of its bands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from payguide.base.aggregates import EVERYONE
from payguide.base.codes import LADDER, Role
from payguide.base.figure_id import word
from payguide.base.reference.country import Country
from payguide.base.reference.country import country as find_country
from payguide.base.reference.wage_index import Index, wage_index

#: The quantiles a guide prints, by the name in their ids.
QUANTILES = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}

#: Levels of the bands: the ladder, and every level together.
LEVELS: tuple[str, ...] = (*(str(level) for level in LADDER), "any")

#: The population of the top tiers' cells.
TOP = "top=yes"


@dataclass(frozen=True, slots=True)
class EditionContext:
    """What every figure of one edition shares."""

    role: Role
    as_of: date
    coverage: float
    country: Country
    population: str

    @property
    def currency(self) -> str:
        """The code of the country's currency."""
        return self.country.currency

    @property
    def wages(self) -> Index:
        """The index that pay is aged by."""
        return wage_index(self.country.wage_index)


def edition_context(role: str, country: str, as_of: date, coverage: float = 0.9) -> EditionContext:
    """The frame of a role's edition in a country (its ISO 3166 code).

    Raises:
        UsageError: there is no such country.
        ValueError: `role` is not in the vocabulary.
    """
    market, many = find_country(country), word("role", role)
    population = f"{many[:1].upper()}{many[1:]} in {market.in_sentence}"
    return EditionContext(
        role=Role(role), as_of=as_of, coverage=coverage, country=market, population=population
    )


def people(frame: EditionContext, population: str = EVERYONE) -> str:
    """The population in words."""
    if population == EVERYONE:
        return frame.population
    among = word("of", population)
    return f"{frame.population}; {among[:1].upper()}{among[1:]}"
