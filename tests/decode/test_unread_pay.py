"""An amount beside a word of pay is read or warned of, whatever its script, its digits and its currency."""

from __future__ import annotations

import pytest

from growth import grows_linearly
from payguide import read_pay
from payguide.decode.pay.accept import Warned

TEXTS = (
    "الراتب: ١٥٬٠٠٠ - ٢٠٬٠٠٠ ريال شهريا",
    "الراتب الشهري ٨٠٠٠ درهم",
    "เงินเดือน 50,000 - 80,000 บาท",
    "เงินเดือน ๕๐,๐๐๐ บาทต่อเดือน",
    "年薪20万-30万",
    "月薪 15k-25k",
    "薪资：25-50万/年",
    "年収500万円〜800万円",
    "年収 500万〜800万",
    "月給30万円以上",
    "연봉 5000만원",
    "연봉 5,000만 원 ~ 7,000만 원",
    "월급 300만원",
    "वेतन: 10-15 लाख प्रति वर्ष",
    "वेतन ₹१२,००,००० प्रति वर्ष",
    'משכורת 20,000-25,000 ש"ח לחודש',
    "שכר: 25 אלף שקל בחודש",
    "حقوق ماهانه ۳۰ تا ۴۰ میلیون تومان",
    "حقوق: 45,000,000 ریال",
    "বেতন ৫০,০০০ - ৭০,০০০ টাকা মাসিক",
    "বেতন: 60000 টাকা",
    "Mức lương: 20 - 30 triệu VND/tháng",
    "Lương 25 triệu đồng/tháng",
    "Заработная плата от 200 000 руб.",
    "Зарплата: 250 тыс. рублей в месяц",
    "Заробітна плата 60 000 грн",
    "Gaji: Rp 15 juta - 20 juta per bulan",
    "Gaji 8 juta",
    "Maaş: 60.000 TL - 80.000 TL aylık",
    "Μισθός 2.000 - 2.500 ευρώ τον μήνα",
    "Wynagrodzenie: 15 000 - 20 000 zł brutto miesięcznie",
    "Salário: R$ 10.000 por mês",
    "Ish haqi 5 000 000 so'm",
    "ანაზღაურება 3000 ლარი",
    "Աշխատավարձ 500 000 դրամ",
    "சம்பளம் 50,000 ரூபாய்",
    "జీతం 50,000 రూపాయలు",
    "ការប្រាក់ខែ 500 ដុល្លារ",
    "ເງິນເດືອນ 5,000,000 ກີບ",
    "လစာ ၅၀၀,၀၀၀ ကျပ်",
    "ደመወዝ 20,000 ብር",
    "Жалақы 400 000 теңге",
    "Цалин 3 сая төгрөг",
    "Mshahara: KES 150,000 kwa mwezi",
    "Salary: 5 million Tugrik per month",
    "Salary: ₦500,000 monthly",
    "Salary: GH₵5,000 per month",
    "Salary: 350,000 XOF per month",
    "Compensation: BTC 0.5 per month",
    "ተከፋይ ደመወዝ ፳፭",
    "တစ်လ လစာ ၈ သိန်း",
    "தினசரி சம்பளம் ௫௦௦",
    "Salary: ៛2,000,000 a month",
    "薪資 月薪 NT$60,000 - 80,000",
    "待遇：月薪六萬元",
    "年收入三十万元",
    "月給三十万円",
    "Salary: 20,000 Birr per month",
    "Salary: 3,000 Kwacha",
    "Salary: 2000 JOD per month",
    "Salary: KES 150,000 - 200,000 per month",
    "Salary: UGX 3m per month",
    "Salary: 5 million Tugrik per month",
    "Salary is 12 million UGX",
    "Salary: 400 KWD",
    "Compensation: 0.5 BTC per month",
    "Salary: 2,000 USDT monthly",
    "Salary: ₾3,000",
    "Salary: 500k naira",
    "Pay: 30,000 baht a month",
    "Salary: 25 million dong",
    "Salary: 15 million rupiah a month",
    "Salary range 80-100 thousand rubles",
    "Salary: 1,200 manat",
    "Wage: 900 dinars",
    "Salary: 45 lakhs",
    "Salary: 10 lakh taka",
    "Salary 4000 soles mensuales",
    "Sueldo: 2.500.000 pesos",
    "Sueldo $2.000.000 CLP",
    "Salario: ₡1.200.000",
    "Salario: Gs. 8.000.000",
    "Salario: Bs 7.000 mensual",
    "Sueldo: Q12,000",
    "Salaire: 500 000 FCFA",
    "Salaire: 12 000 DH par mois",
    "Salaire: 80 000 DA",
    "Lohn: 6'500 Fr.",
    "Palkka 4000 e/kk",
    "Alga: 3000 eurų",
    "Alga: 2500 EUR",
    "Palk 3000 eurot",
    "Plaća: 2000 eura",
    "Plata: 150.000 dinara",
    "Paga: 90.000 lekë",
    "Laun: 800.000 kr",
    "Fizetés: 900 ezer forint",
    "Mzda 60 tisíc Kč",
    "Salariu: 9.000 lei",
    "Maaş: 45 bin TL",
)

