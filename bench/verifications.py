"""The rows of SPEC 17 that are about verifications."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench import contenders as servers
from bench.contenders import BARE, FLASK, FLEET, MANY, MILLION, VALID, Amounts
from bench.fleet import Fleet
from bench.load import drive
from bench.results import Result, at_least, at_most
from bench.rounds import Comparison, Contender, compare

CONNECTIONS = (16, 64)
# The rate of each, in times of the bare view's, by connections.
RATES: Mapping[str, Mapping[int, float]] = {
    VALID: {16: 2.0, 64: 2.0},
    "malformed": {16: 3.0, 64: 3.0},
    "unknown": {16: 2.2, 64: 2.2},
    "revoked": {16: 2.2, 64: 2.2},
    FLASK: {16: 0.65, 64: 0.5},
    FLEET: {16: 0.6, 64: 0.6},
}
# The rate of each, in times of the rate with 1,000 hot tokens and no others.
STEADY: Mapping[str, float] = {MANY: 0.85, MILLION: 0.9}
P99 = 0.6
# One, and the batches of usage, which are written behind and belong to no verification.
ROUND_TRIPS = 1.05


def measure(
    folder: Path, fleet: Fleet | None, rounds: int, seconds: float, amounts: Amounts, say: Callable[[str], None]
) -> tuple[Sequence[Result], Sequence[Comparison]]:
    """Drive all servers in a new folder; the rows, and the drives behind them. Raises WrongAnswer."""
    with servers.contenders(folder, amounts, fleet) as running:
        comparisons = []
        for connections in CONNECTIONS:
            say(f"{len(running)} servers in turn, {rounds} rounds, {connections} connections")
            comparisons.append(compare(running, connections, rounds, seconds))
        found = [row for comparison in comparisons for row in rows(comparison)]
        if fleet is not None:
            found.append(_round_trips(fleet, running[FLEET], seconds))
    return found, comparisons


def rows(comparison: Comparison) -> Iterator[Result]:
    """What one comparison says of the table."""
    at = f"{comparison.connections} connections"
    for name, goals in RATES.items():
        if name in comparison.drives:
            rate = comparison.rate(name, BARE)
            yield at_least(f"{name}, {at}: rate, x bare", rate, goals[comparison.connections])
    yield at_most(f"{VALID}, {at}: p99, x bare", comparison.p99(VALID, BARE), P99)
    for name, goal in STEADY.items():
        yield at_least(f"{name}, {at}: rate, x {VALID}", comparison.rate(name, VALID), goal)


def _round_trips(fleet: Fleet, node: Contender, seconds: float) -> Result:
    before = fleet.trips()
    driven = drive(node.port, node.call, CONNECTIONS[0], seconds, ())
    trips = (fleet.trips() - before) / driven.answers
    return at_most("fleet: network round trips for each verification, batches of usage among them", trips, ROUND_TRIPS)
