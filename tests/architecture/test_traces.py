"""Nothing in the repository tells on which machine, or from which package index, it was made."""

import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

INDEX = re.compile(r"(index-url|find-links|trusted-host|resolved|registry)\b.*?(https?:/|file:/)/", re.IGNORECASE)
ELSEWHERE = re.compile(r"(?<![\w.~$}/-])/(root|home/\w+|Users/\w+|work)/")


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def traces(paths: Iterable[Path]) -> list[str]:
    found = []
    for path in paths:
        if path == Path(__file__) or "vendor" in path.parts:
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [
            f"{path}:{text[: match.start()].count(chr(10)) + 1}: {match.group()}"
            for pattern in (INDEX, ELSEWHERE, re.compile(re.escape(f"{ROOT}/")))
            for match in pattern.finditer(text)
        ]
    return found


def test_no_tracked_file_names_a_machine_or_a_package_index() -> None:
    assert traces(tracked()) == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://example.org/simple",
        '"resolved": "https://example.org/x.tgz"',
        "open('/root/secrets')",
        "cd /home/ada/postern",
        f"{ROOT}/app",
    ],
)
def test_a_trace_is_found(tmp_path: Path, line: str) -> None:
    file = tmp_path / "file"
    file.write_text(f"first line\n{line}\n")
    assert len(traces([file])) >= 1
