"""Walks a built site and names what breaks its promises: no number without an estimate, no estimate but those the
gate let out, no link to nowhere, nothing from outside, no field without a label.

A digit may stand in

    data.figure, data.interval, data.count    with the id of a published figure, whose value, interval or count it is
    data.borrowed                             the same, and what it borrowed
    data.change                               the same, how it or its interval differs from the earlier edition's
    data.record                               a record's own number, by the record's key
    data.meta                                 what the edition says of itself, by key
    data in an entry of the evidence          the entry is the figure's own, or has a column for each of its figures
    svg                                       names its figures; what it prints in bold is their values; that of the
                                              market prints its shares
    .because                                  names the figures that decide a claim
    .reason                                   why a figure is missing, in its own words
    .stated, cite, q, time, code, .term, title   words of others, dates and names
    option, .hint                             what a form says of its own fields

Whose a figure is, is said by `data-edition`: the folder of another edition, or "previous" for the earlier edition's
figures that an edition keeps in what changed since.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from selectolax.lexbor import LexborHTMLParser, LexborNode

from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Figure, Published, SourceEstimate
from payguide.base.figure_id import band, parse
from payguide.guide import numbers
from payguide.guide.changes import EARLIER, compare
from payguide.guide.codec import plain
from payguide.guide.companies import companies
from site_links import edition_in, ids_of, links, tree_of

MARKED = (
    "data, svg, .reason[data-figure], .stated, .because[data-figures], cite, time, code, .term, title, script, "
    "option, .hint, q"
)

#: Names with a number in them.
NAMED = r"over [$]\d+K|\d\dth percentile|Method \d+"


@lru_cache(maxsize=2)
def companies_in(folder: Path) -> Mapping[str, Figure]:
    """The figures of an edition's companies, which are the estimator's answers (tests/guide/test_companies.py)."""
    return companies(edition_in(folder)).figures


def walk(root: Path) -> list[str]:
    """Everything wrong on any page or drawing under a folder, a line each."""
    return [
        f"{path.relative_to(root)}: {problem}"
        for path in sorted([*root.rglob("*.html"), *root.rglob("*.svg")])
        for problem in problems(path, root)
    ]


def problems(path: Path, root: Path) -> Iterator[str]:
    """Everything wrong on one page or drawing of the site in a folder."""
    if path.suffix == ".svg":
        # a publisher's logo draws no figures
        yield from drawings(path, path.parents[1]) if path.stem != "logo" else ()
        yield from outside_of_drawing(path)
        return
    yield from links(path, root)
    for check in (names, figures, evidence, drawings, bare, linked, outside):
        yield from check(path)


def names(path: Path) -> Iterator[str]:
    """Ids that are given twice, what points at none, and fields without a label."""
    tree = tree_of(path)
    given = [node.attributes["id"] or "" for node in tree.css("[id]")]
    for name in {name for name in given if given.count(name) > 1} if len(given) > len(ids_of(path)) else ():
        yield f"the id {name} is given twice"
    for attribute in ("for", "list", "aria-labelledby", "aria-describedby"):
        for node in tree.css(f"[{attribute}]"):
            for name in set((node.attributes[attribute] or "").split()) - ids_of(path):
                yield f"{attribute} points at {name}, which is not there"
    labelled = {node.attributes["for"] for node in tree.css("label[for]")}
    for field in tree.css("input, select, textarea"):
        if field.attributes.get("id") not in labelled and getattr(field.parent, "tag", "") != "label":
            yield f"{field.html} has no label"


def _figure(path: Path, node: LexborNode) -> tuple[str, Any]:
    """The id that an element names, and the figure, of the page's own edition or of the one it names."""
    name = node.attributes.get("data-figure") or ""
    folder = path.parent / (node.attributes.get("data-edition") or "")
    return name, edition_in(folder).figures.get(name) or companies_in(folder).get(name)


def figures(path: Path) -> Iterator[str]:
    """Elements that name a figure and say something else than it says, or a value that was kept back."""
    for node in tree_of(path).css("[data-figure]"):
        name, figure = _figure(path, node)
        kind, text = node.attributes.get("class") or "", node.text(strip=True)
        if kind == "reason":
            if figure is not None and (isinstance(figure, Published) or text != figure.why):
                yield f"{name}: {text!r} is not why it is missing"
            continue
        if not isinstance(figure, Published):
            if "value" in node.attributes or re.search(r"\d", text):
                yield f"{name} is not published, and {text!r} is shown"
            continue
        estimate = figure.estimate
        right = {
            "figure": {numbers.value(estimate)},
            "interval": {numbers.interval(estimate)},
            "count": {numbers.count(count) for count in counts_of(estimate)},
            "largest": {numbers.largest(estimate)} - {""},
            "borrowed": {numbers.percent(estimate.borrowed or 0.0)},
            "change": _changed(edition_in(path.parent / EARLIER), figure),
        }.get(kind, set())
        if text not in right:
            yield f"{name}: {text!r} is shown where one of {sorted(right)} is right"
    yield from _told(path)
    for node in tree_of(path).css(".because[data-figures]"):
        for name in (node.attributes["data-figures"] or "").split():
            if not isinstance(edition_in(path.parent).figures.get(name), Published):
                yield f"a verdict rests on {name}, which is not published"


