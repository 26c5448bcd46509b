"""Reading elsewhere gives what reading here gives, in the same order and with the same errors, and holds little."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any

import drawn_evidence as drawn
import pyarrow as pa
import pytest

from payguide.base.errors import PayguideError, SourceUnavailable, UnreadableFile, UsageError
from payguide.base.inputs import Document, Reading, Rejection
from payguide.evidence.store import Store, read_batches, writer
from payguide.evidence.store.read_batches import Read, local_reader, read_rows, remote_reader
from payguide.evidence.store.read_side_by_side import side_by_side_reader
from payguide.evidence.tables import TABLES

HEAD = "record | employer | pay    | skills\n"

#: Documents by name, a line a statement; what each is an example of.
DOCUMENTS = {
    "one": f"{HEAD}a | acme | 150000 | sql\n b | globex | 160000-190000 | -",
    "nothing in it": "",
    "breaks the contract": f"{HEAD}c | acme | 1 | -\n d | nobody | 150000 | -",
    "states again": f"{HEAD}b | globex | 160000-190000 | jax",
    "refused": "negative_pay",
    "unreadable": "unreadable_file",
    "half a pair \udc80": "negative_pay",
    "last": f"{HEAD}e | initech | 170000 | python sql",
}


def read(document: Document) -> Reading:
    """Observations and postings that a document draws, or the rule by which it is refused."""
    text = document.content.decode()
    if text.startswith("broken"):
        raise UnreadableFile("not readable", where=document.name, remedy="fetch it again")
    if text.startswith("unmapped"):
        raise UsageError("no such map", where=document.name)
    if not text.startswith(HEAD):
        refused = Rejection(
            text, "what was found", f"{document.name}: 1", document.card.name, document.sha256
        )
        return Reading(rejections=(refused,) if text else ())
    stated = tuple(replace(one, sha256=document.sha256) for one in drawn.observations(text))
    return Reading(stated, drawn.postings(text))


def document(name: str, text: str) -> Document:
    """A document of a drawing."""
    return Document(text.encode(), "text/plain", drawn.card(), name)


def documents(*names: str) -> list[Document | Rejection]:
    """Some of the drawn documents, by default all."""
    return [document(name, DOCUMENTS[name]) for name in names or DOCUMENTS]


def parts(document: Document) -> Iterator[Reading]:
    """The same as one part."""
    yield read(document)


def in_process(read_there: Read = read) -> Callable[[pa.Table], pa.Table]:
    """A carrier that goes nowhere: the rows are read by this process."""
    return lambda sent: pa.Table.from_batches(read_rows(read_there, sent.to_batches()))


def failing(items: Iterable[Document | Rejection], error: Exception) -> Iterator[Document | Rejection]:
    """A source that yields some documents and then fails."""
    yield from items
    raise error


def collected(folder: Path, items: Iterable[Any]) -> tuple[dict[str, object], str, list[list[Any]]]:
    """What an append of items says, and everything that it leaves in the store."""
    store = Store.open(folder, create=True)
    until: list[str] = []

    def told() -> Iterator[Any]:
        try:
            yield from items
        except PayguideError as error:
            until.append(f"{type(error).__name__} {error}")

    added = store.append(told(), command="test")
    names = ("observations", "postings", "rejections", "quarantine", "documents", "withdrawn")
    rows = [store.rows(f'SELECT * FROM "{name}" ORDER BY ALL') for name in names]
    return added.as_data(), "".join(until), rows


@pytest.fixture(params=[1, 2, 100])
def batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many documents go in a batch, and so many rows in a commit."""
    monkeypatch.setattr(read_batches, "BATCH", request.param)
    monkeypatch.setattr(writer, "ROWS", request.param)
    return int(request.param)


UNOPENED = Rejection("truncated_gzip", "cut off", "a.gz")
OFFLINE = SourceUnavailable("no answer", where="board", remedy="try again")
SOURCES: dict[str, Callable[[], Iterable[Document | Rejection]]] = {
    "everything": documents,
    "nothing": list,
    "files that are no documents": lambda: [UNOPENED, *documents("one"), UNOPENED],
    "broken at the end": lambda: [*documents("one", "refused"), document("x", "broken")],
    "broken between": lambda: [*documents("one"), document("x", "broken"), *documents("last")],
    "broken twice": lambda: [document("x", "broken"), document("y", "broken"), *documents("last")],
    "no such map": lambda: [*documents("one"), document("x", "unmapped"), *documents("last")],
    "source fails": lambda: failing([*documents("one", "last"), UNOPENED], OFFLINE),
    "source fails at once": lambda: failing([], OFFLINE),
    "broken before the source fails": lambda: failing([document("x", "broken")], OFFLINE),
}


@pytest.mark.few(2)
@pytest.mark.parametrize("name", SOURCES)
def test_what_processes_read_lands_as_if_it_had_been_read_here(tmp_path: Path, name: str) -> None:
    source = SOURCES[name]
    one = collected(tmp_path / "here", local_reader(parts)(source()))
    other = collected(tmp_path / "there", side_by_side_reader(parts, first=1)(source()))
    assert other == one


