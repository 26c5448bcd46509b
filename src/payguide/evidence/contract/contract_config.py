"""The terms of the contract: the packaged bounds (contract.toml), or a user's own merged over them.

A user's file has the shape of the packaged one and says only what differs. A key that it gives replaces the
packaged one; an entry of `bounds` replaces, key by key, the one of the same currency and countries, and any other
is tried before the packaged ones. What is not of that shape is refused with the name of the key.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any, Final

from payguide.base.errors import InputError, UnreadableFile
from payguide.base.text import decode_text

RuleBounds = Mapping[str, Any]

_REMEDY: Final = "docs/quarantine.md shows the shape of a contract; give only the keys that differ"


@dataclass(frozen=True, slots=True)
class Contract:
    """What statements are judged by. `name` and `text` are those of a user's file; both are empty when the
    packaged contract counts alone.
    """

    terms: RuleBounds
    name: str = ""
    text: str = ""

    @property
    def sha256(self) -> str:
        """The hash of the user's text; empty for the packaged contract."""
        return hashlib.sha256(self.text.encode()).hexdigest() if self.text else ""

    def __str__(self) -> str:
        """For messages: `my-contract.toml (sha256 0123456789ab)`."""
        return f"{self.name} (sha256 {self.sha256[:12]})" if self.text else "the packaged contract"


@cache
def settings() -> dict[str, Any]:
    """The packaged terms."""
    return tomllib.loads(Path(__file__).with_name("contract.toml").read_text(encoding="utf-8"))


@cache
def packaged() -> Contract:
    """The packaged contract."""
    return Contract(settings())


def read(path: Path) -> Contract:
    """A user's contract, merged over the packaged one.

    Raises:
        InputError: the file is missing, or a key is none of the contract's or is not what it should be.
        UnreadableFile: the file is no TOML.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"the contract cannot be read: {error}", where=str(path)) from error
    return merged(decode_text(content, where=str(path)), path.name, where=str(path))


def merged(text: str, name: str, *, where: str = "") -> Contract:
    """The packaged contract with the terms of a user's text over it; the packaged one if it says nothing.

    Raises:
        InputError: a key is none of the contract's or is not what it should be.
        UnreadableFile: the text is no TOML.
    """
    where = where or name
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(f"the contract is no TOML: {error}", where=where, remedy=_REMEDY) from error
    if not own:
        return packaged()
    terms = {part: settings()[part] for part in settings()}
    for part, value in own.items():
        _demand(part in terms, part, "is no part of a contract", where)
        terms[part] = _bounds(value, where) if part == "bounds" else _values(part, value, where)
    _agreeing(terms, own.get("bounds", []), where)
    return Contract(terms, name, text)


def _demand(met: bool, key: str, problem: str, where: str) -> None:
    if not met:
        raise InputError(f"{key} {problem}", where=where, remedy=_REMEDY)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _are_words(value: object, length: int) -> bool:
    """Whether it is a list of words of so many capital letters."""
    return isinstance(value, list) and all(_is_word(word, length) for word in value)


def _is_word(value: object, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and value.isascii() and value.isupper()


def _is_ratio(value: Any) -> bool:
    return _is_number(value) and value >= 1


def _is_count(value: Any) -> bool:
    return _is_number(value) and isinstance(value, int) and value >= 0


def _is_span(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(map(_is_number, value))
        and 0 <= value[0] < value[1]
    )


#: What each key holds: a test of it, and the words for a message.
_DAY: Final = (_is_day, "a date such as 1990-01-01")
_KEYS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "range.widest_ratio": (_is_ratio, "a number of at least 1"),
    "dates.first": _DAY,
    "dates.last": _DAY,
    "dates.days_ahead": (_is_count, "a whole number of days, 0 or more"),
    "currencies.codes": (lambda value: _are_words(value, 3), 'a list of currency codes such as ["USD"]'),
    "employers.unnamed_sources": (
        lambda value: isinstance(value, list) and all(isinstance(word, str) and word for word in value),
        'a list of names of sources such as ["my_list"]',
    ),
    "bounds.currency": (lambda value: _is_word(value, 3), 'a currency code such as "USD"'),
    "bounds.countries": (
        lambda value: isinstance(value, list) and _are_words([v for v in value if v != ""], 2),
        'a list of country codes such as ["US", ""]',
    ),
    "bounds.base": (_is_span, "the lowest and the highest annual base pay, such as [15_000, 2_000_000]"),
    "bounds.most": (lambda value: _is_number(value) and value > 0, "a number above 0"),
}


def _checked(key: str, name: str, value: object, where: str) -> object:
    _demand(key in _KEYS, name, "is no key of a contract", where)
    fits, wanted = _KEYS[key]
    _demand(fits(value), name, f"must be {wanted}, not {value!r}", where)
    return value


def _values(part: str, own: Any, where: str) -> dict[str, Any]:
    _demand(isinstance(own, dict), part, f"must be a table, written [{part}]", where)
    packed: dict[str, Any] = settings()[part]
    given = {key: _checked(f"{part}.{key}", f"{part}.{key}", value, where) for key, value in own.items()}
    return packed | given


def _bounds(own: Any, where: str) -> list[dict[str, Any]]:
    """The packaged bounds with the user's in their places, those of no packaged one first."""
    _demand(
        isinstance(own, list) and all(isinstance(entry, dict) for entry in own),
        "bounds",
        "must be a list of tables, each written [[bounds]]",
        where,
    )
    known = {_identity(entry): entry for entry in settings()["bounds"]}
    first: dict[tuple[str, frozenset[str] | None], dict[str, Any]] = {}
    for number, entry in enumerate(own, start=1):
        at = f"bounds[{number}]"
        given = {key: _checked(f"bounds.{key}", f"{at}.{key}", value, where) for key, value in entry.items()}
        _demand("currency" in given, f"{at}.currency", "is missing", where)
        identity = _identity(given)
        held = known if identity in known else first
        whole = held.get(identity, {}) | given
        for key in ("base", "most"):
            _demand(key in whole, f"{at}.{key}", "is missing", where)
        _demand(whole["base"][1] <= whole["most"], f"{at}.most", "is below the highest base", where)
        held[identity] = whole
    return [*first.values(), *known.values()]


def _identity(entry: Mapping[str, Any]) -> tuple[str, frozenset[str] | None]:
    countries = entry.get("countries")
    return entry["currency"], None if countries is None else frozenset(countries)


def _agreeing(terms: RuleBounds, own: list[RuleBounds], where: str) -> None:
    """What keys must say together; `own` are the bounds that the user gave."""
    _demand(terms["dates"]["first"] <= terms["dates"]["last"], "dates.first", "is after dates.last", where)
    codes = frozenset(terms["currencies"]["codes"])
    for number, entry in enumerate(own, start=1):
        known = entry["currency"] in codes
        _demand(known, f"bounds[{number}].currency", "is not among currencies.codes", where)
