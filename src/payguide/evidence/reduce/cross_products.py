"""Moments: the sums a regression of ln pay needs, whole and under every replicate.

    effects.{kind}.{component}.{role}       adjusted effects; kind posted_range or self_report
    effects.posted_range.base.{role}.remote (and .onsite), where there is enough of it
    skills.posted_range.base.{role}         the same with a column for each skill, postings with text only
    gap.self_report.{component}.{within}.{who}
        ML against software engineers within employer x grade (or years) x zone

Like cells they are sums over employers with public weights: an entry of two crossed columns may rest on one
employer, which is why only public evidence may be packaged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payguide.base.aggregates import Moments
from payguide.base.codes import TOP_TIERS, Component, EvidenceKind, Remote, Role
from payguide.base.contributors import Contributors
from payguide.base.grades import grade_key
from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.base.reference.levels import level_of_years
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.evidence.reduce.design_matrix import DesignMatrix, controls, sufficient, with_skills
from payguide.evidence.reduce.replicates import weights
from payguide.evidence.units.categorical import Categorical
from payguide.evidence.units.distinct import EXCLUDED_LEVELS, column

#: The fewest pieces of evidence for a regression within remote or on-site postings.
MIN_WITHIN: Final = 30

#: The fewest pieces of evidence and employers for a skill's column.
MIN_SKILL: Final = (20, 8)

#: Employers whose sums are held at a time.
_EMPLOYERS: Final = 2048

_ROWS: Final = """
SELECT * FROM evidence
WHERE pooled AND kind = $kind AND component = $component AND NOT list_contains($apart, level)
ORDER BY key
"""


def cross_products(connection: duckdb.DuckDBPyConnection) -> tuple[Moments, ...]:
    """All moments of the table `evidence` (see `prepared`), by name."""
    made: list[Moments] = []
    for kind in (EvidenceKind.POSTED_RANGE, EvidenceKind.SELF_REPORT):
        for component in (Component.BASE, Component.TOTAL):
            rows = _rows(connection, kind, component)
            for role in sorted(set(column(rows, "role"))):
                made += _of_role(rows.filter(pc.equal(rows["role"], role)), kind, component, role)
            if kind is EvidenceKind.SELF_REPORT:
                made += _gaps(rows, component)
    return tuple(sorted(made, key=lambda one: one.name))


def _rows(connection: duckdb.DuckDBPyConnection, kind: EvidenceKind, component: Component) -> pa.Table:
    apart = [str(level) for level in EXCLUDED_LEVELS]
    parameters = {"kind": str(kind), "component": str(component), "apart": apart}
    return connection.sql(_ROWS, params=parameters).to_arrow_table()


def _of_role(rows: pa.Table, kind: EvidenceKind, component: Component, role: str) -> Iterator[Moments]:
    name = f"{kind}.{component}.{role}"
    if not _enough(rows, MIN_EVIDENCE):
        return
    yield sums(f"effects.{name}", controls(rows, personal=kind is EvidenceKind.SELF_REPORT))
    if kind is not EvidenceKind.POSTED_RANGE or component is not Component.BASE:
        return
    for remote in (Remote.REMOTE, Remote.ONSITE):
        part = rows.filter(pc.equal(rows["remote"], str(remote)))
        if _enough(part, MIN_WITHIN):
            yield sums(f"effects.{name}.{remote}", controls(part, personal=False, constant=("remote",)))
    read = rows.filter(rows["has_text"])
    if _enough(read, MIN_EVIDENCE):
        least_n, least_employers = MIN_SKILL
        design = with_skills(
            controls(read, personal=False),
            column(read, "skills"),
            least_n=least_n,
            least_employers=least_employers,
        )
        yield sums(f"skills.{name}", design)


def _enough(rows: pa.Table, least: int) -> bool:
    return rows.num_rows >= least and len(pc.unique(rows["cluster"])) >= MIN_EMPLOYERS


def sums(name: str, design: DesignMatrix, counted: NDArray[np.bool_] | None = None) -> Moments:
    """The moments of a design. `counted` (n, p) says what counts as evidence of a column, if not every value
    but 0.
    """
    matrix, y = design.matrix, design.y
    rep_xtx, rep_xty = _replicates(design)
    shown = matrix != 0 if counted is None else counted

    def who(pieces: BoolArray | None = None) -> Contributors:
        employers = design.employer if pieces is None else design.employer[pieces]
        return Contributors.of(
            design.names, np.bincount(employers, minlength=len(design.names)).astype(float)
        )

    return Moments(
        name=name,
        columns=design.columns,
        xtx=_mirrored(matrix.T @ matrix),
        xty=matrix.T @ y,
        yty=float(y @ y),
        rep_xtx=rep_xtx,
        rep_xty=rep_xty,
        n=len(y),
        who=who(),
        column_n=shown.sum(axis=0).astype(np.int64),
        column_who=tuple(who(column) for column in shown.T),
        sources=design.sources,
    )


def _replicates(design: DesignMatrix) -> tuple[FloatArray, FloatArray]:
    """The replicates' X'X (r, p, p) and X'y (r, p): employers' own sums, then those weighed, some employers at
    a time.
    """
    drawn = weights(design.names).astype(np.float64).T
    order = np.argsort(design.employer, kind="stable")
    ends = np.searchsorted(design.employer[order], np.arange(1, len(design.names)))
    size = len(design.columns)
    both = np.zeros((len(drawn), size, size + 1))
    held = np.column_stack([design.matrix, design.y])[order]
    blocks = np.split(held, ends)
    for start in range(0, len(blocks), _EMPLOYERS):
        own = np.stack([block[:, :-1].T @ block for block in blocks[start : start + _EMPLOYERS]])
        both += np.tensordot(drawn[:, start : start + _EMPLOYERS], own, 1)
    upper = np.triu(both[:, :, :-1])
    return upper + np.triu(upper, 1).transpose(0, 2, 1), both[:, :, -1]


def _mirrored(matrix: FloatArray) -> FloatArray:
    """A symmetric matrix made exactly so: a product's two halves may differ in the last digit."""
    upper = np.triu(matrix)
    return upper + np.triu(matrix, 1).T


