"""How a site is found and cited by machines: each page's own address, sitemap.xml, and llms.txt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from payguide.guide.feed import FILE as FEED

#: What a machine reads first of a site (https://llmstxt.org), and the list of all pages (https://www.sitemaps.org).
LLMS: Final = "llms.txt"
SITEMAP: Final = "sitemap.xml"

#: So many pages are named in llms.txt; the sitemap has all.
_NAMED: Final = 40

#: How figures are to be read.
_READ: Final = (
    "Give a figure with its interval. What is withheld has no number anywhere. A figure's id (such as "
    "`band.senior.base.p50`, senior base pay, median) is the same in every edition; its evidence is at "
    "`evidence.html#f-ID`, or for narrower populations at `evidence-populations.html#f-ID`."
)

#: An edition's files of data.
DATA: Final = {
    "figures.csv": "a line a figure: id, value, interval, counts, sources",
    "figures.parquet": "the same, typed",
    "edition.json": "everything published, by edition.schema.json",
    "edition.schema.json": "the JSON Schema of edition.json",
    FEED: "changes between editions, as Atom",
}
_TITLE: Final = re.compile(r"<title>([^<]*+)</title>", re.DOTALL)
_DESCRIPTION: Final = re.compile(r'<meta name="description" content="([^"]*+)"')


def told(
    files: Mapping[str, str | bytes], head: Mapping[str, Any], cited: str, data: Mapping[str, str],
    *, apart: str = "", below: Iterable[str] = (),
) -> dict[str, str | bytes]:  # fmt: skip
    """The files of a site with each page's own address, and with what tells of them: the sitemap where the site's
    address is known, and llms.txt. `cited` is how the edition is cited, `data` says what its files of data are. What
    lies in the folder `apart` is for other sites' pages, and is not listed; pages `below` are others that the sitemap
    names.
    """
    url = str(head["url"])
    pages = {
        name: text
        for name, text in files.items()
        if isinstance(text, str) and name.endswith(".html") and PurePosixPath(name).parts[0] != apart
    }
    found: dict[str, str | bytes] = {**files, LLMS: _llms(pages, head, cited, data)}
    if url:
        found |= {name: _addressed(text, f"{url}{_place(name)}") for name, text in pages.items()}
        found[SITEMAP] = sitemap(
            [f"{url}{_place(name)}" for name in sorted({*pages, *below})], str(head["date"])
        )
    return found


def _place(page: str) -> str:
    """A page below its site's address; the first page is the address itself."""
    return quote(page.removesuffix("index.html") if f"/{page}".endswith("/index.html") else page)


def _addressed(html: str, address: str) -> str:
    """A page that says its own address, by which others know it is the same wherever else it lies."""
    return html.replace("<title>", f'<link rel="canonical" href="{escape(address)}">\n<title>', 1)


def sitemap(addresses: Iterable[str], date: str) -> str:
    """The sitemap of pages by their whole addresses, last changed on the edition's date."""
    day = f"<lastmod>{escape(date)}</lastmod>" if date else ""
    urls = "".join(f"<url><loc>{escape(address)}</loc>{day}</url>\n" for address in addresses)
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{schema}">\n{urls}</urlset>\n'


def _llms(pages: Mapping[str, str], head: Mapping[str, Any], cited: str, data: Mapping[str, str]) -> str:
    """What the site is, its pages and data, and how to cite it, as Markdown."""
    url = str(head["url"])
    by = f" Published by {_line(head['publisher'].name)}." if head["publisher"] else ""
    about = (
        f"> {_line(head['population'])}: pay by level with intervals, what affects it, and the evidence behind every "
        f"figure. Annual pay in {_line(head['currency'])} on {_line(head['date'])}.{by}"
    )
    parts = [
        [f"# {_line(head['title'])}", about, _READ],
        ["## How to cite", f"{_line(cited)}, figure ID, and the address of the figure's evidence."],
        ["## Pages", "\n".join(_entry(url, name, pages[name]) for name in sorted(pages)[:_NAMED])],
        ["## Data", "\n".join(f"- [{name}]({url}{name}): {what}" for name, what in data.items())],
    ]
    return "\n\n".join(paragraph for part in parts for paragraph in part) + "\n"


def _entry(url: str, name: str, html: str) -> str:
    title, description = (_line(unescape(found[1])) if (found := pattern.search(html)) else ""
                          for pattern in (_TITLE, _DESCRIPTION))  # fmt: skip
    return f"- [{title}]({url}{quote(name)}): {description}"


def _line(text: object) -> str:
    """A text as one line of Markdown in which nothing is a link or a heading."""
    return re.sub(r"([\[\]<>`#\\])", r"\\\1", " ".join(str(text).split()))
