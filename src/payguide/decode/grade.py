"""An employer's own grade read as a step of the ladder, where its ladder is public or the grade says it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from payguide.base.codes import Level
from payguide.decode.level import read_level
from payguide.decode.titles import title_words

#: Grades that only say what kind of worker they are.
_LONGEST: Final = 80


@lru_cache(maxsize=65_536)
def level_of_grade(grade: str, employer: str = "") -> Level:
    """The level of a grade at an employer (canonical slug): by its public ladder (data/grades.toml), else by the
    words of the grade itself ("Senior Software Engineer", "SDE II"); `unstated` where neither says it.

    A code ("L5", "P3") of an employer whose ladder is not known says nothing: scales differ.
    """
    if not grade or len(grade) > _LONGEST:
        return Level.UNSTATED
    code = "".join(grade.lower().split()).replace("-", "")
    ladder = _ladders().get(employer, {})
    if code in ladder:
        return Level(ladder[code])
    if len(code) <= 4 and any(c.isdigit() for c in code) and code[:1].isalnum():
        return Level.UNSTATED
    return read_level(grade)


@lru_cache(maxsize=65_536)
def level_of_code(title: str, employer: str) -> Level:
    """The level of the grade that a title names by its code ("ML Engineer (L5)"), where the ladder is public."""
    ladder = _ladders().get(employer)
    if ladder is None:
        return Level.UNSTATED
    words = title_words(title)
    pairs = map("".join, pairwise(words))  # "IC 6", "L-5"
    return next((Level(ladder[code]) for code in (*words, *pairs) if code in ladder), Level.UNSTATED)


@cache
def _ladders() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files(__package__).joinpath("data", "grades.toml").read_text(encoding="utf-8"))
