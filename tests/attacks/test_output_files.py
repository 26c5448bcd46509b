"""What is written: nothing of anybody else's is deleted, overwritten or written through, and what is not finished
leaves the old edition whole.
"""

from __future__ import annotations

import errno
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "guide"))
import artificial

from payguide.base.atomic import atomic_file, entries
from payguide.base.errors import UsageError
from payguide.guide import edition as editions
from payguide.guide import shelf, sums
from payguide.guide.printed import print_page
from payguide.serve.cli.main import run

EVERY = artificial.edition()


def write(folder: Path, *slugs: str, force: bool = False) -> None:
    """Write some figures of the artificial edition, or several of it side by side."""
    figures = {name: figure for name, figure in EVERY.figures.items() if name.startswith("band.mid.base.p")}
    made = [
        replace(EVERY, manifest={**EVERY.manifest, "slug": slug}, figures=figures, verdicts=())
        for slug in slugs or ("a",)
    ]
    with pytest.MonkeyPatch.context() as patch:
        # the picture of a link takes longer than all else
        for name in ("card", "shelf_card"):
            patch.setattr(f"payguide.guide.card.{name}", lambda *_: b"picture")
        shelf.write(made, folder, lambda *_: None, force=force)


def there(folder: Path) -> dict[str, bytes | str | None]:
    """All that lies below a folder: a file's bytes, where a link leads."""
    return {
        name: str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else None
        for name in entries(folder)
        if (path := folder / name)
    }


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "edition"
    write(folder)
    return folder


@pytest.fixture(scope="module")
def whole(original: Path) -> dict[str, bytes | str | None]:
    """The files of the edition."""
    return there(original)


@pytest.fixture
def edition(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "edition"))


def linked(folder: Path, name: str) -> None:
    outside = folder.parent / "outside"
    outside.write_text("mine")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(outside)


FOREIGN: dict[str, Callable[[Path], object]] = {
    "notes": lambda folder: (folder / "notes.txt").write_text("mine"),
    "a page of one's own": lambda folder: (folder / "index.html").write_text("mine"),
    "charts of one's own": lambda folder: [(folder / "charts").mkdir(), (folder / "charts/a.svg").write_text("mine")],
    "a link": lambda folder: linked(folder, "index.html"),
    "a link that leads nowhere": lambda folder: (folder / "style.css").symlink_to("nowhere"),
    "an empty folder": lambda folder: (folder / "empty").mkdir(),
    "a hidden file": lambda folder: (folder / ".git").write_text("mine"),
    "somebody else's edition.json": lambda folder: (folder / "edition.json").write_text('{"edition": 1}'),
    "somebody else's sums": lambda folder: (folder / "SHA256SUMS").write_text(f"{'0' * 64}  notes.txt\n"),
    "an edition.json that is a link": lambda folder: linked(folder, "edition.json"),
    "a model": lambda folder: (folder / "model.json").write_text("mine"),
}  # fmt: skip


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("lay", FOREIGN.values(), ids=FOREIGN)
def test_a_folder_that_is_no_edition_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lay: Callable[[Path], object], force: bool
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    lay(folder)
    before = there(tmp_path)

    code = run(["build", "--out", str(folder), *(["--force"] if force else [])])

    assert (code, there(tmp_path)) == (2, before)
    assert "no edition" in capsys.readouterr().err
    with pytest.raises(UsageError, match="no edition"):
        write(folder, force=force)
    assert there(tmp_path) == before


def test_what_lies_beside_an_edition_stays(edition: Path, whole: dict[str, bytes | str | None]) -> None:
    own = {"notes.txt": b"mine", "charts/mine.svg": b"mine", "deep/er/CNAME": b"mine", ".git/HEAD": b"mine"}
    for name, text in own.items():
        (edition / name).parent.mkdir(parents=True, exist_ok=True)
        (edition / name).write_bytes(text)
    (edition / "link").symlink_to("/")
    (edition / "empty").mkdir()
    inode = (edition / "notes.txt").stat().st_ino

    for slugs in ((), ("a", "b"), ()):
        write(edition, *slugs)
        found = there(edition)
        assert {name: found[name] for name in own} == own
        assert (found["link"], "empty/" in found) == ("/", True)
        assert (edition / "notes.txt").stat().st_ino == inode
    assert {name: found[name] for name in whole} == whole
    assert found.keys() - whole.keys() == own.keys() | {"link", "empty/"}
    assert sorted(path.name for path in edition.parent.iterdir()) == ["edition"]


