"""`payguide decode`: JSONL postings in, JSONL readings out, order kept."""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice

from payguide.serve.cli import screen
from payguide.serve.cli.lines import complain_of, lines_of
from payguide.serve.cli.shapes import posting_line

#: Lines handed to a worker at a time: enough to hide the hand-over, little enough to keep memory constant.
CHUNK = 256
#: Lines read before there are workers.
FIRST = 64


def decode(source: str = "-", /, *, jobs: int = 1) -> int:
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
        How many processes read at once.
    """
    started = time.perf_counter()
    seen: Counter[str] = Counter()
    with screen.progress() as tick:
        for number, (line, problem) in enumerate(_decoded(lines_of(source), jobs), start=1):
            if problem:
                complain_of(number, problem)
                seen["malformed lines"] += 1
            elif line:
                sys.stdout.write(line)
                seen["postings"] += 1
                seen["with pay"] += '"pay":[{' in line
                seen["with warnings"] += '"warnings":["' in line
            if number % CHUNK == 0:
                tick("decoding", number, None)
    rate = seen["postings"] / max(time.perf_counter() - started, 1e-9)
    screen.note(
        f"{seen['postings']:,} postings, {seen['with pay']:,} with pay, {seen['with warnings']:,} with "
        f"warnings, {seen['malformed lines']:,} malformed; {rate:,.0f} a second"
    )
    return 3 if seen["malformed lines"] else 0


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    stream = iter(lines)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _read_chunk(chunk: list[bytes]) -> list[tuple[str, str]]:
    return [posting_line(line) for line in chunk]


def _decoded(lines: Iterable[bytes], jobs: int) -> Iterator[tuple[str, str]]:
    """(output line, "") or ("", problem) for every input line; ("", "") for a blank one."""
    stream = iter(lines)
    # the first lines load the vocabularies, which the workers then share
    yield from map(posting_line, islice(stream, FIRST))
    _collect_seldom()
    if jobs <= 1:
        yield from map(posting_line, stream)
        return
    with ProcessPoolExecutor(jobs, initializer=_collect_seldom) as pool:
        pending: deque[Future[list[tuple[str, str]]]] = deque()
        for chunk in _chunks(stream):
            pending.append(pool.submit(_read_chunk, chunk))
            # a bounded queue keeps memory constant in the input's length
            if len(pending) > 4 * jobs:
                yield from pending.popleft().result()
        for future in pending:
            yield from future.result()


def _collect_seldom() -> None:
    """Let the cycle collector pass over the vocabularies, and look seldom: readings hold no cycles."""
    gc.freeze()
    gc.set_threshold(100_000)