#: No amount stands beside the word of pay, or no word of pay beside the amount.
NOTHING = (
    "We serve ٥٠٠ customers",
    "成立于2015年，员工500人",
    "年収の高い会社",
    "직원 5000명",
    "टीम में 500 लोग",
    "ทีมงาน 50 คน",
    "בצוות 25 אנשים",
    "Более 200 000 пользователей",
    "公司融资2亿元",
    "연봉 협의",
    "薪资面议",
    "Пользователей 500 000",
    "Salary: competitive",
    "薪资面议，团队100人",
    "Maas is a river of 925 km",
    "Payments of 5 million users a day",
    "We pay 2 million people",
    "Salary: 401k matching",
    "Compensation: 12 weeks of leave",
    "The platform serves 5 million users",
    "Wages are paid on the 15th",
    "Зарплата обсуждается",
    "Зарплата 2 раза в месяц",
    "оклад с 2024 года",
    "年収は経験による",
    "연봉 협의 (경력 5년 이상)",
    "راتب تنافسي",
)


@pytest.mark.parametrize("text", TEXTS)
def test_no_amount_of_pay_is_passed_over_in_silence(text: str) -> None:
    assert any(read_pay(text))


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_is_warned_of_where_no_pay_is_said(text: str) -> None:
    assert read_pay(text) == ((), ())


def test_what_is_read_is_not_warned_of() -> None:
    bands, warnings = read_pay("年収500万円〜800万円")
    assert (len(bands), warnings) == (1, ())
    bands, warnings = read_pay("Salary: $120,000 - $150,000 a year.\nالراتب: ١٥٬٠٠٠ ريال")
    assert (len(bands), warnings) == (1, (Warned.NOT_READ,))


@pytest.mark.parametrize(
    ("text", "currency", "period"),
    [("年薪20万-30万", "CNY", "year"), ("薪资：25-50万/年", "CNY", "year"), ("年収500万〜800万", "JPY", "year"),
     ("工资 20万元/年", "CNY", "year")],
)  # fmt: skip
def test_ten_thousands_are_yuan_where_the_word_of_pay_is_chinese(
    text: str, currency: str, period: str
) -> None:
    (band,), _ = read_pay(text)
    assert (band.currency, str(band.period)) == (currency, period)


@pytest.mark.parametrize("text", ["зарплата 5 ", "薪1", "salary: 5 ", "年薪 1,", "月給三"])
def test_a_hostile_text_is_read_in_linear_time(text: str) -> None:
    assert grows_linearly(lambda size: read_pay(text * (size // len(text))), 20_000)
