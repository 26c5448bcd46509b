"""An artificial edition for tests: every value follows from a formula and none is anybody's pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from payguide.base.codes import LADDER, Component, Duty, EvidenceKind, Level, Role
from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Figure, Published, SourceEstimate, Unit, Unknown, Withheld
from payguide.guide import claims

DAY = date(2030, 1, 1)

_Z = {"p10": -1.28, "p25": -0.67, "p50": 0.0, "p75": 0.67, "p90": 1.28, "mean": 0.04}
_QUANTILE = {"p10": 0.1, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9}


def estimate(
    id_: str,
    value: float,
    low: float | None = None,
    high: float | None = None,
    unit: Unit = Unit.MONEY,
    **other: object,
) -> Estimate:
    """An estimate with everything else made up; the interval is 5 % either side unless given."""
    low = min(value * 0.95, value * 1.05) if low is None else low
    high = max(value * 0.95, value * 1.05) if high is None else high
    source = SourceEstimate(
        "example", EvidenceKind.SELF_REPORT, value, low, high, 0.75, 90, 30, date(2029, 6, 1), 1.04
    )
    made: dict[str, object] = {
        "label": f"Artificial {id_}",
        "coverage": 0.9,
        "n": 120,
        "n_records": 480,
        "n_employers": 40,
        "n_unnamed": 0,
        "effective": 25.0,
        "largest_share": 0.08,
        "largest": "",
        "method": "made up for a test",
        "population": "nobody",
        "date": DAY,
        "sources": (source, replace(source, source="sample", kind=EvidenceKind.POSTED_RANGE, weight=0.25)),
        "heterogeneity": 0.4,
        "currency": "USD" if unit is Unit.MONEY else "",
        "notes": ("Made up.",),
    }
    return Estimate(id=id_, unit=unit, value=value, low=low, high=high, **{**made, **other})  # type: ignore[arg-type]


def money(id_: str, value: float, low: float | None = None, high: float | None = None) -> Published:
    return Published(estimate(id_, value, low, high))


def effect(id_: str, value: float, half: float = 0.03) -> Published:
    """An adjusted effect: sources of one kind are estimated together."""
    made = estimate(id_, value, value - half, value + half, Unit.EFFECT)
    together = replace(made.sources[0], source="example + sample + uncarded")
    return Published(replace(made, sources=(together, made.sources[1])))


def premium(skill: str, value: float) -> Published:
    """A skill's premium, which stands among the others where it is over a tenth."""
    made = effect(f"skill.{skill}.premium", value, 0.05)
    return Published(replace(made.estimate, significant=value > 0.1))


def share(id_: str, value: float, half: float = 0.04) -> Published:
    return Published(estimate(id_, value, max(0.0, value - half), min(1.0, value + half), Unit.SHARE))


def figures_of(*published: Figure) -> dict[str, Figure]:
    """Figures by id, sorted as the gate sorts them."""
    return {figure.id: figure for figure in sorted(published, key=lambda figure: figure.id)}


def _bands() -> list[Figure]:
    found: list[Figure] = []
    for place, level in enumerate((*LADDER, "any")):
        centre = 144_000 if level == "any" else 111_000 * 1.28**place
        for component, more in (("base", 1.0), ("total", 1.22 + 0.08 * place)):
            for top, lift in (("", 1.0), (".top", 1.25)):
                for quantile, z in _Z.items():
                    if top and quantile == "mean":
                        continue
                    id_ = f"band.{level}.{component}{top}.{quantile}"
                    value = centre * more * lift * 2.718 ** (z * 0.3)
                    known = {
                        "component": Component(component),
                        "role": Role.ML_ENGINEER,
                        "level": None if level == "any" else Level(level),
                        "quantile": _QUANTILE.get(quantile),
                    }
                    found.append(Published(estimate(id_, value, **known)))
        found += [
            effect(f"uplift.{level}.{where}.{quantile}", 0.2 + 0.06 * place + 0.1 * z)
            for where in ("all", "top")
            for quantile, z in (("p25", -1), ("p50", 0), ("p75", 1))
        ]
    return found


