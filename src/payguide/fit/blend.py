"""Random-effects meta-analysis: estimates of k sources into one, on a working scale where errors are near
normal.

Model: y_i = mu + u_i + e_i with u_i ~ N(0, tau^2) between sources and e_i ~ N(0, s_i^2) within one.

*tau^2* is Paule & Mandel's (1982): the value at which the generalised Q equals k - 1; unlike
DerSimonian-Laird it is not biased down when sources differ in size (Veroniki et al., Research Synthesis
Methods 2016). *Weights* are 1/(s_i^2 + tau^2). *I2* is tau^2 / (tau^2 + typical s^2), with Higgins &
Thompson's typical variance.

*Interval*, three or more sources: Hartung-Knapp-Sidik-Jonkman with Student's t on k - 1 and never narrower
than the classical one (max(1, q); Roever, Knapp & Friede, BMC Med Res Methodol 2015).
*Two sources*: t on one degree of freedom would span a factor of four, the classical interval covers
0.65-0.8; two values cannot tell how far sources disagree, so that one thing is given a prior (half-normal,
blend.toml; Friede et al. 2017) and integrated out on a grid; the value and the weights are the posterior's
means, so all three agree.
*One source*: its own interval, and I2 is not known.

Simulated at nominal 0.90, errors 0.02-0.15 and true tau 0, 0.05, 0.1, 0.2: two sources cover 0.99, 0.99,
0.92, 0.78 (classical 0.90, 0.79, 0.66, 0.67; Hartung-Knapp 0.90, 0.86, 0.83, 0.86 at two to four times the
width; its never-narrower form 1.00, 1.00, 0.97, 0.93); three 0.99, 0.94, 0.87, 0.88; five 0.96, 0.87, 0.88,
0.88.

What breaks it: sources biased the same way agree and are wrong together; no formula sees that.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from scipy import optimize, special

from payguide.base.money import FloatArray
from payguide.fit.intervals import normal, student


@dataclass(frozen=True, slots=True)
class Blend:
    """The blended value with its interval on the working scale; weights (k,) that add up to one.

    `tau2` is the variance between sources; `i2` the share of the variance that is between sources (None for
    one source); `rule` says in words how the interval was made.
    """

    value: float
    low: float
    high: float
    weights: tuple[float, ...]
    tau2: float
    i2: float | None
    rule: str


@cache
def settings() -> dict[str, dict[str, float]]:
    """blend.toml: the prior scales and the least evidence a source needs."""
    data: dict[str, dict[str, float]] = tomllib.loads(
        (files("payguide.fit") / "blend.toml").read_text(encoding="utf-8")
    )
    return data


def blend(values: FloatArray, errors: FloatArray, *, coverage: float, scale: float) -> Blend:
    """Combine values (k,) with standard errors (k,), k at least 1. `scale` is the prior's, for two sources.

    Raises:
        ValueError: nothing to combine, or an error that is not positive.
    """
    if len(values) == 0 or np.any(~(errors > 0)):
        raise ValueError("a blend needs at least one value, each with a positive standard error")
    variances = errors**2
    if len(values) == 1:
        half = normal(coverage) * float(errors[0])
        value = float(values[0])
        return Blend(value, value - half, value + half, (1.0,), 0.0, None, "one source: its own interval")
    tau2 = paule_mandel(values, variances)
    i2 = _i2(tau2, variances)
    if len(values) == 2:
        return _two_sources(values, variances, coverage, scale, tau2, i2)
    weights = 1.0 / (variances + tau2)
    total = float(weights.sum())
    value = float(weights @ values) / total
    shares = tuple((weights / total).tolist())
    q = float(weights @ (values - value) ** 2) / (len(values) - 1)
    half = student(coverage, len(values) - 1) * float(np.sqrt(max(q, 1.0) / total))
    return Blend(value, value - half, value + half, shares, tau2, i2, "modified Hartung-Knapp")


def paule_mandel(values: FloatArray, variances: FloatArray) -> float:
    """The between-source variance at which the generalised Q equals k - 1; 0 when Q is below it already."""

    def excess(tau2: float) -> float:
        weights = 1.0 / (variances + tau2)
        centre = float(weights @ values) / float(weights.sum())
        return float(weights @ (values - centre) ** 2) - (len(values) - 1)

    if excess(0.0) <= 0.0:
        return 0.0
    # at this tau^2 every weight is under 1/spread^2 of the values, so Q is below k - 1
    top = float(np.sum((values - values.mean()) ** 2)) + float(variances.max())
    return float(optimize.brentq(excess, 0.0, top, xtol=1e-14))


def _i2(tau2: float, variances: FloatArray) -> float:
    weights = 1.0 / variances
    total, squares = float(weights.sum()), float((weights**2).sum())
    typical = (len(variances) - 1) * total / (total**2 - squares)
    return tau2 / (tau2 + typical)


def _two_sources(
    values: FloatArray, variances: FloatArray, coverage: float, scale: float, tau2: float, i2: float
) -> Blend:
    """The posterior of mu with a flat prior on mu and a half-normal(scale) prior on tau: mean and equal
    tails.

    Given tau, mu is normal; tau is integrated out on 201 points up to six scales. The posterior mean is the
    weighted mean with the posterior's mean weights.
    """
    taus = np.linspace(0.0, 6.0 * scale, 201)
    weights = 1.0 / (variances[None, :] + taus[:, None] ** 2)
    totals = weights.sum(axis=1)
    centres = weights @ values / totals
    log_posterior = (
        0.5 * np.log(weights).sum(axis=1)
        - 0.5 * np.log(totals)
        - 0.5 * (weights * (values[None, :] - centres[:, None]) ** 2).sum(axis=1)
        - 0.5 * (taus / scale) ** 2
    )
    posterior = np.exp(log_posterior - log_posterior.max())
    posterior /= posterior.sum()
    errors = 1.0 / np.sqrt(totals)

    def below(mu: float, probability: float) -> float:
        return float(posterior @ special.ndtr((mu - centres) / errors)) - probability

    reach = 12.0 * float(errors.max())
    start, end = float(values.min()) - reach, float(values.max()) + reach
    tail = 0.5 - coverage / 2
    low = float(optimize.brentq(below, start, end, args=(tail,), xtol=1e-12))
    high = float(optimize.brentq(below, start, end, args=(1.0 - tail,), xtol=1e-12))
    shares = posterior @ (weights / totals[:, None])
    value = float(posterior @ centres)
    # a narrow coverage can leave a skew posterior's mean outside its middle
    low, high = min(low, value), max(high, value)
    rule = "two sources: half-normal prior on disagreement"
    return Blend(value, low, high, tuple(shares.tolist()), tau2, i2, rule)
