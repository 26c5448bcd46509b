"""Collect, decode and build killed at any moment: repeated, they end as if nothing had happened.

Real processes of the command line meet `kill -9` at a random moment of their undisturbed time, some of them twice, and
are then simply started again. 20 moments are tried here, 200 with the slow tests.
"""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from payguide.evidence.store import Store

#: The command line, with chunks so small that a few boards take many commits.
MAIN = """
from payguide.evidence import writer
writer.CHUNK_BYTES, writer.CHUNK = 20_000, 40
from payguide.serve.cli.main import main
main()
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
                "isListed": True, "publishedAt": "2026-05-01T00:00:00.000+00:00", "descriptionPlain": text * 3,
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


@dataclass(frozen=True)
class Place:
    """A folder in which a command works, with the input that all share, and where the evidence lies."""

    folder: Path
    shared: Path
    evidence: str = "evidence"

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Begin a command in a process of its own."""
        arguments = {
            "collect": [
                "collect", f"replay:{self.shared / 'boards'}", "--evidence", self.evidence, "--retrieved", "2026-06-01",
            ],
            "decode": ["decode", str(self.shared / "postings.jsonl")],
            "build": ["build", "--evidence", self.evidence, "--out", "edition"],
        }[name]  # fmt: skip
        with (self.folder / f"{name}.out").open("wb") as out:
            command = [sys.executable, "-c", MAIN, *arguments]
            return subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=self.folder)

    def end(self, name: str) -> None:
        """Run a command to its end."""
        process = self.start(name)
        assert process.wait() == 0

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


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Command]]:
    """The shared input with a collected evidence, and each command as it ends without disturbance."""
    shared = tmp_path_factory.mktemp("shared")
    boards(shared / "boards")
    postings = [
        {"id": n, "title": TITLES[n % 5], "text": f"Pay: ${n}0k. Remote." * 9} for n in range(1, 1500)
    ]
    (shared / "postings.jsonl").write_text("\n".join(map(json.dumps, postings)), encoding="utf-8")
    calm = Place(shared, shared)
    commands = {}
    for name in ("collect", "decode", "build"):
        began = time.perf_counter()
        calm.end(name)
        commands[name] = Command(name, time.perf_counter() - began, calm.left(name))
    return shared, commands


#: A disk that is full, as a process meets it: no file may grow beyond so many bytes.
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (15_000, 15_000))"


def test_a_full_disk_is_named_and_nothing_is_lost(
    undisturbed: tuple[Path, dict[str, Command]], tmp_path: Path
) -> None:
    shared, commands = undisturbed
    place = Place(tmp_path, shared)
    arguments = [
        "collect",
        f"replay:{shared / 'boards'}",
        "--evidence",
        "evidence",
        "--retrieved",
        "2026-06-01",
    ]
    command = [sys.executable, "-c", f"{FULL}\n{MAIN}", *arguments]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert "error [store] evidence/" in ran.stderr
    assert "free space or give write access, then repeat" in ran.stderr
    assert "Traceback" not in ran.stderr
    place.end("collect")
    assert place.left("collect") == commands["collect"].left


#: (seed, command): building takes longest and is tried less often.
MOMENTS = [(seed, ("collect", "decode", "collect", "build", "collect")[seed % 5]) for seed in range(200)]


@pytest.mark.parametrize(
    ("seed", "name"),
    [pytest.param(*moment, marks=pytest.mark.slow if moment[0] >= 20 else ()) for moment in MOMENTS],
)
def test_a_killed_command_is_simply_repeated(
    undisturbed: tuple[Path, dict[str, Command]], tmp_path: Path, seed: int, name: str
) -> None:
    shared, commands = undisturbed
    place, dice = Place(tmp_path, shared), random.Random(seed)
    if name == "build":
        place.end("collect")
    for _ in range(dice.choice((1, 1, 2))):
        process = place.start(name)
        time.sleep(dice.uniform(0, commands[name].seconds))
        process.kill()
        process.wait()
    place.end(name)

    assert place.left(name) == commands[name].left


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_a_killed_collection_into_storage_is_simply_repeated(
    undisturbed: tuple[Path, dict[str, Command]], tmp_path: Path, s3: str, seed: int
) -> None:
    shared, commands = undisturbed
    place, dice = Place(tmp_path, shared, s3), random.Random(seed)
    process = place.start("collect")
    time.sleep(commands["collect"].seconds * dice.uniform(0.5, 3))
    process.kill()
    process.wait()
    place.end("collect")

    assert place.left("collect") == commands["collect"].left


@pytest.mark.slow
def test_the_edition_from_storage_is_that_from_a_folder(
    undisturbed: tuple[Path, dict[str, Command]], tmp_path: Path, s3: str
) -> None:
    shared, commands = undisturbed
    place = Place(tmp_path, shared, s3)
    place.end("collect")
    place.end("build")
    assert place.left("build") == commands["build"].left
