"""`payguide backtest`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from payguide.serve.cli import console
from payguide.serve.cli.build import DEFAULT_ROLE


def backtest(
    *, evidence: str | None = None, as_json: Annotated[bool, Parameter("--json", negative="")] = False
) -> int:
    """Judge the estimator on statements kept back from it, beside simpler methods.

    Statements, whole employers and each source's latest statements are kept back in turn. LightGBM and CatBoost run
    where they are installed. The result stays in the evidence folder and goes with the next edition built from it.
    Without --evidence the packaged estimator's back-test is shown.
    Example: `payguide backtest --evidence my-evidence`

    Parameters
    ----------
    evidence
        The evidence to test on: a folder, or s3://bucket/prefix.
    as_json
        Print the whole result as JSON for a program.
    """
    from payguide.base.errors import InputError
    from payguide.evidence import sealed
    from payguide.guide import numbers
    from payguide.guide import role as roles
    from payguide.guide.sections import backtest as section
    from payguide.pipeline import models

    role = roles.load(DEFAULT_ROLE)
    with console.progress() as tick:
        model = (
            {"backtest": models.backtest(evidence, role, tick, console.note)}
            if evidence is not None
            else sealed.read_model()
        )
    found = section.tested(model, {})
    if found is None:
        raise InputError(
            "the packaged estimator carries no back-test", remedy="Name evidence: --evidence DIR"
        )
    if as_json:
        console.emit(model["backtest"])
        return 0
    console.table(*section.table(found))
    console.note(f"P10 to P90 is meant to hold {numbers.percent(found.coverage)} of statements.")
    for component, by in found.gain:
        console.note(f"{component}: the estimator loses {numbers.percent(by)} less than the best reference.")
    for name in found.not_installed:
        console.note(f"{name} is not installed: it was left out (python -m pip install {name})")
    return 0
