"""Patterns as the catalogue holds them, and paths as strangers send them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access_rules import METHODS, parse, segments_of
from app.domain.errors import Unfit


def matches(rule: str, method: str, path: str) -> bool:
    return parse(rule).matches(method, segments_of(path))


@pytest.mark.parametrize(
    ("rule", "method", "path"),
    [
        ("GET /", "GET", "/"),
        ("GET /a", "GET", "/a"),
        ("GET /a", "HEAD", "/a"),
        ("* /a", "DELETE", "/a"),
        ("* /a", "HEAD", "/a"),
        ("GET /a/*", "GET", "/a/b"),
        ("GET /*/b", "GET", "/a/b"),
        ("GET /a/**", "GET", "/a/b"),
        ("GET /a/**", "GET", "/a/b/c/d"),
        ("GET /**", "GET", "/a"),
        ("GET /a/b", "GET", "/a/%62"),
        ("GET /a/*", "GET", "/a/%C3%A9"),
        ("GET /a/*", "GET", "/a/é"),
        ("GET /a/*", "GET", "/a/b+c"),
        ("GET /a/*", "GET", "/a/..."),
        ("GET /a/*", "GET", "/a/%20"),
    ],
)
def test_a_request_inside_matches(rule: str, method: str, path: str) -> None:
    assert matches(rule, method, path)


@pytest.mark.parametrize(
    ("rule", "method", "path"),
    [
        ("GET /a", "POST", "/a"),
        ("OPTIONS /a", "HEAD", "/a"),
        ("POST /a", "HEAD", "/a"),
        ("GET /a", "get", "/a"),
        ("GET /a", "GET", "/A"),
        ("GET /a", "GET", "/"),
        ("GET /", "GET", "/a"),
        ("GET /a/*", "GET", "/a"),
        ("GET /a/*", "GET", "/a/b/c"),
        ("GET /a/**", "GET", "/a"),
        ("GET /**", "GET", "/"),
    ],
)
def test_a_request_outside_does_not_match(rule: str, method: str, path: str) -> None:
    assert not matches(rule, method, path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "a",
        "/a/",
        "//a",
        "/a//b",
        "/./a",
        "/a/.",
        "/a/../b",
        "/..",
        "/%2e%2e/a",
        "/a/%2E/b",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/a;b",
        "/a%3Bb",
        "/a%25b",
        "/a%252e",
        "/a%",
        "/a%zz",
        "/a%00",
        "/a\x00",
        "/a%0d%0aX",
        "/a\n",
        "/a%7f",
        "/a%C2%85",
        "/a%FF",
        "/a%C3",
        "/a%c0%ae",
    ],
)
def test_a_path_that_two_readers_could_read_differently_matches_nothing(path: str) -> None:
    assert segments_of(path) is None
    assert not parse("* /**").matches("GET", segments_of(path))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GET",
        "GET ",
        "/a",
        "get /a",
        "HEAD /a",
        "TRACE /a",
        "GET a",
        "GET /a/",
        "GET //",
        "GET /a//b",
        "GET /./a",
        "GET /a/..",
        "GET /a?b",
        "GET /a#b",
        "GET /a b",
        "GET /a%20",
        "GET /**/a",
        "GET /a*",
        "GET /***",
        "GET /é",
        "GET /" + "a" * 500,
    ],
)
def test_what_is_no_pattern_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(Unfit):
        parse(text)


@pytest.mark.parametrize("text", ["GET /", "* /a/*/c", "DELETE /a/**", "GET /a-b_c.~d"])
def test_a_pattern_is_written_as_it_was_read(text: str) -> None:
    assert str(parse(text)) == text


@given(st.text(max_size=60))
def test_no_path_is_too_strange_to_be_looked_at(path: str) -> None:
    path = path.encode("utf-8", "replace").decode("utf-8")
    segments = segments_of(f"/{path}")
    assert segments is None or not {"", ".", ".."} & set(segments)


@given(st.sampled_from(METHODS), st.lists(st.from_regex(r"[a-z]{1,4}", fullmatch=True), max_size=4))
def test_a_pattern_without_stars_matches_its_own_path(method: str, segments: list[str]) -> None:
    path = "/" + "/".join(segments)
    assert matches(f"{method} {path}", method, path)
