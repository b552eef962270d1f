"""How a list is sorted, as its address says it: `sort=name` upwards, `sort=-name` downwards (SPEC 14)."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Sort:
    """By which column, and which way round."""

    by: str
    descending: bool = False

    @property
    def word(self) -> str:
        """What stands in the address."""
        return f"-{self.by}" if self.descending else self.by

    @property
    def turned(self) -> "Sort":
        """By the same column, the other way round."""
        return Sort(self.by, not self.descending)


def of(word: str) -> Sort:
    """What a word of the address means."""
    return Sort(word.removeprefix("-"), word.startswith("-"))


def read(raw: str, columns: Collection[str], default: Sort) -> Sort:
    """What the address asks for; the list's own order where it names no column that the list is sorted by."""
    wanted = of(raw)
    return wanted if wanted.by in columns else default
