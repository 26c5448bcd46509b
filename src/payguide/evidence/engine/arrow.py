"""Arrow: few rows that lie in memory already, without a query to be planned. Its joins take no columns of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import narwhals as nw
import pyarrow as pa

from payguide.evidence.engine import Frame


class Arrow:
    """The steps of the reduction on tables of our own, some of which stand for those of the evidence."""

    def __init__(self, tables: Mapping[str, pa.Table] = MappingProxyType({})) -> None:
        self._tables = tables

    def table(self, name: str) -> Frame:
        """The rows that stand for a table of the evidence."""
        return self.given(self._tables[name])

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
