"""`payguide audit`: pages in, verdicts out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import Cli

from page_server import CLOSED, served
from payguide.base.edition import Edition
from payguide.guide import edition as editions

GUIDE = "<h1>ML Engineer Salary Guide 2026</h1><p>Seniors earn $150K to $190K.</p><p>Pay varies more each year.</p>"


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    editions.write(Edition({"slug": "x", "role": "ml_engineer"}, {}), tmp_path / "edition")
    return tmp_path / "edition"


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.html"
    path.write_text(GUIDE, encoding="utf-8")
    return path


def test_a_page_is_read_and_judged(cli: Cli, guide: Path, edition: Path) -> None:
    ran = cli("audit", guide, "--edition", edition, "--json")

    claim, untestable = map(json.loads, ran.out.splitlines())
    assert ran.code == 0
    assert (claim["id"], claim["low"], claim["verdict"]) == ("band.senior", 150000.0, "not enough evidence")
    assert untestable["kind"] == "untestable"
    shown = cli("audit", guide, "--edition", edition).out
    assert "ML Engineer Salary Guide 2026: its claims" in shown
    assert "Pay varies more each year." in shown


def test_claims_are_written_for_review_and_read_again(
    cli: Cli, guide: Path, edition: Path, tmp_path: Path
) -> None:
    out = tmp_path / "claims.toml"

    assert cli("audit", guide, "--edition", edition, "--out", out).code == 0

    judged = cli("claims", "--file", out, "--edition", edition, "--json")
    assert [json.loads(line)["id"] for line in judged.out.splitlines()] == ["band.senior"]


def test_pages_are_compared(cli: Cli, guide: Path, edition: Path) -> None:
    other = guide.with_name("other.txt")
    other.write_text("Nothing about money here.", encoding="utf-8")

    ran = cli("audit", guide, other, "--edition", edition)

    assert "The guides compared" in ran.out
    assert "other.txt: no claim about pay was found in it" in ran.err


def test_what_cannot_be_done_is_refused_in_words(
    cli: Cli, guide: Path, edition: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("Nothing about money here.", encoding="utf-8")

    assert cli("audit").code == 2
    assert cli("audit", guide, guide, "--out", tmp_path / "a.toml").code == 2
    assert cli("audit", guide, "--edition", edition, "--evidence", tmp_path).code == 2
    assert cli("audit", tmp_path / "absent.html", "--edition", edition).code == 3
    assert cli("audit", empty, "--edition", edition, "--out", tmp_path / "a.toml").code == 3
    assert not (tmp_path / "a.toml").exists()


@pytest.mark.parametrize(
    ("page", "allowed", "code", "said"),
    [
        ("guide", True, 0, "ML Engineer Salary Guide 2026: its claims"),
        ("guide", False, 4, "no address of the public internet"),
        ("closed", True, 4, "its robots.txt closes the address"),
        ("gone", True, 4, "the page answered 404"),
    ],
)
def test_a_page_at_a_web_address_is_asked_as_its_host_allows(
    cli: Cli, edition: Path, page: str, allowed: bool, code: int, said: str
) -> None:
    pages = {"/robots.txt": CLOSED, "/guide": GUIDE, "/closed": GUIDE}
    with served(pages.get) as host:
        leave = ("--allow-host", "127.0.0.1") if allowed else ()
        ran = cli("audit", f"http://{host}/{page}", "--edition", edition, *leave)

    assert (ran.code, said in ran.out + ran.err) == (code, True)
