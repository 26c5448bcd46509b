"""`payguide decode`: JSONL postings in, JSONL readings out, order kept."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import Annotated, NamedTuple

from cyclopts import Parameter
from cyclopts.validators import Number

from payguide.base.workers import begin_worker, begun_in_peace, drawn_ahead
from payguide.serve.cli import console
from payguide.serve.cli.json_shapes import posting_line
from payguide.serve.cli.jsonl import STDIN, Source, complain_of, lines_of

#: Lines handed to a worker at a time: enough to hide the hand-over, little enough to keep memory constant.
CHUNK = 128


def decode(source: Source = STDIN, /, *, jobs: Annotated[int, Parameter(validator=Number(gte=1))] = 1) -> int:
    """Read postings: one JSON object a line in, one a line out, in the same order.

    In: {"id", "title", "text" or "html", "location"?, "employer"?}. Out: role, level, years, degree, remote,
    place, skills, pay bands with their spans, warnings. A malformed line is reported with its number, the
    rest is decoded, and the exit code is 3.
    Example: `payguide decode postings.jsonl --jobs 2 > read.jsonl`

    Parameters
    ----------
    source
        A JSONL file, or - for standard input.
    jobs
        How many processes read at once, from 1.
    """
    started = time.perf_counter()
    seen: Counter[str] = Counter()
    number = 0
    with console.progress() as tick:
        for read in _decoded(lines_of(source), jobs):
            console.emit_lines(read.written)
            for line, problem in read.problems:
                complain_of(number + line, problem)
            number += read.lines
            seen.update(read.seen)
            tick("decoding", number, None)
    rate = seen["postings"] / max(time.perf_counter() - started, 1e-9)
    console.note(
        f"{seen['postings']:,} postings, {seen['with pay']:,} with pay, {seen['with warnings']:,} with "
        f"warnings, {seen['malformed lines']:,} malformed; {rate:,.0f} a second"
    )
    return 3 if seen["malformed lines"] else 0


class Read(NamedTuple):
    """A chunk decoded: its output, (line within it, problem) of its malformed lines, and what was seen."""

    written: list[bytes]
    problems: list[tuple[int, str]]
    seen: dict[str, int]
    lines: int


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    stream = iter(lines)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _read_chunk(chunk: list[bytes]) -> Read:
    out: list[bytes] = []
    problems: list[tuple[int, str]] = []
    for number, line in enumerate(chunk, start=1):
        written, problem = posting_line(line)
        if problem:
            problems.append((number, problem))
        elif written:
            out.append(written)
    seen = {
        "postings": len(out),
        "with pay": sum(b'"pay":[{' in written for written in out),
        "with warnings": sum(b'"warnings":["' in written for written in out),
        "malformed lines": len(problems),
    }
    return Read(out, problems, seen, len(chunk))


def _decoded(lines: Iterable[bytes], jobs: int) -> Iterator[Read]:
    """Every input line, in order, a chunk at a time."""
    _collect_seldom()
    chunks = _chunks(lines)
    # the first chunk loads the vocabularies, which the workers then share
    yield from map(_read_chunk, islice(chunks, 1))
    gc.freeze()
    if jobs <= 1:
        yield from map(_read_chunk, chunks)
        return
    pool = ProcessPoolExecutor(jobs, initializer=begin_worker, initargs=(os.getpid(),))

    def begun(chunk: list[bytes]) -> Future[Read]:
        with begun_in_peace():
            return pool.submit(_read_chunk, chunk)

    try:
        # a bounded queue keeps memory constant in the input's length
        for read in drawn_ahead(map(begun, chunks), 4 * jobs):
            yield read.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _collect_seldom() -> None:
    """Let the cycle collector look seldom: readings hold no cycles."""
    gc.set_threshold(100_000)
