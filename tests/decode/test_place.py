"""Places: a metro's code where it is certain, nothing where it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.decode.place import read_places


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("San Francisco, CA", "San Francisco CA US 41860"),
        ("San Francisco", "San Francisco CA US 41860"),
        ("SF Bay Area", "- CA US 41860"),
        ("NYC", "New York NY US 35620"),
        ("New York, NY, USA", "New York NY US 35620"),
        ("Brooklyn, NY", "Brooklyn NY US 35620"),
        ("Seattle, Washington, United States", "Seattle WA US 42660"),
        ("Bellevue, WA", "Bellevue WA US 42660"),
        ("Mountain View, CA", "Mountain View CA US 41940"),
        ("Menlo Park, CA", "Menlo Park CA US 41860"),
        ("Washington, DC", "Washington DC US 47900"),
        ("Portland, OR", "Portland OR US 38900"),
        ("Portland, ME", "Portland ME US 38860"),
        ("Remote - US", "- - US -"),
        ("United States", "- - US -"),
        ("Texas", "- TX US -"),
        ("London, UK", "London - GB -"),
        ("Toronto, ON, Canada", "Toronto - CA -"),
        ("Bangalore, India", "- - IN -"),
        ("Berlin, Germany", "Berlin - DE -"),
    ],
)
def test_a_place(location: str, expected: str) -> None:
    city, region, country, metro = expected.rsplit(" ", 3)
    found = read_places(location)

    assert found
    assert found[0].country == country
    if city != "-":
        assert found[0].city == city
    if region != "-" and country == "US":
        assert found[0].region == region
    if country == "US":
        assert found[0].metro == ("" if metro == "-" else metro)


def test_several_places_are_kept_in_order() -> None:
    assert [place.metro for place in read_places("Seattle, WA / New York, NY")] == ["42660", "35620"]


@pytest.mark.parametrize("location", ["", "Remote", "Anywhere", "Hybrid"])
def test_no_place_is_none(location: str) -> None:
    assert all(not place.city and not place.metro for place in read_places(location))


@given(st.text(max_size=120))
def test_any_location_is_taken(location: str) -> None:
    for place in read_places(location):
        assert place.country == "" or len(place.country) == 2
        assert place.metro == "" or (len(place.metro) == 5 and place.country == "US")
