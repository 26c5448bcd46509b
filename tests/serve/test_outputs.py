"""Where a command is to write: what stands in the way is said before the work begins, and is never called a bug."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runner import Cli

from payguide.base.errors import PayguideError, UsageError
from payguide.serve.cli.outputs import evidence_folder, output_file, output_folder


@pytest.fixture
def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to be in, with a site's page, a file, a link that leads nowhere, and a folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "index.html").write_text("<p>page</p>")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    (tmp_path / "folder").mkdir()
    return tmp_path


COMMANDS = [
    ("build", "--out"),
    ("collect", "oews", "--evidence"),
    ("pack", "library", "--evidence"),
]
IN_THE_WAY = ["file", "file/below", "file/far/below", "link", "link/below"]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("place", IN_THE_WAY)
def test_what_is_no_folder_is_a_usage_error(
    cli: Cli, lay: Path, command: tuple[str, ...], place: str
) -> None:
    ran = cli(*command, place)

    assert (ran.code, ran.out) == (2, "")
    assert f"{place.partition('/')[0]} is no folder" in ran.err
    assert (lay / "file").read_text() == "mine"


@pytest.mark.parametrize(("place", "said"), [("folder", "is a folder"), ("file/a.pdf", "is no folder")])
def test_a_pdf_is_a_file_in_a_folder(cli: Cli, lay: Path, place: str, said: str) -> None:
    ran = cli("pdf", ".", "--out", place)

    assert ran.code == 2
    assert said in ran.err


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc, where nobody may write")
@pytest.mark.parametrize("command", [*COMMANDS, ("pdf", ".", "--out")], ids=" ".join)
def test_a_place_that_cannot_be_written_is_said(cli: Cli, lay: Path, command: tuple[str, ...]) -> None:
    ran = cli(*command, "/proc/payguide/x.pdf")

    assert (ran.code, ran.out) == (1, "")
    assert "[failed] /proc: nothing can be written there" in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_write_access_is_said(lay: Path) -> None:
    (lay / "folder").chmod(0o500)

    with pytest.raises(PayguideError, match="nothing can be written"):
        output_folder(lay / "folder" / "new")


def test_looking_leaves_nothing_behind(lay: Path) -> None:
    before = sorted(lay.rglob("*"))

    output_folder(Path("folder"))
    output_folder(Path("folder/new/deep"))
    output_file(Path("folder/a.pdf"))
    output_file(Path("file"))
    evidence_folder("s3://bucket/file")

    assert sorted(lay.rglob("*")) == before
    with pytest.raises(UsageError):
        evidence_folder("file")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full, the disk that is always full")
def test_what_the_system_refuses_in_the_midst_is_no_bug() -> None:
    posting = b'{"id": 1, "title": "ML Engineer", "text": ""}'

    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "payguide", "decode"],
            input=posting,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert ran.returncode == 1
    assert b"[failed] No space left on device" in ran.stderr
    assert b"Exception" not in ran.stderr
