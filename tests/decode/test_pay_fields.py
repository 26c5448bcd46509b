"""Job boards' own fields on pay, as employers name and fill them."""

from __future__ import annotations

import json
from datetime import date

import pytest
from table_documents import csv, document

from payguide.base.codes import EvidenceKind
from payguide.decode.reader import read
from payguide.decode.sanity_limits import InvalidAmount
from payguide.decode.table.mapping import PayFields
from payguide.decode.table.pay_fields import bands_of_fields

FIELDS = PayFields(keep=("salary", "pay", "range", "comp"), drop=("budget", "variable", "referral", "type"))
NOTHING: list[tuple[float, float, str, str]] = []


def ends(zone: str, unit: str, low: int, high: int) -> dict[str, object]:
    return {
        f"{zone} Range {end}": {"unit": unit, "amount": str(amount)}
        for end, amount in (("Lower", low), ("Upper", high))
    }


@pytest.mark.parametrize(
    ("fields", "countries", "made", "refused"),
    [
        ({"Min salary": "100,000", "Max salary": "120,000"}, "US", [(100000, 120000, "USD", "")], []),
        ({"Comp Range Min": "90000", "Comp Range Mid": "95000", "Comp Range Max": "99000"}, "CA",
         [(90000, 99000, "CAD", "")], []),
        ({"Pay Range": {"unit": "EUR", "min_value": "50000.0", "max_value": "70000.0"}}, "US",
         [(50000, 70000, "EUR", "")], []),
        ({**ends("GeoA", "USD", 107000, 161000), **ends("GeoB", "USD", 99000, 149000)},
         "US", [(107000, 161000, "USD", "Geo A"), (99000, 149000, "USD", "Geo B")], []),
        ({**ends("GeoA", "USD", 107000, 161000),
          "Geo A Salary Range": {"unit": "CAD", "min_value": "107000", "max_value": "161000"}},
         "CA", [(107000, 161000, "CAD", "Geo A")], ["contradicting_currency"]),
        ({"Pay Range": {"unit": "USD", "min_value": "0.0", "max_value": "0.0"}}, "US", NOTHING, ["field_left_at_zero"]),
        ({"Pay Range": {"unit": "USD", "min_value": "0.01", "max_value": "0.01"}}, "US", NOTHING, ["period_unclear"]),
        ({"Post Range (United States)": {"unit": "USD", "min_value": "126000", "max_value": "248000"},
          "Post Range (Canada)": {"unit": "CAD", "min_value": "122000", "max_value": "170000"}},
         "US", [(126000, 248000, "USD", "")], ["range_for_another_country"]),
        ({"Post Range (United States)": {"unit": "USD", "min_value": "126000", "max_value": "248000"},
          "Post Range (Canada)": {"unit": "CAD", "min_value": "122000", "max_value": "170000"}},
         "US CA", [(126000, 248000, "USD", "United States"), (122000, 170000, "CAD", "Canada")], []),
        ({"Min salary": "100000", "Max salary": "120000"}, "US CA", NOTHING, ["unknown_currency"]),
        ({"Baseline Budgeted Salary": {"unit": "USD", "min_value": "1", "max_value": "2"}}, "US", NOTHING,
         ["not_a_pay_field"]),
        ({"Referral Reward": {"unit": "USD", "amount": "1500.0"}}, "US", NOTHING, ["not_a_pay_field"]),
        ({"Pay Rate Type": "Salary"}, "US", NOTHING, ["not_a_pay_field"]),
        ({"Hourly Pay": {"unit": "USD", "amount": "41.5"}}, "US", [(41.5, 41.5, "USD", "Hourly")], []),
        ([], "US", NOTHING, ["not_pay_fields"]),
    ],
)  # fmt: skip
def test_a_boards_own_fields(
    fields: object, countries: str, made: list[tuple[float, float, str, str]], refused: list[str]
) -> None:
    found = list(bands_of_fields(json.dumps(fields), FIELDS, frozenset(countries.split())))
    broken = [one.rule for one in found if isinstance(one, InvalidAmount)]
    assert [(b.low, b.high, b.currency, b.scope) for b in found if not isinstance(b, InvalidAmount)] == made
    assert broken == refused


BOARD = ["company", "id", "title", "location", "first_published", "updated_at", "fetched_at", "pay", "url"]


def test_an_open_posting_offers_its_pay_on_the_day_it_was_fetched() -> None:
    row = {"company": "acme", "id": "7", "title": "Data Engineer", "location": "New York, NY",
           "first_published": "2021-01-08", "fetched_at": "2026-08-20T03:49:49.1"}  # fmt: skip
    pay = json.dumps({"Min salary": "200,000", "Max salary": "250,000"}).replace('"', '""')
    kind = EvidenceKind.POSTED_RANGE
    [one] = read(document(csv(BOARD, {**row, "pay": pay}), "greenhouse_fields_2026", kind=kind)).observations
    assert (one.date, one.low, one.high, one.currency, one.record) == (
        date(2026, 8, 20),
        200000,
        250000,
        "USD",
        "7",
    )
