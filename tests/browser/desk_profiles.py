"""Profiles and names for the desk's tests: every missing pattern, known and unknown employers, odd places."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

GRADES = (None, "", "L5", "Senior SDE II", "constructor", "sr. engineer", "__proto__")
YEARS = (0, 0.5, 2.5, 3, 5.9, 6, 10, 10.5, 12, 21, 35, 80)
TENURES = (None, 0, 0.4, 1, 2.5, 3.5, 7, 8.5, 30)
DATES = (None, None, None, "2016-02-01", "2018-05-06", "2020-12-31", "2024-02-29", "2026-11-01", "2028-04-30")
SPECIAL = (None, "", "vision", ["nlp_llm", "robotics"], "vision|ml_platform", "alchemy")

#: As people type them.
EMPLOYERS = (
    "Google", "google llc", "AMAZON WEB SERVICES", "facebook", "Careers at Stripe", "JPMorgan Chase & Co.",
    "Bank of Nowhere", "University of Somewhere", "Acme Staffing, Inc.", "x.ai", "Foo (formerly Bar)",
    "ACME d/b/a Widgets", "A.B.C. Corp", "株式会社メルカリ", "Ørsted A/S", "O'Reilly Media", "google%20cloud",
    "Millennium Space Systems, A Boeing Company", "99-7777827 Bank of America N.A.", "3D TECHNOLOGIES LLC",
    "Eviden USA", "Regents of the University of Michigan", "Frobnicate IT, LLC", "FROBINFOTEK INC",
    "Frob Healthcare Solutions",
    "Frobnicators LLC a wholly owned subsidiary of TransUnion LLC", "Make a Wish Company", "0012", "Acme Solutions Inc",
    "100%", "constructor", "toString", "__proto__", "=HYPERLINK(1)", "<img src=x onerror=alert(1)>", "\u202eevil",
    "W" * 300, "", "   ", "The", "Inc",
)  # fmt: skip
PLACES = (
    "Seattle, WA", "san francisco, california", "Austin, Texas, USA", "New York", "NYC", "Bay Area", "Boston",
    "Portland, ME", "Portland", "Ohio", "Smallville, KS", "Washington, DC", "St. Louis, MO", "Toronto, Canada",
    "Berlin", "remote", "London, UK", "=1+1", "<script>", "United States", "", "Winston-Salem, NC",
)  # fmt: skip


def profiles(model: Mapping[str, Any], n: int, seed: int) -> list[dict[str, Any]]:
    """Profiles drawn from the model's vocabulary, and from outside it."""
    draw = random.Random(seed)
    found = []
    for _ in range(n):
        component = draw.choice(sorted(model["components"]))
        vocabulary = model["components"][component]["vocabulary"]

        def some(name: str, *other: str, known: Mapping[str, Any] = vocabulary) -> str | None:
            return draw.choice((*known[name], *other, "", None))

        # each input is known, unknown to the model, or not given, about equally often: every pattern is met
        employer = draw.choice(
            (draw.choice([e for e in vocabulary["employer"] if e]), "nobody-inc", "", None)
        )
        grade = draw.choice((draw.choice([g for g in vocabulary["grade"] if g]), draw.choice(GRADES)))
        profile = {
            "component": component, "role": some("role", "other"),
            "level": draw.choice((some("level", "unstated"), "")),
            "employer": employer, "tier": some("tier"),
            "industry": some("industry"), "metro": draw.choice((some("metro"), "00000", None)),
            "region": draw.choice((some("region"), "ZZ", None)),
            "country": draw.choice(("US", "CA", None)), "remote": some("remote"), "degree": some("degree"),
            "focus": some("focus"), "tenure": draw.choice((None, *TENURES)),
            "grade": grade, "years": draw.choice((None, draw.choice(YEARS))),
            "date": draw.choice(DATES), "specialisation": draw.choice(SPECIAL),
            "kind": draw.choice((None, None, None, "self_report", "filing")),
            "source": draw.choice((None, None, None, None, *vocabulary["source"])),
        }  # fmt: skip
        found.append({name: value for name, value in profile.items() if value is not None})
    return found
