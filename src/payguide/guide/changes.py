"""What changed between two editions of one role: a pure function of what the two have published.

A change is *beyond chance* where the interval of the difference leaves out zero, by the square-and-add rule
(`claims.parts.difference`) on the figures' published intervals; money, ratios and counts are compared by their ratio
(on the log scale), shares and effects by their difference. The rule takes the two editions as independent. They share
most of their evidence, so that their figures err together and the interval is too wide: what is said to be beyond
chance is surely so, and a true change may be missed.

No earlier value is repeated that today's gate would keep back, nor one of a figure that this edition does not publish.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from payguide.base.codes import LADDER
from payguide.base.edition import Edition, Verdict
from payguide.base.estimates import Estimate, Figure, Published, Unit, Withheld
from payguide.base.figure_id import find, parse
from payguide.gate.rules import judge
from payguide.guide.claims.parts import difference
from payguide.guide.codec import figure_data, plain

#: Where an edition's manifest keeps what changed, and what a page calls the earlier edition's figures.
KEY: Final = "changes"
EARLIER: Final = "previous"
#: Where a manifest says which edition it corrects, and why.
CORRECTS: Final = "corrects"

#: What is counted of a source.
COUNTS: Final = ("records", "observations", "outliers")

_RELATIVE: Final = (Unit.MONEY, Unit.RATIO, Unit.COUNT)
#: What is told of both editions.
VERSIONS: Final = ("title", "date", "population", "evidence_version", "code_version")
_LEVELS: Final = ("any", *map(str, LADDER))
_PAY: Final = ("base", "bonus", "equity", "total")


class Movement(StrEnum):
    """What became of a figure that both editions publish."""

    SAME = "same"
    CHANCE = "chance"
    UP = "up"
    DOWN = "down"
    OPEN = "open"


#: The movements in a reader's words.
SAID: Final = {
    Movement.SAME: "the same",
    Movement.CHANCE: "no more than chance can make",
    Movement.UP: "higher, by more than chance makes",
    Movement.DOWN: "lower, by more than chance makes",
    Movement.OPEN: "cannot be judged",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in two editions. `change` in [low, high] is a fraction of the earlier value where `relative`, else a
    difference in the figure's own unit; None where the two are not alike. `why` says why it cannot be judged, `remade`
    whether the method's description is another.
    """

    id: str
    movement: Movement
    change: float | None = None
    low: float | None = None
    high: float | None = None
    relative: bool = False
    why: str = ""
    remade: bool = False

    @property
    def told(self) -> bool:
        """Whether it is more than chance makes, or cannot be judged."""
        return self.movement not in (Movement.SAME, Movement.CHANCE)


def compare(was: Estimate, now: Estimate) -> Change:
    """The change of one figure from its two estimates."""
    remade = was.method != now.method
    if (was.unit, was.currency) != (now.unit, now.currency):
        return Change(now.id, Movement.OPEN, why="its unit is another", remade=remade)
    relative = now.unit in _RELATIVE and min(was.low, now.low) > 0
    # to the digits that a file keeps, so that a page and a file say the same
    gap, low, high = plain(_apart(was, now, relative=relative))
    known = Change(now.id, Movement.SAME, gap, low, high, relative, remade=remade)
    if (was.value, was.low, was.high) == (now.value, now.low, now.high):
        return known
    if not math.isclose(was.coverage, now.coverage):
        why = "its intervals have different coverage"
        return replace(known, movement=Movement.OPEN, low=None, high=None, why=why)
    if not now.coverage:
        why = "it is published without an interval"
        return replace(known, movement=Movement.OPEN, low=None, high=None, why=why)
    moved = Movement.UP if low > 0 else Movement.DOWN if high < 0 else Movement.CHANCE
    return replace(known, movement=moved)


def _apart(was: Estimate, now: Estimate, *, relative: bool) -> tuple[float, float, float]:
    """The change and its interval: of the ratio less one where `relative`, else of the difference."""
    if not relative:
        return difference(now, was)
    gap, low, high = (math.expm1(end) for end in difference(_logged(now), _logged(was)))
    return gap, low, high


def _logged(estimate: Estimate) -> Estimate:
    value, low, high = (math.log(end) for end in (estimate.value, estimate.low, estimate.high))
    return replace(estimate, value=value, low=low, high=high)


