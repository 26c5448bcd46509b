"""The job family from a title; the text only where the title is silent.

A title is read as its head noun ("engineer", "scientist"), the words before it in the same phrase, and the
rest. What the words mean is data (data/roles.toml); the order of the rules is here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from payguide.base.codes import Role
from payguide.decode.phrase_matcher import Scan, fold, scan, vocabulary
from payguide.decode.titles import BREAK, Phrases, title_words

#: Words that say how senior or how employed, not what.
_RANK: Final = frozenset((
    "senior", "sr", "junior", "jr", "staff", "principal", "lead", "distinguished", "fellow", "associate",
    "mid", "level", "entry", "founding", "intern", "internship", "head", "director", "manager", "vp",
    "chief", "group", "the", "of", "a", "an", "and", "or", "new", "grad", "graduate", "tech", "technical",
    "team", "global", "regional", "remote", "hybrid", "i", "ii", "iii", "iv", "v", "experienced", "full",
    "time", "part", "contract", "summer", "co", "op", "advanced", "expert", "middle", "early", "career",
    "us", "member", "middle", "all", "levels", "freelance", "working", "student", "executive", "deputy",
    "interim", "managing",
))  # fmt: skip
#: ML words of a text that make a research title without a field one of ML.
_ENOUGH: Final = 3


@dataclass(frozen=True, slots=True)
class _Title:
    """A title in three parts: before the head in its phrase, the head's kind, and all the other words."""

    head: str
    before: tuple[str, ...]
    behind: tuple[str, ...]
    words: tuple[str, ...]


def read_role(title: str, text: str = "") -> Role:
    """The family of a job, from its title; `text` decides only where the title names no field."""
    return role_in(title, scan(text) if text and _silent(title) else None)


def role_in(title: str, found: Scan | None = None) -> Role:
    """The same, from a text that was searched already."""
    role = _by_title(title)
    if found is None or not found.text or not _silent(title):
        return role
    return _by_text(role, found)


@lru_cache(maxsize=65_536)
def _by_title(title: str) -> Role:
    words = title_words(title)
    if _has("trainers", "words", words):
        return Role.OTHER
    parted = _parted(words)
    return _RULES.get(parted.head, _without_head)(parted)


@lru_cache(maxsize=65_536)
def _silent(title: str) -> bool:
    """Whether the title names no field: a bare research title or bare technical staff."""
    parted = _parted(title_words(title))
    named = [w for w in (*parted.before, *parted.behind) if w not in _RANK and w != BREAK and not w.isdigit()]
    research = "research" in parted.before or parted.head == "researcher"
    if parted.head == "technical_staff":
        return not named
    return research and not [w for w in named if w not in ("research", "applied", "scientist", "engineer")]


def _by_text(role: Role, found: Scan) -> Role:
    """A bare research title is ML's where the text speaks of it; technical staff likewise."""
    phrases = vocabulary("roles")["text"]["ml"]
    plain = f" {found.plain} "
    count = sum(plain.count(f" {fold(phrase)} ") for phrase in phrases)
    if role is Role.ML_SCIENTIST:
        return role if count >= _ENOUGH else Role.OTHER
    return Role.ML_ENGINEER if role is Role.SOFTWARE_ENGINEER and count >= 2 * _ENOUGH else role


def _parted(words: tuple[str, ...]) -> _Title:
    """The head is the first noun that is not a mere rank; technical staff gives way to a noun behind it."""
    hits = _heads().find(words)
    chosen = next((hit for hit in hits if hit[2] not in ("manager", "technical_staff")), None)
    staff = next((hit for hit in hits if hit[2] == "technical_staff"), None)
    if chosen is None or (staff is not None and chosen[2] == "other"):
        chosen = staff or next((hit for hit in hits if hit[2] == "manager"), chosen)
    elif chosen[2] == "other" and _managed(words, hits):
        chosen = next(hit for hit in hits if hit[2] == "manager")
    if chosen is None:
        return _Title("", (), words, words)
    start, end, head = chosen
    first = start
    while first and words[first - 1] != BREAK:
        first -= 1
    return _Title(head, words[first:start], (*words[:first], *words[end:]), words)


def _managed(words: Sequence[str], hits: Sequence[tuple[int, int, str]]) -> bool:
    return any(name == "manager" for _, _, name in hits) and hits[0][2] == "manager"


@cache
def _heads() -> Phrases:
    return Phrases(vocabulary("roles")["heads"])


