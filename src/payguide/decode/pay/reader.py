"""One text read: each amount judged, what is pay kept, what is doubtful warned of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from payguide.base.codes import Basis
from payguide.base.inputs import PayBand
from payguide.decode.letters import Seen, as_seen
from payguide.decode.pay.accept import Warned, continues, is_pay
from payguide.decode.pay.amounts import scan
from payguide.decode.pay.bands import Statement, distinct
from payguide.decode.pay.context import Context, context_of
from payguide.decode.pay.currency import DOLLAR, Currency, currencies, resolve_dollar
from payguide.decode.pay.pairing import AmountRange, in_thousands, pair, with_lead
from payguide.decode.pay.period import is_plausible, period_of
from payguide.decode.pay.polarity import Polarity
from payguide.decode.pay.scope import heading_scope, scope_of
from payguide.decode.pay.unread import has_unread_pay
from payguide.decode.pay.words import lexicon

#: A pay word this many words before an amount without currency still makes it pay.
_CLOSE: Final = 8
#: The most spreads of one text whose surroundings are read; real postings have a dozen.
_MOST_READ: Final = 40
#: How many words behind an amount its currency may be named.
_CODE_WITHIN: Final = 6
_CODE_LENGTH: Final = 3
#: Codes that are words too.
_ALSO_WORDS: Final = frozenset(("TRY", "ARS", "COP", "SAR", "PEN"))
#: How far before an amount its label is looked at, and words of pay that are Chinese and no Japanese.
_LABEL: Final = 16
_CHINESE: Final = re.compile("薪|工资")
#: The longest phrase that is quoted, in characters.
_LONGEST: Final = 160


def read_pay(text: str, *, country: str = "", title: str = "") -> tuple[tuple[PayBand, ...], tuple[str, ...]]:
    """Every distinct band of pay that the text offers for the job, and warnings.

    Args:
        text: the posting in plain text.
        country: ISO 3166 code of the only country the job is in, "" where not known or several; it decides
            whose dollar a bare "$" is, and the currency of a pay figure that has none.
        title: the posting's title; a dollar country named in it counts as the job's place.

    Returns:
        bands: amounts as stated (130K is 130000.0), not annualised, not converted; `span` is [start, end) in
            `text`, `quote` what stands there, its spaces made single. In the order of the text.
        warnings: slugs of `Warned`, each once, sorted.
    """
    seen = as_seen(text)
    amounts, too_many = scan(seen.text, country)
    if not amounts:
        return (), ((Warned.NOT_READ,) if has_unread_pay(seen.text, ()) else ())
    reader = _Reader(seen.text, country, title.lower(), pair(seen.text, amounts), set())
    if too_many:
        reader.warnings.add(Warned.TOO_MANY)
    statements = reader.statements()
    read = [statement.band.span for statement in statements if statement.band.span]
    if not reader.warnings and has_unread_pay(seen.text, read):
        reader.warnings.add(Warned.NOT_READ)
    bands = tuple(_quoted(text, seen, band) for band in distinct(statements))
    return bands, tuple(sorted(reader.warnings))


def _quoted(text: str, seen: Seen, band: PayBand) -> PayBand:
    assert band.span, "a band of a text has its place there"  # noqa: S101
    start, end = (seen.origin(at) for at in band.span)
    return replace(band, span=(start, end), quote=" ".join(text[start:end].split())[:_LONGEST])


@dataclass(slots=True)
class _Reader:
    """One text being read."""

    text: str
    country: str
    title: str
    spreads: list[AmountRange]
    warnings: set[str]

    def statements(self) -> list[Statement]:
        """The accepted spreads as statements."""
        accepted: list[tuple[AmountRange, Statement, Context]] = []
        worthy = [spread for spread in self.spreads if _is_worth_a_look(spread)]
        if len(worthy) > _MOST_READ:
            self.warnings.add(Warned.TOO_MANY)
        for spread in worthy[:_MOST_READ]:
            spread = in_thousands(self.text, spread)
            context = context_of(self.text, spread)
            before = accepted[-1][0] if accepted else None
            before_basis = accepted[-1][1].band.basis if accepted and accepted[-1][1].said else None
            statement = self._judge(spread, context, before, before_basis)
            if statement is not None:
                accepted.append((spread, statement, context))
        if len({(s.band.low, s.band.high) for _, s, _ in accepted}) > 1:
            return self._with_headings(accepted)
        return [statement for _, statement, _ in accepted]

    def _judge(
        self, spread: AmountRange, context: Context, before: AmountRange | None, before_basis: Basis | None
    ) -> Statement | None:
        """A statement when the spread is pay; else None, with a warning where a reader should know."""
        code = self._code(spread, context, before)
        currency = currencies().by_code[code or currencies().bare]
        period, stated = period_of(self.text, spread, context, currency)
        if period is None:
            if context.polarity is Polarity.PAY:
                self.warnings.add(Warned.WITHOUT_PERIOD)
            return None
        follows = continues(spread, context, before)
        if not (is_pay(spread, context, currency, period, stated) or follows):
            self._warn_of_shape(spread, context, currency)
            return None
        if not spread.code and not self._is_bare_pay(spread, context, follows):
            if spread.ranged:
                self.warnings.add(Warned.WITHOUT_CURRENCY)
            return None
        if not code:
            self.warnings.add(Warned.WITHOUT_CURRENCY)
            return None
        if spread.code == DOLLAR and not is_plausible(spread, period, currency):
            # "$90,000 a year" at a place in Argentina are the dollars that such a place pays in too
            code, currency = currencies().bare, currencies().by_code[currencies().bare]
        if not is_plausible(spread, period, currency):
            self.warnings.add(Warned.ABSURD)
            return None
        if spread.inverted:
            self.warnings.add(Warned.INVERTED)
        scope = scope_of(self.text, spread, context, before.end if before else 0)
        said = context.basis
        if said is None and follows and context.polarity is not Polarity.PAY:
            said = before_basis
        basis = said or Basis.BASE
        if context.says(lexicon().whole.get(code, frozenset())):
            basis = Basis.TOTAL
        spread = with_lead(self.text, spread)
        low = spread.low if spread.low or spread.high is None else None
        band = PayBand(low, spread.high, code, period, basis, scope, (spread.start, spread.end))
        return Statement(band, said is not None)

    def _code(self, spread: AmountRange, context: Context, before: AmountRange | None) -> str:
        """The currency: as written, as in the list it continues, as named beside it, or the country's own."""
        code = spread.code or (before.code if before else "")
        named = _named_nearby(context) if code in ("", DOLLAR) else ""
        if code == DOLLAR and named and currencies().by_code[named].dollar_sign:
            return named
        if code == DOLLAR:
            clause = context.left[context.clause :]
            near = self.text[clause[0].start if clause else spread.start : spread.end + 40].lower()
            return resolve_dollar(near if self.country else f"{near} {self.title}", self.country)
        if not code:
            code = named or currencies().by_country.get(self.country.upper(), "")
        before_it = self.text[max(0, spread.start - _LABEL) : spread.start]
        chinese = self.country.upper() == "CN" or (not self.country and _CHINESE.search(before_it))
        if code == "JPY" and chinese and "円" not in self.text[spread.start : spread.end]:
            return "CNY"
        return code

    @staticmethod
    def _is_bare_pay(spread: AmountRange, context: Context, follows: bool) -> bool:
        """An amount without currency is pay only right after a pay word, or in a list."""
        if context.polarity is not Polarity.PAY:
            return follows and spread.ranged
        before = [
            cue for cue in context.left_cues if cue.first >= context.clause and cue.meaning.kind == "pay"
        ]
        after = [cue for cue in context.right_cues if cue.meaning.kind == "pay"]
        close_before = bool(before) and len(context.left) - before[-1].last <= _CLOSE
        return close_before or (spread.ranged and bool(after) and after[0].first <= 1)

    def _warn_of_shape(self, spread: AmountRange, context: Context, currency: Currency) -> None:
        if (
            spread.ranged
            and spread.code
            and spread.bottom >= currency.yearly_from
            and context.polarity is not Polarity.NOT_PAY
        ):
            self.warnings.add(Warned.WITHOUT_PAY_WORD)

    def _with_headings(self, accepted: list[tuple[AmountRange, Statement, Context]]) -> list[Statement]:
        """Several bands: those without a scope of their own take the line above them."""
        out: list[Statement] = []
        end = 0
        for spread, statement, context in accepted:
            band = statement.band
            if not band.scope:
                heading = heading_scope(self.text, spread, context, end)
                band = PayBand(
                    band.low, band.high, band.currency, band.period, band.basis, heading, band.span
                )
            out.append(Statement(band, statement.said))
            end = spread.end
        return out


def _is_worth_a_look(spread: AmountRange) -> bool:
    """A cheap refusal: a bare small number."""
    return bool(spread.code) or spread.top >= 1000


def _named_nearby(context: Context) -> str:
    """A currency code behind the period or ahead in the same clause: "$90,000 a year (CAD)", "in CAD: $90,000"."""
    known = lexicon()
    for token in context.right[:_CODE_WITHIN]:
        if code := _code_of(token.word):
            return code
        if not (token.word in known.filler or token.word in known.per or token.word in ("in", ",")):
            break
    for at in range(len(context.left) - 1, context.clause - 1, -1):
        word = context.left[at].word
        if len(word) == _CODE_LENGTH and (code := _code_of(word)):
            return code
        if word[0].isdigit():
            break
    return ""


def _code_of(word: str) -> str:
    code = word.upper()
    known = len(code) == _CODE_LENGTH and code in currencies().by_code and code not in _ALSO_WORDS
    return code if known else ""
