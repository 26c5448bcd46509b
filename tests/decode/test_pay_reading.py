"""Pay read from posting text: a table that reads like the reading rules."""

from __future__ import annotations

import pytest

from payguide.base.codes import Basis, Period
from payguide.decode.pay import read_pay

H, D, M, Y = "hour", "day", "month", "year"
BASE, OTE, TOTAL = "base", "ote", "total"

READ = [
    # text, then its bands: (low, high, currency, period, basis)
    # currencies and where they stand
    ("Salary: $170,000 - 200,000",                                     [(170_000, 200_000, "USD", Y, BASE)]),
    ("Pay 200-280k USD",                                               [(200_000, 280_000, "USD", Y, BASE)]),
    ("USD$157,000 per year - USD$174,000 per year",                    [(157_000, 174_000, "USD", Y, BASE)]),
    ("Salary: USD 140,000 to 200,000",                                 [(140_000, 200_000, "USD", Y, BASE)]),
    ("Salary range: 86,800 USD - 165,200 USD",                         [(86_800, 165_200, "USD", Y, BASE)]),
    ("Base pay range $116000 - $166000 (USD) + 15% bonus target",      [(116_000, 166_000, "USD", Y, BASE)]),
    ("CA$187.8K – CA$281.7K • Offers Equity", [(187_800, 281_700, "CAD", Y, BASE)]),
    ("Senior Engineer | C$60-80k",                                     [(60_000, 80_000, "CAD", Y, BASE)]),
    ("Salary: $140,000 - $160,000 Bonus: 10%", [(140_000, 160_000, "USD", Y, BASE)]),
    ("Salary: $140,000 - $160,000 Health insurance", [(140_000, 160_000, "USD", Y, BASE)]),
    ("Salary: CN¥7K – CN¥7.5K per month", [(7_000, 7_500, "CNY", M, BASE)]),
    ("Compensation: $0 – $123K • Offers Equity", [(None, 123_000, "USD", Y, BASE)]),
    ("Salary: A$140,000 - A$160,000 plus super",                       [(140_000, 160_000, "AUD", Y, BASE)]),
    ("Salary: S$6,000 - S$9,000 per month",                            [(6_000, 9_000, "SGD", M, BASE)]),
    ("Salary: HK$45,000 - HK$60,000 per month",                        [(45_000, 60_000, "HKD", M, BASE)]),
    ("Salary: NZ$120,000–NZ$140,000",                                  [(120_000, 140_000, "NZD", Y, BASE)]),
    ("Canadian salary range: $152,000- $190,000",                      [(152_000, 190_000, "CAD", Y, BASE)]),
    ("between $\n94,000 CAD and $128,000 CAD base salary",             [(94_000, 128_000, "CAD", Y, BASE)]),
    ("San Francisco, CA $150,000 - $180,000 a year",                   [(150_000, 180_000, "USD", Y, BASE)]),
    ("Pay: $110,000 - $150,000 USD / 140,000 - 185,000 CAD + equity",
        [(110_000, 150_000, "USD", Y, BASE), (140_000, 185_000, "CAD", Y, BASE)]),
    # one-ended and single figures
    ("Salary: up to $200,000",                                         [(None, 200_000, "USD", Y, BASE)]),
    ("Salary: max 90k EUR",                                            [(None, 90_000, "EUR", Y, BASE)]),
    ("The salary starts at $185,000.",                                 [(185_000, None, "USD", Y, BASE)]),
    ("Competitive salary: $130,000+",                                  [(130_000, None, "USD", Y, BASE)]),
    ("Salary: $120,000-$180,000+",                                     [(120_000, 180_000, "USD", Y, BASE)]),
    ("Wage: $22.50/hr",                                                [(22.5, 22.5, "USD", H, BASE)]),
    # ends in two clauses, midpoints, one K for both
    ("Pay will begin at $138,000.00 and up to $190,000.00.",           [(138_000, 190_000, "USD", Y, BASE)]),
    ("Currency: USD Salary Minimum: 90,000 Salary Maximum: 120,000",   [(90_000, 120_000, "USD", Y, BASE)]),
    ("Bay Area Minimum:$136,000 Bay Area Maximum: $232,000",           [(136_000, 232_000, "USD", Y, BASE)]),
    ("Base pay ranges from $150,000/year in our lowest market up to $190,000/year in our highest",
        [(150_000, 190_000, "USD", Y, BASE)]),
    ("Base: $170,700 (min) — $213,400 (mid) — $256,100 (max)", [(170_700, 256_100, "USD", Y, BASE)]),
    ("Salary: £45-£60k pa",                                            [(45_000, 60_000, "GBP", Y, BASE)]),
    ("OTE - $100 -180k",                                               [(100_000, 180_000, "USD", Y, OTE)]),
    ("The range for this role is $100,000K - $464,000.",               [(100_000, 464_000, "USD", Y, BASE)]),
    # periods
    ("Compensation: $45/HR - $50/HR",                                  [(45, 50, "USD", H, BASE)]),
    ("Rate:\n - New York: $9k - 10.5k/mo",                             [(9_000, 10_500, "USD", M, BASE)]),
    ("Day rate: £500",                                                 [(500, 500, "GBP", D, BASE)]),
    ("£450 - £550 per day (outside IR35)",                             [(450, 550, "GBP", D, BASE)]),
    ("Pay: $30 an hour ($62,400 annually)", [(30, 30, "USD", H, BASE), (62_400, 62_400, "USD", Y, BASE)]),
    ("Compensation from $30 - $60 / hr or 45,000 - 65,000 for full-time",
        [(30, 60, "USD", H, BASE), (45_000, 65_000, "USD", Y, BASE)]),
    ("Annual or hourly compensation range: $100,000-$130,000",         [(100_000, 130_000, "USD", Y, BASE)]),
    ("Pay: $25 - $30",                                                 [(25, 30, "USD", H, BASE)]),
    # basis
    ("OTE of $280,000 - $320,000 with uncapped commission",            [(280_000, 320_000, "USD", Y, OTE)]),
    ("The base salary is $75,000 with an OTE of $105,000.",
        [(75_000, 75_000, "USD", Y, BASE), (105_000, 105_000, "USD", Y, OTE)]),
    ("Salary: $110,000 - 120,000 (OTE $220,000 - $240,000)",
        [(110_000, 120_000, "USD", Y, BASE), (220_000, 240_000, "USD", Y, OTE)]),
    ("Compensation: $60,000 OTE ($40,000 base salary plus commission)",
        [(60_000, 60_000, "USD", Y, OTE), (40_000, 40_000, "USD", Y, BASE)]),
    ("Total compensation range: $180,000 - $260,000.",                 [(180_000, 260_000, "USD", Y, TOTAL)]),
    ("Total cash compensation: $200,000 - $240,000 (base $160,000 - $190,000)",
        [(200_000, 240_000, "USD", Y, TOTAL), (160_000, 190_000, "USD", Y, BASE)]),
    ("Total compensation is competitive, including a base salary of $80,000 - $110,000.",
        [(80_000, 110_000, "USD", Y, BASE)]),
    ("$200,000 - $400,000 a year\n\nThe above range includes salary + equity.",
        [(200_000, 400_000, "USD", Y, TOTAL)]),
    ("The salary range is $137,000 - $168,000, which includes base pay plus variable pay.",
        [(137_000, 168_000, "USD", Y, TOTAL)]),
    ("Annual salary: $173,000 - $260,000. For sales roles it is the OTE range.",
        [(173_000, 260_000, "USD", Y, BASE)]),
    ("Salary: $120k-$150k + bonus + equity",                           [(120_000, 150_000, "USD", Y, BASE)]),
    # shape alone: a cell, a line, a role before it, equity after it
    ("Acme | Engineer | Remote | $165k-$210k | https://acme.test",     [(165_000, 210_000, "USD", Y, BASE)]),
    ("Perks:\n - Dental\n - $160K-$200K",                              [(160_000, 200_000, "USD", Y, BASE)]),
    ("- Senior Backend Engineer: $200k-$225k",                         [(200_000, 225_000, "USD", Y, BASE)]),
    ("Acme | Engineer | ~$160k | Remote",                              [(160_000, 160_000, "USD", Y, BASE)]),
    ("Founding Designer $120K - $190K 0.10% - 0.50% Any (new grads ok)",
        [(120_000, 190_000, "USD", Y, BASE)]),
    ("$15.00 – $25.00 per hour",                                       [(15, 25, "USD", H, BASE)]),
    # languages and groupings
    ("Gehalt: 65.000 € – 85.000 € brutto pro Jahr",                    [(65_000, 85_000, "EUR", Y, BASE)]),
    ("Jahresgehalt zwischen 60.000 und 75.000 Euro",                   [(60_000, 75_000, "EUR", Y, BASE)]),
    ("Vergütung: EUR 90.000 und EUR 110.000",                          [(90_000, 110_000, "EUR", Y, BASE)]),
    ("Stundenlohn: 18,50 € bis 22 € pro Stunde",                       [(18.5, 22, "EUR", H, BASE)]),
    ("Rémunération : entre 55 000 € et 70 000 € brut annuel",          [(55_000, 70_000, "EUR", Y, BASE)]),
    ("Salaire : 45-55k€ selon profil",                                 [(45_000, 55_000, "EUR", Y, BASE)]),
    ("TJM : 500-600 €",                                                [(500, 600, "EUR", D, BASE)]),
    ("Salario: entre 45.000 € y 60.000 € brutos anuales",              [(45_000, 60_000, "EUR", Y, BASE)]),
    ("Sueldo: $40.000 - $60.000 MXN mensuales",                        [(40_000, 60_000, "MXN", M, BASE)]),
    ("Remuneração: R$ 8.000,00 a R$ 12.000,00 por mês",                [(8_000, 12_000, "BRL", M, BASE)]),
    ("Salaris: € 4.500 tot € 6.000 bruto per maand",                   [(4_500, 6_000, "EUR", M, BASE)]),
    ("Wynagrodzenie: 18 000 – 25 000 zł brutto miesięcznie",           [(18_000, 25_000, "PLN", M, BASE)]),
    ("Widełki: od 20 000 do 28 000 PLN netto / mies.",                 [(20_000, 28_000, "PLN", M, BASE)]),
    ("Retribuzione da 40.000 € a 50.000 € lordi annui",                [(40_000, 50_000, "EUR", Y, BASE)]),
    ("RAL: €30–40k",                                                   [(30_000, 40_000, "EUR", Y, BASE)]),
    ("CTC: 25-35 LPA", [(2_500_000, 3_500_000, "INR", Y, BASE)]),
    ("Salary: ₹18,00,000 - ₹25,00,000 per annum", [(1_800_000, 2_500_000, "INR", Y, BASE)]),
    ("Salary up to 1.2 Cr INR",                                        [(None, 12_000_000, "INR", Y, BASE)]),
    ("年収600万円〜900万円", [(6_000_000, 9_000_000, "JPY", Y, BASE)]),
    ("Salary: CHF 120'000 - 140'000",                                  [(120_000, 140_000, "CHF", Y, BASE)]),
    # slips of the pen
    ("Salary: $200,000 - $140,000",                                    [(140_000, 200_000, "USD", Y, BASE)]),
    ("Level 2: $96,900 - $142, 500",                                   [(96_900, 142_500, "USD", Y, BASE)]),
    ("The salary range is $100,0000 - $200,000.",                      [(100_000, 200_000, "USD", Y, BASE)]),
]  # fmt: skip

