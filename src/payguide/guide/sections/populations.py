"""Bands of narrower populations on a page of their own: median and quartiles by level, base and total pay."""

from __future__ import annotations

from dataclasses import dataclass

from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.base.figure_id import figure_id, narrower_band, of_form
from payguide.guide import words
from payguide.guide.shown import Shown, show

#: The page.
PAGE = "populations.html"

#: Dimensions in the page's order: the part of an id that names them, the heading, the table of words.
_DIMENSIONS = (
    ("tier", "By employer tier", "tier"),
    ("metro", "By place", "place"),
    ("remote", "By where the work is done", "remote"),
    ("industry", "By industry", "industry"),
    ("specialisation", "By what the job names", "specialisation"),
)

LEVELS = ("any", *LADDER)


@dataclass(frozen=True, slots=True)
class Cell:
    """One population at one level: quartiles and median."""

    low: Shown
    median: Shown
    high: Shown


@dataclass(frozen=True, slots=True)
class Row:
    """One population: a cell to each of `LEVELS`."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One component of pay in one dimension."""

    component: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One dimension; tables without a published figure are left out."""

    key: str
    title: str
    tables: tuple[Table, ...]


def populations(edition: Edition) -> list[Section]:
    """Every dimension with a published band."""
    found = [_section(edition, *told) for told in _DIMENSIONS]
    return [section for section in found if section.tables]


def _section(edition: Edition, dimension: str, title: str, table: str) -> Section:
    values = dict.fromkeys(one.get(dimension) for one in of_form(edition.figures, f"band_{dimension}"))
    tables = []
    for component in ("base", "total"):
        rows = [_row(edition, component, dimension, value, table) for value in values]
        kept = [row for row in rows if any(cell.median.published for cell in row.cells)]
        if kept:
            named = words.word("components", component).capitalize()
            tables.append(Table(named, tuple(sorted(kept, key=lambda row: row.name))))
    return Section(dimension, title, tuple(tables))


def _row(edition: Edition, component: str, dimension: str, value: str, table: str) -> Row:
    cells = []
    for level in LEVELS:
        ids = (
            narrower_band(level, component, dimension, value, quantile) for quantile in ("p25", "p50", "p75")
        )
        cells.append(Cell(*(show(edition.figures, one) for one in ids)))
    return Row(_name(edition, component, dimension, value, table), tuple(cells))


def _name(edition: Edition, component: str, dimension: str, value: str, table: str) -> str:
    """A population's name; a metro that the vocabulary lacks has the one in its place effect's or band's label."""
    if dimension != "metro":
        return words.word(table, value)
    if known := words.place_name(value):
        return known
    effect = edition.figures.get(str(figure_id("place", metro=value)))
    if effect is not None:
        label = effect.estimate.label if isinstance(effect, Published) else effect.label
        return words.name(effect.id, label)
    return f"Metro {value}"
