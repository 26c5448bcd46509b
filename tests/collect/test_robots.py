"""robots.txt as Google's specification and RFC 9309 read it: their cases, as a table of facts."""

from __future__ import annotations

import pytest

from payguide.collect.robots import CLOSED, OPEN, read_robots

_GROUPS = (
    "allow: /foo/bar/\n\nuser-agent: payguide\ndisallow: /\nallow: /x/\nuser-agent: barbot\ndisallow: /\n"
    "allow: /y/\n\n\nallow: /w/\nuser-agent: bazbot\n\nuser-agent: payguide\nallow: /z/\ndisallow: /\n"
)
_INDEX = "user-agent: *\nallow: /open/index.html\ndisallow: /\n"

#: the file, the path, whether it may be asked
CASES = [
    # lines: names in any case, spaces, comments, typing errors, missing colons, ends of lines, a byte order mark
    ("user-agent: payguide\ndisallow: /", "/x/y", False),
    ("foo: payguide\nbar: /", "/x/y", True),
    ("user-agent payguide\ndisallow /", "/x/y", False),
    ("USER-AGENT: PAYGUIDE\nALLOW: /x/\nDISALLOW: /", "/x/y", True),
    ("USER-AGENT: PAYGUIDE\nALLOW: /x/\nDISALLOW: /", "/a/b", False),
    ("  user-agent : payguide \n  disallow : /x  # private", "/x", False),
    ("user-agent: payguide\ndisallow:/", "/x", False),
    ("useragent: payguide\ndisalow: /", "/x", False),
    ("user agent: payguide\ndissallow: /", "/x", False),
    ("user-agent: payguide\r\ndisallow: /x\r\n", "/x", False),
    ("user-agent: payguide\rdisallow: /x\r", "/x", False),
    ("\ufeffuser-agent: payguide\ndisallow: /x", "/x", False),
    ("user-agent: payguide\ndisallow: /\nallow: /foo/quz#qux", "/foo/quz", True),
    ("disallow: /", "/x", True),
    ("<html><title>disallow: /</title></html>", "/x", True),
    ("\x00\x01\x02", "/x", True),
    ("", "/x", True),
    # names: whole, up to what is no letter; a group of its own beats everybody's, and those of one name are one group
    ("user-agent: payguide/0.1\ndisallow: /", "/x", False),
    ("user-agent: payguide images\ndisallow: /", "/x", False),
    ("user-agent: payguide-images\ndisallow: /", "/x", True),
    ("user-agent: pay\ndisallow: /", "/x", True),
    ("user-agent: pay\nallow: /\nuser-agent: *\ndisallow: /", "/x", False),
    ("user-agent: *\nallow: /\nuser-agent: payguide\ndisallow: /", "/x", False),
    ("user-agent: *\ndisallow: /x\nuser-agent: payguide\nallow: ", "/x", True),
    ("user-agent: otherbot\ndisallow: /\nuser-agent: *\nallow: /", "/x", True),
    ("user-agent: otherbot\nuser-agent: *\ndisallow: /", "/x", False),
    ("user-agent: * \ndisallow: /", "/x", False),
    ("user-agent: *\ndisallow: /x\n\ndisallow: /y", "/y", False),
    (_GROUPS, "/x/b", True),
    (_GROUPS, "/z/d", True),
    (_GROUPS, "/y/c", False),
    (_GROUPS, "/w/a", False),
    (_GROUPS, "/foo/bar/", False),
    # lines of other kinds part no groups
    ("user-agent: payguide\nsitemap: https://a.example/s.xml\nuser-agent: *\ndisallow: /", "/x", False),
    ("user-agent: payguide\nunknown: line\nuser-agent: *\ndisallow: /", "/x", False),
    ("user-agent: payguide\ncrawl-delay: 5\nuser-agent: *\ndisallow: /", "/x", False),
    # paths: in their case, the longest rule, and of two as long the one that allows
    ("user-agent: *\ndisallow: /X/", "/x/y", True),
    ("user-agent: *\ndisallow: x", "/x", True),
    ("user-agent: *\ndisallow: /x/page.html\nallow: /x/", "/x/page.html", False),
    ("user-agent: *\nallow: /x/page.html\ndisallow: /x/", "/x/page.html", True),
    ("user-agent: *\nallow: /x/page.html\ndisallow: /x/", "/x/", False),
    ("user-agent: *\ndisallow: /\nallow: /", "/x", True),
    ("user-agent: *\ndisallow: \nallow: ", "/x", True),
    ("user-agent: *\ndisallow: /x\nallow: /x/", "/x", False),
    ("user-agent: *\ndisallow: /x\nallow: /x/", "/x/", True),
    ("user-agent: *\ndisallow: /*.html\nallow: /page", "/page.html", False),
    ("user-agent: *\ndisallow: /*.html\nallow: /x/page.", "/x/page.html", True),
    ("user-agent: *\ndisallow: /\nallow: /foo?a=b&c=http://d.example?e&f", "/foo?a=b&c=http://d.example?e&f", True),
    ("user-agent: *\ndisallow: /\nallow: /foo/bar/ツ", "/foo/bar/%E3%83%84", True),
    ("user-agent: *\ndisallow: /\nallow: /foo/bar/%E3%83%84", "/foo/bar/%E3%83%84", True),
    ("user-agent: *\ndisallow: /foo/%62ar", "/foo/bar", False),
    # signs: any letters, and the end
    ("user-agent: *\ndisallow: /foo/bar*qux", "/foo/bar/quux/qux", False),
    ("user-agent: *\ndisallow: /foo*", "/foo.html", False),
    ("user-agent: *\ndisallow: /*.php$", "/file.php", False),
    ("user-agent: *\ndisallow: /*.php$", "/file.php?p", True),
    ("user-agent: *\ndisallow: /$", "/", False),
    ("user-agent: *\ndisallow: /$", "/page", True),
    ("user-agent: *\ndisallow: /\nallow: /foo/bar$", "/foo/bar/", False),
    (_INDEX, "/open/index.html", True),
    (_INDEX, "/open/", True),
    (_INDEX, "/other/index.htm", False),
    ("user-agent: *\n" + "# filler\n" * 60_000 + "disallow: /", "/x", True),
    # signals to programs that feed others: of our group, of the path that they name, as they are written
    ("user-agent: *\ncontent-signal: ai-input=no\nallow: /", "/x", False),
    ("user-agent: *\nContent-Signal: search=yes, ai-train=no, ai-input=no", "/x", False),
    ("user-agent: *\nContent-Signal: search=yes,ai-input = NO", "/x", False),
    ("user-agent: *\nContent-Signal: search=yes,ai-train=no", "/x", True),
    ("user-agent: *\nContent-Signal: ai-input=yes", "/x", True),
    ("user-agent: *\nContent-Signal: ai-input=note", "/x", True),
    ("user-agent: otherbot\nContent-Signal: ai-input=no", "/x", True),
    ("user-agent: *\nContent-Signal: ai-input=no\n\nuser-agent: payguide\nallow: /", "/x", True),
    ("user-agent: *\nContent-Signal: /jobs ai-input=no", "/jobs/1", False),
    ("user-agent: *\nContent-Signal: /jobs ai-input=no", "/about", True),
    ("user-agent: *\ndisallow: /private\nContent-Signal: ai-input=yes", "/x", True),
    ("user-agent: *\nContent-Signal: ai-input=no\nContent-Signal: ai-input=yes", "/x", False),
]  # fmt: skip


