"""Random-effects meta-analysis: estimates of k sources into one, on a working scale where errors are near
normal.

Model: y_i = mu + u_i + e_i with u_i ~ N(0, tau^2) between sources and e_i ~ N(0, s_i^2) within one.

Few sources cannot say how far sources disagree, so tau has a half-normal prior (Friede, Roever, Wandel &
Neuenschwander, Biometrical Journal 2017) whose scale is measured on the evidence itself, over all roles and
levels that several sources know (meta_analysis.toml; the practice of Turner et al., Statistics in Medicine 2015, for
medicine). mu has a flat prior; tau is integrated out on a grid. The value and the weights are the
posterior's means, the interval its equal tails, so all three agree; with many sources the prior is outweighed.

One source is the same with k = 1: where it lies off cannot be seen, so its interval is widened by what sources
usually differ by. With a scale of 0 there is nothing to disagree about (what only one kind of evidence can know)
and the interval is the source's own.

*tau^2* as published is Paule & Mandel's (1982): the value at which the generalised Q equals k - 1; unlike
DerSimonian-Laird it is not biased down when sources differ in size (Veroniki et al., Research Synthesis
Methods 2016). *I2* is tau^2 / (tau^2 + typical s^2), with Higgins & Thompson's typical variance.

Hartung & Knapp's interval (Student's t on k - 1 degrees of freedom) was measured beside it: with two sources it spans
a factor of four, with five or six of very unequal precision, as here, it covers too little (IntHout, Ioannidis &
Borm, BMC Med Res Methodol 2014, and Roever, Knapp & Friede, there 2015, find the same).

What breaks it: sources further apart than sources were ever seen to be, which the prior rules out; sources
biased the same way agree and are wrong together; no formula sees that.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from scipy import optimize, special

from payguide.base.money import FloatArray
from payguide.fit.bands.intervals import normal


@dataclass(frozen=True, slots=True)
class Blend:
    """The blended value with its interval on the working scale; weights (k,) that add up to one.

    `i2` is the share of the variance that is between sources (None for one source); `rule` says in words how the
    interval was made.
    """

    value: float
    low: float
    high: float
    weights: tuple[float, ...]
    i2: float | None
    rule: str


@cache
def settings() -> dict[str, dict[str, float]]:
    """meta_analysis.toml: the prior scales."""
    data: dict[str, dict[str, float]] = tomllib.loads(
        (files("payguide.fit.bands") / "meta_analysis.toml").read_text(encoding="utf-8")
    )
    return data


def blend(values: FloatArray, errors: FloatArray, *, coverage: float, scale: float) -> Blend:
    """Combine values (k,) with standard errors (k,), k at least 1. `scale` is that of the prior on tau; 0 for a
    single value with nothing to disagree with.

    Raises:
        ValueError: nothing to combine, an error that is not positive, or several values and no scale.
    """
    if len(values) == 0 or np.any(~(errors > 0)):
        raise ValueError("a blend needs at least one value, each with a positive standard error")
    variances = errors**2
    if scale <= 0:
        if len(values) > 1:
            raise ValueError("a blend of several values needs the scale of their disagreement")
        half, value = normal(coverage) * float(errors[0]), float(values[0])
        return Blend(value, value - half, value + half, (1.0,), None, "its own interval")
    low, high, weights = posterior(values, variances, coverage, scale)
    value = float(weights @ values)
    # a narrow coverage can leave a skew posterior's mean outside its middle
    low, high = min(low, value), max(high, value)
    i2 = heterogeneity(values, variances) if len(values) > 1 else None
    return Blend(
        value, low, high, tuple(weights.tolist()), i2, "half-normal prior on how far sources lie apart"
    )


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


def heterogeneity(values: FloatArray, variances: FloatArray) -> float:
    """Higgins & Thompson's I2 of two values (k,) and more."""
    tau2, weights = paule_mandel(values, variances), 1.0 / variances
    total, squares = float(weights.sum()), float((weights**2).sum())
    typical = (len(variances) - 1) * total / (total**2 - squares)
    return tau2 / (tau2 + typical)


def posterior(
    values: FloatArray, variances: FloatArray, coverage: float, scale: float
) -> tuple[float, float, FloatArray]:
    """The equal-tailed interval of mu, and the sources' mean weights (k,).

    Given tau, mu is normal; tau is integrated out on 200 points up to six scales. The posterior mean is the
    weighted mean with the posterior's mean weights.
    """
    taus = grid(scale)
    weights = 1.0 / (variances[None, :] + taus[:, None] ** 2)
    totals = weights.sum(axis=1)
    centres = weights @ values / totals
    log_posterior = log_likelihood(values, variances, taus) - 0.5 * (taus / scale) ** 2
    density = np.exp(log_posterior - log_posterior.max())
    density /= density.sum()
    errors = 1.0 / np.sqrt(totals)

    def below(mu: float, probability: float) -> float:
        return float(density @ special.ndtr((mu - centres) / errors)) - probability

    reach = 12.0 * float(errors.max())
    start, end = float(values.min()) - reach, float(values.max()) + reach
    tail = 0.5 - coverage / 2
    low = float(optimize.brentq(below, start, end, args=(tail,), xtol=1e-10))
    high = float(optimize.brentq(below, start, end, args=(1.0 - tail,), xtol=1e-10))
    shares = density @ (weights / totals[:, None])
    return low, high, np.asarray(shares / shares.sum(), dtype=np.float64)


def grid(scale: float) -> FloatArray:
    """The middles (200,) of equal steps of tau from 0 to six scales, beyond which a half-normal has no mass."""
    return (np.arange(200, dtype=np.float64) + 0.5) * (6.0 * scale / 200)


def log_likelihood(values: FloatArray, variances: FloatArray, taus: FloatArray) -> FloatArray:
    """The log likelihood (t,) of each tau (t,) with mu integrated out, up to a constant: the restricted one."""
    weights = 1.0 / (variances[None, :] + taus[:, None] ** 2)
    totals = weights.sum(axis=1)
    centres = weights @ values / totals
    misfit = (weights * (values[None, :] - centres[:, None]) ** 2).sum(axis=1)
    found: FloatArray = 0.5 * (np.log(weights).sum(axis=1) - np.log(totals) - misfit)
    return found
