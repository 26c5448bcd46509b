"""Evidence with planted values: public boards, and files of one's own in which every value is unmistakable.

What is planted is searched for in everything that is written anywhere, in whatever form it is kept there.
"""

from __future__ import annotations

import io
import random
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from ahocorasick_rs import AhoCorasick

from payguide.base.codes import LADDER, Component, Confidentiality, EvidenceKind, Period, Role
from payguide.base.inputs import (
    Document,
    Employer,
    Observation,
    Place,
    Posting,
    Profile,
    Reading,
    Rejection,
    SourceCard,
)
from payguide.evidence.store import Item
from test_killed import boards

#: How a file of `id,title,who,place,seen,base,total` is read.
OWN_MAP = """
rows = "statements"
date_formats = ["%Y-%m-%d"]
[columns]
id = "id"
title = "title"
employer = "who"
location = ["place"]
date = "seen"
[constants]
period = "year"
currency = "USD"
[amounts.base]
column = "base"
[amounts.total]
column = "total"
"""

TITLES = (
    "Senior Machine Learning Engineer",
    "ML Engineer II",
    "Staff ML Engineer",
    "Junior ML Engineer",
    "MLOps Engineer",
)
PLACES = ("San Francisco, CA", "New York, NY", "Seattle, WA", "Austin, TX")


@dataclass(frozen=True)
class Own:
    """A file of one's own with its map, as `collect` is given them, and what stands in it and nowhere else."""

    spec: str
    map: Path
    source: str
    planted: tuple[str, ...]
    lines: int

    @property
    def arguments(self) -> tuple[str, ...]:
        return (self.spec, "--map", str(self.map))


def own_file(folder: Path, kind: str, dice: random.Random, *, employers: int, lines: int) -> Own:
    """A payroll or survey of so many employers, the first with most of the lines, some of which break a rule."""
    folder.mkdir(parents=True, exist_ok=True)
    word = "".join(dice.choices("bcdfghjklmnpqrstvwxz", k=9))
    names = [f"Zq{word}{n} Holdings" for n in range(employers)]
    planted = [word]
    rows = ["id,title,who,place,seen,base,total"]
    for line in range(lines):
        base = dice.randrange(91_000, 390_000) * 1000 // 997 + 0.37
        total = base * 1.31
        # what is wrong lands in quarantine and among the refused: its words are nobody's business either
        pay = dice.choice([f"{base:.2f}"] * 8 + [f"-{base:.2f}", f"{word}-pay", "12017.59"])
        who = names[0] if line < lines * 0.7 else names[line % employers]
        title = f"{dice.choice(TITLES)}, Zt{word}{line}"
        rows.append(
            f'zi{word}{line},"{title}",{who},"{dice.choice(PLACES)}",2026-0{dice.randrange(1, 7)}-11,{pay},{total:.2f}'
        )
        planted += [f"{base:.2f}", f"{total:.2f}"]
    table, own_map = folder / f"zf{word}-{kind}.csv", folder / f"zm{word}.toml"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    own_map.write_text(OWN_MAP, encoding="utf-8")
    return Own(f"{kind}:{table}", own_map, own_map.stem, tuple(planted), lines)


def public_boards(folder: Path, many: int = 30) -> str:
    """Job boards that anybody can read, of so many employers, as `collect` is given them."""
    for extra in sorted((boards(folder) / "ashby").iterdir())[many:]:
        extra.unlink()
    return f"recorded:{folder}"


def words_of(path: Path) -> str:
    """All that a file says: its bytes as text, what is compressed in it, and every value of a table."""
    content = path.read_bytes()
    texts = [content.decode("utf-8", "replace")]
    if content.startswith(b"PAR1") and content.endswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(content))
        texts += [" ".join(map(str, _values(column))) for column in table.columns]
        texts.append(str(pq.read_metadata(io.BytesIO(content)).to_dict()))
    texts += [part.decode("utf-8", "replace") for part in _inflated(content)]
    return "\n".join(texts)


def _values(column: pa.ChunkedArray) -> Iterator[object]:
    for value in column.to_pylist():
        yield from _flat(value)


