"""HTML to text: what a reader of the page sees, line by line, in linear time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.decode.html import plain_text

CASES = [
    # what it is                    HTML                                                text
    ("plain text stays",            "Pay: 90k\nRemote",                                 "Pay: 90k\nRemote"),
    ("paragraphs stand apart",      "<p>One</p><p>Two</p>",                             "One\n\nTwo"),
    ("inline tags vanish",          "<p>a <strong>b</strong>c</p>",                     "a bc"),
    ("a break ends the line",       "a<br>b<br/>c",                                     "a\nb\nc"),
    ("list items get a dash",       "<ul><li>One</li><li><p>Two</p></li></ul>",         "- One\n\n- Two"),
    ("white space folds",           "<p>a \n  b\t c</p>",                               "a b c"),
    ("cells stay apart",            "<tr><td>Zone A</td><td>$90,000</td></tr>",         "Zone A $90,000"),
    ("entities", "<p>R&amp;D &mdash; &pound;60k&nbsp;&ndash; 70k</p>", "R&D — £60k – 70k"),
    ("escaped HTML is unescaped",
        "&lt;p&gt;Pay&lt;/p&gt;\n&lt;p&gt;90k&amp;nbsp;USD&lt;/p&gt;", "Pay\n\n90k USD"),
    ("escaped code is text",        "<p>Use &lt;b&gt; tags</p><p>x</p>",                "Use <b> tags\n\nx"),
    ("scripts are not read",        "a<script>var pay = '<p>$1</p>'</script>b",         "ab"),
    ("styles are not read",         "<STYLE>p {color: red}</STYLE><p>a</p>",            "a"),
    ("comments are not read",       "a<!-- <p>$90,000</p> -->b",                        "ab"),
    ("an unclosed comment",         "a<!-- b",                                          "a"),
    ("an unclosed script",          "a<script>b",                                       "a"),
    ("less-than is no tag",         "<p>pay < 5 and > 3</p>",                           "pay < 5 and > 3"),
    ("attributes are not text",     '<p style="x:y" data-pay="$5">a</p>',               "a"),
    ("nothing",                     "",                                                 ""),
]  # fmt: skip


@pytest.mark.parametrize(("what", "source", "text"), CASES, ids=[case[0] for case in CASES])
def test_text_is_what_a_reader_sees(what: str, source: str, text: str) -> None:
    assert plain_text(source) == text, what


def test_the_ends_of_a_pay_range_in_spans_stay_together() -> None:
    source = (
        '<div>Salary</div><div class="pay"><span>$190,800</span><span class="divider">&mdash;</span>'
        "<span>$267,100 USD</span></div>"
    )
    assert plain_text(source) == "Salary\n\n$190,800—$267,100 USD"


@given(st.text(alphabet="<>/!-&;ab \n\x00'\"=lipdscrt", max_size=300))
def test_takes_anything(source: str) -> None:
    text = plain_text(source)
    assert text == text.strip()
    assert "\x00" not in text


@given(st.lists(st.text(alphabet="abcdefg XYZ019,.", min_size=1, max_size=20), max_size=8))
def test_the_words_of_paragraphs_survive_in_order(paragraphs: list[str]) -> None:
    source = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    assert plain_text(source).split() == " ".join(paragraphs).split()


ATTACKS = (
    "<div>",
    "<b a=1>",
    "<p>x",
    "<",
    "<a ",
    "<!--",
    "<!-->",
    "&lt;",
    "&",
    "&lt;b&gt;",
    "<script>",
    "<li>\n",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_html_is_read(attack: str) -> None:
    """How long it takes is measured in benchmarks/hostile_text.py."""
    source = (attack * 20_000)[:20_000]
    assert len(plain_text(source)) <= len(source)
