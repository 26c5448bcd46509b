"""A fitted market as bytes: what travels with the code, and what an edition is made of anywhere.

Effects are kept as 32-bit floats, employers' and what is drawn for cells as 16 bits; a market is rounded so when it is
fitted, so that it says the same before and after.
"""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from scipy.sparse import coo_array, csr_array

from payguide.base.errors import StoreError
from payguide.fit.market.design import Block, Design
from payguide.fit.market.frame import Seed
from payguide.fit.market.kernel import Employers, Shape
from payguide.fit.market.posterior import Part, Posterior
from payguide.fit.market.sampler import Draws

#: Raised when an older reader could no longer read it.
FORMAT: Final = 1
_WIDE = ("effects", "influence")
_NARROW = ("employers", "blocks", "employer_sd", "error_sd")


def rounded(posterior: Posterior) -> Posterior:
    """The posterior to the digits that its bytes keep."""
    return read_market_model(market_bytes(posterior))


def market_bytes(posterior: Posterior) -> bytes:
    """The posterior as bytes; the same posterior gives the same bytes."""
    arrays: dict[str, Any] = {"nothing": posterior.nothing.astype(np.float16)}
    told: dict[str, Any] = {
        "format": FORMAT, "as_of": posterior.as_of.isoformat(), "currency": posterior.currency,
        "correlation": round(posterior.correlation, 4), "names": list(posterior.names),
        "industries": list(posterior.industries), "regions": list(posterior.regions), "parts": {}, "seeds": {},
    }  # fmt: skip
    for name, part in (("base", posterior.base), ("top", posterior.top)):
        if part is not None:
            told["parts"][name] = _part(name, part, arrays)
    for number, one in enumerate(posterior.employers):
        arrays[f"employers.{number}.number"] = one.number.astype(np.int32)
        arrays[f"employers.{number}.statements"] = one.statements.astype(np.float32)
    told["unmet"] = [round(one.unmet, 6) for one in posterior.employers]
    for role, seed in posterior.seeds.items():
        told["seeds"][role] = {name: list(values) for name, values in seed.values.items()}
        arrays[f"seeds.{role}"] = seed.tiers.astype(np.float32)
        for name, counts in seed.counts.items():
            arrays[f"seeds.{role}.{name}"] = counts.astype(np.float32)
    arrays["told"] = np.frombuffer(json.dumps(told, sort_keys=True).encode(), np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, **dict(sorted(arrays.items())))
    return file.getvalue()


def _part(name: str, part: Part, arrays: dict[str, Any]) -> dict[str, Any]:
    for field in _WIDE:
        arrays[f"{name}.{field}"] = getattr(part.draws, field).astype(np.float32)
    for field in _NARROW:
        arrays[f"{name}.{field}"] = getattr(part.draws, field).astype(np.float16)
    for field in ("nodes", "spread", "counts"):
        arrays[f"{name}.{field}"] = getattr(part.shape, field).astype(np.float32)
    centre = coo_array(part.design.centre)
    arrays[f"{name}.centre"] = np.array([centre.row, centre.col], np.int32)
    arrays[f"{name}.weights"] = centre.data.astype(np.float32)
    arrays[f"{name}.knots"] = part.design.knots
    return {
        "values": {key: list(values) for key, values in part.design.values.items()},
        "blocks": [[one.name, list(one.labels), one.start, one.scale, str(one.groups)] for one in part.design.blocks],
        "raw": dict(part.design.raw), "shape": list(centre.shape), "r_hat": round(part.r_hat, 4),
    }  # fmt: skip


def read_market_model(content: bytes) -> Posterior:
    """The posterior of bytes.

    Raises:
        StoreError: they are no market, or one of another format.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        told = json.loads(arrays["told"].tobytes())
    except (ValueError, OSError, KeyError, EOFError, BadZipFile) as error:
        raise StoreError(f"no fitted market: {error}", remedy="Build it anew") from None
    if told.get("format") != FORMAT:
        raise StoreError(
            f"a fitted market of format {told.get('format')}, not {FORMAT}", remedy="Build it anew"
        )
    parts = {name: _read_part(name, one, arrays) for name, one in told["parts"].items()}
    employers = [
        Employers(
            _wide(arrays[f"employers.{k}.number"]).astype(np.int64),
            _wide(arrays[f"employers.{k}.statements"]),
            unmet,
        )
        for k, unmet in enumerate(told["unmet"])
    ]
    seeds = {
        role: Seed(
            {name: tuple(own) for name, own in values.items()},
            {name: _wide(arrays[f"seeds.{role}.{name}"]) for name in values},
            _wide(arrays[f"seeds.{role}"]),
        )
        for role, values in told["seeds"].items()
    }
    return Posterior(
        date.fromisoformat(told["as_of"]), told["currency"], parts["base"], parts.get("top"),
        _wide(arrays["nothing"]), told["correlation"], employers, tuple(told["names"]),
        tuple(told["industries"]), tuple(told["regions"]), seeds,
    )  # fmt: skip


def _read_part(name: str, told: dict[str, Any], arrays: dict[str, Any]) -> Part:
    row, column = arrays[f"{name}.centre"]
    entries = _wide(arrays[f"{name}.weights"]), (row, column)
    blocks = (
        Block(key, tuple(labels), start, scale, float(groups))
        for key, labels, start, scale, groups in told["blocks"]
    )
    values = {key: tuple(own) for key, own in told["values"].items()}
    meets = csr_array(entries, shape=tuple(told["shape"]))
    design = Design(values, tuple(blocks), arrays[f"{name}.knots"], meets, told["raw"])
    fields = {field: _wide(arrays[f"{name}.{field}"]) for field in (*_WIDE, *_NARROW)}
    shape = Shape(*(_wide(arrays[f"{name}.{field}"]) for field in ("nodes", "spread", "counts")))
    nothing = np.zeros((0, 0))
    return Part(design, Draws(**fields, level=nothing, trace=nothing), shape, told["r_hat"])


def _wide(array: Any) -> Any:
    return array.astype(np.float64)
