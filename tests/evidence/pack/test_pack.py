"""The pack: nothing thin, nothing confidential, nothing lost, the same bytes twice."""

from __future__ import annotations

import filecmp
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import drawn_evidence as drawn
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from payguide.base.aggregates import Aggregates, OfficialFigure
from payguide.base.codes import Confidentiality, EvidenceKind, Statistic
from payguide.base.errors import StoreError
from payguide.evidence.pack import read_pack, with_official, write_pack
from payguide.evidence.pack.disclosure import shareable
from payguide.evidence.pack.replicate_codec import decode, encode
from payguide.evidence.sealed import read_manifest, read_model
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store

OFFICIAL = OfficialFigure(
    "oews",
    "15-2051",
    "Data Scientists",
    "U.S.",
    "0000000",
    "000000",
    Statistic.P50,
    1.2e5,
    9,
    date(2025, 5, 1),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """60 seniors of seven employers, and 9 at entry level; they are only read."""
    lines = [
        {
            "employer": f"e{n % 7}",
            "record": f"r{n}",
            "level": "senior" if n < 60 else "entry",
            "remote": "remote" if n % 2 else "onsite",
            "low": str(120_000 + 311 * n),
            "high": str(160_000 + 500 * n),
            "skills": "sql",
            "duties": "mentor",
        }
        for n in range(69)
    ]
    return drawn.store_at(
        tmp_path_factory.mktemp("evidence"),
        [drawn.observation(line) for line in lines],
        [drawn.posting({**line, "title": line["record"]}) for line in lines],
        source=drawn.document(),
    )


@pytest.fixture(scope="module")
def aggregates(store: Store) -> Aggregates:
    """What they are reduced to."""
    return drawn.aggregates(store)


def _equal(one: object, other: object) -> None:
    for name in type(one).__dataclass_fields__:  # type: ignore[attr-defined]
        mine, theirs = getattr(one, name), getattr(other, name)
        if isinstance(mine, np.ndarray):
            assert mine.shape == theirs.shape
            assert mine.dtype.kind == theirs.dtype.kind
            assert (mine == theirs).all(), name
        else:
            assert mine == theirs, name


def test_what_is_packed_is_read_back_exactly(store: Store, aggregates: Aggregates, tmp_path: Path) -> None:
    write_pack(aggregates, store, folder=tmp_path / "pack")
    back, shared = read_pack(tmp_path / "pack"), shareable(aggregates)
    assert len(back.cells) > 5
    assert len(back.moments) > 2
    assert len(back.tallies) > 5
    assert len(back.own) == 14
    for kind in ("cells", "moments", "tallies", "own"):
        for one, other in zip(getattr(shared, kind), getattr(back, kind), strict=True):
            _equal(one, other)
    assert back.evidence_version == store.fingerprint
    assert back.official == ()
    assert with_official(back, [OFFICIAL]).official == (OFFICIAL,)


def test_the_same_aggregates_make_the_same_bytes(
    store: Store, aggregates: Aggregates, tmp_path: Path
) -> None:
    model = {"z": [1.5, 2], "a": "ü"}
    for name, made in (("one", aggregates), ("two", drawn.aggregates(store))):
        write_pack(made, store, model=model, folder=tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    tables = ["cells.parquet", "employers.parquet", "manifest.json"]
    assert files == [*tables, "model.json", "moments.parquet", "tallies.parquet"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert read_model(tmp_path / "one") == model


def test_nothing_under_ten_pieces_or_five_employers_is_packed(
    store: Store, aggregates: Aggregates, tmp_path: Path
) -> None:
    # a build from one's own evidence keeps them: its gate withholds
    assert any(cell.key.level == "entry" and cell.n == 9 for cell in aggregates.cells)
    write_pack(aggregates, store, folder=tmp_path / "pack")
    back = read_pack(tmp_path / "pack")
    assert all(cell.n >= 10 and cell.who.units >= 5 for cell in back.cells)
    assert all(one.total >= 10 and one.who.units >= 5 for one in back.tallies)
    for one in back.moments:
        assert (one.column_n >= 10).all()
        assert all(who.units >= 5 for who in one.column_who)
    assert {cell.key.level for cell in back.cells} == {"senior", "any"}


def test_a_thin_column_leaves_the_moments(aggregates: Aggregates) -> None:
    [one] = [m for m in aggregates.moments if m.name == "effects.posted_range.base.ml_engineer"]
    sparse_ = np.array(
        [n if name != "remote=remote" else 9 for name, n in zip(one.columns, one.column_n, strict=True)]
    )
    kept = shareable(replace(aggregates, moments=(replace(one, column_n=sparse_),))).moments[0]
    at = [position for position, name in enumerate(one.columns) if name != "remote=remote"]
    assert kept.columns == tuple(one.columns[position] for position in at)
    assert (kept.xtx == one.xtx[np.ix_(at, at)]).all()
    assert (kept.rep_xtx == one.rep_xtx[:, at][:, :, at]).all()
    assert kept.rep_xty.shape == (80, len(at))


@pytest.mark.few(1)
@pytest.mark.parametrize("where", ["card", "observation"])
def test_confidential_evidence_is_never_packed(
    store: Store, aggregates: Aggregates, tmp_path: Path, where: str
) -> None:
    write_pack(aggregates, store, folder=tmp_path / "before")
    store = Store.open(shutil.copytree(store.path, tmp_path / "evidence"))
    secret = Confidentiality.CONFIDENTIAL
    line = {"source": "payroll", "kind": "payroll", "pay": "150000"}
    if where == "card":
        document = drawn.document(b"lines", "payroll", confidentiality=secret, kind=EvidenceKind.PAYROLL)
        drawn.append(store, [drawn.observation(line)], source=document)
    else:
        drawn.append(store, [drawn.observation({**line, "confidentiality": "confidential"})])
    with Snapshot.of(store) as taken:
        write_pack(taken.aggregates(), taken, folder=tmp_path / "after")
    names = [path.name for path in (tmp_path / "before").iterdir()]
    assert filecmp.cmpfiles(tmp_path / "before", tmp_path / "after", names, shallow=False) == (names, [], [])
    with (
        Snapshot.of(store, own=True) as everything,
        pytest.raises(StoreError, match="payroll: only public evidence may be packaged"),
    ):
        write_pack(everything.aggregates(), everything, folder=tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_the_manifest_says_what_it_was_made_of_and_how(
    store: Store, aggregates: Aggregates, tmp_path: Path
) -> None:
    files = {"boards/acme.json": "5e1f", "boards/abc.json": "0a0b"}
    manifest = write_pack(aggregates, store, inputs=files, folder=tmp_path / "pack")
    assert manifest == read_manifest(tmp_path / "pack")
    assert manifest["inputs"] == files
    board = manifest["sources"]["board"]
    # the SHA-256 of the one document's hash and a newline
    assert (
        board["documents_sha256"]
        == __import__("hashlib").sha256((drawn.document().sha256 + "\n").encode()).hexdigest()
    )
    assert (board["documents"], board["records"], board["observations"]) == (1, 69, 69)
    assert (board["licence"], board["retrieved"], board["first_date"]) == ("none", "2026-06-01", "2026-06-01")
    assert manifest["command"] == "payguide pack LIBRARY"
    assert manifest["observations"] == 69


def test_a_damaged_or_unfinished_pack_is_refused(
    store: Store, aggregates: Aggregates, tmp_path: Path
) -> None:
    folder = tmp_path / "pack"
    with pytest.raises(StoreError, match="no packaged evidence"):
        read_pack(folder)
    write_pack(aggregates, store, folder=folder)
    with pytest.raises(StoreError, match=r"holds no model\.json"):
        read_model(folder)
    content = (folder / "cells.parquet").read_bytes()
    (folder / "cells.parquet").write_bytes(content[:-1] + b"?")
    with pytest.raises(StoreError, match=r"cells\.parquet: its bytes are not those"):
        read_pack(folder)
    (folder / "cells.parquet").unlink()
    with pytest.raises(StoreError, match=r"cells\.parquet"):
        read_pack(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(StoreError, match="format 99"):
        read_pack(folder)


@given(
    hnp.arrays(
        np.float64,
        st.tuples(st.integers(0, 6), st.just(4)),
        elements=st.one_of(
            st.just(0.0), st.integers(0, 2**33).map(float), st.floats(-1e12, 1e12, allow_nan=False)
        ),
    )
)
def test_the_codec_gives_back_every_number(rows: np.ndarray) -> None:
    codes, body = encode(rows)
    assert (decode(codes, body, 4) == rows).all()


def test_the_codec_takes_the_narrowest_type() -> None:
    rows = np.array([[0, 0], [255, 1], [256, 1], [65_536, 0], [2**32, 0], [0.5, 0], [-1, 0]], np.float64)
    codes, body = encode(rows)
    assert list(codes) == [0, 1, 2, 3, 4, 4, 4]
    assert len(body) == 2 * (0 + 1 + 2 + 4 + 8 + 8 + 8)
    with pytest.raises(ValueError, match="bytes where"):
        decode(codes, body + b"x", 2)


def test_no_evidence_is_no_aggregates(tmp_path: Path) -> None:
    empty = drawn.aggregates(Store.open(tmp_path, create=True))
    assert isinstance(empty, Aggregates)
    assert (empty.cells, empty.moments, empty.tallies, empty.official) == ((), (), (), ())
    assert dict(empty.sources) == {}
