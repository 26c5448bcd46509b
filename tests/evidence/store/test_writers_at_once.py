"""Real processes that write to one store at the same moment, some of them killed and simply started again.

A process forks a writer for each number. They read documents that overlap, each in an order of its own; every document
is a commit of each table.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import drawn_evidence as drawn
import pytest
import writers

from payguide.base.inputs import Document, Reading, Rejection
from payguide.evidence.store import Store, writer

#: How many processes; each reads so many documents, of which the next one reads half as well.
PROCESSES, DOCUMENTS = 3, 4

#: Where a program of its own finds this module and what it imports.
TESTS = ":".join(map(str, Path(__file__).parents[:2]))

HOST = """
import os, random, signal, sys, time
sys.path[:0] = sys.argv[1].split(":")
import test_writers_at_once as here

place, seed, kills = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
dice = random.Random(seed)

def start(number):
    child = os.fork()
    if not child:
        here.run(place, number, seed)
        os._exit(0)
    return child

running = {start(number): number for number in range(here.PROCESSES)}
for _ in range(kills):
    time.sleep(dice.uniform(0, 0.6))
    child = dice.choice(list(running))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    number = running.pop(child)
    running[start(number)] = number
while running:
    child, status = os.wait()
    print(running.pop(child), os.waitstatus_to_exitcode(status), flush=True)
"""


def read(number: int) -> tuple[Document, Reading]:
    """The document of a number: four statements, one that breaks the contract, two postings, a row that is wrong."""
    lines = [{"record": f"{number}-{k}", "pay": f"{100_000 + k}", "skills": "sql"} for k in range(4)]
    stated = [*map(drawn.observation, lines), drawn.observation({"record": f"{number}-bad", "pay": "1"})]
    unread = (Rejection("not_a_number", "?", f"row {number}", "board"),)
    return drawn.document(f"document {number}".encode()), Reading(
        tuple(stated), tuple(map(drawn.posting, lines[:2])), unread
    )


def run(place: str, number: int, seed: int) -> None:
    """Append the documents of one process, in an order of its own."""
    documents = [number * DOCUMENTS // 2 + n for n in range(DOCUMENTS)]
    random.Random(f"{seed}-{number}").shuffle(documents)
    writer.CHUNK_BYTES = 1
    Store.open(place, create=True).append(map(read, documents), command=f"process {number}")


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> writers.Left:
    """What is left when the processes run one after the other."""
    folder = tmp_path_factory.mktemp("calm")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "CHUNK_BYTES", 1)
        for number in range(PROCESSES):
            run(str(folder), number, 0)
    return writers.left(folder)


#: Where, how many kills, which dice.
TRIED = [
    pytest.param(
        place, kills, seed, marks=() if (place, kills, seed) == ("folder", 3, 0) else pytest.mark.slow
    )
    for place in ("folder", "s3")
    for kills in (0, 3)
    for seed in range(25)
]


@pytest.mark.parametrize(("place", "kills", "seed"), TRIED, indirect=["place"])
def test_processes_at_once_leave_what_they_leave_one_after_the_other(
    place: str, calm: writers.Left, kills: int, seed: int
) -> None:
    command = [sys.executable, "-c", HOST, TESTS, place, str(seed), str(kills)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert Counter(ran.stdout.splitlines()) == Counter(f"{number} 0" for number in range(PROCESSES)), (
        ran.stderr
    )

    assert writers.left(place) == calm
    ended = [run["command"] for run in Store.open(place).runs()]
    # one that is killed after its last commit has ended, and ends again
    assert set(ended) == {f"process {number}" for number in range(PROCESSES)}
    assert PROCESSES <= len(ended) <= PROCESSES + kills