_EFFECTS = {
    "tier": ("frontier_lab big_tech funded_startup top public_tech startup enterprise consultancy", 0.42, 0.09),
    "place": ("41860 42660 top3 35620 31080 14460 12420 16980 other_us", 0.24, 0.05),
    "remote": ("remote hybrid onsite", 0.03, 0.03),
    "specialisation": (
        "reinforcement_learning distributed_training inference_optimisation nlp_llm vision robotics", 0.11, 0.03,
    ),
    "industry": ("quant_finance ai autonomous_driving software finance health commerce marketing public", 0.28, 0.06),
    "lifecycle": ("full stage", 0.04, 0.03),
    "degree": ("required_phd required_master preferred_advanced", 0.08, 0.05),
}  # fmt: skip

_SKILLS = [
    "python",
    "pytorch",
    "machine-learning",
    "aws",
    "sql",
    "llm",
    "tensorflow",
    "kubernetes",
    "docker",
    "spark",
    "java",
    "rag",
    "c++",
    "jax",
    "gcp",
    "cuda",
    "airflow",
    "azure",
    "mlops",
    "ranking",
    "go",
    "rust",
    "scala",
    "vllm",
    "onnx",
    "ray",
]


def _moved() -> list[Figure]:
    """How far medians move with the top tiers' share: without an interval."""
    return [
        Published(
            estimate(
                f"market.{level}.{component}.{change}", by, by, by, Unit.EFFECT, coverage=0.0, sources=()
            )
        )
        for level in (*LADDER, "any")
        for component in ("base", "total")
        for change, by in (("top_halved", -0.03), ("top_doubled", 0.07))
    ]


def figures() -> dict[str, Figure]:
    """Every kind of figure, with some withheld and some unknown."""
    found = _bands()
    for kind, (names, first, step) in _EFFECTS.items():
        found += [
            effect(f"{kind}.{name}.effect", first - step * i, 0.02 + 0.004 * i)
            for i, name in enumerate(names.split())
        ]
    for i, skill in enumerate(_SKILLS):
        found.append(share(f"skill.{skill}.demand", 0.8 / (1 + 0.14 * i), 0.03))
        if i % 7 != 3:
            found.append(premium(skill, 0.06 * ((i * 5) % 7 - 2) / 2))
    for place, level in enumerate(LADDER):
        found += [
            share(f"duty.{level}.{duty}.share", 0.1 + 0.05 * ((i * 3 + place) % 8))
            for i, duty in enumerate(Duty)
        ]
    found += [share(f"role.{duty}.share", 0.7 - 0.1 * i) for i, duty in enumerate(list(Duty)[:4])]
    for strength, start in (("required", 0.1), ("preferred", 0.2)):
        found += [
            share(f"degree.{strength}.{d}.share", start + 0.05 * i)
            for i, d in enumerate(("bachelor", "master", "phd", "advanced"))
        ]
    found += [share("degree.unmentioned.share", 0.33), share("remote.single_band.share", 0.71)]
    found += [effect("place.spread.remote.effect", 0.08), effect("place.spread.onsite.effect", 0.21)]
    found += [
        effect(f"swe.premium.{name}.effect", v)
        for name, v in (
            ("grade", 0.06),
            ("years", 0.12),
            ("top", 0.07),
            ("other", 0.05),
            ("years.base", 0.08),
        )
    ]
    found += [share("share.senior.total.top.over_400k", 0.31)]
    found += _moved()
    for code in ("15-2051", "15-1252"):
        found += [
            Published(
                estimate(f"official.{code}.{q}", 100_000 * 2.718 ** (z * 0.4), coverage=0.0, n_employers=0)
            )
            for q, z in _Z.items()
        ]
    absent: list[Figure] = [
        Withheld(
            "band.staff.base.top.p90", "Staff base pay, top tier", "tails", "A tail needs more employers."
        ),
        Withheld(
            "band.staff.base.p90", "Staff base pay, 90th percentile", "tails", "A tail needs more employers."
        ),
        Withheld(
            "share.staff.total.top.over_500k", "Staff over", "dominance", "One employer holds too much."
        ),
        Withheld(
            "specialisation.speech.effect", "Speech", "enough_employers", "It rests on too few employers."
        ),
        Unknown("industry.industry.effect", "Manufacturing", "No source has evidence on it."),
    ]
    gone = {figure.id for figure in absent}
    return figures_of(*(figure for figure in found if figure.id not in gone), *absent)


