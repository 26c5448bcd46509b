"""What comes in is bounded: in time, in bytes on the wire and unpacked, in memory."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import stamina

from fake_net import Asked, FakeNet, Reply, redirect
from payguide.base.errors import InputError, SourceUnavailable, WrongShape
from payguide.base.inputs import Document, Rejection
from payguide.collect import boards
from payguide.collect.client import Client
from payguide.collect.files import Fault, read_bytes
from payguide.collect.sources import documents

DAY = date(2026, 11, 1)
SECONDS = 0.25


# -- time --------------------------------------------------------------------------------------------------------------

#: what a server sends first, and then a byte of this at a time, for ever
DRIPS = {
    "nothing": (b"", b""),
    "a status line": (b"", b"HTTP/1.1 200 " + b"O" * 9999),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X-Filler: a\r\n"),
    "one header": (b"HTTP/1.1 200 OK\r\nX-Filler: ", b"a"),
    "informational answers": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "a body": (b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n", b"[ ]"),
    "a body without an end": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a chunk's size": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"0"),
    "gzip": (
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"")[:10],
        b"\0\0\0\xff\xff",
    ),
}


@contextmanager
def dripping(first: bytes, drops: bytes) -> Iterator[int]:
    """A server on loopback that drips for three seconds at most; the port."""
    stop = threading.Event()

    def serve(listener: socket.socket) -> None:
        end = time.monotonic() + 3
        while not stop.is_set() and time.monotonic() < end:
            try:
                connection, _ = listener.accept()
            except OSError:
                continue
            with connection:
                try:
                    connection.sendall(first)
                    for drop in itertools.cycle(drops or [0]):
                        if stop.wait(0.02) or time.monotonic() > end:
                            break
                        connection.sendall(bytes([drop]) if drops else b"")
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield listener.getsockname()[1]
        stop.set()
        thread.join()


@pytest.mark.parametrize("kind", DRIPS)
def test_a_drip_ends_at_the_deadline(kind: str) -> None:
    with dripping(*DRIPS[kind]) as port:
        client = Client(allowed=("127.0.0.1",), seconds=SECONDS)
        began = time.monotonic()
        with pytest.raises(SourceUnavailable):
            list(boards.page(f"http://127.0.0.1:{port}/", client=client))
        assert time.monotonic() - began < SECONDS + 1.5


@pytest.mark.parametrize("answer", [redirect("/x"), Reply(503), Reply(429)], ids=["redirects", "503", "429"])
def test_redirects_and_repeats_share_one_deadline(answer: Reply) -> None:
    def slow(_: Asked) -> Reply:
        time.sleep(SECONDS / 2.5)
        return answer

    net = FakeNet(slow)
    client = Client(backend=net, resolve=net.resolve, seconds=SECONDS, exempt=None)
    with (
        stamina.set_testing(True, attempts=9),
        pytest.raises(SourceUnavailable, match="no whole answer within"),
    ):
        list(boards.page("http://careers.example/", client=client))
    assert len(net.asked) <= 3


#: Who is asked: the host itself, or a proxy for it, which is a name to be looked up as well.
WAYS = {"the host": "", "a redirect": "http://first.example/", "a proxy": "http://proxy.example:3128"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("hangs_for", [2 * SECONDS, 20], ids=["a slow resolver", "a resolver that hangs"])
def test_looking_a_name_up_ends_at_the_deadline(
    way: str, hangs_for: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, net = threading.Event(), FakeNet(lambda _: redirect("http://careers.example/"))
    # behind a proxy no name of the host's needs to be known here
    slow = {"a proxy": "proxy.example"}.get(way, "careers.example")

    def resolve(host: str, port: int) -> Sequence[str]:
        if host == slow:
            stop.wait(hangs_for)
        return net.resolve(host, port)

    if way == "a proxy":
        monkeypatch.setenv("http_proxy", WAYS[way])
    client = Client(backend=net, resolve=resolve, seconds=SECONDS, exempt=None)
    url = WAYS[way] if way == "a redirect" else "http://careers.example/"
    began = time.monotonic()
    with pytest.raises(SourceUnavailable, match="no whole answer within"):
        list(boards.page(url, client=client))
    taken = time.monotonic() - began
    stop.set()
    assert taken < SECONDS + 0.4


# -- bytes -------------------------------------------------------------------------------------------------------------

MEGABYTE = 1 << 20


def bomb(size: int, unit: bytes = b"\0") -> bytes:
    """So many bytes, packed by gzip."""
    packer = zlib.compressobj(9, wbits=31)
    piece = unit * (MEGABYTE // len(unit))
    return b"".join([*(packer.compress(piece) for _ in range(size // MEGABYTE)), packer.flush()])


def endless(piece: bytes, taken: list[int]) -> Iterator[bytes]:
    for _ in range(100_000):
        taken.append(len(piece))
        yield piece


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "9" * 15}, {"Content-Encoding": "gzip"}])
@pytest.mark.parametrize("status", [200, 404, 302, 503])
def test_no_more_is_read_from_the_wire_than_is_allowed(headers: dict[str, str], status: int) -> None:
    taken: list[int] = []
    start = zlib.compressobj(0, wbits=31)
    opening = start.compress(b"") if "Content-Encoding" in headers else b""
    piece = b"\0\xff\xff\0\0" + b" " * 65535 if opening else b" " * 65536
    net = FakeNet(
        lambda _: Reply(status, headers=headers, chunks=itertools.chain([opening], endless(piece, taken)))
    )
    client = Client(backend=net, resolve=net.resolve, exempt=None)
    with stamina.set_testing(True, attempts=1), pytest.raises((WrongShape, SourceUnavailable)):
        list(boards.page("https://careers.example/", client=client))
    assert sum(taken) < 9 * MEGABYTE


@pytest.mark.parametrize("form", ["gzip", "x-gzip", "GZIP"])
def test_no_more_is_unpacked_of_an_answer_than_is_allowed(form: str) -> None:
    body = bomb(24 * MEGABYTE)
    net = FakeNet(lambda _: Reply(body=body, headers={"Content-Encoding": form}))
    with pytest.raises(WrongShape, match="more than 8,388,608 bytes"):
        list(
            boards.page(
                "https://careers.example/", client=Client(backend=net, resolve=net.resolve, exempt=None)
            )
        )


@pytest.mark.parametrize("form", ["br", "zstd", "deflate", "gzip, gzip", "gzip, br", "compress", "x"])
def test_an_answer_packed_in_a_way_that_was_not_asked_for_is_refused(form: str) -> None:
    net = FakeNet(lambda _: Reply(body=gzip.compress(b"[]"), headers={"Content-Encoding": form}))
    with pytest.raises(WrongShape, match="which was not asked for"):
        list(
            boards.page(
                "https://careers.example/", client=Client(backend=net, resolve=net.resolve, exempt=None)
            )
        )


@pytest.mark.parametrize(
    "body", [b"", b"x", gzip.compress(b"x" * 99, mtime=0)[:-6], b"\x1f\x8b\x08junkjunkjunk"]
)
def test_an_answer_that_cannot_be_unpacked_is_said(body: bytes) -> None:
    net = FakeNet(lambda _: Reply(body=body, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(InputError) as caught:
        list(
            boards.page(
                "https://careers.example/1", client=Client(backend=net, resolve=net.resolve, exempt=None)
            )
        )
    assert caught.value.where == "https://careers.example/1"


@pytest.mark.parametrize("packed", [True, False])
def test_no_more_is_read_of_a_file_than_is_allowed(packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "acme.json.gz"
    path.write_bytes(bomb(8 * MEGABYTE) if packed else b"\0" * MEGABYTE)
    content = read_bytes(path, MEGABYTE // 2)
    assert isinstance(content, Fault)
    assert content.rule == "too_large"


# -- memory ------------------------------------------------------------------------------------------------------------

#: what a board of 250 MB is made of: its opening, what is repeated, its end
HOSTILE = {
    "empty arrays": (b"[", b"[],", b"[]]"),
    "empty objects": (b'{"jobs": [', b"{},", b"{}]}"),
    "small objects": (b'{"jobs": [', b'{"":0},', b"{}]}"),
    "numbers": (b'{"meta": 1, "jobs": [', b"0,", b"0]}"),
    "one posting of many parts": (b'{"jobs": [{"a": [', b"[],", b"0]}]}"),
    "one text": (b'{"jobs": [{"content": "', b"abc ", b'"}]}'),
    "one text of letters of four bytes": ('{"jobs": [{"content": "😀'.encode(), "é".encode(), b'"}]}'),
    "postings of letters of four bytes": (
        b"[",
        '{"hostedUrl": "😀", "a": "'.encode() + b"x" * 5000 + b'"},',
        b"{}]",
    ),
    "spaces": (b"[", b" ", b"]"),
    "fields": (b"{", b'"jobs":0,', b'"jobs":0}'),
    "depth": (b"[", b"[", b"]"),
    "a number": (b"[", b"9", b"]"),
    "no JSON": (b"[", b"x", b"]"),
    "pages": (b"<html>", b"<p>", b"</html>"),
}

_MEASURED = """
import resource, sys
sys.path[:0] = {path!r}
from datetime import date
from fake_net import FakeNet, Reply
from payguide.base.errors import PayguideError
from payguide.collect import boards
from payguide.collect.client import Client
from payguide.decode.reader import read

