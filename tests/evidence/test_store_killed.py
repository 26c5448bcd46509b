"""A store whose writer is killed stays readable, and repeating the run adds exactly what is missing."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from payguide.evidence.store import Store

WRITER = """
    import sys, time
    from pathlib import Path
    sys.path.insert(0, {tests!r})
    import drawn_evidence as drawn
    from payguide.base.records import Reading
    from payguide.evidence import writer
    from payguide.evidence.store import Store

    writer.write.__kwdefaults__["chunk"] = 5  # many commits, so that a kill falls between some
    store = Store.open(Path({folder!r}), create=True)
    def items():
        for number in range({total}):
            observation = drawn.observation({{"record": f"r{{number}}", "pay": str(100_000 + number)}})
            document = drawn.document(str(number).encode())
            yield document, Reading(observations=(observation,))
            if number % 5 == 4:
                print(number, flush=True)
                time.sleep({pause})
    store.append(items(), command="test")
    print("done", flush=True)
"""
TOTAL = 40


def writer(folder: Path, pause: float) -> subprocess.Popen[str]:
    code = WRITER.format(tests=str(Path(__file__).parent), folder=str(folder), total=TOTAL, pause=pause)
    return subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)


def counts(folder: Path) -> tuple[int, int]:
    found = Store.open(folder).counts_by_source().values()
    return sum(one["observations"] for one in found), sum(one["documents"] for one in found)


@pytest.mark.parametrize("after", [0.0, 0.05, 0.15])
def test_a_killed_run_is_repeated_without_loss_or_double(tmp_path: Path, after: float) -> None:
    process = writer(tmp_path, pause=0.1)
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    landed = counts(tmp_path)
    assert 0 < landed[0] < TOTAL
    # a document is on record only when all that was read from it is
    assert landed[1] <= landed[0]

    again = writer(tmp_path, pause=0.0)
    out, _ = again.communicate(timeout=60)
    assert out.endswith("done\n")
    assert counts(tmp_path) == (TOTAL, TOTAL)
