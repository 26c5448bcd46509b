"""Several roles side by side: who earns more, the page over the guides, its listing; and the roles' own files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from payguide.base.codes import Role
from payguide.base.edition import Edition
from payguide.base.errors import InputError, UnreadableFile, UsageError, WrongShape
from payguide.base.estimates import Figure, Withheld
from payguide.guide import role as roles
from payguide.guide import shelf


def edition(slug: str, *figures: Figure, tested: bool = False) -> Edition:
    """An edition of some figures; its people are called by its slug."""
    verdicts = artificial.edition().verdicts[:1] if tested else ()
    told = {"slug": slug, "many": f"{slug}s", "role_name": slug.capitalize(), "title": f"Guide to {slug}s"}
    return Edition({**artificial.manifest(), **told}, artificial.figures_of(*figures), verdicts)


def median(value: float, half: float = 0.05) -> Figure:
    return artificial.money("band.mid.base.p50", value, value * (1 - half), value * (1 + half))


#: Fingerprints of two editions.
MARKS = ["a" * 64, "b" * 64]

TOO_LITTLE = "there is too little evidence on clerks."
HIDDEN = Withheld("band.mid.base.p50", "Mid base pay", "dominance", "One employer holds too much.")


@pytest.mark.parametrize(
    ("pay", "said"),
    [
        ((100, 200, 100, 101), "Bakers earn more than cooks; smiths and clerks show no clear difference from cooks."),
        # 90 +- 4.5 against 100 +- 5: the difference is -10 +- 6.7, which leaves out zero though the intervals touch
        ((100, 90, 100, None), "Bakers earn less than cooks; smiths show no clear difference from cooks; "
         + TOO_LITTLE),
        ((100, 94, 50, 60), "Smiths and clerks earn less than cooks; bakers show no clear difference from cooks."),
        ((None, 90, 100, 100), "There is too little evidence on cooks to compare."),
    ],
)  # fmt: skip
def test_who_earns_more_is_told_by_the_interval_of_the_difference(
    pay: tuple[float | None, ...], said: str
) -> None:
    made = [
        edition(slug, median(value) if value else HIDDEN)
        for slug, value in zip(("cook", "baker", "smith", "clerk"), pay, strict=True)
    ]

    assert shelf.against(made, made[0], "mid", "base") == said


def test_nobody_is_compared_with_itself() -> None:
    alone = [edition("cook", median(100))]

    assert shelf.against(alone, alone[0], "mid", "base") == ""
    assert shelf.together(alone) == alone


def test_the_page_leads_to_each_guide_the_tested_one_first(tmp_path: Path) -> None:
    made = [edition("baker", median(200_000)), edition("cook", median(100_000), tested=True)]

    shelf.render(made, tmp_path, MARKS)

    tree = Tree((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert [a.attributes["href"] for a in tree.css(".card h3 a")] == ["cook/index.html", "baker/index.html"]
    assert [a.attributes["href"] for a in tree.css(".card .guide a")] == ["cook/claims.html"]
    shown = tree.css_first("table data.figure[data-edition=baker]")
    assert (shown.attributes["data-figure"], shown.text()) == ("band.mid.base.p50", "$200K")
    assert shown.parent is not None
    assert shown.parent.attributes["href"] == "baker/evidence.html#f-band.mid.base.p50"
    assert "Bakers earn more than cooks." in tree.body.text()


def test_the_table_of_the_command_line_has_two_rows_a_role() -> None:
    made = [edition("baker", HIDDEN), edition("cook", median(100_000), tested=True)]

    title, columns, rows = shelf.table(made)

    assert "USD a year" in title
    assert columns[2:5] == (">All levels", ">Entry", ">Mid")
    assert [row[:2] for row in rows] == [("Cook", "base"), ("", "total"), ("Baker", "base"), ("", "total")]
    assert rows[0][4] == "$100K ($95K to $105K)"
    assert rows[2][4] == "withheld"


def test_each_edition_knows_what_lies_beside_it(tmp_path: Path) -> None:
    made = shelf.together([edition("baker", median(1)), edition("cook", median(1))])

    assert [shelf.slugs_beside(one.manifest) for one in made] == [["baker", "cook"]] * 2
    assert shelf.slugs_beside({}) == []
    shelf.render(made, tmp_path, MARKS)
    assert shelf.listed(tmp_path) == ["baker", "cook"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, InputError),
        ("{", UnreadableFile),
        ("[]", WrongShape),
        ('{"format": "payguide-editions/9"}', WrongShape),
        (json.dumps({"format": shelf.FORMAT}), WrongShape),
        (json.dumps({"format": shelf.FORMAT, "editions": [{}]}), WrongShape),
    ],
)
def test_what_is_no_listing_is_refused(tmp_path: Path, content: str | None, error: type[Exception]) -> None:
    if content is not None:
        (tmp_path / "editions.json").write_text(content)

    with pytest.raises(error, match="--role all"):
        shelf.listed(tmp_path)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    name = '<script>alert("x")</script>"><img src=x onerror=alert(1)>'
    made = edition("cook", median(1e5))
    hostile = replace(
        made, manifest={**made.manifest, **dict.fromkeys(("many", "role_name", "population"), name)}
    )

    shelf.render([hostile, edition("baker", HIDDEN)], tmp_path, MARKS)

    tree = Tree((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert not tree.css("script, img, [onerror]")
    assert name in tree.body.text()


@pytest.mark.parametrize("slug", roles.known())
def test_a_role_is_a_small_file_that_says_what_a_page_needs(slug: str) -> None:
    role = roles.load(slug)

    assert role.slug == slug
    assert role.role in set(Role)
    assert role.one.split()[0] in ("a", "an")
    assert role.one.split(maxsplit=1)[1] + "s" == role.many
    assert role.name in role.title
    assert role.official.endswith(".")


def test_roles_are_named_once_each_and_all_of_them_together() -> None:
    assert [role.slug for role in roles.several(["ml-engineer", "data-engineer", "ml-engineer"])] == [
        "ml-engineer",
        "data-engineer",
    ]
    assert tuple(role.slug for role in roles.several(["all"])) == roles.known()
    assert {"ml-engineer", "data-scientist", "ml-scientist", "software-engineer", "data-engineer"} <= set(
        roles.known()
    )
    with pytest.raises(UsageError, match=r"Known roles: .*data-scientist.*all"):
        roles.several(["astronaut"])


def test_roles_of_different_days_are_not_built_together(monkeypatch: pytest.MonkeyPatch) -> None:
    known = roles.load
    later = {"data-engineer": date(2031, 1, 1)}
    monkeypatch.setattr(
        roles, "load", lambda slug: replace(known(slug), date=later.get(slug, date(2030, 1, 1)))
    )

    with pytest.raises(UsageError, match="one by one"):
        roles.several(["ml-engineer", "data-engineer"])


@pytest.mark.parametrize(
    ("slugs", "url", "addresses"),
    [
        (["cook"], "", [None]),
        (["cook"], "https://pay.example/", ["https://pay.example/"]),
        (["cook", "baker"], "", [None, None]),
        (
            ["cook", "baker"],
            "https://pay.example/",
            ["https://pay.example/cook/", "https://pay.example/baker/"],
        ),
        # the address ends as the role is called
        (["cook"], "https://pay.example/cook/", ["https://pay.example/cook/"]),
        (
            ["cook", "baker"],
            "https://pay.example/cook/",
            ["https://pay.example/cook/cook/", "https://pay.example/cook/baker/"],
        ),
    ],
)
def test_each_edition_knows_its_own_address_and_that_of_all(
    slugs: list[str], url: str, addresses: list[str | None]
) -> None:
    made = shelf.together([edition(slug) for slug in slugs], url)

    assert [one.manifest.get("url") for one in made] == addresses
    assert {shelf.address(one.manifest) for one in made} == {url}
