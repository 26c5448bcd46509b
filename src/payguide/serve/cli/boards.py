"""`payguide boards find`."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from payguide.serve.cli import console

#: The exit code where no board was found.
NONE_FOUND = 4


def find(
    company: str,
    *,
    allow_host: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Find an employer's job board by its name: the packaged list is looked through, then the systems are asked.

    A board that says whose it is, or that is listed, is sure. One that only bears the name may be somebody else's.
    Workday and Oracle sites have no such names: look at the address of the careers page.
    Example: `payguide boards find "Scale AI"`

    Parameters
    ----------
    company
        The employer's name.
    allow_host
        A host to ask though it is not of the public internet.
    as_json
        Print a line of JSON for each board.
    """
    from payguide.pipeline import live_boards

    found = live_boards.find(company, allow_host)
    if as_json:
        for one in found:
            console.emit(one)
    elif found:
        rows = [
            (str(one["board"]), "" if one["postings"] is None else f"{one['postings']:,}", str(one["says"]),
             "yes" if one["sure"] else "check it")
            for one in found
        ]  # fmt: skip
        console.table(company, ("board", ">postings", "says it is", "sure"), rows)
    if not found:
        console.note("no board answers to that name; look at the address of its careers page")
    return 0 if found else NONE_FOUND
