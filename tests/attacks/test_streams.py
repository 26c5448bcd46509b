"""Standard streams that are closed, full or left, and commands that are ended: a clear end, and nobody who goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "guide"))
import artificial

from payguide.guide import edition as editions
from payguide.serve.cli.main import run

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="no /proc, where processes are looked at"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with postings, profiles and an edition."""
    made = tmp_path_factory.mktemp("streams")
    posting = {"title": "ML Engineer", "text": "Pay: $180,000 - $190,000."}
    (made / "postings").write_text("".join(json.dumps({**posting, "id": n}) + "\n" for n in range(400)))
    profile = {"role": "ml_engineer", "component": "base"}
    (made / "profiles").write_text("".join(json.dumps({**profile, "id": n}) + "\n" for n in range(400)))
    editions.write(artificial.edition(), made / "edition")
    return made


#: Commands, quick ones first, with their exit codes.
COMMANDS = {
    "--version": 0,
    "--help": 0,
    "build --help": 0,
    "decode postings": 0,
    "decode postings --jobs 2": 0,
    "predict profiles": 0,
    "estimate --years 7": 0,
    "estimate --years 7 --json": 0,
    "claims --edition edition": 0,
    "claims --edition edition --json": 0,
    "evidence show band.mid.base.p50 --edition edition": 0,
    "diff edition edition": 0,
    "nonsense": 2,
    "decode absent": 3,
    "doctor": 0,
}

#: How a shell leaves a stream: what comes behind the command, and whether the reader of standard output is gone.
STREAMS = {
    "no input": "<&-",
    "no output": ">&-",
    "no messages": "2>&-",
    "no stream at all": "<&- >&- 2>&-",
    "a reader that left": "| true",
    "a full disk": ">/dev/full",
    "messages to a full disk": "2>/dev/full",
}


