"""Sentences made of words and figures; which sentence is said is decided by intervals and verdicts.

No number is ever typed here: a figure enters a sentence only as `Shown`, which the page marks and links.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from payguide.base.codes import LADDER
from payguide.base.edition import Edition, Judgement
from payguide.base.estimates import Figure, Published
from payguide.base.figure_id import FigureId, band, figure_id, of_form, parse
from payguide.guide import words
from payguide.guide.shown import Part, Sentence, Shown, Why, show, sized


def effects(rows: Sequence[Shown], against: str) -> Sentence:
    """What a group of effects says: the largest and the smallest that differ clearly."""
    if not rows:
        return ("The evidence is too thin to put a figure on this factor.",)
    up = [row for row in rows if row.sure and not row.text.startswith("−")]
    down = [row for row in rows if row.sure and row.text.startswith("−")]
    if not up and not down:
        return (f"Other things equal, nothing here differs clearly from {against}.",)
    told: list[Part] = [f"Other things equal, against {against}: "]
    for place, row in enumerate((*up[:1], *down[-1:])):
        told += ["; " if place else "", f"{words.inside(row.id, row.name)} ", *sized(row)]
    alone = len(rows) - len(up[:1]) - len(down[:1])
    unsure = len(rows) - len(up) - len(down)
    return (*told, ". Of the rest there is no clear difference." if unsure and unsure == alone else ".")


def lead(edition: Edition) -> Sentence:
    """The page's first sentence: base pay at all levels together."""
    figures = edition.figures
    base, low, high = (show(figures, band("any", "base", quantile)) for quantile in ("p50", "p25", "p75"))
    if not base.published:
        return ("The evidence does not give a median for all levels together: ", Why(base))
    told: list[Part] = ["Across all levels, median base pay is ", *sized(base)]
    if low.published and high.published:
        told += [", and half of all base pay lies between ", low, " and ", high]
    return (*told, ".")


def official(figures: Mapping[str, Figure]) -> Sentence:
    """Why the official medians lie below ours, where they do: those of the occupations that hold the role, each
    national. Empty where none does.
    """
    ours = figures.get(str(band("any", "base")))
    if not isinstance(ours, Published):
        return ()
    theirs = [show(figures, one) for one in of_form(figures, "official") if one.get("statistic") == "p50"]
    below = [one for one in theirs if one.published and float(one.value) < ours.estimate.value]
    if not below:
        return ()
    listed: list[Part] = []
    for place, one in enumerate(below):
        between = "" if not place else " and " if place == len(below) - 1 else ", "
        listed += [between, words.word("official", parse(one.id).get("occupation")).lower(), " ", one]
    why = (
        ": those are of everybody in an occupation, whatever the role, at the release's date; ours is of this role "
        "alone, in the tiers and levels that its market has, moved to the edition's date."
    )
    opening = "Our median of base pay at all levels, "
    return (opening, *sized(show(figures, ours.id)), ", lies above the official ones of ", *listed, why)


def standing(edition: Edition) -> str:
    """How the audited guide fares, in one sentence without figures of pay."""
    counted = Counter(verdict.judgement for verdict in edition.verdicts)
    held, failed, part = (
        counted[judgement] for judgement in (Judgement.SUPPORTED, Judgement.CONTRADICTED, Judgement.MIXED)
    )
    if not counted:
        return ""
    if not held + failed + part:
        return "The evidence cannot tell whether what the audited guide says holds."
    if 2 * held > held + failed + part:
        return "Most of what the evidence can tell of the audited guide's claims holds."
    if 2 * failed > held + failed + part:
        return "Most of what the evidence can tell of the audited guide's claims does not hold."
    if 2 * part > held + failed + part:
        return "Most of what the evidence can tell of the audited guide's claims holds in part only."
    return "Where the evidence can tell, the audited guide is right on some counts and wrong on others."


def _either(told: Shown, sentence: Sentence) -> Sentence:
    """The sentence where its figure is published; else that it is not, and why."""
    if told.published:
        return sentence
    return (f"{told.name[:1].upper()}{told.name[1:]}: {told.text}. ", Why(told))


def _band(figures: Mapping[str, Figure], median: FigureId, opening: str) -> Sentence:
    """A distribution in one sentence: the median with its interval, and P25 to P75."""
    low, middle, high = (
        show(figures, median.with_(statistic=quantile)) for quantile in ("p25", "p50", "p75")
    )
    told: Sentence = (f"{opening} has a median of ", *sized(middle))
    if low.published and high.published:
        told = (*told, "; half lies between ", low, " and ", high)
    return _either(middle, (*told, "."))


def _told(shown: Shown, before: str, after: str = ".") -> Sentence:
    """A figure with its interval between words; where it is not published, that and why."""
    return _either(shown, (before, *sized(shown), after))


def average(figures: Mapping[str, Figure]) -> list[Sentence]:
    """What is the average?"""
    mean = show(figures, band("any", "base", "mean"))
    uplift = show(figures, figure_id("uplift", level="any", population="all", statistic="p50"))
    return [
        _band(figures, band("any", "base"), "Base pay at all levels together"),
        _told(mean, "The mean, which a few high salaries pull up, is "),
        _band(figures, band("mid", "base"), "Mid-level base pay"),
        _band(figures, band("mid", "total"), "Mid-level total pay"),
        *_overall_total(figures),
        _told(uplift, "Total pay over base pay, for the median person: "),
    ]


