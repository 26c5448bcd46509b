"""From evidence to editions."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Final

from payguide.base.edition import OWNER, Edition
from payguide.base.errors import StoreError, UsageError
from payguide.base.reference.country import default_country
from payguide.base.version import VERSION
from payguide.decode.employer import shown_name
from payguide.decode.name_lists import with_names
from payguide.estimator.own_evidence import of_role, packed
from payguide.evidence.snapshot import CellsBackend, Snapshot
from payguide.evidence.store.private import private
from payguide.fit.bands.own import own_figures
from payguide.fit.edition import estimate
from payguide.fit.market.differences import differences
from payguide.fit.market.people import People
from payguide.gate.model import pass_model
from payguide.gate.records import pass_records
from payguide.gate.rules import for_owner, judge
from payguide.guide import earlier, own, shelf
from payguide.guide import edition as editions
from payguide.guide.publication import Publication
from payguide.guide.role import EditionSpec
from payguide.pipeline.audits import read_page, with_audits
from payguide.pipeline.models import (
    MOST_NUMEROUS,
    SEED,
    companies,
    estimated,
    market_of,
    model_of_role,
    packaged,
    public_snapshot,
    with_market,
)
from payguide.pipeline.progress import Note, Tick, unsaid

_PLAIN: Final = Publication()


def make(
    role: EditionSpec,
    *,
    evidence: Path | str | None,
    tick: Tick,
    note: Note = unsaid,
    market: Path | None = None,
) -> Edition:
    """An edition in memory: from an evidence folder, or from the packaged evidence; of a market file's people."""
    with public_snapshot(evidence, role, note) if evidence is not None else nullcontext() as taken:
        return _made([role], taken, tick, market)[0]


def _made(
    roles: Sequence[EditionSpec], taken: Snapshot | None, tick: Tick, market: Path | None,
    elsewhere: CellsBackend | None = None,
) -> list[Edition]:  # fmt: skip
    """The editions of roles of one country, currency and date, from a snapshot or from the packaged evidence.

    Raises:
        UsageError: they are of another country than the packaged evidence, and there is no other.
    """
    if taken is None and roles[0].country != default_country():
        found = f"the packaged evidence is of {default_country()}, not of {roles[0].country}"
        raise UsageError(found, remedy="Build from an evidence folder of that country: --evidence DIR")
    if taken:
        people = market_of(roles[0], market, MOST_NUMEROUS)
        aggregates, model, posterior = estimated(taken, roles[0], people, tick, elsewhere)
    else:
        aggregates, model, posterior = packaged(tick)
    tick("the market", 0, None)
    whose_of = {str(role.role): People(posterior, market_of(role, market), role.role) for role in roles}
    passed, made = with_market(with_names(pass_model(model)), whose_of, roles[0].country), []
    for done, role in enumerate(roles):
        tick("estimating", done, len(roles))
        whose = whose_of[str(role.role)]
        estimates = estimate(aggregates, whose, role=role.role, country=role.country, as_of=role.date)
        figures = judge(estimates, shown_name)
        model = {
            **model_of_role(passed, role.role),
            "own": packed(of_role(aggregates.own, role.role)),
            "companies": companies(passed, aggregates.own, whose, role.country),
            "differences": differences(whose),
        }
        made.append(
            editions.made(
                role, aggregates, figures, model, market=whose.market, code_version=VERSION, seed=SEED
            )
        )
    return made


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
    elsewhere: CellsBackend | None = None, publication: Publication = _PLAIN, previous: Path | None = None,
    force: bool = False, note: Note = unsaid, owner: bool = False, market: Path | None = None,
) -> list[Edition]:  # fmt: skip
    """Make the editions and write them with their sites into `out`: one by itself, several below a page that
    compares them. `publication` is what their publisher adds. Each tells what changed since the earlier edition of its
    role in `previous`, which it corrects where that is said. `market` is a file that says whose pay it is. All of it
    comes from one state of the evidence, and of that from what is public; for its `owner` it is a report that is not
    for publication, which shows the rest by itself.
    """
    before = earlier.of_roles(previous, roles, owner=owner, corrected=bool(publication.correction))
    guides = {path: read_page(path) for path in publication.guides}
    told = unsaid if owner else note
    with public_snapshot(evidence, roles[0], told) if evidence is not None else nullcontext() as taken:
        made = _made(roles, taken, tick, market, elsewhere)
        made = shelf.together(with_audits(made, guides), publication.url, publication.says)
        if taken:
            tick("gathering the records", 0, None)
            found = taken.records([role.role for role in roles])
            made = [
                pass_records(edition, found[role.role]) for edition, role in zip(made, roles, strict=True)
            ]
        made = earlier.told(made, before, publication.correction)
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
