"""The options that say what a command's work runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from payguide.base.errors import UsageError

if TYPE_CHECKING:
    from payguide.evidence.spark_backend import SparkBackend


@Parameter(name="*")
@dataclass(frozen=True)
class Engine:
    """What was asked for."""

    engine: Annotated[
        Literal["duckdb", "spark"],
        Parameter(help="Where the work is done: by this process (duckdb), or on spark. Both give the same."),
    ] = "duckdb"
    master: Annotated[
        str, Parameter(help="The Spark cluster's master URL. Default: all cores of this machine.")
    ] = ""
    spark_remote: Annotated[str, Parameter(help="A Spark Connect server's URL, instead of a master.")] = ""

    def elsewhere(self) -> SparkBackend | None:
        """Where the work is done, if not by this process.

        Raises:
            UsageError: the options contradict each other.
        """
        if self.master and self.spark_remote:
            raise UsageError("two Spark URLs were given", remedy="Give --master or --spark-remote")
        if self.engine == "spark":
            from payguide.evidence.spark_backend import SparkBackend

            return SparkBackend(self.master, self.spark_remote)
        if self.master or self.spark_remote:
            raise UsageError("a Spark URL was given for another engine", remedy="Add --engine spark")
        return None


#: What is not asked for runs here.
HERE: Final = Engine()
