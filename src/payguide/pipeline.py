"""The one module that knows every stage: it wires them and does no arithmetic of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from payguide.base.aggregates import Aggregates, PayRows
from payguide.base.credentials import without_credentials
from payguide.base.edition import OWNER, Edition
from payguide.base.errors import InputError, PayguideError, SourceUnavailable, StoreError, UsageError
from payguide.base.inputs import Document
from payguide.base.reference.country import default_country
from payguide.base.version import VERSION
from payguide.collect.library import inputs
from payguide.collect.sources import Documents, documents
from payguide.decode.employer import shown_name
from payguide.decode.name_lists import with_names
from payguide.decode.reader import read, read_parts
from payguide.decode.table.mapping import load_map
from payguide.estimator.statements import points_for
from payguide.evidence import pack as packs
from payguide.evidence import sealed
from payguide.evidence.snapshot import CellsBackend, Snapshot
from payguide.evidence.spark_backend import SparkBackend
from payguide.evidence.store import Appended, Item, Store, backtest_store
from payguide.evidence.store.private import private
from payguide.evidence.store.read_batches import local_reader
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.official import official_figures
from payguide.fit import backtest as backtests
from payguide.fit.edition import estimate
from payguide.fit.model import fit_model
from payguide.fit.own import own_figures
from payguide.gate.model import pass_model, public_rows
from payguide.gate.records import pass_records
from payguide.gate.rules import for_owner, judge
from payguide.guide import earlier, own, shelf
from payguide.guide import edition as editions
from payguide.guide.role import EditionSpec

#: Told of progress: the stage, how much is done, of how much (None: not known).
Tick = Callable[[str, int, int | None], None]

#: Told of what somebody may want to know, in one line.
Note = Callable[[str], None]

#: Seeds everything that draws; an edition records it.
SEED = 20261101


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection added, and the sources that could not be read at all."""

    appended: Appended
    failed: tuple[PayguideError, ...]


def collect(
    specs: Iterable[str], evidence: Path | str, *, map_name: str | None, retrieved: date | None, tick: Tick,
    elsewhere: SparkBackend | None = None, allowed: Collection[str] = (), public: bool = False,
) -> Collected:  # fmt: skip
    """Read the sources, here or elsewhere, into evidence in a folder or at `s3://bucket/prefix`. A source that fails is
    reported; the others still land. `allowed` are hosts that may be asked though they are not of the public internet.
    Files of one's own are confidential, unless they are said to be `public`.

    Raises:
        UsageError, InputError: a source or a map is none; nothing has been written.
    """
    failed: list[PayguideError] = []
    if map_name is not None:
        load_map(map_name)
    # neither a run nor the screen keeps the keys that an address may carry
    sources = [
        (
            without_credentials(spec),
            documents(spec, map_name=map_name, retrieved=retrieved, allowed=allowed, public=public),
        )
        for spec in specs
    ]
    reader = elsewhere.reader(read) if elsewhere else local_reader(read_parts)

    def items() -> Iterator[Item]:
        for shown, found in sources:
            try:
                yield from reader(_told(found, shown, tick))
            except (InputError, SourceUnavailable) as error:
                failed.append(error)

    # who is refused before anything has come leaves no empty store behind
    read_items = items()
    first = list(islice(read_items, 1))
    store = Store.open(evidence, create=True)
    mapped = f" --map {map_name}" if map_name else ""
    command = f"collect {' '.join(shown for shown, _ in sources)}{mapped}"
    return Collected(
        store.append(chain(first, read_items), command=command, complete=lambda: not failed), tuple(failed)
    )


def _told(found: Documents, spec: str, tick: Tick) -> Documents:
    for done, item in enumerate(found, start=1):
        tick(f"reading {spec}", done, None)
        yield item


def _unsaid(_line: str) -> None:
    """Whom nobody listens to."""


@contextmanager
def _snapshot(evidence: Path | str, role: EditionSpec, note: Note) -> Iterator[Snapshot]:
    """The public evidence; what is left out of it is said, but not whose it is."""
    with Snapshot.of(Store.open(evidence), _population(role)) as taken:
        if taken.left_out:
            note(own.left_out(taken.left_out))
        yield taken


def _population(role: EditionSpec) -> Population:
    return Population(role.country, role.currency)


