"""Write docs/sources.md's table of sources from their cards: `python tools/sources.py`. A test holds the two equal."""

from __future__ import annotations

from pathlib import Path

from marked import replaced

from payguide.collect import cards

PAGE = Path("docs/sources.md")
START, END = "<!-- sources: written by tools/sources.py -->\n", "<!-- /sources -->\n"
#: What each kind of evidence measures.
MEASURES = {
    "posted_range": "pay that postings offer",
    "self_report": "pay that people say they have",
    "filing": "pay offered in filings",
    "statistic": "pay as an official survey has it",
    "payroll": "pay as it is paid",
    "employer_statistic": "means of an employer's pay by grade",
    "top_pay": "pay at the firms that pay most",
}


def table() -> str:
    """The table: each source, how it is named, what it measures, how it leans, its terms and its limits."""
    lines = ["| source | it measures | bias | terms | limits |", "|---|---|---|---|---|"]
    for name in cards.known():
        card = cards.told(name)
        why = f"{card['closed']} (`--allow-terms {name}` if you have leave)" if "closed" in card else ""
        closed = f"**Refused**: {why}. " if why else ""
        named = f"`{name}:{card.get('form', 'ORG')}`" if "media_type" in card else f"`{name}`"
        terms = f"{closed}{card['terms']} " if "terms" in card else ""
        cells = (f"{card['title']} ({named})", MEASURES[card["kind"]], card["bias"],
                 f"{terms}{card['licence'][:1].upper()}{card['licence'][1:]}.", card.get("limits", ""))  # fmt: skip
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def written(page: str) -> str:
    """The page with its table as the cards have it; raises ValueError where it has none."""
    return replaced(page, START, END, table())


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