@pytest.mark.parametrize(("robots", "path", "may"), CASES)
def test_what_may_be_asked(robots: str, path: str, may: bool) -> None:
    refusal = read_robots(robots.encode()).refusal(f"https://a.example{path}")
    assert (refusal == "") is may


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        ("user-agent: *\ncrawl-delay: 5", 5.0),
        ("user-agent: *\ncrawl-delay: 5\ndisallow: /x", 5.0),
        ("user-agent: *\nrequest-rate: 1/10", 10.0),
        ("user-agent: *\nrequest-rate: 2/10\ncrawl-delay: 7", 7.0),
        ("user-agent: *\ncrawl-delay: 5\nuser-agent: payguide\ncrawl-delay: 1", 1.0),
        ("user-agent: otherbot\ncrawl-delay: 5", 0.0),
        ("user-agent: *\ncrawl-delay: soon", 0.0),
        ("user-agent: *\ncrawl-delay: -3", 0.0),
        ("user-agent: *\nrequest-rate: 0/10", 0.0),
    ],
)
def test_how_fast(robots: str, delay: float) -> None:
    assert read_robots(robots.encode()).delay == delay


def test_a_delay_that_nobody_can_wait_for_is_a_refusal() -> None:
    assert "86400 seconds" in read_robots(b"user-agent: *\ncrawl-delay: 86400").refusal("https://a.example/x")


def test_sitemaps_belong_to_the_whole_file() -> None:
    found = read_robots(b"sitemap: https://a.example/1.xml\nuser-agent: b\nSitemap : https://a.example/2.xml")
    assert found.sitemaps == ("https://a.example/1.xml", "https://a.example/2.xml")


def test_no_file_is_open_and_one_that_cannot_be_had_is_closed() -> None:
    assert (OPEN.refusal("https://a.example/x"), CLOSED.refusal("https://a.example/x") != "") == ("", True)
