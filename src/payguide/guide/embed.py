"""Cards of figures for other sites' pages: a small page to frame and a drawing, each with the figure's name, median,
interval, date, count and the way to its evidence; and what is copied to embed or cite a figure.

The main figures have cards: the medians of base and of total pay, at all levels and at each, that are published. So
there are at most ten, of under 3 KB each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from textwrap import shorten, wrap
from typing import Any, Final

from jinja2 import Environment

from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.figure_id import band
from payguide.guide import layout, numbers, theme, words
from payguide.guide.shown import Shown, show

#: The folder of the cards.
FOLDER: Final = "embed"
#: The script that copies and cites; without it everything can be read and selected.
SCRIPT: Final = "cite.js"
#: How wide a card is, how high its page and its drawing are (CSS pixels), and the letters of a line of small print.
WIDTH, FRAME, HEIGHT = 340, 290, 170
_LETTERS: Final = 54


@dataclass(frozen=True, slots=True)
class Snippets:
    """What is copied from a figure's evidence: its citation, and where the site's address is known a frame or a
    picture of its card (empty without).
    """

    citation: str
    frame: str = ""
    picture: str = ""


def carded(edition: Edition) -> list[Shown]:
    """The figures that have cards."""
    ids = [band(level, pay) for level in ("any", *LADDER) for pay in ("base", "total")]
    return [shown for one in ids if (shown := show(edition.figures, one)).published]


def files_of(
    edition: Edition, environment: Environment, head: Mapping[str, Any], cited: str
) -> dict[str, str]:
    """The cards by their paths in the edition's folder. `cited` is how the edition is cited."""
    made: dict[str, str] = {}
    template = environment.get_template("embed.html.j2")
    for shown in carded(edition):
        told = {
            "edition": {**head, "publisher": None, "corrects": {}, "feed": ""},
            "shown": shown,
            "name": words.inside(shown.id, shown.name),
            "by": head["publisher"].name if head["publisher"] else "payguide",
            "coverage": numbers.percent(layout.coverage(edition)),
        }
        made[f"{FOLDER}/{shown.id}.html"] = template.render(told)
        made[f"{FOLDER}/{shown.id}.svg"] = _drawing(
            told, theme.palette(edition), citation(shown, head, cited)
        )
    return made


def snippets(edition: Edition, head: Mapping[str, Any], cited: str) -> dict[str, Snippets]:
    """What is copied of each figure that has a card, by its id."""
    found = {}
    for shown in carded(edition):
        url, name = escape(str(head["url"])), escape(f"{words.inside(shown.id, shown.name)}, {head['title']}")
        card = f"{url}{FOLDER}/{shown.id}"
        found[shown.id] = Snippets(
            citation(shown, head, cited),
            f'<iframe src="{card}.html" title="{name}" width="{WIDTH}" height="{FRAME}" style="border:0" '
            'loading="lazy"></iframe>',
            f'<a href="{url}{shown.entry}"><img src="{card}.svg" alt="{name}" width="{WIDTH}" height="{HEIGHT}"></a>',
        ) if url else Snippets(citation(shown, head, cited))  # fmt: skip
    return found


def citation(shown: Shown, head: Mapping[str, Any], cited: str) -> str:
    """How one figure is cited, in one line, with its permalink where the site's address is known."""
    return ", ".join([cited, f"figure {shown.id}", *([f"{head['url']}{shown.entry}"] if head["url"] else [])])


def _drawing(told: Mapping[str, Any], colours: Mapping[str, str], cited: str) -> str:
    """A card as a drawing; what it prints in bold is the figure's value."""
    shown: Shown = told["shown"]
    head = told["edition"]
    name = shorten(f"{told['name'][:1].upper()}{told['name'][1:]}", 44, placeholder=" …")
    lines = [
        f"{told['coverage']} interval {shown.interval}, {shown.n:,} {words.counted(shown.id)}",
        f"{head['population']}, {head['currency']} a year, {head['date']}",
        cited,
    ]
    small = [part for line in lines for part in wrap(line, _LETTERS)][:5]
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{colours["card"]}" stroke="{colours["grid"]}"/>',
        _text(26, 14, colours["ink"], name, ' font-weight="600"'),
        _text(
            64, 32, colours["total" if ".total." in shown.id else "base"], shown.text, ' font-weight="bold"'
        ),
        *(_text(88 + 16 * at, 11, colours["muted"], line) for at, line in enumerate(small)),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'role="img" aria-label="{escape(f"{name}: {shown.text}, {shown.interval}")}" '
        f'font-family="system-ui, sans-serif" data-figures="{shown.id}">{"".join(parts)}</svg>\n'
    )


def _text(y: int, size: int, colour: str, text: str, look: str = "") -> str:
    return f'<text x="16" y="{y}" font-size="{size}"{look} fill="{colour}">{escape(text)}</text>'
