"""An employer's own grade read as a step of the ladder, where its ladder is public or the grade says it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from payguide.base.codes import Level
from payguide.decode.level import read_level
from payguide.decode.titles import title_words

#: What stands before a ladder's number.
_STEP: Final = re.compile(r"^(?:grade|band|level|step|tier)")
#: Grades that only say what kind of worker they are.
_LONGEST: Final = 80


@lru_cache(maxsize=65_536)
def level_of_grade(grade: str, employer: str = "") -> Level:
    """The level of a grade at an employer (canonical slug): by its public ladder (data/grades.toml), else by the
    words of the grade itself ("Senior Software Engineer", "SDE II"); `unstated` where neither says it.

    A code ("L5", "P3") of an employer whose ladder is not known says nothing: scales differ. A grade of several names
    has " / " between them ("L4 / SWE III"): the ladder's counts first.
    """
    if not grade or len(grade) > _LONGEST:
        return Level.UNSTATED
    codes = ["".join(name.lower().split()).replace("-", "") for name in grade.split(" / ")]
    ladder = ladders().get(employer, {})
    known = next((code for code in codes if code in ladder), None)
    if known is not None:
        return Level(ladder[known])
    telling = [name for name, code in zip(grade.split(" / "), codes, strict=True) if not _is_code(code)]
    return read_level(" / ".join(telling)) if telling else Level.UNSTATED


def _is_code(code: str) -> bool:
    """Whether a grade is a place on a ladder and no word: "L5", "54", "Grade 6"."""
    bare = _STEP.sub("", code)
    return len(bare) <= 4 and any(c.isdigit() for c in bare) and bare[:1].isalnum()


@lru_cache(maxsize=65_536)
def level_of_code(title: str, employer: str) -> Level:
    """The level of the grade that a title names by its code ("ML Engineer (L5)"), where the ladder is public."""
    ladder = ladders().get(employer)
    if ladder is None:
        return Level.UNSTATED
    words = title_words(title)
    pairs = map("".join, pairwise(words))  # "IC 6", "L-5"
    return next((Level(ladder[code]) for code in (*words, *pairs) if code in ladder), Level.UNSTATED)


@cache
def ladders() -> Mapping[str, Mapping[str, str]]:
    """Employers' own ladders that are public: canonical slug to grade ("l5") to level."""
    return tomllib.loads(files(__package__).joinpath("data", "grades.toml").read_text(encoding="utf-8"))
