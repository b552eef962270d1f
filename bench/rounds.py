"""Several servers, driven in turn and in one run: what the machine does meanwhile happens to all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.calls import Call
from bench.load import Drive, drive


@dataclass(frozen=True)
class Contender:
    """A server with what it is asked. `also` are the other processes that work for its answers."""

    port: int
    pid: int
    call: Call
    also: tuple[int, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What each contender did in each round, all with the same number of connections."""

    connections: int
    drives: Mapping[str, Sequence[Drive]]

    def rate(self, name: str, against: str) -> float:
        """The contender's answers per second, in times of the other's: the median over the rounds."""
        pairs = zip(self.drives[name], self.drives[against], strict=True)
        return median(one.rate / other.rate for one, other in pairs)

    def p99(self, name: str, against: str) -> float:
        """The same of the latency that one answer in a hundred exceeds."""
        pairs = zip(self.drives[name], self.drives[against], strict=True)
        return median(one.p99 / other.p99 for one, other in pairs)


def compare(contenders: Mapping[str, Contender], connections: int, rounds: int, seconds: float) -> Comparison:
    """Drive each contender once in each round, each round beginning with another one."""
    drives = {name: list[Drive]() for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            one = contenders[name]
            drives[name].append(drive(one.port, one.call, connections, seconds, (one.pid, *one.also)))
    return Comparison(connections, drives)
