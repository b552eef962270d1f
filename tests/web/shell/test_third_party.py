"""Vendored files are what their table says, and nothing else is vendored."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TABLE = (ROOT / "THIRD_PARTY.md").read_text()
LISTED = dict(re.findall(r"^\| (\S+) \|.*\| ([0-9a-f]{64}) \|$", TABLE, re.MULTILINE))


@pytest.mark.parametrize("path", LISTED)
def test_a_vendored_file_is_the_one_that_was_published(path: str) -> None:
    assert sha256((ROOT / path).read_bytes()).hexdigest() == LISTED[path]


def test_every_vendored_file_is_listed() -> None:
    vendored = [*ROOT.glob("app/static/vendor/*"), *ROOT.glob("tests/vendor/*")]
    found = {str(path.relative_to(ROOT)) for path in vendored}
    assert found == set(LISTED)
