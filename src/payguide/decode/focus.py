"""The part of software that a title, or a survey's own tag, names."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

from payguide.base.codes import Focus, Role
from payguide.decode.phrase_matcher import vocabulary
from payguide.decode.titles import BREAK, Phrases, title_words

#: What a role says already: its people's focus is told only where it is another.
_SAID: Final = {
    Role.ML_ENGINEER: Focus.MACHINE_LEARNING,
    Role.ML_SCIENTIST: Focus.MACHINE_LEARNING,
    Role.DATA_ENGINEER: Focus.DATA,
    Role.DATA_ANALYST: Focus.ANALYTICS,
}


@lru_cache(maxsize=65_536)
def focus_in(text: str) -> Focus | None:
    """The focus that a title or tag names: of several the first in the order of `Focus`; who names both ends of an
    application builds the full stack. None where it names none.
    """
    words = title_words(text)
    named = {name for _, _, name in _phrases().find(words)}
    whole = vocabulary("focus")["whole"].get(" ".join(word for word in words if word != BREAK))
    if whole:
        named.add(whole)
    if named >= {Focus.FRONT_END, Focus.BACK_END}:
        named.add(Focus.FULL_STACK)
    return next((focus for focus in Focus if focus in named), None) if named else None


def beside_role(focus: Focus | None, role: Role) -> Focus | None:
    """The focus, where it tells more than the role does."""
    return None if _SAID.get(role) is focus else focus


@cache
def _phrases() -> Phrases:
    return Phrases(vocabulary("focus")["phrases"])
