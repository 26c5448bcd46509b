"""A claims file: what it may hold, what is said where it is wrong, and that its form is documented."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import artificial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.edition import Judgement
from payguide.base.errors import InputError, UnreadableFile, UsageError, WrongShape
from payguide.guide import claims
from payguide.guide.claims.form import Options
from payguide.guide.claims.judge import STATED, TESTS
from payguide.guide.claims.load import parse

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROW = '[[claim]]\nid = "a"\ntest = "within"\nsentence = "S."\nfigures = ["band.mid.base.p50"]\nstated = [1, 2]\n'


def with_options(line: str) -> str:
    return f"{ROW}[claim.options]\n{line}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml [", "TOML"),
        ("", "no [[claim]]"),
        ("claim = 1", "no [[claim]]"),
        ("claim = [1]", "no [[claim]]"),
        (ROW + ROW, "claim 2: the key `id`: 'a' stands twice"),
        (ROW.replace("within", "divine"), "claim 1 (a): the key `test`: no test is called 'divine'"),
        (ROW.replace("[1, 2]", "[1]"), "claim 1 (a): the key `stated`: the test 'within' takes 2"),
        (ROW.replace("[1, 2]", "[2, 1]"), "the key `stated`: the numbers run backwards"),
        (ROW.replace("[1, 2]", "[1, nan]"), "the key `stated`: a stated number is not finite"),
        (ROW.replace("[1, 2]", '["1", 2]'), "claim 1 (a): Expected `float`, got `str` - at `stated[0]`"),
        (ROW.replace('sentence = "S."\n', ""), "claim 1 (a): Object missing required field `sentence`"),
        (ROW.replace('"S."', '" "'), "the key `sentence`: it is empty"),
        (ROW.replace("sentence", "sentnce"), "claim 1 (a): Object contains unknown field `sentnce`"),
        (ROW.replace('"a"', '"a b"'), "the key `id`: 'a b' is no id"),
        (ROW.replace('"a"', "7"), "claim 1: Expected `str`, got `int` - at `id`"),
        (ROW.replace("within", "band").replace(".p50", ""), "the key `figures`: they do not suit"),
        (ROW.replace('["band.mid.base.p50"]', "[]"), "the key `figures`: they do not suit"),
        (ROW.replace(".p50", ".{p50"), "the key `figures`: the braces"),
        (ROW.replace("mid", "{" + "," * 600 + "}"), "names 601 figures"),
        (ROW.replace("p50", "{" + "," * 299 + "}{a,b}"), "names 600 figures"),
        (ROW.replace('"]', '", "degree.unmentioned.share"]'), "`figures`: they are of different units: money, share"),
        (with_options('unit = "effect"'), "the key `options.unit`: the figures are of the unit money"),
        (with_options('unit = "furlong"'), "Invalid enum value 'furlong' - at `options.unit`"),
        (with_options("need = 2"), "the key `options.need`: 2 of 1 figures cannot be needed"),
        (with_options("need = 0"), "the key `options.need`"),
        (with_options("neeed = 1"), "unknown field `neeed` - at `options`"),
        (with_options('otherwise_name = "total pay"'), "the key `options.otherwise_name`"),
        (with_options('otherwise = "x"').replace("within", "band"), "`options.otherwise`: they do not suit"),
        (with_options('beside = "x y"').replace("within", "band"), "`options.beside`: they do not suit"),
        (with_options('beside = "degree.unmentioned.share"'), "they are of different units: money, share"),
        (with_options("trend = 1"), "Expected `bool`, got `int` - at `options.trend`"),
        ("guide = 1\n" + ROW, "the key `guide` is no table"),
        ("[guide]\ntitel = 'x'\n" + ROW, "the key `guide.titel`"),
        ("[guide]\ntitle = 1\n" + ROW, "the key `guide.title`"),
        ("[claims]\n" + ROW, "the key `claims`"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_file_claim_and_key(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "claims.toml"
    file.write_text(text)

    with pytest.raises(WrongShape, match=r"claims\.toml.*docs/claims\.md|claims\.toml.*its own") as caught:
        claims.load_file(file)
    assert said in str(caught.value)


def test_a_claims_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        claims.load_file(tmp_path / "absent.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfa")
    with pytest.raises(UnreadableFile):
        claims.load_file(tmp_path / "odd.toml")
    with pytest.raises(UsageError, match="Known guides"):
        claims.load("nobody")


KEYS = (
    "id",
    "test",
    "sentence",
    "figures",
    "stated",
    "options",
    *(f"options.{o}" for o in Options.__struct_fields__),
)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("value", ["1979-05-27", "[[]]", "{x = 1}"])
def test_a_value_of_a_wrong_kind_is_never_taken(key: str, value: str) -> None:
    kept = [line for line in ROW.splitlines() if not line.startswith(f"{key} ")]
    text = "\n".join([*kept, f"{key} = {value}"]) + "\n"

    with pytest.raises(WrongShape, match=re.escape(key.rpartition(".")[2])):
        parse(text, where="f.toml")


@given(st.text() | st.text(alphabet="[]{}=\"'.,\n ab1#claim"))
def test_any_text_is_a_guide_or_refused(text: str) -> None:
    with contextlib.suppress(WrongShape):
        assert parse(text, where="f.toml").claims


def test_a_guide_without_a_title_has_its_files_name(tmp_path: Path) -> None:
    file = tmp_path / "their-guide.toml"
    file.write_text(ROW)

    assert claims.load_file(file).title == "their-guide"


@pytest.mark.parametrize(
    ("figure", "stated", "unit", "sentence"),
    [
        ("band.mid.base.p50", "[130_000, 180_000]", None, "It is $130K–$180K."),
        ("role.deploy.share", "[0.15, 0.30]", "share", "It is 15–30%."),
        ("skill.*.demand", "[0.15, 0.30]", "share", "It is 15–30%."),
        ("swe.premium.grade.effect", "[0.15, 0.30]", "effect", "It is 15–30%."),
        ("uplift.mid.all.p50", "[0.15, 0.30]", "effect", "It is 15–30%."),
        ("share.staff.total.top.over_500k", "[0.15, 0.30]", "share", "It is 15–30%."),
    ],
)
def test_the_unit_is_that_of_the_figures(figure: str, stated: str, unit: str | None, sentence: str) -> None:
    text = ROW.replace("band.mid.base.p50", figure).replace("[1, 2]", stated).replace("S.", "it is {stated}.")

    [claim] = parse(text, where="f.toml").claims

    assert claim.options.get("unit") == unit
    assert claim.sentence == sentence


def test_the_example_has_every_kind_of_test_and_is_judged() -> None:
    guide = claims.load_file(DOCS / "examples" / "example-guide.toml")

    assert {claim.test for claim in guide.claims} == set(TESTS)
    verdicts = claims.judge(guide.claims, artificial.figures())
    assert len({verdict.judgement for verdict in verdicts} - {Judgement.NOT_ENOUGH}) > 1
    assert all(verdict.why.endswith(".") and len(verdict.why) > 10 for verdict in verdicts)
    assert not any("{" in verdict.claim.sentence for verdict in verdicts)


def rows_of(heading: str) -> list[str]:
    """What stands first in each row of the table under a heading of docs/claims.md."""
    text = (
        (DOCS / "claims.md").read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    )
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


def test_every_test_and_option_is_documented_and_no_other() -> None:
    assert rows_of("The tests") == list(TESTS)
    assert set(STATED) == set(TESTS)
    assert rows_of("The options") == list(Options.__struct_fields__)
    assert rows_of("A file") == ["id", "sentence", "test", "figures", "stated", "options"]
