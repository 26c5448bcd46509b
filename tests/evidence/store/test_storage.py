"""Evidence in S3-compatible storage is the same evidence: every test here is of a real server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import drawn_evidence as drawn
import pytest

from payguide.base.errors import InputError, PayguideError, SourceUnavailable, StoreError, UsageError
from payguide.base.inputs import Rejection
from payguide.evidence.contract import contract_config
from payguide.evidence.store import Store, delta
from payguide.evidence.store.location import S3, location_of
from s3_server import BUCKET

FIRST = """
record | employer | level  | metro | pay           | skills
a      | acme     | senior | 41860 | 150000-200000 | pytorch sql
b      | globex   | mid    | 35620 | 120000-160000 | -
c      | initech  | staff  | 41860 | 190000-980000 | -
d      | globex   | mid    | 35620 | 1-2           | -
"""
SECOND = """
record | employer | level | metro | pay           | skills
a      | acme     | staff | 41860 | 150000-200000 | pytorch sql
b      | globex   | mid   | 35620 | 130000-170000 | -
e      | hooli    | entry | 41860 | 110000-140000 | jax
"""
WIDE = contract_config.merged("[range]\nwidest_ratio = 6\n", "wide.toml")

NAMED = [
    ("my-evidence",                 Path("my-evidence")),
    (Path("/tmp/evidence"),         Path("/tmp/evidence")),
    ("s3://bucket",                 S3("bucket")),
    ("s3://bucket/",                S3("bucket")),
    ("s3://bucket/a/b c/",          S3("bucket", "a/b c")),
    (Path("s3://bucket/a"),         S3("bucket", "a")),
    (S3("bucket", "a"),             S3("bucket", "a")),
]  # fmt: skip


@pytest.mark.parametrize(("named", "where"), NAMED)
def test_a_place_is_a_folder_or_a_prefix(named: str | Path | S3, where: Path | S3) -> None:
    assert location_of(named) == where
    assert location_of(str(where)) == where


@pytest.mark.parametrize("named", ["gs://bucket/a", "https://host/a", "s3://", "s3:///"])
def test_another_url_is_refused(named: str) -> None:
    with pytest.raises(UsageError, match=r"a folder or at s3://bucket/prefix"):
        location_of(named)


def filled(place: Path | str) -> Store:
    """Two runs of one record each way, a quarantined statement and one that a wider contract releases."""
    store = drawn.store_at(place, drawn.observations(FIRST), drawn.postings(FIRST), source=drawn.document())
    unread = Rejection("not_json", "cut off", "a.json", "board")
    again = drawn.observations(SECOND), drawn.postings(SECOND)
    drawn.append(store, *again, source=drawn.document(b"another"), rejections=[unread])
    store.revalidate(WIDE, command="test")
    return store


@pytest.fixture(scope="module")
def both(storage: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """The same evidence in storage and in a folder."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in storage.items():
            patch.setenv(name, value)
        yield filled(f"s3://{BUCKET}/both"), filled(tmp_path_factory.mktemp("both"))


@pytest.mark.thin
def test_it_is_the_same_evidence_wherever_it_lies(both: tuple[Store, Store]) -> None:
    there, here = both

    assert there.fingerprint == here.fingerprint
    assert there.version == here.version
    assert there.counts_by_source() == here.counts_by_source()
    assert there.rejections() == here.rejections()
    assert there.quarantine() == here.quarantine()
    assert str(there.contract()) == str(here.contract())
    key = drawn.observations(FIRST)[0].key
    assert there.history(key) == here.history(key)
    assert [row["revision"] for row in there.history(key)] == [1, 2]
    assert there.posting("board", "a") == here.posting("board", "a")
    mine, yours = drawn.aggregates(there), drawn.aggregates(here)
    assert mine.cells
    assert [(one.key, one.n, one.mass.tolist()) for one in mine.cells] == [
        (one.key, one.n, one.mass.tolist()) for one in yours.cells
    ]


def test_every_version_reads_as_it_was(both: tuple[Store, Store]) -> None:
    for number in (1, 2, 3):
        there, here = (Store.open(store.path, number=number) for store in both)
        assert (there.fingerprint, there.version) == (here.fingerprint, here.version)
    assert Store.open(both[0].path, as_of=datetime.now(UTC).date()).number == 3
    with pytest.raises(InputError, match="no version 4"):
        Store.open(both[0].path, number=4)