NOT_PAY = [
    "Compensation: $10K – $50K Bonus",
    "We raised $40M in our Series B.",
    "You will manage a $2M book of business and close $500K+ deals.",
    "A typical contract runs $250,000 to $900,000 per year.",
    "Our platform saves agencies $50,000 - $200,000 a year.",
    "Own a quota of $800,000 - $1,200,000.",
    "401(k) match up to $5,000 per year, or 401k with 4%",
    "Life insurance - covering 2 times your salary, up to $200k",
    "A sign-on bonus of $10,000 - $20,000 and a $5,000 referral bonus.",
    "An equity grant valued at $400,000 over four years.",
    "We offer $5,000 - $10,000 in relocation support.",
    "$1,500 annual learning stipend, $250 monthly lunch stipend",
    "- $500/month to be used for dependent health insurance",
    "- $1000 for home office setup",
    "Managing marketing budgets from $100k–$400k/month",
    "Plans cost $99 - $199 per month.",
    "Pay: $15 per completed task",
    "You can earn up to $1,500 per task.",
    "Founded in 2019, we serve 2,000-3,000 agencies.",
    "Experience sourcing candidates in the $80K–$200K salary range.",
    "Salary: $500,000,000 per year.",
    "We make the $50 proteome a reality.",
    "Build systems for 100K - 500K users.",
    "Call 555-0100, 1200 Main Street, Suite 45000.",
]


