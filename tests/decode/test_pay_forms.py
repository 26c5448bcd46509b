"""Forms in which pay is written, in many languages and currencies, and figures that are nobody's pay.

`data/pay_forms.tsv`: the country of the job, the bands as "low..high currency period basis" (none: no pay), the
text with "\\n" for a line break. Our own sentences, written from the reading rules.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from reported import shown

from payguide.decode.pay import read_pay

with (Path(__file__).parent / "data" / "pay_forms.tsv").open(encoding="utf-8") as opened:
    FORMS = [tuple(row.values()) for row in csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.mark.parametrize(("country", "bands", "text"), FORMS)
def test_a_form_is_read(country: str, bands: str, text: str) -> None:
    read, _ = read_pay(text.replace("\\n", "\n"), country=country)
    assert sorted(map(shown, read)) == sorted(bands.split("; ") if bands else [])
