"""What may be published: rules with names and reasons, thresholds and their references in rules.toml.

Every figure comes out as `Published`, `Withheld` or `Unknown`. `Withheld` names the rule and says why in
words that carry no value. Rules run in the order of `RULES`; the first that refuses names the reason.

Two kinds of rules, told apart in rules.toml. *Reliability*: is there enough evidence to say this? It is asked of every
figure. *Confidentiality*: could somebody learn from it what one employer pays? It is asked of figures with payroll in
them alone. Public evidence that one employer dominates is published, with that said.

Official statistics pass as they are: their publisher has protected them already, and its jobs are not our
observations. For adjusted effects the counts judged are those of the column that carries the effect.

Two things these rules do not do. A total and all of its parts but one are not yet withheld together
(complementary suppression). And confidential evidence does not come here: it is left out of what a public
edition is made of (docs/decisions/0021). The rules on payrolls are for those that are said to be public; their age is
that of their mean date.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cache
from importlib.resources import files
from statistics import NormalDist
from typing import Any, Final

from payguide.base.codes import EvidenceKind
from payguide.base.estimates import Estimate, Figure, Published, SourceEstimate, Unit, Unknown, Withheld
from payguide.base.money import to_digits
from payguide.base.reference.minimums import minimum

#: A rule: why a figure may not be published, or None.
Rule = Callable[[Estimate], str | None]


#: Units whose intervals are relative.
_RELATIVE: Final = frozenset({Unit.MONEY, Unit.EFFECT, Unit.RATIO})

_WIDE: Final = "Its interval is too wide to say anything."


@cache
def thresholds() -> dict[str, dict[str, Any]]:
    """rules.toml: the thresholds of each rule and the practice they follow."""
    told = tomllib.loads((files("payguide.gate") / "rules.toml").read_text(encoding="utf-8"))
    return {
        name: {**rule, **minimum(rule["minimum"])} if "minimum" in rule else rule
        for name, rule in told.items()
    }


def enough_observations(estimate: Estimate) -> str | None:
    """At least so many pieces of evidence."""
    least = thresholds()["enough_observations"]["least"]
    return None if estimate.n >= least else f"It rests on fewer than {least} pieces of evidence."


def effective_employers(estimate: Estimate) -> str | None:
    """At least so many employers in effect, or respondents or ranges where no employer is named."""
    least = thresholds()["effective_employers"]["least"]
    if estimate.effective >= least:
        return None
    units = "respondents or ranges" if estimate.n_employers is None else "employers"
    return f"It rests on fewer than {least:.0f} {units} in effect."


def tails(estimate: Estimate) -> str | None:
    """A tenth or ninetieth percentile needs more employers than a median."""
    rule = thresholds()["tails"]
    units = (estimate.n_employers or 0) + estimate.n_unnamed
    if estimate.quantile not in rule["quantiles"] or units >= rule["least"]:
        return None
    return f"A tenth or ninetieth percentile needs {rule['least']} employers."


def width(estimate: Estimate) -> str | None:
    """An interval that still says something."""
    rule = thresholds()["width"]
    if not estimate.coverage or estimate.unit not in _RELATIVE | {Unit.SHARE}:
        return None
    if estimate.unit is Unit.SHARE:
        return None if estimate.high - estimate.low <= rule["most_share_width"] else _WIDE
    low, high = (end + (estimate.unit is Unit.EFFECT) for end in (estimate.low, estimate.high))
    z = NormalDist().inv_cdf(0.5 + estimate.coverage / 2)
    variation = math.log(high / low) / (2 * z) if low > 0 else math.inf
    return None if variation <= rule["most_variation"] else _WIDE


def dominance(estimate: Estimate) -> str | None:
    """No employer has more than its share of evidence that has private data in it."""
    most = thresholds()["dominance"]["most"]
    if not _has_payroll(estimate) or estimate.largest_share <= most:
        return None
    return f"One employer holds over {most:.0%} of the evidence."


def confidential(estimate: Estimate) -> str | None:
    """Employers' private data: enough providers of their own, and old enough."""
    rule = thresholds()["confidential"]
    for source in estimate.sources:
        if source.kind is not EvidenceKind.PAYROLL:
            continue
        if (source.n_employers or 0) < rule["least_employers"]:
            return f"Its confidential evidence comes from fewer than {rule['least_employers']} employers."
        if _months(source.mean_date, estimate.date) < rule["least_months"]:
            return f"Its confidential evidence is under {rule['least_months']} months old."
    return None


def _has_payroll(estimate: Estimate) -> bool:
    return any(source.kind is EvidenceKind.PAYROLL for source in estimate.sources)


def _months(start: date, end: date) -> int:
    """Whole months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


#: The rules in the order they are asked, by the name a reader sees.
RULES: dict[str, Rule] = {
    "enough_observations": enough_observations,
    "effective_employers": effective_employers,
    "tails": tails,
    "width": width,
    "dominance": dominance,
    "confidential": confidential,
}


def official(estimate: Estimate) -> bool:
    """Whether every source is a published official statistic: protected by its publisher, it passes."""
    return bool(estimate.sources) and all(s.kind is EvidenceKind.STATISTIC for s in estimate.sources)


def judge(estimates: Iterable[Estimate | Unknown], name: Callable[[str], str] = str) -> dict[str, Figure]:
    """Every figure's fate, by id in rising order. What is let out has the digits that a file keeps, so that a page, a
    verdict and a file say the same, and names the `largest` employer where that dominates it; `name` is how an
    employer's slug is shown.

    Raises:
        ValueError: two figures have the same id.
    """
    judged: dict[str, Figure] = {}
    for item in estimates:
        if item.id in judged:
            raise ValueError(f"two figures are called {item.id}")
        judged[item.id] = item if isinstance(item, Unknown) else _judge(item, name)
    return dict(sorted(judged.items()))


def for_owner(estimates: Iterable[Estimate]) -> dict[str, Figure]:
    """What an owner's own confidential sources say, by id: shown to nobody else, so that no rule keeps it back."""
    return {one.id: published(one) for one in estimates}


def _judge(estimate: Estimate, name: Callable[[str], str]) -> Published | Withheld:
    if official(estimate):
        return published(estimate)
    for rule, refuses in RULES.items():
        why = refuses(estimate)
        if why is not None:
            return Withheld(estimate.id, estimate.label, rule, why)
    dominates = estimate.largest and estimate.largest_share > thresholds()["dominance"]["most"]
    return published(replace(estimate, largest=name(estimate.largest) if dominates else ""))


def published(estimate: Estimate) -> Published:
    """An estimate as it leaves: to the digits that a file keeps, its sources' own too."""
    sources = tuple(replace(source, **_floats(source)) for source in estimate.sources)
    return Published(replace(estimate, sources=sources, **_floats(estimate)))


def _floats(record: Estimate | SourceEstimate) -> dict[str, Any]:
    values = ((one.name, getattr(record, one.name)) for one in fields(record))
    return {name: to_digits(value) for name, value in values if isinstance(value, float)}