def counts_of(estimate: Estimate) -> tuple[int, ...]:
    """What may be said of how much evidence a figure has."""
    return estimate.n, estimate.n_records, estimate.n_employers or 0, estimate.n_unnamed


def evidence(path: Path) -> Iterator[str]:
    """Entries of several figures whose counts are not the figures', or whose columns say something else of them than
    their sources do.
    """
    known = edition_in(path.parent).figures
    for table in tree_of(path).css(".entries > li > table"):
        columns = [
            known.get((cell.attributes["id"] or "").removeprefix("f-")) for cell in table.css("td[id]")
        ]
        estimates = [figure.estimate for figure in columns if isinstance(figure, Published)]
        rows = [[cell.text() for cell in row.css("td")] for row in table.css("tbody tr")[1:]]
        if not estimates or len(estimates) < len(columns):
            yield f"a column has no published figure: {table.html}"
            continue
        expected = [list(column) for column in zip(*map(_rests_on, estimates), strict=True)]
        if rows != [row for row in expected if any(row)]:
            yield f"{estimates[0].id}: {rows} is shown where {expected} is right"
        told = [data.text() for data in table.parent.css("p data")] if table.parent else []
        first = estimates[0]
        shown = [data.text() for data in table.css("tbody th data")]
        if shown != [one for source in first.sources if (one := _influence(first, source))]:
            yield f"{first.id}: {shown} are not its sources' influence"
        if not set(told) <= {*map(numbers.count, counts_of(first)), numbers.largest(first)}:
            yield f"{first.id}: {told} are not its counts"


def _rests_on(estimate: Estimate) -> list[str]:
    """What a column says: each source's value with its weight, or with how far it is apart from the market's figure;
    disagreement, what is borrowed.
    """
    one = len(estimate.sources) == 1 or parse(estimate.id).form.market
    values = (
        numbers.amount(
            source.value, estimate.unit, currency=estimate.currency, digits=int(abs(source.value) < 0.1)
        )
        for source in estimate.sources
    )
    weights = (f", weight {numbers.percent(source.weight)}" for source in estimate.sources)
    parted = (_apart(estimate, source) for source in estimate.sources)
    shares = (estimate.heterogeneity, estimate.borrowed)
    return [
        *(
            value + (distance if one else weight)
            for value, weight, distance in zip(values, weights, parted, strict=True)
        ),
        *("" if share is None else numbers.percent(share) for share in shares),
    ]


def _influence(estimate: Estimate, source: SourceEstimate) -> str:
    """What is said of how far a figure moves with a source: of the market's amounts alone."""
    told = parse(estimate.id).form.market and estimate.unit == "money"
    return numbers.percent(source.weight) if told else ""


def _apart(estimate: Estimate, source: SourceEstimate) -> str:
    """What is said of how many standard errors a source lies from a figure of the market: nothing up to two."""
    if not parse(estimate.id).form.market or not estimate.coverage:
        return ""
    plus = 1 if estimate.unit == "effect" else 0
    ours, theirs = (
        [math.log(end + plus) if end + plus > 0 else math.nan for end in (one.low, one.value, one.high)]
        for one in (estimate, source)
    )
    # 90 % intervals: 1.645 standard errors to each side
    distance = (theirs[1] - ours[1]) / math.hypot(ours[2] - ours[0], theirs[2] - theirs[0]) * 2 * 1.644854
    return f", apart {'−' if distance < 0 else '+'}{abs(distance):.1f}" if abs(distance) > 2 else ""


def _changed(earlier: Edition, now: Published) -> set[str]:
    """How a figure may be said to differ from the earlier edition's: the change worked out anew, and its interval."""
    was = earlier.figures.get(now.id)
    if not isinstance(was, Published):
        return set()
    first, second = was.estimate, now.estimate
    relative = first.unit in ("money", "ratio", "count") and min(first.low, second.low) > 0
    gap = plain(second.value / first.value - 1 if relative else second.value - first.value)
    change = compare(first, second)
    ends = [
        numbers.change(end, second.unit, relative=relative)
        for end in (change.low, change.high)
        if end is not None
    ]
    return {numbers.change(gap, second.unit, relative=relative), " to ".join(ends)}


def _told(path: Path) -> Iterator[str]:
    """Counts of a source that are not what the manifest says, this edition's or the earlier one's."""
    for node in tree_of(path).css('data[data-key^="sources."]'):
        name, _, key = (node.attributes["data-key"] or "").removeprefix("sources.").rpartition(".")
        edition = edition_in(path.parent / (node.attributes.get("data-edition") or ""))
        if key == "influence":
            overall = edition.figures.get(str(band("any", "base")))
            known = overall.estimate.sources if isinstance(overall, Published) else ()
            if node.text() not in {numbers.percent(one.weight) for one in known if one.source == name}:
                yield f"{node.html} is not the source's influence"
            continue
        cards: Any = edition.manifest.get("sources", {})
        if node.text(strip=True) != numbers.count(cards.get(name, {}).get(key, -1)):
            yield f"{node.html} is not what the edition says of its sources"
    for node in tree_of(path).css("[data-edition]"):
        if not edition_in(path.parent / (node.attributes["data-edition"] or "")).manifest:
            yield f"{node.html} is of no edition"


