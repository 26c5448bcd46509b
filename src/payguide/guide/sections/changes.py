"""The page of what changed since an earlier edition: every number is a figure's of one of the two editions, marked as
its own, or a change worked out from both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment

from payguide.base.edition import Edition, Judgement
from payguide.base.estimates import Estimate, Figure, Published
from payguide.base.figure_id import parse
from payguide.guide import changes, charts, numbers, words
from payguide.guide.changes import EARLIER, SAID, Movement, told
from payguide.guide.codec import figure_from
from payguide.guide.sections.evidence import heading
from payguide.guide.shown import Shown, show

#: The page.
PAGE: Final = "changes.html"

#: What is said of a figure by whether the earlier edition and this one publish it, where not both do.
_ONE_SIDED: Final = {
    (False, True): "newly published",
    (True, False): "no longer published",
    (False, False): "in neither edition",
}

#: How a figure is told that an edition does not publish.
_STATES: Final = {"withheld": "withheld", "unknown": "not known", "published": "not repeated"}


@dataclass(frozen=True, slots=True)
class Line:
    """One figure in both editions; `change` and `interval` are empty where it cannot be said. `said` says in words
    whether the change is more than chance can make, `state` what the earlier edition has where it has no value to show.
    """

    name: str
    was: Shown
    state: str
    now: Shown
    change: str
    interval: str
    said: str
    movement: str
    remade: bool


@dataclass(frozen=True, slots=True)
class Ruled:
    """One claim whose verdict is another, with the figures that decide it, before and now."""

    id: str
    sentence: str
    was: Mapping[str, str]
    now: Mapping[str, str]
    retested: bool
    lines: tuple[Line, ...]


def page(edition: Edition) -> str:
    """The page's name; "" where there is no earlier edition."""
    return PAGE if told(edition) else ""


def earlier_figures(edition: Edition) -> dict[str, Figure]:
    """The earlier edition's figures that are named."""
    return {name: figure_from(data) for name, data in told(edition).get("was", {}).items()}


def corrected(edition: Edition) -> list[Shown]:
    """The figures that changed where the edition corrects another, the medians by level first."""
    names = [str(one["id"]) for one in told(edition).get("corrected", ())]
    return [show(edition.figures, name) for name in sorted(names, key=lambda name: not changes.is_band(name))]


def files_of(edition: Edition, environment: Environment, head: Mapping[str, Any]) -> dict[str, str]:
    """The page; none without an earlier edition."""
    known = told(edition)
    if not known:
        return {}
    return {PAGE: environment.get_template(f"{PAGE}.j2").render(_context(edition, known) | {"edition": head})}


