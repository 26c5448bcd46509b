"""The labelled postings: ids and what a careful reader wrote down, joined with the library's texts and scored.

The labels hold no text (`tests/decode/data/*_labels.jsonl`). `ashby` ids are posting ids, `linkedin` ids row
numbers (from 0), `hn` and `frontier` ids those of their files; roles and levels go by a hash of source and title.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import reported

from payguide.base.inputs import PayBand, Profile
from payguide.decode.level import read_level
from payguide.decode.pay import read_pay
from payguide.decode.profile import read_profile
from payguide.decode.role import read_role

LABELS = Path(__file__).resolve().parents[1] / "tests" / "decode" / "data"

#: A posting of the library: title, location, text.
Text = tuple[str, str, str]


class Score(NamedTuple):
    """How often one part was read as labelled: `right` of `labelled` postings, `hit` of the `found` statements,
    `hit` of the `said` ones.
    """

    part: str
    right: int
    labelled: int
    hit: int
    found: int
    said: int

    @property
    def exact(self) -> float:
        """The share of the postings read exactly as labelled."""
        return self.right / self.labelled

    @property
    def precision(self) -> float:
        """The share of what was read that the label says too."""
        return self.hit / self.found

    @property
    def recall(self) -> float:
        """The share of what the labels say that was read."""
        return self.hit / self.said


def scores(library: Path) -> list[Score]:
    """One score for each part, in the order of docs/decoding.md.

    Raises:
        KeyError: a labelled posting is not in the library.
    """
    texts = dict(_texts(library))
    titles = _labelled_titles(library)
    roles, levels = _roles_and_levels(titles)
    return [
        _pay(texts), *_silent(texts), roles, _ours(titles), levels, *_parts(texts), _skills(texts), _reported(library)
    ]  # fmt: skip


def ashby_jobs(library: Path) -> Iterator[dict[str, Any]]:
    """Every posting of every Ashby board, as the board gives it."""
    for file in sorted((library / "boards" / "ashby").glob("*.json.gz")):
        with gzip.open(file) as opened:
            yield from json.load(opened)["jobs"]


def _texts(library: Path) -> Iterator[tuple[tuple[str, str], Text]]:
    for job in ashby_jobs(library):
        yield (
            ("ashby", job["id"]),
            (job["title"], job.get("location") or "", job.get("descriptionPlain") or ""),
        )
    with gzip.open(library / "postings" / "linkedin_ml_2024.jsonl.gz", "rt", encoding="utf-8") as opened:
        for number, row in enumerate(map(json.loads, opened)):
            yield ("linkedin", str(number)), (row["title"], row.get("location") or "", row["description"])
    for row in pq.read_table(library / "postings" / "hn_2026.parquet", columns=["id", "text"]).to_pylist():
        yield ("hn", str(row["id"])), ("", "", row["text"] or "")
    for row in pq.read_table(library / "postings" / "frontier_labs_2026.parquet").to_pylist():
        text = (row["title"] or "", row["location"] or "", row["description_raw"] or "")
        yield ("frontier", str(row["id"])), text


def _labels(name: str) -> list[dict[str, Any]]:
    lines = (LABELS / f"{name}_labels.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _pay(texts: dict[tuple[str, str], Text]) -> Score:
    right = hit = found = said = 0
    labels = _labels("pay")
    for label in labels:
        bands = {tuple(band.values()) for band in label["pay"]}
        read = {_band(band) for band in _read(texts, label)}
        right += read == bands
        hit, found, said = hit + len(read & bands), found + len(read), said + len(bands)
    return Score("pay", right, len(labels), hit, found, said)


def _silent(texts: dict[tuple[str, str], Text]) -> Iterator[Score]:
    """Postings that offer no pay: how many of them none was read from."""
    silent = [label for label in _labels("pay") if not label["pay"]]
    right = sum(not _read(texts, label) for label in silent)
    yield Score("no pay", right, len(silent), right, right, len(silent))


def _read(texts: dict[tuple[str, str], Text], label: dict[str, Any]) -> tuple[PayBand, ...]:
    return read_pay(texts[label["source"], label["id"]][2], country=label["country"])[0]


def _band(band: PayBand) -> tuple[object, ...]:
    return (band.low, band.high, band.currency, band.period.value, band.basis.value)


def _labelled_titles(library: Path) -> list[tuple[str, dict[str, Any]]]:
    by_id = {hashlib.sha256(f"{s}|{t}".encode()).hexdigest()[:16]: t for s, t in _all_titles(library)}
    return [(by_id[label["id"]], label) for label in _labels("role_level")]


def _all_titles(library: Path) -> Iterator[tuple[str, str]]:
    """(source, title) of every posting that could have been drawn."""
    yield from (("ashby", job["title"]) for job in ashby_jobs(library))
    for source, name in (("radar", "radar_2026"), ("frontier", "frontier_labs_2026")):
        table = pq.read_table(library / "postings" / f"{name}.parquet", columns=["title"])
        yield from ((source, title) for title in table["title"].to_pylist())
    with gzip.open(library / "postings" / "linkedin_ml_2024.jsonl.gz", "rt", encoding="utf-8") as opened:
        yield from (("linkedin", json.loads(line)["title"]) for line in opened)
    with (library / "postings" / "fast_ai_2025.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        column = next(name for name in reader.fieldnames or () if "itle" in name or "ole" in name)
        yield from (("fast_ai", row[column]) for row in reader)


def _roles_and_levels(titles: list[tuple[str, dict[str, Any]]]) -> tuple[Score, Score]:
    roles = [(str(read_role(title)), label["role"]) for title, label in titles if label["role"]]
    levels = [(str(read_level(title)), label["level"]) for title, label in titles if label["level"]]
    return _categorical("role", roles, "other"), _categorical("level", levels, "unstated")


def _ours(titles: list[tuple[str, dict[str, Any]]]) -> Score:
    """`ml_engineer` alone: its precision and recall among the roles."""
    titles = [pair for pair in titles if pair[1]["role"]]
    pairs = [(read_role(title) == "ml_engineer", label["role"] == "ml_engineer") for title, label in titles]
    hit = sum(read and said for read, said in pairs)
    right = sum(read == said for read, said in pairs)
    return Score("ml_engineer", right, len(pairs), hit, sum(r for r, _ in pairs), sum(s for _, s in pairs))


def _categorical(part: str, pairs: Iterable[tuple[Any, Any]], nothing: object) -> Score:
    """A part with one value; `nothing` is the value of what says nothing, which is no statement."""
    pairs = list(pairs)
    hit = sum(read == said != nothing for read, said in pairs)
    found = sum(read != nothing for read, _ in pairs)
    said = sum(said != nothing for _, said in pairs)
    return Score(part, sum(read == said for read, said in pairs), len(pairs), hit, found, said)


def _parts(texts: dict[tuple[str, str], Text]) -> Iterator[Score]:
    read = [(_profile(texts, label), label) for label in _labels("part")]
    placed = [(_place(profile), label["place"]) for profile, label in read if "place" in label]
    yield _categorical("place", placed, ["", "", "", ""])
    american = [(place[3], said[3]) for place, said in placed if said[2] == "US"]
    yield _categorical("metro", american, "")
    yield _categorical("remote", ((str(p.remote), label["remote"]) for p, label in read), "unstated")
    years = (([p.years_min, p.years_max], label["years"]) for p, label in read)
    yield _categorical("years", years, [None, None])
    degrees = (([p.degree.required, p.degree.preferred], label["degree"]) for p, label in read)
    yield _categorical("degree", degrees, [None, None])


def _profile(texts: dict[tuple[str, str], Text], label: dict[str, Any]) -> Profile:
    title, location, text = texts[label["source"], label["id"]]
    return read_profile(title=title, location=location, text=text)


def _place(profile: Profile) -> list[str]:
    place = profile.place
    return [place.city, place.region, place.country, place.metro]


def _reported(library: Path) -> Score:
    """The cases reported of readings that were wrong."""
    return _categorical("reported cases", map(reported.reading, reported.cases(library)), {})


def _skills(texts: dict[tuple[str, str], Text]) -> Score:
    """Skills; one that no label judges is left out."""
    right = hit = found = said = count = 0
    for label in _labels("part"):
        if "skills" not in label:
            continue
        read, true, false = set(_profile(texts, label).skills), set(label["skills"]), set(label["not_skills"])
        count, right = count + 1, right + (read & (true | false) == true)
        hit, found = hit + len(read & true), found + len(read & (true | false))
        said += len(true)
    return Score("skills", right, count, hit, found, said)
