"""Names what was not tested, one line for each reason; where CI is set, not testing something is failing."""

import os
from collections import Counter

import pytest

_not_tested: Counter[str] = Counter()


def is_ci() -> bool:
    """Whether this run must be complete."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped:  # expected failures are among the skipped
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else f"expected to fail: {report.nodeid}"
    _not_tested[reason.removeprefix("Skipped: ")] += 1


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if _not_tested and is_ci() and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for reason, count in _not_tested.items():
        terminalreporter.write_line(f"NOT TESTED ({count}): {reason}", red=True)
    if _not_tested and is_ci():
        terminalreporter.write_line("CI is set, so what was not tested counts as failed.", red=True)
