"""Write the measured tables of docs/outliers.md: `python tools/outliers.py path/to/evidence`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import numpy as np
import pyarrow as pa
from marked import replaced

from payguide.base.codes import TOP_TIERS, EvidenceKind
from payguide.evidence.contract import contract_config
from payguide.evidence.contract.rules import bounds_of
from payguide.evidence.store import Store
from payguide.evidence.tables import observation_of
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.official import official_figures
from payguide.evidence.units.plausible_pay import beyond, plausible_pay, settings
from payguide.evidence.units.prepare import prepare_duckdb

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "outliers.md"
START, END = "<!-- measured: written by `make pack` -->\n", "<!-- /measured -->\n"

#: Other choices of `beyond`, to see what the chosen one spares: low, base_high, total_high.
CHOICES = ((1.5, 2.0, 4.0), (2.0, 2.5, 6.0), (2.0, 3.25, 8.0), (2.5, 4.0, 10.0))

#: Slips by which every statement is spoiled once, to see how many are caught: what the amount is multiplied by.
SLIPS = (
    ("a month's pay as a year's", 1 / 12),
    ("an hour's pay as a year's", 1 / 2080),
    ("a digit too many", 10.0),
    ("a digit too few", 0.1),
    ("an amount in rupees, at 80 to the dollar", 80.0),
)

Allowed = Mapping[str, Mapping[str, float]]


class Measured:
    """The statements of an evidence folder, and the official figures beside them."""

    def __init__(self, evidence: Path) -> None:
        store = Store.open(evidence)
        statistics = "SELECT * FROM observations WHERE kind = $kind"
        rows = store.rows(statistics, {"kind": str(EvidenceKind.STATISTIC)})
        self._official = official_figures(map(observation_of, rows))
        with closing(store.connect()) as connection:
            prepare_duckdb(connection, Population(), self._official)
            columns = (
                "source, role, component, place_metro, place_region, place_country, employer_tier, low, high"
            )
            self.statements: pa.Table = connection.sql(
                f"SELECT {columns} FROM statement WHERE component IN ('base', 'total')"
            ).to_arrow_table()

    def found(self, allowed: Allowed | None = None) -> list[str]:
        """What each statement lies beyond: "low", "high" or ""."""
        marked: list[str] = beyond(self.statements, plausible_pay(self._official, allowed)).tolist()
        return marked

    def by_source(self) -> str:
        """How many statements of each source and component lie beyond a limit, as a Markdown table."""
        names = [self.statements[name].to_pylist() for name in ("source", "component")]
        counts = Counter(zip(*names, self.found(), strict=True))
        lines = ["| source | component | statements | below | above |", "| --- | --- | --: | --: | --: |"]
        for source, component in sorted({key[:2] for key in counts}):
            below, above, within = (counts[source, component, end] for end in ("low", "high", ""))
            lines.append(f"| {source} | {component} | {below + above + within:,} | {below} | {above} |")
        return "\n".join(lines) + "\n"

    def by_choice(self) -> str:
        """The same over all sources for other allowances, and how many of those above are of top tiers."""
        top = [tier in TOP_TIERS for tier in self.statements["employer_tier"].to_pylist()]
        component = self.statements["component"].to_pylist()
        lines = [
            "| P10 over | base: P90 times | total: P90 times | below | base above | total above | of top tiers |",
            "| --: | --: | --: | --: | --: | --: | --: |",
        ]
        chosen = settings()["beyond"]
        for low, base, total in CHOICES:
            beyond_these = {"low": low, "base_high": base, "total_high": total}
            found = self.found({"ageing": settings()["ageing"], "beyond": beyond_these})
            above = Counter(name for name, end in zip(component, found, strict=True) if end == "high")
            of_top = sum(is_top and end == "high" for is_top, end in zip(top, found, strict=True))
            mark = " (chosen)" if beyond_these == chosen else ""
            lines.append(
                f"| {low:g}{mark} | {base:g} | {total:g} | {found.count('low')} | {above['base']} | {above['total']} "
                f"| {of_top} |"
            )
        return "\n".join(lines) + "\n"

    def by_slip(self) -> str:
        """The share of statements that are caught when each is spoiled, as a Markdown table."""
        table = plausible_pay(self._official)
        cases = zip(*(self.statements[n].to_pylist() for n in ("place_country", "component")), strict=True)
        bounds = [
            bounds_of(contract_config.settings(), "USD", country, component) for country, component in cases
        ]
        floors = np.array(bounds, np.float64)
        lines = ["| slip | caught by the contract | with the limits |", "| --- | --: | --: |"]
        for name, factor in SLIPS:
            ends = {end: self.statements[end].to_numpy() * factor for end in ("low", "high")}
            hard = (ends["low"] < floors[:, 0]) | (ends["high"] > floors[:, 1])
            spoiled = self.statements
            for end, amounts in ends.items():
                spoiled = spoiled.set_column(spoiled.schema.get_field_index(end), end, pa.array(amounts))
            both = hard | (beyond(spoiled, table) != "")
            lines.append(f"| {name} | {hard.mean():.1%} | {both.mean():.1%} |")
        return "\n".join(lines) + "\n"


def written(document: str, evidence: Path) -> str:
    """The document with its tables as measured; raises ValueError where it has none."""
    measured = Measured(evidence)
    return replaced(
        document, START, END, "\n".join((measured.by_source(), measured.by_choice(), measured.by_slip()))
    )


if __name__ == "__main__":
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(written(text, Path(sys.argv[1])), encoding="utf-8")
