"""What the words before and after an amount say of it: pay, not pay, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final, NamedTuple

from payguide.base.codes import Basis
from payguide.decode.pay.words import Cue, Token, lexicon

#: After these, what follows an amount is added to it and does not name it: "$120K + bonus".
JOINERS: Final = frozenset((
    "+", "plus", "and", "&", "with", "w", ",", "depending", "including", "based", "or", "und", "et", "y", "e",
    "alongside", "along", "topped", "rounded", "complemented", "supplemented", "accompanied", "combined", "enhanced",
    "addition", "top", "well", "together", "coupled", "paired", "boosted", "zzgl", "zuzüglich", "sowie", "ainsi",
))  # fmt: skip
#: A word against pay this many words after an amount yields to a pay label right before it.
_NEAR: Final = 3
#: A word against pay this many words before an amount speaks of something else.
_FAR: Final = 16
_EXTRAS: Final = frozenset(("benefits", "perks", "benefit"))
_NOT_PIECES: Final = frozenset(
    ("annum", "experience", "market", "the", "fte", "role", "candidate", "calendar", "working")
)
INCLUDES: Final = frozenset((
    "incl", "includes", "include", "inclusive", "including", "represents", "reflects", "comprises",
))  # fmt: skip

#: "(not including bonus)", "excluding equity"; what else takes a bracket back: "(plus bonus)".
_LEAVES_OUT: Final = frozenset(
    ("not", "excl", "excluding", "exclusive", "exkl", "without", "ohne", "hors", "before")
)
_NOT_IN: Final = _LEAVES_OUT | {"plus", "+", "zzgl"}
#: Who earns what the job pays, besides the words of a role.
_OWN: Final = frozenset((
    "you", "we", "i", "this", "role", "position", "job", "candidate", "applicant", "employee", "hire", "member",
    "contractor", "expert", "contributor", "annotator", "trainer", "tutor", "people", "level", "person",
))  # fmt: skip
_EARN: Final = frozenset(("earn", "earned", "make", "made", "paid"))


class Polarity(Enum):
    """What the words say of a spread."""

    PAY = "pay"
    NOT_PAY = "not_pay"
    SILENT = "silent"
    WEAK = "weak"


class After(NamedTuple):
    """What follows an amount. `extras`: "+ equity" and the like. `near`: what decides stands close.

    `far`: what speaks against it is an extra that does not stand right behind.
    """

    polarity: Polarity
    basis: Basis | None = None
    extras: bool = False
    near: bool = True
    far: bool = False


def right_polarity(right: list[Token], found: list[Cue]) -> After:
    """What follows: "$10K bonus" is no pay, "$120K base" is, "$120K + equity" stays pay."""
    by_first = {cue.first: cue for cue in found}
    joined, polarity = False, Polarity.SILENT
    at = 0
    while at < len(right):
        word = right[at].word
        cue = by_first.get(at)
        if at <= 1 and word == "per" and _per_piece(right, at, by_first):
            return After(Polarity.NOT_PAY)
        if (word[-1] == "%" and at <= 1) or (joined and word in _EXTRAS):
            return After(polarity, extras=True)
        joined = joined or word[0].isdigit()
        kind = cue.meaning.kind if cue else ""
        if cue and kind and kind != "weak":
            if joined or (kind == "pay" and _belongs_to_next(right, cue)):
                return After(polarity, extras=kind == "extra")
            if kind == "pay":
                return After(Polarity.PAY, _basis_after(right, cue, found))
            return After(Polarity.NOT_PAY, near=at < _NEAR, far=kind == "extra" and at >= _NEAR)
        if cue:
            polarity = Polarity.WEAK
        joined = joined or word in JOINERS
        at = max(cue.last, at + 1) if cue else at + 1
    return After(polarity)


def _basis_after(right: list[Token], cue: Cue, found: list[Cue]) -> Basis | None:
    """In "$60K base + commission" the amount is the base; in "$90K (base + commission)" it is both."""
    bracketed = cue.first > 0 and right[cue.first - 1].word == "("
    if bracketed and cue.meaning.basis is Basis.BASE and _adds_up(right, cue, found):
        return Basis.TOTAL
    if cue.meaning.basis is Basis.OTE and right[cue.first].word in ("base", "salary") and not bracketed:
        return Basis.BASE
    return cue.meaning.basis


def _adds_up(right: list[Token], base: Cue, found: list[Cue]) -> bool:
    """Whether a bracket that begins with the base goes on with what comes on top: "(base + bonus + equity)"."""
    joined = base.last < len(right) and right[base.last].word in ("+", "plus", "and", "&", ",")
    return joined and any(cue.meaning.kind == "extra" and cue.first <= base.last + 2 for cue in found)


def _belongs_to_next(right: list[Token], cue: Cue) -> bool:
    """In "$200K (base $160K)" the base is the next amount's: it stands right after the bracket opens."""
    opened = cue.first > 0 and right[cue.first - 1].word in ("(", "/")
    follows = right[cue.last].word if cue.last < len(right) else ""
    return opened and follows[:1].isdigit()


