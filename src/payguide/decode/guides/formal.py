"""From what a guide asserts to a formal test of it: which figures decide, and what must hold of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from payguide.base.codes import LADDER, TOP_TIERS, Component
from payguide.base.edition import Claim
from payguide.base.estimates import Unit
from payguide.base.figure_id import band, figure_id, narrower_band
from payguide.base.guides import Assertion, GuideClaim, Measure, Whose
from payguide.base.money import annual
from payguide.base.reference.country import Country, country, default_country
from payguide.base.reference.levels import level_of_years
from payguide.decode.guides import effects
from payguide.decode.guides.effects import Test, Untested, metro_of

#: One figure without more is read as about so much; what pay reaches, as within a tenth.
_ABOUT: Final = 0.05
_REACHED: Final = 0.1
_QUANTILES: Final = ("p10", "p25", "p50", "p75", "p90")
#: What people can earn: at least one in ten of them.
_CAN: Final = 0.1
_REPORTED: Final = re.compile(r"\breport(?:ed|s)\b", re.IGNORECASE)

_STARTS: Final = "Where pay starts is read as between the tenth and the twenty-fifth percentile."
_REACHES: Final = "What pay reaches is read as the ninetieth percentile, within a tenth."
_SHARES: Final = "We read can, or have reported, as at least one in ten of them."
_QUARTER: Final = "We read can as at least a quarter of them."


def formal(one: GuideClaim) -> GuideClaim:
    """A claim with its formal test; without one where no figure of an edition tests it, and why."""
    if one.claim is not None:
        return one
    try:
        name, test, figures, stated, options = _MAKERS[one.kind](one)
    except Untested as why:
        return replace(one, why_not=str(why))
    kept = {key: value for key, value in options.items() if value != ""}
    return replace(one, claim=Claim(name, one.sentence, test, figures, stated, kept))


def _pay(one: GuideClaim) -> Test:
    """An amount: a band, an average, a percentile, where pay starts or what it reaches."""
    low, high = _annual(one)
    effects.refuse_one_employer(one.whose)
    if one.component in (Component.BONUS, Component.EQUITY):
        raise Untested(f"an edition has no figure of {one.component} alone")
    levels = _levels(one.whose)
    component = one.component or Component.BASE
    options = {"section": "levels", "level": levels[0] if levels[0] in LADDER else ""}
    name = ".".join((*levels, *([str(one.component)] if one.component else [])))
    if one.statistic is Measure.RANGE and len(levels) == 1 and low is not None and high is not None:
        parts = (component,) if one.component else (Component.BASE, Component.TOTAL)
        bands = tuple(id_ for part in parts for id_ in _bands(one.whose, levels[0], part))
        return f"band.{name}", "band", bands, (low, high), {**options}
    if one.statistic is Measure.START:
        ends = tuple(_ids(one.whose, levels[:1], component, quantile)[0] for quantile in ("p10", "p25"))
        return f"start.{name}", "starts", ends, (low or 0.0,), {**options, "reading": _STARTS}
    if one.statistic is Measure.REACH:
        return _reach(one, name, levels, component, (low, high), options)
    return _middle(one, name, levels, component, (low, high), options)


def _middle(
    one: GuideClaim, name: str, levels: Sequence[str], component: Component,
    ends: tuple[float | None, float | None], options: Mapping[str, str],
) -> Test:  # fmt: skip
    """A mean, a median or another percentile, or an amount without more: in the range, or about the one number."""
    quantile = str(one.statistic) if one.statistic not in (Measure.UNSTATED, Measure.RANGE) else "p50"
    other = {"mean": "p50", "p50": "mean"}.get(quantile, "") if _is_of_all(one.whose) else ""
    quantile = "p50" if quantile == "mean" and not other else quantile
    figures = _ids(one.whose, levels, component, quantile)
    otherwise = _ids(one.whose, levels, component, other) if other and one.statistic is Measure.MEAN else ()
    beside = [id_.replace(".base.", ".total.") for id_ in (*figures, *otherwise)] if not one.component else []
    least, most = (end if end is not None else next(filter(None, ends), 0.0) for end in ends)
    about: dict[str, str | float] = {}
    if least == most:
        about = {"about": least}
        least, most = round(least * (1 - _ABOUT), 2), round(most * (1 + _ABOUT), 2)
    kind = "average" if one.statistic is Measure.MEAN else str(one.statistic) or "pay"
    told = {"otherwise": " ".join(otherwise), "beside": " ".join(beside)}
    return f"{kind}.{name}", "within", figures, (least, most), {**options, **told, **about}


def _reach(
    one: GuideClaim, name: str, levels: Sequence[str], component: Component,
    ends: tuple[float | None, float | None], options: Mapping[str, str],
) -> Test:  # fmt: skip
    """What people can earn: a share above the amount where it is one of the thresholds, else a high percentile."""
    amount = ends[0] or ends[1] or 0.0
    whom = replace(one.whose, tiers=(), top=True) if _is_top(one.whose) else one.whose
    of_one = len(levels) == 1 and levels[0] in LADDER
    if of_one and whom.top and component is Component.TOTAL and amount in _home().thresholds:
        fields = {"level": levels[0], "threshold": f"{amount / 1000:.0f}k"}
        reported = _REPORTED.search(one.sentence)
        figure = str(figure_id("reported" if reported else "share", **fields))
        beside = str(figure_id("share", **fields)) if reported else ""
        told = {
            "unit": "share",
            "beside": beside,
            "reading": _SHARES,
            "prints": f"over ${amount / 1000:,.0f}K",
        }
        return f"reach.{name}", "at_least", (figure,), (_CAN,), {**options, **told}
    quantile = "p75" if len(levels) > 1 else "p90"
    figures = _ids(whom, levels, component, quantile)
    if ends[0] is None:
        around = (round(amount * (1 - _REACHED), 2), round(amount * (1 + _REACHED), 2))
        return f"reach.{name}", "within", figures, around, {**options, "about": amount, "reading": _REACHES}
    reading = _QUARTER if quantile == "p75" else _SHARES
    return f"reach.{name}", "at_least", figures, (amount,), {**options, "reading": reading}


def _home() -> Country:
    return country(default_country())


def _annual(one: GuideClaim) -> tuple[float | None, float | None]:
    """The ends for a year of full-time work, in the currency of the country that editions are of."""
    effects.refuse_foreign(one)
    if one.unit is not Unit.MONEY or one.period is None:
        raise Untested(f"an edition has no figure of {one.component or 'pay'} as a share of base pay")
    period = one.period
    low, high = (None if end is None else round(annual(end, period), 2) for end in (one.low, one.high))
    return low, high


def _levels(about: Whose) -> tuple[str, ...]:
    """The levels whose figures a claim needs; "any" for all together."""
    if odd := [level for level in about.levels if level not in LADDER]:
        raise Untested(f"an edition has no figures of the level {odd[0]}")
    if about.levels or about.years is None:
        return tuple(map(str, about.levels)) or ("any",)
    low, high = about.years.low or 0.0, about.years.high
    middle = low + 0.5 if high is None or low == high else (low + high) / 2
    return (str(level_of_years(middle)),)


def _is_top(about: Whose) -> bool:
    return about.top or not set(about.tiers).isdisjoint(TOP_TIERS)


def _is_of_all(about: Whose) -> bool:
    """Whether a claim is of all employers and places: only they have means."""
    return not (about.top or list(_groups(about)))


def _groups(about: Whose) -> Iterator[tuple[str, str]]:
    """The dimensions and values of the narrower groups that a claim is of; none: everybody."""
    yield from (("metro", metro_of(place)) for place in about.places)
    yield from (("industry", str(one)) for one in about.industries)
    yield from (("specialisation", str(one)) for one in about.specialisations)
    yield from (("tier", str(one)) for one in about.tiers)
    if about.remote:
        yield "remote", str(about.remote)


def _ids(about: Whose, levels: Sequence[str], component: Component, quantile: str) -> tuple[str, ...]:
    """The ids of a statistic of each level, for whom a claim is of."""
    if about.skills or about.degrees:
        raise Untested("an edition has no band of pay by skill or degree")
    groups = list(_groups(about))
    if len({dimension for dimension, _ in groups}) + about.top > 1:
        raise Untested("an edition has no figures of a group so narrow")
    part = str(component)
    if groups:
        return tuple(
            str(narrower_band(level, part, *group, quantile)) for level in levels for group in groups
        )
    return tuple(str(band(level, part, quantile, top=about.top)) for level in levels)


def _bands(about: Whose, level: str, component: Component) -> Iterator[str]:
    """The ids that a band is held against; where all employers may be meant, those of the top tiers too."""
    for top in (False, True) if _is_of_all(about) else (about.top,):
        for quantile in _QUANTILES:
            yield from _ids(replace(about, top=top), (level,), component, quantile)


_MAKERS: Final = {
    Assertion.PAY: _pay, Assertion.PREMIUM: effects.premium, Assertion.UPLIFT: effects.uplift,
    Assertion.STEP: effects.step, Assertion.SHARE: effects.share,
}  # fmt: skip
