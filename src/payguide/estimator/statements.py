"""Statements of pay as the profiles that somebody would ask about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.money import FloatArray
from payguide.estimator import predict_many

#: What a profile tells of a statement: all but its source, which nobody who asks can know.
TOLD: Final = tuple(name for name in PayRows.TEXT if name != "source")


def profiles_of(rows: PayRows) -> list[dict[str, Any]]:
    """A profile of each row: its kind of evidence, and all that was read of it but the pay."""
    names = ("component", "years", "tenure", "date", *TOLD)
    columns = [rows.columns[name].tolist() for name in TOLD]
    years, tenure = (
        [None if np.isnan(one) else one for one in given.tolist()] for given in (rows.years, rows.tenure)
    )
    days = [date.fromordinal(day) for day in rows.day.tolist()]
    component = [str(rows.component)] * len(rows)
    return [
        dict(zip(names, row, strict=True))
        for row in zip(component, years, tenure, days, *columns, strict=True)
    ]


def points_for(model: Mapping[str, Any], rows: PayRows) -> FloatArray:
    """The model's quantiles (n, q) of annual pay for each statement, asked as a profile."""
    return predict_many(model, profiles_of(rows)).points
