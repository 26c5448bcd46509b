"""Kinds of writing that were once read wrong, each in many wordings: `data/kinds.tsv`.

`kind`, what is read (`pay`, `warns`: no pay but a warning; `years`, `level`, `role`, `place`), the reading that
READING's rules ask for, the text (the title for a level or role, the location for a place; JSON's escapes), and what
stands beside it: the job's location, or the employer of a title. Our own sentences.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from reported import reading

with (Path(__file__).parent / "data" / "kinds.tsv").open(encoding="utf-8") as opened:
    KINDS = [tuple(row.values()) for row in csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE)]

#: Where the text and what stands beside it go.
FIELDS = {"level": ("title", "employer"), "role": ("title", "employer"), "place": ("location", "title")}


@pytest.mark.parametrize(("kind", "part", "want", "text", "beside"), KINDS)
def test_a_kind_is_read(kind: str, part: str, want: str, text: str, beside: str) -> None:
    said = json.loads(f'"{text}"')
    field, other = FIELDS.get(part, ("html" if said.startswith("<") else "text", "location"))
    wanted = {"pay": "", "warning": True} if part == "warns" else {part: want}
    case = {"title": "ML Engineer", field: said, other: beside, "want": wanted}

    read, right = reading(case)

    assert read == right, kind
