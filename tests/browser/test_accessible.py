"""axe-core finds nothing wrong on any page, filled in and unfolded, light and dark, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

#: What is typed before a page is looked at, mistakes among it.
FILLED = {
    "index.html": {},
    "claims.html": {},
    "methods.html": {},
    "populations.html": {},
    "evidence.html": {},
    "evidence-populations.html": {},
    "company-google.html": {},
    "companies.html": {"find": "a"},
    "place-42660.html": {},
    "places.html": {},
    "time.html": {},
    "stand.html": {"pay": "205k", "years": "many", "employer": "Nobody Ltd", "place": "Atlantis"},
    "offers.html": {"years": "7", "a-base": "205k", "b-base": "250k", "b-grant": "300k", "a-growth": "lots"},
    "plan.html": {"place": "Denver, CO", "pay": "200k"},
}


def variants() -> Iterator[Any]:
    """Each page once, and once the other scheme and width; all of them with the slow tests."""
    for name, scheme, width in product(FILLED, ("light", "dark"), (1280, 390)):
        # the pages of evidence are long, and of the parts of the others; the desk's first page is quick on a phone
        first = (scheme, width) == ("light", 1280) and not name.startswith(("evidence", "stand"))
        quick = first or (name, scheme, width) == ("stand.html", "dark", 390)
        place = "desk" if width == 1280 else "phone"
        marks = () if quick else pytest.mark.slow
        yield pytest.param(name, scheme, width, id=f"{name}-{scheme}-{place}", marks=marks)


@pytest.mark.parametrize(("name", "scheme", "width"), list(variants()))
def test_axe_finds_nothing(
    reader: Callable[..., Page],
    folder: Path,
    axe: str,
    name: str,
    scheme: Literal["light", "dark"],
    width: int,
) -> None:
    # the page's own policy forbids scripts from elsewhere, and axe is one
    page = reader(width, scheme=scheme, policy=False)
    page.goto((folder / name).as_uri())
    for key, text in FILLED[name].items():
        page.fill(f"#{key}", text)
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    page.evaluate(axe)

    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })")

    told = [
        (one["id"], one["help"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]
    ]
    assert told == []
    assert len(found["passes"]) > 10
