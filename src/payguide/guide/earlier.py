"""An earlier edition on disk: found, checked to be comparable; what changed since it is told to a later one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from payguide.base.edition import Edition
from payguide.base.errors import UsageError, WrongShape
from payguide.guide import changes, feed, own, shelf
from payguide.guide import edition as editions
from payguide.guide.role import EditionSpec

#: What two editions must have in common, in the words of an error.
_COMMON: Final = ("role", "country", "currency")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An edition on disk with its file's SHA-256."""

    edition: Edition
    sha256: str
    where: Path


def read(folder: Path) -> Earlier:
    """The edition in a folder. Raises as `edition.read`."""
    edition = editions.read(folder)
    content = (folder / editions.EDITION_FILE).read_bytes()
    return Earlier(edition, hashlib.sha256(content).hexdigest(), folder)


def of_roles(
    folder: Path | None, roles: Sequence[EditionSpec], *, owner: bool = False, corrected: bool = False
) -> dict[str, Earlier]:
    """The earlier editions of roles by their slugs: in `folder` itself, or in the folders below it where it holds
    several; a role that is not among those has none. An owner's report is an earlier edition for its `owner` alone.
    One that is `corrected` is of the same date.

    Raises:
        UsageError: none of the roles is there, or an edition is of another role, country or currency, of a later
            date, of another date than the one that corrects it, or not for publication.
        InputError: there is no edition there, or one that cannot be read.
    """
    if folder is None:
        return {}
    found = {slug: read(path) for slug, path in _folders(folder, [role.slug for role in roles]).items()}
    for role in roles:
        if role.slug in found:
            says = {"role": role.role, "country": role.country, "currency": role.currency}
            _check(found[role.slug], {**says, "date": role.date.isoformat()})
            day = found[role.slug].edition.manifest["date"]
            if corrected and str(day) != role.date.isoformat():
                raise UsageError(
                    f"{found[role.slug].where} is of {day}, and a correction is of the date that it corrects",
                    remedy="Name it with --previous: the edition is a later one",
                )
            if own.notice(found[role.slug].edition) and not owner:
                raise UsageError(
                    f"{found[role.slug].where} is not for publication, and what changed since would repeat it",
                    remedy="Name the public edition, or build a report with --own",
                )
    return found


def _folders(folder: Path, slugs: Sequence[str]) -> dict[str, Path]:
    """Where the editions of the slugs lie."""
    if not (folder / shelf.LISTING).is_file():
        if len(slugs) == 1:
            return {slugs[0]: folder}
        # no edition at all is an error of its own
        read(folder)
        raise UsageError(
            f"{folder} holds an edition of one role, and {len(slugs)} are compared",
            remedy="Name the folder over the earlier editions of several roles, or one role",
        )
    listed = shelf.listed(folder)
    known = {slug: folder / slug for slug in slugs if slug in listed}
    if not known:
        raise UsageError(
            f"{folder} holds no edition of {', '.join(slugs)}", remedy=f"It has {', '.join(listed)}"
        )
    return known


def _check(old: Earlier, new: Mapping[str, object]) -> None:
    """Refuse what cannot be compared."""
    says = old.edition.manifest
    for key in (*_COMMON, "date"):
        if key not in says:
            raise WrongShape(
                f"this edition does not say its {key}",
                where=str(old.where),
                remedy="Build it again with this payguide, or compare others",
            )
        if key in _COMMON and str(says[key]) != str(new[key]):
            raise UsageError(
                f"{old.where} is of the {key} {says[key]}, and the other of {new[key]}: they cannot be compared",
                remedy="Name two editions of one role, country and currency",
            )
    if str(says["date"]) > str(new["date"]):
        raise UsageError(
            f"{old.where} is of {says['date']}, later than the edition it is compared with ({new['date']})",
            remedy="Name the earlier edition first",
        )


def told(made: Sequence[Edition], earlier: Mapping[str, Earlier], correction: str = "") -> list[Edition]:
    """The editions, each told what changed since the earlier edition of its role; as they are where there is none.
    `correction` is why they correct those, where they do.
    """
    return [
        _told(edition, earlier.get(str(edition.manifest.get("slug", ""))), correction) for edition in made
    ]


def without(made: Sequence[Edition]) -> list[str]:
    """The slugs of the editions that are not told what changed."""
    return [str(edition.manifest.get("slug", "")) for edition in made if changes.KEY not in edition.manifest]


def _told(edition: Edition, old: Earlier | None, correction: str = "") -> Edition:
    if old is None:
        return edition
    changed = changes.between(old.edition, edition, sha256=old.sha256, corrected=bool(correction))
    date = str(old.edition.manifest.get("date", ""))
    corrects = (
        {changes.CORRECTS: {"date": date, "sha256": old.sha256, "reason": correction}} if correction else {}
    )
    return replace(
        edition,
        manifest={
            **edition.manifest,
            **corrects,
            changes.KEY: changed,
            feed.HISTORY: feed.history(old.edition, old.sha256),
        },
    )


def compared(old: Path, new: Path) -> list[Edition]:
    """The editions in `new`, each told what changed since the one in `old`. Raises as `of_roles`."""
    if (new / shelf.LISTING).is_file():
        pairs = {slug: (path, new / slug) for slug, path in _folders(old, shelf.listed(new)).items()}
    else:
        later = editions.read(new)
        slug = str(later.manifest.get("slug", ""))
        pairs = {slug: (_folders(old, [slug])[slug], new)}
    found = []
    for before, after in pairs.values():
        first, second = read(before), read(after)
        _check(second, second.edition.manifest)
        _check(first, second.edition.manifest)
        found.append(_told(second.edition, first))
    return found
