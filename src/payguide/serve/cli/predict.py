"""`payguide predict` and `payguide estimate`: the estimator for many profiles, and for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter, Token

from payguide.base.errors import UsageError
from payguide.base.reference.plausible import MAX_YEARS, did_you_mean, plain_number
from payguide.serve.cli import console
from payguide.serve.cli.build import DEFAULT_ROLE
from payguide.serve.cli.editions import model_of
from payguide.serve.cli.jsonl import STDIN, Source, complain_of, lines_of, profile_of
from payguide.serve.cli.versions import Day

#: What the title says already, or in other words.
_NOT_TOLD = frozenset({"role", "component", "metro", "unread"})


def _years(_type: object, tokens: Sequence[Token]) -> float:
    """Years of work, in plain digits."""
    years = plain_number(tokens[0].value)
    if years is None or years > MAX_YEARS:
        raise ValueError(f"must be a number of years from 0 to {MAX_YEARS}, in plain digits")
    return years


#: Years of work.
Years = Annotated[float, Parameter(converter=_years)]

#: Profiles predicted at a time: memory stays constant in the input's length.
CHUNK = 16384


def predict(source: Source = STDIN, /, *, evidence: str | None = None, edition: Path | None = None) -> int:
    """Predict pay for profiles: one JSON object a line in, one a line out, in the same order.

    In: {"id", "role", "years"?, "tenure"?, "level"?, "grade"?, "employer"?, "place"?, "date"?, "focus"?,
    "specialisation"?, "degree"?, "component"}; `years` are those of experience, `tenure` those with the employer. Out:
    p10 to p90 of annual pay, currency, coverage of P10-P90, n, drivers; "warnings" for what is not known and changes
    nothing. What has no answer gets an "error" in its line: a date that is none, or more than 18 months after the
    edition's or before its evidence, a place or role that is not known, another country. The exit code is then 3.
    Example: `payguide predict profiles.jsonl > predicted.jsonl`

    Parameters
    ----------
    source
        A JSONL file, or - for standard input.
    evidence
        Fit the estimator on this evidence, your confidential surveys and postings too: a folder, or s3://bucket/prefix.
        Default: the packaged estimator.
    edition
        Use the estimator of this edition.
    """
    from msgspec.json import encode

    from payguide.decode.profile_input import resolved
    from payguide.estimator import Estimator, Profiles, Refused

    estimator, malformed, refused, done = Estimator(model_of(edition, evidence, DEFAULT_ROLE)), 0, 0, 0
    numbered = enumerate(lines_of(source), start=1)
    while chunk := list(islice(numbered, CHUNK)):
        rows: list[tuple[Mapping[str, Any], str]] = []
        for number, line in chunk:
            profile, problem = profile_of(line)
            if problem:
                complain_of(number, problem)
                malformed += 1
            if profile:
                rows.append((profile, problem))
        told = [profile for profile, problem in rows if not problem]
        replies = estimator.replies(resolved(Profiles.of(told)), [profile["id"] for profile in told])
        refused += sum(isinstance(one, Refused) for one in replies)
        done += len(told)
        ordered = iter(replies)
        console.emit_lines(
            encode(Refused(row["id"], problem) if problem else next(ordered)) for row, problem in rows
        )
    console.note(
        f"{done - refused:,} profiles, {malformed:,} malformed{f', {refused:,} refused' if refused else ''}"
    )
    return 3 if malformed or refused else 0


def estimate(
    *,
    years: Years | None = None,
    tenure: Years | None = None,
    place: str | None = None,
    employer: str | None = None,
    level: Literal["entry", "mid", "senior", "staff"] | None = None,
    grade: str | None = None,
    focus: str | None = None,
    role: str = DEFAULT_ROLE,
    component: Literal["base", "total"] = "base",
    on: Day | None = None,
    edition: Path | None = None,
    evidence: str | None = None,
    sure: Annotated[bool, Parameter(negative="")] = False,
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Estimate the whole pay distribution of one profile, and say what moved it.

    Example: `payguide estimate --years 7 --place "Seattle, WA"`

    Parameters
    ----------
    years
        Years of experience.
    tenure
        Years with the employer.
    place
        City and state, e.g. "Seattle, WA".
    employer
        The employer's name.
    level
        The level, where you know it better than the years.
    grade
        The employer's own grade, e.g. L5.
    focus
        The part of software, e.g. "front end", mobile, security.
    role
        The role.
    component
        Base pay, or total pay a year.
    on
        The date to estimate for, at most 18 months after the edition's. Default: the edition's date.
    edition
        Use the estimator of this edition instead of the packaged one.
    evidence
        Fit the estimator on this evidence, your confidential surveys and postings too: a folder, or s3://bucket/prefix.
    sure
        Answer for unusually many years too.
    as_json
        Print JSON for a program.
    """
    from payguide.base.codes import Focus
    from payguide.base.errors import InputError
    from payguide.decode.focus import focus_in
    from payguide.decode.profile_input import resolve_profile
    from payguide.estimator import Estimator
    from payguide.estimator import predict as predict_one
    from payguide.guide import role as roles

    if not sure:
        _ask_about(years=years, tenure=tenure)
    spec = roles.load(role)
    asked = {
        "role": str(spec.role), "years": years, "tenure": tenure, "level": level, "grade": grade, "employer": employer,
        "focus": focus, "place": place, "component": component, "date": on.isoformat() if on else None,
    }  # fmt: skip
    if focus and focus_in(focus) is None:
        known = ", ".join(one.replace("_", " ") for one in Focus)
        raise UsageError(f"{focus!r} is no part of software that is known", remedy=f"--focus takes {known}")
    estimator = Estimator(model_of(edition, evidence, role))
    try:
        admitted, warnings = estimator.admit(resolve_profile(asked))
    except InputError as error:
        raise UsageError(error.found, remedy="Leave it out, or name another") from None
    answer = predict_one(estimator, admitted)
    if as_json:
        console.emit({**answer, "warnings": warnings, "read_as": admitted})
        return 0
    _show(spec.name, component, answer, admitted)
    for warning in warnings:
        console.note(warning)
    return 0


def _ask_about(**given: float | None) -> None:
    """Years that hardly anybody has are asked about before they are answered.

    Raises:
        UsageError: they are unusually many.
    """
    for name, years in given.items():
        if years is not None and (meant := did_you_mean(years)):
            raise UsageError(
                f"{years:g} years ({name}): did you mean {meant:g}? We answer up to {MAX_YEARS}",
                remedy=f"Give --{name} {meant:g}, or say --sure",
            )


def _show(name: str, component: str, answer: Mapping[str, Any], resolved: Mapping[str, object]) -> None:
    told = {
        key: value for key, value in resolved.items() if key not in _NOT_TOLD and value not in ("", "unknown")
    }
    known = ", ".join(f"{key} {value}" for key, value in told.items())
    title = f"{name}, {component} pay a year in {answer['currency']} ({known or 'nothing else known'})"
    quantiles = ("p10", "p25", "p50", "p75", "p90")
    console.table(title, [f">{q.upper()}" for q in quantiles], [[f"{answer[q]:,.0f}" for q in quantiles]])
    console.note(
        f"P10 to P90 is meant to hold {answer['coverage']:.0%} of people; it rests on {answer['n']:,} pieces "
        "of evidence of the most specific group known."
    )
    rows = [(d["name"], f"{d['amount']:+,.0f}") for d in answer["drivers"]]
    console.table(f"What moves the median from {answer['reference']:,.0f}", ("driver", ">amount"), rows)
