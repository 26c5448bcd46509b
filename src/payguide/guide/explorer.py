"""The records: every public piece of evidence by itself, to be filtered, sorted and taken along.

`records.html` reads without a script: it tells how many pieces each source gives and shows the newest ones.
`records.csv` holds them all. A page opened from a file may fetch nothing, so for its script they travel as a script
that assigns a value.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment

from payguide.base.codes import LADDER, TOP_TIERS
from payguide.base.edition import Edition, EvidenceRecord, EvidenceRecords
from payguide.base.figure_id import find
from payguide.base.reference.currency import symbols
from payguide.guide import csv_text, numbers, scripted, words
from payguide.guide.sections import methods

PAGE: Final = "records.html"
TABLE: Final = "records.csv"

#: How many pieces the page shows without its script.
READ: Final = 100

#: Of pay, the components whose pieces count in bands.
_COMPONENTS: Final = ("base", "total")

#: The columns of the table, and of the script's rows: names of an exhibit's own.
COLUMNS: Final = (
    "key", "source", "kind", "component", "levels", "employer", "title", "place", "metro", "remote", "tier", "industry",
    "specialisations", "low", "high", "stated", "quote", "date", "url", "n_records", "outlier",
)  # fmt: skip

#: The forms of figures that are of the top tiers' pay.
_TOP: Final = ("band_top", "share")

_FOLDER: Final = "records"

#: The pieces as the page's script has them.
DATA: Final = f"{_FOLDER}/data.js"
_SCRIPTS: Final = ("numbers", "dom", "records")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of evidence as the page writes it."""

    of: EvidenceRecord
    pay: str
    level: str
    source: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many pieces a source gives, and how many of them are shown."""

    source: str
    pieces: int
    shown: int


def page(edition: Edition) -> str:
    """Where the edition's records are; empty where it has none."""
    return "" if edition.records is None else PAGE


def files_of(edition: Edition, environment: Environment, head: Mapping[str, str]) -> dict[str, str]:
    """Every file of the explorer by its path in the edition's folder; none where the edition has no records."""
    if edition.records is None:
        return {}
    titles = methods.titles(edition)
    shown = edition.records.shown
    page = environment.get_template("records.html.j2").render(
        edition=head,
        page=PAGE,
        scripts=_SCRIPTS,
        lines=[_line(piece, titles, head["currency"]) for piece in shown[:READ]],
        counts=_counts(edition.records, titles),
        most=len(shown),
        table=TABLE,
        choices=_choices(edition, titles),
    )
    told = {
        "currency": head["currency"],
        "symbols": symbols(),
        "titles": titles,
        "levels": [str(level) for level in LADDER],
        "top": sorted(map(str, TOP_TIERS)),
        "columns": COLUMNS,
        "rows": list(map(_row, shown)),
    }
    return {
        PAGE: page,
        TABLE: write_csv(shown),
        **{f"{_FOLDER}/{name}.js": scripted.packaged("scripts", f"{name}.js") for name in _SCRIPTS},
        f"{_FOLDER}/records.css": scripted.packaged("templates", "records.css"),
        DATA: scripted.assigned("data", told),
    }


def filtered(figure: str) -> str:
    """The page with the pieces that a figure counts; empty where it is not of one population's pay.

    `band.senior.base.metro.42660.p50` -> "records.html#component=base&level=senior&metro=42660".
    """
    found = find(figure)
    if found is None or not (found.population[1] or found.form.name in ("band", *_TOP)):
        return ""
    told = [("component", str(found.component)), ("level", str(found.level or ""))]
    told += [("tier", "top") if found.form.name in _TOP else found.population]
    return f"{PAGE}#{'&'.join(f'{name}={value}' for name, value in told if value)}"


def write_csv(pieces: Sequence[EvidenceRecord]) -> str:
    """The pieces as CSV with a header, in the order given."""
    return csv_text.write(COLUMNS, (map(_cell, _row(piece)) for piece in pieces))


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return "; ".join(f"{level} {share:g}" for level, share in value.items())
    return "; ".join(value) if isinstance(value, list) else value


def _row(piece: EvidenceRecord) -> list[object]:
    """The values of `COLUMNS`, as JSON has them."""
    return list(map(_plain, (getattr(piece, name) for name in COLUMNS)))


def _plain(value: Any) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, int) else str(value)


def _line(piece: EvidenceRecord, titles: Mapping[str, str], currency: str) -> Line:
    ends = dict.fromkeys(numbers.money(end, currency) for end in (piece.low, piece.high))
    return Line(piece, "–".join(ends), _level(piece.levels), titles.get(piece.source, piece.source))


def _level(levels: Mapping[str, float]) -> str:
    """The levels a piece counts in: "Senior"; "Mid 34%, Senior 58%, ..." where its title does not say."""
    if len(levels) == 1:
        return words.level_name(*levels)
    told = ", ".join(f"{words.level_name(level)} {numbers.percent(share)}" for level, share in levels.items())
    return told or "Not said"


def _counts(exhibits: EvidenceRecords, titles: Mapping[str, str]) -> list[Count]:
    shown = Counter(piece.source for piece in exhibits.shown)
    return [
        Count(titles.get(source, source), pieces, shown[source]) for source, pieces in exhibits.pieces.items()
    ]


def _choices(edition: Edition, titles: Mapping[str, str]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the page can be narrowed by, as (key, name, [(value, its name)]): what the pieces have."""
    shown = edition.records.shown if edition.records else ()

    def of(key: str, kind: str = "") -> list[tuple[str, str]]:
        values = {str(getattr(piece, key)) for piece in shown} - {""}
        return sorted(((one, words.word(kind or key, one)) for one in values), key=lambda pair: pair[1])

    specialisations = {str(one) for piece in shown for one in piece.specialisations}
    return [
        ("component", "Pay", [pair for pair in of("component", "components") if pair[0] in _COMPONENTS]),
        ("level", "Level", [(str(level), words.level_name(level)) for level in LADDER]),
        ("source", "Source", sorted((s, titles.get(s, s)) for s in {piece.source for piece in shown})),
        ("metro", "Metro", sorted(_metros(shown), key=lambda pair: pair[1])),
        ("tier", "Kind of employer", [*of("tier"), ("top", words.word("tier", "top"))]),
        ("remote", "Remote or not", of("remote")),
        ("industry", "Industry", of("industry")),
        ("specialisation", "Specialisation", [(s, words.word("specialisation", s)) for s in sorted(specialisations)]),
    ]  # fmt: skip


def _metros(pieces: Sequence[EvidenceRecord]) -> Iterator[tuple[str, str]]:
    """The metros by code, with the name that we have for them, else the place most of their pieces name."""
    places: dict[str, Counter[str]] = {}
    for piece in pieces:
        if piece.metro:
            places.setdefault(piece.metro, Counter())[piece.place] += 1
    for code, named in places.items():
        yield code, words.place_name(code) or min(named, key=lambda place: (-named[place], place))
