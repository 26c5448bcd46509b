"""The desk's pages: hostile words, numbers that name their estimate, no JavaScript, paper, a server."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from payguide.guide import desk

pytestmark = pytest.mark.browser


@pytest.mark.few(3)
@pytest.mark.parametrize("name", desk.PAGES)
def test_hostile_words_stay_words(desk_watched: Callable[[str], Page], name: str) -> None:
    watched = desk_watched(name)
    hostile = '"><img src=x onerror=alert(1)>'
    for field in watched.locator("input[type=text]").all():
        if field.is_visible():
            field.fill(hostile)

    assert watched.locator("main img").count() == 0
    assert watched.evaluate("document.scrollingElement.scrollWidth") <= (watched.viewport_size or {})["width"]


@pytest.mark.few(3)
@pytest.mark.parametrize("name", desk.PAGES)
def test_a_name_without_a_space_does_not_widen_the_page(
    desk_watched: Callable[[str], Page], name: str
) -> None:
    watched = desk_watched(name)
    for field in watched.locator("input[list]").all():
        field.fill("W" * 120)

    assert watched.evaluate("document.scrollingElement.scrollWidth") <= (watched.viewport_size or {})["width"]


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("stand.html", {"years": "7", "pay": "310k", "place": "Seattle, WA", "employer": "Google"}),
        (
            "offers.html",
            {"a-base": "200k", "a-bonus": "10%", "a-grant": "300k", "b-base": "180k", "b-sign": "30k"},
        ),
        ("plan.html", {"place": "Denver, CO", "pay": "200k"}),
    ],
)
def test_no_table_must_be_scrolled_sideways(
    desk_watched: Callable[[str], Page],
    name: str,
    typed: dict[str, str],
    sideways: Callable[[Page], list[str]],
) -> None:
    watched = desk_watched(name)
    for field, text in typed.items():
        watched.fill(f"#{field}", text)

    assert sideways(watched) == []
    silent = watched.locator("table.stack tbody td").evaluate_all(
        "cells => cells.filter(cell => cell.textContent && !cell.dataset.label).map(cell => cell.outerHTML)"
    )
    assert silent == []


#: What may hold a digit on a page that has worked something out, besides elements that name their estimate.
MARKED = "data, svg, cite, time, .term, title, option, .hint, .error, .said, script, textarea, .stated, #laws"

WALK = """marked => {
    const copy = document.body.cloneNode(true);
    const bare = [...copy.querySelectorAll("data")].filter(one => !(one.dataset.estimate || one.dataset.figure));
    copy.querySelectorAll(marked).forEach(one => one.remove());
    const text = copy.textContent.replaceAll(/\\d\\dth percentile/g, "");
    return [bare.length, [...text.matchAll(/.{0,40}\\d+/g)].map(([found]) => found)];
}"""


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("name", "filled"),
    [
        (
            "stand.html",
            {"years": "7", "employer": "Google", "place": "Seattle, WA", "pay": "200k"},
        ),
        (
            "offers.html",
            {"years": "7", "a-base": "200k", "b-base": "210k", "a-employer": "Google", "b-grant": "1m"},
        ),
        ("plan.html", {"place": "Denver, CO", "pay": "190k"}),
    ],
)
def test_every_number_worked_out_names_its_estimate(
    desk_watched: Callable[[str], Page], name: str, filled: dict[str, str]
) -> None:
    watched = desk_watched(name)
    for field, text in filled.items():
        watched.fill(f"#{field}", text)
    assert watched.locator("#answer data[data-estimate]").count() > 1

    bare, loose = watched.evaluate(WALK, MARKED)

    # years of experience are told back to the reader as typed, in a term
    assert (bare, loose) == (0, [])


@pytest.mark.parametrize("name", desk.PAGES)
def test_without_javascript(reader: Callable[..., Page], folder: Path, name: str) -> None:
    page = reader(scripts=False)
    page.goto((folder / name).as_uri())

    assert page.locator(".needs").is_visible()
    assert page.locator("form").is_hidden()
    assert page.locator("#bands table").is_visible()
    assert page.locator("main a[href='evidence.html']").first.is_visible()
    if name == "plan.html":
        assert page.locator("#law-CO").is_visible()


@pytest.mark.parametrize("name", desk.PAGES)
def test_on_paper(reader: Callable[..., Page], folder: Path, name: str) -> None:
    page = reader()
    page.goto((folder / name).as_uri())
    page.emulate_media(media="print")

    assert page.locator(".contents").is_hidden()
    assert page.locator("button:visible").count() == 0
    assert page.locator("#answer").is_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("name", desk.PAGES)
def test_text_is_large_enough_and_nothing_lies_outside(
    desk_watched: Callable[[str], Page], name: str
) -> None:
    watched = desk_watched(name)
    small = watched.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
            .filter(e => !e.closest('svg') && e.offsetParent !== null && !e.matches('.said'))
            .filter(e => parseFloat(getComputedStyle(e).fontSize) < 11).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert small == []
    assert watched.evaluate("document.scrollingElement.scrollWidth") <= (watched.viewport_size or {})["width"]


def test_it_works_from_a_server_and_asks_nobody_else(chromium: Browser, folder: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}/"
    page = chromium.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: complaints.append(one.text))
    page.goto(f"{origin}stand.html")
    page.fill("#pay", "200k")

    assert page.locator(".verdictline").inner_text().startswith(("Between", "Below", "Above"))
    assert all(url.startswith((origin, "data:")) for url in asked)
    assert complaints == []
    page.close()
    server.shutdown()
    server.server_close()
