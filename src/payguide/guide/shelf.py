"""Editions of several roles side by side: the page over them, which leads to each and compares their pay.

No figure is made here. A role is said to earn more or less than another where the interval of the difference of
their medians leaves out zero (`claims.parts.difference`), and not to be told from it otherwise.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from payguide.base.atomic import atomic_folder
from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.errors import InputError, UnreadableFile, WrongShape
from payguide.base.estimates import Estimate, Published
from payguide.base.figure_id import band
from payguide.guide import (
    card,
    charts,
    discovery,
    drawings,
    embed,
    layout,
    numbers,
    own,
    site,
    sums,
    theme,
    words,
)
from payguide.guide import edition as edition_files
from payguide.guide.claims.parts import difference
from payguide.guide.shown import Shown, show

#: The form of editions.json, and what it is called.
FORMAT: Final = "payguide-editions/1"
LISTING: Final = "editions.json"

_COMPONENTS: Final = ("base", "total")

#: The levels that are compared; "any" is all together.
_LEVELS: Final = ("any", *map(str, LADDER))


@dataclass(frozen=True, slots=True)
class Compared:
    """One level's median pay of every role: a chart a component, and in words who earns more or less."""

    level: str
    name: str
    years: str
    charts: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """One edition on the page: where it lies, and its medians by component and level."""

    folder: str
    title: str
    name: str
    population: str
    medians: Mapping[str, tuple[Shown, ...]]
    tested: bool
    audited: str
    desk: Mapping[str, str]


def together(
    editions: Sequence[Edition], url: str = "", says: Mapping[str, object] | None = None
) -> list[Edition]:
    """The editions, each told which others lie beside it, its address where all lie at `url`, which ends in /, and
    what else every manifest `says`.
    """
    several = len(editions) > 1
    beside = [{"slug": _slug(edition), "name": _name(edition)} for edition in editions]
    return [
        replace(
            edition,
            manifest={
                **edition.manifest,
                **(says or {}),
                **({"beside": beside} if several else {}),
                **({"url": f"{url}{_slug(edition)}/" if several else url} if url else {}),
            },
        )
        for edition in editions
    ]


def address(manifest: Mapping[str, object]) -> str:
    """The `url` of all editions that lie beside one, itself among them; empty where none is known."""
    url = str(manifest.get("url", ""))
    return url.removesuffix(f"{manifest.get('slug')}/") if slugs_beside(manifest) else url


def slugs_beside(manifest: Mapping[str, object]) -> list[str]:
    """The roles of the editions that lie side by side with one, itself among them; none for one alone."""
    beside = manifest.get("beside")
    return [str(one["slug"]) for one in beside] if isinstance(beside, list) else []


def write(
    editions: Sequence[Edition],
    folder: Path,
    tick: Callable[[str, int, int | None], None],
    *,
    force: bool = False,
) -> None:
    """Write editions with their sites: one into `folder` itself, several into a folder each below the page over
    them, and the list of all their files. `tick` is told of each.

    They take the place of an edition in `folder` as a whole, or leave it as it is; what else lies there stays.

    Raises:
        UsageError: something else lies there (`sums.own`), or where a new file is to be.
        OSError: they cannot be written.
    """
    with atomic_folder(folder, lambda new: sums.own(folder, new, force=force), last=sums.SUMS) as made:
        marks = []
        for done, edition in enumerate(editions):
            tick("drawing the pages", done, len(editions))
            place = made / _slug(edition) if len(editions) > 1 else made
            edition_files.write(edition, place)
            marks.append(edition_files.fingerprint(edition, place))
            site.render(edition, place, marks[-1])
            sums.seal(place)
        if len(editions) > 1:
            render(editions, made, marks)
            sums.seal(made)


def render(editions: Sequence[Edition], folder: Path, marks: Sequence[str]) -> list[Path]:
    """Write the page over editions, its listing and its style into `folder`; return their paths. `marks` are the
    editions' fingerprints.

    The editions lie in the folders of their roles' slugs below it, all of one currency.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "format": FORMAT,
        **({"notice": notice} if (notice := own.notice(editions[0])) else {}),
        "editions": [_entry(edition, mark) for edition, mark in zip(editions, marks, strict=True)],
    }
    listing = json.dumps(data, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    context = _context(editions)
    cited = layout.citation(context["edition"], hashlib.sha256(listing.encode()).hexdigest())
    written: dict[str, str | bytes] = {
        "index.html": layout.environment().get_template("shelf.html.j2").render({**context, "cited": cited}),
        **theme.files_of(editions[0]),
        LISTING: listing,
        card.FILE: _picture(context),
        **drawings.files_of(
            [chart for level in context["compared"] for _, _, chart, _ in level.charts],
            context["edition"],
            coverage=numbers.percent(context["coverage"]),
            source=cited,
        ),
    }
    if not notice:
        below = [str(page.relative_to(folder).as_posix()) for page in folder.rglob("*.html")]
        others = [name for name in below if embed.FOLDER not in name.split("/")]
        files = {LISTING: "the editions with their files' fingerprints"}
        written = discovery.told(written, context["edition"], cited, files, below=others)
    return layout.write(written, folder, notice)


def _picture(context: Mapping[str, Any]) -> bytes:
    """The picture of a link to the page: the medians of base pay at all levels."""
    told = context["edition"]
    medians = next(chart for component, _, chart, _ in context["compared"][0].charts if component == "base")
    return card.shelf_card(told["title"], told["population"], told["date_words"], medians)


def listed(folder: Path) -> list[str]:
    """The slugs of the roles whose editions lie in a folder that `render` wrote.

    Raises:
        InputError: there is no listing in it.
        UnreadableFile, WrongShape: it is no JSON, or of another form.
    """
    path = folder / LISTING
    remedy = "Build one with `payguide build --role all --out FOLDER`"
    if not path.is_file():
        raise InputError(f"there is no {LISTING} here", where=str(folder), remedy=remedy)
    try:
        data = json.loads(path.read_bytes())
        if data["format"] != FORMAT:
            raise WrongShape(f"not a listing of the form {FORMAT}", where=str(path), remedy=remedy)
        return [str(edition["slug"]) for edition in data["editions"]]
    except ValueError as error:
        raise UnreadableFile(f"not JSON: {error}", where=str(path), remedy=remedy) from error
    except (KeyError, TypeError) as error:
        raise WrongShape(f"not a whole listing: {error}", where=str(path), remedy=remedy) from error


def table(editions: Sequence[Edition]) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """The title, the columns and two rows a role for the command line: medians of base and total by level."""
    columns = ("role", "pay", *(f">{words.level_name(level)}" for level in _LEVELS))
    rows = [
        (
            one.name if component == "base" else "",
            component,
            *(f"{shown.text} ({shown.interval})" if shown.published else shown.text for shown in medians),
        )
        for one in map(_listed, _ordered(editions))
        for component, medians in one.medians.items()
    ]
    manifest = editions[0].manifest
    title = f"Medians of pay ({manifest.get('currency', '')} a year, {manifest.get('date', '')})"
    return title, columns, rows


def _ordered(editions: Sequence[Edition]) -> list[Edition]:
    """The editions that test another guide before the others."""
    return sorted(editions, key=lambda edition: not edition.verdicts)


def _slug(edition: Edition) -> str:
    return str(edition.manifest.get("slug", ""))


def _name(edition: Edition) -> str:
    return str(edition.manifest.get("role_name", edition.manifest.get("title", "")))


def _many(edition: Edition) -> str:
    """What the people of the edition's role are called: "ML engineers"."""
    return str(edition.manifest.get("many", _name(edition)))