def test_appending_the_same_again_adds_nothing(both: tuple[Store, Store]) -> None:
    store = both[0]
    before = store.fingerprint, store.version
    again = drawn.append(store, drawn.observations(SECOND), drawn.postings(SECOND), source=drawn.document())
    assert (again.observations_new, again.postings_new, again.documents_new) == (0, 0, 0)
    assert (store.fingerprint, store.version) == before


def test_compact_joins_files_and_vacuum_keeps_what_an_edition_needs(s3: str) -> None:
    store = drawn.store_at(s3, [drawn.observation({"record": "a", "pay": "150000"})])
    for number in range(5):
        drawn.append(store, [drawn.observation({"record": f"b{number}", "pay": "140000"})])
    Store.open(s3, number=2).pin("ml-engineer-2026")
    Store.open(s3, number=2).pin("ml-engineer-2026")
    assert len(store.rows("SELECT * FROM editions")) == 1
    before = store.fingerprint

    assert store.compact()["observations"] == 5
    assert (store.fingerprint, len(store.files("observations"))) == (before, 1)
    assert Store.open(s3, number=4).rows("SELECT count(*) AS n FROM observations") == [{"n": 4}]

    # what an unfinished commit has put is not listed yet
    put = delta.Table(location_of(s3) / "observations")
    rows = put_rows(store)
    part = put.put(rows)
    assert store.vacuum()["observations"] == 4
    assert Store.open(s3).fingerprint == before
    assert Store.open(s3, number=2).rows("SELECT count(*) AS n FROM observations") == [{"n": 2}]
    with pytest.raises(StoreError, match="a file that the evidence lists is missing"):
        Store.open(s3, number=4).rows("SELECT sum(low) FROM observations")
    put.refresh()
    put.commit(part)
    assert Store.open(s3).rows("SELECT count(*) AS n FROM observations") == [{"n": 7}]


def put_rows(store: Store) -> object:
    """A row that is not in the store, of the columns that it has."""
    with store.connect() as connection:
        return connection.sql(
            "SELECT * REPLACE (key || '-other' AS key) FROM observations ORDER BY key LIMIT 1"
        ).to_arrow_table()


def test_spark_is_given_the_files_by_hadoops_name(s3: str) -> None:
    from payguide.evidence.spark_jobs import on_spark

    class Asked(Exception):
        pass

    class Reader:
        def parquet(self, *files: str) -> None:
            raise Asked(*files)

    class Session:
        read = Reader()

    store = drawn.store_at(s3, drawn.observations(FIRST))
    with pytest.raises(Asked, match=r"s3a://evidence/.*/my evidence/observations/part-.*\.parquet"):
        on_spark(store, Session())  # type: ignore[arg-type]


# what is wrong -> the error, what it says, what to do
WRONG = [
    ({"AWS_ACCESS_KEY_ID": "unheard of"},            StoreError,        "refuses these",     "AWS_ACCESS_KEY_ID"),
    ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"},     SourceUnavailable, "no storage answers", "AWS_ENDPOINT_URL"),
    ({"AWS_ENDPOINT_URL": "http://host.invalid"},    SourceUnavailable, "no storage answers", "AWS_ENDPOINT_URL"),
    ({"AWS_ALLOW_HTTP": "false"},                    StoreError,        "plain http",        "AWS_ALLOW_HTTP"),
    ({"bucket": "unheard-of"},                       StoreError,        "no such bucket",    "make the bucket"),
]  # fmt: skip


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize(("wrong", "kind", "found", "remedy"), WRONG)
def test_what_is_wrong_is_said(
    s3: str,
    monkeypatch: pytest.MonkeyPatch,
    wrong: dict[str, str],
    kind: type[PayguideError],
    found: str,
    remedy: str,
    create: bool,
) -> None:
    for name in wrong.keys() - {"bucket"}:
        monkeypatch.setenv(name, wrong[name])
    place = s3.replace("evidence", wrong.get("bucket", "evidence"), 1)
    with pytest.raises(kind, match=found) as raised:
        Store.open(place, create=create)
    assert place in raised.value.where
    assert remedy in raised.value.remedy
    assert "\x1b" not in str(raised.value)


@pytest.mark.thin
def test_a_storage_that_goes_away_meanwhile_is_named(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = drawn.store_at(s3, drawn.observations(FIRST))
    store.files("observations")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(SourceUnavailable, match="no storage answers"):
        store.rows("SELECT sum(low) FROM observations")
