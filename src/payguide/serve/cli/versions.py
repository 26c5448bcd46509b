"""The options that commands on evidence share: which version of it they look at, and for whom they print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter
from cyclopts.validators import Number

from payguide.base.dates import day_of
from payguide.base.errors import UsageError

if TYPE_CHECKING:
    from payguide.evidence.store import Store


def _plausible(_type: object, day: date | None) -> None:
    if day is not None:
        day_of(day)


#: A day; one that is not plausible is a usage error.
Day = Annotated[date, Parameter(validator=_plausible)]

#: Whether a command prints for a program.
Json = Annotated[bool, Parameter("--json", negative="")]


@Parameter(name="*")
@dataclass(frozen=True)
class Version:
    """What was asked for."""

    version: Annotated[
        int | None,
        Parameter(
            validator=Number(gte=1),
            help="The evidence as so many runs of `payguide collect` left it, from 1.",
        ),
    ] = None
    as_of: Annotated[Day | None, Parameter(help="The evidence as it was at the end of a day.")] = None

    def open(self, evidence: str) -> Store:
        """That version of an evidence folder.

        Raises:
            UsageError: both options are given.
            InputError: there is no evidence there, or no such version of it.
            StoreError: it cannot be read.
        """
        from payguide.evidence.store import Store

        if self.version is not None and self.as_of is not None:
            raise UsageError("--version and --as-of both say which version", remedy="Leave one of them out")
        return Store.open(evidence, number=self.version, as_of=self.as_of)


#: What is not asked for is the newest.
NEWEST: Final = Version()