def _estimated(
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


def backtest(evidence: Path | str, role: EditionSpec, tick: Tick, note: Note = _unsaid) -> Mapping[str, Any]:
    """Back-test the estimator beside its references on the public evidence of a folder, and keep the result in it."""
    with _snapshot(evidence, role, note) as taken:
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
    note: Note = _unsaid,
) -> tuple[Collected, Mapping[str, object]]:  # fmt: skip
    """Collect a library into `evidence` and package its cells and model. Returns the pack's manifest too."""
    collected = collect([f"library:{library}"], evidence, map_name=None, retrieved=None, tick=tick)
    with _snapshot(evidence, role, note) as taken:
        aggregates, model = _estimated(taken, role, tick)
        tick("packaging", 0, None)
        passed, files = pass_model(model), inputs(library)
        return collected, packs.write_pack(aggregates, taken, model=passed, inputs=files, folder=folder)


def make(role: EditionSpec, *, evidence: Path | str | None, tick: Tick, note: Note = _unsaid) -> Edition:
    """An edition in memory: from an evidence folder, or from the packaged evidence."""
    with _snapshot(evidence, role, note) if evidence is not None else nullcontext() as taken:
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
        estimates = estimate(aggregates, role=role.role, country=role.country, as_of=role.date)
        figures = judge(estimates, shown_name)
        made.append(editions.made(role, aggregates, figures, passed, code_version=VERSION, seed=SEED))
    return made


def own_model(
    evidence: Path | str, role: EditionSpec, tick: Tick, note: Note = _unsaid
) -> Mapping[str, object]:
    """A model fitted on an evidence folder to predict with, on what is confidential too: for its owner alone."""
    with Snapshot.of(Store.open(evidence), _population(role), own=True) as taken:
        if found := taken.not_fitted():
            note(own.not_fitted(found))
        return pass_model(_fitted(taken, taken.training_rows(), role, tick), own=True)


def _for_owner(
    editions: Sequence[Edition], roles: Sequence[EditionSpec], taken: Snapshot, elsewhere: CellsBackend | None
) -> list[Edition]:
    """Public editions as their owner's report: marked, with what each confidential source says by itself."""
    named = own.named(taken.left_out)
    with Snapshot.of(taken.store, taken.population, own=True) as everything:
        cells = everything.cells(elsewhere) if named else ()
    return [
        own.report(edition, named, for_owner(
            own_figures(cells, named, role=role.role, country=role.country, as_of=role.date)
        ))
        for edition, role in zip(editions, roles, strict=True)
    ]  # fmt: skip


def build(
    roles: Sequence[EditionSpec], *, evidence: Path | str | None, out: Path, tick: Tick,
    elsewhere: CellsBackend | None = None, url: str = "", previous: Path | None = None, force: bool = False,
    note: Note = _unsaid, owner: bool = False,
) -> list[Edition]:  # fmt: skip
    """Make the editions and write them with their sites into `out`: one by itself, several below a page that
    compares them. `url` is where `out` will be served, where that is known; it ends in /. Each tells what changed
    since the earlier edition of its role in `previous`. All of it comes from one state of the evidence, and of that
    from what is public; for its `owner` it is a report that is not for publication, which shows the rest by itself.
    """
    before = earlier.of_roles(previous, roles, owner=owner)
    told = _unsaid if owner else note
    with _snapshot(evidence, roles[0], told) if evidence is not None else nullcontext() as taken:
        made = shelf.together(_made(roles, taken, tick, elsewhere), url)
        if taken:
            tick("gathering the records", 0, None)
            found = taken.records([role.role for role in roles])
            made = [
                pass_records(edition, found[role.role]) for edition, role in zip(made, roles, strict=True)
            ]
        made = earlier.told(made, before)
        if taken and owner:
            made = _for_owner(made, roles, taken, elsewhere)
        with private(out) if owner else nullcontext():
            shelf.write(made, out, tick, force=force)
        if taken:
            # who may not write to the evidence may not vacuum it either: no version of it needs to be kept
            with suppress(StoreError):
                for role in roles:
                    whose = f"{OWNER}{out.absolute()}" if owner else ""
                    taken.pin(f"{role.slug}-{role.date}{whose}")
    return made
