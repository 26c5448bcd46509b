"""A fitted market as bytes."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from payguide.base.errors import StoreError
from payguide.fit.market.packed import FORMAT, market_bytes, read_market_model, rounded
from payguide.fit.market.people import People
from small_market import SHORTEST, fitted, market, medians, people, posterior, statements

BASE, BOTH = statements(80)


@pytest.mark.parametrize("both", [None, BOTH], ids=["base alone", "with total"])
def test_what_was_rounded_comes_back_as_it_was(both):
    kept = rounded(fitted(BASE, both, sampling=SHORTEST))
    content = market_bytes(kept)
    assert market_bytes(read_market_model(content)) == content
    assert (kept.top is None) == (both is None)
    assert kept.names == tuple(sorted(set(BASE.columns["employer"])))


def test_the_same_market_gives_the_same_bytes():
    assert market_bytes(fitted(BASE, None, sampling=SHORTEST)) == market_bytes(
        fitted(BASE, None, sampling=SHORTEST)
    )


def test_what_is_rounded_away_moves_no_figure():
    after = People(rounded(posterior()), market(), "ml_engineer")
    for component in ("base", "total"):
        assert medians(after, component) == pytest.approx(medians(people(), component), abs=0.002)


def of_another_format(content: bytes) -> bytes:
    with np.load(io.BytesIO(content)) as found:
        arrays = dict(found)
    told = json.loads(arrays["told"].tobytes()) | {"format": FORMAT + 1}
    arrays["told"] = np.frombuffer(json.dumps(told).encode(), np.uint8)
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def without_what_is_told(_: bytes) -> bytes:
    file = io.BytesIO()
    np.savez(file, other=np.zeros(3))
    return file.getvalue()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (of_another_format, f"of format {FORMAT + 1}, not {FORMAT}"),
        (without_what_is_told, "no fitted market"),
        (lambda content: content[: len(content) // 2], "no fitted market"),
        (lambda _: b"", "no fitted market"),
        (lambda _: b"{}", "no fitted market"),
        (lambda _: b"PK\x03\x04", "no fitted market"),
    ],
    ids=["format", "other arrays", "half", "empty", "json", "zip's mark alone"],
)
def test_what_is_no_fitted_market_is_refused(damage, said):
    with pytest.raises(StoreError, match=said):
        read_market_model(damage(market_bytes(posterior())))