def drawings(path: Path, home: Path | None = None) -> Iterator[str]:
    """Charts that name no figures, or print another value than theirs; `home` is the folder of the edition where it
    is not the file's own.
    """
    for chart in tree_of(path).css("svg:not(svg svg)"):
        if "market-shares" in (chart.attributes.get("id"), path.stem):
            yield from _shares(chart, edition_in(home or path.parent))
            continue
        if not chart.attributes.get("data-figures"):
            yield "a chart names no figures"
        values = set()
        for name in (chart.attributes.get("data-figures") or "").split():
            folder, _, figure = name.rpartition("/")
            found = edition_in((home or path.parent) / folder).figures.get(figure)
            if isinstance(found, Published):
                values.add(numbers.value(found.estimate))
            else:
                yield f"a chart draws {name}, which is not published"
        for node in chart.css("text[font-weight=bold]"):
            text = node.text(strip=True)
            if re.search(r"\d", text) and not text.endswith("years") and text not in values:
                yield f"a chart prints {text!r}, which is no value of its figures"


def _shares(chart: LexborNode, edition: Edition) -> Iterator[str]:
    """Shares in the chart of the market that are not its own."""
    market: Any = edition.manifest["market"]
    groups = [margin["shares"].values() for margin in market["margins"].values() if margin]
    right = {numbers.percent(share) for shares in groups for share in shares}
    # the places that are not named are together what the named ones leave
    texts = [node.text(strip=True) for node in chart.css("g text")]
    for name, text in pairwise(texts):
        if re.search(r"\d", text) and text not in right and name != "All other places":
            yield f"a chart prints {text!r}, which is no share of the market"


def bare(path: Path) -> Iterator[str]:
    """Digits that stand in no marked element, and marked ones that name nothing."""
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    for node in tree.css("data"):
        named = any(f"data-{what}" in node.attributes for what in ("figure", "key", "record"))
        if not named and not any(one.css('[id^="f-"]') for one in _above(node) if one.tag in ("li", "td")):
            yield f"{node.html} names no figure"
    for node in tree.css(MARKED):
        node.decompose()
    text = re.sub(NAMED, "", tree.body.text(separator=" ") if tree.body else "")
    for found in re.finditer(r"\d+", text):
        yield f"a number by itself: {text[max(0, found.start() - 60) : found.end() + 10]!r}"


def linked(path: Path) -> Iterator[str]:
    """Pay told to programs that is not what a figure says."""
    names = {"median": "p50", **{f"percentile{at}": f"p{at}" for at in (10, 25, 75, 90)}}
    for node in tree_of(path).css('script[type="application/ld+json"]'):
        for part in json.loads(node.text())["@graph"]:
            for paid in part.get("estimatedSalary", ()):
                for name in names.keys() & paid.keys():
                    figure = edition_in(path.parent).figures.get(f"{paid['identifier']}.{names[name]}")
                    if not isinstance(figure, Published) or paid[name] != round(figure.estimate.value):
                        yield f"{paid['identifier']}: {name} {paid[name]} is no published figure"


def _above(node: LexborNode) -> Iterator[LexborNode]:
    while node.parent is not None:
        node = node.parent
        yield node


def outside(path: Path) -> Iterator[str]:
    """What would fetch, run or be shown from elsewhere."""
    tree = tree_of(path)
    for node in tree.css("iframe, object, embed, base, form[action], [style], style"):
        yield f"{node.tag} is not allowed: {(node.html or '')[:80]}"
    policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]')
    told = (policy.attributes["content"] or "") if policy else ""
    if not told.startswith("default-src 'none'; ") or "unsafe" in told or "http" in told:
        yield f"its policy is {told!r}"
    if bool(tree.css("script[src]")) != ("script-src 'self'" in told):
        yield "its policy is not that of its scripts"
    for node in tree.css("script"):
        if not node.attributes.get("src") and node.attributes.get("type") != "application/ld+json":
            yield "an inline script"
        elif node.attributes.get("src") and node.text():
            yield "a script with a source and a text"
    for node in tree.css("*"):
        for name in node.attributes:
            if name.startswith("on"):
                yield f"{node.tag} has {name}"


def outside_of_drawing(path: Path) -> Iterator[str]:
    """What a drawing of its own would fetch or run."""
    for node in ElementTree.fromstring(path.read_bytes()).iter():
        tag = node.tag.rpartition("}")[2]
        if tag in ("script", "foreignObject", "image", "use", "a", "style"):
            yield f"{tag} is not allowed"
        for name, value in node.attrib.items():
            if (
                name.rpartition("}")[2] == "href"
                or name.startswith("on")
                or "url(" in value.replace("url(#", "")
            ):
                yield f"{tag} has {name}={value!r}"
