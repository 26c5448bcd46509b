"""The page of time: what the market paid in earlier years, and what the wage index says of the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment

from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.base.figure_id import figure_id, of_form
from payguide.guide import charts, words
from payguide.guide.companies import COMPONENTS
from payguide.guide.shown import show

PAGE: Final = "time.html"


def page(edition: Edition) -> str:
    """Where it is; empty where no year is published."""
    return PAGE if any(isinstance(edition.figures[str(one)], Published) for one in _years(edition)) else ""


def _years(edition: Edition) -> list[Any]:
    return of_form(edition.figures, "time")


def files_of(edition: Edition, environment: Environment, head: Mapping[str, Any]) -> dict[str, str]:
    """The page by its name; none where no year is published."""
    if not page(edition):
        return {}
    years = sorted({one.get("year") for one in _years(edition)})
    told = {one.get("component") for one in _years(edition)}
    components = [component for component in COMPONENTS if component in told]
    rows = [
        (
            year,
            [show(edition.figures, figure_id("time", year=year, component=one)) for one in components],
            show(edition.figures, figure_id("time_index", year=year)),
        )
        for year in years
    ]
    drawn = [
        (year, figure.estimate)
        for year in years
        if isinstance(
            figure := edition.figures.get(str(figure_id("time", year=year, component="base"))), Published
        )
    ]
    chart = charts.dots_svg(
        charts.Dots("time-base", "Base pay in the middle of each year, against today", tuple(drawn))
    )
    names = [words.word("components", one).capitalize() for one in components]
    shown = {"edition": head, "rows": rows, "components": names, "chart": chart, "years": years}
    return {PAGE: environment.get_template(f"{PAGE}.j2").render(shown)}
