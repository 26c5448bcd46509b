"""Collect, decode and build killed at any moment: repeated, they end as if nothing had happened.

Real processes of the command line meet `kill -9` at a random moment of their undisturbed time, some of them twice, and
are then simply started again. They are forked by a host that has imported what they need, so that they are killed while
they work and not while they start. 1 moment is tried here, 200 with the slow tests.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from payguide.evidence.store import Store

#: The command line, with chunks so small that a few boards take many commits.
MAIN = """
from payguide.evidence.store import writer
from payguide.serve.cli.main import main
writer.CHUNK_BYTES, writer.CHUNK = 13_000, 40
"""

#: Forks a process for each command line that it is told, kills it after so many seconds where it is told to, and says
#: how it ended. No file of it may grow beyond so many bytes, which is how a process meets a full disk.
HOST = f"""
import json, os, resource, select, signal, sys
import pyarrow
from payguide.decode.posting import read_posting
from payguide.serve.cli import build, collect, decode
{MAIN}
# the vocabularies are read, and what Arrow asks for at its first list is imported
read_posting(id="1", title="ML Engineer", text="Pay: $190k. 5+ years.", location="Berlin", employer="Acme")
pyarrow.array([""])
for line in sys.stdin:
    folder, out, arguments, environment, killed_after, largest = json.loads(line)
    if arguments[0] == "build":
        from payguide.pipeline import editions
    child = os.fork()
    if not child:
        code = 1
        try:
            os.chdir(folder)
            os.environ.update(environment)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.dup2(os.open(f"{{out}}.err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
            sys.argv[1:] = arguments
            main()
        except SystemExit as end:
            sys.stdout.flush()
            code = end.code
        finally:
            sys.stderr.flush()
            os._exit(code)
    if killed_after is not None:
        with open(os.pidfd_open(child)) as ended:
            select.select([ended], [], [], killed_after)
        os.kill(child, signal.SIGKILL)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
TITLES = (
    "ML Engineer",
    "Senior Machine Learning Engineer",
    "Staff ML Engineer",
    "MLOps Engineer",
    "Account Executive",
)
PLACES = ("San Francisco, CA", "New York, NY", "Remote - US", "Berlin")


def boards(folder: Path) -> Path:
    """Recorded answers of 30 made-up employers with 8 postings each, in the shape of an Ashby board."""
    dice = random.Random(11)
    for employer in range(30):
        jobs = []
        for number in range(8):
            low = dice.randrange(90, 240)
            text = f"We build models.\n\nSalary: ${low}k - ${low + dice.randrange(10, 80)}k. Python, PyTorch, 5+ years."
            jobs.append({
                "id": f"{employer}-{number}", "title": dice.choice(TITLES), "location": dice.choice(PLACES),
                "isListed": True, "publishedAt": "2026-05-01T00:00:00.000+00:00", "descriptionPlain": text,
                "jobUrl": f"https://jobs.example/{employer}/{number}",
            })  # fmt: skip
        path = folder / "ashby" / f"employer-{employer}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"apiVersion": "1", "jobs": jobs}), encoding="utf-8")
    return folder


def hashes(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in paths}


@dataclass(frozen=True)
class Command:
    """One command, what it leaves behind as something that can be compared, and its undisturbed seconds."""

    name: str
    seconds: float
    left: object


class Host:
    """Starts command lines, each in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-c", HOST]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(
        self,
        folder: Path,
        out: str,
        arguments: list[str],
        killed_after: float | None = None,
        largest: int = resource.RLIM_INFINITY,
    ) -> int:
        """Run a command line to its end, or kill it after so many seconds; its exit code, or minus the signal."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        told = [str(folder), out, arguments, dict(os.environ), killed_after, largest]
        self._process.stdin.write(f"{json.dumps(told)}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End with the commands that it was told."""
        self._process.communicate()


@dataclass(frozen=True)
class Place:
    """A folder in which commands work, with the input that all share, and where the evidence lies."""

    folder: Path
    shared: Path
    host: Host
    evidence: str = "evidence"

    def arguments(self, name: str) -> list[str]:
        """What a command is given."""
        return {
            "collect": [
                "collect", f"recorded:{self.shared / 'boards'}", "--evidence", self.evidence,
                "--retrieved", "2026-06-01",
            ],
            "decode": ["decode", str(self.shared / "postings.jsonl")],
            "build": ["build", "--evidence", self.evidence, "--out", "edition"],
        }[name]  # fmt: skip

    def end(self, name: str) -> None:
        """Run a command to its end."""
        assert self.host.run(self.folder, f"{name}.out", self.arguments(name)) == 0

    def kill(self, name: str, after: float) -> None:
        """Begin a command and kill it after so many seconds, which may be just after its end."""
        code = self.host.run(self.folder, f"{name}.out", self.arguments(name), after)
        assert code in (-signal.SIGKILL, 0)

    def left(self, name: str) -> object:
        """What a command leaves: the evidence it made, the edition's files, or what it printed."""
        if name == "collect":
            store = Store.open(
                self.evidence if self.evidence.startswith("s3:") else self.folder / self.evidence
            )
            return store.fingerprint, store.counts_by_source()
        return (
            hashes(self.folder / "edition") if name == "build" else (self.folder / "decode.out").read_bytes()
        )


@dataclass(frozen=True)
class Undisturbed:
    """The input that all share, evidence that was collected of it, and each command as it ends without disturbance."""

    shared: Path
    collected: Path
    host: Host
    commands: dict[str, Command]

    def command(self, name: str) -> Command:
        """A command that ends without disturbance, once."""
        if name not in self.commands:
            calm, began = self.place(self.shared), time.perf_counter()
            calm.end(name)
            self.commands[name] = Command(name, time.perf_counter() - began, calm.left(name))
        return self.commands[name]

    def place(self, folder: Path, evidence: str = "evidence") -> Place:
        """Where commands work on the same input."""
        return Place(folder, self.shared, self.host, evidence)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Undisturbed]:
    shared, host = tmp_path_factory.mktemp("shared"), Host()
    boards(shared / "boards")
    postings = [
        {"id": n, "title": TITLES[n % 5], "text": f"Pay: ${n}0k. Remote." * 9} for n in range(1, 1000)
    ]
    (shared / "postings.jsonl").write_text("\n".join(map(json.dumps, postings)), encoding="utf-8")
    found = Undisturbed(shared, shared / "collected", host, {})
    found.command("collect")
    shutil.copytree(shared / "evidence", found.collected)
    yield found
    host.close()


def test_a_full_disk_is_named_and_nothing_is_lost(undisturbed: Undisturbed, tmp_path: Path) -> None:
    place = undisturbed.place(tmp_path)

    code = place.host.run(tmp_path, "collect.out", place.arguments("collect"), largest=15_000)

    said = (tmp_path / "collect.out.err").read_text()
    assert code == 1
    assert "error [store] evidence/" in said
    assert "free space or give write access, then repeat" in said
    assert "Traceback" not in said
    place.end("collect")
    assert place.left("collect") == undisturbed.command("collect").left


#: (seed, command): building takes longest and is tried less often.
#: Tried at once: a collection.
QUICK = (0,)

MOMENTS = [(seed, ("collect", "decode", "collect", "build", "collect")[seed % 5]) for seed in range(200)]


@pytest.mark.parametrize(
    ("seed", "name"),
    [pytest.param(*moment, marks=() if moment[0] in QUICK else pytest.mark.slow) for moment in MOMENTS],
)
def test_a_killed_command_is_simply_repeated(
    undisturbed: Undisturbed, tmp_path: Path, seed: int, name: str
) -> None:
    place, command, dice = undisturbed.place(tmp_path), undisturbed.command(name), random.Random(seed)
    if name == "build":
        shutil.copytree(undisturbed.collected, tmp_path / "evidence")
    for _ in range(dice.choice((1, 1, 2))):
        place.kill(name, dice.uniform(0, command.seconds))
    place.end(name)

    assert place.left(name) == command.left


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_killed_collection_into_storage_is_simply_repeated(
    undisturbed: Undisturbed, tmp_path: Path, s3: str, seed: int
) -> None:
    place, command, dice = (
        undisturbed.place(tmp_path, s3),
        undisturbed.command("collect"),
        random.Random(seed),
    )
    place.kill("collect", command.seconds * dice.uniform(0.5, 3))
    place.end("collect")

    assert place.left("collect") == command.left


@pytest.mark.slow
def test_the_edition_from_storage_is_that_from_a_folder(
    undisturbed: Undisturbed, tmp_path: Path, s3: str
) -> None:
    place = undisturbed.place(tmp_path, s3)
    place.end("collect")
    place.end("build")
    assert place.left("build") == undisturbed.command("build").left
