"""Who hires, behind who posts: recruiters and boards that repeat postings put their own names on them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, Final

from payguide.decode.employer import listed_employers, read_employer
from payguide.decode.phrase_matcher import vocabulary

#: A payroll system's number before an entity's name: "99-7777827 Bank of America N.A.", "0101 The Huntington".
_NUMBER: Final = re.compile(r"^\d[\d-]{2,20}+\s++(?=[A-Za-z.&]++ )")
#: A board names the poster behind the title: "Jobs via eFinancialCareers", "Quant Strategist - Eka Finance".
_VIA: Final = re.compile(r"^jobs? via\b", re.IGNORECASE)
#: A title that repeats who posts: "Quant Analyst at Acme Denver, CO".
_AT: Final = re.compile(r" (?:job )?at (?=[A-Z])")
#: A name: up to six words in capitals, with small ones between them.
_WORD: Final = r"(?:[A-Z0-9][\w&.-]{0,30}+|of|and|the|&)"
_NAME: Final = rf"([A-Z0-9][\w&.-]{{0,30}}+(?: {_WORD}){{0,5}}+)"
#: How a text names who hires, firmly enough for a name that is on no list.
_FIRM: Final = re.compile(rf"\b[Aa]t {_NAME}, (?:we|our|you|everyone)\b|\bAbout {_NAME} ?[:\n]")
#: How it names a known one.
_LOOSE: Final = re.compile(
    rf"\b(?:[Ww]ithin|[Jj]oin(?:ing)?) {_NAME}(?:'s|’s|,| is\b| as\b)|"
    rf"(?:^|[.\n] ?){_NAME} is (?:an? |the |one of |committed)"
    r"(?:the |world|global|leading|premier|largest|independent|diversified|multinational|top|to )"
)
#: What boards put behind a text: themselves.
_BEHIND: Final = "About the Company:"
_LAST: Final = 200
#: How much of a text is looked at: who hires is said at its beginning, if at all.
_HEAD: Final = 3_000


def hirer(poster: str, title: str, text: str, others: Collection[str] = ()) -> str:
    """The name of the employer of a posting: who posts it, unless that is a recruiter or a board or the text names
    another; empty where nobody tells. `others` post the same text: one of them may be the employer. Time is linear in
    the text.
    """
    name, title = _poster(poster, title)
    rest, mark, behind = text.rpartition(_BEHIND)
    text = rest if mark and len(behind) <= _LAST else text
    posts_for_others = is_recruiter(name)
    if not posts_for_others and _mentions(text, name):
        return name
    head = text[:_HEAD]
    mentioned = (one for one in others if one != poster and not is_recruiter(one) and _mentions(text, one))
    known = read_employer(name).id in _listed() and not posts_for_others
    named = _named(head, loosely=not known) or _NUMBER.sub("", next(mentioned, ""))
    if named and not is_recruiter(named) and (not known or read_employer(named).id in _listed()):
        return named
    unnamed = any(phrase in head.lower() for phrase in _recruiters()["unnamed"])
    return "" if posts_for_others or (unnamed and not known) else name


def own_title(title: str, poster: str) -> str:
    """A title without the poster that a board repeats in it ("... - Eka Finance", "... at Acme Denver, CO")."""
    _, title = _poster(poster, title)
    for found in _AT.finditer(title):
        if title[found.end() :].lower().startswith(poster.strip().lower()[:12]):
            return title[: found.start()]
    return title


def _poster(poster: str, title: str) -> tuple[str, str]:
    """Who posts, without the number of a payroll system, and the title: "Jobs via X" names the poster at its end."""
    name = _NUMBER.sub("", poster.strip())
    rest, _, tail = title.rpartition(" - ")
    if _VIA.match(name) and rest and (is_recruiter(tail) or read_employer(tail).id in _listed()):
        return tail.strip(), rest.strip()
    return name, title


def is_recruiter(name: str) -> bool:
    """Whether a name is a recruiter's or a board's, by its words or by the list; a name that says nobody is one."""
    known = _recruiters()
    words = re.findall(r"[a-z0-9]+", name.lower())
    whole = " ".join(words)
    return (
        not words
        or bool(known["words"].intersection(words))
        or whole in known["nobody"]
        or any(f" {one} " in f" {whole} " for one in known["names"])
    )


def _mentions(text: str, name: str) -> bool:
    """Whether a text names somebody: by the first two words of the name, or its one word."""
    words = re.findall(r"[\w&]+", read_employer(name).name or name)[:2]
    lower = text.lower()
    return bool(words) and (
        " ".join(words).lower() in lower or (len(words[0]) > 5 and words[0].lower() in lower)
    )


def _named(head: str, *, loosely: bool) -> str:
    """The employer that a text names as its own: by a firm phrase, else a listed one by a loose phrase."""
    firm = (next(filter(None, found.groups())) for found in _FIRM.finditer(head))
    loose = (next(filter(None, found.groups())) for found in _LOOSE.finditer(head))
    sure = next((name for name in firm if name.lower() not in _NOBODY), "")
    if sure or not loosely:
        return sure
    return next((name for name in loose if read_employer(name).id in _listed()), "")


#: What stands where a name would: "About Us:", "About The Role:".
_NOBODY: Final = frozenset(
    f"{before}{word}"
    for before in ("", "the ", "this ", "our ", "your ")
    for word in (
        "us",
        "role",
        "team",
        "job",
        "company",
        "position",
        "opportunity",
        "you",
        "firm",
        "client",
        "group",
    )
)


@cache
def _listed() -> frozenset[str]:
    return frozenset(employer.id for employer, _ in listed_employers())


@cache
def _recruiters() -> Mapping[str, Any]:
    raw = vocabulary("recruiters")
    names = [" ".join(re.findall(r"[a-z0-9]+", name.lower())) for name in raw["names"]]
    return {
        **raw,
        "words": frozenset(raw["words"]),
        "nobody": frozenset(raw["nobody"]),
        "names": tuple(names),
    }
