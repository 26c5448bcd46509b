"""An edition that is not what was written is found to be so, whatever bit was flipped, whatever was added or taken."""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from test_output_files import write

from payguide.base.atomic import entries
from payguide.guide import sums
from payguide.serve.cli.main import run


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("damage") / "edition"
    write(folder)
    return folder


@pytest.fixture
def copy(edition: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(edition, tmp_path / "copy"))


def flip(path: Path, dice: random.Random) -> None:
    """Flip one bit of a file."""
    text = bytearray(path.read_bytes())
    text[dice.randrange(len(text))] ^= 1 << dice.randrange(8)
    path.write_bytes(text)


def found(folder: Path) -> bool:
    """Whether what is written beside the edition's files says that they are not what was written."""
    try:
        return bool(sums.changed(folder))
    except sums.WrongShape:
        return True


def test_a_whole_edition_is_found_to_be_whole(edition: Path) -> None:
    assert not found(edition)
    kinds = {Path(name).suffix for name in entries(edition)}
    assert {".html", ".json", ".csv", ".parquet", ".svg", ".png", ".css", ""} <= kinds


@pytest.mark.few(20)
@pytest.mark.parametrize("seed", range(200))
def test_every_flipped_bit_is_found(copy: Path, seed: int) -> None:
    dice, names = random.Random(seed), list(entries(copy))
    flip(copy / names[seed % len(names)], dice)

    assert found(copy)


def link(path: Path) -> None:
    """The same bytes, by a link."""
    path.rename(path.parent.parent / "outside")
    path.symlink_to(path.parent.parent / "outside")


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a page added": (lambda folder: (folder / "more.html").write_text("x"), "added: more.html"),
    "a script added in a folder": (lambda folder: (folder / "charts/x.js").write_text("x"), "added: charts/x.js"),
    "a hidden file added": (lambda folder: (folder / ".htaccess").write_text("x"), "added: .htaccess"),
    "a file added in a folder that looks like our own": (
        lambda folder: [
            (folder / f".copy.payguide-{'0' * 16}").mkdir(),
            (folder / f".copy.payguide-{'0' * 16}" / "x").write_text("x"),
        ],
        f"added: .copy.payguide-{'0' * 16}/x",
    ),
    "a link added": (lambda folder: (folder / "l").symlink_to("index.html"), "added: l"),
    "a link to a folder added": (lambda folder: (folder / "l").symlink_to("/"), "added: l"),
    "a folder added": (lambda folder: (folder / "d").mkdir(), "added: d/"),
    "a page missing": (lambda folder: (folder / "evidence.html").unlink(), "missing: evidence.html"),
    "a page emptied": (lambda folder: (folder / "evidence.html").write_bytes(b""), "differs: evidence.html"),
    "a page that is a link to the same": (lambda folder: link(folder / "index.html"), "differs: index.html"),
    "edition.json gone": (lambda folder: (folder / "edition.json").unlink(), "missing: edition.json"),
    "another role": (
        lambda folder: (folder / "edition.json").write_bytes(
            (folder / "edition.json").read_bytes().replace(b"ml_engineer", b"mm_engineer")
        ),
        "differs: edition.json",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("damage", "said"), DAMAGE.values(), ids=DAMAGE)
def test_what_was_done_to_an_edition_is_named(
    copy: Path, damage: Callable[[Path], object], said: str
) -> None:
    damage(copy)

    assert sums.changed(copy) == [said]


@pytest.mark.parametrize("name", ["edition.json", "SHA256SUMS"])
def test_what_says_how_to_rebuild_an_edition_is_looked_at_first(
    copy: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """A flipped bit in it would have another edition rebuilt, or none."""
    text = (copy / name).read_bytes()
    sha256 = hashlib.sha256((copy / "edition.json").read_bytes()).hexdigest().encode()
    (copy / name).write_bytes(text.replace(sha256, sha256[::-1]).replace(b"ml_engineer", b"x", 1))

    assert run(["verify", str(copy)]) == 1
    assert "edition.json" in capsys.readouterr().err


@pytest.fixture(scope="module")
def packaged(packaged_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(packaged_site, tmp_path_factory.mktemp("verify") / "edition"))


@pytest.mark.slow
def test_verify_names_everything_that_is_not_what_is_rebuilt(
    packaged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By rebuilding, so that a list that was changed along with the files helps nobody."""
    for name in ("index.html", "model.json.bak", "charts/more.svg"):
        (packaged / name).write_text("x")
    (packaged / "stand.html").unlink()
    (packaged / "figures.csv").rename(packaged.parent / "figures.csv")
    (packaged / "figures.csv").symlink_to("../figures.csv")
    (packaged / sums.SUMS).unlink()
    sums.seal(packaged)

    assert run(["verify", str(packaged)]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[:-1] == [
        "differs: SHA256SUMS", "added: charts/more.svg", "differs: figures.csv", "differs: index.html",
        "added: model.json.bak", "missing: stand.html",
    ]  # fmt: skip
