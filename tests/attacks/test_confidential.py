"""Confidential evidence enters nothing that is public: planted values are searched for in all that is written, and an
edition is byte for byte what it is without them. So no two counts of it differ by somebody's headcount.
"""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from planted import Own, leaked, own_file, public_boards, random_release, words_of, written

from payguide.base.aggregates import PayRows
from payguide.base.codes import EvidenceKind
from payguide.base.estimates import Published
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store
from payguide.evidence.store.private import private, shared
from payguide.fit.model.fit import fit_model
from payguide.guide import edition as editions
from payguide.guide.own import MARK
from payguide.pipeline import models as pipeline_models
from payguide.serve.cli.main import run
from test_killed import hashes


def payguide(*arguments: object, code: int = 0) -> str:
    """Run a command line; all that it prints."""
    written = io.BytesIO()
    with io.TextIOWrapper(written, "utf-8", write_through=True) as printed:
        with redirect_stdout(printed), redirect_stderr(printed):
            ended = run(list(map(str, arguments)))
        told = written.getvalue().decode()
    assert ended == code, told
    return told


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where temporary files lie."""
    folder = tmp_path_factory.mktemp("scratch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.setenv("TMPDIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> list[Own]:
    """A payroll whose first employer has most of 48 lines, and a survey."""
    folder, dice = tmp_path_factory.mktemp("own"), random.Random(18)
    return [own_file(folder, kind, dice, employers=9, lines=48) for kind in ("payroll", "survey")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, scratch: Path, owned: list[Own]) -> Path:
    """A folder with public evidence in `open`, and in `mixed` with the payroll and the survey beside it."""
    folder = tmp_path_factory.mktemp("confidential")
    payguide("collect", public_boards(folder / "boards"), "--evidence", folder / "open")
    shutil.copytree(folder / "open", folder / "mixed")
    told = "".join(
        payguide("collect", *own.arguments, "--evidence", folder / "mixed", code=3) for own in owned
    )
    assert not leaked(secrets(owned), [("printed", told)])
    return folder


@pytest.fixture(scope="module")
def public(place: Path) -> tuple[Path, str]:
    """The public edition of the mixed evidence, and what was printed."""
    told = payguide("build", "--evidence", place / "mixed", "--out", place / "public")
    return place / "public", told


def secrets(owned: list[Own]) -> list[str]:
    return [word for own in owned for word in own.planted]


def test_an_edition_is_byte_for_byte_what_it_is_without_confidential_evidence(
    place: Path, owned: list[Own], public: tuple[Path, str], scratch: Path
) -> None:
    payguide("build", "--evidence", place / "open", "--out", place / "without")
    edition, told = public

    assert hashes(edition) == hashes(place / "without")
    [held] = Store.open(place / "mixed").rows(
        "SELECT count(*) AS n FROM observations WHERE confidentiality <> 'public'"
    )
    assert f"{held['n']} confidential observations of 2 sources were left out" in told
    assert not leaked(secrets(owned), [("printed", told), *written(edition, scratch)])


@pytest.fixture(scope="module")
def mine(place: Path) -> tuple[Path, str]:
    """The report for the owner of the mixed evidence, in a folder that was there, and what was printed."""
    (place / "mine").mkdir()
    told = payguide("build", "--own", "--evidence", place / "mixed", "--out", place / "mine")
    return place / "mine", told


def test_no_public_edition_repeats_what_an_owners_report_said(place: Path, mine: tuple[Path, str]) -> None:
    arguments = ("build", "--evidence", place / "mixed", "--previous", mine[0], "--out", place / "later")
    assert "is not for publication" in payguide(*arguments, code=2)
    assert not (place / "later").exists()


def test_the_owners_report_is_marked_everywhere_and_leaves_public_figures_as_they_are(
    owned: list[Own], public: tuple[Path, str], mine: tuple[Path, str]
) -> None:
    out, told = mine
    # a picture carries the mark in its title, as a drawing does
    # a picture's mark is drawn, and a list of sums says nothing of pay
    unmarked = {p.name for p in out.rglob("*") if p.is_file() and MARK not in words_of(p)}
    assert unmarked == {"card.png", "SHA256SUMS"}
    assert MARK in told
    report, open_edition = editions.read(out), editions.read(public[0])
    own = {name: figure for name, figure in report.figures.items() if name.startswith("own.")}
    assert {
        name: figure for name, figure in report.figures.items() if name not in own
    } == open_edition.figures
    assert not shared(out)

    for file in owned:
        table = Path(file.spec.partition(":")[2]).read_text(encoding="utf-8")
        rows = csv.DictReader(io.StringIO(table))
        pay = [float(row["base"]) for row in rows if row["base"].replace(".", "").isdigit()]
        pay = [amount for amount in pay if amount > 20_000]
        figure = own[f"own.{file.source}.any.base.p50"]
        assert isinstance(figure, Published)
        assert figure.estimate.n == len(pay)
        aged = figure.estimate.sources[0].ageing
        # bins are half a per cent wide
        assert figure.estimate.value / aged == pytest.approx(np.quantile(pay, 0.5, method="hazen"), rel=0.005)
        assert figure.estimate.coverage == 0


@pytest.mark.slow
def test_an_owners_report_is_rebuilt_as_one(place: Path, public: tuple[Path, str]) -> None:
    out = place / "again"
    payguide("build", "--own", "--role", "data-engineer", "--evidence", place / "mixed", "--out", out)
    assert "files are byte for byte the same" in payguide("verify", out, "--evidence", place / "mixed")
    pins = [row["edition"] for row in Store.open(place / "mixed").rows("SELECT edition FROM editions")]
    assert any(pin.endswith(f"for its owner, in {out}") for pin in pins)


@pytest.mark.slow
@pytest.mark.parametrize("command", ["estimate", "predict"])
def test_an_estimate_of_ones_own_says_what_it_leaves_out(place: Path, command: str, tmp_path: Path) -> None:
    profiles = tmp_path / "profiles.jsonl"
    profiles.write_text('{"id": "a", "role": "ml_engineer", "component": "base"}\n', encoding="utf-8")
    asked = ("estimate", "--years", 7) if command == "estimate" else ("predict", profiles)
    told = payguide(*asked, "--evidence", place / "mixed")
    [held] = Store.open(place / "mixed").rows("SELECT count(*) AS n FROM observations WHERE kind = 'payroll'")
    assert f"Left out: {held['n']} of payrolls" in told


def test_what_the_estimator_is_not_fitted_on_is_counted_by_kind(place: Path, owned: list[Own]) -> None:
    with Snapshot.of(Store.open(place / "mixed"), own=True) as taken:
        assert list(taken.not_fitted()) == [str(EvidenceKind.PAYROLL)]
        assert owned[1].source in taken.training_rows()["base"].columns["source"]
    with Snapshot.of(Store.open(place / "mixed")) as taken:
        assert taken.not_fitted() == {}
        assert set(taken.training_rows()["base"].columns["source"]) == {"ashby"}


def test_what_is_said_to_be_public_is(tmp_path: Path, owned: list[Own]) -> None:
    payroll, survey = owned
    payguide("collect", *survey.arguments, "--public", "--evidence", tmp_path, code=3)
    with Snapshot.of(Store.open(tmp_path)) as taken:
        assert taken.left_out == {}
        assert list(taken.counts_by_source()) == [survey.source]
    # what was confidential once stays so, whatever is said of it later
    for more in ((), ("--public",)):
        payguide("collect", *payroll.arguments, *more, "--evidence", tmp_path, code=3)
    with Snapshot.of(Store.open(tmp_path)) as taken:
        assert list(taken.left_out) == [payroll.source]
        assert list(taken.counts_by_source()) == [survey.source]


def test_doctor_and_help_say_what_is_confidential(place: Path) -> None:
    told = " ".join(payguide("doctor", "--evidence", place / "mixed").split())
    assert "are confidential: no public edition knows of them" in told
    assert "unless collected with --public" in told
    assert "are confidential" in " ".join(payguide("collect", "--help").split())


def seen(store: Store) -> dict[str, list[str]]:
    """Every row of every table that the public sees of a store; of the store itself it keeps runs and editions."""
    settled = store.settled()
    with closing(settled.connect()) as connection:
        settled.hide_confidential(connection)
        names = [
            name
            for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()
        ]
        return {
            name: sorted(map(repr, connection.execute(f"SELECT * FROM {name}").fetchall()))
            for name in names
            if name not in ("runs", "editions")
        }


@pytest.fixture(scope="module", autouse=True)
def fitted_once() -> Iterator[None]:
    """The estimator of the very same rows is fitted once."""
    models: dict[str, Mapping[str, Any]] = {}

    def fit(rows: Mapping[str, PayRows], **how: Any) -> Mapping[str, Any]:
        told = {name: {k: v.tolist() for k, v in one.columns.items()} for name, one in rows.items()}
        key = repr((told, how))
        if key not in models:
            models[key] = fit_model(rows, **how)
        return models[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline_models, "fit_model", fit)
        yield


#: So many releases of one's own come into evidence before all of them are followed by a whole edition.
BETWEEN_EDITIONS = 8


def released(dice: random.Random, number: int, folder: Path, mixed: Path) -> tuple[list[str], str]:
    """Evidence of one's own comes in: a payroll or survey by the command line, or nouns of every kind, which share
    employers, places and levels with what is public. What is planted in it, and what was printed.
    """
    if number % 2:
        release = random_release(dice, 1)
        Store.open(mixed).append(release.own, command="test")
        return release.planted, ""
    kind, employers = dice.choice(("payroll", "survey")), dice.randrange(1, 12)
    own = own_file(folder / "own", kind, dice, employers=employers, lines=dice.randrange(1, 60))
    printed = io.StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        # 3: of some files a line is refused
        assert run(["collect", *own.arguments, "--evidence", str(mixed)]) in (0, 3)
    return list(own.planted), printed.getvalue()


@pytest.mark.few(1)
@pytest.mark.parametrize(("world", "releases"), [(0, 2), *((world, 40) for world in range(1, 26))])
def test_after_every_release_the_public_sees_what_it_saw_without_confidential_evidence(
    tmp_path: Path, scratch: Path, world: int, releases: int
) -> None:
    """A thousand releases, beside 25 worlds of public evidence. Of every eight that came in one after the other a whole
    edition is made at the end.
    """
    dice = random.Random(world)
    known, mixed, out = tmp_path / "known", tmp_path / "mixed", tmp_path / "edition"
    public = [item for number in (1, 2, 3) for item in random_release(dice, number).public]
    Store.open(known, create=True).append(public, command="test")
    before, edition = seen(Store.open(known)), {}
    planted: list[str] = []
    for number in range(1, releases + 1):
        if number % BETWEEN_EDITIONS == 1:
            shutil.rmtree(mixed, ignore_errors=True)
            shutil.copytree(known, mixed)
        words, told = released(dice, number, tmp_path, mixed)
        planted += words
        assert seen(Store.open(mixed)) == before
        texts = [("printed", told)]
        if number % BETWEEN_EDITIONS == 0:
            if not edition:
                payguide("build", "--evidence", known, "--out", tmp_path / "without")
                edition = hashes(tmp_path / "without")
            texts.append(("printed", payguide("build", "--evidence", mixed, "--out", out)))
            assert hashes(out) == edition
            texts += written(out, scratch)
            shutil.rmtree(out)
        assert not leaked(planted, texts)


@pytest.mark.few(2)
@pytest.mark.parametrize("there", ["nothing", "an empty folder", "somebody's folder"])
def test_evidence_is_its_owners_alone(tmp_path: Path, there: str) -> None:
    folder = tmp_path / "evidence"
    if there != "nothing":
        folder.mkdir(mode=0o755)
    if there == "somebody's folder":
        (folder / "letter.txt").write_text("hello", encoding="utf-8")
    before = os.umask(0o022)
    try:
        store = Store.open(folder, create=True)
        store.append(random_release(random.Random(1), 1).own, command="test")
        store.pin("an edition")
        store.compact()
        with store.connected() as connection:
            [[spill]] = connection.execute("SELECT current_setting('temp_directory')").fetchall()
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    # nobody's own folder is closed behind his back: only what lies in it and is evidence
    assert stat.S_IMODE(folder.stat().st_mode) == (0o755 if there == "somebody's folder" else 0o700)
    tables = [path for path in folder.iterdir() if path.is_dir()]
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for table in tables
        for path in (table, *table.rglob("*"))
        if path.is_dir()
    }
    files = {
        stat.S_IMODE(path.stat().st_mode) for table in tables for path in table.rglob("*") if path.is_file()
    }
    assert (modes, files) == ({0o700}, {0o600})
    assert stat.S_IMODE(Path(spill).stat().st_mode) == 0o700


def test_the_mask_comes_back_when_the_last_has_left() -> None:
    before = os.umask(0o022)
    try:
        first, second = private(), private()
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert os.umask(0o077) == 0o077
        second.__exit__(None, None, None)
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_source_whose_document_is_not_on_record_is_not_public(tmp_path: Path) -> None:
    """A run that was killed between a chunk's tables leaves rows of which nobody knows yet whether they are public."""
    store = Store.open(tmp_path, create=True)
    [(document, reading), *_] = random_release(random.Random(3), 1).own
    assert document is not None
    store.append([(None, replace(reading, observations=()))], command="killed, and ended by another run")
    with Snapshot.of(store) as taken:
        assert taken.counts_by_source() == {}
