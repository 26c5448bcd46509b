"""How the work of a call grows with its input. Seconds are never held to a limit: a machine may be slow or busy; what
is quadratic shows whatever the machine is.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

#: the longer input is so many times the shorter one
TIMES = 4
#: of so many looks the best counts: what else the machine does disturbs some of them, a quadratic walk shows in all
LOOKS = 6


def _seconds(act: Callable[[], object]) -> float:
    """CPU seconds of one call, rubbish not collected meanwhile."""
    gc.collect()
    gc.disable()
    began = time.process_time()
    try:
        act()
    finally:
        gc.enable()
    return time.process_time() - began


def grows_linearly(act: Callable[[int], object], size: int) -> bool:
    """Whether `TIMES` as much work takes less than twice `TIMES` as long, once what can be kept is kept.

    A walk that looks at everything twice takes `TIMES` squared as long; one that takes no time is linear.
    """
    act(max(1, size // 10))
    for _ in range(LOOKS):
        longer = _seconds(lambda: act(TIMES * size))
        if longer < 0.1 or longer < 2 * TIMES * _seconds(lambda: act(size)) + 0.05:
            return True
    return False
