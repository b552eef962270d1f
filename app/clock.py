"""The one place that asks the time. Everything else is told."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
# Where an app keeps its clock.
CLOCK = "postern_clock"


def system_clock() -> datetime:
    """The time of this machine, aware, in UTC."""
    return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved: for tests and for telling the example's story."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        """The instant at which it stands."""
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move the clock on."""
        self.instant += by
