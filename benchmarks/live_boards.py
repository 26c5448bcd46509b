"""Live boards end to end: asked of a server on loopback under a host name each, decoded, landed; and all of it again.

`python benchmarks/live_boards.py LIBRARY [COPIES]`: the postings of the library's recorded boards are served in the
shape of Recruitee's answers, each board under its own name and COPIES times over, without TLS and crawl delays. The
server is a process of its own on the same machine.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpcore2

from payguide.collect.client import Client
from payguide.collect.wish import Wish
from payguide.evidence.store import Store
from payguide.pipeline import collection, live_boards


def offer(job: dict[str, Any], board: str) -> dict[str, Any]:
    """A posting in the shape of Recruitee's, with an id of this board's alone."""
    return {
        "id": f"{board}-{job['id']}",
        "title": job["title"],
        "status": "published",
        "careers_url": f"https://{board}.recruitee.com/o/{job['id']}",
        "locations": [{"name": job.get("location") or ""}],
        "published_at": job.get("publishedAt"),
        "description": job.get("descriptionHtml") or "",
    }


def answers(library: Path, copies: int) -> dict[str, bytes]:
    """The answer of each board."""
    found = {}
    for number, path in enumerate(sorted((library / "boards/ashby").glob("*.json.gz"))):
        jobs = json.loads(gzip.decompress(path.read_bytes()))["jobs"]
        for copy in range(copies):
            board = f"b{number}-{copy}"
            found[board] = json.dumps({"offers": [offer(job, board) for job in jobs]}).encode()
    return found


def serve(library: Path, copies: int, told: Connection) -> None:
    """Answer until the parent ends; `told` gets the port, and the postings of all boards."""
    boards = answers(library, copies)

    class Boards(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = boards.get(self.headers["Host"].partition(".")[0]) if "offers" in self.path else None
            tag = f'"{hashlib.sha256(body or b"").hexdigest()[:16]}"'
            unchanged = self.headers.get("If-None-Match") == tag
            self.send_response(404 if body is None else 304 if unchanged else 200)
            self.send_header("ETag", tag)
            self.send_header("Cache-Control", "max-age=0")
            self.end_headers()
            if body is not None and not unchanged:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Boards)
    told.send(
        (server.server_port, list(boards), sum(len(json.loads(body)["offers"]) for body in boards.values()))
    )
    server.serve_forever()


class Loopback(httpcore2.SyncBackend):
    """Every connection goes to the server, whatever was looked up, and without TLS."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port

    def connect_tcp(self, host: str, port: int, *more: Any, **named: Any) -> httpcore2.NetworkStream:
        return _Plain(super().connect_tcp("127.0.0.1", self.port, *more, **named))


class _Plain(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self.read, self.write, self.close = inner.read, inner.write, inner.close  # type: ignore[method-assign]

    def start_tls(self, *_: object, **__: object) -> httpcore2.NetworkStream:
        return self

    def get_extra_info(self, info: str) -> Any:
        return None


def run(
    port: int, boards: Sequence[str], evidence: Path, wish: Wish
) -> tuple[float, float, collection.Collected]:
    """The seconds of the clock and of all processors that a run takes, and what it came to."""
    client = Client(backend=Loopback(port), resolve=lambda *_: ["93.184.216.34"])
    began, used = time.perf_counter(), processor()
    found = collection.collect([f"recruitee:{board}" for board in boards], evidence, map_name=None, retrieved=None,
                               tick=lambda *_: None, wish=wish, client=client)  # fmt: skip
    return time.perf_counter() - began, processor() - used, found


def processor() -> float:
    """Seconds of processors of this process and those that it began and that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    library, copies = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(library, copies, there), daemon=True)
    server.start()
    port, boards, count = here.recv()
    print(f"{len(boards):,} boards under a host name each, {count:,} postings")
    with tempfile.TemporaryDirectory() as folder:
        evidence = Path(folder) / "evidence"
        for what, wish in (
            ("first", Wish()),
            ("again", Wish()),
            ("again, 32 workers", replace(Wish(), workers=32)),
        ):
            seconds, used, found = run(port, boards, evidence, wish)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            added = found.appended
            print(f"{what}: {seconds:.1f} s ({count / seconds:,.0f} postings/s), {used:.1f} s of processors, "
                  f"{peak} MB; {added.postings_new:,} postings, statements {added.observations_new:,} new")  # fmt: skip
        standing = live_boards.standing(evidence)
        print(f"{len(standing):,} boards with open postings after run {Store.open(evidence).number}")


if __name__ == "__main__":
    main()
