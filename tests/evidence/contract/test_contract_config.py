"""A user's contract: merged over the packaged one key by key, and refused with the key that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from payguide.base.errors import InputError, UnreadableFile
from payguide.evidence.contract import contract_config
from payguide.evidence.contract.rules import bounds_of

#: text -> (currency, country) -> the bounds of base pay that then count
MERGED = [
    ("",                                                                          "USD", "US", (15_000, 2_000_000)),
    ('[[bounds]]\ncurrency="USD"\ncountries=["US",""]\nbase=[9_000, 3e6]',        "USD", "US", (9_000, 3_000_000)),
    ('[[bounds]]\ncurrency="USD"\ncountries=["","US"]\nbase=[9_000, 3e6]',        "USD", "US", (9_000, 3_000_000)),
    ('[[bounds]]\ncurrency="USD"\nbase=[9_000, 3e6]',                             "USD", "US", (15_000, 2_000_000)),
    ('[[bounds]]\ncurrency="USD"\nbase=[9_000, 3e6]',                             "USD", "IN", (9_000, 3_000_000)),
    ('[[bounds]]\ncurrency="USD"\ncountries=["IN"]\nbase=[2_000, 1e6]\nmost=2e6', "USD", "IN", (2_000, 1_000_000)),
    ('[[bounds]]\ncurrency="KES"\nbase=[1e5, 1e8]\nmost=1e9',                     "KES", "KE", (100_000, 100_000_000)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "currency", "country", "bounds"), MERGED)
def test_bounds_are_merged_by_currency_and_countries(
    text: str, currency: str, country: str, bounds: tuple[float, float]
) -> None:
    assert bounds_of(contract_config.merged(text, "own.toml").terms, currency, country, "base") == bounds


def test_a_key_given_replaces_the_packaged_one_and_the_others_stay() -> None:
    own = contract_config.merged("[dates]\nfirst = 2020-01-01\n", "own.toml")
    assert (own.terms["dates"]["first"].year, own.terms["dates"]["days_ahead"]) == (2020, 366)
    assert own.terms["range"] == contract_config.settings()["range"]
    assert contract_config.settings()["dates"]["first"].year == 1990


def test_a_contract_that_says_nothing_is_the_packaged_one() -> None:
    assert contract_config.merged("# nothing\n", "own.toml") is contract_config.packaged()
    assert (str(contract_config.packaged()), contract_config.packaged().sha256) == (
        "the packaged contract",
        "",
    )


WRONG = [
    ("[ranges]\nwidest_ratio = 3",                                   "ranges is no part of a contract"),
    ("range = 3",                                                    r"range must be a table, written \[range\]"),
    ("[range]\nwidest = 3",                                          "range.widest is no key"),
    ("[range]\nwidest_ratio = '3'",                                  "range.widest_ratio must be a number .* not '3'"),
    ("[range]\nwidest_ratio = 0.5",                                  "range.widest_ratio must be"),
    ("[range]\nwidest_ratio = nan",                                  "range.widest_ratio must be"),
    ("[range]\nwidest_ratio = true",                                 "range.widest_ratio must be"),
    ("[dates]\nfirst = '1990'",                                      "dates.first must be a date"),
    ("[dates]\nfirst = 1990-01-01T00:00:00",                         "dates.first must be a date"),
    ("[dates]\nfirst = 2101-01-01",                                  "dates.first is after dates.last"),
    ("[dates]\ndays_ahead = -1",                                     "dates.days_ahead must be a whole number"),
    ("[dates]\ndays_ahead = 1.5",                                    "dates.days_ahead must be a whole number"),
    ("[currencies]\ncodes = 'USD'",                                  "currencies.codes must be a list"),
    ("[currencies]\ncodes = ['usd']",                                "currencies.codes must be a list"),
    ("[[bounds]]\ncurrency = 'EUR'\n[currencies]\ncodes = ['USD']", r"bounds\[1\].currency is not among"),
    ("[[bounds]]\ncurrency = 'XXX'\nbase = [1, 2]\nmost = 3",        r"bounds\[1\].currency is not among"),
    ("[bounds]\ncurrency = 'USD'",                                   r"bounds must be a list of tables"),
    ("[[bounds]]\nbase = [1, 2]",                                    r"bounds\[1\].currency is missing"),
    ("[[bounds]]\ncurrency = 'USD'\nlow = 1",                        r"bounds\[1\].low is no key"),
    ("[[bounds]]\ncurrency = 'KES'\nbase = [1, 2]",                  r"bounds\[1\].most is missing"),
    ("[[bounds]]\ncurrency = 'USD'\n[[bounds]]\ncurrency = 'EUR'\nbase = [2, 1]", r"bounds\[2\].base must be"),
    ("[[bounds]]\ncurrency = 'USD'\nbase = [1, inf]",                r"bounds\[1\].base must be"),
    ("[[bounds]]\ncurrency = 'USD'\nmost = 5",                       r"bounds\[1\].most is below the highest base"),
    ("[[bounds]]\ncurrency = 'USD'\ncountries = ['USA']",            r"bounds\[1\].countries must be"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_named_by_its_key(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=f"own.toml: {said}"):
        contract_config.read(tmp_path / "own.toml")


def test_a_file_that_is_missing_or_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"own.toml: the contract cannot be read"):
        contract_config.read(tmp_path / "own.toml")
    for content in (b"[range", b"\xff\xfa"):
        (tmp_path / "own.toml").write_bytes(content)
        with pytest.raises(UnreadableFile, match=r"own.toml"):
            contract_config.read(tmp_path / "own.toml")


def test_the_contract_that_is_printed_in_the_docs_can_be_used() -> None:
    page = (Path(__file__).parents[3] / "docs" / "quarantine.md").read_text(encoding="utf-8")
    own = contract_config.merged(page.partition("```toml")[2].partition("```")[0], "docs")
    assert bounds_of(own.terms, "USD", "", "total") == (12_000, 12_000_000)
    assert own.terms["currencies"]["codes"] == ["USD", "EUR"]
    assert set(own.terms) == set(contract_config.settings())