def _overall_total(figures: Mapping[str, Figure]) -> list[Sentence]:
    """Total pay at all levels together, where it is published."""
    total = show(figures, band("any", "total"))
    return [_told(total, "Total pay at all levels together has a median of ")] if total.published else []


def order(figures: Mapping[str, Figure]) -> list[Sentence]:
    """Whether levels that follow each other can be told apart, base pay and total pay: the steps that can, in one
    sentence, then each that cannot. A step counts only where the published medians do not fall either.
    """
    told: list[Sentence] = []
    for component in ("base", "total"):
        pay = words.word("components", component)
        rising: list[Part] = []
        unsure: list[Sentence] = []
        for lower, upper in pairwise(LADDER):
            step = show(figures, figure_id("step", level=upper, component=component))
            above, below = (words.level_name(level).lower() for level in (upper, lower))
            cannot = f"The evidence cannot tell whether {above} {pay} lies above {below}"
            falls = _falls(figures, component, lower, upper)
            if step.published and step.sure and not falls and not step.text.startswith("−"):
                rising += ["; " if rising else "", f"{above} over {below} ", *sized(step)]
            elif step.published:
                unsure.append((f"{cannot}: ", *sized(step), "."))
            elif step.listed or falls:
                unsure.append((f"{cannot}. ", Why(step)))
        if rising:
            told.append((f"Step by step, {pay} rises: ", *rising, "."))
        told += _at_once(unsure, pay)
    return told


def _at_once(unsure: list[Sentence], pay: str) -> list[Sentence]:
    """Sentences on steps that cannot be told; one for all where no step is known, for one and the same reason."""
    reasons = [sentence[-1] for sentence in unsure]
    missing = [reason.about for reason in reasons if isinstance(reason, Why)]
    if len(missing) < len(LADDER) - 1 or len({shown.why for shown in missing}) > 1:
        return unsure
    return [(f"The evidence cannot tell any level's {pay} from the one below. ", reasons[0])]


def _falls(figures: Mapping[str, Figure], component: str, lower: str, upper: str) -> bool:
    """Whether the published median of the upper level is not above that of the lower."""
    below, above = (figures.get(str(band(level, component))) for level in (lower, upper))
    return (
        isinstance(below, Published)
        and isinstance(above, Published)
        and above.estimate.value <= below.estimate.value
    )


def offsets(figures: Mapping[str, Figure]) -> list[Sentence]:
    """How far kinds of evidence lie from self-reports at the same level, where both are known."""
    same = [one for one in of_form(figures, "offset") if one.get("level") == "same"]
    shown = [(one, show(figures, one)) for one in same]
    return [
        (_against(one.get("kind"), one.get("component")), *sized(told), ".")
        for one, told in shown
        if told.published
    ]


def _against(kind: str, component: str) -> str:
    """How a kind's offset is introduced."""
    held, pay = words.word("kinds", kind), words.word("components", component)
    return f"{held[:1].upper()}{held[1:]} against pay people report, {pay} at the same level: "


def senior(figures: Mapping[str, Figure]) -> list[Sentence]:
    """How much do senior engineers make?"""
    marks = [
        show(figures, figure_id("share", level=level, threshold=threshold))
        for level, threshold in (("senior", "400k"), ("staff", "500k"))
    ]
    return [
        _band(figures, band("senior", "base"), "Senior base pay"),
        _band(figures, band("senior", "total"), "Senior total pay"),
        _band(figures, band("senior", "total", top=True), "Senior total pay at top-tier employers"),
        *(_told(mark, f"{mark.name[:1].upper()}{mark.name[1:]}: ") for mark in marks),
    ]


def degree(figures: Mapping[str, Figure]) -> list[Sentence]:
    """Is an advanced degree required?"""
    required, preferred = (
        show(figures, figure_id("degree_share", strength=strength, degree="advanced"))
        for strength in ("required", "preferred")
    )
    silent, pay = (show(figures, figure_id(form)) for form in ("degree_unmentioned", "degree_preferred"))
    told = [
        _told(required, "", " of postings require a master's or PhD."),
        _told(preferred, "", " name one as preferred."),
        _told(silent, "", " mention no degree at all."),
    ]
    if pay.published and pay.sure:
        told.append(_told(pay, "Other things equal, postings that prefer one differ in base pay by "))
    elif pay.published:
        opening = "Other things equal, there is no clear difference in what postings that prefer one pay: "
        told.append(_told(pay, opening))
    return told


def software(figures: Mapping[str, Figure]) -> list[Sentence]:
    """How does the role compare with software engineers?"""
    grade, years, top, other = (
        show(figures, figure_id("swe", within=within)) for within in ("grade", "years", "top", "other")
    )
    base = show(figures, figure_id("swe_base", within="years"))
    told = [
        _told(years, "Within one employer, metro and step of years, total pay differs by "),
        _told(base, "Base pay alone differs by "),
        _told(grade, "With the employer's grade instead of the years, total pay differs by "),
    ]
    if top.published and other.published:
        told.append(
            ("At top-tier employers the difference is ", *sized(top), ", at others ", *sized(other), ".")
        )
    return told