def _entry(edition: Edition, mark: str) -> dict[str, str]:
    told = ("slug", "title", "role", "date", "country", "currency", "evidence_version", "code_version")
    known = {key: str(edition.manifest.get(key, "")) for key in told}
    return {**known, "sha256": mark}


def _listed(edition: Edition) -> Listed:
    head = layout.head(edition)
    return Listed(
        folder=_slug(edition),
        title=str(edition.manifest.get("title", "")),
        name=_name(edition),
        population=str(edition.manifest.get("population", "")),
        medians={
            component: tuple(show(edition.figures, _id(level, component)) for level in _LEVELS)
            for component in _COMPONENTS
        },
        tested=bool(edition.verdicts),
        audited=head["audited"],
        desk=head["desk"],
    )


def _id(level: str, component: str) -> str:
    return str(band(level, component))


def _median(edition: Edition, level: str, component: str) -> Estimate | None:
    found = edition.figures.get(_id(level, component))
    return found.estimate if isinstance(found, Published) else None


def _context(editions: Sequence[Edition]) -> dict[str, Any]:
    """Everything the page shows; the first edition is what the others are compared with."""
    editions = _ordered(editions)
    reference = editions[0]
    everyone = numbers.joined([_many(edition) for edition in editions])
    head = layout.head(reference)
    return {
        "edition": {
            **head,
            "title": f"{own.MARK}: salary guides" if head["notice"] else "Salary guides",
            "own": "",
            "corrects": {},
            "feed": "",
            "population": everyone[:1].upper() + everyone[1:],
            "desk": {},
            "url": address(reference.manifest),
        },
        "editions": [_listed(edition) for edition in editions],
        "levels": [words.level_name(level) for level in _LEVELS],
        "compared": [_compared(editions, reference, level) for level in _LEVELS],
        "reference": _many(reference),
        "coverage": layout.coverage(reference),
    }


def _compared(editions: Sequence[Edition], reference: Edition, level: str) -> Compared:
    drawn = []
    for component in _COMPONENTS:
        name = words.word("components", component)
        title = f"{name.capitalize()}, median, {words.level_name(level).lower()}"
        rows = tuple((_name(edition), _median(edition, level, component)) for edition in editions)
        dots = charts.Dots(
            f"roles-{level}-{component}",
            title,
            rows,
            zero=False,
            from_zero=False,
            colour=component,
            folders=tuple(map(_slug, editions)),
        )
        said = against(editions, reference, level, component)
        drawn.append((component, name, charts.dots_svg(dots), said))
    return Compared(level, words.level_name(level), words.level_years(level), tuple(drawn))


def against(editions: Sequence[Edition], reference: Edition, level: str, component: str) -> str:
    """Who earns more or less than the reference at a level, in one sentence without figures."""
    base = _median(reference, level, component)
    if base is None:
        return f"There is too little evidence on {_many(reference)} to compare."
    sorted_out: dict[str, list[str]] = {"more": [], "less": [], "unsure": [], "thin": []}
    for edition in editions:
        if edition is not reference:
            sorted_out[_side(_median(edition, level, component), base)].append(_many(edition))
    said = {
        "more": "{} earn more than {}",
        "less": "{} earn less than {}",
        "unsure": "{} show no clear difference from {}",
        "thin": "there is too little evidence on {}",
    }
    clauses = [
        said[side].format(numbers.joined(who), _many(reference)) for side, who in sorted_out.items() if who
    ]
    text = "; ".join(clauses)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _side(median: Estimate | None, reference: Estimate) -> str:
    """Where a median lies against the reference's, by the interval of their difference."""
    if median is None:
        return "thin"
    _, low, high = difference(median, reference)
    return "more" if low > 0 else "less" if high < 0 else "unsure"
