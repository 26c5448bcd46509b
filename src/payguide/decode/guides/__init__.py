"""Published salary guides read into claims: the page (`page`, `grid`), its figures and whose they are (`figures`,
`mentions`, `subject`), what else it asserts (`percents`, `comparisons`, `duties`), and the test of each (`formal`).
"""

from payguide.decode.guides.reader import read_guide

__all__ = ["read_guide"]
