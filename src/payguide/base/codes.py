"""The vocabularies: every closed list of words that an observation or a figure may use.

The values are the words written to files; DESIGN's glossary defines them (GLOSSARY.md).
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The job families payguide tells apart."""

    ML_ENGINEER = "ml_engineer"
    ML_SCIENTIST = "ml_scientist"
    DATA_SCIENTIST = "data_scientist"
    DATA_ENGINEER = "data_engineer"
    DATA_ANALYST = "data_analyst"
    SOFTWARE_ENGINEER = "software_engineer"
    OTHER = "other"


class Level(StrEnum):
    """Seniority. Never used for the coverage of an interval."""

    INTERN = "intern"
    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"
    LEAD = "lead"
    MANAGER = "manager"
    UNSTATED = "unstated"


#: The four levels a guide prints, in rising order.
LADDER: tuple[Level, ...] = (Level.ENTRY, Level.MID, Level.SENIOR, Level.STAFF)


class LevelReading(StrEnum):
    """How a level was read."""

    TITLE = "title"
    GRADE = "grade"
    YEARS = "years"
    NONE = "none"


class EvidenceKind(StrEnum):
    """What kind of statement an observation is. Kinds measure different things and are never pooled."""

    POSTED_RANGE = "posted_range"
    SELF_REPORT = "self_report"
    FILING = "filing"
    STATISTIC = "statistic"
    EMPLOYER_STATISTIC = "employer_statistic"
    TOP_PAY = "top_pay"
    PAYROLL = "payroll"
    PUBLISHED_GUIDE = "published_guide"


#: Kinds that are confidential whatever the card of their source says.
CONFIDENTIAL_KINDS: tuple[EvidenceKind, ...] = (EvidenceKind.PAYROLL,)


class Component(StrEnum):
    """Which part of pay an amount is."""

    BASE = "base"
    BONUS = "bonus"
    EQUITY = "equity"
    TOTAL = "total"


class Basis(StrEnum):
    """What a stated band says it is: base pay, on-target earnings, or total pay."""

    BASE = "base"
    OTE = "ote"
    TOTAL = "total"


class Period(StrEnum):
    """The period an amount is stated for."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    YEAR = "year"


class Statistic(StrEnum):
    """Which statistic of a distribution a published figure is (official statistics only)."""

    P10 = "p10"
    P25 = "p25"
    P50 = "p50"
    P75 = "p75"
    P90 = "p90"
    MEAN = "mean"


class Remote(StrEnum):
    """Where the work may be done."""

    ONSITE = "onsite"
    HYBRID = "hybrid"
    REMOTE = "remote"
    UNSTATED = "unstated"


class Tier(StrEnum):
    """The employer's tier."""

    FRONTIER_LAB = "frontier_lab"
    BIG_TECH = "big_tech"
    FUNDED_STARTUP = "funded_startup"
    PUBLIC_TECH = "public_tech"
    STARTUP = "startup"
    ENTERPRISE = "enterprise"
    MIDSIZE = "midsize"
    CONSULTANCY = "consultancy"
    IT_SERVICES = "it_services"
    PUBLIC_SERVICE = "public_service"
    UNIVERSITY = "university"
    UNKNOWN = "unknown"


#: What the published guide calls "FAANG-level firms and well-funded AI start-ups".
TOP_TIERS: tuple[Tier, ...] = (Tier.FRONTIER_LAB, Tier.BIG_TECH, Tier.FUNDED_STARTUP)


class Industry(StrEnum):
    """The employer's industry, as coarse as the guide needs."""

    QUANT_FINANCE = "quant_finance"
    AUTONOMOUS_DRIVING = "autonomous_driving"
    MARKETING = "marketing"
    HEALTH = "health"
    FINANCE = "finance"
    AI = "ai"
    SOFTWARE = "software"
    COMMERCE = "commerce"
    INDUSTRY = "industry"
    PUBLIC = "public"
    UNKNOWN = "unknown"


class Specialisation(StrEnum):
    """What an ML engineer specialises in."""

    REINFORCEMENT_LEARNING = "reinforcement_learning"
    DISTRIBUTED_TRAINING = "distributed_training"
    INFERENCE_OPTIMISATION = "inference_optimisation"
    NLP_LLM = "nlp_llm"
    VISION = "vision"
    RECOMMENDER = "recommender"
    SPEECH = "speech"
    ROBOTICS = "robotics"
    ML_PLATFORM = "ml_platform"


class Focus(StrEnum):
    """The part of software that somebody builds; of several the first counts, the narrower before the wider."""

    MACHINE_LEARNING = "machine_learning"
    FULL_STACK = "full_stack"
    FRONT_END = "front_end"
    MOBILE = "mobile"
    DISTRIBUTED_SYSTEMS = "distributed_systems"
    RELIABILITY = "reliability"
    DEVOPS = "devops"
    SECURITY = "security"
    NETWORKING = "networking"
    EMBEDDED = "embedded"
    TESTING = "testing"
    GAMES = "games"
    DESKTOP = "desktop"
    INFRASTRUCTURE = "infrastructure"
    BACK_END = "back_end"
    DATA = "data"
    ANALYTICS = "analytics"


class Stage(StrEnum):
    """A stage of the ML lifecycle that a posting names."""

    INGESTION = "ingestion"
    FEATURES = "features"
    TRAINING = "training"
    EVALUATION = "evaluation"
    SERVING = "serving"
    MONITORING = "monitoring"


class DegreeName(StrEnum):
    """A degree, in rising order."""

    BACHELOR = "bachelor"
    MASTER = "master"
    PHD = "phd"


class Duty(StrEnum):
    """A duty that tells the levels apart, or says what the role does."""

    BUILD_MODELS = "build_models"
    DEPLOY = "deploy"
    MAINTAIN = "maintain"
    RESEARCH_TO_PRODUCTION = "research_to_production"
    GUIDED = "guided"
    END_TO_END = "end_to_end"
    MENTOR = "mentor"
    CROSS_TEAM = "cross_team"
    STANDARDS = "standards"
    DIRECTION = "direction"
    BUILD_OR_BUY = "build_or_buy"
    REPRESENT = "represent"


class Confidentiality(StrEnum):
    """Whether the records behind a figure may be shown."""

    PUBLIC = "public"
    CONFIDENTIAL = "confidential"
