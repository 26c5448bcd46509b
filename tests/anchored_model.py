"""A small model on the scale of a market, and profiles to ask it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from model_market import METROS, mixed_market
from payguide.base.aggregates import PayRows
from payguide.base.codes import Component
from payguide.estimator.market import MOVERS
from payguide.estimator.model_file import pack_integers
from payguide.fit.model.fit import fit_model

AS_OF = date(2022, 6, 1)
ROLES = ("ml_engineer", "software_engineer")
TIERS = ("big_tech", "startup", "enterprise", "midsize")
INDUSTRIES = ("software", "finance", "health", "ai")
REMOTE = ("onsite", "remote", "hybrid")


def rows() -> PayRows:
    """Base pay of employers of tiers and industries."""
    found = mixed_market()
    number = np.array([int(name.rpartition("-")[2] or 0) for name in found.columns["employer"]])
    own = np.random.default_rng(4)
    columns = dict(found.columns) | {
        "tier": np.take(TIERS, number % len(TIERS)),
        "industry": np.take(INDUSTRIES, number // 4 % len(INDUSTRIES)),
        "remote": np.take(REMOTE, own.integers(0, 3, len(number))),
    }
    return PayRows(
        component=found.component, currency="USD", low=found.low, high=found.high, years=found.years,
        tenure=found.tenure, day=found.day, columns=columns,
    )  # fmt: skip


def totals(base: PayRows) -> PayRows:
    """Base (`low`) and total pay (`high`) of the people of half of the employers: a fifth of them have no more."""
    own = np.random.default_rng(6)
    number = np.array([int(name.rpartition("-")[2]) for name in base.columns["employer"]])
    told = base.take((base.columns["kind"] == "self_report") & (number % 2 == 0))
    on_top = np.where(own.random(len(told)) < 0.2, 0.0, np.exp(own.normal(-1.5, 0.5, len(told))))
    return replace(told, component=Component.TOTAL, high=told.low * (1 + on_top))


def stated_market() -> dict[str, Any]:
    """A market as a model file carries it, made up: nobody is of the last tier."""
    own = np.random.default_rng(8)
    values = {
        "level": ["entry", "mid", "senior", "staff"], "tier": [*TIERS, "unknown"], "metro": [*METROS, "other_us"],
        "industry": list(INDUSTRIES), "remote": list(REMOTE),
    }  # fmt: skip
    tiers, levels = len(values["tier"]), len(values["level"])
    share, pay = 100_000, 1_000

    def shares(*shape: int) -> Any:
        return pack_integers(np.rint(own.dirichlet(np.ones(shape[-1]), shape[:-1]).ravel() * share))

    def moves(*shape: int) -> Any:
        return pack_integers(np.rint(own.normal(0, 0.1, shape).ravel() * pay))

    def role() -> dict[str, Any]:
        base = np.sort(own.normal(0, 0.2, (levels, tiers, 20)), axis=2)
        on_top = np.abs(own.normal(0.2, 0.1, base.shape))
        tier = np.append(own.dirichlet(np.ones(tiers - 1)), 0.0)
        return {
            "centre": 11.9, "tier": pack_integers(np.rint(tier * share)),
            "given": {"level": shares(tiers, levels)} | {name: shares(tiers, len(values[name])) for name in MOVERS},
            "cell": moves(levels, tiers),
            "nodes": {
                "base": pack_integers(np.rint(base.ravel() * pay)),
                "total": pack_integers(np.rint((base + on_top).ravel() * pay)),
            },
            "open": list(TIERS),
        } | {
            bench: {name: moves(levels + 1, tiers + 1) for name in ("base", "total")}
            for bench in ("bench", "bench_placed")
        }  # fmt: skip

    return {
        "grid": {"step": 0.015, "size": 512}, "per_one": {"share": share, "pay": pay}, "values": values,
        "moved": {name: moves(len(values[name])) for name in MOVERS}, "as_of": AS_OF.toordinal(),
        "drift": {"years": [-3.0, -1.0, 0.0, 2.0], "ln": [-0.15, -0.04, 0.0, 0.07], "tier": [0.01, 0.0, -0.01, 0, 0]},
        "years": {"entry": [0, 1, 2], "mid": [3, 4, 5], "senior": [6, 7, 8, 9, 10], "staff": [11, 13, 15, 18, 22]},
        "source": {"base": "survey", "total": "survey"},
        "special": {"vision": 0.02, "speech": -0.01}, "roles": {name: role() for name in ROLES},
    }  # fmt: skip


def anchored_model() -> dict[str, Any]:
    """A fitted model with a market of two of its roles; half of its employers are met in base pay alone."""
    base = rows()
    both = totals(base)
    model = fit_model({"base": base, "total": replace(both, low=both.high)}, as_of=AS_OF, seed=5)
    made: dict[str, Any] = json.loads(json.dumps({**model, "market": stated_market()}))
    return made


def asked(model: dict[str, Any], n: int, seed: int) -> list[dict[str, Any]]:
    """Profiles that name no source and no kind, of roles that the market has; what else they say is drawn."""
    draw = random.Random(seed)
    part, values = model["components"]["base"]["vocabulary"], model["market"]["values"]
    odd = ("", "unknown", "nowhere")
    choices: dict[str, tuple[Any, ...]] = {
        "component": ("base", "total"), "role": tuple(model["market"]["roles"]),
        "years": (None, None, "", 0, 1.5, 4, 7, 10, 12.5, 60),
        "level": (*part["level"], "", "", "lead", "unstated"), "grade": ("", "", "L3", "Senior", "L9 Wizard"),
        "employer": (*part["employer"][1:20], "", "", "nobody-inc", "unknown"),
        "tier": (*values["tier"], *odd), "industry": (*values["industry"], *odd),
        "metro": (*values["metro"], *odd, ""), "region": ("", "CA", "NY", "ZZ"), "country": ("", "US"),
        "remote": (*values["remote"], *odd), "focus": ("", "", "security"), "tenure": (None, None, 0, 2.5),
        "date": (None, None, "", "2018-01-01", "2020-02-29", "2022-06-01", "2023-11-30"),
        "specialisation": ("", "", "vision", "vision|vision", "speech|alchemy", ["vision", "speech"], []),
    }  # fmt: skip
    drawn = ({name: draw.choice(some) for name, some in choices.items()} for _ in range(n))
    return [{name: value for name, value in one.items() if value is not None} for one in drawn]
