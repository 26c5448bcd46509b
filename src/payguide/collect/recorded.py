"""Recorded job-board answers: one Document a posting, one Rejection a broken file, the rest goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from payguide.base.errors import InputError
from payguide.base.inputs import Document, Rejection, SourceCard
from payguide.collect import cards
from payguide.collect.files import (
    Fault,
    canonical,
    looks_like_html,
    parse_json,
    parse_json_file,
    read_bytes,
)
from payguide.collect.long_json import AT_ONCE
from payguide.collect.recognise_board import MEDIA_TYPES, Board, recognise_board
from payguide.collect.structured_data import job_postings

_SUFFIXES: Final = (".json", ".json.gz")


def recorded(place: Path, retrieved: date | None) -> Iterator[Document | Rejection]:
    """The postings of a recorded answer, or of every `*.json` and `*.json.gz` under a folder, by name.

    Raises:
        InputError: there is no such place, or the folder holds no recorded answer.
        UnreadableFile, WrongShape: a single file was asked for and it is broken.
    """
    if place.is_dir():
        # what is there by such a name but is no file is refused like a broken one
        files = [p for p in sorted(place.rglob("*")) if p.name.lower().endswith(_SUFFIXES) and not p.is_dir()]
        if not files:
            remedy = "a recorded answer's name ends in .json or .json.gz"
            raise InputError("the folder holds no recorded answer", where=str(place), remedy=remedy)
        yield from recorded_files(files, retrieved)
        return
    board = read_board(place)
    if isinstance(board, Fault):
        raise board.error(str(place))
    yield from postings(board, retrieved, place.name)


def recorded_files(
    files: Iterable[Path], retrieved: date | None, *, origin: str = "", licence: str = ""
) -> Iterator[Document | Rejection]:
    """The postings of several recorded answers; a broken one is refused and the rest goes on."""
    for path in files:
        board = read_board(path)
        if isinstance(board, Fault):
            yield board.rejection(path.name, "recorded")
        else:
            yield from postings(board, retrieved, path.name, origin=origin, licence=licence)


def read_board(path: Path) -> Board | Fault:
    """One recorded answer.

    Raises:
        InputError: there is no such file.
    """
    content = read_bytes(path, AT_ONCE)
    if isinstance(content, Fault) and content.rule != "too_large":
        return content
    if isinstance(content, Fault):
        value = parse_json_file(path)
    elif looks_like_html(content) and (jobs := tuple(job_postings(content))):
        return Board("jobposting", "", jobs)
    else:
        value = parse_json(content)
    return value if isinstance(value, Fault) else recognise_board(value, stem_of(path))


def stem_of(path: Path) -> str:
    """The file's name without .json, .json.gz: the employer of a recorded board."""
    return path.name.removesuffix(".gz").removesuffix(".json")


def postings(
    board: Board, retrieved: date | None, name: str, *, origin: str = "", licence: str = ""
) -> Iterator[Document | Rejection]:
    """One Document a posting (or one for a whole discussion thread).

    Without `retrieved` an answer counts as recorded on the day of its newest posting: never "now", so that
    reading it next year gives the same evidence.
    """
    if not len(board.jobs):
        return
    day = retrieved or board.newest
    if day is None:
        remedy = "say when the answer was recorded: --retrieved YYYY-MM-DD"
        yield Rejection("no_date", f"no posting of the board has a date; {remedy}", name, board.source)
        return
    card = cards.card(board.source, day, origin=origin, licence=licence)
    if board.source == "hn_2026":
        lines = b"\n".join(canonical(job) for job in board.jobs if isinstance(job, Mapping))
        yield Document(lines, MEDIA_TYPES[board.source], card, name)
        return
    for index, job in enumerate(board.jobs):
        yield _posting(board, job, card, f"{name}[{index}]")


def _posting(board: Board, job: Any, card: SourceCard, where: str) -> Document | Rejection:
    if not isinstance(job, Mapping):
        found = f"a posting that is {type(job).__name__}, not an object"
        return Rejection("unknown_posting_shape", found, where, board.source)
    body = job if board.source == "jobposting" else {"board": board.employer, "job": job}
    try:
        return Document(canonical(body), MEDIA_TYPES[board.source], card, where)
    except RecursionError:
        return Rejection("unknown_posting_shape", "a posting that is nested too deeply", where, board.source)
