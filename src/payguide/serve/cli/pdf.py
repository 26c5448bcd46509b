"""`payguide pdf`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from payguide.serve.cli import console
from payguide.serve.cli.outputs import output_file


def pdf(
    folder: Path,
    /,
    *,
    page: str = "index.html",
    out: Path | None = None,
    browser: str | None = None,
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Print a page of a guide as a PDF, by a Chromium, Chrome or Edge that is installed.

    Folded tables are open in it and its pages are numbered. It is made beside the guide, not in it: an edition's files
    are the same bytes whenever they are made, and a browser's are not.
    Example: `payguide pdf out/ml-engineer-2026`

    Parameters
    ----------
    folder
        The folder of a guide, or the one over several.
    page
        The page of it to print, such as claims.html.
    out
        The file to write. Without it FOLDER.pdf, or FOLDER-claims.pdf for another page.
    browser
        The browser's program, where the right one is not found by itself.
    as_json
        Print where it is, and its size, as JSON for a program.
    """
    from payguide.guide.printed import print_page

    named = folder.resolve()
    other = "" if page == "index.html" else f"-{Path(page).stem}"
    made = output_file(out) if out else named.with_name(f"{named.name}{other}.pdf")
    with console.progress() as tick:
        tick("printing", 0, None)
        print_page(folder / page, made, browser)
    size = made.stat().st_size
    if as_json:
        console.emit({"pdf": str(made), "bytes": size})
    else:
        console.note(f"{made} ({size / 1e3:,.0f} KB)")
    return 0
