"""One market: numbers of a built site that answer the same question are the same, and those of one distribution are in
order, for every role.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from payguide.base.figure_id import parse
from payguide.estimator import Estimator
from payguide.estimator.market import MarketTables, Part
from payguide.guide import role as roles
from payguide.guide.edition import EDITION_FILE, MODEL_FILE

QUANTILES = ("p10", "p25", "p50", "p75", "p90")
LADDER = ("entry", "mid", "senior", "staff")
#: Files keep six digits of a figure.
DIGITS = 1e-5


class Guide:
    """One role's built guide: its published values by id, and the estimator that travels with it."""

    def __init__(self, folder: Path) -> None:
        edition = json.loads((folder / EDITION_FILE).read_text(encoding="utf-8"))
        self.role = edition["manifest"]["role"]
        told = edition["figures"].items()
        self.values = {name: one["value"] for name, one in told if one["status"] == "published"}
        self.model = json.loads((folder / MODEL_FILE).read_text(encoding="utf-8"))
        self.estimator = Estimator(self.model)

    def bands(self) -> list[tuple[str, dict[str, str], float]]:
        """The published quantiles of bands: id, fields, value."""
        found = (
            (name, parse(name), value) for name, value in self.values.items() if name.startswith("band.")
        )
        return [
            (name, {field: told.get(field) for field in ("level", "component", "metro", "statistic")}, value)
            for name, told, value in found
            if told.get("statistic") in QUANTILES
        ]

    def told(self, profile: Mapping[str, Any]) -> list[float]:
        """What the estimator answers, at the quantiles."""
        return [float(one) for one in self.estimator.many([{"role": self.role, **profile}]).points[0]]


@pytest.fixture(scope="module", params=roles.known())
def guide(request: pytest.FixtureRequest, all_guides: Path) -> Guide:
    """Each role's guide."""
    return Guide(all_guides / request.param)


def test_an_answer_is_the_bands_of_the_same_people(guide: Guide) -> None:
    """Of everybody, of each level, of each metro at each level: the desk's answer is the guide's figure."""
    compared = 0
    for name, told, value in guide.bands():
        if name.count(".") == 3 or told["metro"].isdigit():
            profile = {"component": told["component"], "metro": told["metro"]}
            profile["level"] = "" if told["level"] == "any" else told["level"]
            answer = guide.told(profile)[QUANTILES.index(told["statistic"])]
            assert answer == pytest.approx(value, rel=DIGITS), name
            compared += 1

    assert compared >= 40


def test_quantiles_components_and_levels_are_in_order(guide: Guide) -> None:
    values = guide.values
    for name, told, value in guide.bands():
        before = QUANTILES.index(told["statistic"]) - 1
        lower = values.get(name.removesuffix(told["statistic"]) + QUANTILES[before]) if before >= 0 else None
        total = values.get(name.replace(".base.", ".total.")) if told["component"] == "base" else None
        levels = [values.get(name.replace("band.any.", f"band.{level}.")) for level in LADDER]

        assert lower is None or lower <= value, name
        assert total is None or total >= value * (1 - DIGITS), name
        if told["level"] == "any" and None not in levels:
            known = [level for level in levels if level is not None]
            assert min(known) * (1 - DIGITS) <= value <= max(known) * (1 + DIGITS), name


def test_all_levels_are_the_mixture_of_the_levels(guide: Guide) -> None:
    """At the median of all levels half of the people lie below, each level by its share."""
    table = MarketTables(guide.model["market"], guide.role)
    shares = table.tier @ table.given["level"]
    grid = [k / 1000 for k in range(1, 1000)]
    for component in ("base", "total"):
        whole = table.quantiles(component, Part(), (0.5,))
        assert whole is not None
        below = 0.0
        for level, share in zip(LADDER, shares, strict=True):
            own = table.quantiles(component, Part(level=level), grid)
            assert own is not None
            below += float(share) * float((own < whole[0]).mean())
        assert below / shares.sum() == pytest.approx(0.5, abs=0.005)


def test_steps_between_levels_are_those_of_the_bands(guide: Guide) -> None:
    for name, value in guide.values.items():
        if name.startswith("step."):
            _, upper, component, _ = name.split(".")
            lower = LADDER[LADDER.index(upper) - 1]
            medians = [guide.values.get(f"band.{level}.{component}.p50") for level in (lower, upper)]
            if None not in medians:
                assert value == pytest.approx(medians[1] / medians[0] - 1, abs=2e-5), name
