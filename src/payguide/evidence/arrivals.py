"""What has come into the evidence since cells were kept: the rows of files that were not listed then.

A row's next revision lies in a later file, and so does the note that it was withdrawn (`run`): files that are there
already never say anything new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow.dataset import dataset

from payguide.base.money import BoolArray, IntArray
from payguide.evidence.distinct import LISTED, Population, narrow, statements
from payguide.evidence.engine.arrow import Arrow
from payguide.evidence.statements import PLAIN, Statements, batch_of, hashed
from payguide.evidence.store import Store
from payguide.evidence.tables import TABLES, schema
from payguide.evidence.versions import current

#: The tables that cells depend on, and on what of them.
READ: Final[Mapping[str, Sequence[str]]] = {
    "observations": (
        "key", "revision", "source", "record", "kind", "role", "level", "level_read_from", "years_min", "component",
        "low", "high", "currency", "period", "basis", "date", "employer_id", "employer_tier", "employer_industry",
        "place_metro", "place_region", "place_country", "remote", LISTED,
    ),
    "postings": ("key", "revision", "source", "id", "has_text"),
    "withdrawn": ("row", "revision"),
}  # fmt: skip

#: What of a posting statements depend on.
_TEXTS: Final = pa.schema([("source", pa.string()), ("id", pa.string()), ("has_text", pa.bool_())])


@dataclass(frozen=True, slots=True, eq=False)
class Arrived:
    """The statements that are new, as a batch; the positions of the kept ones that are `gone`; what all these say."""

    batch: pa.RecordBatch
    gone: IntArray
    said: NDArray[np.uint64]


def evidence_of(store: Store) -> dict[str, list[str]]:
    """The names of the files that a store lists, of the tables that cells depend on."""
    return {name: [Path(file).name for file in store.files(name)] for name in READ}


def since(
    store: Store, before: Mapping[str, Sequence[str]], kept: Statements, population: Population
) -> Arrived:
    """What has come into a store since it listed the files of `before`, which the statements `kept` are of."""
    stated, posted, withdrawn = (
        _rows(name, [file for file in store.files(name) if Path(file).name not in set(before[name])])
        for name in READ
    )
    # a row's place stands for its list, which no step reads
    at = stated.schema.get_field_index(LISTED)
    engine = Arrow({
        "observations_ever": stated.set_column(at, LISTED, pa.array(np.arange(len(stated)))),
        "postings_ever": posted,
        "withdrawn": _rows("withdrawn", store.files("withdrawn")),
    })  # fmt: skip
    observations, postings = (engine.collect(current(engine, name)) for name in ("observations", "postings"))
    texts = _texts(posted, postings)
    replaced = _replaced(stated, withdrawn, kept)
    told_again, has_text = _retold(texts, kept, replaced)
    engine = Arrow({"observations": observations, "postings": _with_older(texts, observations, store)})
    new = _hashed(engine.collect(narrow(engine, statements(engine, population))), stated[LISTED])
    again = kept.take(told_again)
    again = again.set_column(again.schema.get_field_index("text"), PLAIN.field("text"), has_text)
    gone = np.union1d(replaced, told_again)
    batch = batch_of(pa.concat_tables([new, again]))
    said = np.concatenate([batch["said"].to_numpy(), kept.take(gone, ("said",))["said"].to_numpy()])
    return Arrived(batch, gone, said)


def _rows(name: str, files: Sequence[str]) -> pa.Table:
    """The rows of a table in some files (`READ`)."""
    columns, wanted = schema(TABLES[name]), list(READ[name])
    if not files:
        return columns.empty_table().select(wanted)
    return dataset(list(files), schema=columns).to_table(columns=wanted)


def _texts(posted: pa.Table, postings: pa.Table) -> pa.Table:
    """Of all postings that are new (`_TEXTS`) whether they have a text, as the current ones among them say."""
    without = posted.select(["source", "id"]).append_column(
        "has_text", pa.repeat(pa.scalar(False), len(posted))
    )
    both = pa.concat_tables([without.cast(_TEXTS), postings.select(_TEXTS.names)])
    return both.group_by(["source", "id"]).aggregate([("has_text", "any")]).rename_columns(_TEXTS.names)


def _replaced(stated: pa.Table, withdrawn: pa.Table, kept: Statements) -> IntArray:
    """The positions of kept statements that were revised or withdrawn."""
    revised = stated["key"].filter(pc.greater(stated["revision"], 1))
    keys = pa.chunked_array([*revised.chunks, *withdrawn["row"].chunks], pa.string())
    if not len(keys):
        return np.empty(0, np.int64)
    at = kept.where(partial(_among, name="key", words=keys))
    rows = kept.take(at, ("key", "revision"))
    revisions = (_pairs(rows, "key", "revision"), _pairs(withdrawn, "row", "revision"))
    gone = pc.or_(pc.is_in(rows["key"], revised.combine_chunks()), pc.is_in(*revisions))
    found: IntArray = at[gone.to_numpy()]
    return found


def _retold(texts: pa.Table, kept: Statements, replaced: IntArray) -> tuple[IntArray, pa.ChunkedArray]:
    """The positions of statements, but those replaced, whose posting has got a text or lost it, and whether it has."""
    if not len(texts):
        return np.empty(0, np.int64), texts["has_text"]
    at = np.setdiff1d(kept.where(partial(_among, name="record", words=texts["id"])), replaced)
    rows = kept.take(at, ("source", "record", "personal", "text"))
    named = pc.index_in(_pairs(rows, "source", "record"), _pairs(texts, "source", "id"))
    has_text = texts["has_text"].take(named)
    otherwise = pc.and_(pc.invert(rows["personal"]), pc.not_equal(rows["text"], has_text)).fill_null(False)
    return at[otherwise.to_numpy()], has_text.filter(otherwise)


def _with_older(texts: pa.Table, observations: pa.Table, store: Store) -> pa.Table:
    """The texts of new postings, and of those that were there before of which a new observation is."""
    stated = observations.group_by(["source", "record"]).aggregate([])
    known = pc.is_in(_pairs(stated, "source", "record"), _pairs(texts, "source", "id"))
    lacking = stated.filter(pc.invert(known)).rename_columns(["source", "id"])
    if not len(lacking) or not store.files("postings"):
        return texts
    with closing(store.connect()) as whole:
        whole.register("lacking", lacking)
        found = whole.sql("SELECT source, id, has_text FROM postings SEMI JOIN lacking USING (source, id)")
        return pa.concat_tables([texts, found.to_arrow_table().cast(_TEXTS)])


def _hashed(found: pa.Table, lists: pa.ChunkedArray) -> pa.Table:
    """Statements (`statements.PLAIN`) with what they say, and with their lists instead of the places of these."""
    with closing(duckdb.connect()) as connection:
        stated = hashed(connection.from_arrow(found)).to_arrow_table()
    stated = stated.set_column(stated.schema.get_field_index(LISTED), LISTED, lists.take(stated[LISTED]))
    return stated.select(PLAIN.names).cast(PLAIN)


def _among(batch: pa.RecordBatch, name: str, words: pa.ChunkedArray) -> BoolArray:
    found: BoolArray = pc.is_in(batch[name], words.combine_chunks()).to_numpy(zero_copy_only=False)
    return found


def _pairs(rows: pa.Table, *names: str) -> pa.Array:
    """One word for two columns of each row."""
    return pc.binary_join_element_wise(
        *(rows[name].cast(pa.string()) for name in names), "\x1f"
    ).combine_chunks()
