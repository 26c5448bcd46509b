"""Random evidence that grows and changes, and its cells by both ways: kept and added to, or made of all of it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import drawn_evidence as drawn
import numpy as np
import pytest
from test_engines import same

from payguide.base.codes import Level, Tier
from payguide.base.figures import Cell
from payguide.base.records import Observation, Posting
from payguide.evidence import sums, terms
from payguide.evidence.cells import cells
from payguide.evidence.distinct import Population
from payguide.evidence.incremental import Kept
from payguide.evidence.prepared import prepare_here
from payguide.evidence.store import Store

POSTED, TYPED = ("ashby", "radar"), ("levels", "firm")
METROS = [f"{number}0000" for number in range(10, 24)]
EMPLOYERS = ("acme", "globex", "initech", "hooli", "umbrella", "wayne", "stark")


def statement(dice: np.random.Generator, record: int) -> list[Observation]:
    """What one random record states: a posting's band, or a person's base pay and sometimes the total."""
    person = dice.random() < 0.6
    word = lambda *words: str(dice.choice(words))  # noqa: E731
    line = {
        "source": word(*TYPED) if person else word(*POSTED),
        "kind": word("self_report", "self_report", "payroll") if person else "posted_range",
        "record": f"r{record}",
        "employer": word(*EMPLOYERS, "acme", "acme", "nobody") if person else word(*EMPLOYERS),
        "role": word("ml_engineer", "ml_engineer", "data_scientist"),
        "level": word("senior", "senior", "staff", "unstated", "manager"),
        "years": word("2", "5", "8", "12"),
        "metro": METROS[min(13, int(dice.exponential(4)))],
        "tier": word("big_tech", "startup"),
        "remote": word("remote", "onsite"),
        "specialisation": word("vision speech", "vision", ""),
        "date": f"2026-0{dice.integers(1, 7)}-15",
    }
    if dice.random() < 0.2:
        line |= {"metro": "", "region": word("CA", METROS[1])}
    if dice.random() < 0.3:
        del line["years"]
    # few amounts and places, so that several state the same; some of people far off, often by the same employer
    pay = 1000.0 * int(dice.choice([150, 152, 155, 160, 170, 180, 200]))
    if not person:
        line |= {"metro": METROS[record % 2], "level": word("senior", "unstated")}
        return [drawn.observation({**line, "pay": f"{pay}-{pay * float(dice.choice([1.0, 1.25, 1.5]))}"})]
    if dice.random() < 0.1:
        pay *= float(dice.choice([0.2, 4.0]))
    found = [drawn.observation({**line, "pay": str(pay)})]
    if dice.random() < 0.5:
        total = pay * float(dice.choice([1.1, 1.5, 2.0, 6.0]))
        found.append(drawn.observation({**line, "component": "total", "pay": str(total)}))
    return found


class Evidence:
    """A store, and what is stated in it by record."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stated: dict[int, list[Observation]] = {}

    def state(self, records: dict[int, list[Observation]], postings: Sequence[Posting] = ()) -> None:
        """Records that are read, with all that they state now."""
        self.stated |= records
        observations = [one for each in records.values() for one in each]
        drawn.append(Store.open(self.folder, create=True), observations, postings)

    def step(self, action: str, seed: int, size: int) -> None:
        """A random change of some records."""
        dice = np.random.default_rng(seed)
        known = sorted(number for number, stated in self.stated.items() if stated)
        some = [int(at) for at in dice.choice(known, min(size, len(known)), replace=False)] if known else []
        if action == "add":
            first = len(self.stated)
            self.state({number: statement(dice, number) for number in range(first, first + size)})
        elif action == "revise":
            self.state({number: [revised(dice, one) for one in self.stated[number]] for number in some})
        elif action == "say otherwise":
            self.state({number: statement(dice, number) for number in some})
        elif action == "say again":
            self.state({number: self.stated[number] for number in some})
        elif action == "replay":
            # what is refused by it goes into quarantine, and comes back by the next one
            contract = terms.merged(f"[range]\nwidest_ratio = {dice.choice([1.1, 1.3, 4.0])}\n", "own.toml")
            Store.open(self.folder).replay(contract, command="replay")
        else:
            self.post(some, withdrawing=action == "withdraw", dice=dice)

    def post(self, records: Sequence[int], *, withdrawing: bool, dice: np.random.Generator) -> None:
        """Postings of some records, with a text or without, and with what they state or nothing any more."""
        sources = {number: self.stated[number][0].source for number in records}
        postings = [
            drawn.posting({"record": f"r{number}", "source": source, "text": str(dice.choice(["yes", "no"]))})
            for number, source in sources.items()
        ]
        self.state({number: [] if withdrawing else self.stated[number] for number in records}, postings)


def revised(dice: np.random.Generator, one: Observation) -> Observation:
    """The same statement of somebody that was read better."""
    levels, tiers = (Level.SENIOR, Level.STAFF, Level.ENTRY), (Tier.BIG_TECH, Tier.ENTERPRISE)
    profile = replace(
        one.profile,
        level=levels[dice.integers(3)],
        employer=replace(one.profile.employer, tier=tiers[dice.integers(2)]),
    )
    return replace(one, profile=profile)


def of_all(folder: Path, number: int | None = None) -> tuple[Cell, ...]:
    """The cells, made of all the evidence of a version, one dimension after the other as if it were much."""
    with (
        closing(Store.open(folder, number=number).connect()) as connection,
        pytest.MonkeyPatch.context() as much,
    ):
        much.setattr(sums, "FEW", 0)
        found = prepare_here(connection, Population(), ())
        return cells(found.engine, found.counting)


def kept(folder: Path) -> tuple[Cell, ...]:
    """The cells, made of what is kept and what has come since."""
    return Kept()(Store.open(folder), Population(), ())


def different(some: Sequence[Cell], others: Sequence[Cell]) -> list[object]:
    """The keys of cells that are not the same in both."""
    assert [cell.key for cell in some] == [cell.key for cell in others]
    return [one.key for one, other in zip(some, others, strict=True) if not same(one, other)]


def copied(base: Evidence, folder: Path) -> Evidence:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base.folder, folder)
    evidence = Evidence(folder)
    evidence.stated = dict(base.stated)
    return evidence
