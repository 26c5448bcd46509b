"""Ids of figures: written and read in one place, each with its unit, label, heading and page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Component, Level
from payguide.base.errors import WrongShape
from payguide.base.figure_id import (
    FigureId,
    band,
    figure_id,
    find,
    forms,
    headings,
    narrower_band,
    of_form,
    parse,
    stem,
)

PARTS = st.text(st.characters(codec="ascii", categories=["L", "N"], include_characters="-_"), min_size=1)


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (band("senior", "base"), "band.senior.base.p50"),
        (band("any", "base", "mean"), "band.any.base.mean"),
        (band("staff", "total", "p90", top=True), "band.staff.total.top.p90"),
        (narrower_band("mid", "base", "metro", "41860", "p25"), "band.mid.base.metro.41860.p25"),
        (figure_id("step", level="senior", component="base"), "step.senior.base.effect"),
        (figure_id("share", level="senior", threshold="400k"), "share.senior.total.top.over_400k"),
        (figure_id("official", occupation="15-2051", statistic="mean"), "official.15-2051.mean"),
        (figure_id("correlation"), "place.oews.correlation"),
        (figure_id("place", metro="top3"), "place.top3.effect"),
        (figure_id("spread", remote="onsite"), "place.spread.onsite.effect"),
        (figure_id("single_band"), "remote.single_band.share"),
        (figure_id("degree_required", degree="phd"), "degree.required_phd.effect"),
    ],
)
def test_an_id_is_written_and_read_back(made: FigureId, written: str) -> None:
    assert str(made) == written
    assert parse(written) == made


@given(st.data(), st.sampled_from(sorted(forms())))
def test_every_form_reads_what_it_writes(data: st.DataObject, name: str) -> None:
    made = figure_id(name, **{field: data.draw(PARTS) for field in forms()[name].fields})
    assert str(parse(str(made))) == str(made)


@pytest.mark.parametrize(
    "text", ["", "band", "band.senior.base", "band..base.p50", "bands.a.b.p50", "a.b.c.d.e.f.g"]
)
def test_what_no_form_writes_is_no_id(text: str) -> None:
    assert find(text) is None
    with pytest.raises(WrongShape, match="no figure has an id like"):
        parse(text)


@pytest.mark.parametrize(
    ("form", "fields", "error"),
    [
        ("sketch", {}, KeyError),
        ("step", {"level": "senior"}, KeyError),
        ("step", {"level": "senior", "component": "base", "tier": "startup"}, ValueError),
        ("skill_demand", {"skill": ""}, ValueError),
        ("skill_demand", {"skill": "node.js"}, ValueError),
    ],
)
def test_fields_are_those_of_the_form(form: str, fields: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        figure_id(form, **fields)


@pytest.mark.parametrize(
    ("text", "unit", "heading", "page", "counts"),
    [
        ("band.mid.base.p50", "money", "Bands of pay", "evidence", "pieces of evidence"),
        ("band.mid.base.tier.x.p50", "money", "Bands of pay by employer tier", "evidence-populations",
         "pieces of evidence"),
        ("uplift.mid.all.p50", "effect", "Total pay over base pay", "evidence", "pieces of evidence"),
        ("share.mid.total.top.over_300k", "share", "Shares above a threshold", "evidence", "pieces of evidence"),
        ("official.15-2051.p50", "money", "Official statistics", "evidence", "jobs in the occupation"),
        ("skill.python.demand", "share", "Skills", "evidence", "postings"),
        ("skill.python.premium", "effect", "Skills", "evidence", "pieces of evidence"),
        ("place.oews.error", "ratio", "Place", "evidence", "pieces of evidence"),
        ("place.oews.correlation", "correlation", "Place", "evidence", "pieces of evidence"),
    ],
)  # fmt: skip
def test_a_form_says_what_its_figures_are(text: str, unit: str, heading: str, page: str, counts: str) -> None:
    form = parse(text).form
    assert (form.unit, form.heading, form.page, form.counts) == (unit, heading, page, counts)
    assert heading in headings()


@pytest.mark.parametrize(
    ("text", "level", "component", "quantile", "population"),
    [
        ("band.mid.base.p10", Level.MID, Component.BASE, 0.10, ("", "")),
        ("band.any.total.mean", None, Component.TOTAL, None, ("", "")),
        ("band.any.total.tier.startup.p75", None, Component.TOTAL, 0.75, ("tier", "startup")),
        ("step.staff.base.effect", Level.STAFF, Component.BASE, 0.50, ("", "")),
        ("offset.filing.same.base.effect", None, Component.BASE, 0.50, ("", "")),
        ("place.42660.effect", None, Component.BASE, None, ("metro", "42660")),
        ("place.spread.remote.effect", None, Component.BASE, None, ("", "")),
        ("duty.senior.mentor.share", Level.SENIOR, None, None, ("", "")),
        ("official.15-2051.42660.p50", None, Component.BASE, 0.50, ("", "")),
    ],
)
def test_an_id_says_what_it_is_about(
    text: str,
    level: Level | None,
    component: Component | None,
    quantile: float | None,
    population: tuple[str, str],
) -> None:
    found = parse(text)
    assert (found.level, found.component, found.quantile, found.population) == (
        level,
        component,
        quantile,
        population,
    )


@pytest.mark.parametrize(
    ("made", "said", "label"),
    [
        (band("senior", "base"), {}, "Senior base pay, median"),
        (band("any", "total", "p25", top=True), {}, "All levels, total pay at top-tier employers, 25th percentile"),
        (narrower_band("mid", "base", "metro", "1"), {"metro": "Tulsa"}, "Mid-level base pay in Tulsa, median"),
        (narrower_band("mid", "base", "tier", "startup"), {}, "Mid-level base pay at start-ups, median"),
        (figure_id("step", level="mid", component="base"), {"lower": "entry"}, "Mid-level over entry base pay, median"),
        (figure_id("skill_demand", skill="ml_ops"), {}, "Share of postings that ask for ml ops"),
        (figure_id("share", level="mid", threshold="300k"), {"threshold": "$300,000"},
         "Mid-level total pay at top-tier employers: share above $300,000"),
    ],
)  # fmt: skip
def test_labels(made: FigureId, said: dict[str, str], label: str) -> None:
    assert made.label(**said) == label


def test_other_values_of_the_same_form() -> None:
    assert str(band("senior", "base").with_(statistic="p75")) == "band.senior.base.p75"
    assert stem("band.senior.base.p75") == "band.senior.base"
    assert of_form(["step.mid.base.effect", "x", "band.mid.base.p50"], "band", "kind") == [
        band("mid", "base")
    ]
