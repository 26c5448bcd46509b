"""Moments: the design, its sums, and that a regression on them gives back what was put in."""

from __future__ import annotations

import drawn_evidence as drawn
import numpy as np
import pytest

from payguide.base.aggregates import UNITS_PER_PIECE, Moments
from payguide.evidence.reduce.cross_products import cross_products, sums
from payguide.evidence.reduce.design_matrix import DesignMatrix
from payguide.evidence.reduce.replicates import weights
from payguide.evidence.units.level_probabilities import shares_of


def made(lines: list[drawn.Line], *, text: bool = True) -> dict[str, Moments]:
    stated = [drawn.observation(line, number) for number, line in enumerate(lines)]
    posted = [drawn.posting(line, number) for number, line in enumerate(lines)] if text else []
    evidence = drawn.prepared(stated, posted)
    with evidence as connection:
        return {one.name: one for one in cross_products(connection)}


def solved(one: Moments) -> dict[str, float]:
    found = np.linalg.lstsq(one.xtx, one.xty, rcond=None)[0]
    return dict(zip(one.columns, found.tolist(), strict=True))


def posted(employers: int = 6, each: int = 20) -> list[drawn.Line]:
    """Postings whose base is exactly 100,000 x 1.2 (senior) x 1.1 (remote) x 1.3 (vision)."""
    rng = np.random.default_rng(1)
    lines = []
    for number in range(employers * each):
        senior, remote, vision = rng.random(3) < (0.4, 0.3, 0.5)
        pay = 100_000 * 1.2**senior * 1.1**remote * 1.3**vision
        lines.append(
            {
                "employer": f"e{number % employers}",
                "level": "senior" if senior else "mid",
                "remote": "remote" if remote else "onsite",
                "specialisation": "vision" if vision else "",
                # a band a place, so that equal bands stay apart
                "region": f"R{number}",
                "low": str(pay / 1.25),
                "high": str(pay * 1.25),
                "skills": "pytorch sql" if vision else "sql",
            }
        )
    return lines


def test_effects_come_back_as_they_were_put_in() -> None:
    one = made(posted())["effects.posted_range.base.ml_engineer"]
    assert one.columns == ("intercept", "level=senior", "remote=remote", "specialisation=vision", "time")
    effects = solved(one)
    # the ends are rounded to the dollar, hence 1e-5
    assert effects["level=senior"] == pytest.approx(np.log(1.2), abs=1e-5)
    assert effects["remote=remote"] == pytest.approx(np.log(1.1), abs=1e-5)
    assert effects["specialisation=vision"] == pytest.approx(np.log(1.3), abs=1e-5)
    assert (one.n, one.who.employers, one.who.largest_share) == (120, 6, pytest.approx(1 / 6))


def test_sums_are_those_of_the_rows_under_the_employers_weights() -> None:
    one = made(posted(5, 4))["effects.posted_range.base.ml_engineer"]
    drawn_weights = weights([f"e{n}" for n in range(5)])
    # the intercept's own entry counts rows: 4 of each employer
    assert one.xtx[0, 0] == 20
    assert one.rep_xtx[:, 0, 0].tolist() == (4 * drawn_weights.sum(axis=0)).tolist()
    assert (one.xtx == one.xtx.T).all()
    assert one.xtx[0].tolist()[:-1] == one.column_n.tolist()[:-1]
    assert one.yty > one.xty[0] ** 2 / 20


