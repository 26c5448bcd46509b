"""Work that falls into independent parts, done side by side.

The folds of cross-fitting know nothing of each other. Processes, not threads: the sums over groups hold Python's lock.
Results do not depend on how many there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from payguide.base.workers import begin_worker

Task = TypeVar("Task")
Result = TypeVar("Result")

#: From so many rows on, the parts take longer than processes take to begin.
WORTH_IT: Final = 5_000
#: Arrays of so many bytes are handed over once, as files in memory, not with every task.
SHARED: Final = 50_000


def parallel_map(work: Callable[[Task], Result], tasks: Sequence[Task], rows: int) -> list[Result]:
    """`work` of each task, in order; in a process for each processor where the tasks are about so many rows.

    Raises what the work raises.
    """
    if rows < WORTH_IT:
        return [work(task) for task in tasks]
    # loaded when there is something to share out: who fits nothing does not wait for it
    from joblib import Parallel, cpu_count, delayed, parallel_config

    jobs = min(cpu_count(), len(tasks))
    if jobs < 2:
        return [work(task) for task in tasks]
    # a process for each processor: each computes on one thread
    with parallel_config("loky", inner_max_num_threads=1):
        pool = Parallel(n_jobs=jobs, max_nbytes=SHARED, initializer=begin_worker, initargs=(os.getpid(),))
        found: list[Result] = pool(delayed(work)(task) for task in tasks)
    return found