def _gaps(rows: pa.Table, component: Component) -> Iterator[Moments]:
    """ML against software engineers within groups that hold both, for all, top-tier and other employers."""
    roles = pa.array([str(Role.ML_ENGINEER), str(Role.SOFTWARE_ENGINEER)])
    named = pc.and_(pc.is_in(rows["role"], roles), pc.not_equal(rows["employer_id"], ""))
    rows = rows.filter(named)
    top = pc.is_in(rows["employer_tier"], pa.array([str(tier) for tier in TOP_TIERS]))
    for who, part in (("all", rows), ("top", rows.filter(top)), ("other", rows.filter(pc.invert(top)))):
        for within in ("grade", "years"):
            design = _within(part, _steps(part, within))
            if design is not None:
                ml = design.matrix > 0
                yield sums(f"gap.self_report.{component}.{within}.{who}", design, ml)


def _steps(rows: pa.Table, within: str) -> list[str]:
    """The rung that rows are compared on: the employer's own grade, or the step of years; "" if not known."""
    if within == "grade":
        return [grade_key(grade, {}) for grade in column(rows, "grade")]
    return ["" if np.isnan(years) else str(level_of_years(years)) for years in _years(rows)]


def _years(rows: pa.Table) -> FloatArray:
    return column(rows, "years_min").astype(np.float64)


def _within(rows: pa.Table, steps: list[str]) -> DesignMatrix | None:
    """Pay and role, both demeaned within employer x rung x zone; None if too little is left to compare."""
    rung = np.array(steps, dtype=object)
    known = rung != ""
    ml = (column(rows, "role") == str(Role.ML_ENGINEER)).astype(np.float64)
    keys = column(rows, "cluster") + "\x1f" + rung + "\x1f" + column(rows, "zone")
    _, group = np.unique(np.where(known, keys, ""), return_inverse=True)
    share = _means(ml, group)
    both = known & (share > 0) & (share < 1)
    if not both.any():
        return None
    named = Categorical.of(rows["cluster"].filter(pa.array(both)))
    employer = named.codes.astype(np.int64)
    if not sufficient(ml[both] > 0, employer):
        return None
    y = (np.log(column(rows, "low")) + np.log(column(rows, "high"))) / 2
    centred = (ml - share)[both]
    return DesignMatrix(
        columns=("ml",),
        matrix=centred[:, None],
        y=(y - _means(y, group))[both],
        employer=employer,
        names=named.words,
        sources=tuple(sorted(set(column(rows, "source")[both]))),
    )


def _means(values: FloatArray, group: IntArray) -> FloatArray:
    """Each row's group mean (n,)."""
    result: FloatArray = (np.bincount(group, values) / np.bincount(group))[group]
    return result
