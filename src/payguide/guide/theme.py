"""A publisher's theme: name, logo, colours, footer, and where the site will be served; read from a TOML file
(docs/publish.md), checked, and kept in the edition's manifest, so that the edition can be rebuilt without the file.

Colours are held to WCAG 2.2, 1.4.3: text has a contrast of at least 4.5 with every ground that it stands on, in the
light theme and in the dark one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec

from payguide.base.edition import Edition
from payguide.base.errors import UsageError, WrongShape
from payguide.base.text import CONTROLS, UNSEEN, text_file
from payguide.guide import scripted
from payguide.guide.logo import Logo, read_logo

#: Where a manifest keeps its publisher's theme.
KEY: Final = "publisher"

#: The least contrast of text (WCAG 2.2, level AA).
LEAST_CONTRAST: Final = 4.5
#: The colours that text has, and the grounds that it stands on.
TEXT: Final = ("ink", "muted", "base", "total", "guide", "good", "bad", "mixed", "unsure")
GROUNDS: Final = ("paper", "card", "wash")

_REMEDY: Final = "docs/publish.md shows what a theme may say"
_LINKS: Final = 12
_ODD: Final = re.compile(f"[{CONTROLS}{UNSEEN}]")
_PALETTE: Final = re.compile(r"--(\w++): (#[0-9a-f]{6});")

Line = Annotated[str, msgspec.Meta(max_length=200)]
Hex = Annotated[str, msgspec.Meta(pattern="^#[0-9a-fA-F]{6}$")]


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A link of the footer."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    url: Line


class Footer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands at the foot of every page."""

    text: Annotated[str, msgspec.Meta(max_length=500)] = ""
    links: Annotated[tuple[Link, ...], msgspec.Meta(max_length=_LINKS)] = ()


class Theme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme as its file says it; `colours` are of the light theme, `dark` of the dark one, by their names in
    style.css, and `logo` is a file beside it.
    """

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    url: str = ""
    logo: str = ""
    colours: Mapping[str, Hex] = {}
    dark: Mapping[str, Hex] = {}
    footer: Footer = Footer()


@dataclass(frozen=True, slots=True)
class Published:
    """What pages show of their publisher; `logo` is the file's name, empty without one."""

    name: str
    logo: str
    footer: Footer


def read_theme(path: Path) -> dict[str, Any]:
    """A theme file as a manifest keeps it, its logo with it.

    Raises:
        InputError: the file or its logo cannot be opened.
        UnreadableFile: it is no text.
        WrongShape: it is not TOML, says what a theme does not, or has colours that are hard to read; the logo is too
            large, is no picture, or could run something.
    """
    where = str(path)
    try:
        theme = msgspec.convert(tomllib.loads(text_file(path, "the theme")), Theme)
    except tomllib.TOMLDecodeError as error:
        raise WrongShape(f"not TOML: {error}", where=where, remedy=_REMEDY) from error
    except msgspec.ValidationError as error:
        raise WrongShape(str(error), where=where, remedy=_REMEDY) from error
    for fault in _faults(theme):
        raise WrongShape(fault, where=where, remedy=_REMEDY)
    logo = read_logo(path.parent / theme.logo) if theme.logo else None
    return {**msgspec.to_builtins(theme), "url": site_address(theme.url), "logo": logo.data if logo else {}}


def site_address(url: str) -> str:
    """The address of a site as pages name it: it ends in /; empty where none is given.

    Raises:
        UsageError: it is no address of a site.
    """
    if not url:
        return ""
    if not _is_web(url) or {"?", "#"} & set(url) or "@" in url:
        raise UsageError(
            f"{url!r} is no address of a site",
            remedy="Give one like https://example.org/pay/, without ? and #",
        )
    return f"{url.rstrip('/')}/"


