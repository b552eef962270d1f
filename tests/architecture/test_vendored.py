"""Files of others are the very files that THIRD_PARTY.md lists: by name, with a SHA-256."""

import hashlib
import re

from tests.architecture.conftest import Plant
from tests.architecture.house import House

DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


def doubtful(house: House) -> list[str]:
    lines = (house.root / "THIRD_PARTY.md").read_text().splitlines()
    found = []
    for path in sorted(path for place in ("app", "tests") for path in house.root.glob(f"{place}/**/vendor/**/*.*")):
        listed = {digest for line in lines if path.name in line for digest in DIGEST.findall(line)}
        if hashlib.sha256(path.read_bytes()).hexdigest() not in listed:
            found.append(f"{path.relative_to(house.root)} is {'altered' if listed else 'not listed'}")
    return found


def gone(house: House) -> list[str]:
    """Digests in the list that belong to no file any more."""
    there = {hashlib.sha256(path.read_bytes()).hexdigest() for path in house.root.glob("*/**/vendor/**/*.*")}
    return sorted(set(DIGEST.findall((house.root / "THIRD_PARTY.md").read_text())) - there)


def test_every_vendored_file_is_the_one_that_is_listed(house: House) -> None:
    assert doubtful(house) == []
    assert gone(house) == []


def test_an_altered_an_unlisted_and_a_missing_file_are_found(plant: Plant) -> None:
    original = hashlib.sha256(b"original").hexdigest()
    planted = plant({
        "THIRD_PARTY.md": f"| good.js | {original} |\n| altered.js | {'0' * 64} |\n",
        "app/static/vendor/good.js": "original",
        "app/static/vendor/altered.js": "changed",
        "app/static/vendor/unlisted.css": "original",
    })  # fmt: skip
    assert doubtful(planted) == [
        "app/static/vendor/altered.js is altered",
        "app/static/vendor/unlisted.css is not listed",
    ]
    assert gone(planted) == ["0" * 64]
