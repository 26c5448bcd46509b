"""Every source has a card, and docs/sources.md says what the cards say."""

from __future__ import annotations

from pathlib import Path

import pytest
import sources

from payguide.collect import cards

PAGE = Path(__file__).resolve().parents[2] / sources.PAGE


def test_the_page_of_sources_is_that_of_the_cards() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert sources.written(page) == page, "python tools/sources.py writes it"


@pytest.mark.parametrize("name", sorted(cards.live()))
def test_a_board_says_its_terms_and_limits(name: str) -> None:
    card = cards.told(name)
    assert all(card.get(field) for field in ("terms", "limits", "bias", "licence"))
    assert bool(cards.closed(name)) == bool(cards.hosts(name)) == (name == "smartrecruiters")
