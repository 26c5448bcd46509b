"""A published guide read into what it asserts: each figure of pay with whose it is, and the comparisons without one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from typing import Any, Final, NamedTuple

from payguide.base.codes import Component, Level, Period, Role
from payguide.base.estimates import Unit
from payguide.base.guides import Assertion, GuideClaim, GuidePage, Measure, Untestable
from payguide.decode.guides.amounts import (
    AMOUNT,
    is_difference,
    is_likely,
    is_not_pay,
    past,
    period_of,
    statistic_of,
    with_units,
)
from payguide.decode.guides.comparisons import comparisons_in
from payguide.decode.guides.duties import duty_claims
from payguide.decode.guides.figures import Figure, figures_in
from payguide.decode.guides.formal import formal
from payguide.decode.guides.mentions import Mention, as_states, mentions, phrases
from payguide.decode.guides.page import Passage, passages
from payguide.decode.guides.percents import kind_of_percent, sign_of
from payguide.decode.guides.spelled import in_digits
from payguide.decode.guides.subject import (
    NOTHING,
    Told,
    continues,
    employer_told,
    heading_told,
    heads_told,
    told,
    whose,
)
from payguide.decode.guides.whole import Whole, sentences, whole
from payguide.decode.sections import is_heading

#: What a sentence takes over from the one before it.
_CARRIED: Final = ("role", "level", "years", "place", "tier", "industry", "period")
#: A sentence that speaks of the same once more: "That works out to $52 an hour", "for seniors it is $158,000".
_SAME: Final = re.compile(
    r"\A(?:That|This|It|Which|In other words|Equivalent)\b|\b(?:it['’]s|it is|the figure|the number|the equivalent)\b"
)
#: What a percentage may be the premium of.
_COMPARED: Final = ("place", "tier", "industry", "specialisation", "skill", "remote", "degree")
#: Whom these words name is who is beaten: "big tech out-earns startups by 25%".
_BEATS: Final = re.compile(
    r"\b(?:out-?earn|out-?pay|exceed|beat|surpass|top|lead)s?\s[^,;%]{1,60}\bby\s(?:\w{1,24}\s)?\Z",
    re.IGNORECASE,
)
_BY_STATE: Final = re.compile(r"(?<!united )\bstates?\b", re.IGNORECASE)
_LISTED: Final = re.compile(r"[\s,]{0,3}(?:and)?\s?")
_PROMISES: Final = re.compile(r"\b(?:top|best|key|in-demand|most)\b", re.IGNORECASE)
_NEXT_PART: Final = re.compile(r"frequently asked|\bfaqs?\b|questions|conclusion|\?$", re.IGNORECASE)
#: What a page's note of annual base pay says nothing of.
_RATES: Final = (Period.HOUR, Period.DAY)
_SHORTEST: Final = 25
#: A text of no more letters is a bare figure: "€4.1k a month".
_LETTERS: Final = 8


@dataclass
class _Found:
    """What was found so far on a page."""

    page: Whole
    claims: list[GuideClaim] = field(default_factory=list)
    left: list[Untestable] = field(default_factory=list)


class _Sentence(NamedTuple):
    """A sentence as it is written and in digits, with its passage and what it names."""

    written: str
    text: str
    passage: Passage
    named: Sequence[Mention]


def read_guide(text: str) -> GuidePage:
    """A published guide as it asserts: HTML, Markdown or plain text. Any text is taken; nothing is raised."""
    title, read = passages(text)
    found = _Found(whole(title, read))
    beside = phrases("beside", "headings")
    for passage in read:
        # a heading may hold a figure itself: "Senior: $160,000"
        headed = passage.heading and not AMOUNT.search(passage.text)
        if not headed and not any(beside.match(head.strip()) for head in passage.heads[1:]):
            _read_passage(found, passage)
    page = found.page
    claims = [*found.claims, *duty_claims(read, page.role, page.country)]
    return GuidePage(
        title, page.role, page.country, page.year, tuple(_once(map(formal, claims))),
        tuple(dict.fromkeys(found.left)), tuple(_gaps(read)),
    )  # fmt: skip


def _once(claims: Iterable[GuideClaim]) -> Iterator[GuideClaim]:
    """Each claim once, with an id of its own where it has a test."""
    seen: set[tuple[GuideClaim, tuple[str, ...]]] = set()
    ids: Counter[str] = Counter()
    for one in claims:
        test = one.claim
        same = (replace(one, sentence="", claim=None), test.figures if test else ())
        if same in seen:
            continue
        seen.add(same)
        if test:
            ids[test.id] += 1
            count = ids[test.id]
            yield replace(one, claim=replace(test, id=f"{test.id}.{count}" if count > 1 else test.id))
        else:
            yield one


def _read_passage(found: _Found, passage: Passage) -> None:
    """The claims of a passage, sentence by sentence; a question heads what follows it."""
    page, before = found.page, NOTHING
    by_state = any(_BY_STATE.search(head) for head in passage.heads)
    labelled = _by_state(passage) if by_state else passage
    heads = employer_told(passage).over(heads_told(labelled, page.country)).over(page.notes)
    for written in sentences(passage.text):
        if written.endswith("?"):
            heads, before = heading_told(written, page.country).over(heads), NOTHING
            continue
        text = with_units(page, passage, in_digits(as_states(written) if by_state else written), heads)
        sentence = _Sentence(_quoted(written, passage), text, passage, mentions(text, page.country))
        goes_on = before if continues(text, page.country) else NOTHING
        goes_on = goes_on if _SAME.search(text) else NOTHING.over(goes_on, (*_CARRIED, "year"))
        before = _read_sentence(found, sentence, goes_on, heads)


def _by_state(passage: Passage) -> Passage:
    """A passage of a list of states, whose labels are states and no cities or countries."""
    labels = {label: as_states(label) for label in passage.row}
    heads = tuple(labels.get(head, head) for head in passage.heads)
    return replace(passage, heads=heads, row=tuple(labels.values()))


def _quoted(written: str, passage: Passage) -> str:
    """A sentence as it is quoted: a bare figure behind what heads it, "Austin · Senior base: $163K–$199K"."""
    bare = sum(map(str.isalpha, written)) <= _LETTERS
    labels = (*passage.row, *passage.columns) or passage.heads[-1:]
    return f"{' · '.join(filter(None, labels))}: {written}" if bare and any(labels) else written


def _read_sentence(found: _Found, sentence: _Sentence, before: Told, heads: Told) -> Told:
    """The claims of a sentence; returned is whom it was about."""
    page, text, named = found.page, sentence.text, sentence.named
    figures = figures_in(text, page.country_at(heads))
    listed, said = _respectively(text, figures, named), NOTHING
    known = (len(found.claims), len(found.left))
    for figure in figures:
        own = listed.get(figure, NOTHING).over(_own(sentence, figure))
        # what the figures before it are of holds for this one too, but for what an end is
        earlier = _without(said, lambda values: values[0] in (Measure.START, Measure.REACH))
        said = own.over(earlier)
        full = _full(figure, own, said, before, heads)
        _read_figure(found, sentence, figure, (own, full, before))
        said = _carried_on(figure, named, said, earlier)
    compared = comparisons_in(sentence.written, text, figures, (page.role, page.country), before.over(heads))
    found.claims += [replace(one, unsaid=_unsaid(page, one)) for one in compared]
    if known == (len(found.claims), len(found.left)):
        found.left += _left_alone(sentence, figures)
    return _subject(said if figures else told(named, text), named).over(before)


def _without(said: Told, odd: Any) -> Told:
    return Told({kind: values for kind, values in said.values.items() if not odd(values)})


def _subject(said: Told, named: Sequence[Mention]) -> Told:
    """What the next sentence may go on with: not what this one names several of."""
    kept: dict[str, tuple[Any, ...]] = {}
    for kind in (*_CARRIED, "year", "component", "statistic"):
        several = len({one.value for one in named if one.kind == kind})
        if kind in said.values and several <= len(said.values[kind]):
            kept[kind] = said.values[kind]
    return Told(kept)


def _respectively(text: str, figures: Sequence[Figure], named: Sequence[Mention]) -> dict[Figure, Told]:
    """Of "A and B earn X and Y respectively" which figure is of what."""
    word = re.search(r"\brespectively\b", text)
    group = [one for one in figures if word and one.end <= word.start()]
    while len(group) > 1 and not all(
        _LISTED.fullmatch(text[one.end : two.start]) for one, two in pairwise(group)
    ):
        group = group[1:]
    values: dict[Figure, dict[str, tuple[Any, ...]]] = {one: {} for one in group}
    for kind in _CARRIED if len(group) > 1 else ():
        ahead = [one for one in named if one.kind == kind and one.end <= group[0].start]
        # its own clause's, where it names any
        ahead = [one for one in ahead if one.start >= group[0].first] or ahead
        same = list(dict.fromkeys(one.value for one in ahead))
        for figure, value in zip(group, same, strict=True) if len(same) == len(group) else ():
            values[figure][kind] = (value,)
    return {figure: Told(one) for figure, one in values.items()}


def _own(sentence: _Sentence, figure: Figure) -> Told:
    """What a figure's stretch says, without what a percentage is held against: "20% over the national average"."""
    against = phrases("premium", "against").search(sentence.text, figure.end, figure.last)
    beaten = _BEATS.search(sentence.text[: figure.start], figure.first)
    inside = [
        one for one in figure.inside(sentence.named)
        if not figure.percent or one.kind == "component" or not (
            (against and one.start >= against.start()) or (beaten and one.start >= beaten.start())
        )
    ]  # fmt: skip
    return told(inside, sentence.text, (figure.start, figure.end))


