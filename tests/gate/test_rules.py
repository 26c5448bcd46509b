"""What the gate lets out, and why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import EvidenceKind
from payguide.base.estimates import Estimate, Published, SourceEstimate, Unit, Unknown, Withheld
from payguide.gate.rules import RULES, judge, thresholds

DAY = date(2026, 11, 1)
GOOD = Estimate(
    id="band.senior.base.p50",
    label="Senior base pay, median",
    unit=Unit.MONEY,
    value=212_345.0,
    low=200_123.0,
    high=224_567.0,
    coverage=0.9,
    n=40,
    n_records=90,
    n_employers=12,
    n_unnamed=0,
    effective=8.0,
    largest_share=0.2,
    largest="acme-widgets",
    method="",
    population="",
    date=DAY,
    currency="USD",
    quantile=0.5,
)


def source(kind, *, employers=6, day=date(2026, 6, 1)):
    return SourceEstimate("s", kind, 1.0, 1.0, 1.0, 1.0, 40, employers, day)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({}, None),
        ({"n": 10}, None),
        ({"n": 9}, "enough_observations"),
        # public evidence: how unequal employers are, not how many there are or which is the largest
        ({"effective": 3.0}, None),
        ({"effective": 2.99}, "effective_employers"),
        ({"n_employers": 4}, None),
        ({"largest_share": 0.41}, None),
        ({"n_employers": None, "n_unnamed": 40, "effective": 40.0}, None),
        ({"n_employers": None, "n_unnamed": 40, "effective": 2.0}, "effective_employers"),
        ({"quantile": 0.1, "n_employers": 10}, None),
        ({"quantile": 0.1, "n_employers": 4, "n_unnamed": 6}, None),
        ({"quantile": 0.1, "n_employers": None, "n_unnamed": 10}, None),
        # an interval of 90 % over a ratio of 2.99 is a coefficient of variation of a third
        ({"low": 130_000.0, "high": 388_000.0}, None),
        ({"low": 130_000.0, "high": 390_000.0}, "width"),
        ({"unit": Unit.EFFECT, "value": 0.1, "low": -0.4, "high": 0.75}, None),
        ({"unit": Unit.EFFECT, "value": 0.1, "low": -0.4, "high": 0.85}, "width"),
        ({"unit": Unit.EFFECT, "value": 0.1, "low": -1.0, "high": 0.2}, "width"),
        ({"unit": Unit.SHARE, "value": 0.4, "low": 0.2, "high": 0.7}, None),
        ({"unit": Unit.SHARE, "value": 0.4, "low": 0.2, "high": 0.71}, "width"),
        ({"coverage": 0.0, "low": 1.0, "high": 1e6}, None),  # no interval is stated
        ({"quantile": 0.1, "n_employers": 9}, "tails"),
        ({"quantile": 0.9, "n_employers": 9}, "tails"),
        ({"quantile": 0.25, "n_employers": 9}, None),
        ({"n": 9, "effective": 1.0}, "enough_observations"),  # the first rule that refuses is named
        # confidential evidence: who dominates it, how many there are, how old it is
        ({"sources": (source(EvidenceKind.PAYROLL),)}, None),
        ({"sources": (source(EvidenceKind.PAYROLL),), "largest_share": 0.25}, None),
        ({"sources": (source(EvidenceKind.PAYROLL),), "largest_share": 0.2501}, "dominance"),
        ({"sources": (source(EvidenceKind.PAYROLL, employers=None),)}, "confidential"),
        ({"sources": (source(EvidenceKind.PAYROLL, employers=4),)}, "confidential"),
        ({"sources": (source(EvidenceKind.PAYROLL, day=date(2026, 8, 1)),)}, None),
        ({"sources": (source(EvidenceKind.PAYROLL, day=date(2026, 8, 2)),)}, "confidential"),
        ({"sources": (source(EvidenceKind.SELF_REPORT, employers=4),)}, None),
    ],
)
def test_a_figure_passes_or_is_withheld_by_the_first_rule_it_breaks(change, rule):
    found = judge([replace(GOOD, **change)])[GOOD.id]
    if rule is None:
        assert isinstance(found, Published)
    else:
        assert isinstance(found, Withheld)
        assert found.rule == rule
        assert found.why.endswith(".")


def test_what_is_withheld_carries_no_value():
    found = judge([replace(GOOD, n=9)])[GOOD.id]
    for number in ("212", "200", "224"):
        assert number not in repr(found)


def test_official_statistics_pass_as_they_are():
    published = replace(GOOD, n_employers=0, n=0, sources=(source(EvidenceKind.STATISTIC, employers=0),))
    assert isinstance(judge([published])[GOOD.id], Published)
    mixed = replace(published, sources=(*published.sources, source(EvidenceKind.SELF_REPORT)))
    assert isinstance(judge([mixed])[GOOD.id], Withheld)
    assert isinstance(judge([replace(published, sources=())])[GOOD.id], Withheld)


def test_unknown_stays_unknown_and_ids_are_sorted_and_unique():
    unknown = Unknown("a.figure", "A figure", "No source has evidence on it.")
    found = judge([GOOD, unknown])
    assert list(found) == ["a.figure", GOOD.id]
    assert found["a.figure"] is unknown
    with pytest.raises(ValueError, match="two figures"):
        judge([GOOD, GOOD])


def test_every_rule_has_thresholds_with_a_reference():
    assert set(thresholds()) == set(RULES)
    assert all(len(rule["reference"]) > 20 for rule in thresholds().values())
    purposes = {name: rule["purpose"] for name, rule in thresholds().items()}
    assert [name for name in RULES if purposes[name] == "confidentiality"] == ["dominance", "confidential"]
    assert {purposes[name] for name in RULES} == {"reliability", "confidentiality"}


@pytest.mark.parametrize(
    ("share", "largest", "said"),
    [(0.41, "acme-widgets", "Acme Widgets"), (0.25, "acme-widgets", ""), (0.41, "", "")],
)
def test_who_dominates_public_evidence_is_named(share: float, largest: str, said: str) -> None:
    figure = replace(GOOD, largest_share=share, largest=largest)
    found = judge([figure], lambda slug: slug.replace("-", " ").title())[GOOD.id]
    assert isinstance(found, Published)
    assert found.estimate.largest == said


COUNTS = st.integers(0, 60)


@given(COUNTS, COUNTS, st.floats(0, 1), COUNTS, COUNTS, st.floats(0, 1))
def test_more_evidence_never_takes_a_figure_back(n, employers, share, more, wider, less):
    """Whatever is published stays published with more evidence, more employers, less concentration."""
    first = replace(GOOD, n=n, n_employers=employers, effective=employers / 2, largest_share=share)
    better = replace(
        first,
        n=n + more,
        n_employers=employers + wider,
        effective=(employers + wider) / 2,
        largest_share=share * less,
    )
    if isinstance(judge([first])[GOOD.id], Published):
        assert isinstance(judge([better])[GOOD.id], Published)


def test_what_is_published_has_the_digits_of_a_file():
    own = replace(source(EvidenceKind.SELF_REPORT), value=199_999.96, weight=1 / 3)
    exact = replace(
        GOOD, value=212_345.678, low=200_000.04, high=224_000.5, heterogeneity=-0.0, sources=(own,)
    )
    found = judge([exact])[GOOD.id].estimate
    assert (found.value, found.low, found.high) == (212_346.0, 200_000.0, 224_000.0)
    assert (found.sources[0].value, found.sources[0].weight) == (200_000.0, 0.333333)
    assert str(found.heterogeneity) == "0.0"
    assert judge([found])[GOOD.id].estimate == found
