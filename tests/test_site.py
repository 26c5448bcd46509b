"""The whole site of several roles, from the packaged evidence: every page is walked (see `site_walk`)."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from made_once import GUIDE, payguide
from payguide.guide import role as roles
from site_walk import problems, walk


@pytest.fixture(scope="module")
def shelf(all_guides: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Links to every file of the guides, beside which broken pages may be put."""
    folder = tmp_path_factory.mktemp("linked") / "guides"
    return Path(shutil.copytree(all_guides, folder, copy_function=os.link))


def test_no_page_of_the_site_breaks_a_promise(shelf: Path) -> None:
    assert len(list(shelf.rglob("*.html"))) > 2 * len(roles.known())
    assert walk(shelf) == []


@pytest.mark.parametrize(
    ("page", "change"),
    [
        ("ml-engineer/index.html", lambda html: html.replace("<h2", "<p>A median of $190K.</p><h2", 1)),
        ("ml-engineer/index.html", lambda html: html.replace('data-figure="band.any.base.p50"', "", 1)),
        ("ml-engineer/index.html", lambda html: html.replace("band.any.base.p50", "band.no.base.p50")),
        ("ml-engineer/index.html", lambda html: html.replace('href="claims.html"', 'href="claim.html"', 1)),
        ("ml-engineer/guides.html", lambda html: html.replace('canonical" href="', 'canonical" href="x', 1)),
        (
            "ml-engineer/guides.html",
            lambda html: html.replace("<caption", "<caption>12</caption><caption", 1),
        ),
        ("ml-engineer/embed/band.mid.base.p50.html", lambda html: html.replace('data-edition=".."', "", 1)),
        (
            "ml-engineer/embed/band.mid.base.p50.svg",
            lambda svg: re.sub('("bold"[^>]*>)[$]', r"\1$9", svg, count=1),
        ),
        ("ml-engineer/index.html", lambda html: html.replace("#f-band.any", "#f-bond.any", 1)),
        ("ml-engineer/claims.html", lambda html: html.replace('class="interval"', 'class="count"', 1)),
        ("data-engineer/evidence.html", lambda html: html.replace('<li id="f-', '<li id="g-', 1)),
        ("ml-engineer/evidence-populations.html", lambda html: html.replace('<td id="f-', '<td id="g-', 1)),
        (
            "ml-engineer/evidence-populations.html",
            lambda html: html.replace("influence <data>", "influence <data>9", 1),
        ),
        ("data-scientist/index.html", lambda html: html.replace("<body", '<body onload="x()"', 1)),
        ("data-scientist/index.html", lambda html: html.replace('id="skills"', 'id="levels"', 1)),
        ("data-scientist/stand.html", lambda html: html.replace('label for="', 'label for="x', 1)),
        ("data-scientist/stand.html", lambda html: html.replace("script-src 'self'; ", "", 1)),
        ("data-scientist/plan.html", lambda html: html.replace("default-src 'none'", "default-src *", 1)),
        (
            "ml-engineer/charts/levels-wide.svg",
            lambda svg: re.sub('("bold"[^>]*>)[$]', r"\1$9", svg, count=1),
        ),
        ("charts/roles-any-base.svg", lambda svg: svg.replace("data-engineer/band", "data-engineer/bond")),
        ("charts/roles-any-base.svg", lambda svg: svg.replace("<rect", '<rect onclick="x()"', 1)),
        (
            "ml-engineer/index.html",
            lambda html: re.sub('"percentile25":[0-9]', '"percentile25":9', html, count=1),
        ),
        ("index.html", lambda html: html.replace('data-edition="ml-engineer"', "", 1)),
        ("index.html", lambda html: re.sub('("bold"[^>]*>)[$]', r"\1$9", html, count=1)),
    ],
)
def test_the_walk_finds_what_is_wrong(
    shelf: Path, tmp_path: Path, page: str, change: Callable[[str], str]
) -> None:
    html = (shelf / page).read_text(encoding="utf-8")
    changed = change(html)
    assert changed != html
    broken = (shelf / page).with_stem(f"broken-{tmp_path.name}")
    broken.write_text(changed, encoding="utf-8")
    try:
        assert list(problems(broken, shelf))
    finally:
        broken.unlink()


@pytest.mark.parametrize("slug", roles.known())
def test_a_guide_speaks_of_its_own_role_only(shelf: Path, slug: str) -> None:
    """Sources and occupations may name others; the guide's own sentences may not."""
    tree = LexborHTMLParser((shelf / slug / "index.html").read_text(encoding="utf-8"))
    for node in tree.css(
        "cite, svg, #levels table tbody th, .yardstick, #claims, .against, #question-swe, [id=f-official]"
    ):
        node.decompose()
    text = tree.body.text(separator=" ") if tree.body else ""
    official = roles.load(slug).official
    for other in map(roles.load, roles.known()):
        if other.slug != slug:
            assert other.many not in text.replace(official, ""), other.many
    assert roles.load(slug).many in text


def test_a_guide_that_audits_no_guide_speaks_of_none(shelf: Path) -> None:
    for slug in roles.known():
        tested = bool(roles.load(slug).claims)
        page = (shelf / slug / "index.html").read_text(encoding="utf-8")
        assert (shelf / slug / "claims.html").exists() is tested
        assert ("udited guide" in page) is tested


def test_every_edition_knows_where_it_will_be_served(shelf: Path) -> None:
    for slug in roles.known():
        page = (shelf / slug / "index.html").read_text(encoding="utf-8")
        assert f'content="https://pay.example/{slug}/card.png"' in page
        assert (shelf / slug / "card.png").is_file()


@pytest.mark.slow
def test_an_edition_among_others_is_verified(all_guides: Path) -> None:
    ran = payguide("verify", all_guides / "data-scientist", hash_seed=2)
    assert (ran.returncode, ran.stderr.count("differs")) == (0, 0), ran.stderr


@pytest.mark.slow
def test_all_guides_built_again_differ_in_what_was_changed_and_nothing_else(
    all_guides: Path, tmp_path: Path
) -> None:
    """In a process of its own, so that no order of hashing is the same by chance."""
    broken = tmp_path / "guides"
    shutil.copytree(all_guides, broken)
    for name in ("index.html", "ml-engineer/figures.csv"):
        (broken / name).write_text("Nothing.")
    ran = payguide("verify", broken, "--audits", GUIDE, hash_seed=2)
    assert ran.returncode == 1
    assert [line for line in ran.stderr.splitlines() if "differs" in line] == [
        "differs: index.html",
        "differs: ml-engineer/figures.csv",
    ]
    files = sum(path.is_file() for path in all_guides.rglob("*"))
    assert f"{files - 2} of {files} files are byte for byte the same" in ran.stderr


def test_the_listing_names_every_edition(shelf: Path) -> None:
    assert len(json.loads((shelf / "editions.json").read_text())["editions"]) == len(roles.known())