def _carried_on(figure: Figure, named: Sequence[Mention], said: Told, before: Told) -> Told:
    """What holds for the next figure: a kind of pay that stands behind a figure is its alone."""
    same = [one for one in figure.inside(named) if one.kind == "component"]
    if not same or any(one.start < figure.end for one in same):
        return said
    rest = {kind: values for kind, values in said.values.items() if kind != "component"}
    return Told(rest).over(before, ("component",))


def _full(figure: Figure, own: Told, said: Told, before: Told, heads: Told) -> Told:
    """What is said of a figure, farther and farther from it. A percentage is of what its own sentence compares."""
    if not figure.percent:
        return said.over(before).over(heads)
    near = own if any(map(own.values.get, _COMPARED)) else said
    if not any(map(near.values.get, _COMPARED)):
        return said.over(before, _CARRIED).over(heads)
    rest = [kind for kind in (*said.values, *heads.values) if kind not in (*_COMPARED, "level", "years")]
    return near.over(said, rest).over(before, ("role",)).over(heads, (*rest, "place"))


def _read_figure(found: _Found, sentence: _Sentence, figure: Figure, said: tuple[Told, Told, Told]) -> None:
    """The claim that a figure makes, or why it makes none."""
    page, text = found.page, sentence.text
    own, full, before = said
    if figure.percent:
        percent = kind_of_percent(text, figure, sentence.passage, full)
        if percent is None:
            return
        kind, unit, full, component = percent
    elif is_not_pay(text, figure, sentence.passage):
        return
    else:
        kind = Assertion.PREMIUM if is_difference(text, figure) else Assertion.PAY
        unit, component = Unit.MONEY, _component(page, own, full)
    why = past(page, text, figure, full.one("year"), before.one("year"))
    if not why and kind is not Assertion.SHARE and full.one("role") is Role.OTHER is not page.role:
        why = "it is about another profession"
    if why:
        found.left.append(Untestable(sentence.written, why))
        return
    period = None if figure.percent else period_of(figure, own, full)
    if period and component not in (Component.BONUS, Component.EQUITY) and not is_likely(figure, period):
        return
    statistic, low, high = Measure.UNSTATED, figure.low, figure.high
    if kind is Assertion.PAY and unit is Unit.MONEY:
        statistic, low, high = statistic_of(text, figure, own, full)
    elif kind is Assertion.PREMIUM and sign_of(text, figure) < 0 and min(low or 0.0, high or 0.0) >= 0:
        low, high = (None if end is None else -end for end in (high, low))
    claim = GuideClaim(
        kind, sentence.written, whose(_of_kind(kind, own, full), page.role, page.country), low, high, unit,
        figure.currency, period, component, statistic, full.one("year") or page.year,
    )  # fmt: skip
    found.claims.append(replace(claim, unsaid=_unsaid(page, claim)))


