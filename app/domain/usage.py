"""What is remembered of verifications: counts by hour, the last use of each key, the last refusals (SPEC 13)."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from operator import itemgetter
from typing import NamedTuple, TypeVar

from app.domain.checks import Code

REFUSALS_KEPT = 100
# In the place of a scope: the question was by method and path alone, and named none.
BY_PATH = ""
# Addresses are remembered for as many days.
DAYS_KEPT = 30
# So many addresses of one day are kept, with counts; those used least are together the others.
PLACES_KEPT = 50
NO_ADDRESS, OTHERS = "none", "others"
HOUR = timedelta(hours=1)
T = TypeVar("T")


class Use(NamedTuple):
    """One verification that counts. `address` is where the key was used, as far as the verifying service said; `scopes`
    are those that it asked for, BY_PATH where it named a path and no scope; `window_id` is the emergency window without
    which it would have been refused."""

    token_id: str
    key_id: str
    at: datetime
    code: Code
    address: str | None
    caller_token_id: str | None
    request_id: str
    scopes: frozenset[str] = frozenset()
    window_id: int | None = None


@dataclass(frozen=True, eq=False)
class Alike:
    """An accepted use that happens again and again in one hour, each time as this `first` time but for the instant.
    Services use a token for the same thousands of times an hour, and whoever writes each of them down takes the time
    from them. Known by identity, which costs nothing to compare."""

    first: Use


Again = tuple[Alike, datetime]


@dataclass(frozen=True)
class LastUse:
    """When, from where, and with which key a token was last accepted, and the service that asked, where the
    reader may know."""

    at: datetime
    address: str | None
    key_id: str
    service: str | None = None


@dataclass
class Tally:
    """Uses, summed up."""

    counts: dict[tuple[str, datetime, Code], int] = field(default_factory=lambda: defaultdict(int))
    # When each key was last accepted, and how.
    last: dict[str, tuple[datetime, Use]] = field(default_factory=dict)
    # The hour in which each scope of a token was last asked for and granted.
    asked: dict[tuple[str, str], datetime] = field(default_factory=dict)
    # The last of each token.
    refusals: dict[str, deque[Use]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=REFUSALS_KEPT)))
    # The first use of each key that was rotated away.
    late: dict[str, Use] = field(default_factory=dict)
    # What passed by an emergency window, and of which token.
    passed: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))
    # Accepted uses by token, day and address, for what an edit would do.
    places: dict[tuple[str, date, str], int] = field(default_factory=lambda: defaultdict(int))

    def accept(self, alike: Alike, times: int, last: datetime) -> None:
        """Count a use that was accepted so often, the last time at this instant."""
        use = alike.first
        token_id, hour = use.token_id, hour_of(use.at)
        self.counts[token_id, hour, use.code] += times
        self.places[token_id, hour.date(), use.address or NO_ADDRESS] += times
        known = self.last.get(use.key_id)
        if known is None or known[0] <= last:
            self.last[use.key_id] = (last, use)
        for name in use.scopes:
            self.asked[token_id, name] = max(hour, self.asked.get((token_id, name), hour))
        if use.window_id is not None:
            self.passed[use.window_id, token_id] += times

    def refuse(self, use: Use) -> None:
        """Count a use that was refused; they come in the order in which they happened."""
        self.counts[use.token_id, hour_of(use.at), use.code] += 1
        self.refusals[use.token_id].append(use)
        if use.code is Code.ROTATED:
            self.late.setdefault(use.key_id, use)


def tallied(refusals: Iterable[Use], accepted: Sequence[Again], most: int) -> Iterator[Tally]:
    """The uses summed up, in tallies of at most so many: of refusals, in the order in which they happened, and of
    accepted uses that are alike."""
    last = dict(accepted)
    for some in _parts(Counter(map(itemgetter(0), accepted)).items(), most):
        tally = Tally()
        for alike, times in some:
            tally.accept(alike, times, last[alike])
        yield tally
    for few in _parts(refusals, most):
        tally = Tally()
        for use in few:
            tally.refuse(use)
        yield tally


def _parts(values: Iterable[T], most: int) -> Iterator[Sequence[T]]:
    rest = iter(values)
    while part := list(islice(rest, most)):
        yield part


def hour_of(instant: datetime) -> datetime:
    """The start of the hour that counts are kept by."""
    return instant.replace(minute=0, second=0, microsecond=0)
