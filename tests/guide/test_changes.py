"""What changed between two editions: by hand value, by simulation, and what may not be repeated."""

from __future__ import annotations

import math
from dataclasses import replace

import artificial
import numpy as np
import pytest
import two_editions as two

from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Figure, Published, Unit, Unknown, Withheld
from payguide.guide import changes
from payguide.guide.changes import Movement, between, compare

MONEY, SHARE, EFFECT = Unit.MONEY, Unit.SHARE, Unit.EFFECT


def figure(value: float, low: float, high: float, unit: Unit = MONEY, **other: object) -> Estimate:
    return artificial.estimate("band.mid.base.p50", value, low, high, unit, **other)


@pytest.mark.parametrize(
    ("was", "now", "movement"),
    [
        # ln 1.20 = 0.182; the ends: hypot(ln 120/108, ln 110/100) = hypot(0.105, 0.095) = 0.142; 0.182 - 0.142 > 0
        (figure(100, 90, 110), figure(120, 108, 132), Movement.UP),
        (figure(120, 108, 132), figure(100, 90, 110), Movement.DOWN),
        # ln 1.14 = 0.131 < 0.142
        (figure(100, 90, 110), figure(114, 102.6, 125.4), Movement.CHANCE),
        (figure(100, 90, 110), figure(100, 89, 110), Movement.CHANCE),
        (figure(100, 90, 110), figure(100, 90, 110), Movement.SAME),
        # 0.10 against hypot(0.05, 0.05) = 0.071, and 0.07
        (figure(0.2, 0.15, 0.25, SHARE), figure(0.3, 0.25, 0.35, SHARE), Movement.UP),
        (figure(0.2, 0.15, 0.25, EFFECT), figure(0.27, 0.22, 0.32, EFFECT), Movement.CHANCE),
        # an effect may lie below zero: it has no ratio
        (figure(-0.1, -0.15, -0.05, EFFECT), figure(0.1, 0.05, 0.15, EFFECT), Movement.UP),
        (figure(0.2, 0.15, 0.25, SHARE), figure(200, 150, 250), Movement.OPEN),
        (figure(200, 150, 250), figure(200, 150, 250, currency="EUR"), Movement.OPEN),
        (figure(200, 150, 250), figure(900, 800, 950, coverage=0.95), Movement.OPEN),
        (figure(200, 200, 200, coverage=0.0), figure(210, 210, 210, coverage=0.0), Movement.OPEN),
        (figure(200, 200, 200, coverage=0.0), figure(200, 200, 200, coverage=0.0), Movement.SAME),
    ],
)
def test_a_change_is_told_from_chance_by_the_interval_of_the_difference(
    was: Estimate, now: Estimate, movement: Movement
) -> None:
    assert compare(was, now).movement is movement
    assert bool(compare(was, now).why) is (movement is Movement.OPEN)


def test_pay_is_compared_by_its_ratio() -> None:
    found = compare(figure(100, 90, 110), figure(120, 108, 132))

    half = math.hypot(math.log(120 / 108), math.log(110 / 100))
    assert found.relative
    assert found.change == pytest.approx(0.2)
    assert found.low == pytest.approx(1.2 * math.exp(-half) - 1, rel=1e-5)
    assert found.high == pytest.approx(1.2 * math.exp(half) - 1, rel=1e-5)


def test_shares_and_effects_are_compared_by_their_difference() -> None:
    found = compare(figure(0.2, 0.15, 0.28, SHARE), figure(0.3, 0.26, 0.36, SHARE))

    assert not found.relative
    # 0.1 - hypot(0.3 - 0.26, 0.28 - 0.2) and 0.1 + hypot(0.36 - 0.3, 0.2 - 0.15)
    assert (found.change, found.low, found.high) == pytest.approx((0.1, 0.010557, 0.178102), abs=1e-6)