def _component(page: Whole, own: Told, full: Told) -> Component | None:
    """The kind of pay; a page's note on annual pay says nothing of rates by the hour or day."""
    component: Component | None = full.one("component")
    noted = page.notes.one("component")
    rate = page.notes.one("period") is Period.YEAR and full.one("period") in _RATES
    return None if rate and component is noted and own.one("component") is None else component


def _of_kind(kind: Assertion, own: Told, full: Told) -> Told:
    """Whom a claim of a kind is of: a step is to its higher level, total over base of all levels unless it says so, a
    share of none but whom its own words name.
    """
    values: Mapping[str, tuple[Any, ...]] = full.values
    if kind is Assertion.STEP and "level" in values:
        return Told({**values, "level": (max(values["level"], key=list(Level).index),)})
    if kind is Assertion.SHARE:
        return Told({key: one for key, one in values.items() if key not in _COMPARED or key in own.values})
    if kind is Assertion.UPLIFT:
        return Told({
            key: one for key, one in values.items() if key not in ("level", "years") or key in own.values
        })  # fmt: skip
    return full


def _unsaid(page: Whole, one: GuideClaim) -> tuple[str, ...]:
    """What a claim leaves open: base or total, level, year, place, sample."""
    money = one.unit is Unit.MONEY and one.kind is Assertion.PAY
    gaps = {
        "base or total": money and one.component is None,
        "level": money and not (one.whose.levels or one.whose.years),
        "year": page.year is None and one.year is None,
        "place": not (one.whose.country or one.whose.places),
        "sample": not page.sampled,
    }
    return tuple(name for name, is_open in gaps.items() if is_open)


def _left_alone(sentence: _Sentence, figures: Sequence[Figure]) -> Iterator[Untestable]:
    """A sentence that compares pay, or says how it changes, and makes no claim that can be tested."""
    text = sentence.text
    of_pay = phrases("comparison", "pay").search(text) and phrases("comparison", "loose").search(text)
    if of_pay and len(text) > _SHORTEST:
        change = any(one.percent for one in figures)
        at_one_date = "it says how pay changes, and the evidence is of one date"
        yield Untestable(
            sentence.written, at_one_date if change else "it names nothing that the evidence tells apart"
        )


def _gaps(read: Sequence[Passage]) -> Iterator[str]:
    """Headings that promise a list and that nothing stands below."""
    for one, following in zip_longest(read, read[1:]):
        below = following is not None and (not following.heading or one.text in following.heads)
        empty = not below or (
            following is not None and following.heading and _NEXT_PART.search(following.text)
        )
        promises = one.heading and one.heads and _PROMISES.search(one.text) and not one.text.endswith("?")
        if promises and empty and is_heading(one.text):
            yield one.text
