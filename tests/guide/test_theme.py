"""A publisher's theme: what its file may say, what is refused with what was measured, and how it looks on the pages."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.errors import InputError, PayguideError, UsageError
from payguide.guide import edition as editions
from payguide.guide import logo, site, theme
from site_walk import walk

HOSTILE = '<script>alert("x")</script>"><img src=x onerror=alert(1)>{{ 7 * 7 }}'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def written(folder: Path, text: str, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = folder / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path = folder / "theme.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("themed")
    text = f"""
        name = '{HOSTILE[:70]}'
        url = "https://pay.example/ml"
        logo = "mark.svg"
        colours = {{ base = "#7a1f5c" }}
        [footer]
        text = '{HOSTILE}'
        links = [{{ text = '{HOSTILE[:60]}', url = "https://pay.example/imprint?a=1&b=2" }}]
    """
    path = written(
        folder, "\n".join(map(str.strip, text.splitlines())), mark_svg=SVG.format('<path d="M0 0h9v9z"/>')
    )
    made = artificial.edition()
    says = theme.read_theme(path)
    edition = replace(made, manifest={**made.manifest, theme.KEY: says, "url": says["url"]})
    editions.write(edition, folder / "site")
    site.render(editions.read(folder / "site"), folder / "site")
    return folder / "site"


def test_every_page_has_the_name_the_logo_and_the_footer_as_text(themed: Path) -> None:
    for path in themed.glob("*.html"):
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        head, foot = tree.css_first("aside.publisher"), tree.css_first("footer.publisher")
        assert head.text().strip() == HOSTILE[:70], path.name
        assert HOSTILE in foot.text()
        assert foot.css_first("a").attributes["href"] == "https://pay.example/imprint?a=1&b=2"
        assert [image.attributes["src"] for image in tree.css("img")] == ["logo.svg"]
        assert not tree.css("[onerror]")
    assert (themed / "logo.svg").read_text() == SVG.format('<path d="M0 0h9v9z"/>')


def test_the_promises_of_every_page_hold(themed: Path) -> None:
    usual = {line for line in walk(themed) if "publisher" in line or "logo" in line or "imprint" in line}
    assert usual == set()


def test_a_light_colour_leaves_the_dark_theme_as_it_was(themed: Path) -> None:
    style = (themed / "style.css").read_text()
    assert "@media screen { :root { --base: #7a1f5c; } }" in style
    assert "@media screen and (prefers-color-scheme: dark) { :root { --base: #6cb4ee; } }" in style
    assert style.index("--base: #7a1f5c") > style.index("@media print")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing required field `name`"),
        ("name = 3", "str"),
        ('name = ""', "length >= 1"),
        ('name = "  "', "not seen"),
        ('name = "a\\u202eb"', "not seen"),
        (f'name = "{"W" * 81}"', "length <= 80"),
        ('nmae = "x"', "nmae"),
        ("name", "not TOML"),
        ('name = "x"\ncolour = {}', "colour"),
        ('name = "x"\ncolours = { base = "red" }', "$.colours"),
        ('name = "x"\ncolours = { base = "#fff;}*{" }', "$.colours"),
        ('name = "x"\ncolours = { accent = "#000000" }', "accent is no colour of the pages"),
        (
            'name = "x"\ncolours = { base = "#99ccff" }',
            "base #99ccff on paper #fdfdfc has a contrast of 1.66",
        ),
        (
            'name = "x"\ndark = { wash = "#ffffff" }',
            "dark: ink #e8eaec on wash #ffffff has a contrast of 1.21",
        ),
        ('name = "x"\ncolours = { base = "#777777", card = "#ffffff" }', "4.40"),
        (
            'name = "x"\nfooter = { links = [{ text = "y", url = "javascript:alert(1)" }] }',
            "javascript:alert(1)",
        ),
        ('name = "x"\nfooter = { links = [{ text = "y", url = "https://" }] }', "no address of the web"),
        ('name = "x"\nfooter = { links = [{ text = "y", url = "https://a b/" }] }', "no address of the web"),
        ('name = "x"\nfooter = { links = [{ url = "https://a.example" }] }', "text"),
        ('name = "x"\nurl = "pay.example"', "url: 'pay.example' is no address"),
        ('name = "x"\nlogo = "a\\u0000b"', "logo holds letters"),
        ('name = "x"\nlogo = "none.png"', "cannot be opened"),
        ('name = "x"\nlogo = "."', "no file"),
    ],
)
def test_what_a_theme_may_not_say_is_refused_as_bad_input(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        theme.read_theme(written(tmp_path, text))
    assert says in str(refused.value)
    assert refused.value.exit_code == 3


@pytest.mark.parametrize(
    "url",
    ["pay.example", "https://", "ftp://pay.example/", "https://pay.example/?a=1", "https://pay.example/#x",
     "https://me:secret@pay.example/", "https://pay.example/a b", "https://pay.example:no/", 'https://x.example/"'],
)  # fmt: skip
def test_what_is_no_address_of_a_site_is_refused(url: str) -> None:
    with pytest.raises(UsageError):
        theme.site_address(url)


def test_an_address_ends_in_a_slash() -> None:
    assert [theme.site_address(url) for url in ("", "https://a.example", "http://a.example:80/pay//")] == [
        "", "https://a.example/", "http://a.example:80/pay/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#777777", "#ffffff", 4.48)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert theme.contrast(one, other) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 9, "jpg"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (SVG.format("<style>.a{fill:url(#g)}</style><path class='a' d='M0 0'/>"), "svg"),
        (SVG.format('<defs><linearGradient id="g"/></defs><use xlink:href="#g"/>'), "svg"),
        ('<?xml version="1.0"?><!-- a logo -->' + SVG.format(""), "svg"),
    ],
)
def test_a_logo_is_known_by_its_bytes(tmp_path: Path, content: str | bytes, kind: str) -> None:
    written(tmp_path, "", logo_bin=content)
    found = logo.read_logo(tmp_path / "logo.bin")
    assert (found.kind, found.file) == (kind, f"logo.{kind}")
    assert (
        found.content
        == base64.b64decode(found.base64)
        == (content if isinstance(content, bytes) else content.encode())
    )


@pytest.mark.parametrize(
    "content",
    [
        "", "<p>no picture</p>", "<svg/>", "GIF89a", b"\xff\xfe<\0s\0v\0g\0", PNG + b"\0" * logo.LARGEST,
        SVG.format("<script>alert(1)</script>"),
        SVG.format("<foreignObject/>"), SVG.format("<a/>"), SVG.format("<image/>"), SVG.format("<set/>"),
        SVG.format("<animate/>"), SVG.format('<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>'),
        SVG.format('<path onload="x()"/>'), SVG.format('<path ONCLICK="x()"/>'),
        SVG.format('<use href="https://a.example/x.svg#y"/>'), SVG.format('<use xlink:href="x.svg#y"/>'),
        SVG.format('<path fill="url(https://a.example/x)"/>'), SVG.format('<path style="fill: URL( x.svg )"/>'),
        SVG.format("<style>@import 'https://a.example/x.css';</style>"),
        SVG.format("<style>path{fill:u\\72l(x)}</style>"),
        "<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("&a;"),
        "<?xml-stylesheet href='https://a.example/x.css'?>" + SVG.format(""),
    ],
)  # fmt: skip
def test_a_logo_that_is_none_or_could_run_or_fetch_something_is_refused(
    tmp_path: Path, content: str | bytes
) -> None:
    written(tmp_path, "", logo_svg=content)
    with pytest.raises(PayguideError) as refused:
        logo.read_logo(tmp_path / "logo.svg")
    assert refused.value.exit_code == 3