@pytest.mark.parametrize(("text", "bands"), READ, ids=[row[0][:40] for row in READ])
def test_bands_are_read(text: str, bands: list[tuple[float | None, float | None, str, str, str]]) -> None:
    found, _ = read_pay(text)
    assert [(b.low, b.high, b.currency, b.period.value, b.basis.value) for b in found] == bands


@pytest.mark.parametrize("text", NOT_PAY, ids=[text[:40] for text in NOT_PAY])
def test_what_is_not_pay_is_not_read(text: str) -> None:
    assert read_pay(text)[0] == ()


SCOPES = [
    ("Zone 1: $182,000—$250,000. Zone 2: $170,000—$230,000.", ["Zone 1", "Zone 2"]),
    ("Zone 1: $182,000—$250,000. Zone 2: $182,000—$250,000.", ["Zone 1; Zone 2"]),
    ("Pay range: Level I: $125,000 - $150,000 Level II: $145,000 - $175,000", ["Level I", "Level II"]),
    ("San Francisco salary range: $220,000—$300,000. New York salary range: $200,000—$280,000.",
        ["San Francisco", "New York"]),
    ("US: $150,000 - $180,000; UK: £90,000 - £110,000", ["US", "UK"]),
    ("Salary of $150k to $180k in New York, and $130k to $160k in other locations",
        ["New York", "other locations"]),
    ("Salary:\n - L4 Senior ML Engineer ($143,500 - $196,000)\n - L5 Staff ML Engineer ($196,000 - $227,000)",
        ["L4", "L5"]),
    ("Annual compensation:\n - Spain: 65.000 EUR\n - Portugal: 61.000 EUR", ["Spain", "Portugal"]),
    ("Canada-based roles only: The annual base salary is between 94,000 CAD and 128,000 CAD",
        ["Canada-based roles only"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "scopes"), SCOPES, ids=[row[0][:40] for row in SCOPES])
def test_scopes(text: str, scopes: list[str]) -> None:
    assert [band.scope for band in read_pay(text)[0]] == scopes


DOLLARS = [
    # country, title, whose dollar
    ("", "Engineer", "USD"), ("US", "Engineer", "USD"), ("CA", "Engineer", "CAD"), ("AU", "Engineer", "AUD"),
    ("SG", "Engineer", "SGD"), ("DE", "Engineer", "USD"), ("", "Engineer (Toronto)", "CAD"),
]  # fmt: skip


@pytest.mark.parametrize(("country", "title", "currency"), DOLLARS)
def test_a_bare_dollar_is_that_of_the_job_place(country: str, title: str, currency: str) -> None:
    (band,), _ = read_pay("Salary: $120,000 - $150,000", country=country, title=title)
    assert band.currency == currency


def test_a_code_beats_the_job_place() -> None:
    (band,), _ = read_pay("Salary: $120,000 - $150,000 USD", country="CA")
    assert band.currency == "USD"


def test_an_amount_without_currency_is_not_guessed() -> None:
    assert read_pay("Salary: 120,000 - 150,000") == ((), ("amount_without_currency",))


def test_the_currency_of_the_only_job_country_is_no_guess() -> None:
    (band,), _ = read_pay("Salary: 120k-150k", country="US")
    assert (band.low, band.high, band.currency) == (120_000, 150_000, "USD")


def test_a_backwards_band_is_swapped_with_a_warning() -> None:
    (band,), warnings = read_pay("Salary: $200,000 - $140,000")
    assert (band.low, band.high, warnings) == (140_000, 200_000, ("inverted_band",))


def test_the_same_band_twice_is_one_band_at_its_first_place() -> None:
    text = "Engineer | $100k - $120k\n\nThe base salary range is $100,000 - $120,000."
    (band,), _ = read_pay(text)
    assert band.span is not None
    assert text[slice(*band.span)] == "$100k - $120k"


def test_one_figure_on_two_bases_is_two_bands() -> None:
    bands, _ = read_pay("Base salary: $100,000 - $120,000. OTE: $100,000 - $120,000.")
    assert [band.basis for band in bands] == [Basis.BASE, Basis.OTE]


def test_no_pay_is_no_band_and_no_warning() -> None:
    assert read_pay("We build rockets. 5+ years of experience.") == ((), ())


def test_a_text_with_absurdly_many_amounts_is_cut_with_a_warning() -> None:
    bands, warnings = read_pay("Salary: $90,000 - $100,000\n" + "$5 \n" * 500)
    assert bands[0].period is Period.YEAR
    assert "too_many_amounts" in warnings
