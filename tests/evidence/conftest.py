"""Fixtures of the evidence's tests: the engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from on_engines import OnEngine, on_duckdb, on_spark
from pyspark.sql import SparkSession

from payguide.evidence.engine.spark import session


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A real Spark on this machine, whose machine code is made quickly and not well: each plan runs once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PYTHONPATH")
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        found = session()
    yield found
    found.stop()


@pytest.fixture(scope="session", params=["duckdb", "spark"])
def on(request: pytest.FixtureRequest) -> OnEngine:
    """The reduction on each engine."""
    if request.param == "duckdb":
        return OnEngine(on_duckdb)
    # a session of its own: it plans each small query once, makes no machine code for it and shuffles it in two
    spark = request.getfixturevalue("spark").newSession()
    spark.conf.set("spark.sql.adaptive.enabled", "false")
    spark.conf.set("spark.sql.codegen.wholeStage", "false")
    spark.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    spark.conf.set("spark.sql.shuffle.partitions", "2")
    return OnEngine(on_spark(spark))


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where nothing lies yet: in a folder, and in S3-compatible storage."""
    return str(tmp_path / "my evidence") if request.param == "folder" else request.getfixturevalue("s3")
