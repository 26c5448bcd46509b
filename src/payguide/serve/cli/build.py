"""`payguide build`, `payguide verify` and `payguide pack`."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from payguide.serve.cli import console
from payguide.serve.cli.engines import HERE, Engine
from payguide.serve.cli.outputs import edition_folder, evidence_folder

if TYPE_CHECKING:
    from payguide.guide.publication import Publication

DEFAULT_ROLE = "ml-engineer"


def build(
    *,
    role: tuple[str, ...] = (DEFAULT_ROLE,),
    evidence: str | None = None,
    market: Path | None = None,
    out: Path | None = None,
    previous: Path | None = None,
    on: Engine = HERE,
    url: str = "",
    theme: Path | None = None,
    corrects: Path | None = None,
    reason: str = "",
    audits: tuple[Path, ...] = (),
    force: Annotated[bool, Parameter(negative="")] = False,
    own: Annotated[bool, Parameter(negative="")] = False,
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Build an edition and its site; print the bands.

    Without --evidence the edition is built from the packaged evidence, which needs nothing else.
    With `--engine spark` your evidence is reduced to cells on Spark.
    Confidential evidence (a payroll, tables by a map of your own) is in no public edition. With --own a report is made
    for you alone, which shows each confidential source by itself and is marked as not for publication.
    Several roles make a guide each and a page that compares them: `payguide build --role all --out out/guides`
    Example: `payguide build --out out/ml-engineer-2026`

    Parameters
    ----------
    role
        Which role's guide to build; may be given several times, and all stands for every role.
    evidence
        Your own evidence, made by `payguide collect`: a folder, or s3://bucket/prefix.
    market
        A market file: whose pay it is, as shares of people by level, tier, place, industry and arrangement
        (docs/market.md). Default: the packaged market of the country.
    out
        Where to write: a new folder, an empty one, or that of an edition, which is replaced as a whole; other files in
        it stay. Default: out/ROLE-YEAR, and out/guides-YEAR for several roles.
    previous
        The folder of an earlier edition, or the one over those of several roles: a page tells what changed since.
    on
        What reduces the evidence to cells.
    url
        Where the site will be served, such as https://example.org/pay/: permalinks, a sitemap and what others embed
        need whole addresses.
    theme
        A publisher's theme: name, logo, colours, footer, and that address (docs/publish.md).
    corrects
        The folder of an edition of the same date that this one corrects: the pages say so, and a page lists every
        figure that changed.
    reason
        Why it is corrected, in a sentence that the pages show; with --corrects.
    audits
        Pages of published guides, or folders of them, to audit on a page of the site; may be given several times.
    force
        Replace an edition's files even where they are not what was written.
    own
        Make a report for whoever holds the evidence, with their confidential sources.
    as_json
        Print the bands as JSON for a program.
    """
    from payguide.guide import earlier, shelf, table
    from payguide.guide import role as roles
    from payguide.pipeline import editions

    elsewhere = on.elsewhere()
    _refuse(evidence, previous, corrects, reason, own=own, engine=elsewhere is not None)
    publication = _publication(url, theme, reason, audits)
    specs = roles.several(role)
    folder = out or Path("out") / f"{specs[0].slug if len(specs) == 1 else 'guides'}-{specs[0].date.year}"
    edition_folder(folder, force=force)
    with console.progress() as tick:
        made = editions.build(
            specs,
            evidence=evidence,
            out=folder,
            tick=tick,
            elsewhere=elsewhere,
            publication=publication,
            previous=corrects or previous,
            force=force,
            note=console.note,
            owner=own,
            market=market,
        )
    if as_json:
        for edition in made:
            console.emit(table.as_data(edition))
        return 0
    if len(made) > 1:
        console.table(*shelf.table(made))
    else:
        console.table(*table.bands(made[0]))
        for line in table.footnotes(made[0]):
            console.note(line)
    for slug in earlier.without(made) if corrects or previous else ():
        console.note(f"{corrects or previous} holds no edition of {slug}: what changed is not told of it")
    console.note("")
    console.note(f"Open {folder / 'index.html'}")
    return 0


def _refuse(
    evidence: str | None,
    previous: Path | None,
    corrects: Path | None,
    reason: str,
    *,
    own: bool,
    engine: bool,
) -> None:
    """Refuse options that say nothing together."""
    from payguide.base.errors import UsageError

    faults = [
        (engine and evidence is None, "there is nothing to reduce to cells", "Name the evidence with --evidence DIR"),
        (own and evidence is None, "the packaged evidence holds nothing confidential",
         "Name your own with --evidence DIR"),
        (corrects and previous, "--corrects and --previous both name an earlier edition", "Leave one of them out"),
        (bool(corrects) != bool(reason.strip()), "--corrects and --reason go together",
         'Say which edition is corrected and why: --corrects FOLDER --reason "..."'),
    ]  # fmt: skip
    for fails, found, remedy in faults:
        if fails:
            raise UsageError(found, remedy=remedy)


