"""What is remembered of verifications: counts by hour, the last use of each key, the last refusals (SPEC 13)."""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
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
    counts: Counter[tuple[datetime, Code]] = field(default_factory=Counter)
    last_by_key: dict[str, Use] = field(default_factory=dict)
    # The hour in which each scope was last asked for and granted.
    asked: dict[str, datetime] = field(default_factory=dict)
    refusals: deque[Use] = field(default_factory=lambda: deque(maxlen=REFUSALS_KEPT))
    # The first use of each key that was rotated away.
    late: dict[str, Use] = field(default_factory=dict)
    passed_by_window: Counter[int] = field(default_factory=Counter)
    # Accepted uses by day and address, for what an edit would do.
    places: Counter[tuple[date, str]] = field(default_factory=Counter)

    def add(self, use: Use) -> None:
        """Count one use; uses come in the order in which they happened."""
        self.counts[hour_of(use.at), use.code] += 1
        if use.window_id is not None:
            self.passed_by_window[use.window_id] += 1
        if use.accepted:
            self.last_by_key[use.key_id] = use
            self.asked.update(dict.fromkeys(use.scopes, hour_of(use.at)))
            self.places[use.at.date(), use.address or NO_ADDRESS] += 1
            return
        self.refusals.append(use)
        if use.code is Code.ROTATED:
            self.late.setdefault(use.key_id, use)


def tallied(uses: Iterable[Use]) -> list[Tally]:
    """The uses, summed up by token."""
    tallies: dict[str, Tally] = {}
    for use in uses:
        tally = tallies.get(use.token_id)
        if tally is None:
            tally = tallies[use.token_id] = Tally(use.token_id)
        tally.add(use)
    return list(tallies.values())


def hour_of(instant: datetime) -> datetime:
    """The start of the hour that counts are kept by."""
    return instant.replace(minute=0, second=0, microsecond=0)
