"""The one module that knows every stage: it wires them and does no arithmetic of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from payguide.base.errors import InputError, PayguideError, SourceUnavailable, StoreError
from payguide.base.figures import Aggregates, Edition
from payguide.base.records import Document
from payguide.base.version import VERSION
from payguide.collect.library import inputs
from payguide.collect.sources import Documents, documents
from payguide.decode.reader import read
from payguide.evidence import pack as packs
from payguide.evidence.aggregate import Elsewhere, aggregate
from payguide.evidence.elsewhere import OnSpark
from payguide.evidence.official import official_figures
from payguide.evidence.readings import Reader, here
from payguide.evidence.rows import pay_rows
from payguide.evidence.store import Appended, Item, Store
from payguide.fit.edition import estimate
from payguide.fit.model import fit_model
from payguide.gate.model import OWN_EVIDENCE, pass_model
from payguide.gate.rules import judge
from payguide.guide import claims, site
from payguide.guide import edition as editions
from payguide.guide.role import RoleSpec

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
    specs: Iterable[str],
    evidence: Path,
    *,
    map_name: str | None,
    retrieved: date | None,
    tick: Tick,
    elsewhere: OnSpark | None = None,
) -> Collected:
    """Read the sources, here or elsewhere, into the evidence folder. One that fails is reported; the others land."""
    failed: list[PayguideError] = []
    reader = elsewhere.reader(read) if elsewhere else here(read)
    store = Store.open(evidence, create=True)

    def source(spec: str) -> Documents:
        for done, item in enumerate(documents(spec, map_name=map_name, retrieved=retrieved), start=1):
            tick(f"reading {spec}", done, None)
            yield item

    appended = store.append(_readings(specs, source, reader, failed), command=f"collect {' '.join(specs)}")
    return Collected(appended, tuple(failed))


def _readings(
    specs: Iterable[str], source: Callable[[str], Documents], reader: Reader, failed: list[PayguideError]
) -> Iterator[Item]:
    for spec in specs:
        try:
            yield from reader(source(spec))
        except (InputError, SourceUnavailable) as error:
            failed.append(error)


def aggregates_of(store: Store, role: RoleSpec, elsewhere: Elsewhere | None = None) -> Aggregates:
    """The cells, moments and tallies of a store for a role's country and currency."""
    return aggregate(store, country=role.country, currency=role.currency, elsewhere=elsewhere)


def from_store(
    evidence: Path, role: RoleSpec, tick: Tick, elsewhere: Elsewhere | None = None
) -> tuple[Aggregates, Mapping[str, object]]:
    """Aggregates and fitted model of an evidence folder; its cells may be made elsewhere."""
    tick("opening the evidence", 0, None)
    store = Store.open(evidence)
    tick("reducing to cells", 0, None)
    aggregates = aggregates_of(store, role, elsewhere)
    tick("fitting the estimator", 0, None)
    return aggregates, fit_model(pay_rows(store), as_of=role.date, seed=SEED)


def packaged(tick: Tick) -> tuple[Aggregates, Mapping[str, object]]:
    """The packaged cells and model, with the official statistics from their own wheel."""
    tick("reading the packaged evidence", 0, None)
    aggregates = packs.read_pack()
    tick("reading the official statistics", 0, None)
    official = [
        o for item in documents("oews") if isinstance(item, Document) for o in read(item).observations
    ]
    return packs.with_official(aggregates, official_figures(official)), packs.read_model()


def pack(
    library: Path, evidence: Path, role: RoleSpec, tick: Tick, *, folder: Path = packs.PACKAGED
) -> tuple[Collected, Mapping[str, object]]:
    """Collect a library into `evidence` and package its cells and model. Returns the pack's manifest too."""
    collected = collect([f"library:{library}"], evidence, map_name=None, retrieved=None, tick=tick)
    aggregates, model = from_store(evidence, role, tick)
    tick("packaging", 0, None)
    store, files = Store.open(evidence), inputs(library)
    manifest = packs.write_pack(aggregates, store, model=pass_model(model), inputs=files, folder=folder)
    return collected, manifest


def make(role: RoleSpec, *, evidence: Path | None, tick: Tick, elsewhere: Elsewhere | None = None) -> Edition:
    """An edition in memory: from an evidence folder, or from the packaged evidence."""
    aggregates, model = from_store(evidence, role, tick, elsewhere) if evidence else packaged(tick)
    tick("estimating", 0, None)
    figures = judge(estimate(aggregates, role=role.role, as_of=role.date))
    verdicts = claims.judge(claims.load(role.claims), figures)
    manifest = editions.manifest(role, aggregates, code_version=VERSION, seed=SEED)
    return Edition(manifest, figures, verdicts, pass_model(model))


def model_of(edition: Path | None, evidence: Path | None, role: RoleSpec, tick: Tick) -> Mapping[str, object]:
    """The model to predict with: an edition's, one fitted on an evidence folder, or the packaged one."""
    if edition:
        found = editions.read(edition).model
        if found is None:
            raise InputError("this edition has no model", where=str(edition), remedy="Build it again")
        return found
    if not evidence:
        return packs.read_model()
    # fitted on one's own evidence and not published: only negligible effects are dropped
    return pass_model(from_store(evidence, role, tick)[1], OWN_EVIDENCE)


def build(
    role: RoleSpec, *, evidence: Path | None, out: Path, tick: Tick, elsewhere: Elsewhere | None = None
) -> Edition:
    """Make an edition and write it with its site into `out`."""
    edition = make(role, evidence=evidence, tick=tick, elsewhere=elsewhere)
    tick("drawing the pages", 0, None)
    editions.write(edition, out)
    site.render(edition, out)
    if evidence is not None:
        # who may not write to the evidence may not vacuum it either: no version of it needs to be kept
        with suppress(StoreError):
            Store.open(evidence).pin(f"{role.slug}-{role.date}")
    return edition
