"""What of the aggregates may be packaged: nothing of confidential evidence, and nothing sparse.

A cell, tally or moment column is packaged from 10 pieces of evidence of 5 employers on (respondents or ranges, where
no employer is named); what is sparser
counts only in the broader aggregates that hold it.

Why confidential evidence may never be packaged, however many employers it has: replicate histograms are
sums over employers with *public* weights (anyone can hash an employer's name). Eighty such equations solve
for every single employer's part of a cell with fewer than eighty employers. For evidence that is public
anyway that reveals nothing; for payrolls and private surveys it would reveal all.

What is one employer's own (`OwnEvidence`) is packaged as it is: it is that employer's by intent, public in its source,
and tells no median of fewer than 3 people.

For the same reason nothing is held back against subtraction: what all levels of a source hold, less what its
packaged levels hold, is what its sparse level holds. The thresholds keep out what is too sparse to state anything;
that nobody's secret is in the pack rests on the refusal of confidential evidence, and on it alone.
"""

from __future__ import annotations

import numpy as np

from payguide.base.aggregates import Aggregates, Moments
from payguide.base.codes import Confidentiality
from payguide.base.contributors import Contributors
from payguide.base.errors import StoreError
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE


def shareable(aggregates: Aggregates) -> Aggregates:
    """The aggregates without what is too sparse to share, and without official statistics (they have their own
    publisher and package).

    Raises:
        StoreError: some of the evidence is confidential.
    """
    secret = sorted(
        name
        for name, card in aggregates.sources.items()
        if card.get("confidentiality", Confidentiality.PUBLIC) != Confidentiality.PUBLIC
    )
    if secret:
        raise StoreError(
            "only public evidence may be packaged: its replicates would give away single employers",
            where=", ".join(secret),
            remedy="package from an evidence folder without confidential sources",
        )
    return Aggregates(
        cells=tuple(c for c in aggregates.cells if _enough(c.n, c.who)),
        moments=tuple(_without_sparse(m) for m in aggregates.moments if _enough(m.n, m.who)),
        tallies=tuple(t for t in aggregates.tallies if _enough(t.total, t.who)),
        official=(),
        sources=aggregates.sources,
        evidence_version=aggregates.evidence_version,
        own=aggregates.own,
    )


def _enough(n: int, who: Contributors) -> bool:
    return n >= MIN_EVIDENCE and who.units >= MIN_EMPLOYERS


def _without_sparse(moments: Moments) -> Moments:
    """The moments on the columns that are sufficient."""
    columns = zip(moments.column_n.tolist(), moments.column_who, strict=True)
    sufficient = np.array([_enough(n, who) for n, who in columns], bool)
    if sufficient.all():
        return moments
    kept = np.flatnonzero(sufficient)
    return Moments(
        name=moments.name,
        columns=tuple(moments.columns[at] for at in kept),
        xtx=moments.xtx[np.ix_(kept, kept)],
        xty=moments.xty[kept],
        yty=moments.yty,
        rep_xtx=moments.rep_xtx[:, kept][:, :, kept],
        rep_xty=moments.rep_xty[:, kept],
        n=moments.n,
        who=moments.who,
        column_n=moments.column_n[kept],
        column_who=tuple(moments.column_who[at] for at in kept),
        sources=moments.sources,
    )
