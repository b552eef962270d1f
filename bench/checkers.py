"""The rows of SPEC 17 that are proofs: histories of many clients, checked by the tests that make them."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.results import Result, at_most

ROOT = Path(__file__).parents[1]
# What must not happen, and the tests that look for it.
CHECKERS: Mapping[str, str] = {
    "stale accepts, in either mode": "tests/**/test_*stale*.py",
    "accepted beyond the rate limit, or refused below it": "tests/**/test_*limit_is_exact*.py",
}


def measure() -> Sequence[Result]:
    """Run the checkers that there are: how many of them found something."""
    return [
        at_most(name, sum(_finds_something(path) for path in sorted(ROOT.glob(pattern))), 0)
        for name, pattern in CHECKERS.items()
        if any(ROOT.glob(pattern))
    ]


def _finds_something(path: Path) -> bool:
    return (
        subprocess.run((sys.executable, "-m", "pytest", "-q", "-n", "0", path), cwd=ROOT, check=False).returncode != 0
    )
