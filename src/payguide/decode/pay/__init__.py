"""Pay read from a posting's text, as a careful reader would write it down.

A linear scan finds the amounts (`amounts`), neighbours become ranges (`pairing`), a bounded window of words
around each says whether it is pay for this job (`context`, `accept`), on which basis, for which period
(`period`), for whom (`scope`); `bands` keeps each distinct band once. Vocabulary and currencies are data.
"""

from payguide.decode.pay.reader import read_pay

__all__ = ["read_pay"]
