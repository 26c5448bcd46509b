"""How figures are written: money, percentages, counts, intervals. One place, so all pages print alike."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from payguide.base.edition import Claim
from payguide.base.estimates import Estimate, Unit
from payguide.base.reference.currency import symbol

#: Below this size (as a fraction) effects and shares are written with one decimal.
_FINE = 0.1


def money(amount: float, currency: str = "", step: int = 1) -> str:
    """An annual amount in thousands: 182,400 dollars are "$182K", 1,250,000 "$1.25M", other codes "CAD 120K". Without a
    currency it is that of the country that is meant where none is named. It is rounded to a multiple of `step` first.
    """
    before = symbol(currency)
    amount = round(amount / step) * step if step > 1 else amount
    sign = "−" if amount < 0 else ""
    size = abs(amount)
    if size >= 999_500:
        return f"{sign}{before}{size / 1e6:.2f}".rstrip("0").rstrip(".") + "M"
    if size >= 1_000:
        return f"{sign}{before}{size / 1e3:.0f}K"
    return f"{sign}{before}{size:.0f}"


def percent(fraction: float, *, signed: bool = False, digits: int = 0) -> str:
    """A fraction in percent; `signed` writes the plus sign that effects carry. 0.153 is "15%"."""
    text = f"{abs(fraction) * 100:.{digits}f}"
    if float(text) == 0:
        return "0%"
    if fraction < 0:
        return f"−{text}%"
    return f"+{text}%" if signed else f"{text}%"


def day(iso: str) -> str:
    """An ISO date as "1 November 2026"; what is not one, as it stands."""
    try:
        known = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{known.day} {known:%B %Y}"


def count(number: int | float) -> str:
    """A count with thousands apart: 12,345."""
    return f"{number:,.0f}"


def employers(number: int | None) -> str:
    """How many employers are named, if any is: "12 employers"."""
    return "employers not named" if number is None else f"{count(number)} employers"


def named(number: int | None) -> str:
    """The same for a column of employers."""
    return "not named" if number is None else count(number)


def largest(estimate: Estimate) -> str:
    """The employer that dominates a figure's evidence, and by how much: "Acme is 41%"; "" where none does."""
    return f"{estimate.largest} is {percent(estimate.largest_share)}" if estimate.largest else ""


def amount(number: float, unit: Unit, *, currency: str = "", digits: int = 0, step: int = 1) -> str:
    """A number in its unit; money as a multiple of `step`."""
    if unit is Unit.MONEY:
        return money(number, currency, step)
    if unit in (Unit.SHARE, Unit.EFFECT):
        return percent(number, signed=unit is Unit.EFFECT, digits=digits)
    return count(number) if unit is Unit.COUNT else f"{number:.2f}"


def _digits(numbers: Sequence[float]) -> int:
    """Decimals that keep small effects apart: one when every number is under 10 %, else none."""
    return int(all(abs(number) < _FINE for number in numbers))


def step(width: float) -> int:
    """What an amount is rounded to whose interval is so wide: the largest of 1, 5, 10, 50, 100 ... that is at most a
    tenth of it. An interval of 80,000 gives 5,000; without one nothing is rounded.
    """
    sizes = (first * 10**power for power in range(9) for first in (1, 5))
    return max((size for size in sizes if 10 * size <= width), default=1)


def _written(estimate: Estimate, number: float) -> str:
    """One of an estimate's numbers, as precisely as its interval allows."""
    digits = _digits((estimate.value, estimate.low, estimate.high))
    width = estimate.high - estimate.low
    return amount(number, estimate.unit, currency=estimate.currency, digits=digits, step=step(width))


def value(estimate: Estimate) -> str:
    """The figure itself, as precisely as its interval allows."""
    return _written(estimate, estimate.value)


def interval(estimate: Estimate) -> str:
    """The figure's interval: "$170K to $190K", "−2% to +5%"."""
    return " to ".join(_written(estimate, end) for end in (estimate.low, estimate.high))


def unit_of(claim: Claim) -> Unit:
    """The unit of a claim's own numbers (money unless it says otherwise)."""
    return Unit(str(claim.options.get("unit", Unit.MONEY)))


def stated(claim: Claim) -> str:
    """What the audited guide prints: "$130K–$180K", "15–30%"; "" where it prints no figure.

    A claim's option `prints` says so where its stated number is not the figure printed.
    """
    if "prints" in claim.options:
        return str(claim.options["prints"])
    if claim.options.get("hidden"):
        return ""
    unit = unit_of(claim)
    texts = [amount(number, unit).lstrip("+") for number in claim.stated]
    if "about" in claim.options:
        return f"about {amount(float(claim.options['about']), unit).lstrip('+')}"
    return (
        "–".join(text.removesuffix("%") for text in texts[:-1]) + "–" * (len(texts) > 1) + "".join(texts[-1:])
    )


def change(number: float, unit: Unit, *, relative: bool) -> str:
    """A change: in percent of what it was where `relative`, else in the unit itself, shares and effects in
    points of a percentage: "+3.2%", "−1.5 points".
    """
    if relative:
        return percent(number, signed=True, digits=1)
    if unit in (Unit.SHARE, Unit.EFFECT):
        return f"{percent(number, signed=True, digits=1).removesuffix('%')} points"
    return f"{number:+.2f}".replace("-", "−")


def joined(parts: Sequence[str]) -> str:
    """A list in a sentence: "a", "a and b", "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
