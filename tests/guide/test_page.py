"""The page: every number is a figure's, every figure leads to its evidence, nothing comes from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.edition import Edition, Verdict
from payguide.base.estimates import Published, Unknown, Withheld
from payguide.guide import edition as editions
from payguide.guide import numbers, site, words
from site_walk import counts_of

PAGES = ("index.html", "claims.html", "evidence.html", "methods.html")
Tree, STRANGE = LexborHTMLParser, "script:not([type='application/ld+json'], [src='cite.js'])"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return artificial.edition()


@pytest.fixture(scope="module")
def folder(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("site")
    editions.write(edition, made)
    site.render(edition, made)
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Tree]:
    return {name: Tree((folder / name).read_text(encoding="utf-8")) for name in PAGES}


def test_every_link_leads_somewhere(folder: Path, pages: dict[str, Tree]) -> None:
    ids = {name: {node.attributes["id"] for node in tree.css("[id]")} for name, tree in pages.items()}
    for name, tree in pages.items():
        for link in tree.css("a[href]:not([rel])"):
            file, _, anchor = (link.attributes["href"] or "").partition("#")
            assert (folder / (file or name)).is_file(), link.html
            assert not anchor or anchor in ids[file or name], link.html


def test_ids_are_unique(pages: dict[str, Tree]) -> None:
    for tree in pages.values():
        ids = [node.attributes["id"] for node in tree.css("[id]")]
        assert len(ids) == len(set(ids))
        assert not [name for name in ids if not name or re.search(r"\s", name)]


def test_what_an_element_is_labelled_by_is_there(pages: dict[str, Tree]) -> None:
    for tree in pages.values():
        ids = {node.attributes["id"] for node in tree.css("[id]")}
        named = [
            name
            for attribute in ("aria-labelledby", "aria-describedby")
            for node in tree.css(f"[{attribute}]")
            for name in (node.attributes[attribute] or "").split()
        ]
        assert named
        assert set(named) <= ids


def test_what_scrolls_can_be_reached_and_is_named(pages: dict[str, Tree]) -> None:
    for node in pages["index.html"].css(".scroll"):
        assert node.attributes["tabindex"] == "0"
        assert node.attributes["role"] == "region"
        assert node.attributes["aria-label"]
    assert all(table.parent is not None for table in pages["index.html"].css("table"))
    wide = pages["index.html"].css("table")
    assert all("scroll" in ((table.parent and table.parent.attributes.get("class")) or "") for table in wide)


def test_each_of_the_audited_guides_claims_is_shown_once_with_its_verdict(
    edition: Edition, pages: dict[str, Tree]
) -> None:
    assert pages["index.html"].css_first("#claims a[href='claims.html']")
    short = pages["index.html"].body.text()
    for verdict in edition.verdicts:
        claim = verdict.claim
        assert claim.sentence not in short
        whole = pages["claims.html"].css_first(f"[id='claim-{claim.id}']")
        assert claim.sentence in whole.text()
        assert str(verdict.judgement) in whole.css_first(".chip").text()
        assert whole.css_first(".because").text() == verdict.why
        for chip in pages["index.html"].css(f"a.chip[href='claims.html#claim-{claim.id}']"):
            assert str(verdict.judgement) in chip.text()
        decide = [node.attributes["data-figure"] for node in whole.css("table data.figure")]
        assert decide == list(verdict.deciding)
        assert "The test: " in whole.text()


def test_a_claims_test_is_said_with_the_claims_own_numbers(pages: dict[str, Tree]) -> None:
    def asked(id_: str) -> str:
        return pages["claims.html"].css_first(f"[id='claim-{id_}'] .soft .stated").text()

    assert asked("place.premium") == "Each figure lies, with its whole interval, between 15% and 30%."
    assert asked("tier.top") == "Each figure lies, with its whole interval, at or above zero."
    assert asked("tier.median") == "Each figure lies, with its whole interval, between −10% and 10%."
    assert asked("entry.start").startswith("The stated $130K lies between the two figures")
    assert "$" not in asked("band.mid")
    assert "{" not in pages["claims.html"].html.partition("</head>")[2]


def test_what_a_claim_names_and_nobody_may_see_is_said(edition: Edition, pages: dict[str, Tree]) -> None:
    shown = pages["claims.html"].css_first("[id='claim-staff.total']")

    assert shown.css("table") == []
    assert (
        "totals over $500K at top-tier employers: withheld (one employer holds too much)"
        in shown.css_first(".because").text()
    )


def test_how_each_reading_of_a_claim_came_out_is_said(edition: Edition, pages: dict[str, Tree]) -> None:
    for verdict in edition.verdicts:
        items = pages["claims.html"].css(f"[id='claim-{verdict.claim.id}'] .readings li")
        told = [f"{one.rank.capitalize()}, {one.outcome}: {one.name}" for one in verdict.readings]
        assert [item.text() for item in items] == (told if len(told) > 1 else [])
    assert len(pages["claims.html"].css("[id='claim-band.senior'] .readings li")) == 8


def test_every_figure_has_one_place_on_the_evidence_page(edition: Edition, pages: dict[str, Tree]) -> None:
    page = pages["evidence.html"]
    places = [node.attributes["id"] for node in page.css(".entries [id]")]

    assert sorted(places) == sorted(f"f-{name}" for name in edition.figures)
    for name, figure in edition.figures.items():
        place = page.css_first(f"[id='f-{name}']")
        text = entry_of(place).text()
        if isinstance(figure, Published):
            assert numbers.value(figure.estimate) in place.text()
            assert f"{numbers.count(figure.estimate.n)} {words.counted(name)}" in text
        else:
            assert figure.why in text


def entry_of(place: Any) -> Any:
    """The entry that a place on a page of evidence is in."""
    return place if place.tag == "li" else entry_of(place.parent)


def test_every_figure_shown_is_the_editions(edition: Edition, pages: dict[str, Tree]) -> None:
    shown = [*pages["index.html"].css("data.figure"), *pages["claims.html"].css("data.figure")]

    assert len(shown) > 200
    for node in shown:
        figure = edition.figures[node.attributes["data-figure"] or ""]
        assert isinstance(figure, Published)
        assert float(node.attributes["value"] or "") == pytest.approx(figure.estimate.value, rel=1e-5)
        assert node.parent is not None
        assert node.parent.attributes["href"] == f"evidence.html#f-{figure.id}"


#: What may hold a digit: figures and counts, charts, the published guide's words, a verdict that names its
#: figures, what a source or the manifest says, dates, and the edition's own name.
MARKED = "data, svg, .reason, .stated, .because[data-figures], cite, time, code, .term, title"

#: Names with a number in them.
NAMED = r"over [$]\d+K|\d\dth percentile|Method \d+"


@pytest.mark.parametrize("page", PAGES)
def test_no_number_stands_on_a_page_that_is_no_figures(pages: dict[str, Tree], page: str) -> None:
    tree = Tree(pages[page].html or "")
    for node in tree.css(MARKED):
        node.decompose()
    text = re.sub(NAMED, "", tree.body.text(separator=" ") if tree.body else "")

    assert [text[max(0, found.start() - 40) : found.end()] for found in re.finditer(r"\d+", text)] == []


OWN = "data.interval, data.count"


def test_every_interval_and_count_is_its_figures(edition: Edition, pages: dict[str, Tree]) -> None:
    for node in [*pages["index.html"].css(OWN), *pages["claims.html"].css(OWN)]:
        figure = edition.figures[node.attributes["data-figure"] or ""]
        assert isinstance(figure, Published)
        if "interval" in (node.attributes["class"] or ""):
            assert node.text() == numbers.interval(figure.estimate)
        else:
            assert int(node.attributes["value"] or "") in counts_of(figure.estimate)


def allowed(edition: Edition, verdict: Verdict) -> str:
    """Every number that may explain a verdict: of the figures that decide, of the claim, and their names."""
    figures = [edition.figures[name] for name in verdict.deciding]
    told = [
        f"{numbers.value(figure.estimate)} {numbers.interval(figure.estimate)} {figure.id}"
        for figure in figures
        if isinstance(figure, Published)
    ]
    unit = numbers.unit_of(verdict.claim)
    told += [numbers.amount(number, unit) for number in verdict.claim.stated]
    return f"{' '.join(told)} {verdict.claim.sentence} {numbers.stated(verdict.claim)}"


def test_a_verdict_is_explained_by_its_own_figures(edition: Edition) -> None:
    for verdict in edition.verdicts:
        # how many of a pattern's figures reach the line is counted, not stated
        why = (
            re.sub(r"^\d+ of \d+ reach", "", verdict.why) if verdict.claim.test == "presence" else verdict.why
        )
        known = set(re.findall(r"\d[\d.]*", allowed(edition, verdict).replace("_", " ")))
        known |= {name.strip("pk") for id_ in verdict.deciding for name in re.split(r"[._]", id_)}
        assert set(re.findall(r"\d[\d.]*\d|\d", why)) <= known, why


def test_what_the_edition_says_of_itself_is_counted(edition: Edition, pages: dict[str, Tree]) -> None:
    def stated(key: str) -> list[str]:
        found = [pages[page].css(f'data[data-key="{key}"]') for page in ("index.html", "methods.html")]
        return [node.attributes["value"] or "" for nodes in found for node in nodes]

    assert len(pages["methods.html"].css("[id^=source-]")) == 2
    assert stated("sources.sample.records") == ["4321"]
    assert stated("coverage") == ["0.9"]
    chips = {
        node.attributes["data-key"] or "" for node in pages["index.html"].css('data[data-key^="claims."]')
    }
    assert sum(int(stated(key)[0]) for key in chips) == len(edition.verdicts)
    withheld = sum(not isinstance(figure, Published) for figure in edition.figures.values())
    assert sum(map(int, stated("withheld"))) == withheld


def test_what_is_withheld_is_said_without_a_value(edition: Edition, pages: dict[str, Tree]) -> None:
    withheld = {name for name, figure in edition.figures.items() if isinstance(figure, Withheld)}
    for tree in pages.values():
        for node in tree.css("[data-figure]"):
            if node.attributes["data-figure"] in withheld:
                assert "value" not in node.attributes
    missing = [node.text() for node in pages["index.html"].css("a.missing")]
    assert "withheld" in missing
    reasons = pages["evidence.html"].body.text()
    assert "One employer holds too much." in reasons


def test_nothing_comes_from_outside(pages: dict[str, Tree]) -> None:
    for tree in pages.values():
        html = tree.html or ""
        assert not tree.css(f"{STRANGE}, iframe, object, embed")
        for node in tree.css("[src], link[href]"):
            target = node.attributes.get("src") or node.attributes.get("href") or ""
            assert not target.startswith(("http", "//")), target
        policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]')
        assert policy is not None
        assert "default-src 'none'" in (policy.attributes["content"] or "")
        assert "javascript:" not in html


def test_the_page_is_said_in_a_language_with_headings_in_order(pages: dict[str, Tree]) -> None:
    for tree in pages.values():
        assert tree.css_first("html").attributes["lang"] == "en"
        assert tree.css_first("title").text()
        levels = [int((node.tag or "h0")[1]) for node in tree.css("h1, h2, h3, h4")]
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_sections_stand_in_the_audited_guides_order(pages: dict[str, Tree]) -> None:
    text = " ".join(node.text() for node in pages["index.html"].css("h2"))
    order = [
        "What the role does",
        "Salary by experience level",
        "What affects pay",
        "Top skills",
        "Questions",
    ]

    places = [text.index(title) for title in order]
    assert places == sorted(places)


HOSTILE = [
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "]]>&amp;",
    "\u202egnihtemos",
    "x" * 5_000,
]


def test_hostile_names_stay_text(edition: Edition, tmp_path: Path) -> None:
    """Wherever a name from outside is printed: labels, notes, methods, sources, places, the manifest."""
    figures = dict(edition.figures)
    ids = [
        "band.mid.base.p50",
        "place.41860.effect",
        "tier.top.effect",
        "skill.rag.demand",
        "role.deploy.share",
    ]
    for id_, name in zip(ids, HOSTILE, strict=True):
        known = figures[id_]
        assert isinstance(known, Published)
        source = replace(known.estimate.sources[0], source=name)
        figures[id_] = Published(
            replace(known.estimate, label=name, notes=(name,), method=name, sources=(source,))
        )
        figures[f"other.{name}"] = Withheld(f"other.{name}", name, "dominance", name)
    everything = " ".join(HOSTILE)
    card = dict.fromkeys(("title", "origin", "licence", "kind", "retrieved", "bias"), everything)
    told = {"title": everything, "population": everything, "sources": dict.fromkeys(HOSTILE, card)}
    hostile = replace(edition, figures=figures, manifest={**edition.manifest, **told})

    site.render(hostile, tmp_path)

    for page in PAGES:
        tree = Tree((tmp_path / page).read_text(encoding="utf-8"))
        assert not tree.css(f"{STRANGE}, img, [onerror]")
        text = tree.body.text() if tree.body else ""
        assert [name for name in HOSTILE if name not in text] == []


def test_a_hostile_claim_stays_text(edition: Edition, tmp_path: Path) -> None:
    everything = " ".join(HOSTILE)
    first = edition.verdicts[0]
    claim = replace(first.claim, sentence=everything, options={"reading": everything, "section": everything})
    told = {"published_guide": {"title": everything, "note": everything}}
    verdicts = (replace(first, claim=claim, why=everything), *edition.verdicts[1:])

    site.render(replace(edition, verdicts=verdicts, manifest={**edition.manifest, **told}), tmp_path)

    for page in PAGES[:2]:
        tree = Tree((tmp_path / page).read_text(encoding="utf-8"))
        assert not tree.css(f"{STRANGE}, img, [onerror]")
        assert everything in tree.body.text()


def test_the_same_edition_gives_the_same_page(edition: Edition, folder: Path, tmp_path: Path) -> None:
    for path in site.render(edition, tmp_path):
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()


def test_the_page_is_small_enough_to_send(folder: Path) -> None:
    assert (folder / "index.html").stat().st_size < 250_000


def test_an_edition_without_any_figure_still_makes_a_page(edition: Edition, tmp_path: Path) -> None:
    site.render(replace(edition, figures={}, verdicts=()), tmp_path)

    assert "does not give a median" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_a_guide_that_tests_nothing_and_knows_little_says_so_once(edition: Edition, tmp_path: Path) -> None:
    """A role without a published guide, with one band of pay only."""
    kept = {name: figure for name, figure in edition.figures.items() if name.startswith("band.any.")}

    site.render(replace(edition, figures=kept, verdicts=()), tmp_path)

    assert not (tmp_path / "claims.html").exists()
    page = Tree((tmp_path / "index.html").read_text(encoding="utf-8"))
    text = page.body.text() if page.body else ""
    assert "udited guide" not in (page.html or "")
    assert page.css("a[href^='claims.html'], .factor, .bands") == []
    assert "too thin for: employer tier, place, remote work, technical depth, industry," in text
    assert text.count("Too few postings of any level state their duties") == 1
    assert "software engineers" not in text


@pytest.mark.parametrize(("dropped", "shown"), [("none", ["base", "total"]), (".total.", ["base"])])
def test_the_legend_names_the_pay_that_the_chart_shows(
    edition: Edition, tmp_path: Path, dropped: str, shown: list[str]
) -> None:
    kept = {name: figure for name, figure in edition.figures.items() if dropped not in name}
    site.render(replace(edition, figures=kept), tmp_path)

    page = Tree((tmp_path / "index.html").read_text(encoding="utf-8"))
    legend = [key.text() for key in page.css(".legend .key.base, .legend .key.total")]
    assert legend == [f"{component} pay" for component in shown]


def test_a_band_of_which_nothing_is_known_is_one_cell_with_the_reason(
    edition: Edition, tmp_path: Path
) -> None:
    gone = {
        name: Unknown(name, "Entry base pay", "No source has evidence on it.")
        if name.startswith("band.entry.base.p")
        else figure
        for name, figure in edition.figures.items()
    }
    site.render(replace(edition, figures=gone), tmp_path)

    page = Tree((tmp_path / "index.html").read_text(encoding="utf-8"))
    cells = page.css("#levels .none")
    assert [cell.text() for cell in cells] == ["not known. No source has evidence on it."]
    row = cells[0].parent
    assert row is not None
    assert row.css_first("th[scope=row]").text() == "Base"
    # all columns but the level's and the pay's
    heads = page.css("#levels table.bands thead th")
    assert int(cells[0].attributes["colspan"] or "") == len(heads) - 2
