"""What is remembered of verifications: counts by hour, the last use of each key, the last refusals (SPEC 13)."""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from app.domain.checks import Code

REFUSALS_KEPT = 100
# In the place of a scope: the question was by method and path alone, and named none.
BY_PATH = ""
# Addresses are remembered for as many days.
DAYS_KEPT = 30
# So many addresses of one day are kept, with counts; those used least are together the others.
PLACES_KEPT = 50
NO_ADDRESS, OTHERS = "none", "others"
HOUR, NEVER = timedelta(hours=1), datetime.min.replace(tzinfo=UTC)
# What uses that are alike have in common.
_WHAT = attrgetter("token_id", "key_id", "address", "caller_token_id", "scopes", "window_id")


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

    @property
    def accepted(self) -> bool:
        """Whether the token could do what it was used for."""
        return self.code is Code.VALID


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
    """The uses of one token, summed up."""

    token_id: str
    counts: dict[tuple[datetime, Code], int] = field(default_factory=lambda: defaultdict(int))
    last_by_key: dict[str, Use] = field(default_factory=dict)
    # The hour in which each scope was last asked for and granted.
    asked: dict[str, datetime] = field(default_factory=dict)
    refusals: deque[Use] = field(default_factory=lambda: deque(maxlen=REFUSALS_KEPT))
    # The first use of each key that was rotated away.
    late: dict[str, Use] = field(default_factory=dict)
    passed_by_window: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    # Accepted uses by day and address, for what an edit would do.
    places: dict[tuple[date, str], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, use: Use, hour: datetime, times: int) -> None:
        """Count what happened so often in this hour, the last time as this use says."""
        self.counts[hour, use.code] += times
        if use.window_id is not None:
            self.passed_by_window[use.window_id] += times
        if use.accepted:
            known = self.last_by_key.get(use.key_id)
            if known is None or known.at <= use.at:
                self.last_by_key[use.key_id] = use
            self.asked.update(dict.fromkeys(use.scopes, hour))
            self.places[hour.date(), use.address or NO_ADDRESS] += times
            return
        self.refusals.append(use)
        if use.code is Code.ROTATED:
            self.late.setdefault(use.key_id, use)


def tallied(uses: Iterable[Use]) -> list[Tally]:
    """The uses, which come in the order in which they happened, summed up by token."""
    tallies: dict[str, Tally] = {}
    for use, hour, times in _gathered(uses):
        tally = tallies.get(use.token_id)
        if tally is None:
            tally = tallies[use.token_id] = Tally(use.token_id)
        tally.add(use, hour, times)
    return list(tallies.values())


def _gathered(uses: Iterable[Use]) -> Iterable[tuple[Use, datetime, int]]:
    """Each use with its hour, and how many there were: one for each refusal, which is kept by itself, and one, the
    last, for all accepted uses that are alike. Services use a token for the same thousands of times an hour, and
    whoever sums that up takes the time from them."""
    gathered: dict[Hashable, tuple[Use, datetime, int]] = {}
    hour = until = NEVER
    for place, use in enumerate(uses):
        if not hour <= use.at < until:
            hour = hour_of(use.at)
            until = hour + HOUR
        alike: Hashable = (hour, _WHAT(use)) if use.code is Code.VALID else place
        known = gathered.get(alike)
        gathered[alike] = (use, hour, known[2] + 1 if known else 1)
    return gathered.values()


def hour_of(instant: datetime) -> datetime:
    """The start of the hour that counts are kept by."""
    return instant.replace(minute=0, second=0, microsecond=0)
