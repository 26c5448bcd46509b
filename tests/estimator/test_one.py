"""A single profile gets what it gets among many, to the last digit."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model_market import mixed_market
from payguide.base.aggregates import PayRows
from payguide.base.errors import InputError
from payguide.estimator import Estimator, predict, predict_each
from payguide.fit.model.fit import fit_model

AS_OF = date(2026, 1, 1)


@pytest.fixture(scope="module")
def estimator() -> Estimator:
    return Estimator(fit_model({"base": mixed_market()}, as_of=AS_OF, seed=5))


def stated(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([*values, "", "unknown", None, "never heard of"])


#: Every field, known to the model, not known, and left out.
profiles = st.fixed_dictionaries(
    {},
    optional={
        "role": stated("ml_engineer", "data_scientist", "other"),
        "years": st.none() | st.floats(0, 80) | st.sampled_from([3, 6, 10, 10.5, "7"]),
        "tenure": st.none() | st.floats(0, 80) | st.sampled_from([0, 0.5, 8.5]),
        "level": stated("entry", "senior", "staff", "lead", "unstated"),
        "grade": st.none() | stated("L1", "L4", "l 4", "--") | st.text(max_size=8),
        "employer": stated("employer-0", "employer-7", "employer-39"),
        "metro": stated("41860", "99999"),
        "region": stated("CA", "ZZ"),
        "country": stated("US", "DE"),
        "date": st.dates(date(2018, 1, 1), date(2027, 6, 30)) | stated("2019-03-04", "2027-01-01T10:00"),
        "focus": stated("security", "testing"),
        "specialisation": stated("vision", "vision|speech", ["speech"], []),
        "kind": stated("self_report", "posted_range", "filing"),
        "source": stated("survey", "board"),
        "degree": stated("masters"),
    },
)


@given(profiles)
@example({"date": "2018-01-01"})
@example({"kind": "posted_range", "date": "2018-01-01"})
def test_alone_as_among_others(estimator: Estimator, profile: dict[str, Any]) -> None:
    if profile.get("date") in ("unknown", "never heard of"):
        with pytest.raises(InputError, match="is no date"):
            predict(estimator, profile)
        return
    others = [{}, profile, {"role": "ml_engineer"}]
    assert predict_each(estimator, [profile])[0] == predict_each(estimator, others)[1]


def test_every_row_of_the_market(estimator: Estimator) -> None:
    rows = mixed_market()
    given = [
        {name: str(rows.columns[name][k]) for name in PayRows.TEXT}
        | {"years": rows.years[k], "tenure": rows.tenure[k], "date": date.fromordinal(int(rows.day[k]))}
        for k in range(len(rows))
    ]
    together = predict_each(estimator, given)
    assert [predict(estimator, one) for one in given] == together
    assert len({answer["p50"] for answer in together}) > 500


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ({"years": -1}, "0-80"),
        ({"tenure": "long"}, "must be a number"),
        ({"component": "equity"}, "no component"),
    ],
)
def test_nonsense_is_refused_alike(estimator: Estimator, profile: dict[str, Any], message: str) -> None:
    for asked in ([profile], [profile, {}]):
        with pytest.raises(InputError, match=message):
            predict_each(estimator, asked)
    assert np.isfinite(predict(estimator, {})["p50"])
