"""From evidence to aggregates and the fitted model, and what travels with the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from payguide.base.aggregates import Aggregates, OwnEvidence, PayRows
from payguide.base.codes import Component, EvidenceKind, Role
from payguide.base.inputs import Document
from payguide.base.market import Market, as_the_evidence, packaged_market, read_market
from payguide.base.reference.country import country
from payguide.collect.library import inputs
from payguide.collect.sources import documents
from payguide.decode.employer import read_employer, shown_name
from payguide.decode.reader import read
from payguide.estimator import Estimator
from payguide.estimator.answers import QUANTILES
from payguide.estimator.own_evidence import with_enough
from payguide.estimator.statements import points_for
from payguide.evidence import pack as packs
from payguide.evidence import sealed
from payguide.evidence.snapshot import CellsBackend, Snapshot
from payguide.evidence.store import Store, backtest_store
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.official import official_figures
from payguide.evidence.units.training_rows import FITTED
from payguide.fit.market.companies import company_intervals
from payguide.fit.market.packed import market_bytes, read_market_model, rounded
from payguide.fit.market.people import People
from payguide.fit.market.posterior import Posterior, fit_market
from payguide.fit.market.tables import benchmarked, market_table, sources_beside
from payguide.fit.model import backtest as backtests
from payguide.fit.model.fit import fit_model
from payguide.gate.model import pass_model, public_rows
from payguide.guide import own
from payguide.guide.role import EditionSpec
from payguide.pipeline.collection import Collected, collect
from payguide.pipeline.progress import Note, Tick, unsaid

#: The kinds of evidence that tell a market's pay; what is filed is a floor, but it knows every tier.
MARKET = (*FITTED, EvidenceKind.FILING)
#: The roles that answers are given of.
WHOSE = tuple(role for role in Role if role is not Role.OTHER)
#: One fit serves all roles: a statement that does not tell who its people are is of this role's.
MOST_NUMEROUS = Role.SOFTWARE_ENGINEER
#: The coverage that intervals state.
COVERAGE: Final = 0.9
#: Slugs that a page may be named after.
FILE_NAME: Final = re.compile(r"[\w-]{1,80}")
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
    taken: Snapshot, role: EditionSpec, market: Market, tick: Tick, elsewhere: CellsBackend | None = None
) -> tuple[Aggregates, Mapping[str, Any], Posterior]:
    """Aggregates, fitted estimator and fitted market of a snapshot; its cells may be made elsewhere. `market` says who
    those are that a statement may be of which does not tell.
    """
    tick("reducing to cells", 0, None)
    aggregates, rows = taken.aggregates(elsewhere), public_rows(taken.training_rows())
    model = _fitted(taken, rows, role, tick)
    return aggregates, model, _market(taken, role, market, tick)


def _market(
    taken: Snapshot, role: EditionSpec, market: Market, tick: Tick, *, own: bool = False
) -> Posterior:
    """The market of a snapshot: of its public evidence, or of all of it for its owner."""
    tick("drawing the market", 0, None)
    rows = {**taken.training_rows(MARKET), "both": taken.base_and_total()}
    told = rows if own else public_rows(rows)
    posterior = fit_market(
        told[Component.BASE],
        told["both"],
        market=market,
        country=country(role.country),
        as_of=role.date,
        seed=SEED,
    )
    return rounded(posterior)


def with_market(model: Mapping[str, Any], peoples: Mapping[str, People], code: str) -> dict[str, Any]:
    """A model that passed the gate, on the scale of a market of a country."""
    tables, sources = market_table(peoples, country(code)), sources_beside(model)
    return {**model, "market": benchmarked(tables, peoples, Estimator(model), sources, code)}


def _everybody(posterior: Posterior, role: EditionSpec) -> dict[str, People]:
    """The people of every role that answers are given of, in the packaged market of a role's country."""
    return {str(one): People(posterior, market_of(role, None, one), one) for one in WHOSE}


def model_of_role(model: Mapping[str, Any], role: Role) -> dict[str, Any]:
    """A model with the market of one role alone."""
    market = model["market"]
    return {**model, "market": {**market, "roles": {str(role): market["roles"][str(role)]}}}


def companies(
    model: Mapping[str, Any], own: Sequence[OwnEvidence], whose: People, code: str
) -> dict[str, Any]:
    """How well the pay of each employer is known that has enough evidence of its own, in the country of a `code`, what
    it is called and what a profile says of it.
    """
    answer = Estimator(model)
    told = {}
    for slug in with_enough(own, whose.role):
        read = read_employer(name := shown_name(slug))
        if read.id == slug and FILE_NAME.fullmatch(slug):
            says = {"employer": slug, "tier": str(read.tier), "industry": str(read.industry), "country": code}
            told[slug] = name, says
    found = company_intervals(
        whose, {slug: says for slug, (_, says) in told.items()},
        lambda profiles: answer.many(profiles).points[:, QUANTILES.index(0.50)], COVERAGE,
    )  # fmt: skip
    return {**found, "names": [told[slug][0] for slug in found["employers"]],
            "profiles": [told[slug][1] for slug in found["employers"]]}  # fmt: skip


def market_of(role: EditionSpec, file: Path | None, whose: Role | None = None) -> Market:
    """The people of a role: as a market file says, or the packaged market of the country, or as the evidence has them.

    Raises:
        InputError: the file is no market file, or of another country.
    """
    whose = whose or role.role
    if file is not None:
        return read_market(file, whose, role.country)
    return packaged_market(role.country, whose) or as_the_evidence(role.country, role.date, whose)


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


def packaged(tick: Tick) -> tuple[Aggregates, Mapping[str, Any], Posterior]:
    """The packaged cells, estimator and market, with the official statistics from their own wheel."""
    tick("reading the packaged evidence", 0, None)
    aggregates = packs.read_pack()
    tick("reading the official statistics", 0, None)
    found = [o for item in documents("oews") if isinstance(item, Document) for o in read(item).observations]
    market = read_market_model(sealed.read_market())
    return packs.with_official(aggregates, official_figures(found)), sealed.read_model(), market


def pack(
    library: Path, evidence: Path | str, role: EditionSpec, tick: Tick, *, folder: Path = sealed.PACKAGED,
    note: Note = unsaid,
) -> tuple[Collected, Mapping[str, object]]:  # fmt: skip
    """Collect a library into `evidence` and package its cells and model. Returns the pack's manifest too."""
    collected = collect([f"library:{library}"], evidence, map_name=None, retrieved=None, tick=tick)
    with public_snapshot(evidence, role, note) as taken:
        aggregates, model, posterior = estimated(taken, role, market_of(role, None, MOST_NUMEROUS), tick)
        tick("packaging", 0, None)
        passed = with_market(pass_model(model), _everybody(posterior, role), role.country)
        files = inputs(library)
        return collected, packs.write_pack(
            aggregates, taken, model=passed, market=market_bytes(posterior), inputs=files, folder=folder
        )


def own_model(
    evidence: Path | str, role: EditionSpec, tick: Tick, note: Note = unsaid
) -> Mapping[str, object]:
    """A model fitted on an evidence folder to predict with, on what is confidential too: for its owner alone."""
    with Snapshot.of(Store.open(evidence), population(role), own=True) as taken:
        if found := taken.not_fitted():
            note(own.not_fitted(found))
        model = pass_model(_fitted(taken, taken.training_rows(), role, tick), own=True)
        posterior = _market(taken, role, market_of(role, None, MOST_NUMEROUS), tick, own=True)
        return with_market(model, _everybody(posterior, role), role.country)