def test_only_what_the_list_names_is_removed(edition: Path) -> None:
    write(edition, "a", "b")
    assert {name for name in entries(edition) if "/" not in name} == {
        "SHA256SUMS", "card.png", "editions.json", "index.html", "llms.txt", "style.css",
    }  # fmt: skip

    with (edition / sums.SUMS).open("a") as file:
        file.write(f"{'0' * 64}  ../../victim\n")
    (edition.parent / "victim").write_text("mine")
    with pytest.raises(UsageError, match="not what was written"):
        write(edition)
    write(edition, force=True)
    assert (edition.parent / "victim").read_text() == "mine"


CHANGED: dict[str, Callable[[Path], object]] = {
    "another page": lambda folder: (folder / "index.html").write_text("mine"),
    "a page through a link": lambda folder: linked(folder, "index.html"),
    "a list through a link": lambda folder: linked(folder, "SHA256SUMS"),
    "a missing file": lambda folder: (folder / "style.css").unlink(),
    "no list": lambda folder: (folder / "SHA256SUMS").unlink(),
    "no list any more": lambda folder: (folder / "SHA256SUMS").write_text("mine"),
    "a folder in a file's place": lambda folder: [(folder / "style.css").unlink(), (folder / "style.css").mkdir()],
    "a pipe in a file's place": lambda folder: [(folder / "style.css").unlink(), os.mkfifo(folder / "style.css")],
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED)
def test_an_edition_that_was_changed_is_replaced_only_by_force(
    edition: Path, whole: dict[str, bytes | str | None], change: Callable[[Path], object]
) -> None:
    change(edition)
    before = there(edition.parent)

    with pytest.raises(UsageError, match="--force"):
        write(edition)
    assert there(edition.parent) == before

    if (edition / "style.css").is_dir():
        with pytest.raises(UsageError, match="lies where a new file is to be"):
            write(edition, force=True)
        (edition / "style.css").rmdir()
    write(edition, force=True)
    assert there(edition) == whole
    assert there(edition.parent).get("outside", b"mine") == b"mine"


IN_THE_WAY = ["editions.json", "b", "b/index.html", "b/index.html/deep", "charts/roles-mid-base.svg"]


@pytest.mark.parametrize("in_the_way", IN_THE_WAY)
def test_what_lies_where_a_new_file_is_to_be_is_not_overwritten(edition: Path, in_the_way: str) -> None:
    (edition / in_the_way).parent.mkdir(parents=True, exist_ok=True)
    (edition / in_the_way).write_text("mine")
    before = there(edition)

    for force in (False, True):
        with pytest.raises(UsageError, match="lies where a new file is to be"):
            write(edition, "a", "b", force=force)
        assert there(edition) == before


def test_a_link_that_is_named_is_the_folder_that_it_leads_to(
    tmp_path: Path, whole: dict[str, bytes | str | None]
) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to("far")
    write(tmp_path / "link")
    write(tmp_path / "link")

    assert (tmp_path / "link").readlink() == Path("far")
    assert there(tmp_path / "far") == whole


def test_an_empty_folder_in_which_one_stands_is_written_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: dict[str, bytes | str | None]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(Path())
    assert there(tmp_path) == whole


def test_a_folder_keeps_its_mode_and_whoever_stands_in_it(
    edition: Path, monkeypatch: pytest.MonkeyPatch, whole: dict[str, bytes | str | None]
) -> None:
    edition.chmod(0o711)
    write(edition)
    assert edition.stat().st_mode & 0o777 == 0o711

    monkeypatch.chdir(edition)
    (edition / "notes.txt").write_text("mine")
    write(Path(), "a", "b")
    write(Path())
    assert there(Path.cwd()) == {**whole, "notes.txt": b"mine"}
    assert [path.name for path in edition.parent.iterdir()] == ["edition"]


#: Forks a process for each edition that it is told to write into a folder; says how they ended, at most after so many
#: seconds, when they are killed.
HOST = f"""
import json, os, resource, signal, sys, time
sys.path[:0] = {[str(Path(artificial.__file__).parent)]!r}
from pathlib import Path
from payguide.guide import layout
from test_output_files import write
for name in layout.environment().list_templates(extensions=["j2"]):
    layout.environment().get_template(name)
def begun(folder, slugs, size):
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        write(Path(folder), *slugs)
        code = 0
    except OSError as error:
        code = error.errno
    finally:
        os._exit(code)
for line in sys.stdin:
    folder, each, size, seconds = json.loads(line)
    children = [begun(folder, slugs, size) for slugs in each]
    if seconds is not None:
        time.sleep(seconds)
        os.kill(children[0], signal.SIGKILL)
    print(json.dumps([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]), flush=True)
"""