def _per_piece(right: list[Token], at: int, found: dict[int, Cue]) -> bool:
    """Pay by the piece ("per completed task"), not by time."""
    following = range(at + 1, min(at + 3, len(right)))
    timed = any(
        (cue := found.get(n)) is not None and cue.first <= n < cue.last and cue.meaning.period is not None
        for n in (at, *following)
    )
    return bool(following) and not timed and right[at + 1].word not in _NOT_PIECES


def left_polarity(
    left: list[Token], found: list[Cue], clause: int, sentences: Sequence[int] = ()
) -> tuple[Polarity, Basis | None]:
    """What stands before, nearest first; a basis is looked for in the nearest pay word's sentence only."""
    polarity = Polarity.SILENT
    basis: Basis | None = None
    floor = 0
    for cue in reversed(found):
        kind = cue.meaning.kind
        if polarity is Polarity.PAY and cue.first < floor:
            break
        if kind == "extra" and _is_set_apart(left, found, cue, clause):
            continue
        if kind in ("not", "veto", "extra"):
            if polarity is Polarity.PAY or len(left) - cue.last > _FAR:
                return polarity, basis
            return Polarity.NOT_PAY, None
        if kind == "pay":
            if polarity is not Polarity.PAY:
                polarity, basis = Polarity.PAY, cue.meaning.basis
                floor = max((start for start in sentences if start <= cue.first), default=0)
            if basis is not None:
                return polarity, basis
            basis = cue.meaning.basis
        if (kind == "weak" or cue.meaning.period is not None) and polarity is Polarity.SILENT:
            polarity = Polarity.WEAK
    return polarity, basis


def is_sum(left: list[Token], found: list[Cue], clause: int) -> bool:
    """Whether what stands before adds up to total pay: "Total comp (salary + bonus): X", "pay including bonus: X"."""
    at = len(found) - 1
    while at >= 0 and found[at].meaning.kind != "extra":
        at -= 1
    if at < 0 or found[at].first < clause or any(token.word[0].isdigit() for token in left[found[at].last :]):
        return False
    words = [token.word for token in left[: found[at].last]]
    opened = max((n for n in range(clause, len(words)) if words[n] == "("), default=None)
    includes = max((n for n in range(clause, len(words)) if words[n] in INCLUDES), default=None)
    start = opened if includes is None else includes if opened is None else min(opened, includes)
    if start is None or _NOT_IN & set(words[max(clause, start - 2) : start + 2]):
        return False
    pay = [cue for cue in found if cue.meaning.kind == "pay"]
    heads = [cue for cue in pay if clause <= cue.first and cue.last <= start]
    inside = [cue for cue in pay if start < cue.first < found[at].first]
    behind = any(cue.first >= found[at].last for cue in pay)
    total = any(cue.meaning.basis is Basis.TOTAL for cue in heads)
    return bool(heads) and not behind and (total or includes is not None or bool(inside))


def is_of_others(left: list[Token], clause: int) -> bool:
    """Whether people who are not hired here earn what follows: "Drivers on our platform earn X"."""
    verb = len(left) - clause - 1
    while verb >= 0 and left[clause + verb].word not in _EARN:
        verb -= 1
    words = [token.word for token in left[clause:]] if verb >= 0 else []
    if verb < 0 or (words[verb] == "paid" and words[verb - 1 : verb] not in (["are"], ["get"], ["were"])):
        return False
    subject = words[:verb]
    own = lexicon().role | _OWN
    if any(word in own or word.removesuffix("s") in own for word in subject):
        return False
    return any(len(word) > 3 and word.endswith("s") for word in subject)


def _is_set_apart(left: list[Token], found: list[Cue], extra: Cue, clause: int) -> bool:
    """Whether an extra before an amount is not what the amount is: another amount's, the heading's, or left out."""
    left_out = any(token.word in _LEAVES_OUT for token in left[max(clause, extra.first - 4) : extra.first])
    return left_out or _is_spent(left, extra) or _shares_heading(left, found, extra, clause)


def _is_spent(left: list[Token], extra: Cue) -> bool:
    """In "Junior ($250k + equity), Senior (X)" the equity is the amount's before."""
    follows = left[extra.last].word if extra.last < len(left) else ""
    added = any(token.word in ("+", "plus", "&") for token in left[max(0, extra.first - 2) : extra.first])
    return added and follows in (")", ",", "/") and any(t.word[0].isdigit() for t in left[: extra.first])


def _shares_heading(left: list[Token], found: list[Cue], extra: Cue, clause: int) -> bool:
    """In "Salary + equity: X" and "base plus bonus (X)" the extra belongs to the heading, X is the pay."""
    follows = left[extra.last].word if extra.last < len(left) else ""
    including = any(token.word in INCLUDES for token in left[max(clause, extra.first - 3) : extra.first])
    earlier = [cue for cue in found if cue.last <= extra.first and cue.meaning.kind == "pay"]
    if not earlier or not (including or follows in (":", ")", ".")):
        return False
    return not any(token.word[0].isdigit() for token in left[max(clause, earlier[-1].last) : extra.first])
