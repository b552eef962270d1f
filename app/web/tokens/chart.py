"""A chart of days as plain numbers for an SVG: drawn by the server, coloured by classes alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.usage_days import Day

WIDTH, HEIGHT, GAP = 600, 120, 4
# What happened at all is seen, however much more happened on other days.
LEAST = 2.0


@dataclass(frozen=True)
class Bar:
    """One day: where its column stands, and both parts of it from the bottom up, refused below accepted."""

    day: Day
    x: float
    width: float
    refused: float
    accepted: float

    @property
    def refused_top(self) -> float:
        """Where the refused part begins, counted from the top."""
        return round(HEIGHT - self.refused, 1)

    @property
    def accepted_top(self) -> float:
        """Where the accepted part begins, counted from the top."""
        return round(HEIGHT - self.refused - self.accepted, 1)


@dataclass(frozen=True)
class Chart:
    """The bars, what the tallest stands for, and the sums."""

    bars: Sequence[Bar]
    most: int
    accepted: int
    refused: int
    width: int = WIDTH
    height: int = HEIGHT


def of(days: Sequence[Day]) -> Chart:
    """The chart of these days, in their order."""
    most = max((day.accepted + day.refused for day in days), default=0)
    step = WIDTH / max(len(days), 1)
    bars = [
        Bar(
            day,
            round(place * step + GAP / 2, 1),
            round(step - GAP, 1),
            _high(day.refused, most),
            _high(day.accepted, most),
        )
        for place, day in enumerate(days)
    ]
    return Chart(bars, most, sum(day.accepted for day in days), sum(day.refused for day in days))


def _high(count: int, most: int) -> float:
    # Room for the least height of the other part is left, so that no column grows out of the picture.
    return round(max(count / most * (HEIGHT - LEAST), LEAST), 1) if count else 0.0