@cache
def _phrases(table: str, name: str) -> Phrases:
    return Phrases({name: vocabulary("roles")[table][name]})


def _has(table: str, name: str, words: Sequence[str]) -> bool:
    return bool(words) and bool(_phrases(table, name).find(words))


def _is_ml(words: Sequence[str]) -> bool:
    """Whether words name ML work, what only looks like it left out."""
    hidden = _phrases("ml", "hidden").find(words)
    kept = list(words)
    for start, end, _ in hidden:
        kept[start:end] = [BREAK] * (end - start)
    return _has("ml", "words", kept)


def _engineer(title: _Title) -> Role:
    before, behind = title.before, title.behind
    if "research" in before and not _has("not_software", "unless", before):
        return _research(title)
    if _names_data(before) and not _has("data", "not_field", before):
        return Role.DATA_ENGINEER
    excluded = _has("not_software", "words", before) and not _has("not_software", "unless", before)
    if excluded:
        # "Forward Deployed AI Engineer" names ML engineering, "AI Solutions Engineer" does not
        return Role.ML_ENGINEER if _is_ml(before) and _ends_in_ml(before) else Role.OTHER
    if _is_ml(before) or "mle" in title.words:
        return Role.ML_ENGINEER
    if title.words and _is_management(title) and _has("not_software", "words", _field(behind)[:2]):
        return Role.OTHER
    bare = not [word for word in before if word not in _RANK]
    if bare and _has("not_software", "words", _field(behind)[:2]) and not _is_ml(behind):
        return Role.OTHER
    if _is_ml(behind) and not _has("software", "words", before[-1:]) | (not bare and _is_guard(before)):
        return Role.ML_ENGINEER
    if _is_ml(behind) and not _is_guard(before):
        return Role.ML_ENGINEER
    return _software(title, bare)


def _names_data(before: Sequence[str]) -> bool:
    """Whether the words before an engineer name data work, be it with ML beside it ("Data & ML Engineer")."""
    beside = any(pair == ("data", "and") for pair in pairwise(before))
    return beside or _has("data", "engineer", before[-2:])


def _software(title: _Title, bare: bool) -> Role:
    """A software engineer, or a data engineer by the field behind."""
    field = _field(title.behind)
    general = bare or (_has("software", "words", title.before) and not _is_guard(title.before))
    named = general and _has("data", "field", field[:3]) and not _has("data", "not_field", field)
    if named and field[0] in ("data", "analytics", "big"):
        return Role.DATA_ENGINEER
    return Role.SOFTWARE_ENGINEER


def _is_guard(before: Sequence[str]) -> bool:
    """Engineers who look after AI rather than build it: security, quality, networks."""
    return any(
        word in ("security", "qa", "quality", "test", "network", "appsec", "privacy", "it") for word in before
    )


def _is_management(title: _Title) -> bool:
    return any(word in ("manager", "director", "head", "vp") for word in title.words)


def _field(behind: Sequence[str]) -> list[str]:
    """The words behind the head without rank words and breaks."""
    return [word for word in behind if word != BREAK and word not in _RANK]


def _ends_in_ml(before: Sequence[str]) -> bool:
    """Whether an ML word stands right before the noun."""
    return any(_is_ml(before[-size:]) and _starts_ml(before[-size:]) for size in (1, 2, 3))


def _starts_ml(words: Sequence[str]) -> bool:
    hits = _phrases("ml", "words").find(words)
    return bool(hits) and hits[-1][1] == len(words)


def _research(title: _Title) -> Role:
    """Research in AI or ML, unless the title names another field and no ML."""
    others = [word for word in title.words if word != BREAK]
    if _is_ml(others):
        return Role.ML_SCIENTIST
    return Role.OTHER if _has("research", "other", title.words) else Role.ML_SCIENTIST


def _scientist(title: _Title) -> Role:
    before = title.before
    if _has("data", "science", (*before[-1:], "scientist")) or before[-1:] == ("decision",):
        return Role.DATA_SCIENTIST
    if "research" in before or "applied" in before:
        return _research(title)
    if _is_ml(before):
        return Role.ML_SCIENTIST
    named = [word for word in before if word not in _RANK]
    if _has("research", "other", title.words):
        return Role.OTHER
    if _is_ml(title.behind):
        return Role.ML_SCIENTIST
    return Role.DATA_SCIENTIST if not named or _has("research", "product", named) else Role.OTHER