def _is_web(url: str) -> bool:
    """Whether it is an absolute address of the web, of letters that stand in one."""
    if not re.fullmatch(r"https?://[!#-;=?-\[\]_a-z~%]+", url):
        return False
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _faults(theme: Theme) -> Iterator[str]:
    """What is wrong with a theme of the right form, in words."""
    texts = {"name": theme.name, "logo": theme.logo, "footer.text": theme.footer.text}
    texts |= {f"footer.links[{at}].text": link.text for at, link in enumerate(theme.footer.links)}
    for key, text in texts.items():
        if _ODD.search(text) or (text and not text.strip()):
            yield f"{key} holds letters that are not seen, or nothing else"
    for at, link in enumerate(theme.footer.links):
        if not _is_web(link.url) and not re.fullmatch(r"mailto:[\w.+-]+@[\w.-]+", link.url):
            yield f"footer.links[{at}].url: {link.url!r} is no address of the web or of mail"
    try:
        site_address(theme.url)
    except UsageError as error:
        yield f"url: {error.found}"
    for table, colours in (("colours", theme.colours), ("dark", theme.dark)):
        for unknown in sorted(set(colours) - set(_palettes()[0])):
            yield f"{table}.{unknown} is no colour of the pages, which have {', '.join(_palettes()[0])}"
    for name, own, usual in zip(("colours", "dark"), (theme.colours, theme.dark), _palettes(), strict=True):
        yield from _hard_to_read(name, {**usual, **own}) if own else ()


def _hard_to_read(table: str, palette: Mapping[str, str]) -> Iterator[str]:
    for ink, ground in product(TEXT, GROUNDS):
        ratio = contrast(palette[ink], palette[ground])
        if ratio < LEAST_CONTRAST:
            yield (
                f"{table}: {ink} {palette[ink]} on {ground} {palette[ground]} has a contrast of {ratio:.2f}, and text "
                f"needs {LEAST_CONTRAST} (WCAG AA)"
            )


def contrast(one: str, other: str) -> float:
    """The contrast of two colours like "#0a5f9e", from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@cache
def _palettes() -> tuple[dict[str, str], dict[str, str]]:
    """The pages' own colours, of the light theme and of the dark one, as style.css has them."""
    light, dark = scripted.packaged("templates", "style.css").split("@media", 2)[:2]
    return dict(_PALETTE.findall(light)), dict(_PALETTE.findall(dark))


def of(edition: Edition) -> Theme | None:
    """The theme that an edition keeps, without its logo; None without one."""
    told = edition.manifest.get(KEY)
    return msgspec.convert({**told, "logo": ""}, Theme) if isinstance(told, Mapping) else None


def published(edition: Edition) -> Published | None:
    """What an edition's pages show of their publisher."""
    theme, logo = of(edition), _logo(edition)
    return Published(theme.name, logo.file if logo else "", theme.footer) if theme else None


def _logo(edition: Edition) -> Logo | None:
    told = edition.manifest.get(KEY)
    data = told.get("logo") if isinstance(told, Mapping) else None
    return Logo(**data) if data else None


def palette(edition: Edition) -> dict[str, str]:
    """The colours of an edition's light theme, by name."""
    theme = of(edition)
    return {**_palettes()[0], **(theme.colours if theme else {})}


def files_of(edition: Edition) -> dict[str, str | bytes]:
    """The style of an edition's pages, and the publisher's logo where there is one."""
    theme, logo = of(edition), _logo(edition)
    style = scripted.packaged("templates", "style.css")
    if theme:
        # on paper the colours stay those that are printed well; the light ones come after the pages' own dark ones
        dark = {name: _palettes()[1][name] for name in theme.colours} | dict(theme.dark)
        style += _block("screen", theme.colours) + _block("screen and (prefers-color-scheme: dark)", dark)
    return {"style.css": style, **({logo.file: logo.content} if logo else {})}


def _block(media: str, colours: Mapping[str, str]) -> str:
    values = " ".join(f"--{name}: {colour};" for name, colour in sorted(colours.items()))
    return f"@media {media} {{ :root {{ {values} }} }}\n" if values else ""
