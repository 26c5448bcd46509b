"""What machines and other sites take of an edition: addresses, sitemap, llms.txt, feed, cards, citations."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
import two_editions as two
import yaml
from selectolax.lexbor import LexborHTMLParser

from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.guide import discovery, earlier, embed, feed, layout, numbers, own, shelf, site, theme
from payguide.guide import edition as editions
from site_links import links
from site_walk import walk

URL = "https://pay.example/ml/"
ATOM = "{http://www.w3.org/2005/Atom}"
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def served(folder: Path, old: Edition, **manifest: object) -> Path:
    """The site of an edition that follows `old` and corrects it."""
    before = earlier.read(two.written(old, folder.parent / f"{folder.name}-old"))
    (made,) = earlier.told([two.now()], {"ml-engineer": before}, "One & <b>two</b>.")
    made = replace(made, manifest={**made.manifest, **manifest})
    editions.write(made, folder)
    site.render(made, folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return served(
        tmp_path_factory.mktemp("served") / "new", two.hostile(), url=URL, title=f"Pay [x](y) {two.HOSTILE}"
    )


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose address nobody knows."""
    return served(tmp_path_factory.mktemp("nowhere") / "new", two.hostile())


def pages(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.html"))


def tree(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def test_every_page_says_its_own_address_and_is_in_the_sitemap(folder: Path) -> None:
    own_addresses = [tree(path).css_first("link[rel=canonical]").attributes["href"] for path in pages(folder)]
    listed = ElementTree.parse(folder / discovery.SITEMAP).getroot()

    assert [node.text for node in listed.iter(f"{MAPS}loc")] == own_addresses
    assert own_addresses == [f"{URL}{path.name}".removesuffix("index.html") for path in pages(folder)]
    assert {node.text for node in listed.iter(f"{MAPS}lastmod")} == {"2030-01-01"}


def test_without_an_address_nothing_pretends_to_one(nowhere: Path) -> None:
    assert not (nowhere / discovery.SITEMAP).exists()
    assert not [path for path in pages(nowhere) if tree(path).css("link[rel=canonical]")]
    led = [node.attrib["href"] for node in ElementTree.parse(nowhere / feed.FILE).iter(f"{ATOM}link")]
    assert led == ["index.html", "changes.html", "index.html"]
    assert "iframe" not in (nowhere / "evidence.html").read_text(encoding="utf-8")


def test_the_promises_hold_for_the_new_files(folder: Path, nowhere: Path) -> None:
    for site_of in (folder, nowhere):
        wrong = [
            line for line in walk(site_of) if not line.startswith(("populations", "index.html: a chart"))
        ]
        assert [line for line in wrong if re.match("embed|evidence", line) or "address" in line] == []


def test_llms_txt_names_the_pages_the_data_and_how_to_cite(folder: Path) -> None:
    text = (folder / discovery.LLMS).read_text(encoding="utf-8")

    assert text.startswith("# Pay \\[x\\](y) \\<script\\>")
    for path in pages(folder):
        assert f"]({URL}{path.name}): " in text
    for name in (*discovery.DATA, feed.FILE):
        assert f"[{name}]({URL}{name})" in text
        assert (folder / name).is_file()
    assert "fingerprint " in text.partition("## How to cite")[2]
    assert all(
        line.startswith(("#", "> ", "- [", "Give", "payguide, ")) for line in text.splitlines() if line
    )


def test_the_feed_says_what_moved_what_was_corrected_and_goes_on_with_earlier_editions(folder: Path) -> None:
    root = ElementTree.parse(folder / feed.FILE).getroot()
    entries = root.findall(f"{ATOM}entry")
    mark = editions.fingerprint(two.now(), folder)
    said = [entry.findtext(f"{ATOM}id") for entry in entries]

    assert said[0] == f"urn:sha256:{mark}"
    assert len(said) == len(set(said)) == 2
    assert "One & <b>two</b>." in (entries[0].findtext(f"{ATOM}summary") or "")
    assert two.HOSTILE in (root.findtext(f"{ATOM}title") or "")
    content = LexborHTMLParser(entries[0].findtext(f"{ATOM}content") or "")
    led = {node.attributes["href"]: node.text() for node in content.css("a")}
    senior = two.now().figures["band.senior.base.p50"]
    assert isinstance(senior, Published)
    place = f"{URL}evidence.html#f-band.senior.base.p50"
    assert led[place] == f"{numbers.value(senior.estimate)} ({numbers.interval(senior.estimate)})"
    assert any("claims.html#claim-" in link for link in led)
    assert not content.css("script, img")


def test_a_feed_goes_on_with_no_more_than_it_can_hold(tmp_path: Path) -> None:
    long = [
        {"date": "2020-01-01", "sha256": f"{n:064}", "title": "x", "summary": "y", "corrects": ""}
        for n in range(99)
    ]
    old = two.before()
    told = feed.history(replace(old, manifest={**old.manifest, feed.HISTORY: long}), "0" * 64)

    assert [one["sha256"] for one in told] == ["0" * 64, *(f"{n:064}" for n in range(11))]


def test_the_main_figures_have_cards_that_say_what_they_are(folder: Path) -> None:
    made = editions.read(folder)
    expected = {
        f"band.{level}.{pay}.p50"
        for level in ("any", "entry", "mid", "senior", "staff")
        for pay in ("base", "total")
        if isinstance(made.figures.get(f"band.{level}.{pay}.p50"), Published)
    }
    files = {path.name for path in (folder / embed.FOLDER).iterdir()}

    assert expected
    assert files == {f"{name}.{kind}" for name in expected for kind in ("html", "svg")}
    for name in expected:
        figure = made.figures[name]
        assert isinstance(figure, Published)
        for kind in ("html", "svg"):
            path = folder / embed.FOLDER / f"{name}.{kind}"
            text = (
                tree(path).text() if kind == "html" else "".join(ElementTree.parse(path).getroot().itertext())
            )
            assert path.stat().st_size < 3000
            for said in (
                numbers.value(figure.estimate),
                numbers.interval(figure.estimate),
                f"{figure.estimate.n:,}",
            ):
                assert said in text
        page = tree(folder / embed.FOLDER / f"{name}.html")
        (link,) = page.css("main a")
        assert link.attributes["href"] == f"../evidence.html#f-{name}"
        assert page.css_first("meta[name=robots]").attributes["content"] == "noindex"
        assert not page.css("script")


def test_what_is_copied_to_embed_and_cite_is_whole(folder: Path) -> None:
    mark = editions.fingerprint(two.now(), folder)
    page = tree(folder / "evidence.html")
    copied = [node.text() for node in page.css("details .copied code")]
    cards = list((folder / embed.FOLDER).glob("*.html"))

    assert len(copied) == 3 * len(cards)
    for card in cards:
        frame = next(text for text in copied if text.startswith("<iframe") and card.name in text)
        (node,) = LexborHTMLParser(frame).css("iframe")
        assert node.attributes["src"] == f"{URL}embed/{card.name}"
        assert two.HOSTILE in unescape(node.attributes["title"] or "")
        assert set(node.attributes) == {"src", "title", "width", "height", "style", "loading"}
        line = next(text for text in copied if text.endswith(f"#f-{card.stem}"))
        assert line.startswith("payguide, Pay ")
        assert f"fingerprint {mark[:16]}, figure {card.stem}, {URL}evidence.html#f-{card.stem}" in line


def test_every_published_figure_has_a_permalink_to_a_place_and_an_id_that_can_be_read(folder: Path) -> None:
    made = editions.read(folder)
    head = layout.head(made)
    places = {path.name: {node.attributes["id"] for node in tree(path).css("[id]")} for path in pages(folder)}
    begins = [
        node.text() for path in folder.glob("evidence*.html") for node in tree(path).css(".entries a.id code")
    ]

    for shown in (
        embed.show(made.figures, name) for name, one in made.figures.items() if isinstance(one, Published)
    ):
        page, _, anchor = shown.entry.partition("#")
        assert anchor == f"f-{shown.id}"
        assert anchor in places[page]
        assert embed.citation(shown, head, "cited") == f"cited, figure {shown.id}, {URL}{shown.entry}"
        assert shown.id in begins or f"{shown.id.rpartition('.')[0]}." in begins


def test_a_report_that_is_not_for_publication_has_nothing_for_others(tmp_path: Path) -> None:
    made = own.report(two.now(), {}, {})
    editions.write(made, tmp_path)
    site.render(made, tmp_path)

    assert not {path.name for path in tmp_path.iterdir()} & {
        discovery.SITEMAP, discovery.LLMS, feed.FILE, embed.FOLDER, embed.SCRIPT,
    }  # fmt: skip
    for path in pages(tmp_path):
        assert list(links(path, tmp_path)) == []


def test_the_sitemap_over_several_editions_has_the_pages_of_all(tmp_path: Path) -> None:
    made = [
        replace(two.now(), manifest={**two.now().manifest, "slug": slug, "role_name": slug, "many": slug})
        for slug in ("ml-engineer", "other")
    ]
    told = shelf.together(made, URL, {theme.KEY: {}})
    shelf.write([replace(one, manifest={k: v for k, v in one.manifest.items() if k != theme.KEY}) for one in told],
                tmp_path / "all", lambda *_: None)  # fmt: skip
    listed = ElementTree.parse(tmp_path / "all" / discovery.SITEMAP).getroot()
    found = {node.text for node in listed.iter(f"{MAPS}loc")}

    assert {URL, f"{URL}other/", f"{URL}ml-engineer/evidence.html"} <= found
    assert not [address for address in found if embed.FOLDER in str(address)]
    assert f"[editions.json]({URL}editions.json)" in (tmp_path / "all" / discovery.LLMS).read_text()


READY = Path(__file__).resolve().parents[2] / "docs" / "examples" / "publish"


def policies(text: str) -> list[dict[str, str]]:
    """The Content-Security-Policies in a file of settings: directive by directive."""
    found = re.findall(r"(?m)^[^!#]*Content-Security-Policy:? \"?([^\"\n]+)", text)
    return [dict(part.strip().partition(" ")[::2] for part in policy.split(";")) for policy in found]


@pytest.mark.parametrize("name", ["_headers", "nginx.conf"])
def test_the_ready_headers_allow_what_the_pages_ask_for_and_cards_alone_in_frames(
    folder: Path, name: str
) -> None:
    of_pages, of_cards = policies((READY / name).read_text(encoding="utf-8"))

    assert (of_pages.pop("frame-ancestors"), of_cards.pop("frame-ancestors")) == ("'self'", "*")
    for path in [*pages(folder), *(folder / embed.FOLDER).glob("*.html")]:
        said = tree(path).css_first("meta[http-equiv]").attributes["content"] or ""
        own_policy = dict(part.strip().partition(" ")[::2] for part in said.split(";"))
        ready = of_cards if path.parent.name == embed.FOLDER else of_pages
        assert own_policy.items() <= ready.items(), path.name


def test_the_ready_nginx_settings_are_whole() -> None:
    text = re.sub(r"\"[^\"]*\"|#.*", "", (READY / "nginx.conf").read_text(encoding="utf-8"))
    assert text.count("{") == text.count("}")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    assert [line for line in lines if not line.endswith(("{", "}", ";"))] == []


def test_the_ready_workflow_builds_what_the_documents_say_with_options_that_are() -> None:
    jobs = yaml.safe_load((READY / "github-pages.yml").read_text(encoding="utf-8"))["jobs"]
    steps = jobs["publish"]["steps"]
    script = "\n".join(step.get("run", "") for step in steps)

    assert [step["uses"].partition("@")[0] for step in steps if "uses" in step][-1] == "actions/deploy-pages"
    assert re.search(r"payguide build --theme (\S+) --out (\S+)\s+payguide verify \2\s", script)
    assert theme.read_theme(READY.parents[2] / re.findall(r"--theme (\S+)", script)[0])["url"]
