"""Claims are data: one TOML file per published guide, checked when it is read."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from payguide.base.errors import InputError, UnreadableFile, UsageError, WrongShape
from payguide.base.figures import Claim, Unit
from payguide.guide import numbers
from payguide.guide.claims.judge import STATED, TESTS

_FOLDER = files("payguide.guide.claims")

#: A claim that names more figures than this is a mistake in the file.
_MOST_FIGURES = 500

_SHAPES = (
    "pairs takes couples, starts two, above two or more, band the ids band.LEVEL.COMPONENT[.top].QUANTILE"
)

_BRACES = re.compile(r"\{([^{}]*+)\}")
_IN_SENTENCES = "{stated}"


def expand(pattern: str) -> list[str]:
    """The ids a pattern names: "band.{mid,staff}.base{,.top}.p50" names four.

    Raises:
        ValueError: braces do not match, or the pattern names over 500 ids.
    """
    pieces = _BRACES.split(pattern)
    if any(brace in "".join(pieces) for brace in "{}"):
        raise ValueError(f"the braces of {pattern!r} do not match")
    choices = [piece.split(",") if place % 2 else [piece] for place, piece in enumerate(pieces)]
    named = 1
    for options in choices:
        named *= len(options)
    if named > _MOST_FIGURES:
        raise ValueError(f"{pattern!r} names {named} figures")
    return ["".join(choice) for choice in itertools.product(*choices)]


def names() -> tuple[str, ...]:
    """The published guides there is a packaged file for, sorted."""
    return tuple(
        sorted(
            entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir() if entry.name.endswith(".toml")
        )
    )


def load(name: str) -> tuple[Claim, ...]:
    """The claims of a packaged guide, in the guide's order.

    Raises:
        UsageError: there is no such guide.
    """
    if name not in names():
        raise UsageError(
            f"no published guide is called {name!r}", remedy=f"Known guides: {', '.join(names())}"
        )
    return parse((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"), where=f"{name}.toml")


def load_file(path: Path) -> tuple[Claim, ...]:
    """The claims of one's own file, in the same form as the packaged ones.

    Raises:
        InputError: there is no such file.
        UnreadableFile: it is not UTF-8 text.
        WrongShape: it is not TOML, or a claim in it is not whole.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(
            "the claims file cannot be opened", where=str(path), remedy=str(error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile("not UTF-8 text", where=str(path), remedy="Save it as UTF-8") from error
    return parse(text, where=str(path))


def parse(text: str, *, where: str) -> tuple[Claim, ...]:
    """The claims in the text of a claims file.

    Raises:
        WrongShape: it is not TOML, a claim lacks a part, or two claims share an id.
    """
    try:
        rows = tomllib.loads(text).get("claim", [])
    except tomllib.TOMLDecodeError as error:
        raise WrongShape(
            f"not TOML: {error}", where=where, remedy="See the packaged claims for the form"
        ) from error
    if not isinstance(rows, list) or not rows:
        raise WrongShape("no [[claim]] in it", where=where, remedy="See the packaged claims for the form")
    claims: dict[str, Claim] = {}
    for number, row in enumerate(rows, start=1):
        claim = _claim(row, where=f"{where}, claim {number}")
        if claim.id in claims:
            raise WrongShape(
                f"the id {claim.id!r} stands twice", where=where, remedy="Give each claim its own"
            )
        claims[claim.id] = claim
    return tuple(claims.values())


def _figures_fit(claim: Claim) -> bool:
    """Whether a claim names as many figures, and of such ids, as its test reads."""
    named = len(claim.figures)
    match claim.test:
        case "pairs":
            return named > 0 and named % 2 == 0
        case "starts":
            return named == 2
        case "above":
            return named > 1
        case "band":
            return named > 0 and all(re.fullmatch(r"band(\.\w+){3,4}", figure) for figure in claim.figures)
        case _:
            return named > 0


def _claim(row: Mapping[str, Any], *, where: str) -> Claim:
    """One claim, checked, its figures expanded and its own numbers written into its sentence."""
    try:
        claim = Claim(
            id=str(row["id"]),
            sentence=str(row["sentence"]),
            test=str(row["test"]),
            figures=tuple(figure for pattern in row["figures"] for figure in expand(str(pattern))),
            stated=tuple(float(number) for number in row.get("stated", ())),
            options={str(key): option for key, option in row.get("options", {}).items()},
        )
        Unit(str(claim.options.get("unit", Unit.MONEY)))
        float(claim.options.get("need", 0)), float(claim.options.get("about", 0))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WrongShape(
            f"not a whole claim: {error}", where=where, remedy="See the packaged claims"
        ) from error
    if claim.test not in TESTS:
        raise WrongShape(
            f"no test is called {claim.test!r}", where=where, remedy=f"Known: {', '.join(sorted(TESTS))}"
        )
    if len(claim.stated) != STATED[claim.test]:
        raise WrongShape(
            f"the test {claim.test!r} takes {STATED[claim.test]} stated numbers, not {len(claim.stated)}",
            where=where,
        )
    if not _figures_fit(claim):
        raise WrongShape(f"its figures do not suit the test {claim.test!r}", where=where, remedy=_SHAPES)
    if list(claim.stated) != sorted(claim.stated):
        raise WrongShape("the stated numbers run backwards", where=where, remedy="Put the lower one first")
    sentence = claim.sentence.replace(_IN_SENTENCES, numbers.stated(claim))
    return Claim(
        claim.id, sentence[:1].upper() + sentence[1:], claim.test, claim.figures, claim.stated, claim.options
    )
