"""The one module that knows every stage: it wires them and does no arithmetic of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from payguide.base.aggregates import Aggregates
from payguide.base.edition import Edition
from payguide.base.errors import InputError, PayguideError, SourceUnavailable, StoreError, UsageError
from payguide.base.inputs import Document
from payguide.base.reference.country import default_country
from payguide.base.version import VERSION
from payguide.collect.library import inputs
from payguide.collect.sources import Documents, documents
from payguide.decode.name_lists import with_names
from payguide.decode.reader import read, read_parts
from payguide.decode.table.mapping import load_map
from payguide.estimator.statements import points_for
from payguide.evidence import pack as packs
from payguide.evidence import sealed
from payguide.evidence.snapshot import CellsBackend, Snapshot
from payguide.evidence.spark_backend import SparkBackend
from payguide.evidence.store import Appended, Item, Store, backtest_store
from payguide.evidence.store.read_batches import local_reader
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.official import official_figures
from payguide.fit import backtest as backtests
from payguide.fit.edition import estimate
from payguide.fit.model import fit_model
from payguide.gate.model import pass_model, public_rows
from payguide.gate.records import pass_records
from payguide.gate.rules import judge
from payguide.guide import earlier, shelf
from payguide.guide import edition as editions
from payguide.guide.role import EditionSpec

#: Told of progress: the stage, how much is done, of how much (None: not known).
Tick = Callable[[str, int, int | None], None]

#: Seeds everything that draws; an edition records it.
SEED = 20261101


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection added, and the sources that could not be read at all."""

    appended: Appended
    failed: tuple[PayguideError, ...]


def collect(
    specs: Iterable[str], evidence: Path | str, *, map_name: str | None, retrieved: date | None, tick: Tick,
    elsewhere: SparkBackend | None = None,
) -> Collected:  # fmt: skip
    """Read the sources, here or elsewhere, into evidence in a folder or at `s3://bucket/prefix`. A source that fails is
    reported; the others still land.

    Raises:
        UsageError, InputError: a source or a map is none; nothing has been written.
    """
    failed: list[PayguideError] = []
    if map_name is not None:
        load_map(map_name)
    named = [(spec, documents(spec, map_name=map_name, retrieved=retrieved)) for spec in specs]
    reader = elsewhere.reader(read) if elsewhere else local_reader(read_parts)

    def items() -> Iterator[Item]:
        for spec, found in named:
            try:
                yield from reader(_told(found, spec, tick))
            except (InputError, SourceUnavailable) as error:
                failed.append(error)

    # who is refused before anything has come leaves no empty store behind
    read_items = items()
    first = list(islice(read_items, 1))
    store = Store.open(evidence, create=True)
    mapped = f" --map {map_name}" if map_name else ""
    command = f"collect {' '.join(spec for spec, _ in named)}{mapped}"
    return Collected(
        store.append(chain(first, read_items), command=command, complete=lambda: not failed), tuple(failed)
    )


def _told(found: Documents, spec: str, tick: Tick) -> Documents:
    for done, item in enumerate(found, start=1):
        tick(f"reading {spec}", done, None)
        yield item


def _snapshot(evidence: Path | str, role: EditionSpec) -> AbstractContextManager[Snapshot]:
    return Snapshot.of(Store.open(evidence), Population(role.country, role.currency))


def _estimated(
    taken: Snapshot, role: EditionSpec, tick: Tick, elsewhere: CellsBackend | None = None
) -> tuple[Aggregates, Mapping[str, Any]]:
    """Aggregates and fitted model of a snapshot; its cells may be made elsewhere."""
    tick("reducing to cells", 0, None)
    return taken.aggregates(elsewhere), _fitted(taken, role, tick)


def _fitted(taken: Snapshot, role: EditionSpec, tick: Tick, *, own: bool = False) -> Mapping[str, Any]:
    """The model of a snapshot's public evidence, with its back-test where there is one of this version; with `own` that
    of all its evidence, which is not for publication.
    """
    tick("fitting the estimator", 0, None)
    rows = taken.training_rows() if own else public_rows(taken.training_rows())
    model, found = fit_model(rows, as_of=role.date, seed=SEED), backtest_store.saved_backtest(taken.store)
    return {**model, "backtest": found} if found else model


