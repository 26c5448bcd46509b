"""Live boards on their way into evidence: which are named, where their answers are kept, what has landed already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from payguide.base.codes import Role
from payguide.base.errors import InputError, StoreError, UsageError
from payguide.base.version import VERSION
from payguide.collect import cards
from payguide.decode.employer import slug
from payguide.decode.role import read_role
from payguide.evidence.store import Store, delta, openings
from payguide.evidence.store.location import location_of
from payguide.evidence.store.store import ANSWERS
from payguide.evidence.tables import digest

if TYPE_CHECKING:
    from payguide.collect.client import Client
    from payguide.collect.live import BoardName, Live
    from payguide.collect.wish import Wish


def divided(specs: Iterable[str], file: Path | None = None) -> tuple[list[BoardName], list[str]]:
    """The live boards among the sources, those of a list among them, and the other sources.

    Raises:
        UsageError, InputError: a board, or the list, is none.
    """
    specs = list(specs)
    others = [spec for spec in specs if spec != "boards" and spec.partition(":")[0] not in cards.live()]
    if len(others) == len(specs) and file is None:
        return [], others
    # what asks the network is loaded only when it is wanted: recorded evidence starts faster without it
    from payguide.collect.live import STARTERS, board_named, boards_in

    boards = [board_named(spec) for spec in specs if spec not in others and spec != "boards"]
    if "boards" in specs or file is not None:
        boards += boards_in(file or STARTERS)
    return list({board.spec: board for board in boards}.values()), others


def opened(
    boards: Sequence[BoardName],
    evidence: Path | str,
    wish: Wish | None,
    cache: Path | None,
    client: Client | None,
) -> Live:
    """A run over boards whose answers land in this evidence."""
    from payguide.collect.answers import Answers
    from payguide.collect.client import Client
    from payguide.collect.live import Live
    from payguide.collect.wish import Wish

    wish = wish or Wish(wanted=wanted)
    place = location_of(evidence)
    folder = cache or (place / ANSWERS if isinstance(place, Path) else None)
    exempt: Collection[str] = [host for name in wish.terms for host in cards.hosts(name)]
    asks = client or Client(allowed=wish.allowed, exempt=exempt)
    asks.answers = Answers(folder, mark(evidence))
    return Live(boards, asks, wish)


def plan(specs: Iterable[str], file: Path | None, terms: Collection[str]) -> list[dict[str, str]]:
    """The live boards that would be visited, each with its employer and why it would be refused; nobody is asked.

    Raises:
        UsageError, InputError: a board, or the list, is none.
    """
    boards, _ = divided(specs, file)
    return [
        {
            "board": board.spec,
            "employer": board.employer,
            "refused": "" if board.source in terms else cards.closed(board.source),
        }
        for board in boards
    ]


def find(company: str, allowed: Collection[str], client: Client | None = None) -> list[dict[str, object]]:
    """The boards of a company: the packaged list's, then those that answer to its name. `sure` says that the list
    has it or that the board names the company itself; else it is somebody's whose board bears that name.

    Raises:
        UsageError: it is no name.
    """
    from payguide.collect.client import Client
    from payguide.collect.find_board import find_boards
    from payguide.collect.live import STARTERS, boards_in

    words = slug(company)
    if not words:
        raise UsageError(
            f"{company!r} is no name of a company", remedy='name it: payguide boards find "Acme Labs"'
        )
    known = [board for board in boards_in(STARTERS) if slug(board.employer) == words]
    found: list[dict[str, object]] = [
        {"board": board.spec, "postings": None, "says": board.employer, "sure": True} for board in known
    ]
    for one in find_boards(words.split("-"), client or Client(allowed=allowed)):
        if one.board.spec not in {board.spec for board in known}:
            sure = slug(one.says) == words
            found.append({"board": one.board.spec, "postings": one.postings, "says": one.says, "sure": sure})
    return found


def wanted(title: str) -> bool:
    """Whether a posting of this title is asked for where that takes a request of its own: its role is one of those that
    are told apart.
    """
    return read_role(title) is not Role.OTHER


def _store(evidence: Path | str) -> Store | None:
    """The evidence as it is; None where there is none yet."""
    try:
        return Store.open(evidence)
    except (InputError, StoreError):
        return None


def standing(evidence: Path | str) -> Mapping[str, Mapping[str, str]]:
    """The postings that stand open, by board."""
    store = _store(evidence)
    return openings.standing(store) if store else {}


def mark(evidence: Path | str) -> str:
    """What names this evidence, and the code that reads answers into it; empty where it has nothing yet, or has lost
    what it had: then every answer is read again.
    """
    store = _store(evidence)
    runs = store.runs() if store else []
    if store is None or not runs or delta.Table(store.path / "runs").owed:
        return ""
    return digest(str(runs[0]["key"]), VERSION)


def counts(live: Live, changed: Mapping[str, int]) -> dict[str, int]:
    """What a run over boards came to, all boards together."""
    visits = live.visits
    return {
        "boards": len(visits),
        "complete": sum(visit.complete for visit in visits),
        "unasked": sum(visit.unasked for visit in visits),
        "unchecked": sum(visit.unchecked for visit in visits),
        "opened": changed.get("opened", 0),
        "closed": changed.get("closed", 0),
    }
