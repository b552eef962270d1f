"""The shape of a key: SPEC 5."""

import itertools
import re

import pytest

from app.domain import keys
from app.domain.keys import KeySecret

KEY = keys.make()


def test_a_key_has_the_promised_shape() -> None:
    assert len(KEY) == 53
    assert re.fullmatch(r"pst_[0-9A-Za-z]{49}", KEY)
    assert keys.is_well_formed(KEY)


def test_the_checksum_is_crc32_of_all_that_stands_before() -> None:
    # Worked out apart from this code, so that keys already given out stay keys.
    body = "pst_" + "0" * 43
    assert keys.is_well_formed(body + "0O7J8C")


def test_no_two_keys_are_alike() -> None:
    assert len({keys.make() for _ in range(1_000)}) == 1_000


def _swapped(key: str) -> str:
    first = next(n for n in range(4, 46) if key[n] != key[n + 1])
    return key[:first] + key[first + 1] + key[first] + key[first + 2 :]


@pytest.mark.parametrize(
    "mutation",
    [
        "",
        KEY[:-1],
        KEY + "0",
        KEY + "\n",
        " " + KEY,
        KEY.upper(),
        KEY.swapcase(),
        KEY.replace("pst_", "PST_"),
        KEY.replace("pst_", "pst-"),
        KEY[:20] + "é" + KEY[21:],
        KEY[:20] + "\0" + KEY[21:],
        KEY[:20] + "\u0661" + KEY[21:],
        KEY[:20] + "\ud800" + KEY[21:],
        _swapped(KEY),
        KEY[:-1] + ("0" if KEY[-1] != "0" else "1"),
        "pst_" + "0" * 49,
    ],
    ids=itertools.count(),
)
def test_a_small_mutation_is_no_key(mutation: str) -> None:
    assert not keys.is_well_formed(mutation)


def test_every_single_character_matters() -> None:
    for position in range(4, keys.LENGTH):
        other = "0" if KEY[position] != "0" else "1"
        assert not keys.is_well_formed(KEY[:position] + other + KEY[position + 1 :])


def test_the_digest_depends_on_the_secret_and_shows_nothing_of_the_key() -> None:
    first = keys.digest(KEY, KeySecret("1", b"a" * 32))

    assert first != keys.digest(KEY, KeySecret("2", b"b" * 32))
    assert KEY[4:20] not in first
    assert "a" * 8 not in repr(KeySecret("1", b"a" * 32))


def test_a_key_inside_a_text_is_found_and_masked() -> None:
    text = f"curl -H 'Authorization: Bearer {KEY}'"

    assert keys.occurs_in(text)
    assert keys.mask(text) == f"curl -H 'Authorization: Bearer {keys.hint(KEY)}'"
    assert not keys.occurs_in(keys.mask(text))