def shell(folder: Path, line: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """What bash makes of a command line; `payguide` is this one."""
    program = f'payguide() {{ "{sys.executable}" -m payguide "$@"; }}\n{line}'
    return subprocess.run(
        ["bash", "-c", program], cwd=folder, capture_output=True, text=True, check=False, **how
    )


@pytest.mark.few(5)
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("stream", STREAMS)
def test_no_stream_makes_a_command_fail_in_a_way_it_should_not(
    folder: Path, stream: str, command: str
) -> None:
    ran = shell(folder, f"payguide {command} {STREAMS[stream]}; exit ${{PIPESTATUS[0]}}")

    full = stream == "a full disk" and COMMANDS[command] == 0
    assert ran.returncode == (1 if full else COMMANDS[command])
    assert not [word for word in ("Traceback", "bug", "Exception", "Errno") if word in ran.stderr]
    assert ("[failed] No space left on device" in ran.stderr) is full


@pytest.mark.slow
@pytest.mark.parametrize("stream", STREAMS)
def test_no_stream_makes_a_build_fail(folder: Path, tmp_path: Path, stream: str) -> None:
    ran = shell(tmp_path, f"payguide build --out edition {STREAMS[stream]}; exit ${{PIPESTATUS[0]}}")

    assert ran.returncode == (1 if stream == "a full disk" else 0)
    assert "Traceback" not in ran.stderr
    assert "bug" not in ran.stderr
    assert (tmp_path / "edition" / "SHA256SUMS").is_file()
    assert (
        shell(tmp_path, f"payguide verify edition {STREAMS[stream]}; exit ${{PIPESTATUS[0]}}").returncode == 0
    )


def test_what_a_reader_wanted_is_all_that_is_written(folder: Path) -> None:
    ran = shell(folder, "payguide decode postings | head -n 1; exit ${PIPESTATUS[0]}")

    assert (ran.returncode, ran.stdout.count("\n")) == (0, 1)
    assert "error" not in ran.stderr


def test_letters_that_an_output_lacks_are_written_as_escapes(folder: Path) -> None:
    ran = shell(folder, "PYTHONIOENCODING=ascii payguide estimate --grade Zoë")
    assert ran.returncode == 0
    assert "Zo\\xeb" in ran.stderr


#: Works side by side for half a minute in processes, as fitting does.
FITTING = """
import sys, time
from payguide.fit import parallel
from payguide.serve.cli import doctor
from payguide.serve.cli.main import main
parallel.WORTH_IT = 0
def work(mark):
    open(mark, "w").close()
    time.sleep(30)
marks, sys.argv[1:] = sys.argv[1:], ["doctor"]
doctor._checks = lambda _: parallel.parallel_map(work, marks, 1)
main()
"""


def begun(name: str, folder: Path, own: Path) -> subprocess.Popen[bytes]:
    """A command at work in two processes of its own, which hold its streams; decoding waits for more lines."""
    marks = [own / "one", own / "other"]
    arguments = (
        ["-c", FITTING, *map(str, marks)]
        if name == "fit"
        else ["-m", "payguide", "decode", "-", "--jobs", "2"]
    )
    process = subprocess.Popen(
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, env={**os.environ, "LOKY_MAX_CPU_COUNT": "2"},
    )  # fmt: skip
    assert process.stdin is not None
    if name == "decode":
        process.stdin.write((folder / "postings").read_bytes())
        process.stdin.flush()
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    end = time.monotonic() + 60
    while (
        not all(mark.exists() for mark in marks) if name == "fit" else len(children.read_text().split()) < 2
    ):
        assert time.monotonic() < end
        time.sleep(0.05)
    time.sleep(0.2)
    return process


@pytest.fixture(params=["decode", "fit"])
def at_work(
    request: pytest.FixtureRequest, folder: Path, tmp_path: Path
) -> Iterator[subprocess.Popen[bytes]]:
    process = begun(request.param, folder, tmp_path)
    yield process
    process.kill()
    process.communicate()


def test_workers_end_with_a_command_that_is_killed(at_work: subprocess.Popen[bytes]) -> None:
    at_work.kill()

    # both streams end when the last process that holds them has ended
    at_work.communicate(timeout=20)
    assert at_work.returncode == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.parametrize("name", ["decode", "fit"])
@pytest.mark.parametrize(
    ("number", "whole"),
    [
        (signal.SIGINT, True),
        (signal.SIGTERM, False),
        (signal.SIGTERM, True),
        (signal.SIGINT, False),
        (signal.SIGHUP, False),
    ],
    ids=["Ctrl-C", "SIGTERM", "SIGTERM to all", "SIGINT to one", "SIGHUP"],
)
def test_a_command_that_is_told_to_end_ends_with_its_workers(
    folder: Path, tmp_path: Path, name: str, number: signal.Signals, whole: bool
) -> None:
    process = begun(name, folder, tmp_path)
    (os.killpg if whole else os.kill)(process.pid, number)

    try:
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 128 + number
    assert b"[stopped]" in said
    assert not [word for word in (b"Traceback", b"bug", b"Exception") if word in said]


#: Decodes in two processes; a signal comes to both and to their parent at a moment of each fork.
FORKING = """
import os, signal, sys
# who runs the tests in the background, or by nohup, ignores these, and so would every process of theirs
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from payguide.serve.cli.main import main
when, number = sys.argv[1], int(sys.argv[2])
os.register_at_fork(**{when: lambda: os.killpg(0, number)})
sys.argv[1:] = ["decode", "postings", "--jobs", "2"]
main()
"""


@pytest.mark.few(2)
@pytest.mark.parametrize("when", ["after_in_parent", "before", "after_in_child"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_is_not_lost_while_workers_are_forked(
    folder: Path, when: str, number: signal.Signals
) -> None:
    command = [sys.executable, "-c", FORKING, when, str(int(number))]
    ran = subprocess.run(
        command, cwd=folder, capture_output=True, check=False, start_new_session=True, timeout=60
    )
    assert ran.returncode == 128 + number
    assert not [word for word in (b"Traceback", b"bug", b"ignored") if word in ran.stderr]


def test_what_is_told_to_end_leaves_nothing_half_made(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom payguide.base.atomic import atomic_folder\n"
        "from payguide.serve.cli import doctor\nfrom payguide.serve.cli.main import main\n"
        "def check(_):\n"
        f"    with atomic_folder(Path({str(tmp_path / 'new')!r}), lambda new: new) as made:\n"
        "        print('made', made, flush=True)\n        time.sleep(60)\n"
        "doctor._checks = check\nsys.argv[1:] = ['doctor']\nmain()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("made")
    process.terminate()

    _, said = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in said) == (143, False)
    assert list(tmp_path.iterdir()) == []


def test_a_file_at_standard_input_that_is_none_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["decode", str(folder)]) == 3
    assert "Is a directory" in capsys.readouterr().err