@pytest.mark.parametrize(
    ("shared", "least", "most"), [(0.0, 0.075, 0.125), (0.5, 0.005, 0.045), (0.9, 0.0, 0.002)]
)
def test_chance_alone_is_rarely_said_to_be_more_the_rarer_the_more_evidence_is_shared(
    shared: float, least: float, most: float
) -> None:
    """Two means of 100 draws, of which a share is the same draws; 90 % intervals. Independent, 10 % are off; with
    half in common the difference's standard deviation is sqrt(1/2) of what is taken: P(|z| > 1.645 x 1.414) = 2 %.
    """
    rng, tries, n = np.random.default_rng(20_300_101), 2_000, 100
    both = round(shared * n)
    old = rng.normal(11.5, 0.4, (tries, n))
    new = np.concatenate([old[:, :both], rng.normal(11.5, 0.4, (tries, n - both))], axis=1)
    half = 1.645 * 0.4 / math.sqrt(n)

    def estimate(logs: np.ndarray) -> Estimate:
        mean = float(logs.mean())
        return figure(math.exp(mean), math.exp(mean - half), math.exp(mean + half))

    found = [
        compare(estimate(one), estimate(other)).movement in (Movement.UP, Movement.DOWN)
        for one, other in zip(old, new, strict=True)
    ]
    assert least <= np.mean(found) <= most


def told(old: Edition, new: Edition | None = None) -> dict[str, object]:
    return between(old, new or two.now())


def test_nothing_changed_is_said() -> None:
    same = two.now()

    assert changes.nothing(between(same, same))
    assert not changes.nothing(between(two.before(), same))


@pytest.mark.parametrize(
    ("key", "value"),
    [("evidence_version", "older"), ("code_version", "0.0.9"), ("rules", {"tails": {"least": 3}}), ("sources", {})],
)  # fmt: skip
def test_a_version_a_rule_or_a_source_is_a_change(key: str, value: object) -> None:
    same = two.now()

    assert not changes.nothing(between(replace(same, manifest={**same.manifest, key: value}), same))


def test_medians_come_first_whatever_became_of_them() -> None:
    made = two.now().figures
    known = told(
        two.before(
            band__senior__base__p50=two.scaled(made["band.senior.base.p50"], 0.5),
            band__mid__base__p50=Withheld(
                "band.mid.base.p50", "Mid", "dominance", "One employer is too large."
            ),
        )
    )

    assert isinstance(known["bands"], list)
    bands = {band["id"]: band for band in known["bands"]}
    assert list(bands)[:4] == [
        "band.any.base.p50", "band.any.total.p50", "band.entry.base.p50", "band.entry.total.p50",
    ]  # fmt: skip
    assert bands["band.senior.base.p50"]["movement"] == "up"
    assert bands["band.senior.base.p50"]["change"] == pytest.approx(1.0)
    assert bands["band.mid.base.p50"] == {"id": "band.mid.base.p50", "was": "withheld", "now": "published"}
    assert bands["band.any.total.p50"]["movement"] == "same"


WITHHELD = Withheld("odd.x.effect", "Odd", "dominance", "One employer is too large.")
UNKNOWN = Unknown("odd.x.effect", "Odd", "No source knows it.")
THERE = artificial.effect("odd.x.effect", 0.3)


@pytest.mark.parametrize(
    ("was", "now", "where"),
    [
        (None, THERE, "published"),
        (WITHHELD, THERE, "published"),
        (UNKNOWN, THERE, "published"),
        (THERE, WITHHELD, "withheld"),
        (THERE, UNKNOWN, "withheld"),
        (UNKNOWN, WITHHELD, "withheld"),
        (None, WITHHELD, "withheld"),
        (THERE, None, "gone"),
        (THERE, THERE, ""),
        (WITHHELD, WITHHELD, ""),
        (WITHHELD, UNKNOWN, ""),
        (WITHHELD, None, ""),
        (None, UNKNOWN, ""),
    ],
)
def test_what_came_and_went_is_told_once(was: Figure | None, now: Figure | None, where: str) -> None:
    old, new = two.before(), two.now()
    old = replace(old, figures={**old.figures, **({was.id: was} if was else {})})
    new = replace(new, figures={**new.figures, **({now.id: now} if now else {})})

    known = between(old, new)

    for key in ("published", "withheld", "gone"):
        assert [one["id"] for one in known[key]] == (["odd.x.effect"] if key == where else [])


