"""Sentences made of words and figures; which sentence is said is decided by intervals and verdicts.

No number is ever typed here: a figure enters a sentence only as `Shown`, which the page marks and links.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from payguide.base.codes import LADDER
from payguide.base.figures import Edition, Figure, Judgement, Published
from payguide.guide.shown import Sentence, Shown, show

#: Sources that vary by more than this share beyond sampling noise (I2) are said to disagree.
_APART = 0.75


def _lower(name: str) -> str:
    """A name inside a sentence: first letter small unless it is an abbreviation or a proper name."""
    proper = name[1:2].isupper() or any(part[:1].isupper() for part in name.split()[1:])
    return name if proper else name[:1].lower() + name[1:]


def effects(rows: Sequence[Shown], against: str) -> Sentence:
    """What a group of effects says: the largest and the smallest that can be told from zero."""
    up = [row for row in rows if row.sure and not row.text.startswith("−")]
    down = [row for row in rows if row.sure and row.text.startswith("−")]
    if not rows:
        return ("The evidence is too thin to put a figure on this factor.",)
    if not up and not down:
        return (f"Other things equal, no difference in this group can be told from zero against {against}.",)
    told: list[str | Shown] = ["Other things equal, "]
    if up:
        told += [f"{up[0].name}: ", up[0], f" against {against}"]
    if down:
        told += ["; " if up else "", f"{down[-1].name}: ", down[-1], "" if up else f" against {against}"]
    unsure = len(rows) - len(up) - len(down)
    tail = (
        ". The rest cannot be told from zero."
        if unsure and unsure == len(rows) - len(up[:1]) - len(down[:1])
        else "."
    )
    return (*told, tail)


def lead(edition: Edition) -> Sentence:
    """The page's first sentence: base pay at all levels together, and total pay from the first to the last.

    Total pay is told by level: the sources that name no level are others than those that do, so that a median
    over all of them need not lie between those of the levels.
    """
    figures = edition.figures
    base, low, high = (show(figures, f"band.any.base.{quantile}") for quantile in ("p50", "p25", "p75"))
    first, last = (show(figures, f"band.{level}.total.p50") for level in (LADDER[0], LADDER[-1]))
    if not base.published:
        return (f"The evidence does not give a median for all levels together: {base.why}",)
    told: list[str | Shown] = ["Across all levels, median base pay is ", base]
    if low.published and high.published:
        told += [", and half of all base pay lies between ", low, " and ", high]
    if first.published and last.published:
        told += [". With bonus and equity, the median runs from ", first, " at entry level to ", last]
        told += [" for staff and principal"]
    return (*told, ".")


def standing(edition: Edition) -> str:
    """How the published guide fares, in one sentence without figures of pay."""
    counted = Counter(verdict.judgement for verdict in edition.verdicts)
    if not counted:
        return ""
    held, failed = counted[Judgement.SUPPORTED], counted[Judgement.CONTRADICTED]
    if held > 2 * failed:
        return "Most of what the published guide says, where the evidence can tell, holds."
    if failed > 2 * held:
        return "Most of what the published guide says, where the evidence can tell, does not hold."
    return "Where the evidence can tell, the published guide is right on some counts and wrong on others."


def _either(told: Shown, sentence: Sentence) -> Sentence:
    """The sentence where its figure is published; else that it is not, and why."""
    return (
        sentence if told.published else (f"{told.name[:1].upper()}{told.name[1:]}: {told.text}. {told.why}",)
    )


def _band(figures: Mapping[str, Figure], stem: str, opening: str) -> Sentence:
    """A distribution in one sentence: the middle half and the median."""
    low, middle, high = (show(figures, f"{stem}.{quantile}") for quantile in ("p25", "p50", "p75"))
    if not (low.published and high.published):
        return _either(middle, (f"{opening} has a median of ", middle, "."))
    return _either(
        middle, (f"{opening} has a median of ", middle, "; half lies between ", low, " and ", high, ".")
    )


def average(figures: Mapping[str, Figure]) -> list[Sentence]:
    """What is the average?"""
    mean = show(figures, "band.any.base.mean")
    uplift = show(figures, "uplift.any.all.p50")
    return [
        _band(figures, "band.any.base", "Base pay at all levels together"),
        _either(mean, ("The mean, which a few high salaries pull up, is ", mean, ".")),
        _band(figures, "band.mid.base", "Mid-level base pay"),
        _band(figures, "band.mid.total", "Mid-level total pay"),
        *_overall_total(figures),
        _either(uplift, ("Total pay over base pay, for the median person: ", uplift, ".")),
    ]


def _overall_total(figures: Mapping[str, Figure]) -> list[Sentence]:
    """Total pay at all levels together; that its sources disagree, where most of the variation is theirs."""
    total, found = show(figures, "band.any.total.p50"), figures.get("band.any.total.p50")
    if not isinstance(found, Published):
        return []
    apart = (found.estimate.heterogeneity or 0) > _APART
    tail = "; its sources disagree, and not all of them name a level." if apart else "."
    between = replace(total, text=total.interval)
    return [("Total pay at all levels together has a median of ", total, " (", between, f"){tail}")]


def senior(figures: Mapping[str, Figure]) -> list[Sentence]:
    """How much do senior engineers make?"""
    over = show(figures, "share.senior.total.top.over_400k")
    staff = show(figures, "share.staff.total.top.over_500k")
    return [
        _band(figures, "band.senior.base", "Senior base pay"),
        _band(figures, "band.senior.total", "Senior total pay"),
        _band(figures, "band.senior.total.top", "Senior total pay at top-tier employers"),
        _either(
            over,
            (
                "Of senior engineers at top-tier employers, ",
                over,
                " pass the mark the published guide names.",
            ),
        ),
        _either(staff, ("Of staff engineers there, ", staff, " pass theirs.")),
    ]


def degree(figures: Mapping[str, Figure]) -> list[Sentence]:
    """Is an advanced degree required?"""
    required, preferred, silent = (
        show(figures, f"degree.{kind}.share")
        for kind in ("required.advanced", "preferred.advanced", "unmentioned")
    )
    pay = show(figures, "degree.preferred_advanced.effect")
    told = [
        _either(required, (required, " of postings require a master's or PhD.")),
        _either(preferred, (preferred, " name one as preferred.")),
        _either(silent, (silent, " mention no degree at all.")),
    ]
    if pay.published and pay.sure:
        told.append(("Other things equal, postings that prefer one differ in base pay by ", pay, "."))
    elif pay.published:
        told.append(
            ("Other things equal, what postings that prefer one pay cannot be told from the rest: ", pay, ".")
        )
    return told


def software(figures: Mapping[str, Figure]) -> list[Sentence]:
    """How does the role compare with software engineers?"""
    grade, years = (show(figures, f"swe.premium.{kind}.effect") for kind in ("grade", "years"))
    top, other = (show(figures, f"swe.premium.{kind}.effect") for kind in ("top", "other"))
    told = [
        _either(grade, ("Within one employer, grade and metro, total pay differs by ", grade, ".")),
        _either(years, ("With the same years of experience instead of the grade: ", years, ".")),
    ]
    if top.published and other.published:
        told.append(("At top-tier employers the difference is ", top, ", at others ", other, "."))
    return told
