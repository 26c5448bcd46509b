"""The form of one claim in a claims file: its keys, and what their values may be.

docs/claims.md describes it; what does not keep it is refused with the key's name.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from payguide.base.edition import Claim
from payguide.base.errors import WrongShape
from payguide.base.estimates import Unit
from payguide.base.figure_id import find
from payguide.guide import numbers
from payguide.guide.claims.judge import FURTHER, STATED, TESTS, further

#: A claim that names more figures than this is a mistake in the file.
_MOST_FIGURES: Final = 500

#: What a claim's id may be: it is an anchor on a page.
_ID: Final = re.compile(r"[A-Za-z][\w.-]*+")

_BRACES: Final = re.compile(r"\{([^{}]*+)\}")
_IN_SENTENCES: Final = "{stated}"

_REMEDY: Final = "docs/claims.md shows the form"

#: What each test takes, where it does not take any figures.
_TAKEN: Final = {
    "pairs": "couples",
    "starts": "two",
    "above": "two or more",
    "band": "the ids band.LEVEL.COMPONENT[.top|.DIMENSION.VALUE].QUANTILE",
}


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What else a claim says of itself.

    section      where the page shows it; one of words.toml's sections, or none
    level        the level that it is about
    unit         the unit of the stated numbers, which is that of its figures
    reading      how loose words, such as "can", are read
    need         how many figures must be published before it is judged; all unless said
    about        a rounded number that is printed in place of the stated range
    prints       what the guide prints, where the stated numbers are our reading of it
    hidden       the guide prints no figure
    otherwise    figures of another reading that the words equally allow, apart by spaces
    otherwise_name  what that reading is called
    beside       figures of readings that are shown and do not count, apart by spaces
    trend        the sentence says that something changes: figures of one date do not decide it
    """

    section: str = ""
    level: str = ""
    unit: Unit | None = None
    reading: str = ""
    need: int | None = None
    about: float | None = None
    prints: str = ""
    hidden: bool = False
    otherwise: str = ""
    otherwise_name: str = ""
    beside: str = ""
    trend: bool = False


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One [[claim]] as a file has it."""

    id: str
    test: str
    sentence: str
    figures: tuple[str, ...]
    stated: tuple[float, ...] = ()
    options: Options = Options()


def expand(pattern: str) -> list[str]:
    """The ids a pattern names: "band.{mid,staff}.base{,.top}.p50" names four.

    Raises:
        ValueError: braces do not match, or the pattern names over 500 ids.
    """
    pieces = _BRACES.split(pattern)
    if any(brace in "".join(pieces) for brace in "{}"):
        raise ValueError(f"the braces of {pattern!r} do not match")
    choices = [piece.split(",") if place % 2 else [piece] for place, piece in enumerate(pieces)]
    named = math.prod(map(len, choices))
    if named > _MOST_FIGURES:
        raise ValueError(f"{pattern!r} names {named} figures")
    return ["".join(choice) for choice in itertools.product(*choices)]


def claim_from(row: Mapping[str, Any], *, where: str) -> Claim:
    """One claim, checked, its figures expanded and its own numbers written into its sentence.

    Raises:
        WrongShape: a key is missing, unknown or of a wrong value; it names the claim and the key.
    """
    where = f"{where} ({row['id']})" if isinstance(row.get("id"), str) else where
    try:
        read = msgspec.convert(row, _Row)
    except msgspec.ValidationError as error:
        raise WrongShape(str(error).replace("$.", ""), where=where, remedy=_REMEDY) from error
    figures = _figures(read.figures, where)
    claim = Claim(read.id, read.sentence, read.test, figures, read.stated, _options(read.options, figures))
    for key, problem in _problems(claim):
        raise WrongShape(f"the key `{key}`: {problem}", where=where, remedy=_REMEDY)
    sentence = claim.sentence.replace(_IN_SENTENCES, numbers.stated(claim))
    return replace(claim, sentence=sentence[:1].upper() + sentence[1:])


def _figures(patterns: Sequence[str], where: str) -> tuple[str, ...]:
    """The ids that patterns name, in order."""
    try:
        figures = tuple(figure for pattern in patterns[:_MOST_FIGURES] for figure in expand(pattern))
    except ValueError as error:
        raise WrongShape(f"the key `figures`: {error}", where=where, remedy=_REMEDY) from error
    if max(len(figures), len(patterns)) > _MOST_FIGURES:
        found = f"the key `figures`: it names over {_MOST_FIGURES} figures"
        raise WrongShape(found, where=where, remedy=_REMEDY)
    return figures


def _options(given: Options, figures: Sequence[str]) -> dict[str, str | float]:
    """The options that are given, and the figures' unit where they are not of money."""
    units = _units(figures) - {Unit.MONEY}
    told = {"unit": str(min(units))} if len(units) == 1 else {}
    return {**told, **msgspec.to_builtins(given)}