@pytest.mark.parametrize(("employers", "n"), [(7, 50), (2048, 2100), (2049, 2100), (4300, 4400)])
def test_replicates_summed_by_employers_are_those_of_the_rows(employers: int, n: int) -> None:
    """Also where there are more employers than are summed at a time."""
    rng = np.random.default_rng(5)
    names = tuple(f"e{number}" for number in range(employers))
    # in no order, and the last employer has no row
    employer = rng.permutation(np.arange(n) % (employers - 1))
    matrix = np.column_stack([np.ones(n), rng.normal(size=(n, 3))])
    y = rng.normal(size=n)
    one = sums("x", DesignMatrix(("intercept", "a", "b", "c"), matrix, y, employer, names, ("board",)))

    # a row's weight is its employer's: X'WX and X'Wy of each replicate, row by row
    row_weights = weights(names)[employer].T.astype(float)
    direct_xtx = np.einsum("rn,np,nq->rpq", row_weights, matrix, matrix)
    np.testing.assert_allclose(one.rep_xtx, direct_xtx, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(one.rep_xty, row_weights @ (matrix * y[:, None]), rtol=1e-12, atol=1e-12)
    assert (one.rep_xtx == one.rep_xtx.transpose(0, 2, 1)).all()


def test_the_most_frequent_value_is_the_reference_and_the_thin_are_rolled_up() -> None:
    # 30, 15, and three tiers of 9, 3 and 3: too thin each, thick enough together
    tiers = (
        ["big_tech"] * 30 + ["startup"] * 15 + ["enterprise"] * 9 + ["consultancy"] * 3 + ["public_tech"] * 3
    )
    lines = [
        {"employer": f"e{n % 10}", "tier": tier, "pay": f"{100_000 + n}", "level": "mid"}
        for n, tier in enumerate(tiers)
    ]
    one = made(lines)["effects.posted_range.base.ml_engineer"]
    assert one.columns == ("intercept", "tier=startup", "tier=other", "time")
    counts = dict(zip(one.columns, one.column_n.tolist(), strict=True))
    assert (counts["tier=startup"], counts["tier=other"]) == (15, 15)


def test_the_ten_largest_metros_have_columns() -> None:
    lines = [
        {
            "employer": f"e{number % 6}",
            "metro": str(40_000 + metro),
            "level": "mid",
            "pay": f"{100_000 + 100 * metro + number}",
        }
        for metro in range(12)
        for number in range(30 - metro)
    ]
    lines += [{"employer": f"e{n % 6}", "level": "mid", "pay": f"{90_000 + n}"} for n in range(10)]
    one = made(lines)["effects.posted_range.base.ml_engineer"]
    metros = [column for column in one.columns if column.startswith("metro=")]
    # the eleventh and twelfth (20 + 19) are "other_us", the most frequent and so the reference
    assert sorted(metros) == [f"metro={40_000 + n}" for n in range(10)] + ["metro=unknown"]
    assert one.column_n[[one.columns.index(metro) for metro in metros[:3]]].tolist() == [30, 29, 28]


def test_breadth_and_preference_are_columns_of_postings() -> None:
    every = "ingestion features training evaluation serving"
    lines = [
        {
            "employer": f"e{n % 7}",
            "level": "mid",
            "pay": f"{100_000 + n}",
            "stages": every if n % 2 else "training" if n % 4 else "",
            "degree": "required:bachelor preferred:phd" if n % 3 else "required:phd",
        }
        for n in range(72)
    ]
    one = made(lines)["effects.posted_range.base.ml_engineer"]
    counts = dict(zip(one.columns, one.column_n.tolist(), strict=True))
    assert counts["stages=full"] == 36
    assert counts["stages"] == 36 + 18
    assert counts["preferred=advanced"] == 48
    assert counts["degree=phd"] == 24
    # the sum of the stage counts: 36 x 5 + 18 x 1
    assert one.xtx[0, one.columns.index("stages")] == 198


def test_skills_have_columns_from_twenty_postings_of_eight_employers_with_text() -> None:
    lines = [
        {
            "employer": f"e{n % 9}",
            "level": "mid",
            "pay": f"{100_000 + n}",
            "skills": " ".join(["sql", *(["jax"] if n < 20 else []), *(["cobol"] if n % 9 < 7 else [])]),
        }
        for n in range(45)
    ]
    one = made(lines)["skills.posted_range.base.ml_engineer"]
    skills = dict(zip(one.columns, one.column_n.tolist(), strict=True))
    # cobol: 35 postings, but of 7 employers only
    assert {name: n for name, n in skills.items() if name.startswith("skill=")} == {
        "skill=jax": 20,
        "skill=sql": 45,
    }
    assert "skills.posted_range.base.ml_engineer" not in made(lines, text=False)


def test_remote_and_onsite_postings_have_regressions_of_their_own_from_thirty_on() -> None:
    lines = [
        {
            "employer": f"e{n % 6}",
            "remote": "remote" if n < 30 else "onsite",
            "level": "mid",
            "pay": f"{100_000 + n}",
        }
        for n in range(59)
    ]
    found = made(lines)
    assert found["effects.posted_range.base.ml_engineer.remote"].n == 30
    assert "effects.posted_range.base.ml_engineer.onsite" not in found


def reports(gap: float) -> list[drawn.Line]:
    """Twelve employers, two grades each: software engineers at the employer's pay, ML engineers above it."""
    lines = []
    for employer in range(12):
        for grade in ("L4", "L5"):
            base = 100_000 * (1 + employer / 10) * (1.3 if grade == "L5" else 1.0)
            for role, pay in (
                ("software_engineer", base),
                ("software_engineer", base),
                ("ml_engineer", base * gap),
            ):
                lines.append(
                    {
                        "kind": "self_report",
                        "component": "total",
                        "role": role,
                        "employer": f"e{employer}",
                        "grade": grade,
                        "years": "4" if grade == "L4" else "8",
                        "tier": "big_tech" if employer < 6 else "enterprise",
                        "pay": str(round(pay)),
                    }
                )
    # an employer with one role only, and reports without a grade, tell nothing
    lines.append({**lines[0], "employer": "alone"})
    return lines


def test_the_gap_is_found_within_employer_and_grade() -> None:
    found = made(reports(1.15), text=False)
    for name, n, employers in (
        ("grade.all", 72, 12), ("years.all", 72, 12), ("grade.top", 36, 6), ("grade.other", 36, 6),
    ):  # fmt: skip
        one = found[f"gap.self_report.total.{name}"]
        assert (one.columns, one.n, one.who.employers) == (("ml",), n, employers)
        assert solved(one)["ml"] == pytest.approx(np.log(1.15), abs=1e-4)
        # a third of the rows are ML engineers: they are the column's evidence
        assert one.column_n.tolist() == [n // 3]
        # within a group of three: (2/3)^2 + 2 (1/3)^2 = 2/3
        assert one.xtx[0, 0] == pytest.approx(n / 3 * 2 / 3)


def test_years_stand_in_self_reports() -> None:
    one = made(reports(1.0), text=False)["effects.self_report.total.software_engineer"]
    assert {"years", "years2"} < set(one.columns)
    years = one.xtx[0, one.columns.index("years")]
    # 25 at 4 years and 24 at 8, centred at 5 by ten: 25 x -0.1 + 24 x 0.3 (one more stands alone at 4)
    assert years == pytest.approx(25 * -0.1 + 24 * 0.3)


def test_too_little_has_no_moments() -> None:
    four = [{"employer": f"e{n % 4}", "pay": f"{100_000 + n}", "level": "mid"} for n in range(40)]
    nine = [{"employer": f"e{n % 9}", "pay": f"{100_000 + n}", "level": "mid"} for n in range(9)]
    assert made(four) == {}
    assert made(nine) == {}


def test_a_silent_title_counts_with_the_levels_that_it_may_have() -> None:
    """Half of the titles are silent and ask for five years; how senior those are is what ships, and pay follows the
    true level. Read as "mid", which five years are by the ladder, they would take half of the senior effect away.
    """
    rng = np.random.default_rng(5)
    shares = shares_of(np.array([5.0]))[0] / UNITS_PER_PIECE
    premium = {"entry": 0.8, "mid": 1.0, "senior": 1.2, "staff": 1.5}
    lines = []
    for number in range(4000):
        silent = number % 2 == 0
        level = rng.choice(list(premium), p=shares if silent else [0.25] * 4)
        pay = str(100_000 * premium[level])
        line = {"employer": f"e{number % 40}", "region": f"R{number}", "low": pay, "high": pay}
        lines.append(line | ({"years": "5"} if silent else {"level": level}))

    one = made(lines)["effects.posted_range.base.ml_engineer"]

    # a silent piece is off by its level's spread, 0.1 on the log scale: 2,000 of them know a mean within 0.003
    effects = {name: value for name, value in solved(one).items() if name.startswith("level=")}
    reference = ({"entry", "mid", "senior", "staff"} - {name[6:] for name in effects}).pop()
    expected = {
        f"level={level}": np.log(times / premium[reference])
        for level, times in premium.items()
        if level != reference
    }
    assert effects == {name: pytest.approx(value, abs=0.015) for name, value in expected.items()}
