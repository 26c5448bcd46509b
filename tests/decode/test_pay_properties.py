"""What holds of pay reading on any text: no error, sound spans, printed bands read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.decode.pay import read_pay

PIECES = st.sampled_from([
    "$", "€", "£", "USD ", " EUR", "CA$", "zł", "₹", "k", "K", " LPA", "万円", "1", "90", "120,000",
    "85.000", "1'5",
    " - ", "–", " to ", " and ", "up to ", "from ", "Minimum: ", " Maximum: ", "/hr", " per year",
    "%", "+", "(", ")",
    "salary ", "OTE ", "bonus ", "Zone 1: ", "\n", ". ", "|", "•", ",", ";", "401k", "\u00a0",
    "年収", "ſ", "İ", "\x00",
])  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))


@given(TEXTS, st.sampled_from(["", "US", "CA", "cn", "??"]), TEXTS)
def test_never_raises_and_spans_are_sound(text: str, country: str, title: str) -> None:
    bands, warnings = read_pay(text, country=country, title=title)
    assert list(warnings) == sorted(set(warnings))
    for band in bands:
        assert band.span is not None
        start, end = band.span
        assert 0 <= start < end <= len(text)
        assert any(sign.isdigit() for sign in text[start:end])
        assert band.low is None or band.low > 0
        assert len(band.currency) == 3


def grouped(amount: int, sign: str) -> str:
    return f"{amount:,}".replace(",", sign)


LOCALES = {
    "en-US": lambda a, b: f"Salary: ${grouped(a, ',')} - ${grouped(b, ',')} per year",
    "en-GB": lambda a, b: f"Salary: £{grouped(a, ',')} to £{grouped(b, ',')} per annum",
    "de-DE": lambda a, b: f"Gehalt: {grouped(a, '.')} € bis {grouped(b, '.')} € brutto pro Jahr",
    "de-CH": lambda a, b: f"Lohn: CHF {grouped(a, '’')} – {grouped(b, '’')} pro Jahr",
    "fr-FR": lambda a, b: f"Salaire : entre {grouped(a, ' ')} € et {grouped(b, ' ')} € par an",
    "es-ES": lambda a, b: f"Salario: entre {grouped(a, '.')} € y {grouped(b, '.')} € al año",
    "pt-PT": lambda a, b: f"Salário: de {grouped(a, '.')} € a {grouped(b, '.')} € por ano",
    "nl-NL": lambda a, b: f"Salaris: € {grouped(a, '.')} tot € {grouped(b, '.')} per jaar",
    "pl-PL": lambda a, b: f"Wynagrodzenie: od {grouped(a, ' ')} do {grouped(b, ' ')} zł rocznie",
    "it-IT": lambda a, b: f"Retribuzione: da {grouped(a, '.')} € a {grouped(b, '.')} € lordi all'anno",
    "en-CA": lambda a, b: f"Base pay: CA${grouped(a, ',')} – CA${grouped(b, ',')} annually",
    "en-AU": lambda a, b: f"Salary A${grouped(a, ',')} to A${grouped(b, ',')} a year",
    "en-SG": lambda a, b: f"Annual salary: S${grouped(a, ',')}-S${grouped(b, ',')}",
    "en-IE": lambda a, b: f"€{grouped(a, ',')} - {grouped(b, ',')} base salary per annum",
    "pt-BR": lambda a, b: f"Salário anual: R$ {grouped(a, '.')} a R$ {grouped(b, '.')}",
    "sv-SE": lambda a, b: f"Salary: {grouped(a, ' ')} – {grouped(b, ' ')} SEK per year",
    "two clauses": lambda a, b: (
        f"Pay begins at ${grouped(a, ',')}/year and goes up to ${grouped(b, ',')}/year"
    ),
    "two sentences": lambda a, b: (
        f"Minimum salary: ${grouped(a, ',')}.00. Maximum salary: ${grouped(b, ',')}.00."
    ),
}
CURRENCY = {
    "en-US": "USD", "en-GB": "GBP", "de-CH": "CHF", "pl-PL": "PLN", "en-CA": "CAD", "en-AU": "AUD", "en-SG": "SGD",
    "pt-BR": "BRL", "sv-SE": "SEK", "two clauses": "USD", "two sentences": "USD",
}  # fmt: skip


def lakhs(amount: int) -> str:
    """An amount grouped the Indian way: 25,00,000."""
    head, tail = divmod(amount, 1000)
    return f"{head // 100},{head % 100:02},{tail:03}"


@given(low=st.integers(1_00_000, 80_00_000), width=st.integers(1, 19_00_000))
def test_indian_grouping_reads_back(low: int, width: int) -> None:
    (band,), _ = read_pay(f"Salary: ₹{lakhs(low)} - ₹{lakhs(low + width)} per annum")
    assert (band.low, band.high, band.currency) == (low, low + width, "INR")


@given(low=st.integers(200, 2000), width=st.integers(1, 900))
def test_ten_thousands_read_back(low: int, width: int) -> None:
    (band,), _ = read_pay(f"年収{low}万円〜{low + width}万円")
    assert (band.low, band.high, band.currency) == (low * 10_000, (low + width) * 10_000, "JPY")


@given(low=st.integers(800, 20_000), width=st.integers(0, 15_000))
def test_an_hourly_band_reads_back(low: int, width: int) -> None:
    (band,), _ = read_pay(f"Pay: ${low / 100:.2f} - ${(low + width) / 100:.2f} per hour")
    assert (band.low, band.high, band.period.value) == (low / 100, (low + width) / 100, "hour")


@pytest.mark.parametrize("locale", LOCALES)
@given(low=st.integers(24_000, 180_000), width=st.integers(1, 120_000))
def test_a_band_printed_in_a_locale_reads_back(locale: str, low: int, width: int) -> None:
    text = f"About us.\n\n{LOCALES[locale](low, low + width)}\n\nApply now."
    (band,), _ = read_pay(text)
    assert (band.low, band.high, band.period.value) == (low, low + width, "year")
    assert band.span is not None
    inside = [sign for sign in text[slice(*band.span)] if sign.isdigit()]
    assert "".join(inside).replace("00", "") == f"{low}{low + width}".replace("00", "")
    assert band.currency == CURRENCY.get(locale, "EUR")


@given(low=st.integers(20, 250), width=st.integers(1, 200))
def test_a_band_in_thousands_reads_back(low: int, width: int) -> None:
    for text in (f"Salary: ${low}K - ${low + width}K", f"Salary: {low}-{low + width}k USD"):
        (band,), _ = read_pay(text)
        assert (band.low, band.high) == (low * 1000, (low + width) * 1000)


ATTACKS = (
    "1", "$1", "$9", "1,", "1,1", "$1k ", "$100,000 - ", "USD", "USD 1 ", "1 ", "$", "1.", "1%",
    "salary ", "1 to ",
    "salary 100000 ", "pay: $90,000-$100,000\n", "(1", "1€", "1 lakh ", "1'", "$1-",
    "Minimum: $9 Maximum: ", "\n", "zone a ",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_is_read(attack: str) -> None:
    """How long it takes is measured in benchmarks/hostile_text.py."""
    text = (attack * 20_000)[:20_000]
    bands, _ = read_pay(text)
    assert all(band.span is not None and 0 <= band.span[0] < band.span[1] <= len(text) for band in bands)
