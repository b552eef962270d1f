"""Where CI is set, a test that did not run is a failure; elsewhere it is named, and that is all."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
RUNS = "def test_that_runs(): pass\n"
WAYS_NOT_TO_RUN = (
    "def test_it(): pytest.skip('in the test')",
    "@pytest.mark.skip(reason='by a mark')\ndef test_it(): pass",
    "pytest.skip('the module', allow_module_level=True)",
    "@pytest.fixture\ndef redis(): pytest.skip('in a fixture')\ndef test_it(redis): pass",
    "def test_it(): pytest.xfail('expected to fail')",
)


def run(folder: Path, *sources: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "pytest.ini").write_text("[pytest]\n")
    for number, source in enumerate((RUNS, *sources)):
        (folder / f"test_{number}.py").write_text(f"import pytest\n{source}")
    command = [sys.executable, "-m", "pytest", "-p", "tests.nothing_skipped", str(folder)]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "CI": ci}, check=False, capture_output=True, text=True)


def test_what_did_not_run_fails_in_ci_and_is_named(tmp_path: Path) -> None:
    result = run(tmp_path, *WAYS_NOT_TO_RUN, ci="true")
    assert result.returncode == pytest.ExitCode.TESTS_FAILED
    assert result.stdout.count("NOT TESTED (1): ") == len(WAYS_NOT_TO_RUN)


def test_what_did_not_run_is_named_elsewhere_and_that_is_all(tmp_path: Path) -> None:
    result = run(tmp_path, *WAYS_NOT_TO_RUN, ci="")
    assert result.returncode == pytest.ExitCode.OK
    assert result.stdout.count("NOT TESTED (1): ") == len(WAYS_NOT_TO_RUN)


def test_one_expected_failure_is_enough_to_fail_in_ci(tmp_path: Path) -> None:
    assert run(tmp_path, WAYS_NOT_TO_RUN[-1], ci="true").returncode == pytest.ExitCode.TESTS_FAILED


def test_a_complete_run_passes_in_ci(tmp_path: Path) -> None:
    assert run(tmp_path, ci="true").returncode == pytest.ExitCode.OK
