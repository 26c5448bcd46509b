"""What an edition says to programs that read pages: schema.org's Occupation and Dataset, as JSON-LD.

https://schema.org/Occupation, https://schema.org/MonetaryAmountDistribution, https://schema.org/Dataset. Only
published figures are said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from markupsafe import Markup

from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.base.figure_id import band, stem
from payguide.guide import words

#: schema.org's names of percentiles.
_PERCENTILES: Final = {
    "p10": "percentile10",
    "p25": "percentile25",
    "p50": "median",
    "p75": "percentile75",
    "p90": "percentile90",
}

#: The files of an edition that hold its figures, with their media types.
_DOWNLOADS: Final = {
    "figures.csv": "text/csv",
    "figures.parquet": "application/vnd.apache.parquet",
    "edition.json": "application/json",
}


def linked(edition: Edition, mark: str) -> Markup:
    """The JSON-LD of an edition's page, ready to stand in a script element: nothing in it can end the element. `mark`
    is the edition's fingerprint. Paths in it are relative to the page where the
    edition does not know its address.
    """
    data = {"@context": "https://schema.org", "@graph": [_occupation(edition), _dataset(edition, mark)]}
    text = json.dumps(data, sort_keys=True, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(escaped)  # noqa: S704 - ASCII without <, > or &


def _said(edition: Edition, key: str) -> str:
    return str(edition.manifest.get(key, ""))


def _occupation(edition: Edition) -> dict[str, Any]:
    told = {
        "@type": "Occupation",
        "name": _said(edition, "role_name"),
        "description": _said(edition, "population"),
        "occupationLocation": {"@type": "Country", "name": _said(edition, "country")},
        "estimatedSalary": list(_distributions(edition)),
    }
    return {key: value for key, value in told.items() if value}


def _distributions(edition: Edition) -> Iterator[dict[str, Any]]:
    """Base and total pay, at all levels and at each, where the median is published; each names its figures' band."""
    for level in ("any", *map(str, LADDER)):
        for component in ("base", "total"):
            ids = {quantile: str(band(level, component, quantile)) for quantile in _PERCENTILES}
            known = {
                name: found.estimate.value
                for quantile, name in _PERCENTILES.items()
                if isinstance(found := edition.figures.get(ids[quantile]), Published)
            }
            if "median" in known:
                yield {
                    "@type": "MonetaryAmountDistribution",
                    "identifier": stem(ids["p50"]),
                    "name": f"{component}, {words.level_name(level).lower()}",
                    "currency": _said(edition, "currency"),
                    "duration": "P1Y",
                    **{name: round(value) for name, value in known.items()},
                }


def _dataset(edition: Edition, mark: str) -> dict[str, Any]:
    told = {
        "@type": "Dataset",
        "name": _said(edition, "title"),
        "description": f"{_said(edition, 'population')}: pay by level, what affects it, skills; every figure "
        "with its interval, the evidence and employers behind it, and its sources.",
        "identifier": f"sha256:{mark}",
        "url": _said(edition, "url"),
        "datePublished": _said(edition, "date"),
        "version": _said(edition, "evidence_version"),
        "spatialCoverage": _said(edition, "country"),
        "measurementTechnique": "Pay: multilevel regression and poststratification over a stated market, "
        "intervals of posterior draws. Skills, duties, degrees and role premiums: adjusted estimates, intervals that "
        "resample employers.",
        "creator": {
            "@type": "SoftwareApplication",
            "name": "payguide",
            "softwareVersion": _said(edition, "code_version"),
        },
        "isBasedOn": _sources(edition.manifest.get("sources")),
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{_said(edition, 'url')}{name}", "encodingFormat": kind}
            for name, kind in _DOWNLOADS.items()
        ],
    }
    return {key: value for key, value in told.items() if value}


def _sources(cards: object) -> list[dict[str, str]]:
    """The sources by their titles."""
    found = sorted(cards.items()) if isinstance(cards, Mapping) else []
    return [{"@type": "Dataset", "name": str(card.get("title", name))} for name, card in found]
