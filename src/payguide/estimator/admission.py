"""What a model knows nothing of in a profile: refused where it decides whose pay is asked, left aside aloud elsewhere.

The evaluator itself takes anything, as it must for statements that are judged; whoever asks comes through here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from payguide.base.reference.plausible import MAX_YEARS, UNUSUAL_YEARS, plain_number
from payguide.estimator.encode import FeatureEncoder, several
from payguide.estimator.features import NOT_KNOWN

#: What decides whose pay is asked.
_DECISIVE: Final = ("role", "country")
#: What the answer can do without.
_OPTIONAL: Final = ("level", "focus", "degree", "remote", "kind", "source")
_YEARS: Final = ("years", "tenure")


class Admission:
    """What one component of a model knows of."""

    def __init__(self, encoder: FeatureEncoder) -> None:
        self._encoder = encoder
        self._known = {name: {*NOT_KNOWN, *encoder.numbers[name]} for name in (*_OPTIONAL, "employer")}

    def refusal(self, profile: Mapping[str, Any]) -> str:
        """Why a profile has no answer, in words; "" where it has one."""
        if place := profile.get("unread", {}).get("place"):
            return f"{place!r} is no place that is known: give a city and its state, such as 'Seattle, WA'"
        for name in _DECISIVE:
            known = self._encoder.numbers[name]
            if known and name in profile and str(profile[name]) not in known:
                return f"the estimator knows pay of the {name} {', '.join(known)}, not of {profile[name]!r}"
        for name in _YEARS:
            years = profile.get(name)
            if years is not None and years != "" and not _plausible(years):
                return f"{name} must be a number of years from 0 to {MAX_YEARS}, not {years!r}"
        return ""

    def admit(self, profile: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]]:
        """The profile without what is not known and so must change nothing, and a warning of each such thing.

        An employer that is not known stays: the answer is one for an employer that was not met.
        """
        unknown = [
            name for name, known in self._known.items() if name in profile and profile[name] not in known
        ]
        if "grade" in profile and not self._is_grade(profile["grade"]):
            unknown.append("grade")
        others = several(profile["specialisation"]) if profile.get("specialisation") else ()
        told = [(name, profile[name]) for name in unknown if name != "employer"]
        told += [("specialisation", one) for one in others if one not in self._encoder.specialisations]
        told += profile["unread"].items() if "unread" in profile else ()
        warnings = [
            f"the estimator knows no {name} {value!r}: it changes nothing" for name, value in sorted(told)
        ]
        if "employer" in unknown:
            who = profile["employer"]
            warnings.append(
                f"the estimator knows no employer {who!r}: the answer is for one that it has not met"
            )
        warnings += [
            f"{name} {profile[name]!r}: hardly anybody has worked so long"
            for name in _YEARS
            if _number(profile.get(name)) > UNUSUAL_YEARS
        ]
        if profile.get("region") and not profile.get("metro"):
            warnings.append(
                f"the place is read as {profile['region']} outside its metropolitan areas: name a city for its own pay"
            )
        left_out = {name for name, _ in told} - {"specialisation"}
        return {
            name: value for name, value in profile.items() if name not in left_out
        } if told else profile, warnings

    def _is_grade(self, text: str) -> bool:
        number, step, stated = self._encoder.grade(text)
        return not text or (stated and max(number, step) >= 0 and not text.lstrip().startswith("-"))


def _plausible(years: Any) -> bool:
    return 0 <= _number(years) <= MAX_YEARS


def _number(years: Any) -> float:
    """Years as a number; text that is none in plain digits is NaN, as is nothing."""
    read = plain_number(years) if isinstance(years, str) else years
    return float(read) if isinstance(read, (int, float)) else math.nan
