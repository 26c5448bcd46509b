"""The surroundings of a spread, judged: is it pay for the job, and on which basis.

The words of its own clause decide first, nearest first; then the heading above it; then its shape (`accept`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from payguide.base.codes import Basis
from payguide.decode.pay.clauses import clause_end, clause_start, ends_sentence, opens, sentence_starts
from payguide.decode.pay.pairing import AmountRange
from payguide.decode.pay.polarity import (
    INCLUDES,
    JOINERS,
    Polarity,
    is_of_others,
    is_sum,
    left_polarity,
    right_polarity,
)
from payguide.decode.pay.words import Cue, Token, cues, lexicon, tokens

#: How far a clause and its heading are looked at on either side.
_LEFT: Final = 220
_RIGHT: Final = 130
_POINTERS: Final = frozenset((
    "the", "this", "these", "above", "range", "note", "all", "figures", "compensation",
))  # fmt: skip
_NEGATIONS: Final = frozenset((
    "not", "exclude", "excludes", "excluding", "exclusive", "addition", "additional", "only", "also",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Context:
    """The judged surroundings. `polarity` from the clause; `heading` from what stands above it.

    `basis` is None where nothing says it. `alone`: the spread opens its line, cell or bracket. `extras`: it
    is followed by "+ equity". `left`, `right` are tokens, `clause` where the left clause begins and
    `close` where the right one ends.
    """

    polarity: Polarity
    heading: Polarity
    basis: Basis | None
    alone: bool
    extras: bool
    left: list[Token]
    left_cues: list[Cue]
    right: list[Token]
    right_cues: list[Cue]
    clause: int
    close: int

    def says(self, words: frozenset[str]) -> bool:
        """Whether one of the words stands in the clause."""
        clause = (*self.left[self.clause :], *self.right[: self.close])
        return bool(words) and any(token.word in words for token in clause)


def context_of(text: str, spread: AmountRange) -> Context:
    """Judge the words around a spread."""
    right = tokens(text, spread.end, spread.end + _RIGHT)
    right_cues = cues([token.word for token in right])
    close = clause_end(text, right)
    after = right_polarity(right[:close], right_cues)
    fresh = _begins_afresh(text, right, right_cues)
    if after.polarity is Polarity.NOT_PAY and after.near and not fresh:
        return Context(
            Polarity.NOT_PAY, Polarity.SILENT, None, False, False, [], [], right, right_cues, 0, close
        )
    left = tokens(text, spread.start - _LEFT, spread.start)
    if spread.start - _LEFT > 0 and left:
        left = left[1:]  # the window may have cut the first word
    left_cues = cues([token.word for token in left])
    clause = clause_start(text, left)
    before, before_basis = left_polarity(left, [cue for cue in left_cues if cue.first >= clause], clause)
    if is_sum(left, left_cues, clause):
        before, before_basis = Polarity.PAY, Basis.TOTAL
    above = [cue for cue in left_cues if cue.last <= clause]
    heading, heading_basis = left_polarity(left, above, 0, sentence_starts(text, left[:clause]))
    if before is Polarity.NOT_PAY and spread.ranged and _is_titled(text, spread, left[clause:]):
        before = Polarity.SILENT
    vetoed = any(cue.meaning.kind == "veto" for cue in left_cues if cue.first >= clause)
    vetoed = vetoed or is_of_others(left, clause)
    labelled = before is Polarity.PAY and (fresh or left[-1].word == ":")
    polarity = before
    hidden = after.polarity is Polarity.NOT_PAY and not (after.far and _is_named(left, left_cues, clause))
    if vetoed or (hidden and not labelled):
        polarity = Polarity.NOT_PAY
    elif after.polarity is Polarity.PAY:
        polarity = Polarity.PAY
    if polarity is Polarity.SILENT and after.polarity is Polarity.WEAK:
        polarity = Polarity.WEAK
    basis = after.basis or before_basis
    if basis is None and before is not Polarity.PAY:
        basis = heading_basis
    basis = _said_after(text, right, right_cues) or basis
    alone = opens(left, clause)
    return Context(
        polarity, heading, basis, alone, after.extras, left, left_cues, right, right_cues, clause, close
    )


def _is_named(left: list[Token], found: list[Cue], clause: int) -> bool:
    """Whether a word of pay names the amount with nothing that adds in between: "a salary band of X", not
    "salary and X".
    """
    named = [cue for cue in found if cue.first >= clause and cue.meaning.kind == "pay"]
    return bool(named) and JOINERS.isdisjoint(token.word for token in left[named[-1].last :])


def _is_titled(text: str, spread: AmountRange, clause: list[Token]) -> bool:
    """Whether a job's title is the label: "Data Engineer, Payments - X", "... debt collection AI Engineer X".

    A word against pay in it is then what the job deals with. "Lead ... for smaller deals (X)" is no title.
    """
    roles = lexicon().role
    if clause[-1].word in roles:
        return True
    before = text[spread.start - 3 : spread.start].rstrip()[-1:]
    words = [token for token in clause if token.word.isalpha()]
    titled = bool(words) and text[words[-1].start].isupper()
    return titled and before in ("-", "–", "—", "(", ":", ",", "|") and any(t.word in roles for t in words)


def _begins_afresh(text: str, right: list[Token], found: list[Cue]) -> bool:
    """Whether a new statement begins without a full stop, where text lost its lines: "$150,000 Health"."""
    if not right or not text[right[0].start].isupper():
        return False
    if found and found[0].first == 0 and found[0].meaning.kind == "extra":
        return right[found[0].last : found[0].last + 1] != [] and right[found[0].last].word == ":"
    return right[0].end - right[0].start > 3


def _said_after(text: str, right: list[Token], found: list[Cue]) -> Basis | None:
    """The sentence after: "The above range includes salary + equity" makes it total, commission OTE."""
    words = [token.word for token in right]
    if INCLUDES.isdisjoint(words):
        return None
    starts = [
        at + 1
        for at, word in enumerate(words)
        if word == "\n" or (word == "." and ends_sentence(text, right, at))
    ]
    for start in [0, *starts][:4]:
        sentence = words[start : start + 14]
        begins = (start == 0 and sentence[:1] in (["("], [","])) or (
            bool(sentence) and sentence[0] in _POINTERS
        )
        at = next((n for n, word in enumerate(sentence) if word in INCLUDES), None)
        if not begins or at is None or at > 5 or _NEGATIONS & set(sentence):
            continue
        said = set(sentence[at + 1 : at + 9])
        if said & {"base", "salary"}:
            if said & {"commission", "commissions"}:
                return Basis.OTE
            if said & {"equity", "bonus", "bonuses", "stock", "variable"}:
                return Basis.TOTAL
    return None
