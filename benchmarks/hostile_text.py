"""Does reading take time in proportion to the text, whatever the text? `python benchmarks/hostile_text.py`

Attacks are generated: every piece of a list repeated, pairs of pieces repeated, and soups of pieces (a fixed seed).
Each is read in two lengths by every reader. Prints the slowest and the steepest and ends with 1 where 20 KB take
over 50 ms or 200 KB over 12 times that. A ratio of two tiny times says nothing, so the shorter counts as a
millisecond at least; what is steep is measured again before it is believed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from payguide.decode.html import plain_text
from payguide.decode.pay import read_pay
from payguide.decode.posting import read_posting

SHORT, LONG = 20_000, 200_000
MOST_MS, MOST_TIMES = 50.0, 12.0
PIECES: Final = (
    "1", "$1", "1,", "1.", "1 ", "1'", "$", "$$", ",", "USD", "USD 1 ", "$1k ", "$1-", "1%", "1€",
    "1 lakh ", "(1", "(", "[", "$100,000 - ", "$100,000 to ", "$90k-$100k\n", "salary ", "salary 100000 ",
    "pay: $90,000-$100,000\n", "1 to ", "up to ", "Minimum: $9 Maximum: ", "min max ", "zone a ", "\n", " ",
    "\u00a0", "万", "１", "é", "İ", "🔹", "\x00", "|", " | ", "• ", "<", ">", "<a ", "<a>", "</a>", "<!--",
    "-->", "&lt;", "&amp;", "&", "<li>\n", "<script>", "<div><p>", "<b", "'", "\"", "go r c ", "Go, R, C, ",
    "http://", "://a", "5+ years of ", "years ", "one ", "(5) years ", "PhD preferred, ", "BS/MS ",
    "degree ", "hybrid ", "remote | ", "not remote ", "3 days a week in office ", "location: ", "mentor ",
    "own ", "Requirements\n- PhD\n", "Requirements\n", "nice to have: ", ". ", "; ", "x", "x" * 50 + " ",
    "Berlin, ", "NY / ", "or ", "ML Engineer, ", "a.", "_", "-", "–",
)  # fmt: skip
READERS: Final[dict[str, Callable[[str], object]]] = {
    "pay": read_pay,
    "html": plain_text,
    "posting": lambda text: read_posting(id="1", title=text, text=text, location=text, employer=text),
    "posting, html": lambda text: read_posting(id="1", title="", html=text),
}


class Took(NamedTuple):
    """Milliseconds for the short and the long text, and their ratio."""

    reader: str
    piece: str
    short: float
    long: float

    @property
    def times(self) -> float:
        """How many times the short text's time the long one takes."""
        return self.long / max(self.short, 1.0)

    @property
    def is_over(self) -> bool:
        """Whether a limit is broken."""
        return self.short > MOST_MS or self.times > MOST_TIMES


def attacks() -> Iterator[str]:
    """The pieces, pairs of them, and soups."""
    yield from PIECES
    dice = random.Random(7)
    for _ in range(120):
        yield "".join(dice.sample(PIECES, 2))
    for _ in range(60):
        yield "".join(dice.choices(PIECES, k=400))


def milliseconds(reader: Callable[[str], object], text: str, runs: int) -> float:
    """The best of some runs, in this process's own time."""
    times = []
    for _ in range(runs):
        began = time.process_time()
        reader(text)
        times.append(time.process_time() - began)
    return min(times) * 1e3


def measure(name: str, piece: str, runs: int) -> Took:
    """Read a piece repeated to both lengths."""
    reader = READERS[name]
    short, long = ((piece * (size // len(piece) + 1))[:size] for size in (SHORT, LONG))
    return Took(name, piece, milliseconds(reader, short, runs), milliseconds(reader, long, runs))


def show(title: str, some: list[Took]) -> None:
    """A few measurements as lines."""
    print(title)
    for took in some:
        print(
            f"  {took.reader:14} {took.piece!r:42.42} {took.short:7.2f} ms {took.long:8.2f} ms  x{took.times:.1f}"
        )


def main() -> int:
    """Measure, print, and say whether a limit is broken."""
    for reader in READERS.values():
        reader("Berlin, Springfield, IL $1 5 years")  # loads the vocabularies
    taken = [measure(name, piece, 1) for name in READERS for piece in attacks()]
    taken = [measure(took.reader, took.piece, 5) if took.is_over else took for took in taken]
    show("slowest", sorted(taken, key=lambda took: -took.short)[:8])
    show("steepest", sorted(taken, key=lambda took: -took.times)[:8])
    over = [took for took in taken if took.is_over]
    print(f"{len(taken)} attacks, {len(over)} over {MOST_MS:.0f} ms or {MOST_TIMES:.0f} times")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
