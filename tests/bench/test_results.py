"""What the benchmark says of what it measured."""

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bench import chart, results
from bench.contenders import BARE, VALID
from bench.load import Drive
from bench.results import Result, at_least, at_most
from bench.rounds import Comparison
from bench.verifications import rows


def driven(rate: float, p99: float) -> Drive:
    return Drive(rate=rate, p50=1.0, p99=p99, cpu=1.0, answers=1)


@pytest.mark.parametrize(
    ("result", "reached"),
    [
        (at_least("rate", 2.0, 2.0), True),
        (at_least("rate", 1.999, 2.0), False),
        (at_most("p99", 0.6, 0.6), True),
        (at_most("p99", 0.601, 0.6), False),
        (at_least("rate", 1.9999, 2.0), False),
    ],
)
def test_a_goal_is_reached_or_missed(result: Result, reached: bool) -> None:
    assert result.reached is reached


def test_servers_are_compared_round_by_round() -> None:
    # The machine was three times as slow in the second round, and one drive of it was disturbed.
    drives = {
        BARE: [driven(100, 10), driven(30, 30), driven(100, 10)],
        VALID: [driven(210, 5), driven(63, 15), driven(10, 90)],
    }
    comparison = Comparison(16, drives)
    assert comparison.rate(VALID, BARE) == pytest.approx(2.1)
    assert comparison.p99(VALID, BARE) == pytest.approx(0.5)


def test_a_comparison_makes_a_row_of_each_contender_that_took_part() -> None:
    drives = {name: [driven(rate, 5)] for name, rate in ((BARE, 100), (VALID, 250), ("unknown", 200))}
    drives |= {"20,000 hot": [driven(250, 5)], "1,000,000 stored": [driven(100, 5)]}
    found = {row.name.split(",")[0]: (row.value, row.goal, row.reached) for row in rows(Comparison(64, drives))}
    assert found["unknown"] == (2.0, 2.2, False)
    assert found["20"] == (1.0, 0.85, True)
    assert found["1"] == (0.4, 0.9, False)


def test_results_are_kept_and_drawn(tmp_path: Path) -> None:
    found = [at_least("a rate <of> 16 connections", 2.5, 2.0), at_most("stale accepts", 0, 0), at_most("p99", 9, 0.6)]
    results.write(found, tmp_path / "results.json")
    assert results.read(tmp_path / "results.json") == found
    chart.draw(found, tmp_path / "bench.svg")
    drawn = ET.parse(tmp_path / "bench.svg").getroot()
    assert drawn.attrib["aria-label"] == "2 of 3 goals reached"
    assert len([one for one in drawn.iter() if one.attrib.get("class") == "missed"]) == 1
