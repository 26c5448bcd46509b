"""Guides of several roles in Chromium: every page at a desk and on a phone, by keyboard, unscripted, printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from payguide.guide import role as roles

pytestmark = pytest.mark.browser

DESK, PHONE = (1280, 900), (390, 844)
ROLES = ("ml-engineer", "data-engineer", "ml-scientist")
PAGES = (
    "index.html",
    "ml-engineer/claims.html",
    *(f"{role}/{page}.html" for role in ROLES for page in ("index", "evidence")),
)


@pytest.fixture(scope="module")
def guides(all_guides: Path) -> Path:
    return all_guides


@pytest.mark.few(4)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_quiet_and_fits_the_screen(watched: Page, guides: Path, name: str) -> None:
    watched.goto((guides / name).as_uri())
    watched.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    assert watched.viewport_size is not None

    assert watched.evaluate("document.scrollingElement.scrollWidth") <= watched.viewport_size["width"]
    assert watched.locator("h1").is_visible()


def test_no_table_of_the_shelf_must_be_scrolled_sideways(
    watched: Page, guides: Path, sideways: Callable[[Page], list[str]]
) -> None:
    watched.goto((guides / "index.html").as_uri())

    assert sideways(watched) == []


def test_the_keyboard_leads_from_the_shelf_into_a_guide_and_back(watched: Page, guides: Path) -> None:
    watched.goto((guides / "index.html").as_uri())
    for _ in range(40):
        watched.keyboard.press("Tab")
        if watched.evaluate("document.activeElement.getAttribute('href')") == "data-engineer/index.html":
            break
    watched.keyboard.press("Enter")

    watched.wait_for_url("**/data-engineer/index.html")
    assert watched.locator("h1").inner_text() == "Data Engineer Salary Guide 2026"
    watched.get_by_role("link", name="All guides").press("Enter")
    watched.wait_for_url(f"**/{guides.name}/index.html")


def test_the_shelf_reads_without_javascript_and_prints(reader: Callable[..., Page], guides: Path) -> None:
    opened = reader(scripts=False)
    opened.goto((guides / "index.html").as_uri())

    assert opened.locator(".card:visible").count() == len(roles.known())
    assert opened.locator("svg[role=img]:visible").count() >= 8
    opened.locator("details summary").click()
    assert opened.locator("details table").is_visible()
    opened.set_viewport_size({"width": 688, "height": 1000})
    opened.emulate_media(media="print")
    assert opened.evaluate("document.scrollingElement.scrollWidth") <= 688
    assert opened.pdf(format="A4").startswith(b"%PDF")
