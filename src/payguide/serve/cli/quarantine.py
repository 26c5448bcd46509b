"""`payguide evidence quarantine`, `replay` and `outliers`: what the contract refused, judging it again, and what no
figure counts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from payguide.base.errors import UsageError
from payguide.serve.cli import screen

if TYPE_CHECKING:
    from payguide.evidence.store import Store


def show(store: Store, rule: str | None, *, as_json: bool) -> int:
    """List the statements in quarantine; without a rule first how many each rule holds, and why it is."""
    from payguide.evidence.contract.rules import REASONS

    _known(rule)
    rows = store.quarantine(rule or "")
    counts = [(name, n) for name, n in store.quarantined_by_rule().items() if rule in (None, name)]
    if as_json:
        rules = {name: {"rows": n, "reason": REASONS.get(name, "")} for name, n in counts}
        screen.emit({"contract": str(store.contract()), "rules": rules, "rows": rows})
        return 0
    if rule is None:
        by_rule = [(name, f"{n:,}", REASONS.get(name, "")) for name, n in counts]
        screen.table(f"Quarantined, by rule of {store.contract()}", ("rule", ">rows", "reason"), by_rule)
    names = ("rule", "source", "where", "found", "title", "employer_name", "observation")
    listed = [[str(row[name]) for name in names] for row in rows]
    screen.table(f"In quarantine: {len(rows):,}", (*names[:-1], "key"), listed)
    return 0


def replay(store: Store, rule: str | None, contract: Path | None, *, as_json: bool) -> int:
    """Judge the evidence again, and say what moved."""
    from payguide.evidence.contract import contract_config

    _known(rule)
    chosen = contract_config.read(contract) if contract else contract_config.packaged()
    said = ["evidence replay", *(("--rule", rule) if rule else ())]
    said += ["--contract", str(chosen)] if chosen.text else []
    done = store.revalidate(chosen, rule=rule or "", command=" ".join(said))
    if as_json:
        screen.emit(done.as_data())
        return 0
    screen.note(
        f"Judged by {done.contract}: {done.released:,} statements left quarantine, {done.quarantined:,} observations "
        f"went into it, {done.another_rule:,} break another rule than before"
    )
    screen.note(f"This is version {done.number}" if done.number else "Nothing changed")
    screen.counts(f"{sum(done.held.values()):,} statements are in quarantine, by rule:", done.held)
    return 0


#: Columns of money.
_MONEY = frozenset(("low", "high", "least", "most"))


def outliers(store: Store, *, as_json: bool) -> int:
    """List the pieces of evidence that are marked, by the stage that marked them."""
    from payguide.evidence.snapshot import Snapshot

    with Snapshot.of(store) as taken:
        rows = taken.outliers()
    if as_json:
        for row in rows:
            screen.emit(row)
        return 0
    shown = ("outlier", "source", "role", "level", "component", "low", "high", "least", "most", "title",
             "employer_name", "key")  # fmt: skip
    columns = ("marked by", *(f">{name}" if name in _MONEY else name for name in shown[1:]))
    listed = [[_text(row[name]) for name in shown] for row in rows]
    screen.table(
        f"Outliers: {len(rows):,} pieces of evidence that no figure counts, in USD a year", columns, listed
    )
    return 0


def _text(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, float) else str(value or "")


def _known(rule: str | None) -> None:
    from payguide.evidence.contract.rules import REASONS

    if rule is not None and rule not in REASONS:
        raise UsageError(f"the contract has no rule {rule!r}", remedy=f"Its rules are {', '.join(REASONS)}")
