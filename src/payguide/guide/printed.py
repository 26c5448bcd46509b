"""A page of a built site as a PDF, printed by a browser that is installed: what a reader's "save as PDF" makes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from payguide.base.atomic import atomic_file
from payguide.base.errors import InputError, PayguideError, UsageError

#: The browsers that print without a window, by the names of their programs, and where macOS and Windows keep them.
BROWSERS: Final = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)  # fmt: skip

#: Seconds after which a browser that has not printed never will.
PATIENCE: Final = 180


def print_page(page: Path, pdf: Path, browser: str | None = None) -> None:
    """Print `page` (HTML on disk) to `pdf`, which is written whole or not at all.

    Raises:
        InputError: there is no such page.
        UsageError: `browser` is not a program here.
        PayguideError: no browser is installed, or it did not print.
    """
    if not page.is_file():
        raise InputError(f"{page} is not there", remedy="Name the folder of a site that payguide build made")
    program = _program(browser)
    with tempfile.TemporaryDirectory(prefix="payguide-", ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "page.pdf"
        said = _run(program, page, made, Path(folder))
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF-"):
            raise PayguideError(
                f"{program} did not print {page}: {said}", remedy="Name another browser with --browser"
            )
        # the folder may be on another disk, where a file cannot be moved to in one step
        with atomic_file(pdf) as whole:
            shutil.copyfile(made, whole)


def _program(browser: str | None) -> str:
    """The browser's program: the one that was named, or the first that is here."""
    for name in BROWSERS if browser is None else (browser,):
        if found := shutil.which(name):
            return found
    if browser is not None:
        raise UsageError(f"{browser} is no program here", remedy="Name a Chromium, Chrome or Edge")
    raise PayguideError(
        "No browser that can print is installed here",
        remedy='Install Chromium, Chrome or Edge, name one with --browser, or use "save as PDF" in your own',
    )


def _run(program: str, page: Path, made: Path, folder: Path) -> str:
    """Have the browser print; the end of what it said."""
    flags = ["--headless", "--disable-gpu", "--no-pdf-header-footer", "--no-first-run"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # Chromium has no sandbox for root; the page is our own and asks for nothing
        flags.append("--no-sandbox")
    places = [f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={made}", page.resolve().as_uri()]
    told = folder / "said"
    try:
        # to a file: a pipe would be waited for as long as any process that the browser left behind holds it
        with told.open("wb") as said:
            done = subprocess.run(  # noqa: S603 - the browser that was named, or the first that is known
                [program, *flags, *places],
                stdout=subprocess.DEVNULL,
                stderr=said,
                timeout=PATIENCE,
                check=False,
            )
    except subprocess.TimeoutExpired:
        return f"nothing after {PATIENCE} seconds"
    except OSError as error:
        return str(error)
    words = told.read_text(encoding="utf-8", errors="replace").split()
    return " ".join(words)[-300:] or f"exit code {done.returncode}"
