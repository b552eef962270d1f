"""Rate limit: how often a token may be used. In no span of a rate's length are more uses accepted (SPEC 8)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.domain.errors import Unfit

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
MOST = 100_000
_RATE = re.compile(r"([0-9]{1,6}) ?/ ?([a-z]+)", re.ASCII)


@dataclass(frozen=True)
class Rate:
    """`amount` uses in any span of one `unit`."""

    amount: int
    unit: str

    def __str__(self) -> str:
        return f"{self.amount}/{self.unit}"

    @property
    def seconds(self) -> int:
        """The length of the span."""
        return SECONDS[self.unit]


def typed(text: str) -> Rate | None:
    """The rate that a form names, such as `1000/hour`; None where nothing is typed. Raises Unfit."""
    text = text.strip(" ")
    if not text:
        return None
    found = _RATE.fullmatch(text)
    if found is None or found[2] not in SECONDS:
        raise Unfit(f"Write a number and one of {', '.join(SECONDS)}, such as 1000/hour.")
    amount = int(found[1])
    if not 1 <= amount <= MOST:
        raise Unfit(f"The number has to be from 1 to {MOST:,}.")
    return Rate(amount, found[2])


@lru_cache(maxsize=10_000)
def of(plain: str) -> Rate:
    """The rate that the database keeps: `1000/hour`."""
    amount, _, unit = plain.partition("/")
    return Rate(int(amount), unit)


def is_looser(before: Rate | None, after: Rate | None) -> bool:
    """Whether a use might be accepted that is refused now. A shorter span forgets sooner what was used already, and so
    is looser whatever its amount."""
    if before is None:
        return False
    return after is None or after.amount > before.amount or after.seconds < before.seconds


def described(value: Rate) -> str:
    """In words: `1,000 an hour`."""
    return f"{value.amount:,} {'an' if value.unit == 'hour' else 'a'} {value.unit}"
