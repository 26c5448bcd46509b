"""A publisher's logo: a small picture whose kind its bytes tell. An SVG is refused that could run or fetch anything."""

from __future__ import annotations

import base64
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from payguide.base.errors import InputError, WrongShape

#: The most bytes that a logo may have.
LARGEST: Final = 64 * 1024

#: How pictures begin, by the ending of their names.
_BEGINNINGS: Final = {
    "png": re.compile(rb"\x89PNG\r\n\x1a\n"),
    "jpg": re.compile(rb"\xff\xd8\xff"),
    "webp": re.compile(rb"RIFF....WEBP", re.DOTALL),
}

#: All that an SVG may hold: shapes, text and paint.
_ELEMENTS: Final = re.compile(
    "svg|g|defs|symbol|use|title|desc|metadata|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|style|"
    "linearGradient|radialGradient|stop|clipPath|mask|pattern"
)
_SVG: Final = "{http://www.w3.org/2000/svg}"
#: What would fetch something in a style or an attribute; a backslash could write it in another way.
_FETCHES: Final = re.compile(r"url\(\s*+(?!['\"]?#)|@import|image-set|javascript:|data:|\\", re.IGNORECASE)
_REMEDY: Final = "Give a PNG, JPEG or WebP file, or an SVG saved as plain shapes"


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture: the ending of its name, and its bytes in base64."""

    kind: str
    base64: str

    @property
    def file(self) -> str:
        """Its name beside the pages."""
        return f"logo.{self.kind}"

    @property
    def content(self) -> bytes:
        """Its bytes."""
        return base64.b64decode(self.base64)

    @property
    def data(self) -> dict[str, str]:
        """It as a manifest keeps it."""
        return asdict(self)


def read_logo(path: Path) -> Logo:
    """The logo in a file.

    Raises:
        InputError: it cannot be opened, or is no file.
        WrongShape: it is too large, no picture of a known kind, or an SVG that could run or fetch something.
    """
    where = str(path)
    try:
        if path.exists() and not path.is_file():
            raise InputError("the logo is no file", where=where, remedy=_REMEDY)
        with path.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise InputError("the logo cannot be opened", where=where, remedy=str(error.strerror)) from error
    if len(content) > LARGEST:
        found = f"the logo has more than {LARGEST // 1024} KB"
        raise WrongShape(found, where=where, remedy="Every reader loads it: make it smaller")
    kind = next((kind for kind, begins in _BEGINNINGS.items() if begins.match(content)), "svg")
    if kind == "svg" and (fault := _fault(content)):
        raise WrongShape(f"the logo {fault}", where=where, remedy=_REMEDY)
    return Logo(kind, base64.b64encode(content).decode("ascii"))


def _fault(content: bytes) -> str:
    """Why an SVG is none that may be shown; empty where it may."""
    # entities could hide or multiply what stands in it
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "is no picture of a known kind"
    if "<!" in re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL) or re.search(r"<\?(?!xml\s)", text):
        return "has a document type, or instructions for a program"
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - no document type is in it, so no entity
    except ElementTree.ParseError:
        return "is no picture of a known kind"
    if root.tag != f"{_SVG}svg":
        return "is no picture of a known kind"
    return next(filter(None, map(_fault_of, root.iter())), "")


def _fault_of(node: ElementTree.Element) -> str:
    """Why one element of an SVG may not stand in it."""
    name = str(node.tag).removeprefix(_SVG)
    if not _ELEMENTS.fullmatch(name):
        return f"holds <{name.rpartition('}')[2]}>"
    if name == "style" and _FETCHES.search(node.text or ""):
        return "has a style that fetches something"
    for key, value in node.attrib.items():
        key = key.rpartition("}")[2].lower()
        if key.startswith("on") or (key == "href" and not value.startswith("#")) or _FETCHES.search(value):
            return f'has {key}="{value[:40]}" on <{name}>'
    return ""
