"""Each rule of the evidence contract: what keeps it, what breaks it, and by which name it is refused."""

from __future__ import annotations

from datetime import date, timedelta

import drawn_evidence as drawn
import pytest

from payguide.evidence.contract.contract_config import settings
from payguide.evidence.contract.rules import REASONS, RULES, bounds_of, judge
from payguide.evidence.tables import OBSERVATIONS, table_of

# one line a case; the last column is the rule that refuses it, "-" if it is kept
CASES = """
kind         | component | pay             | currency | country | period | basis | employer | date       | rule
posted_range | -         | 150000-200000   | USD      | US      | year   | -     | acme     | -          | -
posted_range | -         | 0-200000        | USD      | US      | year   | -     | acme     | -          | amounts_are_positive
posted_range | -         | 200000-150000   | USD      | US      | year   | -     | acme     | -          | low_is_not_above_high
posted_range | -         | 150000-200000   | XXX      | US      | year   | -     | acme     | -          | currency_is_known
posted_range | -         | 150000-200000   | dollars  | US      | year   | -     | acme     | -          | currency_is_known
posted_range | -         | 14999-40000     | USD      | US      | year   | -     | acme     | -          | annual_pay_is_plausible
posted_range | -         | 15000-40000     | USD      | US      | year   | -     | acme     | -          | -
posted_range | -         | 7-12            | USD      | US      | hour   | -     | acme     | -          | annual_pay_is_plausible
posted_range | -         | 7.25-12         | USD      | US      | hour   | -     | acme     | -          | -
posted_range | -         | 120000-160000   | USD      | US      | month  | -     | acme     | -          | -
posted_range | -         | 170000-200000   | USD      | US      | month  | -     | acme     | -          | annual_pay_is_plausible
self_report  | base      | 3000000         | USD      | US      | year   | -     | acme     | -          | annual_pay_is_plausible
self_report  | total     | 3000000         | USD      | US      | year   | -     | acme     | -          | -
self_report  | total     | 10000001        | USD      | US      | year   | -     | acme     | -          | annual_pay_is_plausible
self_report  | bonus     | 500             | USD      | US      | year   | -     | acme     | -          | -
self_report  | total     | 6000            | USD      | IN      | year   | -     | acme     | -          | -
self_report  | total     | 900000          | INR      | IN      | year   | -     | acme     | -          | -
self_report  | base      | 40000           | KES      | KE      | year   | -     | acme     | -          | -
statistic    | -         | 14000           | USD      | US      | year   | -     | nobody   | -          | -
posted_range | -         | 100000-400000   | USD      | US      | year   | -     | acme     | -          | -
posted_range | -         | 100000-400001   | USD      | US      | year   | -     | acme     | -          | posted_range_is_a_range
filing       | -         | 100000-400001   | USD      | US      | year   | -     | acme     | -          | -
posted_range | -         | 150000          | USD      | US      | year   | -     | acme     | 1989-12-31 | date_is_plausible
posted_range | -         | 150000          | USD      | US      | year   | -     | acme     | 1990-01-01 | -
posted_range | -         | 150000          | USD      | US      | year   | -     | nobody   | -          | employer_is_named
filing       | -         | 150000          | USD      | US      | year   | -     | nobody   | -          | employer_is_named
payroll      | -         | 150000          | USD      | US      | year   | -     | nobody   | -          | employer_is_named
self_report  | -         | 150000          | USD      | US      | year   | -     | nobody   | -          | -
"""  # noqa: E501


@pytest.mark.parametrize("line", drawn.lines(CASES), ids=lambda line: f"{line['pay']}-{line.get('rule')}")
def test_each_statement_is_kept_or_refused_by_name(line: drawn.Line) -> None:
    judged = judge(table_of(OBSERVATIONS, [drawn.observation(line)]), {})
    assert judged.refused["rule"].to_pylist() == ([line["rule"]] if "rule" in line else [])
    assert judged.kept.num_rows == (0 if "rule" in line else 1)


def test_the_first_rule_broken_names_the_rejection_and_it_says_what_was_found() -> None:
    stated = drawn.observation({"low": "-5", "high": "-5", "currency": "XXX", "record": "p7"})
    [row] = judge(table_of(OBSERVATIONS, [stated]), {}).refused.to_pylist()
    assert row["rule"] == "amounts_are_positive"
    assert row["found"] == "base of -5.00 XXX a year, 2026-06-01"
    assert (row["where"], row["source"], row["low"], row["observation"]) == (
        "p7: text",
        "board",
        -5,
        stated.key,
    )


@pytest.mark.parametrize("amount", [float("inf"), float("nan")])
def test_an_amount_without_size_is_no_amount(amount: float) -> None:
    line = {"low": str(amount), "high": str(amount)}
    kept = judge(table_of(OBSERVATIONS, [drawn.observation(line)]), {}).kept.num_rows
    assert kept == 0


def test_a_statement_may_be_dated_a_year_after_its_retrieval_and_no_later() -> None:
    retrieved = date(2025, 1, 31)
    ahead = settings()["dates"]["days_ahead"]
    cases = [(retrieved + timedelta(days=ahead), 1), (retrieved + timedelta(days=ahead + 1), 0)]
    for day, kept in cases:
        stated = drawn.observation({"pay": "150000", "date": day.isoformat(), "sha256": "f00"})
        assert judge(table_of(OBSERVATIONS, [stated]), {"f00": retrieved}).kept.num_rows == kept


def test_one_ended_bands_are_judged_by_the_end_they_have() -> None:
    up_to, from_ = ({"high": "200000"}, {"low": "150000"})
    assert (
        judge(table_of(OBSERVATIONS, [drawn.observation(up_to), drawn.observation(from_)]), {}).kept.num_rows
        == 2
    )
    refused = judge(table_of(OBSERVATIONS, [drawn.observation({"high": "3000000"})]), {}).refused
    assert refused["rule"].to_pylist() == ["annual_pay_is_plausible"]


def test_every_rule_gives_its_reason_and_every_bound_its_order() -> None:
    assert all(rule.__doc__ and len(rule.__doc__.split()) > 10 for rule in RULES)
    assert REASONS["posted_range_is_a_range"].startswith(
        "A posted range's upper end is at most so many times"
    )
    assert REASONS["date_is_plausible"].endswith("(start dates in filings lie up to some months ahead)")
    for bound in settings()["bounds"]:
        low, high = bound["base"]
        assert 0 < low < high <= bound["most"]
        assert bound["currency"] in settings()["currencies"]["codes"]


def test_a_country_has_bounds_of_its_own_before_the_currency() -> None:
    assert bounds_of(settings(), "USD", "US", "base") == (15_000, 2_000_000)
    assert bounds_of(settings(), "USD", "IN", "base") == (1_000, 2_000_000)
    assert bounds_of(settings(), "USD", "US", "equity") == (0, 10_000_000)
    assert bounds_of(settings(), "KES", "KE", "base") is None
