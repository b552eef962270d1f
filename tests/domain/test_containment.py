"""One pattern inside another: SPEC 7 and 9."""

import itertools

import pytest

from app.domain.access_rules import parse
from app.domain.containment import all_inside, inside


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("GET /a", "GET /a"),
        ("GET /a", "* /a"),
        ("GET /a/b", "GET /a/*"),
        ("GET /a/*", "GET /a/*"),
        ("GET /a/*", "GET /a/**"),
        ("GET /a/**", "GET /**"),
        ("GET /a/b/**", "GET /a/**"),
        ("GET /a/*/c", "GET /*/*/c"),
        ("GET /a/*/**", "GET /a/**"),
        ("GET /", "GET /"),
    ],
)
def test_inside(narrow: str, wide: str) -> None:
    assert inside(parse(narrow), parse(wide))


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("POST /a", "GET /a"),
        ("* /a", "GET /a"),
        ("GET /a", "GET /a/**"),
        ("GET /a/*", "GET /a/b"),
        ("GET /a/**", "GET /a/*"),
        ("GET /**", "GET /a/**"),
        ("GET /**", "GET /*/**"),
        ("GET /A", "GET /a"),
        ("GET /", "GET /**"),
        ("GET /a/b/c", "GET /a/b"),
    ],
)
def test_not_inside(narrow: str, wide: str) -> None:
    assert not inside(parse(narrow), parse(wide))


def test_inside_says_what_trying_every_short_path_says() -> None:
    patterns = [
        parse(f"{method} /{'/'.join(segments)}")
        for method in ("GET", "*")
        for length in (1, 2, 3)
        for segments in itertools.product("ab*", repeat=length - 1)
        for segments in ((*segments, last) for last in ("a", "*", "**"))
    ]
    requests = [
        (method, path)
        for method in ("GET", "PUT")
        for length in range(1, 6)
        for path in itertools.product("abc", repeat=length)
    ]
    matched = {pattern: {request for request in requests if pattern.matches(*request)} for pattern in patterns}

    for narrow, wide in itertools.product(patterns, repeat=2):
        assert inside(narrow, wide) == (matched[narrow] <= matched[wide]), (str(narrow), str(wide))


def test_what_only_several_cover_together_counts_as_outside() -> None:
    several = [parse("GET /a"), parse("PUT /a")]

    assert all_inside([parse("PUT /a")], several)
    assert not all_inside([parse("* /a")], several)
    assert all_inside([], several)
