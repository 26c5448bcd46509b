"""How well the estimator does on statements kept back from it, beside its references: a model's back-test as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from payguide.guide import numbers, words

#: The protocols in their order; the one whose slices are shown, and the fewest statements of a slice that is.
_PROTOCOLS = ("rows", "employers", "dates")
_SLICED, _FEWEST = "rows", 500


@dataclass(frozen=True, slots=True)
class Score:
    """One method's mean pinball loss of ln pay, share of statements between P10 and P90, and ln(P90 / P10); `key` is
    its place in the back-test, `best` whether no other method lost less.
    """

    key: str
    name: str
    pinball: float
    coverage: float
    width: float
    best: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Some statements kept back, how many, and what each method got of them, the estimator first."""

    kept_back: str
    component: str
    slice: str
    n: int
    scores: tuple[Score, ...]

    @property
    def other(self) -> Score | None:
        """The best of the methods beside the estimator; None where it stands alone."""
        return min(self.scores[1:], key=lambda score: score.pinball, default=None)


@dataclass(frozen=True, slots=True)
class Tested:
    """A back-test: `lines` over all statements kept back, `slices` of them. `gain` says for each component by
    which fraction the estimator lost less than the best reference on statements kept back a quarter at a time.
    """

    coverage: float
    lines: tuple[Line, ...]
    slices: tuple[Line, ...]
    gain: tuple[tuple[str, float], ...]
    not_installed: tuple[str, ...]


def tested(model: Mapping[str, Any] | None, titles: Mapping[str, str]) -> Tested | None:
    """The back-test that a model carries; None where it carries none. `titles` name sources as a reader knows them."""
    found = (model or {}).get("backtest")
    if not isinstance(found, Mapping):
        return None
    lines, slices, gain = [], [], []
    # a file's keys are sorted: the order is the list's
    order = found["methods"]
    for protocol in _PROTOCOLS:
        for component, one in found["protocols"].get(protocol, {}).items():
            where = (protocol, component)
            line = _line(where, "", one, order, titles)
            lines.append(line)
            if protocol == _SLICED:
                if line.other:
                    gain.append((component, 1 - line.scores[0].pinball / line.other.pinball))
                shown = {name: part for name, part in one["slices"].items() if part["n"] >= _FEWEST}
                slices += [_line(where, name, part, order, titles) for name, part in shown.items()]
    return Tested(
        float(found["coverage"]), tuple(lines), tuple(slices), tuple(gain), tuple(found["not_installed"])
    )


def _line(
    where: tuple[str, str],
    part: str,
    found: Mapping[str, Any],
    order: Sequence[str],
    titles: Mapping[str, str],
) -> Line:
    """One part of the statements that a protocol keeps back of a component."""
    methods = found["methods"]
    least = min(one["pinball"] for one in methods.values())
    scores = tuple(
        Score(
            key=".".join(filter(None, (*where, part, method))),
            name=words.word("methods", method),
            pinball=methods[method]["pinball"],
            coverage=methods[method]["coverage"],
            width=methods[method]["width"],
            best=methods[method]["pinball"] == least,
        )
        for method in order
    )
    protocol, component = where
    names = (words.word("kept_back", protocol), words.word("components", component))
    return Line(*names, slice_name(part, titles), int(found["n"]), scores)


def slice_name(part: str, titles: Mapping[str, str]) -> str:
    """A slice as a reader says it: "role=ml_engineer" is "ML engineer", a source by its title."""
    name, _, value = part.partition("=")
    if name == "level":
        return words.level_name(value)
    if name == "source" and value in titles:
        return titles[value]
    if name == "statements":
        several = value if value == "0" or "-" in value else f"{int(value):,} or more"
        return f"Employers with {several} statements in the fit"
    if name == "metro" and (place := words.place_name(value)):
        return place
    table = {"role": "roles", "kind": "kinds"}.get(name, name)
    said = words.word(table, value) if part else ""
    return said[:1].upper() + said[1:]


def table(found: Tested) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """The title, columns and rows of the whole for the command line."""
    columns = ("kept back", "pay", "slice", ">n", "method", ">pinball", ">P10-P90 held", ">width")
    rows: list[tuple[str, ...]] = [
        (line.kept_back, line.component, line.slice, numbers.count(line.n), score.name, f"{score.pinball:.4f}",
         numbers.percent(score.coverage, digits=1), f"{score.width:.3f}")
        for line in (*found.lines, *found.slices)
        for score in line.scores
    ]  # fmt: skip
    return "Back-test: loss of ln annual pay on statements kept back", columns, rows