Written = Callable[..., list[int]]


@pytest.fixture(scope="module")
def written() -> Iterator[Written]:
    """How processes ended that each wrote editions into a folder: 0, an error's number, or minus the signal."""
    host = subprocess.Popen(
        [sys.executable, "-c", HOST], cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip

    def ended(
        folder: Path,
        *slugs: tuple[str, ...],
        size: int = resource.RLIM_INFINITY,
        killed_after: float | None = None,
    ) -> list[int]:
        assert host.stdin is not None
        assert host.stdout is not None
        host.stdin.write(json.dumps([str(folder), slugs, size, killed_after]) + "\n")
        host.stdin.flush()
        return list(json.loads(host.stdout.readline()))

    yield ended
    host.communicate()


@pytest.mark.few(1)
@pytest.mark.parametrize("size", [5_000, 100, 15_000])
def test_a_full_disk_leaves_the_old_edition_whole(edition: Path, written: Written, size: int) -> None:
    before = there(edition.parent)
    for folder in (edition, edition.parent / "new"):
        assert written(folder, ("a", "b"), size=size) == [errno.EFBIG]
        assert there(edition.parent) == before
        assert [path.name for path in edition.parent.iterdir()] == ["edition"]


def test_a_full_disk_is_said_by_the_command(
    edition: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = there(edition)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(edition))

    monkeypatch.setattr("payguide.guide.sums.seal", full)
    monkeypatch.setattr("payguide.pipeline.editions.build", lambda *_, out, **__: write(out))
    assert run(["build", "--out", str(edition)]) == 1
    assert "[failed]" in (said := capsys.readouterr().err)
    assert "No space left on device" in said
    assert there(edition) == before
    assert [path.name for path in edition.parent.iterdir()] == ["edition"]


@pytest.mark.few(3)
@pytest.mark.parametrize("seed", range(60))
def test_a_killed_build_leaves_the_old_edition_or_the_new_one(
    edition: Path, written: Written, seed: int
) -> None:
    (edition / "notes.txt").write_text("mine")
    old = there(edition)

    (code,) = written(edition, ("a", "b"), killed_after=random.Random(seed).uniform(0, 0.6))

    assert code in (0, -signal.SIGKILL)
    found = there(edition)
    assert sums.changed(edition) == ["added: notes.txt"]
    assert found == old or "editions.json" in found
    write(edition)
    assert there(edition) == old
    assert [path.name for path in edition.parent.iterdir()] == ["edition"]


def test_two_at_once_leave_one_of_the_editions_whole(edition: Path, written: Written) -> None:
    assert written(edition, ("a", "b"), ("c", "d")) == [0, 0]
    assert sums.changed(edition) == []
    assert [path.name for path in edition.parent.iterdir()] == ["edition"]


def test_what_a_killed_run_left_is_known_by_its_whole_name(edition: Path) -> None:
    ours = f".edition.payguide-{'0' * 16}"
    others = [".edition.payguide-notes", f".other.payguide-{'0' * 16}", f"edition.payguide-{'0' * 16}"]
    for name in (ours, *others):
        (edition.parent / name).mkdir()
    (edition.parent / f".edition.payguide-{'1' * 16}").symlink_to("edition")
    write(edition)
    left = sorted(path.name for path in edition.parent.iterdir())
    assert left == sorted(["edition", f".edition.payguide-{'1' * 16}", *others])


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("mine")
    link = tmp_path / "a.pdf"
    link.symlink_to(mine)
    with pytest.raises(IsADirectoryError), atomic_file(link) as made:
        made.mkdir()
    assert link.readlink() == mine
    with atomic_file(link) as made:
        made.write_text("new")
    assert (link.is_symlink(), link.read_text(), mine.read_text()) == (False, "new", "mine")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "mine"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full, the disk that is always full")
def test_a_device_is_written_into_and_stays_a_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.html").write_text("x")
    monkeypatch.setattr(
        "payguide.guide.printed._run", lambda program, page, made, folder: made.write_bytes(b"%PDF-" * 9)
    )
    with pytest.raises(OSError, match="No space"):
        print_page(tmp_path / "index.html", Path("/dev/full"), sys.executable)
    assert Path("/dev/full").is_char_device()


def test_an_edition_reads_as_it_was_written(edition: Path) -> None:
    assert editions.read(edition).manifest["slug"] == "a"
    assert sums.changed(edition) == []
