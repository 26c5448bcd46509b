"""Finding an employer's job board: names that it would bear are asked for, and what answers is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from payguide.base.errors import InputError, SourceUnavailable
from payguide.collect import cards
from payguide.collect.boards import Visit, today
from payguide.collect.client import Client
from payguide.collect.connectors import connector_of
from payguide.collect.live import BoardName
from payguide.collect.recognise_board import employer_of

#: Systems whose boards are found by a name alone.
SYSTEMS: Final = (*cards.boards(), "rippling")
#: A first word with fewer letters is many employers'.
_TELLING: Final = 5


@dataclass(frozen=True, slots=True)
class Found:
    """A board that answers: how many postings it has, and how it names its employer (empty where it does not)."""

    board: BoardName
    postings: int
    says: str


def guesses(words: Sequence[str]) -> list[str]:
    """The names that a board of an employer may bear, the likeliest first. `words` are the employer's."""
    first = words[0] if words and len(words[0]) >= _TELLING else ""
    return list(dict.fromkeys(filter(None, ("".join(words), "-".join(words), first))))


def find_boards(words: Sequence[str], client: Client) -> Iterator[Found]:
    """The boards that answer to an employer's name and have postings, system by system. One that is closed, refuses or
    answers with something else is none.
    """
    for source in SYSTEMS:
        for name in guesses(words):
            # titles are not looked at: no posting is asked for by itself
            visit = Visit(source, name, client, today(), wanted=lambda _: False)
            try:
                documents = list(connector_of(source)(visit))
            except (InputError, SourceUnavailable):
                continue
            if visit.records:
                yield Found(BoardName(source, name), len(visit.records), employer_of(documents))
                break
