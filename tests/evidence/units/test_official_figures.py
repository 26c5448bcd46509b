"""Official statistics as figures, and the rows of the model."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import drawn_evidence as drawn
import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import Statistic
from payguide.evidence.units.official import official_figures

SCOPES = """
kind      | role  | title           | employer | record | statistic | low    | high   | scope                                                                              | locator | top_coded
statistic | other | Data Scientists | nobody   | K1     | p50       | 120230 | 120230 | soc=15-2051;area=0000000;industry=000000;rse=0.4;area_name=National                | v1      | -
statistic | other | Data Scientists | nobody   | K1     | mean      | 130000 | 130000 | soc=15-2051;area=0000000;industry=000000;rse=0.4;area_name=National                | v2      | -
statistic | other | Data Scientists | nobody   | K2     | p90       | 239200 | -      | soc=15-2051;area=0041860;industry=000000;area_name=San Francisco-Oakland-Fremont   | v3      | yes
"""  # noqa: E501


def test_a_scope_tells_occupation_area_industry_and_error(tmp_path: Path) -> None:
    stated = [drawn.observation(line) for line in drawn.lines(SCOPES)]
    figures = official_figures(stated)
    assert [(f.area_code, f.statistic, f.value, f.relative_error) for f in figures] == [
        ("0000000", Statistic.MEAN, 130_000, 0.004),
        ("0000000", Statistic.P50, 120_230, None),
        ("0041860", Statistic.P90, 239_200, None),
    ]
    assert figures[0].occupation == "15-2051"
    assert figures[0].title == "Data Scientists"
    assert (figures[2].area, figures[2].top_coded) == ("San Francisco-Oakland-Fremont", True)
    assert official_figures([drawn.observation({"pay": "150000"})]) == ()
    # through the store they are the same
    aggregates = drawn.aggregates(drawn.store_at(tmp_path, stated))
    assert aggregates.official == figures
    assert aggregates.cells == ()


def test_the_models_rows_are_the_distinct_pieces(tmp_path: Path) -> None:
    store = drawn.store_at(
        tmp_path,
        drawn.observations(
            """
            kind         | source | record | employer | grade | level  | years | metro | specialisation | degree       | pay
            posted_range | ashby  | 1      | acme     | -     | senior | -     | 41860 | vision speech  | required:phd | 150000-200000
            posted_range | radar  | 2      | acme     | -     | senior | -     | 41860 | vision         | -            | 150000-200000
            self_report  | levels | 3      | globex   | L5    | -      | 4     | -     | -              | -            | 180000
            self_report  | levels | 4      | nobody   | -     | -      | -     | -     | -              | -            | 170000
            self_report  | levels | 5      | globex   | M1    | manager | 9    | -     | -              | -            | 280000
            posted_range | ashby  | 6      | acme     | -     | intern | -     | -     | -              | -            | 80000
            filing       | lca    | 7      | acme     | -     | -      | -     | -     | -              | -            | 120000
            """  # noqa: E501
        ),
    )
    rows = drawn.training_rows(store)["base"]
    assert len(rows) == 3
    assert set(rows.columns) == set(PayRows.TEXT)
    order = np.argsort(rows.high)
    text = {name: rows.columns[name][order].tolist() for name in PayRows.TEXT}
    assert rows.low[order].tolist() == [170_000, 180_000, 150_000]
    assert rows.high[order].tolist() == [170_000, 180_000, 200_000]
    assert text["employer"] == ["", "globex", "acme"]
    assert text["grade"] == ["", "L5", ""]
    assert text["level"] == ["unstated", "mid", "senior"]
    assert text["kind"] == ["self_report", "self_report", "posted_range"]
    assert np.isnan(rows.years[order]).tolist() == [True, False, True]
    assert set(rows.day.tolist()) == {date(2026, 6, 1).toordinal()}
    assert len(drawn.training_rows(store)["total"]) == 0


def test_several_specialisations_are_joined_in_order(tmp_path: Path) -> None:
    drawing = "pay | specialisation\n150000 | vision speech"
    rows = drawn.training_rows(drawn.store_at(tmp_path, drawn.observations(drawing)))["base"]
    assert rows.columns["specialisation"].tolist() == ["speech|vision"]