def _flat(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _flat(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)
    elif value is not None:
        yield value


def _inflated(content: bytes) -> Iterator[bytes]:
    """Streams of PNG and the like: whatever begins as zlib does."""
    if content.startswith(b"\x89PNG"):
        for found in re.finditer(rb"\x78[\x01\x9c\xda]", content):
            try:
                yield zlib.decompressobj().decompress(content[found.start() :])
            except zlib.error:
                continue


def leaked(planted: Iterable[str], texts: Iterable[tuple[str, str]]) -> list[str]:
    """Where what is planted stands, in any of its spellings: `name: value`."""
    forms = {form: value for value in planted for form in _spelt(value)}
    search, spelt = AhoCorasick(list(forms)), list(forms)
    return [
        f"{name}: {forms[spelt[which]]}"
        for name, text in texts
        for which in sorted(
            {found for found, *_ in search.find_matches_as_indexes(text.lower(), overlapping=True)}
        )
    ]


def _spelt(value: str) -> tuple[str, ...]:
    """A word as it stands; an amount with its cents, for without them public pay may say as much."""
    try:
        amount = float(value)
    except ValueError:
        return (value.lower(),)
    return (f"{amount:.2f}", f"{amount:,.2f}")


def written(*folders: Path) -> list[tuple[str, str]]:
    """Every file below some folders, with all that it says."""
    return [
        (str(path), words_of(path))
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ] + [(f"name of {path}", path.name) for folder in folders for path in folder.rglob("*")]


@dataclass(frozen=True)
class Release:
    """What comes in at once: what is public, what is one's own, and what stands in that only."""

    public: list[Item]
    own: list[Item]
    planted: list[str]


def random_release(dice: random.Random, number: int) -> Release:
    """Postings of a board and self-reports of a survey; and beside them files of one's own of every kind."""
    word = "".join(dice.choices("bcdfghjklmnpqrstvwxz", k=9))
    public = [
        _read(dice, "board", EvidenceKind.POSTED_RANGE, Confidentiality.PUBLIC, number, 12, ""),
        _read(dice, "answers", EvidenceKind.SELF_REPORT, Confidentiality.PUBLIC, number, 12, ""),
    ]
    own = [
        _read(dice, f"{word}{kind}", kind, Confidentiality.CONFIDENTIAL, number, dice.randrange(1, 20), word)
        for kind in (
            EvidenceKind.PAYROLL,
            EvidenceKind.SELF_REPORT,
            EvidenceKind.POSTED_RANGE,
            EvidenceKind.FILING,
        )
        if number == 1 or dice.random() < 0.4
    ]
    return Release(public, own, [word])


def _read(
    dice: random.Random,
    source: str,
    kind: EvidenceKind,
    secrecy: Confidentiality,
    number: int,
    n: int,
    word: str,
) -> Item:
    """A document of n statements: of planted employers, or of those that everybody states."""
    card = SourceCard(
        source, f"{word} title", f"{word} origin", "none", kind, date(2026, 6, 1), confidentiality=secrecy
    )
    document = Document(f"{source}{number}{word}".encode(), "text/plain", card, f"{word}{number}.csv")
    observations, postings = [], []
    for line in range(n):
        employer = f"{word}-holdings" if word and dice.random() < 0.5 else f"employer-{dice.randrange(9)}"
        low = dice.randrange(100, 300) * 1000.0
        profile = Profile(
            role=Role.ML_ENGINEER, level=dice.choice(list(LADDER)), title=f"{word} ML Engineer", grade=word,
            years_min=dice.choice([None, 2.0, 5.0, 8.0]), place=Place("", "CA", "US", "41860"),
            employer=Employer(employer, employer.title()), skills=("pytorch",),
        )  # fmt: skip
        made = Observation(
            source, kind, f"{word}{number}-{line}", profile, Component.BASE, low, low * dice.choice([1.0, 1.2]), "USD",
            Period.YEAR, date(2026, 5, 1), confidentiality=secrecy, sha256=document.sha256, quote=word,
        )  # fmt: skip
        # every fifth breaks the contract, and lies in quarantine
        observations.append(replace(made, low=5.0, high=6.0) if line % 5 == 4 else made)
        if kind is EvidenceKind.POSTED_RANGE:
            postings.append(Posting(
                made.record, profile, source=source, sha256=document.sha256, has_text=True, date=made.date
            ))  # fmt: skip
    refused = Rejection("no_amount", f"{word} pays nothing", document.name, source, document.sha256)
    return document, Reading(tuple(observations), tuple(postings), (refused,))