def between(old: Edition, new: Edition, *, sha256: str = "", corrected: bool = False) -> dict[str, Any]:
    """What changed from `old` to `new`, in the plain form that a manifest keeps; `sha256` is that of the earlier
    edition's file. The two are of one role, country and currency.

    `bands` are the medians by level and component, `moved` all other figures that changed by more than chance makes or
    that cannot be judged, `corrected` all figures that changed, where the new edition corrects the old one, `was` the
    earlier figures that are named, as edition.json has them.
    """
    before = _passed(old.figures)
    found = {change.id: change for change in _changes(old.figures, before, new.figures)}

    def entry(name: str) -> dict[str, Any]:
        states = {"id": name, "was": _state(old.figures.get(name)), "now": _state(new.figures.get(name))}
        return {**states, **_plain(found[name])} if name in found else states

    known = {
        EARLIER: {**_says(old), "sha256": sha256, "sources": source_counts(old)},
        "this": _says(new),
        "counted": _counted(found.values()),
        "coverage": max((e.coverage for e in map(_estimate, new.figures.values()) if e), default=0.0),
        "bands": [entry(name) for name in bands(before, new.figures)],
        "moved": [entry(name) for name, change in found.items() if change.told and not is_band(name)],
        "corrected": [entry(name) for name, change in found.items() if corrected and change.movement != Movement.SAME],
        "published": [entry(n) for n, f in new.figures.items() if _estimate(f) and not _estimate(old.figures.get(n))],
        "withheld": [entry(name) for name in _kept_back(old.figures, new.figures)],
        "gone": [
            {"id": name, "label": estimate.label}
            for name, figure in old.figures.items()
            if (estimate := _estimate(figure)) and name not in new.figures
        ],
        "verdicts": _verdicts(old, new, entry),
        "sources": _sources(source_counts(old), source_counts(new)),
        "rules": _rules(old.manifest.get("rules"), new.manifest.get("rules")),
    }  # fmt: skip
    return {**plain(known), "was": {name: figure_data(before[name]) for name in _named(known, before, new)}}


def told(edition: Edition) -> Mapping[str, Any]:
    """What an edition's manifest says has changed; empty where it names no earlier edition."""
    found = edition.manifest.get(KEY)
    return found if isinstance(found, Mapping) else {}


def nothing(known: Mapping[str, Any]) -> bool:
    """Whether two editions say the same: no figure, verdict, source, rule or version differs."""
    versions = all(known[EARLIER].get(key) == known["this"].get(key) for key in VERSIONS)
    lists = [known[name] for name in ("moved", "published", "withheld", "gone")]
    lists += [*known["sources"].values(), *(known["verdicts"][name] for name in ("changed", "came", "gone"))]
    counted = known["counted"]
    quiet = (
        versions and not any(lists) and not known["rules"]["changed"] and not known["verdicts"]["other_guide"]
    )
    return quiet and counted["same"] == counted["compared"]


def is_band(name: str) -> bool:
    """Whether a figure is the median of a level and a component: `band.senior.base.p50`."""
    found = find(name)
    return found is not None and found.form.name == "band" and found.get("statistic") == "p50"


def bands(before: Mapping[str, Figure], now: Mapping[str, Figure]) -> list[str]:
    """The medians of either edition: all levels first, then rising, base pay before total."""

    def place(name: str) -> tuple[int, int, str]:
        level, component = (parse(name).get(field) for field in ("level", "component"))
        order = [
            words.index(one) if one in words else 99 for words, one in ((_LEVELS, level), (_PAY, component))
        ]
        return order[0], order[1], name

    return sorted((name for name in {*before, *now} if is_band(name)), key=place)