def _context(edition: Edition, known: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the page shows."""
    before = earlier_figures(edition)
    return {
        "told": known,
        "was": {**known[EARLIER], "date_words": numbers.day(str(known[EARLIER].get("date", "")))},
        "nothing": changes.nothing(known),
        "facts": _facts(known),
        "versions": _versions(known),
        "bands": bands(edition),
        "charts": [drawn for pay in ("base", "total") if (drawn := _chart(edition, before, pay))[1]],
        "moved": _moved(known["moved"], before, edition.figures),
        "corrected": _moved(known.get("corrected", ()), before, edition.figures),
        "published": _new(known, before, edition.figures),
        "withheld": [(show(edition.figures, one["id"]), one["was"] == "published") for one in known["withheld"]],
        "gone": [words.name(one["id"], one["label"]) for one in known["gone"]],
        "ruled": [_ruled(one, edition, before) for one in known["verdicts"]["changed"]],
        "came": [v for v in edition.verdicts if v.claim.id in known["verdicts"]["came"]],
        "sources": _sources(edition, known),
        "by_chance": (1 - known["coverage"]) * known["counted"]["judged"],
    }  # fmt: skip


def _moved(
    entries: Iterable[Mapping[str, Any]], before: Mapping[str, Figure], now: Mapping[str, Figure]
) -> list[tuple[str, list[Line]]]:
    """Figures that moved, by heading."""
    lines = [line(one, before, now) for one in entries]
    titles = dict.fromkeys(heading(one.now.id) for one in lines)
    return [(title, [one for one in lines if heading(one.now.id) == title]) for title in titles]


def line(one: Mapping[str, Any], before: Mapping[str, Figure], now: Mapping[str, Figure]) -> Line:
    """A figure's two values and what is said of its change; without a movement it is not published in both."""
    name = one["id"]
    was, is_now = show(before, name), show(now, name)
    movement = str(one.get("movement", ""))
    why = f": {one['why']}" if one.get("why") else ""
    change, interval = texts(one, now.get(name))
    return Line(
        name=words.inside(name, is_now.name),
        was=was,
        state=_STATES.get(one["was"], one["was"]),
        now=is_now,
        change=change,
        interval=interval,
        said=f"{SAID[Movement(movement)]}{why}"
        if movement
        else _ONE_SIDED[one["was"] == "published", is_now.published],
        movement=movement or "none",
        remade=bool(one.get("remade")),
    )


def texts(one: Mapping[str, Any], figure: Figure | None) -> tuple[str, str]:
    """A change and its interval as they are written: ("+3.2%", "−1.0% to +7.6%"); "" for what is not known."""
    if "change" not in one or not isinstance(figure, Published):
        return "", ""
    unit, relative = figure.estimate.unit, bool(one["relative"])
    ends = [numbers.change(one[end], unit, relative=relative) for end in ("low", "high") if end in one]
    same = one["movement"] == Movement.SAME
    return numbers.change(one["change"], unit, relative=relative), "" if same else " to ".join(ends)


def bands(edition: Edition) -> list[tuple[str, str, Line]]:
    """The medians: the level's name, the component, before and now."""
    before = earlier_figures(edition)
    return [
        (words.level_name(of.get("level")), of.get("component"), line(one, before, edition.figures))
        for one in told(edition)["bands"]
        for of in [parse(one["id"])]
    ]


def _facts(known: Mapping[str, Any]) -> list[tuple[str, int, str]]:
    """What happened, in numbers: a key, how many, of what."""
    counted, verdicts = known["counted"], known["verdicts"]
    facts = [
        ("moved", counted["up"] + counted["down"], "figures moved by more than chance makes"),
        ("chance", counted["chance"], "moved by no more than chance can make"),
        ("same", counted["same"], "are the same"),
        ("published", len(known["published"]), "are newly published"),
        ("withheld", len(known["withheld"]), "are newly kept back"),
        ("gone", len(known["gone"]), "are gone"),
        ("verdicts", len(verdicts["changed"]), "verdicts changed"),
        ("sources", sum(map(len, known["sources"].values())), "sources came, went or changed"),
    ]
    return [fact for fact in facts if fact[1] or fact[0] == "moved"]


def _versions(known: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What each edition says of itself: the date, the evidence, the code, and what else differs."""
    rows = [
        (name, str(known[EARLIER].get(key, "")), str(known["this"].get(key, "")))
        for key, name in (
            ("title", "Title"),
            ("population", "Population"),
            ("date", "Date"),
            ("evidence_version", "Evidence"),
            ("code_version", "Code"),
        )
    ]
    return [row for row in rows if row[0] in ("Date", "Evidence", "Code") or row[1] != row[2]]


def _new(
    known: Mapping[str, Any], before: Mapping[str, Figure], now: Mapping[str, Figure]
) -> list[tuple[str, list[tuple[Shown, Shown]]]]:
    """What is newly published, as it was before and is now, by heading."""
    pairs = [(show(before, one["id"]), show(now, one["id"])) for one in known["published"]]
    titles = dict.fromkeys(heading(now.id) for _, now in pairs)
    return [(title, [pair for pair in pairs if heading(pair[1].id) == title]) for title in titles]


def _median(figures: Mapping[str, Figure], name: str) -> Estimate | None:
    found = figures.get(name)
    return found.estimate if isinstance(found, Published) else None


def _chart(edition: Edition, before: Mapping[str, Figure], component: str) -> tuple[str, str]:
    """Medians of a component before and now, level by level; "" where neither edition publishes one."""
    rows: list[tuple[str, Estimate | None]] = []
    for level, pay, known in bands(edition):
        if pay == component:
            rows.append((level, _median(edition.figures, known.now.id)))
            rows.append(("before", _median(before, known.now.id)))
    name = words.word("components", component)
    dots = charts.Dots(
        f"changes-{component}",
        f"{name.capitalize()}, median, now and before",
        tuple(rows),
        zero=False,
        from_zero=False,
        colour=component,
        folders=(".", EARLIER) * (len(rows) // 2),
    )  # fmt: skip
    drawn = charts.dots_svg(dots)
    return (name, drawn) if drawn else ("", "")


def _ruled(one: Mapping[str, Any], edition: Edition, before: Mapping[str, Figure]) -> Ruled:
    sentence = next(v.claim.sentence for v in edition.verdicts if v.claim.id == one["id"])
    marks = [
        {"name": said, "slug": words.slug(Judgement(said)), "mark": words.mark(Judgement(said))}
        for said in (one["was"], one["now"])
    ]
    lines = tuple(line(figure, before, edition.figures) for figure in one["deciding"])
    return Ruled(one["id"], sentence, marks[0], marks[1], one["retested"], lines)


def _sources(edition: Edition, known: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each source that came, went or changed: its title, what became of it, and its counts before and now."""
    was, now = known[EARLIER]["sources"], changes.source_counts(edition)
    rows = []
    for key, said in (("came", "new"), ("gone", "gone"), ("changed", "changed")):
        for name in known["sources"][key]:
            old, new = was.get(name, {}), now.get(name, {})
            rows.append(
                {
                    "name": name,
                    "title": (new or old).get("title", name),
                    "said": said,
                    "retrieved": (old.get("retrieved", ""), new.get("retrieved", "")),
                    "counts": [(count, old.get(count), new.get(count)) for count in changes.COUNTS],
                }
            )
    return rows
