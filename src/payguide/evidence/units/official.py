"""Official statistics: observations of kind `statistic` as the figures of a publication.

`scope` says which cell of the publication a value is of: `soc=15-2051;area=0041860;industry=000000;rse=1.2`
and, where there are names, `;area_name=...;industry_name=...`. The relative standard error is in percent
there, a fraction in the figure. The nation's area is `0000000`, a metro's `00` and its CBSA code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from payguide.base.aggregates import OfficialFigure
from payguide.base.codes import EvidenceKind, Statistic
from payguide.base.inputs import Observation
from payguide.evidence.store.queries import Queries
from payguide.evidence.tables import observation_of

_OFFICIAL = "SELECT * FROM observations WHERE kind = $kind ORDER BY key"


def official_figures(observations: Iterable[Observation]) -> tuple[OfficialFigure, ...]:
    """The figures of official observations, sorted by occupation, area, industry and statistic. Other
    observations are passed over.
    """
    result = {
        _order(figure): figure
        for observation in observations
        if observation.kind is EvidenceKind.STATISTIC and observation.statistic is not None
        for figure in [_figure(observation, observation.statistic)]
    }
    return tuple(result[key] for key in sorted(result))


def statistics(evidence: Queries) -> tuple[OfficialFigure, ...]:
    """The official figures in evidence."""
    rows = evidence.rows(_OFFICIAL, {"kind": str(EvidenceKind.STATISTIC)})
    return official_figures(map(observation_of, rows))


def _order(figure: OfficialFigure) -> tuple[str, ...]:
    return (
        figure.source,
        figure.occupation,
        figure.area_code,
        figure.industry,
        figure.statistic,
        figure.date.isoformat(),
    )


# the statistics of one cell come one after the other
@lru_cache(maxsize=16)
def scope_of(scope: str) -> Mapping[str, str]:
    """The parts of a scope: "soc=15-2051;area=0000000" is {"soc": "15-2051", "area": "0000000"}."""
    pairs = (part.partition("=") for part in scope.split(";") if part)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _figure(observation: Observation, statistic: Statistic) -> OfficialFigure:
    scope = scope_of(observation.scope)
    place = observation.profile.place
    error = scope.get("rse", "")
    return OfficialFigure(
        source=observation.source,
        occupation=scope.get("soc", ""),
        title=observation.profile.title,
        area=scope.get("area_name") or place.city or place.region or place.country,
        area_code=scope.get("area", ""),
        industry=scope.get("industry", ""),
        statistic=statistic,
        value=observation.low if observation.low is not None else observation.high,
        employment=observation.sample,
        date=observation.date,
        top_coded=observation.top_coded,
        footnote="top-coded: at least this" if observation.top_coded else "",
        relative_error=float(error) / 100 if error and statistic is Statistic.MEAN else None,
    )
