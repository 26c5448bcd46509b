"""Pay over time and single employers: what is said where the truth is known."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from payguide.base.reference.wage_index import wage_index
from payguide.estimator.model_file import unpack_integers
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.context import edition_context
from payguide.fit.market.companies import company_intervals
from payguide.fit.market.design import LEVELS
from payguide.fit.market.figures import Market
from payguide.fit.market.frame import TIERS
from payguide.fit.market.people import People
from payguide.fit.market.time import time_figures
from small_market import COUNTRY, DAY, fitted, market, people, statements
from small_market import LEVELS as LOG_PAY
from small_market import TIERS as EFFECTS

INDEX = wage_index(COUNTRY.wage_index)
YEARS = 3


def grown(rate: float) -> People:
    """People whose pay grew by `rate` a year (ln), of statements of three years."""
    n = 2500
    day = DAY.toordinal() - np.random.default_rng(1).integers(0, YEARS * 365, n)
    base, both = statements(n)
    factor = np.exp(-rate * (DAY.toordinal() - day) / 365.25)
    made = [
        type(one)(
            one.component,
            one.currency,
            one.low * factor,
            one.high * factor,
            one.years,
            one.tenure,
            day,
            one.columns,
        )
        for one in (base, both)
    ]
    return People(fitted(*made), market(), "ml_engineer")


def figures(whose: People, cells) -> dict[str, object]:
    of = Market(
        whose,
        AggregateIndex("ml_engineer", cells, (), (), "pooled"),
        edition_context("ml_engineer", "US", DAY, 0.9),
        {},
    )
    return {one.id: one for one in time_figures(of)}


@pytest.mark.parametrize("rate", [0.0, 0.06])
def test_the_curve_is_what_pay_did_whatever_the_index_says(rate: float, make_cell) -> None:
    cells = [
        make_cell(np.arange(60) % 12, np.full(60, 2e5), source="pooled", level="any", component=component)
        for component in ("base", "total")
    ]
    found = figures(grown(rate), cells)

    for year in (2024, 2025):
        day = date(year, 7, 1)
        since = (DAY - day).days / 365.25
        base, total, index = (found[f"time.{year}.{name}.effect"] for name in ("base", "total", "index"))
        # the index is where the curve comes from, the evidence draws it to the truth
        truth = math.expm1(-rate * since)
        assert abs(base.value - truth) < abs(index.value - truth)
        assert base.low < base.value < base.high
        assert base.value == total.value
        assert total.high - total.low >= (base.high - base.low) * 0.999
        assert index.value == pytest.approx(math.exp(INDEX.log_at(day) - INDEX.log_at(DAY)) - 1)
        assert index.coverage == 0.0


def test_without_evidence_nothing_is_said_of_time() -> None:
    assert figures(people(), ()) == {}


EMPLOYERS = {f"employer-{k}": {"employer": f"employer-{k}"} for k in (0, 1, 2, 7)}


def ends(told, component="base", name="median"):
    """How far the ends lie from the answers: (e, l, 2)."""
    return unpack_integers(told["components"][component][name]).reshape(-1, len(LEVELS), 2) / told["per_one"]


def told(off: float = 0.0, coverage: float = 0.9, **employers):
    """The intervals of answers that lie so far from the model's own."""
    whose = people()
    known = {name: k for k, name in enumerate(whose.posterior.names)}

    def answers(profiles):
        where = [(LEVELS.index(one["level"]), known[one["employer"]]) for one in profiles]
        tier = {int(k): t for t, held in enumerate(whose.posterior.employers) for k in held.number}
        own = whose.posterior.base.draws.employers.mean(axis=0)
        return np.exp([whose.located.cell[1:, level, tier[k]].mean() + own[k] + off for level, k in where])

    return company_intervals(whose, employers or EMPLOYERS, answers, coverage)


def test_only_employers_that_were_met_are_told() -> None:
    found = told(**EMPLOYERS, stranger={"employer": "stranger"})
    assert found["employers"] == list(EMPLOYERS)
    assert ends(found).shape == (4, 4, 2)
    assert told(stranger={"employer": "stranger"})["components"] == {}


def test_an_interval_holds_its_answer_and_the_truth() -> None:
    """All employers of the small market pay as their tier does."""
    found = ends(told())
    assert (found[:, :, 0] < 0).all()
    assert (found[:, :, 1] > 0).all()
    whose = people()
    for number, name in enumerate(EMPLOYERS):
        tier = int(name.removeprefix("employer-")) % 3
        at = whose.posterior.names.index(name)
        own = float(whose.posterior.base.draws.employers[:, at].mean())
        for level, truth in enumerate(LOG_PAY.values()):
            middle = whose.located.cell[1:, level, TIERS.index(list(EFFECTS)[tier])].mean() + own
            low, high = middle + found[number, level]
            assert low <= truth + list(EFFECTS.values())[tier] <= high


def test_an_interval_is_wider_where_two_models_part_and_where_more_is_asked_of_it() -> None:
    narrow, apart, sure = ends(told()), ends(told(off=0.2)), ends(told(coverage=0.99))
    # 1.645 standard errors of 0.2 beside what the draws say
    assert apart[..., 1] == pytest.approx(np.hypot(narrow[..., 1], 1.645 * 0.2), abs=0.01)
    assert (sure[..., 1] > narrow[..., 1]).all()


def test_what_an_employer_and_the_market_have_in_common_cancels() -> None:
    """The difference is known better than two medians that know nothing of each other would have it."""
    found, whose = told(), people()
    median, gap = ends(found), ends(found, name="gap")
    of_market = np.quantile(whose.level_medians("base"), 0.95, axis=0) - whose.level_medians("base").mean(
        axis=0
    )
    assert (gap[..., 1] < np.hypot(median[..., 1], of_market)).mean() > 0.5
