"""`python -m bench`: see the package."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from json import dumps
from pathlib import Path

from bench import chart, checkers, large, results, verifications
from bench.contenders import Amounts
from bench.crowd import Size
from bench.fleet import Fleet, fleet
from bench.pages import Cost
from bench.results import Result
from bench.rounds import Comparison
from tests.real.postgresql import postgresql

SECONDS, ROUNDS, SHOWN = 4.0, 5, 25


def main(arguments: Sequence[str]) -> int:
    """Run a part, or all of it; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument(
        "part", nargs="?", default="all", choices=("all", "verifications", "pages", "checkers", "chart")
    )
    parser.add_argument("--postgresql", action="store_true", help="pages on PostgreSQL instead of SQLite")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--tokens", type=int, default=Size.tokens, help="of the large installation")
    parser.add_argument("--events", type=int, default=Size.events, help="of the large installation")
    told = parser.parse_args(arguments)
    if told.part == "chart":
        chart.draw(results.read())
        return 0
    found: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="postern-bench-") as folder:
        if told.part in {"all", "verifications"}:
            found += _verifications(Path(folder, "verifications"), told.rounds)
        if told.part in {"all", "checkers"}:
            found += checkers.measure()
        if told.part in {"all", "pages"}:
            size = Size(tokens=told.tokens, events=told.events)
            found += _pages(Path(folder, "pages"), size, on_postgresql=told.postgresql)
    for one in found:
        _say(str(one))
    if told.part == "all":
        results.write(found)
        chart.draw(found)
    return 0 if all(one.reached for one in found) else 1


def _verifications(folder: Path, rounds: int) -> Sequence[Result]:
    seconds = float(os.environ.get("BENCH_SECONDS", SECONDS))
    shared: AbstractContextManager[Fleet | None] = fleet()
    with shared as there:
        found, comparisons = verifications.measure(folder, there, rounds, seconds, Amounts(), _say)
    _keep(comparisons)
    return found


def _keep(comparisons: Sequence[Comparison]) -> None:
    drives = [
        {"connections": comparison.connections, "contender": name, "round": number + 1, **asdict(drive)}
        for comparison in comparisons
        for name, all_drives in comparison.drives.items()
        for number, drive in enumerate(all_drives)
    ]
    results.DRIVES.write_text("[\n" + ",\n".join(dumps(one) for one in drives) + "\n]\n")


def _pages(folder: Path, size: Size, *, on_postgresql: bool) -> Sequence[Result]:
    with postgresql() if on_postgresql else nullcontext() as server:
        url = server.create_database("postern_bench") if server else ""
        found, costs = large.measure(folder, size, url)
    for cost in costs[:SHOWN]:
        _say(_line(cost))
    _say("with most queries:")
    for cost in sorted(costs, key=lambda cost: cost.queries, reverse=True)[:10]:
        _say(_line(cost))
    return found


def _line(cost: Cost) -> str:
    return f"{cost.milliseconds:8.1f} ms {cost.queries:3} queries  {cost.status}  {cost.who:13} {cost.address}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
