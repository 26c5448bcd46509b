"""How fast `payguide decode` reads, and in how much memory: `python benchmarks/decode_speed.py path/to/library`

Reads the library's Ashby postings, as plain text and as HTML, every process on its own and in the same run:

- postings a second and core, start-up included and (from two lengths of input) without;
- the gain of `--jobs 2`;
- the peak memory for one and for four times the input, which must be the same;
- beside it what general price readers take for the pay alone, where they are installed (`pip install price-parser
  python-jobspy`). Neither reads anything else, and the share of the labelled postings that each gets right is shown.

Ratios hold on any machine, seconds do not.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

TIMES = 4


class Run(NamedTuple):
    """One process: wall seconds, CPU seconds of it and its children, peak MiB of the largest of them."""

    wall: float
    cpu: float
    peak: float


def postings(library: Path) -> list[dict[str, str]]:
    """The library's Ashby postings with both forms of their text."""
    jobs: list[dict[str, str]] = []
    for file in sorted((library / "boards" / "ashby").glob("*.json.gz")):
        with gzip.open(file) as opened:
            jobs += json.load(opened)["jobs"]
    return jobs


def write(path: Path, jobs: list[dict[str, str]], form: str, field: str, times: int) -> None:
    """The postings as `payguide decode` takes them."""
    with path.open("w", encoding="utf-8") as file:
        for _ in range(times):
            for job in jobs:
                row = {"id": job["id"], "title": job["title"], form: job.get(field) or ""}
                file.write(json.dumps(row | {"location": job.get("location")}) + "\n")


def decode(path: Path, *options: str) -> Run:
    """Decode a file in a process of its own."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "payguide", "decode", str(path), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    return Run(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def show(form: str, jobs: list[dict[str, str]], folder: Path, field: str) -> None:
    """Measure one form of the text."""
    short, long = folder / f"{form}1.jsonl", folder / f"{form}{TIMES}.jsonl"
    write(short, jobs, form, field, 1)
    write(long, jobs, form, field, TIMES)
    size = sum(len(job.get(field) or "") for job in jobs) / len(jobs)
    decode(short)  # warms the disk
    one, four, two = decode(short), decode(long), decode(long, "--jobs", "2")
    count = len(jobs) * TIMES
    print(f"{form}: {count:,} postings, {size:,.0f} characters on average")
    running = (count - len(jobs)) / (four.cpu - one.cpu)
    print(f"  {count / four.cpu:8,.0f} a second and core, {running:,.0f} after start-up")
    print(f"  {four.wall / two.wall:8.2f} times as fast with --jobs 2")
    print(f"  {four.peak:8,.0f} MiB at the peak; {one.peak:,.0f} MiB for a quarter of the input")


def peers() -> dict[str, Callable[[str], object]]:
    """The price readers that are installed: each takes a text and gives what it found."""
    found: dict[str, Callable[[str], object]] = {}
    for module, reader in (("price_parser", "parse_price"), ("jobspy.util", "extract_salary")):
        try:
            found[module] = getattr(importlib.import_module(module), reader)
        except ImportError:
            print(f"{module}: not installed")
    return found


def show_peers(jobs: list[dict[str, str]]) -> None:
    """Time the peers on the plain texts, and our pay reader beside them."""
    ours = importlib.import_module("payguide.decode.pay").read_pay
    texts = [job.get("descriptionPlain") or "" for job in jobs]
    for name, reader in {"payguide (pay alone)": ours, **peers()}.items():
        began = time.process_time()
        for text in texts:
            reader(text)
        print(f"{name}: {len(texts) / (time.process_time() - began):,.0f} texts a second")


def main() -> None:
    """Measure and print."""
    jobs = postings(Path(sys.argv[1]))
    with tempfile.TemporaryDirectory() as folder:
        show("text", jobs, Path(folder), "descriptionPlain")
        show("html", jobs, Path(folder), "descriptionHtml")
    show_peers(jobs)


if __name__ == "__main__":
    main()
