"""Whose pay an edition is of: market files of one's own, the packaged one, and how its margins are worked out."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from market import RULES
from market_margin import Margin, Measure, apart, covering, margin, written

from payguide.base.codes import Role
from payguide.base.errors import InputError
from payguide.base.market import DIMENSIONS, packaged_market, read_market, with_share
from payguide.base.reference.country import country

EXAMPLE = Path(__file__).parents[2] / "docs/examples/example-market.toml"
PAGE = EXAMPLE.parents[1] / "market.md"
HEAD = 'date = 2026-11-01\ncountry = "US"\n'
ROLES = tuple(role for role in Role if role is not Role.OTHER)


def market_file(folder: Path, text: str) -> Path:
    path = folder / "market.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "dimension", "shares"),
    [
        ("", "tier", None),
        ("[tier]\nshares = { big_tech = 0.25, startup = 0.75 }", "tier", {"big_tech": 0.25, "startup": 0.75}),
        ("[tier]\nshares = { big_tech = 1, startup = 0 }", "tier", {"big_tech": 1, "startup": 0}),
        # rounded shares are brought to one: 0.33 / 0.99
        ("[remote]\nshares = { onsite = 0.33, hybrid = 0.66 }", "remote", {"onsite": 1 / 3, "hybrid": 2 / 3}),
        ("[level.shares]\nentry = 0.5\nstaff = 0.5", "level", {"entry": 0.5, "staff": 0.5}),
        ("[industry]\nshares = { ai = 1.0 }", "industry", {"ai": 1}),
        # a metro that the country's file names, one that it does not, and all others
        ("[metro]\nshares = { 41860 = 0.5, 12580 = 0.2, other_us = 0.3 }", "metro",
         {"41860": 0.5, "12580": 0.2, "other_us": 0.3}),
        # a role's own margin stands in the place of the general one
        ("[level]\nshares = { entry = 1 }\n[roles.ml_engineer.level]\nshares = { staff = 1 }", "level", {"staff": 1}),
        ("[level]\nshares = { entry = 1 }\n[roles.data_analyst.level]\nshares = { staff = 1 }", "level", {"entry": 1}),
        ("[level]\nshares = { entry = 1 }\n[roles.ml_engineer.tier]\nshares = { startup = 1 }", "level", {"entry": 1}),
    ],
)  # fmt: skip
def test_a_market_of_ones_own(
    tmp_path: Path, text: str, dimension: str, shares: dict[str, float] | None
) -> None:
    found = read_market(market_file(tmp_path, HEAD + text), Role.ML_ENGINEER, "US")
    assert (found.country, found.date, found.origin) == ("US", date(2026, 11, 1), "market.toml")
    one = found.margins[dimension]
    assert (one and one.shares) == (shares and pytest.approx(shares))


@pytest.mark.parametrize(
    ("more", "certainty", "assumed", "reference"),
    [
        ("", None, False, ""),
        ("certainty = 40", 40, False, ""),
        ("certainty = 1.5\nassumed = true", 1.5, True, ""),
        ('reference = "A count."\nassumed = false', None, False, "A count."),
    ],
)
def test_what_a_margin_says_of_itself(
    tmp_path: Path, more: str, certainty: float | None, assumed: bool, reference: str
) -> None:
    path = market_file(tmp_path, f"{HEAD}[tier]\nshares = {{ startup = 1 }}\n{more}")
    one = read_market(path, Role.ML_ENGINEER, "US").margins["tier"]
    assert one
    assert (one.certainty, one.assumed, one.reference) == (certainty, assumed, reference)


def test_a_file_that_an_editor_began_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert read_market(market_file(tmp_path, f"\ufeff{HEAD}"), Role.ML_ENGINEER, "US").country == "US"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date = ", "market.toml: the market file is not TOML: Invalid value"),
        ("a = " + "[" * 5000, "the market file is not TOML"),
        (f"a = 1{'0' * 5000}", "the market file is not TOML"),
        (f"{HEAD}date = 2026-11-02", "the market file is not TOML: Cannot overwrite a value"),
        ('country = "US"', 'says its country and its date. Write, for example: country = "US" and date = 2026'),
        ("date = 2026-11-01", "says its country and its date"),
        ('date = "2026-11-01"\ncountry = "US"', "says its country and its date"),
        ('date = 2026-11-01T09:00:00\ncountry = "US"', "says its country and its date"),
        ('date = 2026-11-01\ncountry = "Atlantis"', "market.toml: no country is called 'Atlantis'"),
        (f"{HEAD}[teir]", "'teir' is not a key of a market file. Known: country, date, industry, level, metro"),
        (f"{HEAD}tier = 1", "market.toml, [tier]: there is 1 where a table is meant"),
        (f"{HEAD}[tier]", "[tier]: a margin has shares, a table of numbers"),
        (f"{HEAD}[tier]\nshares = {{}}", "[tier]: a margin has shares"),
        (f"{HEAD}[tier]\nshares = [0.5, 0.5]", "[tier]: a margin has shares"),
        (f"{HEAD}[tier]\nstartup = 1.0", "[tier]: 'startup' is not a key of a margin. Known: assumed, certainty"),
        (f"{HEAD}[tier]\nshares = {{ faang = 1 }}", "[tier]: 'faang' is not a tier. Known: big_tech, consultancy"),
        (f"{HEAD}[level]\nshares = {{ lead = 1 }}", "[level]: 'lead' is not a level. Known: entry, mid, senior, staff"),
        (f"{HEAD}[industry]\nshares = {{ unknown = 1 }}", "[industry]: 'unknown' is not a industry"),
        (f"{HEAD}[remote]\nshares = {{ unstated = 1 }}", "[remote]: 'unstated' is not a remote"),
        (f"{HEAD}[metro]\nshares = {{ Austin = 1 }}", "'Austin' is not a metro. Write CBSA codes, and other_us for"),
        (f"{HEAD}[metro]\nshares = {{ 4186 = 1 }}", "'4186' is not a metro"),
        (f"{HEAD}[metro]\nshares = {{ top3 = 1 }}", "'top3' is not a metro"),
        (f"{HEAD}[metro]\nshares = {{ unknown = 1 }}", "'unknown' is not a metro"),
        (f'{HEAD}[metro]\nshares = {{ "４１８６０" = 1 }}', "is not a metro"),
        (f"{HEAD}[tier]\nshares = {{ startup = 60, midsize = 40 }}", "share of startup is 60, not a number from 0"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1.5, midsize = -0.5 }}", "share of startup is 1.5, not a number"),
        (f"{HEAD}[tier]\nshares = {{ startup = -0.0001, midsize = 1 }}", "share of startup is -0.0001, not a number"),
        (f"{HEAD}[tier]\nshares = {{ startup = nan, midsize = 1 }}", "share of startup is nan, not a number"),
        (f"{HEAD}[tier]\nshares = {{ startup = true }}", "share of startup is True, not a number from 0 to 1"),
        (f'{HEAD}[tier]\nshares = {{ startup = "1" }}', "share of startup is '1', not a number from 0 to 1"),
        (f"{HEAD}[tier]\nshares = {{ startup = 0.5, midsize = 0.4 }}", "[tier]: the shares add up to 0.900, not to 1"),
        (f"{HEAD}[tier]\nshares = {{ startup = 0, midsize = 0 }}", "the shares add up to 0.000, not to 1"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = 0", "the certainty is 0, not a number of people"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = -3", "the certainty is -3, not a number"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = true", "the certainty is True, not a number"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = nan", "the certainty is nan, not a number"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = inf", "the certainty is inf, not a number"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = 1{'0' * 400}", "not a number of people from 1 on"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = 0x{'f' * 5000}", "certainty is a number of thousands"),
        (f"{HEAD}[tier]\nshares = {{ startup = [0x{'f' * 5000}] }}", "startup is a number of thousands of digits, not"),
        (f"{HEAD}tier = '{'a' * 99}'", f"there is '{'a' * 59}... where a table is meant"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = 1e-300", "the certainty is 1e-300, not a number"),
        (f'{HEAD}[tier]\nshares = {{ startup = 1 }}\ncertainty = "forty"', "the certainty is 'forty', not a number"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1{'0' * 400} }}", "not a number from 0 to 1"),
        (f"{HEAD}[tier]\nshares = {{ startup = 1 }}\nreference = 2026", "the reference is 2026, not words"),
        (f'{HEAD}[tier]\nshares = {{ startup = 1 }}\nassumed = "no"', "assumed is 'no', not true or false"),
        (f"{HEAD}roles = 3", "market.toml, roles: there is 3 where a table is meant"),
        (f"{HEAD}[roles.plumber.tier]\nshares = {{ startup = 1 }}", "roles: 'plumber' is not a role. Known: data_"),
        (f"{HEAD}[roles]\nml_engineer = 3", "roles.ml_engineer: there is 3 where a table is meant"),
        (f"{HEAD}[roles.ml_engineer.teir]\nshares = {{ startup = 1 }}", "roles.ml_engineer: 'teir' is not a dimension"),
        # a fault is found whichever role is asked for, and where a role's own margin hides it
        (f"{HEAD}[roles.data_analyst.tier]\nshares = {{ faang = 1 }}",
         "[roles.data_analyst.tier]: 'faang' is not a tier"),
        (f"{HEAD}[tier]\nshares = {{ faang = 1 }}\n[roles.ml_engineer.tier]\nshares = {{ startup = 1 }}",
         "[tier]: 'faang' is not a tier"),
    ],
)  # fmt: skip
def test_a_bad_market_file_says_what_and_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        read_market(market_file(tmp_path, text), Role.ML_ENGINEER, "US")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"country = '\xe9'"])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "market.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"market\.toml: the market file cannot be read"):
        read_market(path, Role.ML_ENGINEER, "US")
    with pytest.raises(InputError, match="the market file cannot be read"):
        read_market(tmp_path, Role.ML_ENGINEER, "US")


def test_the_documented_example_says_what_its_comments_say() -> None:
    found = read_market(EXAMPLE, Role.ML_ENGINEER, "US").margins
    assert [name for name in DIMENSIONS if found[name] is None] == ["industry"]
    assert read_market(EXAMPLE, Role.DATA_ANALYST, "US").margins["level"] is None
    told = {name: (one.certainty, one.assumed) for name, one in found.items() if one}
    assert told == {"metro": (None, False), "tier": (40, False), "remote": (10, True), "level": (None, False)}


@pytest.mark.parametrize("role", ROLES)
def test_the_packaged_market_is_whole(role: Role) -> None:
    found = packaged_market("US", role)
    assert found
    assert date(2026, 1, 1) <= found.date
    for name in DIMENSIONS:
        one = found.margins[name]
        assert one, name
        assert sum(one.shares.values()) == pytest.approx(1)
        # what was counted, and when
        assert re.search(r"\b20\d\d\b", one.reference), one.reference
        assert re.search(r"\d[\d,]{2,} (people|H-1B filings)|entry \d+", one.reference), one.reference
        assert one.certainty
        assert 1 < one.certainty <= 400


@pytest.mark.parametrize(
    ("role", "dimension", "values", "least", "most"),
    [
        # OEWS of May 2025: 156 of 1,688 thousand software developers are in San Francisco and San Jose
        (Role.SOFTWARE_ENGINEER, "metro", ("41860", "41940"), 0.09, 0.10),
        (Role.ML_ENGINEER, "metro", ("41860", "41940"), 0.15, 0.25),
        (Role.SOFTWARE_ENGINEER, "tier", ("enterprise", "midsize", "it_services"), 0.60, 0.75),
        # between the 5 % of ads and the 38 % of filings
        (Role.ML_ENGINEER, "tier", ("big_tech",), 0.12, 0.25),
        (Role.ML_ENGINEER, "industry", ("software", "ai"), 0.6, 0.8),
        (Role.ML_SCIENTIST, "tier", ("university", "public_service"), 0.10, 0.25),
    ],
)
def test_the_packaged_shares_are_plausible(
    role: Role, dimension: str, values: tuple[str, ...], least: float, most: float
) -> None:
    found = packaged_market("US", role)
    one = found and found.margins[dimension]
    assert one
    assert least < sum(one.shares[value] for value in values) < most


def test_tiers_and_industries_are_of_the_same_people() -> None:
    """Else no frame could be raked to both: the technology tiers are the software industries, as OEWS groups them."""
    for role in ROLES:
        found = packaged_market("US", role)
        tier, industry = (found and found.margins[name] for name in ("tier", "industry"))
        assert tier
        assert industry
        techs = (
            "frontier_lab",
            "big_tech",
            "public_tech",
            "funded_startup",
            "startup",
            "consultancy",
            "it_services",
        )
        software = sum(industry.shares.get(name, 0) for name in ("software", "ai"))
        assert sum(tier.shares.get(name, 0) for name in techs) == pytest.approx(software, abs=0.13)


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        *((f"| {name} |", added) for name, (added, _) in RULES["industry"].items()),
        *((f"| {', '.join(one['tiers'])} |", one["codes"][0]) for one in RULES["groups"].values() if "tiers" in one),
    ],
)  # fmt: skip
def test_the_documented_industries_are_those_of_the_rules(row: str, codes: list[str]) -> None:
    told = next(line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(row))
    # "31--34" are the sectors 31 to 33, "541500" the industry group 5415
    wanted = [code.partition("-")[0] if "-" in code else code.rstrip("0") for code in codes]
    assert [code for code in wanted if not re.search(rf"\b{code}\b", told)] == []


def test_named_metros_are_those_of_the_country_and_a_few_more() -> None:
    found = packaged_market("US", Role.SOFTWARE_ENGINEER)
    one = found and found.margins["metro"]
    assert one
    places = country("US")
    assert {code for code in places.places if code.isdigit()} <= set(one.shares)
    assert places.elsewhere in one.shares
    assert 40 <= len(one.shares) <= 60


def test_there_is_no_packaged_market_of_another_country() -> None:
    assert packaged_market("DE", Role.ML_ENGINEER) is None


@pytest.mark.parametrize(
    ("measures", "most", "shares", "certainty"),
    [
        # one measure: itself, as certain as may be
        ([({"a": 0.2, "b": 0.8}, True)], 50, {"a": 0.2, "b": 0.8}, 50),
        # two that agree
        ([({"a": 0.2, "b": 0.8}, True), ({"a": 0.2, "b": 0.8}, True)], 50, {"a": 0.2, "b": 0.8}, 50),
        # two that do not: as certain as still covers both
        ([({"a": 0.1, "b": 0.9}, True), ({"a": 0.3, "b": 0.7}, True)], 1000, {"a": 0.2, "b": 0.8}, None),
        # what does not count moves no share, but is within the spread
        ([({"a": 0.2, "b": 0.8}, True), ({"a": 0.4, "b": 0.6}, False)], 1000, {"a": 0.2, "b": 0.8}, None),
        # small values say nothing of the certainty
        (
            [({"a": 0.0, "b": 0.5, "c": 0.5}, True), ({"a": 0.04, "b": 0.48, "c": 0.48}, True)],
            20,
            {"a": 0.02, "b": 0.49, "c": 0.49},
            20,
        ),
        # a value that one measure does not have
        ([({"a": 1.0}, True), ({"b": 1.0}, True)], 50, {"a": 0.5, "b": 0.5}, 1),
    ],
)
def test_a_margin_is_the_mean_of_its_measures_and_covers_them(
    measures: list[tuple[dict[str, float], bool]], most: int, shares: dict[str, float], certainty: int | None
) -> None:
    told = [Measure(each, "w", counts) for each, counts in measures]
    found = margin(told, most)
    assert found.shares == pytest.approx(shares)
    if certainty is not None:
        assert found.certainty == certainty
    else:  # the largest that covers: one more would not
        assert 1 < found.certainty < most
        assert covering(shares, told, found.certainty + 1) == found.certainty


def test_a_role_has_a_margin_of_its_own_where_it_differs_enough() -> None:
    swe, other, near = (Margin({"entry": a, "mid": 1 - a}, 9, "told 2026") for a in (0.5, 0.7, 0.52))
    assert (apart(swe, other), apart(swe, near)) == pytest.approx((0.2, 0.02))
    rest = {name: Margin({}, 9, "") for name in DIMENSIONS if name != "level"}
    rules = {"default": "software_engineer", "date": "2026-11-01", "country": "US", "differs": 0.05}
    levels = zip(map(str, ROLES), (other, near, near, near, near, swe), strict=True)
    found = {role: {**rest, "level": one} for role, one in levels}
    text = written(found, {"mid": "in the middle"}, rules)
    assert [line for line in text.splitlines() if line.startswith("[roles")] == [
        "[roles.ml_engineer.level]", "[roles.ml_engineer.level.shares]",
    ]  # fmt: skip
    assert "mid = 0.3000  # in the middle" in text


TIERS = (
    "[tier]\nshares = { big_tech = 0.2, frontier_lab = 0.1, startup = 0.4, enterprise = 0.3 }\ncertainty = 9"
)


@pytest.mark.parametrize(
    ("text", "factor", "shares"),
    [
        (TIERS, 1.0, {"big_tech": 0.2, "frontier_lab": 0.1, "startup": 0.4, "enterprise": 0.3}),
        # 0.3 to 0.15: the others share 0.85 as they shared 0.7
        (
            TIERS,
            0.5,
            {"big_tech": 0.1, "frontier_lab": 0.05, "startup": 0.34 / 0.7, "enterprise": 0.255 / 0.7},
        ),
        (TIERS, 2.0, {"big_tech": 0.4, "frontier_lab": 0.2, "startup": 0.16 / 0.7, "enterprise": 0.12 / 0.7}),
        # nobody would be left elsewhere; there is nobody to begin with; everybody is there; no margin says
        (TIERS, 3.5, None),
        (TIERS, 0.0, None),
        ("[tier]\nshares = { startup = 1 }", 2.0, None),
        ("[tier]\nshares = { big_tech = 1 }", 0.5, None),
        ("", 0.5, None),
    ],
)
def test_tiers_with_more_or_fewer_people(
    tmp_path: Path, text: str, factor: float, shares: dict[str, float] | None
) -> None:
    market = read_market(market_file(tmp_path, HEAD + text), Role.ML_ENGINEER, "US")
    found = with_share(market, ["big_tech", "frontier_lab"], factor)
    tier = found and found.margins["tier"]

    assert (tier and tier.shares) == (shares and pytest.approx(shares))
    assert tier is None or tier.certainty == 9


def test_a_file_of_another_country_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"market\.toml: the market file is of US, not of CA"):
        read_market(market_file(tmp_path, HEAD), Role.ML_ENGINEER, "CA")
