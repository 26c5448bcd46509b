"""The ids of figures, such as `band.senior.base.p50`: the one place that writes and reads them.

Every kind of figure is a `Form` of figure_id.toml: how its id is written, its unit, the page and the heading its
evidence stands under, what its n counts, and its label. Nobody else takes an id to pieces.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from payguide.base.codes import LADDER, Component, Level
from payguide.base.errors import WrongShape
from payguide.base.estimates import Unit

#: The heading of figures whose form is not known: another payguide's.
OTHER: Final = "Other"

_FIELD: Final = re.compile(r"\{(\w++)\}")
_QUANTILE: Final = re.compile(r"p(\d\d)")


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of figure. `id` is its id with fields in braces, `among` the population of a narrower band; `market`
    tells whether it is of the market's model and frame, its sources beside it as a check.
    """

    name: str
    id: str
    unit: Unit
    heading: str
    label: str
    page: str = "evidence"
    counts: str = "pieces of evidence"
    among: str = ""
    component: str = ""
    quantile: float | None = None
    dimension: str = ""
    market: bool = False

    @property
    def kind(self) -> str:
        """The first part of its ids: "band" for bands of all populations."""
        return self.id.partition(".")[0]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the id's fields, in their order."""
        return _fields_of(self.id)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the form's ids match, a group to each field."""
        literal = re.escape(self.id).replace(r"\{", "{").replace(r"\}", "}")
        return re.compile(_FIELD.sub(r"(?P<\1>[^.]++)", literal))


@cache
def _fields_of(template: str) -> tuple[str, ...]:
    return tuple(_FIELD.findall(template))


@dataclass(frozen=True, slots=True)
class FigureId:
    """The id of one figure: its form, and the values of the form's fields in their order. `str` writes it."""

    form: Form
    values: tuple[str, ...]

    def __str__(self) -> str:
        """The id as files have it."""
        return self.form.id.format(**self.fields)

    @property
    def fields(self) -> dict[str, str]:
        """The values by the names of their fields."""
        return dict(zip(self.form.fields, self.values, strict=True))

    def get(self, field: str) -> str:
        """A field's value; empty where the form has no such field."""
        return self.fields.get(field, "")

    def with_(self, **fields: str) -> FigureId:
        """The id with other values of some fields."""
        return figure_id(self.form.name, **{**self.fields, **fields})

    @property
    def level(self) -> Level | None:
        """The level of the ladder that it is about; None for several."""
        found = self.get("level")
        return Level(found) if found in LADDER else None

    @property
    def component(self) -> Component | None:
        """The component of pay that it is about."""
        found = self.get("component") or self.form.component
        return Component(found) if found else None

    @property
    def quantile(self) -> float | None:
        """The quantile that it is: 0.25 for P25; None for what is none."""
        found = _QUANTILE.fullmatch(self.get("statistic"))
        return int(found[1]) / 100 if found else self.form.quantile

    @property
    def population(self) -> tuple[str, str]:
        """The one population that it is about: its dimension and value; empty words where it is not of one."""
        return self.form.dimension, self.get(self.form.dimension)

    def among(self, **said: str) -> str:
        """The population of a narrower band in words: "in New York". `said` replaces values of fields."""
        return _worded(self.form.among, {**self.fields, **said})

    def label(self, **said: str) -> str:
        """The figure's label: "Senior base pay, median". `said` are the fields that the id does not have, and values
        that stand in for the id's own, such as a metro's name for its code.
        """
        told = {**self.fields, **said}
        text = _worded(self.form.label, {**told, "among": _worded(self.form.among, told)})
        return text[:1].upper() + text[1:]


def _worded(template: str, fields: Mapping[str, str]) -> str:
    return template.format(**{name: word(name, value) for name, value in fields.items()})


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files("payguide.base") / "figure_id.toml").read_text(encoding="utf-8"))


@cache
def forms() -> Mapping[str, Form]:
    """Every form by its name, in the order of figure_id.toml: that of the headings on their pages."""
    return {
        name: Form(name=name, **{**told, "unit": Unit(told["unit"])})
        for name, told in _data()["form"].items()
    }


@cache
def _patterns() -> Mapping[tuple[str, int], list[tuple[Form, re.Pattern[str]]]]:
    """The forms by their first part and number of dots, those with the fewest fields first: `place.oews.error` before
    what any id of its shape would match.
    """
    found: dict[tuple[str, int], list[tuple[Form, re.Pattern[str]]]] = {}
    for form in sorted(forms().values(), key=lambda form: len(form.fields)):
        found.setdefault((form.kind, form.id.count(".")), []).append((form, form.pattern))
    return found


def word(field: str, value: str) -> str:
    """The word for a field's value; the value with spaces where there is none."""
    found = _data()["word"].get(field, {}).get(str(value))
    return str(value).replace("_", " ") if found is None else str(found)


def figure_id(form: str, **fields: str) -> FigureId:
    """The id of a form's figure: `figure_id("step", level="senior", component="base")`.

    Raises:
        KeyError: there is no such form, or a field of it is missing.
        ValueError: a field is not of the form, or a value cannot stand in an id.
    """
    known = forms()[form]
    values = tuple(str(fields[name]) for name in known.fields)
    if len(values) != len(fields):
        raise ValueError(f"the ids of {form} have the fields {known.fields}, not {tuple(fields)}")
    if not all(values) or any("." in value for value in values):
        raise ValueError(f"an id has no empty part and no dot in one: {fields}")
    return FigureId(known, values)


def band(level: str, component: str, statistic: str = "p50", *, top: bool = False) -> FigureId:
    """The id of a band's statistic, for all employers or those of the top tiers."""
    return figure_id("band_top" if top else "band", level=level, component=component, statistic=statistic)


def narrower_band(level: str, component: str, dimension: str, value: str, statistic: str = "p50") -> FigureId:
    """The id of a band of one value of a dimension, such as the metro 41860."""
    told = {"level": level, "component": component, "statistic": statistic, dimension: value}
    return figure_id(f"band_{dimension}", **told)


@lru_cache(maxsize=8192)
def find(text: str) -> FigureId | None:
    """The id that a text writes; None where no form is written so."""
    for form, pattern in _patterns().get((text.partition(".")[0], text.count(".")), ()):
        if found := pattern.fullmatch(text):
            return FigureId(form, tuple(found[name] for name in form.fields))
    return None


def parse(text: str) -> FigureId:
    """The id that a text writes.

    Raises:
        WrongShape: no form is written so.
    """
    found = find(text)
    if found is None:
        raise WrongShape(
            f"no figure has an id like {text!r}", remedy="base/figure_id.toml has the forms of ids"
        )
    return found


def of_form(ids: Iterable[str], *names: str) -> list[FigureId]:
    """Those ids that are of one of the named forms, in the order given."""
    return [found for text in ids if (found := find(text)) and found.form.name in names]


def stem(text: str) -> str:
    """All of an id but its last part: figures of one band have it in common."""
    return text.rpartition(".")[0]


def headings() -> tuple[str, ...]:
    """The headings of all pages, in their order, the one for what is not known last."""
    return (*dict.fromkeys(form.heading for form in forms().values()), OTHER)
