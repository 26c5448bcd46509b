"""What the published model is fitted on, and what of it leaves.

Which statements may stand behind it is decided before it is fitted (`public_rows`): the confidential ones are left out.
So the model that is fitted, calibrated and back-tested is the one that is published. An effect that is taken out of a
fitted model is missing from all that was fitted beside it: when the effect of frontier labs was dropped for want of
five employers, all of them lost 40 %.

An effect of public evidence needs no number of employers or statements. Whose statement it is, is public already; how
exact it is, the fit knows: an effect is shrunk by its own evidence, and how wide pay is around effects like these was
measured on rows that were held out. A component as a whole needs as much evidence as any figure.

What is dropped here changes no answer that anybody could tell: effects too small to see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import CONFIDENTIAL_KINDS
from payguide.base.money import IntArray
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.estimator.model_file import pack_integers, pack_keys, unpack_integers, unpack_keys

#: Effects on ln pay, and on the log spread or in quantiles, that are left out as negligible.
NEGLIGIBLE_MEAN, NEGLIGIBLE_SCALE = 0.001, 0.005
#: Dimensions whose values name somebody or somewhere.
NAMING: Final = ("employer", "grade", "step", "metro", "region", "country", "industry", "degree", "role")


def public_rows(rows: Mapping[str, PayRows]) -> dict[str, PayRows]:
    """The rows of each component that a published model may be fitted on."""
    confidential = [str(kind) for kind in CONFIDENTIAL_KINDS]
    return {name: held.take(~np.isin(held.columns["kind"], confidential)) for name, held in rows.items()}


def pass_model(model: Mapping[str, Any], *, own: bool = False) -> dict[str, Any]:
    """The model as it leaves: negligible effects dropped, and a component that rests on too little as a whole. With
    `own` for whoever holds the records, who publishes nothing: whatever it was fitted on. The model given is not
    changed; one that has already passed is returned as it is.

    Raises:
        ValueError: confidential statements stand behind it, and it is not `own`.
    """
    if "gate" in model:
        return dict(model)
    components = {
        name: _pass_component(part, model["per_one"], own=own)
        for name, part in model["components"].items()
        if own or (part["n"] >= MIN_EVIDENCE and part["employers"] + part["unnamed"] >= MIN_EMPLOYERS)
    }
    passed = {**model, "components": components, "gate": {"own": own}}
    if "backtest" in model:
        passed["backtest"] = _pass_backtest(model["backtest"], components)
    return passed


def _pass_component(part: Mapping[str, Any], per_one: int, *, own: bool) -> dict[str, Any]:
    """One component, whose effects are whole numbers, `per_one` to 1."""
    if not own and any(unpack_integers(table["private"]).any() for table in _tables(part)):
        raise ValueError("a model that is published is fitted on public rows")

    def let_out(held: Mapping[str, Any], negligible: float) -> dict[str, Any]:
        tables = (_seen(table, "values", negligible * per_one) for table in held["terms"])
        return {**held, "terms": [table for table in tables if table["keys"]]}

    return {
        **part,
        "mean": let_out(part["mean"], NEGLIGIBLE_MEAN),
        "scale": let_out(part["scale"], NEGLIGIBLE_SCALE),
        "quantiles": [let_out(level, NEGLIGIBLE_SCALE) for level in part["quantiles"]],
        "counts": [_seen(table, "n", 0.0) for table in part["counts"]],
    }


def _seen(table: Mapping[str, Any], column: str, negligible: float) -> dict[str, Any]:
    """The table's entries that are not negligible."""
    keys, values = unpack_keys(table["keys"]), unpack_integers(table[column])
    seen: IntArray = np.flatnonzero(np.abs(values) >= negligible)
    passed = {name: table[name] for name in ("by", "over", "driver") if name in table}
    return {**passed, "keys": pack_keys(keys[seen]), column: pack_integers(values[seen])}


def _pass_backtest(tested: Mapping[str, Any], components: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A back-test's components that passed, with the slices that their vocabularies may name."""
    protocols = {
        protocol: {
            name: {**found, "slices": _nameable(found["slices"], components[name]["vocabulary"])}
            for name, found in held.items()
            if name in components
        }
        for protocol, held in tested["protocols"].items()
    }
    return {**tested, "protocols": protocols}


def _nameable(slices: Mapping[str, Any], vocabulary: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The slices ("employer=acme") but those of somebody or somewhere that the model does not know."""
    split = {key: key.partition("=") for key in slices}
    return {
        key: slices[key]
        for key, (name, _, value) in split.items()
        if name not in NAMING or value in vocabulary[name]
    }


def _tables(part: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every table of a component."""
    yield from part["mean"]["terms"]
    yield from part["scale"]["terms"]
    for level in part["quantiles"]:
        yield from level["terms"]
    yield from part["counts"]