def backtest(evidence: Path | str, role: EditionSpec, tick: Tick) -> Mapping[str, Any]:
    """Back-test the estimator beside its references on an evidence folder, and keep the result in it."""
    with _snapshot(evidence, role) as taken:
        rows = public_rows(taken.training_rows())
    result = backtests.backtest(
        rows,
        lambda model, test: points_for(pass_model(model), test),
        as_of=role.date, seed=SEED, tick=tick,
    )  # fmt: skip
    return backtest_store.save_backtest(taken.store, result)


def packaged(tick: Tick) -> tuple[Aggregates, Mapping[str, Any]]:
    """The packaged cells and model, with the official statistics from their own wheel."""
    tick("reading the packaged evidence", 0, None)
    aggregates = packs.read_pack()
    tick("reading the official statistics", 0, None)
    found = [o for item in documents("oews") if isinstance(item, Document) for o in read(item).observations]
    return packs.with_official(aggregates, official_figures(found)), sealed.read_model()


def pack(
    library: Path, evidence: Path | str, role: EditionSpec, tick: Tick, *, folder: Path = sealed.PACKAGED
) -> tuple[Collected, Mapping[str, object]]:
    """Collect a library into `evidence` and package its cells and model. Returns the pack's manifest too."""
    collected = collect([f"library:{library}"], evidence, map_name=None, retrieved=None, tick=tick)
    with _snapshot(evidence, role) as taken:
        aggregates, model = _estimated(taken, role, tick)
        tick("packaging", 0, None)
        passed, files = pass_model(model), inputs(library)
        return collected, packs.write_pack(aggregates, taken, model=passed, inputs=files, folder=folder)


def make(role: EditionSpec, *, evidence: Path | str | None, tick: Tick) -> Edition:
    """An edition in memory: from an evidence folder, or from the packaged evidence."""
    with _snapshot(evidence, role) if evidence is not None else nullcontext() as taken:
        return _made([role], taken, tick)[0]


def _made(
    roles: Sequence[EditionSpec], taken: Snapshot | None, tick: Tick, elsewhere: CellsBackend | None = None
) -> list[Edition]:
    """The editions of roles of one country, currency and date, from a snapshot or from the packaged evidence.

    Raises:
        UsageError: they are of another country than the packaged evidence, and there is no other.
    """
    if taken is None and roles[0].country != default_country():
        found = f"the packaged evidence is of {default_country()}, not of {roles[0].country}"
        raise UsageError(found, remedy="Build from an evidence folder of that country: --evidence DIR")
    aggregates, model = _estimated(taken, roles[0], tick, elsewhere) if taken else packaged(tick)
    passed, made = with_names(pass_model(model)), []
    for done, role in enumerate(roles):
        tick("estimating", done, len(roles))
        figures = judge(estimate(aggregates, role=role.role, country=role.country, as_of=role.date))
        made.append(editions.made(role, aggregates, figures, passed, code_version=VERSION, seed=SEED))
    return made


def own_model(evidence: Path | str, role: EditionSpec, tick: Tick) -> Mapping[str, object]:
    """A model fitted on an evidence folder to predict with."""
    with _snapshot(evidence, role) as taken:
        return pass_model(_fitted(taken, role, tick, own=True), own=True)


def build(
    roles: Sequence[EditionSpec], *, evidence: Path | str | None, out: Path, tick: Tick,
    elsewhere: CellsBackend | None = None, url: str = "", previous: Path | None = None,
) -> list[Edition]:  # fmt: skip
    """Make the editions and write them with their sites into `out`: one by itself, several below a page that
    compares them. `url` is where `out` will be served, where that is known; it ends in /. Each tells what changed
    since the earlier edition of its role in `previous`. All of it comes from one state of the evidence.
    """
    before = earlier.of_roles(previous, roles)
    with _snapshot(evidence, roles[0]) if evidence is not None else nullcontext() as taken:
        made = shelf.together(_made(roles, taken, tick, elsewhere), url)
        if taken:
            tick("gathering the records", 0, None)
            found = taken.records([role.role for role in roles])
            made = [
                pass_records(edition, found[role.role]) for edition, role in zip(made, roles, strict=True)
            ]
        made = earlier.told(made, before)
        shelf.write(made, out, tick)
        if taken:
            # who may not write to the evidence may not vacuum it either: no version of it needs to be kept
            with suppress(StoreError):
                for role in roles:
                    taken.pin(f"{role.slug}-{role.date}")
    return made
