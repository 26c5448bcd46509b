"""axe-core finds nothing wrong on any page, filled in and unfolded, light and dark, at a desk and on a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

#: What is typed before a page is looked at, mistakes among it.
FILLED = {
    "index.html": {},
    "claims.html": {},
    "populations.html": {},
    "evidence.html": {},
    "evidence-populations.html": {},
    "stand.html": {"pay": "205k", "years": "many", "employer": "Nobody Ltd", "place": "Atlantis"},
    "offers.html": {"years": "7", "a-base": "205k", "b-base": "250k", "b-grant": "300k", "a-growth": "lots"},
    "plan.html": {"place": "Denver, CO", "pay": "200k"},
}


@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", FILLED)
def test_axe_finds_nothing(
    chromium: Browser, folder: Path, axe: str, name: str, scheme: Literal["light", "dark"], width: int
) -> None:
    # the page's own policy forbids scripts from elsewhere, and axe is one
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
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
    context.close()