def _researcher(title: _Title) -> Role:
    if _is_ml(title.words):
        return Role.ML_SCIENTIST
    named = [word for word in title.before if word not in (*_RANK, "research")]
    return Role.OTHER if named or _has("research", "other", title.words) else Role.ML_SCIENTIST


def _analyst(title: _Title) -> Role:
    named = [word for word in title.before if word not in _RANK]
    if named:
        return Role.DATA_ANALYST if _has("data", "analyst", named[-2:]) else Role.OTHER
    return Role.DATA_ANALYST if _has("data", "analyst", _field(title.behind)[:2]) else Role.OTHER


def _architect(title: _Title) -> Role:
    before = title.before
    if _has("data", "engineer", before[-2:]):
        return Role.DATA_ENGINEER
    if _has("not_software", "words", before) or "enterprise" in before:
        return Role.ML_ENGINEER if _ends_in_ml(before) else Role.OTHER
    if _is_ml(before):
        return Role.ML_ENGINEER
    return Role.SOFTWARE_ENGINEER if _has("software", "words", before) else Role.OTHER


def _technical_staff(title: _Title) -> Role:
    """Technical staff by the field named; research is a scientist's, training and inference an engineer's."""
    rest = title.behind
    if _has("data", "science", rest):
        return Role.DATA_SCIENTIST
    if "research" in rest:
        return Role.ML_SCIENTIST
    if _is_ml(rest) or _has("ml", "staff", rest):
        return Role.ML_ENGINEER
    field = _field(rest)
    if _has("data", "field", field[:3]):
        return Role.DATA_ENGINEER
    return Role.OTHER if _has("not_software", "words", field[:2]) else Role.SOFTWARE_ENGINEER


def _without_head(title: _Title) -> Role:
    """Managers, leads and interns by the field they name."""
    words = [word for word in title.words if word != BREAK]
    if _has("data", "science", words):
        return Role.DATA_SCIENTIST
    if _has("data", "not_analytics", words):
        return Role.OTHER
    fields = [word for word in words if word not in _RANK and not word.isdigit()]
    if fields[:1] == ["product"] or any(w in _BUSINESS for w in fields):
        return Role.OTHER
    if (
        fields[:1] == ["data"]
        and _has("data", "field", fields[:2])
        and fields[1:2]
        and fields[1] in _PLATFORMS
    ):
        return Role.DATA_ENGINEER
    if _has("data", "analytics", fields[:2]):
        return Role.DATA_ANALYST
    if "research" in fields and _is_ml(fields):
        return Role.ML_SCIENTIST
    ml = _phrases("ml", "words").find(fields)
    if ml and not _has("ml", "hidden", words) and (ml[0][0] == 0 or ml[-1][1] == len(fields)):
        return (
            Role.ML_ENGINEER
            if not fields[ml[0][1] : ml[0][1] + 1] or _technical(fields[ml[0][1]])
            else Role.OTHER
        )
    return Role.SOFTWARE_ENGINEER if fields and _technical(fields[0]) else Role.OTHER


_BUSINESS: Final = frozenset((
    "product", "program", "project", "marketing", "sales", "account", "operations", "ops", "partner",
    "partnerships", "design", "policy", "success", "strategy", "customer", "recruiting", "talent",
    "people", "growth", "finance", "business", "solutions", "legal", "adoption", "support", "content",
    "community", "communications", "governance", "enablement", "training", "gtm", "events", "trust",
    "labeling",
))  # fmt: skip
_PLATFORMS: Final = frozenset(
    ("platform", "engineering", "infrastructure", "infra", "pipelines", "warehouse", "pipeline")
)


def _technical(word: str) -> bool:
    return word in (
        "software", "backend", "frontend", "fullstack", "platform", "infrastructure", "infra", "systems",
        "technology", "ios", "android", "mobile", "web", "devops", "security", "swe",
        "operations_research", "lab", "ml", "ai", "development", "architecture",
    )  # fmt: skip


def _other(title: _Title) -> Role:
    return Role.OTHER


_RULES: Final[dict[str, Callable[[_Title], Role]]] = {
    "engineer": _engineer,
    "scientist": _scientist,
    "researcher": _researcher,
    "analyst": _analyst,
    "architect": _architect,
    "technical_staff": _technical_staff,
    "manager": _without_head,
    "other": _other,
}
