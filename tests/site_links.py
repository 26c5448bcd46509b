"""What a page of a built site is read from, and where its links may lead: to a place in the site, to what a text refers
to, to a publisher's own pages, and to the page's own address where the edition knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from payguide.base.edition import Edition
from payguide.guide import edition as editions
from payguide.guide import explorer, words
from payguide.guide.changes import EARLIER, told
from payguide.guide.codec import figure_from
from payguide.guide.laws import laws

#: Where what texts refer to is found.
REFERENCES = frozenset({*words.vocabulary()["references"].values(), *(law.link for law in laws())})


@lru_cache(maxsize=8)
def tree_of(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


@cache
def ids_of(path: Path) -> frozenset[str]:
    return frozenset(node.attributes["id"] or "" for node in tree_of(path).css("[id]"))


@cache
def edition_in(folder: Path) -> Edition:
    """The edition in a folder; what an edition keeps of the earlier one; an empty one where there is none."""
    if (folder / "edition.json").is_file():
        return editions.read(folder)
    if folder.name == EARLIER and (folder.parent / "edition.json").is_file():
        kept = told(edition_in(folder.parent))
        figures = {name: figure_from(figure) for name, figure in kept.get("was", {}).items()}
        return Edition(kept.get(EARLIER, {}), figures)
    return Edition({}, {})


def links(path: Path, root: Path) -> Iterator[str]:
    """Links that lead nowhere, or out of the site."""
    for node in tree_of(path).css("[href], [src]"):
        target = node.attributes.get("href") or node.attributes.get("src") or ""
        file, _, anchor = target.partition("#")
        if target.startswith("data:") or _is_a_source(path, node) or _is_the_publishers(path, node):
            continue
        if node.attributes.get("rel") == "canonical":
            home = edition_in(path.parent).manifest.get("url") or _shared_as(path)
            if target != f"{home}{path.name}".removesuffix("index.html"):
                yield f"{target} is not its own address"
            continue
        found = (path.parent / file).resolve() if file else path
        if not found.is_file() or root.resolve() not in found.resolve().parents:
            yield f"a dead link to {target}"
        elif anchor and not _is_there(file, anchor, ids_of(found)):
            yield f"no place {target}"


def _is_there(file: str, anchor: str, ids: frozenset[str]) -> bool:
    """Whether a page has the place that an address leads to, or the fields that it fills in; those of the records have
    names of their own.
    """
    named = {one.partition("=")[0] for one in anchor.split("&")}
    return named <= ids or (file == explorer.PAGE and "=" in anchor)


def _shared_as(path: Path) -> str:
    """The address that a page over several editions gives to whoever shares it."""
    told = tree_of(path).css_first('meta[property="og:url"]')
    return (told.attributes["content"] or "") if told else ""


def _is_a_source(path: Path, node: LexborNode) -> bool:
    """A link to where a record was found, or to what a text refers to: no other leads out, and none tells who follows
    it.
    """
    target, rel = node.attributes.get("href") or "", node.attributes.get("rel")
    known = target in REFERENCES or target.startswith("https://github.com/")
    return (
        node.tag == "a"
        and rel == "noreferrer nofollow"
        and target.startswith("http")
        and (known or path.name == explorer.PAGE or path.name.startswith("company-"))
    )


def _is_the_publishers(path: Path, node: LexborNode) -> bool:
    """A link of the publisher's own in the foot of a page."""
    publisher: Any = edition_in(path.parent).manifest.get("publisher", {"footer": {"links": []}})
    known = [link["url"] for link in publisher["footer"]["links"]]
    return node.attributes.get("rel") == "noreferrer" and node.attributes["href"] in known
