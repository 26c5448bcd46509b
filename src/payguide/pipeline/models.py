"""From evidence to aggregates and the fitted model, and what travels with the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from payguide.base.aggregates import Aggregates, PayRows
from payguide.base.inputs import Document
from payguide.collect.library import inputs
from payguide.collect.sources import documents
from payguide.decode.reader import read
from payguide.estimator.statements import points_for
from payguide.evidence import pack as packs
from payguide.evidence import sealed
from payguide.evidence.snapshot import CellsBackend, Snapshot
from payguide.evidence.store import Store, backtest_store
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.official import official_figures
from payguide.fit import backtest as backtests
from payguide.fit.model import fit_model
from payguide.gate.model import pass_model, public_rows
from payguide.guide import own
from payguide.guide.role import EditionSpec
from payguide.pipeline.collection import Collected, collect
from payguide.pipeline.progress import Note, Tick, unsaid

#: Seeds everything that draws; an edition records it.
SEED = 20261101


@contextmanager
def public_snapshot(evidence: Path | str, role: EditionSpec, note: Note) -> Iterator[Snapshot]:
    """The public evidence; what is left out of it is said, but not whose it is."""
    with Snapshot.of(Store.open(evidence), population(role)) as taken:
        if taken.left_out:
            note(own.left_out(taken.left_out))
        yield taken


def population(role: EditionSpec) -> Population:
    """Whose pay an edition is of."""
    return Population(role.country, role.currency)


def estimated(
    taken: Snapshot, role: EditionSpec, tick: Tick, elsewhere: CellsBackend | None = None
) -> tuple[Aggregates, Mapping[str, Any]]:
    """Aggregates and fitted model of a snapshot; its cells may be made elsewhere."""
    tick("reducing to cells", 0, None)
    return taken.aggregates(elsewhere), _fitted(taken, public_rows(taken.training_rows()), role, tick)


def _fitted(taken: Snapshot, rows: Mapping[str, PayRows], role: EditionSpec, tick: Tick) -> Mapping[str, Any]:
    """The model of rows of a snapshot, with its back-test where there is one of the same evidence."""
    tick("fitting the estimator", 0, None)
    model = fit_model(rows, as_of=role.date, seed=SEED)
    found = backtest_store.saved_backtest(taken)
    return {**model, "backtest": found} if found else model


def backtest(evidence: Path | str, role: EditionSpec, tick: Tick, note: Note = unsaid) -> Mapping[str, Any]:
    """Back-test the estimator beside its references on the public evidence of a folder, and keep the result in it."""
    with public_snapshot(evidence, role, note) as taken:
        result = backtests.backtest(
            public_rows(taken.training_rows()),
            lambda model, test: points_for(pass_model(model), test),
            as_of=role.date, seed=SEED, tick=tick,
        )  # fmt: skip
        return backtest_store.save_backtest(taken, result)


def packaged(tick: Tick) -> tuple[Aggregates, Mapping[str, Any]]:
    """The packaged cells and model, with the official statistics from their own wheel."""
    tick("reading the packaged evidence", 0, None)
    aggregates = packs.read_pack()
    tick("reading the official statistics", 0, None)
    found = [o for item in documents("oews") if isinstance(item, Document) for o in read(item).observations]
    return packs.with_official(aggregates, official_figures(found)), sealed.read_model()


def pack(
    library: Path, evidence: Path | str, role: EditionSpec, tick: Tick, *, folder: Path = sealed.PACKAGED,
    note: Note = unsaid,
) -> tuple[Collected, Mapping[str, object]]:  # fmt: skip
    """Collect a library into `evidence` and package its cells and model. Returns the pack's manifest too."""
    collected = collect([f"library:{library}"], evidence, map_name=None, retrieved=None, tick=tick)
    with public_snapshot(evidence, role, note) as taken:
        aggregates, model = estimated(taken, role, tick)
        tick("packaging", 0, None)
        passed, files = pass_model(model), inputs(library)
        return collected, packs.write_pack(aggregates, taken, model=passed, inputs=files, folder=folder)


def own_model(
    evidence: Path | str, role: EditionSpec, tick: Tick, note: Note = unsaid
) -> Mapping[str, object]:
    """A model fitted on an evidence folder to predict with, on what is confidential too: for its owner alone."""
    with Snapshot.of(Store.open(evidence), population(role), own=True) as taken:
        if found := taken.not_fitted():
            note(own.not_fitted(found))
        return pass_model(_fitted(taken, taken.training_rows(), role, tick), own=True)