opening, unit, end = {parts!r}
piece = unit * (65536 // len(unit))
body = lambda: [opening, *([piece] * (250_000_000 // len(piece))), end]
net = FakeNet(lambda _: Reply(chunks=body()))
count = 0
try:
    for count, found in enumerate(boards.board("lever", "acme", retrieved=date(2026, 11, 1),
                                               client=Client(backend=net, resolve=net.resolve, exempt=None)), 1):
        if count < 9 and hasattr(found, "content"):
            read(found)
except PayguideError as error:
    print(error)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, count)
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_board_of_250_megabytes_takes_less_than_600_of_memory(kind: str) -> None:
    path = [str(Path(__file__).parents[1])]
    code = _MEASURED.format(path=path, parts=HOSTILE[kind])
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    kilobytes, _ = ran.stdout.split("\n")[-2].split(" ")
    assert int(kilobytes) < 600_000, ran.stdout


def test_a_long_board_gives_what_a_short_one_gives() -> None:
    jobs = [
        {"hostedUrl": f"https://jobs.lever.co/acme/{k}", "text": "ML Engineer 😀", "createdAt": 1767225600000 + k,
         "descriptionPlain": "Salary: $150,000 - $200,000 per year. " + "é" * 1000} for k in range(4_500)
    ]  # fmt: skip
    short, long = (_board(json.dumps(jobs[:k], ensure_ascii=False).encode()) for k in (400, 4_500))
    assert len(long) == 4_500
    assert long[:400] == short


def _board(body: bytes, kind: str = "lever") -> list[Document | Rejection]:
    net = FakeNet(lambda _: Reply(body=body))
    return list(
        boards.board(
            kind, "acme", retrieved=DAY, client=Client(backend=net, resolve=net.resolve, exempt=None)
        )
    )


#: how a long answer may be broken
BROKEN = {
    "cut": lambda body: body[:-9],
    "cut within a letter": lambda body: body[: body.rindex("é".encode()) + 1],
    "more behind": lambda body: body + b"]",
    "a comma too many": lambda body: body[:-1] + b",]",
    "no comma": lambda body: body.replace(b"}, {", b"} {"),
    "no UTF-8": lambda body: body.replace("é".encode(), b"\xe9"),
    "a number of 5,000 digits": lambda body: body[:-1] + b', {"hostedUrl": ' + b"9" * 5000 + b"}]",
    "deep": lambda body: body[:-1] + b"," + b"[" * 5000 + b"]" * 5000 + b"]",
    "no key": lambda body: b'{"jobs": ' + body + b", 1: 2}",
    "NUL": lambda body: b"\0" + body,
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_long_board_that_is_broken_is_said(kind: str) -> None:
    job = {"hostedUrl": "https://jobs.lever.co/acme/1", "text": "é" * 3000}
    body = json.dumps([job] * 1500, ensure_ascii=False).encode()
    with pytest.raises(InputError) as caught:
        _board(BROKEN[kind](body))
    assert caught.value.where == "lever:acme"
    assert caught.value.remedy


@pytest.mark.few(1)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_a_long_board_is_read_in_any_encoding_that_says_itself(encoding: str) -> None:
    jobs = [{"hostedUrl": f"https://jobs.lever.co/acme/{k}", "text": "é" * 2000} for k in range(2500)]
    assert len(_board(json.dumps(jobs, ensure_ascii=False).encode(encoding))) == 2500


@pytest.mark.slow
def test_a_recorded_bomb_is_a_rejection_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "bomb.json.gz").write_bytes(bomb(300 * MEGABYTE, b" "))
    (tmp_path / "good.json").write_text(
        '[{"hostedUrl": "https://jobs.lever.co/acme/1", "text": "ML Engineer"}]'
    )
    found = list(documents(f"recorded:{tmp_path}", retrieved=DAY))
    assert [type(item) for item in found] == [Rejection, Document]
    assert (found[0].rule, "before byte 314,572,800" in found[0].found) == ("not_json", True)