def _publication(url: str, theme: Path | None, reason: str, audits: tuple[Path, ...]) -> Publication:
    """What is added to the editions, by the options that say it."""
    from payguide.base.errors import UsageError
    from payguide.guide.publication import Publication
    from payguide.guide.theme import read_theme, site_address
    from payguide.pipeline.audits import pages_in

    says = read_theme(theme) if theme else {}
    address, own = site_address(url), str(says.get("url", ""))
    if address and own and address != own:
        raise UsageError(f"--url says {address}, and the theme {own}", remedy="Leave one of them out")
    return Publication(address or own, says, reason.strip(), tuple(pages_in(audits)))


def verify(
    edition: Path,
    *,
    evidence: str | None = None,
    previous: Path | None = None,
    market: Path | None = None,
    audits: tuple[Path, ...] = (),
) -> int:
    """Rebuild an edition, or several side by side, and compare byte for byte with what is given.

    Every file is named that differs, is missing, or was added, a link among them. Exit code 1 if there is any.

    Example: `payguide verify out/ml-engineer-2026`

    Parameters
    ----------
    edition
        The folder of an edition, or of several side by side.
    evidence
        The evidence it was built from (a folder, or s3://bucket/prefix), where it was not the packaged evidence.
    previous
        The earlier edition that it was built with, where it tells what changed or corrects one.
    market
        The market file that it was built with, where it was one of your own.
    audits
        The guides' pages that it was built with, where it audits any.
    """
    from payguide.base.atomic import entries
    from payguide.base.errors import UsageError
    from payguide.guide import role as roles
    from payguide.guide import sums
    from payguide.guide.sections import changes, guides
    from payguide.pipeline import editions
    from payguide.pipeline.audits import pages_in

    # what says how to rebuild it is looked at first: a changed one would have something else rebuilt
    if damaged := [
        line
        for line in sums.changed(edition)
        if not line.startswith("added") and line.endswith(("edition.json", "editions.json"))
    ]:
        for line in damaged:
            console.note(f"{line}, by {sums.SUMS}: it cannot be rebuilt")
        return 1
    for page, given, says, option in (
        (changes.PAGE, previous, "tells what changed since an earlier edition", "--previous"),
        (guides.PAGE, audits, "audits guides", "--audits"),
    ):
        if not given and any(edition.rglob(page)):
            raise UsageError(f"{edition} {says}", remedy=f"Name what it was built with: {option}")
    slugs, inside, publication, own = _rebuilt_from(edition)
    with tempfile.TemporaryDirectory() as scratch, console.progress() as tick:
        editions.build(
            roles.several(slugs),
            evidence=evidence,
            out=Path(scratch),
            tick=tick,
            publication=replace(publication, guides=tuple(pages_in(audits))),
            previous=previous,
            owner=own,
            market=market,
        )
        rebuilt = Path(scratch) / inside
        expected = sums.sums(rebuilt, entries(rebuilt))
    found = sums.sums(edition, entries(edition))
    for line in (changed := sums.differences(found, expected)):
        console.note(line)
    same = sum(found.get(name) == sha256 for name, sha256 in expected.items())
    console.note(f"{same} of {len(expected)} files are byte for byte the same")
    return 1 if changed else 0


def _rebuilt_from(folder: Path) -> tuple[list[str], str, Publication, bool]:
    """The roles to build for what lies in a folder, where the folder's like is in what is built, what its publisher
    added, and whether it is its owner's report.
    """
    from payguide.guide import edition as editions
    from payguide.guide import publication, shelf

    listed = shelf.listed(folder) if (folder / shelf.LISTING).is_file() else []
    manifest = editions.read(folder / listed[0] if listed else folder).manifest
    slug, beside = str(manifest["slug"]), listed or shelf.slugs_beside(manifest)
    inside = slug if beside and not listed else ""
    return beside or [slug], inside, publication.of(manifest), "notice" in manifest


def pack(library: Path, *, evidence: str | None = None) -> int:
    """Rebuild the packaged evidence from an evidence library (for developers of payguide).

    Example: `payguide pack path/to/library`

    Parameters
    ----------
    library
        The folder of the evidence library.
    evidence
        Where to keep the observations: a folder, or s3://bucket/prefix; a temporary folder by default.
    """
    from payguide.guide import role as roles
    from payguide.pipeline import models
    from payguide.serve.cli.collect import report

    with tempfile.TemporaryDirectory() as scratch, console.progress() as tick:
        folder = evidence_folder(evidence) if evidence is not None else Path(scratch) / "evidence"
        collected, manifest = models.pack(library, folder, roles.load(DEFAULT_ROLE), tick, note=console.note)
    console.note(f"packaged {manifest['cells']} cells of {manifest['observations']} observations")
    report(collected)
    # rows at fault are in the quarantine and on the screen; only a source that is missing makes a pack fail
    return max((error.exit_code for error in collected.failed), default=0)