def _problems(claim: Claim) -> Iterator[tuple[str, str]]:
    """What is wrong with a claim: the key, and what was found in it."""
    if not _ID.fullmatch(claim.id):
        yield "id", f"{claim.id!r} is no id: a letter, then letters, digits, dots, dashes"
    if not claim.sentence.strip():
        yield "sentence", "it is empty"
    if claim.test not in TESTS:
        yield "test", f"no test is called {claim.test!r}; known are {', '.join(sorted(TESTS))}"
        return
    takes = STATED[claim.test]
    if len(claim.stated) != takes:
        yield "stated", f"the test {claim.test!r} takes {takes} stated numbers, not {len(claim.stated)}"
    if not all(map(math.isfinite, claim.stated)):
        yield "stated", "a stated number is not finite"
    if list(claim.stated) != sorted(claim.stated):
        yield "stated", "the numbers run backwards; put the lower one first"
    others = {f"options.{option}": further(claim, option) for option in FURTHER if option in claim.options}
    for key, figures in {"figures": claim.figures, **others}.items():
        if not _suit(claim.test, figures):
            suited = _TAKEN.get(claim.test, "at least one")
            yield key, f"they do not suit the test {claim.test!r}, which takes {suited}"
    yield from _odd_options(claim)


def _suit(test: str, figures: Sequence[str]) -> bool:
    """Whether figures are as many, and of such ids, as a test reads."""
    named = len(figures)
    match test:
        case "pairs":
            return named > 0 and named % 2 == 0
        case "starts":
            return named == 2
        case "above":
            return named > 1
        case "band":
            return named > 0 and all(map(_is_band, figures))
        case _:
            return named > 0 and all(figures)


def _is_band(figure: str) -> bool:
    found = find(figure)
    return found is not None and found.form.kind == "band" and "*" not in figure


def _odd_options(claim: Claim) -> Iterator[tuple[str, str]]:
    """What is wrong with a claim's options."""
    need = claim.options.get("need")
    named = len(set(claim.figures))
    if need is not None and not 1 <= int(need) <= named:
        yield "options.need", f"{need} of {named} figures cannot be needed"
    if "otherwise_name" in claim.options and "otherwise" not in claim.options:
        yield "options.otherwise_name", "there is no second reading (options.otherwise) to name"
    units = _units([*claim.figures, *(figure for option in FURTHER for figure in further(claim, option))])
    if len(units) > 1:
        yield "figures", f"they are of different units: {', '.join(sorted(units))}"
    elif units and numbers.unit_of(claim) not in units:
        yield "options.unit", f"the figures are of the unit {min(units)}"


def _units(figures: Sequence[str]) -> set[Unit]:
    """The units of figures, told by their ids; that of a pattern whose form is open is not known."""
    return {_unit(figure) for figure in figures if "*" not in figure or find(figure)}


def _unit(figure: str) -> Unit:
    found = find(figure)
    return found.form.unit if found else Unit.MONEY