def _margin(certainty: float | None, reference: str, **shares: float) -> dict[str, object]:
    return {"shares": shares, "certainty": certainty, "reference": reference, "assumed": False}


#: Whose pay it is, as a manifest has it.
MARKET: dict[str, object] = {
    "origin": "made-up.toml",
    "date": DAY.isoformat(),
    "within_cell": 0.05,
    "margins": {
        "level": _margin(30, "Counted levels.", entry=0.1, mid=0.3, senior=0.4, staff=0.2),
        "tier": _margin(13, "Counted employers.", big_tech=0.2, startup=0.3, enterprise=0.5),
        "metro": _margin(None, "Counted places.", **{"41860": 0.4, "99999": 0.35, "other_us": 0.25}),
        "industry": None,
        "remote": {**_margin(None, "", onsite=0.5, hybrid=0.0, remote=0.5), "assumed": True},
    },
}


def manifest() -> dict[str, object]:
    card = {
        "licence": "none",
        "retrieved": "2029-12-01",
        "bias": "It is made up.",
        "records": 4_321,
        "observations": 987,
    }
    return {
        "slug": "ml-engineer",
        "title": "ML Engineer Salary Guide 2030",
        "role": "ml_engineer",
        "role_name": "ML Engineer",
        "date": DAY.isoformat(),
        "population": "Artificial engineers in the United States",
        "country": "US",
        "currency": "USD",
        "evidence_version": "artificial",
        "code_version": "0",
        "seed": 1,
        "coverage": 0.9,
        "published_guide": {"name": "g", "title": "Somebody's guide", "note": "It names no source."},
        "sources": {
            "example": {**card, "title": "Example survey", "origin": "nowhere", "kind": "self_report"},
            "sample": {**card, "title": "Sample board", "origin": "nowhere", "kind": "posted_range"},
        },
        "rules": {"enough_observations": {"least": 10, "reference": "made up"}},
        "ageing": {"title": "Artificial index", "series": "NONE"},
        "market": MARKET,
    }


def _scores(**losses: float) -> dict[str, dict[str, float]]:
    return {name: {"pinball": loss, "coverage": 0.79, "width": 9 * loss} for name, loss in losses.items()}


_LOSSES = _scores(estimator=0.027, catboost=0.03) | {
    "years-buckets": {"pinball": 0.09, "coverage": 0.8, "width": 0.7}
}

#: A back-test in the shape of `fit.backtest`.
BACKTEST = {
    "coverage": 0.8,
    "methods": ["estimator", "years-buckets", "catboost"],
    "not_installed": ["lightgbm"],
    "protocols": {
        "rows": {
            "base": {
                "n": 1000,
                "fitted_on": 3000,
                "methods": _LOSSES,
                "slices": {
                    "role=ml_engineer": {"n": 600, "methods": _LOSSES},
                    "role=data_scientist": {"n": 400, "methods": _LOSSES},
                },
            }
        },
        "dates": {"base": {"n": 300, "fitted_on": 3700, "methods": _LOSSES, "slices": {}}},
    },
}


def edition() -> Edition:
    """The artificial edition with the packaged claims judged on it."""
    found = figures()
    return Edition(
        manifest(),
        found,
        claims.judge(claims.load("ml_engineer_2026").claims, found),
        {"kind": "artificial", "a": 0.1, "backtest": BACKTEST},
    )
