"""payguide: turns pay evidence into a salary guide in which every number can be checked.

The names in `__all__` are the public library; all else may change between releases. Each is imported when it
is called, so that importing payguide costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from payguide.base.version import VERSION

if TYPE_CHECKING:
    from payguide.base.edition import Edition
    from payguide.base.inputs import PayBand

__version__ = VERSION
__all__ = ["__version__", "make_edition", "predict", "read_edition", "read_pay"]


def make_edition(role: str = "ml-engineer", *, evidence: Path | str | None = None) -> Edition:
    """The edition of a role in memory, from your own evidence (a folder or `s3://bucket/prefix`) or the packaged.

    `figures` maps a figure's id (such as "band.senior.base.p50") to a `Published` or a `Withheld`; amounts
    are annual, in the currency of `manifest["currency"]`.

    Raises:
        UsageError: there is no such role.
        InputError: there is no evidence there.
        StoreError: it cannot be read.
        SourceUnavailable: the storage does not answer.
    """
    from payguide.guide import role as roles
    from payguide.pipeline.editions import make

    return make(roles.load(role), evidence=evidence, tick=lambda stage, done, total: None)


def read_edition(folder: Path | str) -> Edition:
    """The edition that `payguide build` wrote into a folder.

    Raises:
        InputError: there is none in it, or it is damaged.
    """
    from payguide.guide import edition

    return edition.read(Path(folder))


def read_pay(text: str, *, country: str = "", title: str = "") -> tuple[tuple[PayBand, ...], tuple[str, ...]]:
    """Every distinct band of pay that a posting's plain text offers for the job, and warnings.

    Amounts are as stated in the band's own currency and period: nothing is annualised. `country` (ISO code)
    and `title` settle what "$" and a scope mean where the text does not. Any text is taken; nothing raised.
    """
    from payguide.decode.pay import read_pay as read

    return read(text, country=country, title=title)


def predict(profile: Mapping[str, object], *, edition: Edition | None = None) -> Mapping[str, Any]:
    """The pay distribution of one profile, e.g. `{"years": 7, "place": "Seattle, WA", "component": "base"}`.

    The answer holds P10 to P90 (annual, in its `currency`), the stated `coverage` of P10 to P90, `n`, and the
    `drivers` that moved the median; `warnings` where the profile says what is not known and was left aside. The
    estimator is the edition's, else the packaged one.

    Raises:
        InputError: its years or its date make no sense, there is no such component, or no pay is known of its role or
            place.
    """
    from payguide.decode.profile_input import resolve_profile
    from payguide.estimator import Estimator
    from payguide.estimator import predict as predict_one
    from payguide.evidence.sealed import read_model

    model = edition.model if edition is not None and edition.model is not None else read_model()
    estimator = Estimator(model)
    admitted, warnings = estimator.admit(resolve_profile(profile))
    return predict_one(estimator, admitted) | ({"warnings": warnings} if warnings else {})
