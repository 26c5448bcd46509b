"""`payguide audit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from payguide.serve.cli import console

if TYPE_CHECKING:
    from payguide.base.codes import Role
    from payguide.base.edition import Edition
    from payguide.base.guides import GuidePage
    from payguide.guide.claims.audit import AuditedGuide, Judged

_NOTE = (
    "Read by payguide audit from {page}: look through each claim before it is judged. Left unsaid: {unsaid}."
)


def audit(
    *pages: str,
    out: Path | None = None,
    edition: Path | None = None,
    evidence: str | None = None,
    role: str | None = None,
    allow_host: tuple[str, ...] = (),
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Read what published salary guides assert, and judge it against the evidence.

    A page is an HTML, Markdown or text file, or a web address, which is asked once and as its host's robots.txt
    allows. Without --edition or --evidence the packaged evidence judges. Several
    pages are compared. docs/audit.md says what is read and how.
    Examples: `payguide audit guide.html --out claims.toml`, `payguide audit one.html other.html --json`

    Parameters
    ----------
    pages
        The guides' pages.
    out
        A claims file to write the claims of one page to, for review; `payguide claims --file` judges it.
    edition
        The folder of an edition to judge against.
    evidence
        Evidence to judge against: a folder, or s3://bucket/prefix.
    role
        The role whose evidence judges; without it the role that the page is about.
    allow_host
        A host to ask though it is not of the public internet: localhost, 10.0.0.7.
    as_json
        Print one JSON object for each claim, sentence that cannot be tested, and gap.
    """
    from payguide.base.errors import UsageError
    from payguide.guide.claims.audit import audit_data
    from payguide.pipeline.audits import read_page

    if not pages:
        raise UsageError("no page is named", remedy="Name an HTML or text file: payguide audit guide.html")
    if edition and evidence:
        raise UsageError(
            "--edition and --evidence both say what to judge against", remedy="Leave one of them out"
        )
    if out and len(pages) > 1:
        raise UsageError("--out takes the claims of one page", remedy="Audit the pages one by one")
    read = {page: read_page(page, allowed=allow_host) for page in pages}
    if out:
        _write(out, pages[0], read[pages[0]])
    guides = _audited(read, edition, evidence, role)
    for guide in guides:
        if as_json:
            for line in audit_data(guide):
                console.emit(line)
        else:
            _show(guide)
    if len(guides) > 1 and not as_json:
        _compare(guides)
    return 0


def _audited(
    read: Mapping[str, GuidePage], edition: Path | None, evidence: str | None, role: str | None
) -> list[AuditedGuide]:
    """The pages audited by an edition: the one on disk, or that of the role that is named or that they are about."""
    from payguide.guide.role import known
    from payguide.pipeline.audits import audit_pages
    from payguide.serve.cli.editions import edition_of

    def of_role(page: Role) -> Edition:
        own = str(page).replace("_", "-")
        return edition_of(edition, evidence, role or (own if own in known() else "ml-engineer"))

    return audit_pages(read, of_role)


def _write(out: Path, page: str, read: GuidePage) -> None:
    """The claims that have a test as a claims file."""
    from payguide.base.atomic import atomic_file
    from payguide.base.errors import InputError
    from payguide.guide.claims.write import claims_file
    from payguide.serve.cli.outputs import output_file

    claims = [one.claim for one in read.claims if one.claim]
    if not claims:
        raise InputError(
            "no claim that can be tested was found in it",
            where=page,
            remedy="docs/audit.md says what is read",
        )
    unsaid = dict.fromkeys(name for one in read.claims for name in one.unsaid)
    note = _NOTE.format(page=Path(page).name, unsaid=", ".join(unsaid) or "nothing")
    with atomic_file(output_file(out)) as place:
        place.write_text(claims_file(read.title or Path(page).stem, note, claims), encoding="utf-8")


def _show(guide: AuditedGuide) -> None:
    """A guide's claims with their verdicts, what cannot be tested, and the gaps."""
    rows = [(*_told(one), one.claim.sentence) for one in guide.judged]
    console.table(
        f"{guide.page.title or guide.name}: its claims",
        ("claim", "verdict", "halves", "why", "sentence"),
        rows,
    )
    if not rows:
        console.note(f"{guide.name}: no claim about pay was found in it")
    if guide.page.untestable:
        told = [(one.why, one.sentence) for one in guide.page.untestable]
        console.table("Sentences about pay that cannot be tested", ("why", "sentence"), told)
    for heading in guide.page.gaps:
        console.note(f"{guide.name}: under {heading!r} stands nothing: a gap, and no claim")


def _told(one: Judged) -> tuple[str, str, str, str]:
    from payguide.guide.claims.audit import said_by_halves

    unsaid = f" (unsaid: {', '.join(one.claim.unsaid)})" if one.claim.unsaid else ""
    if one.verdict is None:
        return str(one.claim.kind), "not tested", "", f"{one.claim.why_not}{unsaid}"
    verdict = one.verdict
    return verdict.claim.id, str(verdict.judgement), said_by_halves(verdict), f"{verdict.why}{unsaid}"


def _compare(guides: Sequence[AuditedGuide]) -> None:
    """How many claims of each guide hold, which is nearest to the evidence, and where all are wrong."""
    from payguide.base.edition import Judgement
    from payguide.guide.claims.audit import all_wrong, nearest
    from payguide.guide.numbers import percent

    columns = ("guide", ">claims", *(f">{judgement}" for judgement in Judgement), ">holds")
    rows = [
        (
            guide.name, str(len(guide.judged)), *(str(guide.tally[judgement]) for judgement in Judgement),
            "" if guide.share is None else percent(guide.share),
        )
        for guide in guides
    ]  # fmt: skip
    console.table("The guides compared", columns, rows)
    if best := nearest(guides):
        console.note(f"nearest to the evidence: {best.name}")
    for subject in all_wrong(guides):
        console.note(f"all that say it are wrong: {subject}")
