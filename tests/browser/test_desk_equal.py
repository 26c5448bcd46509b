"""The page's scripts and the library say the same: estimates, drivers, names, offers."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from desk_profiles import EMPLOYERS, PLACES, profiles
from playwright.sync_api import Browser, Page

from payguide.decode.employer import listed_employers, read_employer
from payguide.decode.gazetteer import us_cities
from payguide.decode.profile_input import resolve_profile
from payguide.estimator import Estimator, predict_each
from payguide.guide import edition as editions
from payguide.guide import offers

pytestmark = pytest.mark.browser

QUANTILES = ("p10", "p25", "p50", "p75", "p90")


@pytest.fixture(scope="module")
def model(folder: Path) -> dict[str, Any]:
    found = editions.read(folder).model
    assert found is not None
    return dict(found)


@pytest.fixture(scope="module")
def page(chromium: Browser, folder: Path) -> Iterator[Page]:
    opened = chromium.new_page()
    opened.goto((folder / "offers.html").as_uri())
    opened.evaluate("void (globalThis.predict = payguide.estimator(payguide.model))")
    yield opened
    opened.close()


def test_the_page_holds_the_editions_model_and_no_other(page: Page, model: dict[str, Any]) -> None:
    told = page.evaluate("({ ...payguide.model, own: payguide.own, companies: payguide.companies })")
    assert {**told, "differences": page.evaluate("payguide.differences")} == model


def test_every_estimate_is_the_librarys(page: Page, model: dict[str, Any]) -> None:
    asked = profiles(model, 1200, seed=7)

    told = page.evaluate("profiles => profiles.map(one => predict(one))", asked)

    patterns = set()
    for profile, ours, theirs in zip(asked, predict_each(Estimator(model), asked), told, strict=True):
        assert [abs(ours[q] - theirs[q]) <= 1 for q in QUANTILES] == [True] * 5, profile
        assert (ours["n"], ours["reference"]) == (theirs["n"], theirs["reference"]), profile
        patterns.add(theirs["pattern"])
    # known, level or none x known or none x known, new or none x known or none
    assert len(patterns) == 36


def test_the_drivers_add_up_exactly_and_are_the_librarys(page: Page, model: dict[str, Any]) -> None:
    asked = profiles(model, 200, seed=8)

    told = page.evaluate("profiles => profiles.map(one => predict(one))", asked)

    for profile, ours, theirs in zip(asked, predict_each(Estimator(model), asked), told, strict=True):
        assert sum(d["amount"] for d in theirs["drivers"]) == theirs["p50"] - theirs["reference"], profile
        known = {d["name"]: d["amount"] for d in ours["drivers"]}
        found = {d["name"]: d["amount"] for d in theirs["drivers"]}
        assert all(abs(known.get(n, 0) - found.get(n, 0)) <= 1 for n in known | found), profile


def test_years_out_of_bounds_are_refused(page: Page) -> None:
    with pytest.raises(Exception, match="0-80"):
        page.evaluate("predict({ role: 'ml_engineer', years: 81 })")


def test_employers_are_read_as_the_library_reads_them(page: Page) -> None:
    ends = itertools.cycle(("", " Inc.", ", LLC", " Technologies", " India", " AI", " (YC)", ".com"))
    spelled = [
        name + end for _, spellings in listed_employers() for name, end in zip(spellings, ends, strict=False)
    ]
    names = [*EMPLOYERS, *spelled, *(name.upper() for name in spelled[::7])]

    told = page.evaluate(
        "names => { const read = payguide.employerReader(payguide.model.names); return names.map(one => read(one)) }",
        names,
    )

    expected = [read_employer(name) for name in names]
    assert len(names) > 5_000
    for name, ours, theirs in zip(names, expected, told, strict=True):
        assert (theirs["id"], theirs["tier"], theirs["industry"]) == (ours.id, ours.tier, ours.industry), name


def places(page: Page, texts: list[str]) -> list[Any]:
    return page.evaluate(
        "texts => { const read = payguide.placeReader(payguide.model.names); return texts.map(one => read(one)) }",
        texts,
    )


def test_places_are_read_as_the_library_reads_them(page: Page, model: dict[str, Any]) -> None:
    joined = (" and ", "/", "(", " - ")  # the library takes these for several places
    cities = [c for c in us_cities() if not any(part in c.name for part in joined)]
    texts = [*PLACES, *(f"{city.name}, {city.region}" for city in cities)]
    metros = {code for code, _ in model["names"]["metros"]}

    for text, theirs in zip(texts, places(page, texts), strict=True):
        ours = resolve_profile({"place": text})
        metro = ours.get("metro") if ours.get("metro") in metros else None
        if theirs is not None:
            assert (theirs["metro"] or None, theirs["region"] or None) == (metro, ours.get("region")), text
        else:
            assert not text.strip() or ours.get("country") != "US", text


def test_a_name_typed_alone_is_one_of_the_librarys_places(page: Page) -> None:
    texts = sorted({city.name for city in us_cities()})
    found = [(text, one) for text, one in zip(texts, places(page, texts), strict=True) if one]

    differ = [text for text, one in found if one["region"] != resolve_profile({"place": text}).get("region")]
    assert len(found) > 2_000
    # "Georgia" is a state and a country; the page knows one country only
    assert len(differ) / len(found) < 0.002, differ


def test_typed_profiles_are_estimated_as_the_command_line_does(page: Page, model: dict[str, Any]) -> None:
    draw = random.Random(3)
    asked = [
        {
            "role": "ml_engineer", "component": draw.choice(("base", "total")), "employer": draw.choice(EMPLOYERS),
            "place": draw.choice(PLACES[:13]), "years": draw.choice((None, 1, 4, 8, 20)),
            "level": draw.choice(("", "senior")), "grade": draw.choice(("", "L5")),
        }
        for _ in range(200)
    ]  # fmt: skip

    told = page.evaluate(
        """asked => { const desk = payguide.desk.open();
            return asked.map(one => desk.predict(desk.read(one).profile)) }""",
        asked,
    )

    resolved = [resolve_profile(profile) for profile in asked]
    for profile, ours, theirs in zip(asked, predict_each(Estimator(model), resolved), told, strict=True):
        assert [abs(ours[q] - theirs[q]) <= 1 for q in QUANTILES] == [True] * 5, profile


def drawn_offers(n: int) -> list[offers.Offer]:
    draw = random.Random(11)
    schedules = [tuple(share / sum(s) for share in s) for s in offers.SCHEDULES.values()]
    return [
        offers.Offer(
            base=draw.choice((0, 150_000, 212_345.0)), bonus=draw.choice((0, 20_000)),
            sign_on=(draw.choice((0, 50_000)), draw.choice((0, 25_000))), grant=draw.choice((0, 1e5, 1e6)),
            schedule=draw.choice([*schedules, (0.1, 0.2, 0.3, 0.2, 0.2), (1.0,)]), cliff=draw.choice((0, 6, 12, 18)),
            every=draw.choice((1, 3, 12)), refresher=draw.choice((0, 80_000)), refresher_years=draw.choice((1, 4)),
            growth=draw.choice((-0.5, 0, 0.1, 0.9)), chance=draw.choice((1, 0.3)), discount=draw.choice((0, 0.4)),
        )
        for _ in range(n)
    ]  # fmt: skip


def as_script(offer: offers.Offer) -> dict[str, Any]:
    data = asdict(offer)
    return {
        **data, "signOn": list(data.pop("sign_on")), "refresherYears": data.pop("refresher_years"),
        "schedule": list(data["schedule"]),
    }  # fmt: skip


def test_offers_are_the_same_to_the_cent(page: Page) -> None:
    asked = drawn_offers(300)

    told = page.evaluate("all => all.map(one => payguide.offers.years(one))", [as_script(o) for o in asked])

    for offer, theirs in zip(asked, told, strict=True):
        for ours, year in zip(offers.years(offer), theirs, strict=True):
            assert year["equity"] == pytest.approx(ours.equity, abs=0.01), offer
            assert year["refreshers"] == pytest.approx(ours.refreshers, abs=0.01), offer
            assert year["total"] == pytest.approx(ours.total, abs=0.01), offer


@pytest.mark.slow
def test_the_growth_that_makes_offers_equal_is_the_same(page: Page) -> None:
    drawn = drawn_offers(120)
    pairs = list(zip(drawn[::2], drawn[1::2], strict=True))

    told = page.evaluate(
        "pairs => pairs.map(([one, other]) => payguide.offers.equalGrowth(one, other))",
        [[as_script(one), as_script(other)] for one, other in pairs],
    )

    assert told == [pytest.approx(offers.equal_growth(one, other), abs=1e-9) for one, other in pairs]
    assert any(one is None for one in told)
    assert sum(one is not None for one in told) > 5
