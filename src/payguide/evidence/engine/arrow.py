"""Arrow: few rows that lie in memory already, without a query to be planned. Its joins take no columns of lists."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pyarrow as pa

from payguide.evidence.engine import Frame


class Arrow:
    """The steps of the reduction on tables of our own."""

    def given(self, rows: pa.Table) -> Frame:
        """A small table of our own."""
        found: Frame = nw.from_native(rows).lazy()
        return found

    def keep(self, frame: Frame, name: str, words: Sequence[str] = ()) -> Frame:
        """The same rows: every step is evaluated as it is taken."""
        return frame

    def collect(self, frame: Frame) -> pa.Table:
        """The rows themselves."""
        found: pa.Table = frame.collect().to_native()
        return found
