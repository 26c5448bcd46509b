"""Write the outlines of a font's letters for the picture of a link: src/payguide/guide/glyphs.json.

Example: `python tools/glyphs.py LiberationSans-Regular.ttf LiberationSans-Bold.ttf src/payguide/guide/glyphs.json`
(Liberation Sans 2.00.1, SIL Open Font License 1.1; needs fontTools.)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

#: What a guide's title, population and values are written with: Latin letters, punctuation, marks of currencies.
LETTERS = [*range(0x20, 0x7F), *range(0xA1, 0x180), *map(ord, "–—‘’‚“”„†•…‰‹›€₹₩₪−×≈≠≤≥→")]


def outlines(path: Path) -> tuple[int, dict[str, list[object]], str]:
    """The units of an em, each letter's [advance, outline], and the copyright of a font; "" stands for any other."""
    font = TTFont(path)
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    drawn: dict[str, list[object]] = {}
    for letter, name in [("", ".notdef"), *((chr(code), names[code]) for code in LETTERS if code in names)]:
        pen = SVGPathPen(glyphs)
        glyphs[name].draw(pen)
        drawn[letter] = [glyphs[name].width, pen.getCommands()]
    return font["head"].unitsPerEm, drawn, " ".join(font["name"].getDebugName(0).split())


def main(regular: str, bold: str, out: str) -> None:
    """Write the file, a letter a line."""
    units, plain, copyright_ = outlines(Path(regular))
    _, heavy, _ = outlines(Path(bold))
    head = {
        "origin": "outlines of letters of Liberation Sans 2.00.1, regular and bold, written by tools/glyphs.py",
        "copyright": copyright_,
        "licence": "SIL Open Font License 1.1 (glyphs.licence.txt)",
        "units_per_em": units,
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    for name, letters in (("regular", plain), ("bold", heavy)):
        rows = [f"  {json.dumps(letter)}: {json.dumps(glyph)}" for letter, glyph in letters.items()]
        lines.append(f' "{name}": {{\n' + ",\n".join(rows) + "\n }" + ("," if name == "regular" else ""))
    Path(out).write_text("{\n" + "\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
