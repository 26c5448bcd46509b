"""Hostile text from evidence: no spreadsheet takes it for a formula, and no terminal obeys it."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from payguide.guide import csv_text
from payguide.serve.cli import console
from payguide.serve.cli.main import run

#: What a spreadsheet takes for the start of a formula, in any width.
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"

#: What a spreadsheet of some country divides a line of CSV by.
DIVIDERS = ",;\t|"

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|'/c calc'!A1", "+cmd|'/c calc'!A1", "-2+3+cmd|'/c calc'!A1",
    "@cmd|'x'!A",
    "＝1+1", "＋1+1", "－1+1", "＠SUM(A1)", "﹦1", "−1+1", "=", "-", "+1-800-555-0199", "-1;2", "+1,2,=3",
    " =1", "\t=1", "\r=1", "\n=1", "\r\n=1", "\v=1", "\f=1", "\x85=1", "\u2028=1", "\u2029=1", "\x00=1", "\x1b=1",
    "\x7f=1",
    "\ufeff=1", "\u200b=1", "\u200d\u2060=1", "\u202e=1", "\u00a0=1", "\u3000＝1", "\u00ad=1", "\u180e=1", "\u3164=1",
    "\ufe0f=1",
    '"=1', '""=1', '"\t"=1', "=HYPERLINK(\"http://evil.example\",\"x\")", "=IMPORTXML(CONCAT(\"//\",A1),\"//a\")",
    "Acme;=cmd", "Acme; =cmd", "Acme,=cmd", "Acme\t=cmd", "Acme|=cmd", "Acme\n=cmd", "Acme\r=cmd", "Acme\u2028=cmd",
    "Acme;＝cmd", 'Acme";=cmd', 'Acme;"=cmd', 'Acme;""=cmd', '";=cmd', '",=cmd', "Acme;\ufeff=cmd", "Acme;\x00=cmd",
    "Acme;;=cmd", "a;b;-c;d", "a;-1", "a;@b", "Acme;+1", "DDE|=x", "a,b;c|d\t=e", "Acme\x85=cmd", "Acme\v=cmd",
]  # fmt: skip

#: What is none: words, and numbers, which stay numbers.
HARMLESS = [
    "Acme", "Acme, Inc.", "a = b", "C++", "e-mail", "me@example.org", "-5", "+5", "-1,234.5", "-12.5e-3", "-.5",
    "1=1", "a; b",
    "it's", "5-7 years", "", "Zoë & Søn", "機械学習", "x -y", "\U0001f468\u200d\U0001f469",
]  # fmt: skip


def pieces(line: str, divider: str) -> Iterator[str]:
    """The cells that a spreadsheet makes of a line which divides it there; quotes only count at a cell's start."""
    rows = csv.reader(io.StringIO(line, newline=""), delimiter=divider)
    yield from (cell for row in rows for cell in row)
    # one that knows no quotes, or reads a quote within a cell as itself
    yield from re.split(rf"[{re.escape(divider)}\r\n]", line)


def is_formula(cell: str) -> bool:
    """Whether a cell begins as a formula does, behind what is not seen and what may quote it; a number is none."""
    seen = cell
    while seen and (
        seen[0] in '" '
        or unicodedata.category(seen[0])[0] in "CZ"
        or seen[0] in "\u3164\ufe0f\u034f\u115f\u1160"
    ):
        seen = seen[1:]
    return seen[:1] != "" and seen[0] in SIGNS and not re.fullmatch(r"[+-]?[\d.,]*\d(e[+-]?\d+)?\"*", seen)


def formulas(*texts: object) -> list[str]:
    """The cells of one row of texts between two others that some spreadsheet would take for formulas."""
    written = csv_text.write(("first", *map(str, range(len(texts))), "last"), [["x", *texts, "y"]])
    return [cell for divider in DIVIDERS for cell in pieces(written, divider) if is_formula(cell)]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert formulas(text, text) == []
    assert formulas(f"Acme {text}") == []


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert list(csv.reader(io.StringIO(csv_text.write(("a", "b"), [[text, "x"]]), newline="")))[1] == [
        text,
        "x",
    ]


@given(
    st.lists(
        st.text(alphabet=st.sampled_from("=+-@＝−;,|\t\r\n\"' \u200b\ufeff\x00\x85\u2028aA1.")),
        min_size=1,
        max_size=4,
    )
)
@example(['";', "=1"])
def test_no_row_of_any_texts_holds_a_formula(texts: list[str]) -> None:
    assert formulas(*texts) == []


def test_a_negative_number_beside_a_text_stays_one() -> None:
    assert formulas("Acme;", -5, "x|", -1.5) == []
    assert csv_text.write(("a", "b"), [["=x", -5]]) == "a,b\n'=x,-5\n"


def test_what_was_made_safe_is_not_made_safe_again() -> None:
    for text in FORMULAS:
        assert csv_text.safe(csv_text.safe(text)) == csv_text.safe(text)


#: What a terminal obeys, or what it shows as something else: each is hidden in a name.
ESCAPES = {
    "colours": "\x1b[31m", "a title": "\x1b]0;owned\x07",
    "a link": "\x1b]8;;http://evil.example\x1b\\", "a clipboard": "\x1b]52;c;eA==\x07",
    "a cleared screen": "\x1b[2J\x1b[H", "C1 CSI": "\x9b31m", "C1 OSC": "\x9d0;owned\x9c",
    "DCS": "\x1bP+q\x1b\\", "a carriage return": "\rfake",
    "a line": "\nerror [store] fake", "a backspace": "\b\b\b\b", "a bell": "\x07", "delete": "\x7f",
    "form feed": "\f", "vertical tab": "\v",
    "next line": "\x85", "a line separator": "\u2028fake", "a bidi override": "\u202e", "a bidi isolate": "\u2066",
    "a mark": "\u200f",
    "zero width": "\u200b", "a joiner": "\u2060", "a byte order mark": "\ufeff", "a tag": "\U000e0041",
    "soft hyphen": "\u00ad", "NUL": "\x00",
    "a surrogate": "\udc9b", "markup": "[red]x[/red]", "bad markup": "[/]", "emoji": ":bug:", "shift out": "\x0e",
}  # fmt: skip

_HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def obeyed(printed: str) -> list[str]:
    """The characters of an output that a terminal obeys or hides, but for the line feeds that end lines."""
    return [c for c in printed if unicodedata.category(c) in _HIDDEN and c != "\n"]


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
def test_a_terminal_shows_what_it_is_told(escape: str, capsys: pytest.CaptureFixture[str]) -> None:
    name = f"Acme{escape}Inc"
    console.note(name)
    console.complain("wrong-shape", name, name)
    console.counts(name, {name: 1})
    lines = capsys.readouterr().err
    assert obeyed(lines) == []
    assert lines.count("\n") == 5
    assert len(re.findall("Acme.*Inc", lines)) == 5

    console.table(name, (name, f">{name}"), [(name, name)])
    shown = capsys.readouterr().out
    assert obeyed(shown) == []
    assert shown.count("\n") == 3
    if escape.startswith("["):
        assert escape in lines
        assert escape in shown


@pytest.mark.parametrize("escape", ESCAPES.values(), ids=ESCAPES)
def test_json_stays_json_and_is_obeyed_by_no_terminal(
    escape: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    console.emit({"name": f"Acme{escape}"})
    console.emit_lines([json.dumps({"name": f"Acme{escape}"}, ensure_ascii="\udc9b" in escape).encode()])

    lines = capsysbinary.readouterr().out.decode()
    assert obeyed(lines) == []
    assert [json.loads(line) for line in lines.splitlines()] == [{"name": f"Acme{escape}"}] * 2


TERMINAL = "Acme\x1b]0;owned\x07\x9b31m\u202e\u200b\r\b Inc"


def test_hostile_names_of_employers_titles_and_files_reach_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = {
        "id": "1", "title": f"ML Engineer {TERMINAL}",
    "location": TERMINAL, "jobUrl": f"https://jobs.example/{TERMINAL}",
        "publishedAt": "2026-03-02T10:00:00.000+00:00", "descriptionPlain": f"Pay: $180,000 - $220,000. {TERMINAL}",
    }  # fmt: skip
    boards = tmp_path / "boards"
    boards.mkdir()
    hostile = TERMINAL.replace("\x00", "")
    (boards / f"{hostile}.json").write_text(
        json.dumps({"jobs": [job, {**job, "id": "2", "descriptionPlain": "$9"}]})
    )
    (boards / f"half{hostile}.json").write_text('{"jobs": [')
    (boards / b"\xff\x9b.json".decode("utf-8", "surrogateescape")).write_text("{")
    evidence = str(tmp_path / "evidence")

    printed = []
    for arguments in (
        ["collect", f"recorded:{boards}", "--evidence", evidence],
        ["collect", f"recorded:{tmp_path}/no{hostile}", "--evidence", evidence],
        ["evidence", "show", "--evidence", evidence],
        ["evidence", "show", "--evidence", evidence, "--rejected"],
        ["evidence", "show", "--evidence", evidence, "--rejected", "--json"],
        ["evidence", "quarantine", "--evidence", evidence],
        ["evidence", "quarantine", "--evidence", evidence, "--json"],
        ["evidence", "show", hostile, "--evidence", evidence],
        ["estimate", "--employer", hostile, "--place", hostile, "--grade", f"L5{hostile}"],
        ["estimate", "--employer", hostile, "--grade", f"L5{hostile}", "--json"],
        ["estimate", "--role", hostile],
        ["estimate", "--level", hostile],
        ["build", "--out", str(boards)],
        ["build", "--role", hostile],
        ["claims", "--file", hostile],
        ["verify", hostile],
        [hostile],
    ):
        run(arguments)
        ran = capsys.readouterr()
        printed.append((arguments[0], ran.out + ran.err))
    assert [name for name, text in printed if obeyed(text)] == []
    assert all(text for _, text in printed)


def test_hostile_lines_reach_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    posting = {
        "id": TERMINAL,
        "title": f"ML Engineer {TERMINAL}",
        "text": f"$180,000 - $190,000 in {TERMINAL}, NY",
    }
    profile = {"id": TERMINAL, "role": "ml_engineer", "employer": TERMINAL, "component": "base"}
    for command, line, odd in (
        ("decode", posting, {"id": 1, "title": 3, TERMINAL: 1}),
        ("predict", profile, {**profile, "date": TERMINAL}),
    ):
        lines = tmp_path / "lines"
        lines.write_text(f'{json.dumps(line)}\n{{"id": "{TERMINAL}\n{json.dumps(odd)}\n')
        assert run([command, str(lines)]) == 3
        printed = capsys.readouterr()
        assert obeyed(printed.out + printed.err) == []
        assert json.loads(printed.out.splitlines()[0])["id"] == TERMINAL


def test_progress_shows_what_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(
        console, "err", console.Terminal(file=shown, force_terminal=True, color_system=None, width=200)
    )
    with console.progress() as tick:
        tick(f"reading [/]{TERMINAL}", 1, 2)
    drawn = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\r", "", shown.getvalue())
    assert obeyed(drawn) == []
    assert "reading [/]Acme" in drawn
