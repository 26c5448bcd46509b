"""`payguide collect`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from payguide.serve.cli import console
from payguide.serve.cli.engines import HERE, Engine
from payguide.serve.cli.outputs import evidence_folder
from payguide.serve.cli.versions import Day

if TYPE_CHECKING:
    from payguide.pipeline.collection import Collected

#: The exit code of a collection that met bad input.
REFUSED = 3


def collect(
    *sources: str,
    evidence: str,
    map_name: Annotated[str | None, Parameter("--map")] = None,
    retrieved: Day | None = None,
    file: Path | None = None,
    since: Day | None = None,
    limit: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    workers: Annotated[int, Parameter(validator=Number(gte=1, lte=64))] = 8,
    cache: Path | None = None,
    allow_terms: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    allow_host: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    public: Annotated[bool, Parameter(negative="")] = False,
    on: Engine = HERE,
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Collect sources into evidence of your own. Collecting the same thing twice adds nothing.

    Sources: `recorded:DIR` (recorded job-board answers), `postings:FILE --map NAME` or
    `survey:FILE --map NAME` or `payroll:FILE --map NAME` (tables), `lca:FILE`, `oews`, `library:DIR`,
    and live job boards: `ashby:ORG`, `greenhouse:ORG`, `lever:ORG`, `workable:ORG`, `recruitee:ORG`, `pinpoint:ORG`,
    `rippling:ORG`, `workday:HOST/TENANT/SITE`, `oracle_hcm:HOST/SITE`, `jobposting:URL` (a page), `careers:URL` (a site
    by its sitemaps); `boards` is a packaged list of employers' boards, or that of --file. Hosts are asked as their
    robots.txt allows, and what they answered is kept: a run that was stopped goes on where it was, and what has not
    changed is not read again. Say who asks in `PAYGUIDE_CONTACT` (a page or a mail address): hosts are told.
    A table is CSV (parted by commas, semicolons or tabs), XLSX (the first sheet), Parquet or JSON lines.
    Tables of your own (a payroll, and any table by a map of your own) are confidential: no public edition knows of
    them, and `payguide build --own` shows them to you alone. With --public they are as public as a job board.
    What is wrong is written down with the rule it breaks, everything else lands, and the exit code is 3.
    With `--engine spark` the documents are read on Spark; retrieving them and keeping what was read stay here. A
    document is not divided: a table is read by one of Spark's workers, one of more than 64 MiB here.
    Example: `payguide collect recorded:boards oews --evidence my-evidence`

    Parameters
    ----------
    sources
        What to collect.
    evidence
        Where the evidence lies: a folder, or s3://bucket/prefix; made if it is not there.
    map_name
        The map that says which column of a table is what (for survey:, postings: and payroll:).
    retrieved
        When recorded answers were retrieved, where the files do not say.
    file
        A list of employers' boards to visit: [[employer]] with name = "Acme" and board = "greenhouse:acme".
    since
        Of live boards only postings that are dated on this day or later, where their board dates them.
    limit
        Of live boards at most so many postings each.
    dry_run
        Say which live boards would be asked, and which not; ask nobody.
    workers
        How many live boards are visited at the same time.
    cache
        Where answers of live boards are kept; without it in the evidence's own folder, of s3:// nowhere.
    allow_terms
        A source that is refused because its owner closes it, and that you have leave to ask: smartrecruiters.
    allow_host
        A host to ask though it is not of the public internet, as the address names it: localhost, 10.0.0.7.
    public
        The tables named here are no secret: every line of them may be published.
    on
        What reads the documents.
    as_json
        Print the counts as JSON for a program.
    """
    from payguide.base.errors import UsageError
    from payguide.collect.wish import Wish
    from payguide.pipeline import collection, live_boards

    if not sources and file is None:
        raise UsageError("no source was named", remedy="payguide collect --help lists the kinds of source")
    wish = Wish(retrieved, since, limit, allow_host, allow_terms, workers, live_boards.wanted)
    if dry_run:
        return _planned(live_boards.plan(sources, file, allow_terms), as_json=as_json)
    elsewhere = on.elsewhere()
    evidence_folder(evidence)
    with console.progress() as tick:
        collected = collection.collect(
            sources,
            evidence,
            map_name=map_name,
            retrieved=retrieved,
            tick=tick,
            elsewhere=elsewhere,
            wish=wish,
            file=file,
            cache=cache,
            public=public,
        )
    return report(collected, as_json=as_json)


def _planned(plan: list[dict[str, str]], *, as_json: bool) -> int:
    """What would be asked, and what not and why."""
    if as_json:
        console.emit({"boards": plan})
    else:
        rows = [(one["board"], one["employer"], one["refused"] or "would be asked") for one in plan]
        console.table("nothing was asked", ("board", "employer", ""), rows)
    return 0


def report(collected: Collected, *, as_json: bool = False) -> int:
    """Say what a collection added and refused; the exit code that follows from it."""
    added = collected.appended
    live = {"hosts": collected.hosts, "boards": collected.boards} if collected.boards else {}
    if as_json:
        console.emit({**added.as_data(), **live})
    if live:
        _tell_hosts(collected)
    console.note(
        f"{added.documents_new:,} new documents; {added.observations_new:,} new observations "
        f"({added.observations_known:,} known already); {added.postings_new:,} new postings"
    )
    if added.observations_withdrawn:
        console.note(
            f"{added.observations_withdrawn:,} observations are no longer stated; they stay as history"
        )
    console.counts(f"{added.rejections_new:,} newly rejected, by rule:", added.by_rule)
    codes = [console.fail(error) for error in collected.failed]
    if codes:
        return max(codes)
    if added.unreadable or added.faulty:
        console.note(
            f"{added.unreadable:,} documents could not be read and {added.faulty:,} rows are wrong; everything "
            "else has landed. `payguide evidence show --evidence DIR --rejected` lists them."
        )
        return REFUSED
    return 0


def _tell_hosts(collected: Collected) -> None:
    """What each host came to, as a table on stderr, and what the boards came to together."""
    from payguide.collect.hosts import OUTCOMES

    columns = ("host", *(f">{outcome.replace('_', ' ')}" for outcome in OUTCOMES))
    rows = [(name, *(f"{found[one]:,}" for one in OUTCOMES)) for name, found in collected.hosts.items()]
    console.table("", columns, rows, console.err)
    found = collected.boards
    console.note(
        f"{found['boards']:,} boards, {found['complete']:,} seen whole; {found['opened']:,} postings opened, "
        f"{found['closed']:,} closed; {found['unasked']:,} of other roles not asked for, "
        f"{found['unchecked']:,} not checked"
    )
