"""What may be published: rules with names and reasons, thresholds and their references in rules.toml.

Every figure comes out as `Published`, `Withheld` or `Unknown`. `Withheld` names the rule and says why in
words that carry no value. Rules run in the order of `RULES`; the first that refuses names the reason.

Official statistics pass as they are: their publisher has protected them already, and its jobs are not our
observations. For adjusted effects the counts judged are those of the column that carries the effect.

Two things these rules do not do. A total and all of its parts but one are not yet withheld together
(complementary suppression). And confidential evidence does not come here: it is left out of what a public
edition is made of (docs/decisions/0021). The rule on payrolls is for those that are said to be public; their age is
that of their mean date.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from payguide.base.codes import EvidenceKind
from payguide.base.estimates import Estimate, Figure, Published, SourceEstimate, Unknown, Withheld
from payguide.base.money import to_digits
from payguide.base.reference.minimums import minimum

#: A rule: why a figure may not be published, or None.
Rule = Callable[[Estimate], str | None]


@cache
def thresholds() -> dict[str, dict[str, Any]]:
    """rules.toml: the thresholds of each rule and the practice they follow."""
    told = tomllib.loads((files("payguide.gate") / "rules.toml").read_text(encoding="utf-8"))
    return {name: minimum(rule["minimum"]) if "minimum" in rule else rule for name, rule in told.items()}


def enough_observations(estimate: Estimate) -> str | None:
    """At least so many pieces of evidence."""
    least = thresholds()["enough_observations"]["least"]
    return None if estimate.n >= least else f"It rests on fewer than {least} pieces of evidence."


def enough_employers(estimate: Estimate) -> str | None:
    """At least so many employers."""
    least = thresholds()["enough_employers"]["least"]
    return None if estimate.n_employers >= least else f"It rests on fewer than {least} employers."


def dominance(estimate: Estimate) -> str | None:
    """No employer has more than its share of the evidence."""
    most = thresholds()["dominance"]["most"]
    return None if estimate.largest_share <= most else f"One employer holds over {most:.0%} of the evidence."


def tails(estimate: Estimate) -> str | None:
    """A tenth or ninetieth percentile needs more employers than a median."""
    rule = thresholds()["tails"]
    if estimate.quantile not in rule["quantiles"] or estimate.n_employers >= rule["least"]:
        return None
    return f"A tenth or ninetieth percentile needs {rule['least']} employers."


def confidential(estimate: Estimate) -> str | None:
    """Employers' private data: enough providers of their own, and old enough."""
    rule = thresholds()["confidential"]
    for source in estimate.sources:
        if source.kind is not EvidenceKind.PAYROLL:
            continue
        if source.n_employers < rule["least_employers"]:
            return f"Its confidential evidence comes from fewer than {rule['least_employers']} employers."
        if _months(source.mean_date, estimate.date) < rule["least_months"]:
            return f"Its confidential evidence is under {rule['least_months']} months old."
    return None


def _months(start: date, end: date) -> int:
    """Whole months from one day to another."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


#: The rules in the order they are asked, by the name a reader sees.
RULES: dict[str, Rule] = {
    "enough_observations": enough_observations,
    "enough_employers": enough_employers,
    "dominance": dominance,
    "tails": tails,
    "confidential": confidential,
}


def official(estimate: Estimate) -> bool:
    """Whether every source is a published official statistic: protected by its publisher, it passes."""
    return bool(estimate.sources) and all(s.kind is EvidenceKind.STATISTIC for s in estimate.sources)


def judge(estimates: Iterable[Estimate | Unknown]) -> dict[str, Figure]:
    """Every figure's fate, by id in rising order. What is let out has the digits that a file keeps, so that a page, a
    verdict and a file say the same.

    Raises:
        ValueError: two figures have the same id.
    """
    judged: dict[str, Figure] = {}
    for item in estimates:
        if item.id in judged:
            raise ValueError(f"two figures are called {item.id}")
        judged[item.id] = item if isinstance(item, Unknown) else _judge(item)
    return dict(sorted(judged.items()))


def for_owner(estimates: Iterable[Estimate]) -> dict[str, Figure]:
    """What an owner's own confidential sources say, by id: shown to nobody else, so that no rule keeps it back."""
    return {one.id: published(one) for one in estimates}


def _judge(estimate: Estimate) -> Published | Withheld:
    if not official(estimate):
        for name, rule in RULES.items():
            why = rule(estimate)
            if why is not None:
                return Withheld(estimate.id, estimate.label, name, why)
    return published(estimate)


def published(estimate: Estimate) -> Published:
    """An estimate as it leaves: to the digits that a file keeps, its sources' own too."""
    sources = tuple(replace(source, **_floats(source)) for source in estimate.sources)
    return Published(replace(estimate, sources=sources, **_floats(estimate)))


def _floats(record: Estimate | SourceEstimate) -> dict[str, Any]:
    values = ((one.name, getattr(record, one.name)) for one in fields(record))
    return {name: to_digits(value) for name, value in values if isinstance(value, float)}
