"""Does reading take time in proportion to the text, whatever the text? `python benchmarks/hostile_text.py`

Prints, for each reader and each text made of one piece repeated, the ratio of the times for ten times the
text: about 10 is linear, about 100 quadratic. Ratios within one run hold on any machine; seconds do not.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from payguide.decode.html import plain_text
from payguide.decode.pay import read_pay
from payguide.decode.profile import read_profile

SHORT, LONG = 20_000, 200_000
PIECES = (
    "1", "$1", "1,", "$1k ", "$100,000 - ", "USD 1 ", "1%", "salary 100000 ", "(1", "1€", "1 to ", "\n",
    "Minimum: $9 Maximum: ", "<", "<a ", "<!--", "&lt;", "<li>\n", "go r c ", "5+ years of ", "PhD preferred, ",
    "hybrid ", "not remote ", "mentor ", "Requirements\n- PhD\n", "x" * 50 + " ",
)  # fmt: skip
READERS: dict[str, Callable[[str], object]] = {
    "pay": read_pay,
    "html": plain_text,
    "profile": lambda text: read_profile(title="ML Engineer", text=text),
}


def seconds(reader: Callable[[str], object], text: str) -> float:
    """The best of three runs, in seconds of this process."""
    times = []
    for _ in range(3):
        began = time.process_time()
        reader(text)
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    for name, reader in READERS.items():
        for piece in PIECES:
            short, long = (seconds(reader, (piece * size)[:size]) for size in (SHORT, LONG))
            print(
                f"{name:8} {piece!r:28.28} {short * 1e3:8.2f} ms {long * 1e3:9.2f} ms  x{long / max(short, 1e-4):.1f}"
            )
