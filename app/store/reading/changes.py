"""What has changed since some point in the history of a database, in one statement and so of one moment."""

from collections.abc import Sequence
from typing import Any, NamedTuple

# Beyond so many tokens nobody tells them apart.
MOST = 10_000
# The audit log is the history: a database that was restored, or left behind by the one that it takes the place of, has
# another event where the last one was, or none.
GENERATION = "SELECT generation.value, chain_head.hash FROM generation CROSS JOIN chain_head"
_TEXT = """
SELECT generation.value, generation.noted, generation.everything, chain_head.sequence, chain_head.hash,
       audit_event.hash, changed.id
FROM generation
CROSS JOIN chain_head
LEFT JOIN audit_event ON audit_event.sequence = ?
LEFT JOIN (SELECT id FROM token WHERE changed_in > ? LIMIT ?) AS changed ON 1 = 1
"""


class Point(NamedTuple):
    """A point in the history of a database: its generation, and the last event of its audit log."""

    generation: int
    sequence: int
    hash: str


class Changes(NamedTuple):
    """The tokens that changed until this point; None where any may have."""

    until: Point
    tokens: Sequence[str] | None


def text(placeholder: str) -> str:
    """The statement, for a driver that writes parameters like this."""
    return _TEXT.replace("?", placeholder)


def parameters(since: Point | None) -> Sequence[int]:
    """What it is asked with."""
    return (0, 0, 0) if since is None else (since.sequence, since.generation, MOST + 1)


def found(rows: Sequence[Sequence[Any]], since: Point | None) -> Changes:
    """What the rows of the statement say."""
    value, noted, everything, sequence, head, then, _ = rows[0]
    until = Point(value, sequence, head)
    tokens = [row[-1] for row in rows if row[-1] is not None]
    if since is None or len(tokens) > MOST:
        return Changes(until, None)
    goes_on = value >= since.generation and (since.sequence == 0 or then == since.hash)
    # One that was raised without a note comes from an older version of Postern, or from somebody's hand.
    are_all = noted == value and everything <= since.generation
    return Changes(until, tokens if goes_on and are_all else None)
