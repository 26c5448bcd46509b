"""Which addresses are asked: no page and no name leads this program to machines that are not of the public internet.

The far end is in memory (`fake_net`): nothing here is ever sent, least of all to the addresses where clouds keep keys.
What an address carries of credentials is kept nowhere; that is tried against a server on loopback.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import stamina

from fake_net import PUBLIC, Asked, FakeNet, Reply, redirect
from payguide.base.errors import PayguideError, SourceUnavailable, UsageError
from payguide.collect import boards
from payguide.collect.client import Client
from payguide.collect.live import Live, board_named
from payguide.serve.cli.main import run

DAY = date(2026, 11, 1)
JOB = b'<script type="application/ld+json">{"@type": "JobPosting", "title": "ML Engineer"}</script>'


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Retries without the waits between them, and no proxy of the machine's."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with stamina.set_testing(True, attempts=2):
        yield


def fetch(net: FakeNet, url: str, *allowed: str) -> int:
    """The number of postings that a page gives."""
    client = Client(allowed=allowed, backend=net, resolve=net.resolve, exempt=None)
    return len(list(boards.page(url, retrieved=DAY, client=client)))


#: hosts as an address spells them: none of them is a machine of the public internet
HOSTS = (
    # loopback, this host, private, shared, link-local, benchmarking, documentation, reserved, multicast, broadcast
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1",
    "172.31.255.254", "192.168.0.1", "192.168.255.255", "100.64.0.1", "100.127.255.254", "169.254.0.1", "198.18.0.1",
    "198.19.255.255", "192.0.2.1", "198.51.100.7", "203.0.113.9", "192.0.0.1", "192.0.0.170", "192.88.99.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    # where clouds keep keys
    "169.254.169.254", "169.254.170.2", "100.100.100.200", "192.0.0.192", "168.63.129.16", "[fd00:ec2::254]",
    "metadata.google.internal", "metadata",
    # one number, fewer than four, octal, hexadecimal, with zeros
    "2130706433", "127.1", "127.0.1", "0", "0177.0.0.1", "0x7f.0.0.1", "0x7f000001", "0x7f.1", "017700000001",
    "127.0.0.01", "127.000.000.001", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "1.1", "134744072",
    # IPv6: loopback, unspecified, local, site-local, unique local, multicast, documentation, discard, zones
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[fe80::1]", "[fe80::1%25eth0]", "[febf::1]", "[fec0::1]", "[fc00::1]",
    "[fdff::1]", "[ff02::1]", "[2001:db8::1]", "[3fff::1]", "[100::1]", "[2606:4700::1%25eth0]", "[4000::1]",
    # IPv4 within IPv6: mapped, translated, compatible, NAT64 (and its local prefix), 6to4, Teredo, ISATAP
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:a9fe:a9fe]", "[::ffff:8.8.8.8]", "[0:0:0:0:0:ffff:10.0.0.1]",
    "[::ffff:0:127.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::10.0.0.1]", "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:470:1f0b::5efe:10.0.0.1]", "[2a00:1450::200:5efe:7f00:1]",
    # names
    "localhost", "LOCALHOST", "localhost.", "a.localhost", "localhost.localdomain", "printer.local", "db.internal",
    "intranet", "router.lan", "nas.home.arpa", "careers.example.", "127.0.0.1.", "1.0.0.127.in-addr.arpa",
    # digits and dots of other scripts, which a resolver takes for the usual ones
    "１２７.0.0.1", "127。0。0。1", "①②⑦.⓪.⓪.①", "ｌｏｃａｌｈｏｓｔ", "loc\u00adalhost", "127%2e0%2e0%2e1",
)  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_host_that_is_not_public_is_not_asked(scheme: str, host: str) -> None:
    net = FakeNet(lambda _: Reply(body=JOB))
    with pytest.raises((SourceUnavailable, UsageError)):
        fetch(net, f"{scheme}://{host}/jobs")
    assert (net.connected, net.looked_up) == ([], [])


@pytest.mark.parametrize("host", HOSTS)
def test_nor_is_it_where_a_public_page_redirects_to_it(host: str) -> None:
    net = FakeNet(lambda asked: redirect(f"http://{host}:8080/latest"))
    with pytest.raises(SourceUnavailable) as caught:
        fetch(net, "http://careers.example/1")
    assert net.connected == [PUBLIC]
    assert caught.value.where == "http://careers.example/1"


#: what a name may point to that must not be asked
ADDRESSES = (
    "127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.9", "0.0.0.0", "224.0.0.251",
    "168.63.129.16", "::1", "::", "fe80::1%eth0", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8",
    "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "not an address",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("others", [(), (PUBLIC,), (PUBLIC, "2606:2800:220:1::1")])
def test_a_name_is_not_asked_if_one_of_its_addresses_is_not_public(
    address: str, others: tuple[str, ...]
) -> None:
    net = FakeNet(lambda _: Reply(body=JOB), {"careers.example": [[*others, address]] * 9})
    with pytest.raises(SourceUnavailable, match="no address of the public internet"):
        fetch(net, "https://careers.example/1")
    assert net.connected == []


@pytest.mark.parametrize(
    "host",
    [PUBLIC, "1.1.1.1", "[2606:4700:4700::1111]", "[64:ff9b::808:808]", "careers.example", "xn--bcher-kva.example",
     "bücher.example", "a_b.careers.example", "CAREERS.example", "careers.example:8443", "127.0.0.1.nip.example"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_public_host_is_asked(scheme: str, host: str) -> None:
    assert fetch(FakeNet(lambda _: Reply(body=JOB)), f"{scheme}://{host}/jobs?gh_jid=7") == 1


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://careers.example/a", "careers.example"),
        ("https://careers.example:8443/a", "careers.example:8443"),
        ("https://Careers.Example/a", "careers.example"),
        ("https://bücher.example/a", "xn--bcher-kva.example"),
    ],
)
def test_the_connection_is_to_the_address_and_all_else_speaks_of_the_name(url: str, host: str) -> None:
    net = FakeNet(lambda _: Reply(body=JOB))
    fetch(net, url)
    name, _, port = host.partition(":")
    assert net.asked == [Asked(PUBLIC, int(port or 443), name, host, "/a")]
    assert net.looked_up == [name]


def test_a_name_that_points_elsewhere_the_second_time_gains_nothing() -> None:
    # within one hop there is no second time; at the next hop the name is checked again
    net = FakeNet(lambda asked: redirect("/again"), {"rebind.example": [[PUBLIC], ["127.0.0.1"]]})
    with pytest.raises(SourceUnavailable, match=r"rebind\.example leads to 127\.0\.0\.1"):
        fetch(net, "http://rebind.example/")
    assert net.connected == [PUBLIC]


def test_nor_does_one_that_points_elsewhere_at_a_repeat() -> None:
    net = FakeNet(lambda _: Reply(503), {"rebind.example": [[PUBLIC], ["169.254.169.254"]]})
    with pytest.raises(SourceUnavailable, match="no address of the public internet"):
        fetch(net, "http://rebind.example/")
    assert net.connected == [PUBLIC]


METADATA = "169.254.169.254"


def test_nor_does_one_that_points_elsewhere_once_robots_txt_is_read() -> None:
    net = FakeNet(lambda _: Reply(404), {"rebind.example": [[PUBLIC], [METADATA]]})
    client = Client(backend=net, resolve=net.resolve)
    with pytest.raises(SourceUnavailable, match="no address of the public internet"):
        list(boards.page("http://rebind.example/", retrieved=DAY, client=client))
    assert (net.connected, [asked.path for asked in net.asked]) == ([PUBLIC], ["/robots.txt"])


#: a board, and what the host says at first: all lead to where clouds keep keys
LEADS = [
    ("jobposting:http://a.example/1", redirect(f"http://{METADATA}/robots.txt")),
    ("careers:https://a.example", Reply(body=f"sitemap: http://{METADATA}/s.xml".encode())),
    ("careers:https://a.example", Reply(body=b"sitemap: http://[::ffff:a9fe:a9fe]/s.xml")),
    (f"workday:{METADATA}/acme/Site", Reply(404)),
    ("workday:2852039166/acme/Site", Reply(404)),
    ("oracle_hcm:metadata.google.internal/CX", Reply(404)),
    ("oracle_hcm:[fd00:ec2::254]/CX", Reply(404)),
]


@pytest.mark.parametrize(("board", "first"), LEADS)
def test_no_board_and_no_robots_txt_leads_where_keys_are_kept(board: str, first: Reply) -> None:
    net = FakeNet(lambda asked: first)
    live = Live([board_named(board)], Client(backend=net, resolve=net.resolve))
    assert list(live.documents()) == []
    assert {*net.connected} <= {PUBLIC}
    assert "--allow-host" in live.failed[0].remedy


@pytest.mark.parametrize(
    ("url", "allowed", "connected"),
    [
        ("http://127.0.0.1:8000/", "127.0.0.1", ["127.0.0.1"]),
        ("http://[::1]:8000/", "[::1]", ["::1"]),
        ("http://[::1]:8000/", "::1", ["::1"]),
        ("http://localhost/", "localhost", ["127.0.0.1"]),
        ("http://careers.internal/", "Careers.internal", ["10.0.0.7"]),
    ],
)
def test_a_host_is_asked_that_is_allowed_by_name(url: str, allowed: str, connected: list[str]) -> None:
    names = {"localhost": [["127.0.0.1"]], "careers.internal": [["10.0.0.7"]]}
    net = FakeNet(lambda _: Reply(body=JOB), names)
    assert fetch(net, url, allowed) == 1
    assert net.connected == connected


@pytest.mark.parametrize(
    "to", ["http://127.0.0.2/", "http://localhost/", "http://10.0.0.1/", "http://127.1/"]
)
def test_what_is_allowed_is_that_host_alone(to: str) -> None:
    net = FakeNet(lambda _: redirect(to))
    with pytest.raises(SourceUnavailable, match="public"):
        fetch(net, "http://127.0.0.1/", "127.0.0.1")
    assert net.connected == ["127.0.0.1"]


#: where a page redirects, and what of the message says why it is not followed
REDIRECTS = [
    ("file:///etc/passwd", "no web address"),
    ("ftp://careers.example/", "no web address"),
    ("gopher://127.0.0.1:70/_", "no web address"),
    ("data:text/html,x", "no web address"),
    ("javascript:alert(1)", "no web address"),
    ("http://[::1", "no web address"),
    ("http://careers.example:99999/", "no web address"),
    ("http://careers.example:port/", "no web address"),
    ("//[", "no web address"),
    ("http:///", "no web address"),
    ("http://a b.example/", "no web address"),
    ("https://careers.example\\@127.0.0.1/", "public"),
    ("https://careers.example@127.0.0.1/", "public"),
    ("//127.0.0.1/", "public"),
    ("http://careers.example/", "plain http"),
]


@pytest.mark.parametrize(("to", "why"), REDIRECTS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_anywhere(status: int, to: str, why: str) -> None:
    net = FakeNet(lambda asked: redirect(to, status))
    with pytest.raises(SourceUnavailable, match=why):
        fetch(net, "https://careers.example/1")
    assert len(net.connected) == 1


@pytest.mark.parametrize(
    "to", ["/2", "2", "//other.example/2", "https://other.example/2", "?page=2", "/job 2/é"]
)
def test_a_redirect_is_followed_to_a_public_page(to: str) -> None:
    net = FakeNet(lambda asked: Reply(body=JOB) if "2" in asked.path else redirect(to))
    assert fetch(net, "https://careers.example/1") == 1


def test_redirects_end() -> None:
    net = FakeNet(lambda asked: redirect(f"{asked.path}x"))
    with pytest.raises(SourceUnavailable, match="more than 10 redirects"):
        fetch(net, "https://careers.example/")
    assert len(net.connected) == 11


@pytest.mark.parametrize(
    "url",
    ["http://[::1", "http://[", "http://]/", "http://", "http:///jobs", "http://a:b/", "http://a.example:70000/",
     "https://a.example:-1/", "http://a..example/", "http://-a.example/", "http://a b.example/", "http://\x00/",
     "http://" + "a" * 64 + ".example", "http://" + "a." * 200 + "example", "http://[v1.x]/",
     "http://[1.2.3.4]/", "http://%5b::1%5d/", "http://a/b@c:d/", "ftp://a.example", "acme", "://", "http:/a.example",
     "http://\u2100.example/", "http://\ud800.example/"],
)  # fmt: skip
def test_what_is_no_web_address_is_an_error_of_the_command(url: str) -> None:
    net = FakeNet(lambda _: Reply(body=JOB))
    with pytest.raises(PayguideError) as caught:
        fetch(net, url)
    # a short name alone is an address, of a local network
    assert isinstance(caught.value, UsageError) or "local network" in caught.value.found
    assert net.connected == []


@pytest.mark.parametrize(
    ("url", "connected"),
    [("http://careers.example/", ["10.9.9.9"]), ("http://127.0.0.1/", []), ("http://inside.example/", [])],
)
def test_a_proxy_of_the_user_s_is_asked_for_public_hosts_only(
    url: str, connected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://me:secret@10.9.9.9:3128")
    net = FakeNet(lambda _: Reply(body=JOB), {"inside.example": [["10.0.0.1"]]})
    if connected:
        assert fetch(net, url) == 1
        assert [(asked.port, asked.path) for asked in net.asked] == [(3128, url)]
    else:
        with pytest.raises(SourceUnavailable, match="public"):
            fetch(net, url)
    assert net.connected == connected


#: what must be found nowhere: parts of addresses that open a door
CANARIES = ("canaryuser", "canarypass", "canarytoken", "canarykey", "canarysig", "canaryfragment")
_KEYS = "token=canarytoken&page=2&api_key=canarykey&X-Amz-Signature=canarysig#access_token=canaryfragment"


class _Careers(BaseHTTPRequestHandler):
    """Pages whose addresses carry credentials in every place."""

    def do_GET(self) -> None:
        own = f"https://canaryuser:canarypass@careers.example/1?{_KEYS}"
        jobs = [
            {"@type": "JobPosting", "title": "ML Engineer", "description": "The salary is $150,000 a year.",
             **names} for names in ({"url": own}, {"@id": own}, {"identifier": own}, {"identifier": {"value": own}})
        ]  # fmt: skip
        status = int(self.path[1:4]) if self.path[1:4].isdigit() else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"http://canaryuser:canarypass@127.0.0.2/?{_KEYS}")
        self.end_headers()
        if status == 200 and self.path.startswith("/jobs"):
            self.wfile.write(f'<script type="application/ld+json">{json.dumps(jobs)}</script>'.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def careers() -> Iterator[int]:
    """The port of a server on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Careers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


