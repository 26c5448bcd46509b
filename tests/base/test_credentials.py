"""What of a web address is kept: all but what opens a door."""

from __future__ import annotations

import pytest

from growth import grows_linearly
from payguide.base.credentials import id_without_credentials, without_credentials

#: an address, and what is kept of it
KEPT = [
    # a name and password
    ("https://me:pw@a.example/jobs", "https://a.example/jobs"),
    ("https://me@a.example", "https://a.example"),
    ("https://:pw@a.example:8443/?page=2", "https://a.example:8443/?page=2"),
    ("HTTPS://Me:Pw@A.example/", "HTTPS://A.example/"),
    ("https://me:p@w@a.example/", "https://a.example/"),
    ("https://me:p/w@a.example/", "https://a.example/"),
    ("https://me:p#w@a.example/", "https://a.example/"),
    ("https://me:p%40w@a.example/", "https://a.example/"),
    ("https://me:pw@[::1]:80/", "https://[::1]:80/"),
    ("http:\\\\me:pw@a.example", "http:\\\\a.example"),
    ("jobposting:https://me:pw@a.example/jobs", "jobposting:https://a.example/jobs"),
    ("s3://key:secret@bucket/prefix", "s3://bucket/prefix"),
    # keys among the parameters
    ("https://a.example/?token=x", "https://a.example/"),
    ("https://a.example/?token=x&page=2", "https://a.example/?page=2"),
    ("https://a.example/?page=2&token=x", "https://a.example/?page=2"),
    ("https://a.example/?page=2;api_key=x;b=3", "https://a.example/?page=2;b=3"),
    ("https://a.example/?a=1&API-Key=x&b=2#top", "https://a.example/?a=1&b=2#top"),
    ("https://a.example/?token=x&key=y#access_token=z&state=1", "https://a.example/#state=1"),
    ("https://a.example/?%74oken=x", "https://a.example/"),
    ("https://a.example/?to%6ben=x&to_ken=1", "https://a.example/"),
    ("https://a.example/?X-Amz-Credential=x&X-Amz-Signature=y&v=1", "https://a.example/?v=1"),
    ("https://a.example/?x-goog-signature=x", "https://a.example/"),
    ("https://a.example/?sv=1&sig=x", "https://a.example/?sv=1"),
    ("https://a.example/?Policy=1&Signature=x&Key-Pair-Id=y", "https://a.example/?Policy=1"),
    ("https://a.example/?password=x&passwd=y&pwd=z", "https://a.example/"),
    ("https://a.example/?client_secret=x&auth=y&authToken=z&jwt=j", "https://a.example/"),
    ("https://a.example/?PHPSESSID=x&session=y&apikey=z&accessKey=k", "https://a.example/"),
    ("https://a.example/?next=https%3A%2F%2Fme%3Apw%40b.example%2F", "https://a.example/"),
    ("https://a.example/?next=https%3A%2F%2Fb.example%2F%3Ftoken%3Dx&a=1", "https://a.example/?a=1"),
    ("https://a.example/?next=https://me:pw@b.example/", "https://a.example/"),
]

#: what is an address like any other, or none
UNTOUCHED = [
    "https://boards.greenhouse.io/acme/jobs/1?gh_jid=2&gh_src=abc",
    "https://a.example/@me/jobs?mail=a@b.example",
    "https://a.example:80/a@b?q=machine+learning&utm_source=x",
    "https://a.example/?author=me&authority=2&keyword=ml&keywords=ml&monkey=1&design=3&passage=1&signal=4",
    "https://a.example/?next=https%3A%2F%2Fb.example%2F%3Fpage%3D2",
    "https://a.example/?token",
    "https://a.example/?&&;#",
    "https://[::1]:80/a@b",
    "recorded:/home/me@work/a?token=1",
    "ashby:ramp",
    "me@a.example",
    "",
]


@pytest.mark.parametrize(("address", "kept"), KEPT)
def test_what_opens_a_door_is_left_out(address: str, kept: str) -> None:
    assert without_credentials(address) == kept


@pytest.mark.parametrize("address", UNTOUCHED + [kept for _, kept in KEPT])
def test_all_else_stays_as_it_is(address: str) -> None:
    assert without_credentials(address) == address


def test_an_id_keeps_apart_what_differs_in_what_is_left_out() -> None:
    ids = {id_without_credentials(f"https://a.example/job?token={n}") for n in (1, 2)}
    assert len(ids) == 2
    assert {name.partition("#")[0] for name in ids} == {"https://a.example/job"}
    assert id_without_credentials("https://a.example/job?id=1") == "https://a.example/job?id=1"


@pytest.mark.parametrize(
    "unit", ["?token=", "a@", "&next=https%3A%2F%2F", "//", "%25", "me:pw", "?a=http://b:c@", ":x"]
)
def test_a_long_address_is_read_in_linear_time(unit: str) -> None:
    def act(size: int) -> None:
        for start in ("https://", "", "?next="):
            without_credentials(start + unit * (size // len(unit)))

    assert grows_linearly(act, 50_000)
