"""What every way of reading offers."""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol


class Unavailable(Exception):
    """The database does not say, or not in time."""


class Changes(NamedTuple):
    """What has changed since some generation: the `tokens`, and everything where `everything` is a later one. `until`
    is the generation as of which this is all."""

    until: int
    everything: int
    tokens: Sequence[str]


class Reader(Protocol):
    """Reads for verification, from whatever thread."""

    def generation(self) -> int:
        """The generation as of now, or later than the call began. Raises Unavailable."""

    def changes(self, since: int) -> Changes:
        """What has changed since this generation, as of now or later than the call began. Raises Unavailable."""

    def rows(self, digests: Sequence[str]) -> Sequence[Any]:
        """The rows of `FACTS` for keys with any of these digests, of one moment, as the driver has them.
        Raises Unavailable."""

    def found(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The same rows with names, and values as the tables' types have them."""

    def close(self) -> None:
        """Let all connections go."""