#: what is asked for, and the exit code
ASKED = [
    ("http://canaryuser:canarypass@127.0.0.1:{port}/jobs?" + _KEYS, 0),
    ("http://canaryuser:canarypass@127.0.0.1:{port}/empty?" + _KEYS, 3),
    ("http://canaryuser:canarypass@127.0.0.1:{port}/404?" + _KEYS, 4),
    ("http://canaryuser:canarypass@127.0.0.1:{port}/302?" + _KEYS, 4),
    ("http://canaryuser:canarypass@127.0.0.1:1/jobs?" + _KEYS, 4),
    ("http://canaryuser:canarypass@127.0.0.9/jobs?" + _KEYS, 4),
    ("http://canaryuser:canarypass@[::1/jobs?" + _KEYS, 2),
    ("http:/canaryuser:canarypass@a.example/jobs?" + _KEYS, 2),
    ("http://canaryuser:canary/canarypass@a.example/jobs?" + _KEYS, 2),
    ("canaryuser:canarypass@a.example/jobs?" + _KEYS, 2),
    ("ftp://canaryuser:canarypass@a.example/jobs?" + _KEYS, 2),
]


def test_credentials_of_an_address_are_kept_and_shown_nowhere(
    careers: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    evidence = tmp_path / "evidence"
    codes = []
    for url, _ in ASKED:
        codes.append(run(["collect", f"jobposting:{url.format(port=careers)}", "--evidence", str(evidence),
                          "--allow-host", "127.0.0.1", "--json"]))  # fmt: skip
    codes.append(run(["collect", f"nothing:{ASKED[0][0]}", "--evidence", str(evidence)]))
    run(["evidence", "show", "--evidence", str(evidence), "--rejected"])
    assert codes == [*(code for _, code in ASKED), 2]
    said = "".join(capfd.readouterr())
    tables = [pq.read_table(path).to_pylist() for path in evidence.rglob("*.parquet")]
    kept = repr(tables) + "".join(path.read_text(errors="replace") for path in evidence.rglob("*.json"))
    assert "127.0.0.1" in said
    assert "careers.example/1?page=2" in kept
    assert "collect jobposting:http://127.0.0.1" in kept
    assert [canary for canary in CANARIES if canary in said + kept] == []
