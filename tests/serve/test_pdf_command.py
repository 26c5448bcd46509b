"""`payguide pdf`: by a real Chromium where one is here, and what is said where it cannot print."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from cli_runner import Cli

from payguide.guide import printed


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    """A folder with a page of two sheets."""
    folder = tmp_path / "a guide"
    folder.mkdir()
    page = "<!doctype html><title>Pay</title><p>One<p style='break-before: page'>Two"
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder


def program(folder: Path, does: str) -> Path:
    """A program that does this where a browser should print."""
    made = folder / "browser"
    made.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    made.chmod(0o755)
    return made


@pytest.mark.few(1)
@pytest.mark.parametrize(
    ("page", "name"), [("index.html", "a guide.pdf"), ("claims.html", "a guide-claims.pdf")]
)
def test_a_page_is_printed_beside_its_guide(cli: Cli, guide: Path, page: str, name: str) -> None:
    if shutil.which("chromium") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium here")
        pytest.skip("no Chromium here")
    (guide / "claims.html").write_bytes((guide / "index.html").read_bytes())

    ran = cli("pdf", guide, "--page", page, "--json")

    assert ran.code == 0, ran.err
    made = guide.parent / name
    assert json.loads(ran.out) == {"bytes": made.stat().st_size, "pdf": str(made)}
    content = made.read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"/Count 2" in content
    assert sorted(path.name for path in guide.iterdir()) == ["claims.html", "index.html"]


@pytest.mark.parametrize(
    ("does", "says"),
    [
        ("echo no display >&2; exit 1", "did not print"),
        ("exit 0", "did not print"),
        ("exit 9", "exit code 9"),
        ("sleep 60", "nothing after 1 seconds"),
        ('for a; do case $a in --print-to-pdf=*) echo junk > "${a#*=}";; esac; done', "did not print"),
    ],
)
def test_a_browser_that_does_not_print_is_named(
    cli: Cli, guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str, says: str
) -> None:
    monkeypatch.setattr(printed, "PATIENCE", 1)
    old = tmp_path / "a guide.pdf"
    old.write_bytes(b"%PDF- an earlier one")

    ran = cli("pdf", guide, "--browser", program(tmp_path, does))

    assert ran.code == 1
    assert says in ran.err
    assert "Name another browser" in ran.err
    assert old.read_bytes() == b"%PDF- an earlier one"


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        (("--page", "nothing.html"), 3, "Name the folder of a site"),
        (("--browser", "no-such-program"), 2, "no-such-program is no program here"),
    ],
)
def test_what_cannot_be_printed_is_said(
    cli: Cli, guide: Path, given: tuple[str, ...], code: int, says: str
) -> None:
    ran = cli("pdf", guide, *given)

    assert ran.code == code
    assert says in ran.err


def test_without_a_browser_it_says_what_to_install(
    cli: Cli, guide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printed, "BROWSERS", ("no-such-program",))

    ran = cli("pdf", guide)

    assert ran.code == 1
    assert "Install Chromium, Chrome or Edge" in ran.err
