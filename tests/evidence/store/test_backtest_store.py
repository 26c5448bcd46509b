"""A back-test stays with the evidence that it was made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from payguide.base.errors import UnreadableFile
from payguide.evidence.store import Store
from payguide.evidence.store.backtest_store import FILE, save_backtest, saved_backtest


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path, create=True)


def test_a_back_test_is_read_back(store: Store) -> None:
    assert saved_backtest(store) is None
    kept = save_backtest(store, {"seed": 1})
    assert saved_backtest(store) == kept == {"seed": 1, "evidence_version": store.fingerprint}
    assert [path.name for path in store.path.glob(f"{FILE}*")] == [FILE]  # type: ignore[union-attr]


def test_one_of_another_version_does_not_count(store: Store, tmp_path: Path) -> None:
    save_backtest(store, {"seed": 1})
    (tmp_path / FILE).write_text('{"seed": 1, "evidence_version": "0123456789abcdef"}')
    assert saved_backtest(store) is None


def test_a_damaged_one_is_named(store: Store, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")
    with pytest.raises(UnreadableFile, match="back-test cannot be read"):
        saved_backtest(store)
