"""Offers, by hand."""

from __future__ import annotations

import pytest

from payguide.guide.offers import SCHEDULES, Offer, equal_growth, total, vested, years

EQUAL = (0.25, 0.25, 0.25, 0.25)
FRONT = (0.33, 0.33, 0.22, 0.12)


@pytest.mark.parametrize(
    ("schedule", "cliff", "every", "months", "share"),
    [
        (EQUAL, 12, 3, 11, 0.0),  # before the cliff
        (EQUAL, 12, 3, 12, 0.25),
        (EQUAL, 12, 3, 14, 0.25),  # the next quarter is not over
        (EQUAL, 12, 3, 15, 0.3125),  # 15 / 48
        (EQUAL, 12, 1, 13, 13 / 48),
        (EQUAL, 12, 12, 23, 0.25),
        (EQUAL, 12, 3, 48, 1.0),
        (EQUAL, 12, 3, 60, 1.0),
        (EQUAL, 0, 3, 3, 0.0625),
        (EQUAL, 18, 12, 18, 0.375),  # what has built up by the cliff vests at it
        (FRONT, 12, 3, 24, 0.66),
        (FRONT, 12, 3, 30, 0.77),  # 33 + 33 + half of 22
        (FRONT, 12, 12, 36, 0.88),
    ],
)
def test_what_has_vested(
    schedule: tuple[float, ...], cliff: int, every: int, months: int, share: float
) -> None:
    assert vested(schedule, cliff, every, months) == pytest.approx(share)


def test_four_equal_years() -> None:
    paid = years(Offer(base=200_000, bonus=20_000, sign_on=(30_000, 10_000), grant=400_000))

    # 400,000 / 4 a year
    assert [year.equity for year in paid] == pytest.approx([100_000] * 4)
    assert [year.total for year in paid] == pytest.approx([350_000, 330_000, 320_000, 320_000])


def test_front_loaded() -> None:
    paid = years(Offer(base=0, grant=400_000, schedule=FRONT))
    assert [year.equity for year in paid] == pytest.approx([132_000, 132_000, 88_000, 48_000])


def test_growth_counts_from_the_grant_to_the_vesting() -> None:
    paid = years(Offer(base=0, grant=400_000, every=12, growth=0.10))
    # 100,000 x 1.1, 1.21, 1.331, 1.4641
    assert [year.equity for year in paid] == pytest.approx([110_000, 121_000, 133_100, 146_410])
    quarterly = years(Offer(base=0, grant=400_000, every=3, cliff=0, growth=0.10))[0].equity
    # 25,000 at each quarter's end
    assert quarterly == pytest.approx(25_000 * sum(1.1 ** (k / 4) for k in (1, 2, 3, 4)))


def test_a_cliff_moves_no_money_between_years_but_a_late_one_does() -> None:
    grant = {"base": 0.0, "grant": 480_000.0, "every": 1}
    assert [y.equity for y in years(Offer(**grant, cliff=12))] == pytest.approx([120_000] * 4)
    # nothing in the first year; at 18 months 18/48 of it
    assert [y.equity for y in years(Offer(**grant, cliff=18))] == pytest.approx(
        [0, 240_000, 120_000, 120_000]
    )


def test_refreshers_are_granted_at_the_end_of_each_year() -> None:
    paid = years(Offer(base=0, refresher=40_000, every=12))
    # a quarter of one, of two, of three of them
    assert [year.refreshers for year in paid] == pytest.approx([0, 10_000, 20_000, 30_000])


def test_what_vests_after_the_fourth_year_is_not_counted() -> None:
    assert total(Offer(base=0, grant=100_000, schedule=(0.2,) * 5)) == pytest.approx(80_000)


def test_the_growth_that_makes_two_offers_equal() -> None:
    shares = Offer(base=100_000, grant=400_000, every=12)
    cash = Offer(base=227_602.5)
    # four years: 400,000 + 100,000 x (1.1 + 1.21 + 1.331 + 1.4641) = 910,510 = 4 x 227,627.5
    assert equal_growth(shares, Offer(base=227_627.5)) == pytest.approx(0.10, abs=1e-6)
    assert equal_growth(Offer(base=227_627.5), shares) == pytest.approx(0.10, abs=1e-6)
    assert equal_growth(cash, Offer(base=300_000)) is None


def test_every_schedule_vests_the_whole_grant() -> None:
    for name, shares in SCHEDULES.items():
        assert sum(shares) == pytest.approx(100), name