def _passed(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """Figures as today's gate lets them out."""
    again = judge(figure.estimate for figure in figures.values() if isinstance(figure, Published))
    return {**figures, **again}


def _estimate(figure: Figure | None) -> Estimate | None:
    return figure.estimate if isinstance(figure, Published) else None


def _changes(
    old: Mapping[str, Figure], passed: Mapping[str, Figure], new: Mapping[str, Figure]
) -> Iterator[Change]:
    """The change of every figure that both editions publish; `passed` are the earlier ones that may be repeated."""
    for name, figure in new.items():
        now = _estimate(figure)
        if now is None or _estimate(old.get(name)) is None:
            continue
        was = _estimate(passed[name])
        yield (
            compare(was, now)
            if was
            else Change(name, Movement.OPEN, why="today's rules keep its earlier value back")
        )


def _state(figure: Figure | None) -> str:
    return type(figure).__name__.lower() if figure else "not estimated"


def _kept_back(old: Mapping[str, Figure], new: Mapping[str, Figure]) -> list[str]:
    """What is withheld and was not, and what was published and is not known any more."""
    found = []
    for name, figure in new.items():
        newly = isinstance(figure, Withheld) and not isinstance(old.get(name), Withheld)
        if newly or (_estimate(old.get(name)) and not _estimate(figure)):
            found.append(name)
    return found


def _plain(change: Change) -> dict[str, Any]:
    known = {
        "id": change.id,
        "movement": change.movement,
        "change": change.change,
        "low": change.low,
        "high": change.high,
        "relative": change.relative,
        "why": change.why,
        "remade": change.remade,
    }
    return {key: value for key, value in known.items() if value not in (None, "")}


def _counted(changes: Collection[Change]) -> dict[str, int]:
    """How many figures both editions publish, what became of them, and how many differ and can be judged."""
    counts = {str(movement): sum(one.movement is movement for one in changes) for movement in Movement}
    judged = counts[Movement.UP] + counts[Movement.DOWN] + counts[Movement.CHANCE]
    return {"compared": len(changes), "judged": judged, **counts}


def _says(edition: Edition) -> dict[str, str]:
    return {key: str(edition.manifest[key]) for key in VERSIONS if key in edition.manifest}


def source_counts(edition: Edition) -> dict[str, dict[str, Any]]:
    """What is counted of each source, with its title and the day it was retrieved."""
    cards = edition.manifest.get("sources")
    if not isinstance(cards, Mapping):
        return {}
    return {
        str(name): {
            "title": str(card.get("title", name)),
            "retrieved": str(card.get("retrieved", "")),
            **{key: int(card[key]) for key in COUNTS if isinstance(card.get(key), int | float)},
        }
        for name, card in sorted(cards.items())
        if isinstance(card, Mapping)
    }


def _sources(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> dict[str, list[str]]:
    return {
        "came": [name for name in new if name not in old],
        "gone": [name for name in old if name not in new],
        "changed": [
            name
            for name in new
            if name in old and any(old[name].get(key) != new[name].get(key) for key in ("retrieved", *COUNTS))
        ],
    }


def _rules(old: object, new: object) -> dict[str, Any]:
    """The gate's rules whose bounds changed. `known` is false where an edition does not record them."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return {"known": False, "changed": []}
    was, now = dict(_bounds(old)), dict(_bounds(new))
    changed = [
        {"rule": name, "was": was.get(name, ""), "now": now.get(name, "")}
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    ]
    return {"known": True, "changed": changed}


def _bounds(rules: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, rule in rules.items():
        for key, value in rule.items() if isinstance(rule, Mapping) else (("", rule),):
            if key != "reference":
                yield f"{name} {key}".strip().replace("_", " "), str(value)


def _guide(edition: Edition) -> str:
    told = edition.manifest.get("published_guide")
    return str(told.get("name", "")) if isinstance(told, Mapping) else ""


def _verdicts(old: Edition, new: Edition, entry: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """The claims whose verdict changed, those that are tested only now and no more; by the claims' ids."""
    was = {verdict.claim.id: verdict for verdict in old.verdicts}
    now = {verdict.claim.id: verdict for verdict in new.verdicts}
    if was and now and _guide(old) != _guide(new):
        return {"other_guide": True, "changed": [], "came": [], "gone": []}
    return {
        "other_guide": False,
        "changed": [
            _verdict(was[name], verdict, entry)
            for name, verdict in now.items()
            if name in was and was[name].judgement != verdict.judgement
        ],
        "came": [name for name in now if name not in was],
        "gone": [
            {"id": name, "sentence": one.claim.sentence, "was": str(one.judgement)}
            for name, one in was.items()
            if name not in now
        ],
    }


def _verdict(was: Verdict, now: Verdict, entry: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    tests = [(one.claim.test, one.claim.stated, one.claim.figures) for one in (was, now)]
    return {
        "id": now.claim.id,
        "was": str(was.judgement),
        "now": str(now.judgement),
        "deciding": [entry(name) for name in now.deciding or was.deciding],
        "retested": tests[0] != tests[1],
    }


def named(known: Mapping[str, Any]) -> set[str]:
    """The ids of all figures that what changed speaks of, but those that are gone."""
    entries = [
        one for key in ("bands", "moved", "corrected", "published", "withheld") for one in known.get(key, ())
    ]
    entries += [one for verdict in known["verdicts"]["changed"] for one in verdict["deciding"]]
    return {str(one["id"]) for one in entries}


def _named(known: Mapping[str, Any], before: Mapping[str, Figure], new: Edition) -> list[str]:
    """The earlier figures that are named: values only of what this edition publishes too, else only why there is
    none.
    """
    names = sorted(named(known) & set(before))
    return [name for name in names if _estimate(new.figures.get(name)) or not _estimate(before[name])]