def test_an_earlier_value_is_not_repeated_that_is_kept_back_now() -> None:
    """Neither what this edition withholds, nor what it has not, nor what today's gate would withhold."""
    made = two.now().figures
    thin = {
        "band.mid.base.p50": two.scaled(made["band.mid.base.p50"], 0.777, effective=2.0),
        "band.staff.base.p90": two.scaled(made["band.mid.base.p50"], 0.777, id="band.staff.base.p90"),
        "odd.figure": two.scaled(made["band.mid.base.p50"], 0.777, id="odd.figure"),
    }
    old = two.before(**{name.replace(".", "__"): figure for name, figure in thin.items()})

    known = told(old)

    secret = f"{thin['odd.figure'].estimate.value:.6g}"
    assert secret in str(as_text(old))
    assert secret not in str(known)
    assert isinstance(known["bands"], list)
    mid = next(band for band in known["bands"] if band["id"] == "band.mid.base.p50")
    assert (mid["movement"], mid["was"]) == ("open", "published")


def as_text(edition: Edition) -> list[str]:
    return [f"{f.estimate.value:.6g}" for f in edition.figures.values() if isinstance(f, Published)]


def test_other_figures_are_told_only_where_they_moved_by_more_than_chance_makes() -> None:
    made = two.now().figures
    known = told(
        two.before(
            skill__python__demand=two.scaled(made["skill.python.demand"], 0.5),
            skill__sql__demand=two.scaled(made["skill.sql.demand"], 1.001),
        )
    )

    assert [one["id"] for one in known["moved"]] == ["skill.python.demand"]  # type: ignore[attr-defined]
    counted = known["counted"]
    assert isinstance(counted, dict)
    assert (counted["up"], counted["chance"], counted["down"], counted["open"], counted["judged"]) == (
        1,
        1,
        0,
        0,
        2,
    )
    assert counted["same"] == counted["compared"] - 2


def test_verdicts_are_told_by_their_claims() -> None:
    new = two.now()
    first, second, *rest = new.verdicts
    other = replace(second.claim, id="other")
    old = replace(two.before(), verdicts=(two.ruled(first), replace(second, claim=other), *rest))

    known = between(old, new)["verdicts"]

    assert [(one["id"], one["now"], one["retested"]) for one in known["changed"]] == [
        (first.claim.id, str(first.judgement), False)
    ]
    assert [one["id"] for one in known["changed"][0]["deciding"]] == list(first.deciding)
    assert (known["came"], [one["id"] for one in known["gone"]]) == ([second.claim.id], ["other"])

    another = replace(old, manifest={**old.manifest, "published_guide": {"name": "another"}})
    assert between(another, new)["verdicts"]["other_guide"]
    retested = replace(two.ruled(first), claim=replace(first.claim, stated=(1.0,)))
    again = between(replace(old, verdicts=(retested, *rest)), new)["verdicts"]["changed"]
    assert [one["retested"] for one in again] == [True]


def test_sources_are_told_by_what_is_counted_of_them() -> None:
    new, old = two.now(), two.before()
    cards = new.manifest["sources"]
    assert isinstance(cards, dict)
    sources = {"example": {**cards["example"], "records": 1}, "older": cards["sample"]}

    known = between(replace(old, manifest={**old.manifest, "sources": sources}), new)

    assert known["sources"] == {"came": ["sample"], "gone": ["older"], "changed": ["example"]}
    assert known["previous"]["sources"]["example"]["records"] == 1
    renamed = {**cards, "example": {**cards["example"], "bias": "Another sentence."}}
    again = between(replace(old, manifest={**old.manifest, "sources": renamed}), new)
    assert not any(again["sources"].values())


def test_rules_are_told_without_their_references() -> None:
    new, old = two.now(), two.before()
    rules = {"enough_observations": {"least": 5, "reference": "another"}, "tails": {"least": 10}}

    known = between(replace(old, manifest={**old.manifest, "rules": rules}), new)["rules"]

    assert known == {
        "known": True,
        "changed": [
            {"rule": "enough observations least", "was": "5", "now": "10"},
            {"rule": "tails least", "was": "10", "now": ""},
        ],
    }
    without = {key: value for key, value in old.manifest.items() if key != "rules"}
    assert between(replace(old, manifest=without), new)["rules"] == {"known": False, "changed": []}
