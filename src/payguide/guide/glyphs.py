"""Words of a drawing as outlines (glyphs.json), so that a picture of it needs no font of the machine that makes it.

A renderer looks among the machine's fonts first: one that is installed there, or one of the same name, would change the
picture's bytes.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Final

_TEXT: Final = re.compile(r"<text ([^<>]*+)>([^<>]*+)</text>")
_ATTRIBUTE: Final = re.compile(r'([\w-]++)="([^"]*+)"')

#: A letter's advance in the font's units, and its outline as the commands of an SVG path with y upwards.
Glyph = tuple[int, str]


@cache
def _font() -> tuple[float, Mapping[bool, Mapping[str, Glyph]]]:
    """The font's units per em, and its letters, bold and not; "" is drawn for a letter that it lacks."""
    data = json.loads((files("payguide.guide") / "glyphs.json").read_text(encoding="utf-8"))
    return data["units_per_em"], {bold: data["bold" if bold else "regular"] for bold in (True, False)}


def outlined_words(svg: str) -> str:
    """A drawing whose words are outlines: each `<text>` (one line, no part of it marked) is drawn where it stood."""
    return _TEXT.sub(lambda found: _drawn(dict(_ATTRIBUTE.findall(found[1])), unescape(found[2])), svg)


def _drawn(look: Mapping[str, str], words: str) -> str:
    units, letters = _font()
    known = letters[look.get("font-weight") == "bold"]
    glyphs = [_glyph(known, letter) for letter in words]
    scale = float(look["font-size"]) / units
    width = sum(advance for advance, _ in glyphs) * scale
    before = {"middle": width / 2, "end": width}.get(look.get("text-anchor", "start"), 0.0)
    parts, at = [], 0
    for advance, outline in glyphs:
        if outline:
            parts.append(f'<path transform="translate({at})" d="{outline}"/>')
        at += advance
    place = (
        f"translate({float(look['x']) - before:.3f},{float(look['y']):.3f}) scale({scale:.7f},-{scale:.7f})"
    )
    return f'<g transform="{place}" fill="{look["fill"]}">{"".join(parts)}</g>'


def _glyph(known: Mapping[str, Glyph], letter: str) -> Glyph:
    """A letter's glyph; that of the letter without its accents, and else the box that stands for any."""
    plain = " " if letter.isspace() else unicodedata.normalize("NFKD", letter)[:1]
    return known.get(letter) or known.get(plain) or known[""]