@pytest.mark.few(3)
@pytest.mark.usefixtures("batch")
@pytest.mark.parametrize("name", SOURCES)
def test_what_is_read_elsewhere_lands_as_if_it_had_been_read_here(tmp_path: Path, name: str) -> None:
    source = SOURCES[name]

    one = collected(tmp_path / "here", local_reader(parts)(source()))
    other = collected(tmp_path / "afar", remote_reader(read, in_process())(source()))

    assert other == one
    assert bool(one[1]) == ("broken" in name or "fails" in name or "no such" in name)
    assert any(one[2]) == (name not in ("nothing", "broken twice", "source fails at once",
                                        "broken before the source fails"))  # fmt: skip


def test_the_drawn_documents_are_of_every_kind(tmp_path: Path) -> None:
    added, error, rows = collected(tmp_path, local_reader(parts)(documents()))

    assert not error
    # a, b, e as they were first stated; c and d break the contract; two documents have the same bytes
    assert [len(found) for found in rows] == [3, 5, 3, 2, 7, 0]
    assert (added["observations_known"], added["unreadable"], added["faulty"]) == (1, 1, 3)


def test_read_again_elsewhere_what_changed_is_revised_and_what_is_gone_withdrawn(tmp_path: Path) -> None:
    later = document("one", f"{HEAD}a | acme | 155000 | sql\n b | globex | 160000-190000 | go")
    left = {}
    for name, reader in (("here", local_reader(parts)), ("afar", remote_reader(read, in_process()))):
        collected(tmp_path / name, local_reader(parts)(documents("one")))
        left[name] = collected(tmp_path / name, reader([later]))

    assert left["afar"] == left["here"]
    added, _, [observations, *_] = left["afar"]
    assert (added["observations_new"], added["observations_withdrawn"]) == (2, 1)
    # a states other pay, which is another statement; b states the same and asks for something else
    found = {row["record"]: (row["low"], row["revision"]) for row in observations}
    assert found == {"a": (155_000, 1), "b": (160_000, 2)}


def test_what_cannot_be_read_there_alone_is_read_here_in_its_place(tmp_path: Path) -> None:
    def read_there(document: Document) -> Reading:
        if document.name in ("one", "states again"):
            raise PayguideError("not on this machine")
        return read(document)

    one = collected(tmp_path / "here", local_reader(parts)(documents()))
    other = collected(tmp_path / "afar", remote_reader(read, in_process(read_there))(documents()))

    assert other == one


def test_a_document_that_is_too_large_is_not_carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[list[bytes]] = []

    def executor(sent: pa.Table) -> pa.Table:
        carried.append([row["name"] for row in sent.to_pylist()])
        return in_process()(sent)

    monkeypatch.setattr(read_batches, "AHEAD_BYTES", len(DOCUMENTS["breaks the contract"]) - 1)
    monkeypatch.setattr(read_batches, "BATCH_BYTES", len(DOCUMENTS["states again"]))
    one = collected(tmp_path / "here", local_reader(parts)(documents()))
    other = collected(tmp_path / "afar", remote_reader(read, executor)(documents()))

    assert other == one
    # "one" and "breaks the contract" are larger than what may be under way; refusals and their like fit together
    assert carried == [[b"nothing in it"], [b"states again"],
                       [b"refused", b"unreadable", b"half a pair \xed\xb2\x80"], [b"last"]]  # fmt: skip


def test_only_so_much_is_retrieved_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_batches, "BATCH", 5)
    retrieved = count()

    def many() -> Iterator[Document | Rejection]:
        for number in islice(retrieved, 1000):
            yield document(f"d{number}", f"rule_{number}")

    found = remote_reader(read, in_process())(many())
    names = [name for _ in range(4) for name in next(found)[1]["documents"]["name"].to_pylist()]  # type: ignore[index]
    found.close()  # type: ignore[attr-defined]

    assert names == [f"d{number}" for number in range(20)]
    # four batches have landed, three are under way, one is being filled and one document did not fit in it
    assert next(retrieved) <= 5 * (4 + read_batches.AHEAD + 1) + 1


def test_what_fails_there_ends_the_reading() -> None:
    def executor(sent: pa.Table) -> pa.Table:
        raise PayguideError("the cluster is gone")

    with pytest.raises(PayguideError, match="the cluster is gone"):
        list(remote_reader(read, executor)(documents()))


def test_another_version_of_payguide_reads_nothing() -> None:
    with pytest.raises(PayguideError, match=r"is installed where 0\.0\.0 is wanted"):
        list(read_rows(read, [], "0.0.0"))


def test_many_rows_come_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_batches, "PIECE", 2)
    drawing = HEAD + "\n".join(f"r{number} | acme | {150000 + number} | -" for number in range(5))

    found = list(read_rows(read, read_batches.sent([document("many", drawing)]).to_batches()))

    held = [
        name
        for piece in found
        for name in TABLES
        if name in piece.schema.names and piece[name].null_count == 0
    ]
    assert [piece.num_rows for piece in found] == [2, 2, 1, 2, 2, 1, 0]
    assert held[:6] == ["observations"] * 3 + ["postings"] * 3
