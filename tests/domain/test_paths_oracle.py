"""Access rules on hostile paths, held against a reader that decodes by hand and matches by a regular expression."""

import itertools
import re

import pytest

from app.domain import access_rules

PIECES = (
    *("a", "A", "b", "*", "**", "a.b", "%61", "%41", "a%20b", "a b", "é", "%C3%A9", "~", "%7E", "%2A"),
    *("", ".", "..", "%2e", "%2E%2e", ".%2e", "%2F", "a%2fb", "a\\b", "%5C", ";", "a;b", "%3b", "%", "%4", "%zz", "a%"),
    *(
        "%25",
        "%252e",
        "%00",
        "a\x00",
        "%0a",
        "\t",
        "%7f",
        "\x7f",
        "%C2%85",
        "\x85",
        "%C3",
        "%FF",
        "%c0%af",
        "%e2%80%8b",
    ),
)
PATTERNS = ("/", "/a", "/A", "/*", "/**", "/a/*", "/a/**", "/*/b", "/*/*", "/a.b", "/~/**", "/*/a/**")


def segments(path: str) -> list[str] | None:
    """What a path names, or None where two readers could differ: one byte after the other."""
    if path == "/":
        return []
    found = []
    for piece in path.removeprefix("/").split("/"):
        raw = piece.encode()
        out = bytearray()
        place = 0
        while place < len(raw):
            pair = raw[place + 1 : place + 3]
            if raw[place : place + 1] == b"%" and re.fullmatch(rb"[0-9a-fA-F]{2}", pair):
                out.append(int(pair, 16))
                place += 3
            else:
                out.append(raw[place])
                place += 1
        try:
            text = out.decode("utf-8")
        except UnicodeDecodeError:
            return None
        controls = any(ord(letter) < 32 or 127 <= ord(letter) < 160 for letter in text)
        if controls or text in ("", ".", "..") or set(text) & set("%;\\/"):
            return None
        found.append(text)
    return found


def pattern_matches(pattern: str, path: str) -> bool:
    named = segments(path)
    if named is None:
        return False
    parts = [
        "(/[^/]+)+" if one == "**" else "/[^/]+" if one == "*" else f"/{re.escape(one)}"
        for one in pattern[1:].split("/")
    ]
    return re.fullmatch("" if pattern == "/" else "".join(parts), "".join(f"/{one}" for one in named)) is not None


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_matches_what_the_oracle_says_and_nothing_more(pattern: str) -> None:
    rule = access_rules.parse(f"GET {pattern}")
    for length in (1, 2):
        for pieces in itertools.product(PIECES, repeat=length):
            path = f"/{'/'.join(pieces)}"
            assert rule.matches("GET", access_rules.segments_of(path)) is pattern_matches(pattern, path), path


@pytest.mark.parametrize("pattern", PATTERNS)
def test_deeper_paths_too(pattern: str) -> None:
    rule = access_rules.parse(f"* {pattern}")
    for pieces in itertools.product(("a", "%61", "b", "", "..", "%2f"), repeat=4):
        path = f"/{'/'.join(pieces)}"
        assert rule.matches("PUT", access_rules.segments_of(path)) is pattern_matches(pattern, path), path


@pytest.mark.parametrize("method", access_rules.METHODS)
def test_a_method_matches_itself_and_get_covers_head(method: str) -> None:
    rule = access_rules.parse(f"{method} /a")
    matched = {asked for asked in access_rules.ASKABLE_METHODS if rule.matches(asked, ("a",))}

    assert matched == ({method, "HEAD"} if method == "GET" else {method})
