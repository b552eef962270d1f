"""What comes in and what goes out, without any framework."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from app.domain.networks import Address

JSON = "application/json"
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True)
class Call:
    """One HTTP request, as far as it matters here. `body` may end behind `schema.LARGEST_BODY`, which is too much
    anyway. `peer` is who speaks to us, past trusted proxies; None where that cannot be told."""

    body: bytes = field(repr=False)
    content_type: str | None
    authorization: str | None = field(repr=False)
    peer: Address | None
    now: datetime
    request_id: str


@dataclass(frozen=True)
class Answer:
    """One HTTP response."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    # What it says in one word, for counting.
    code: str = ""


def encoded(document: Mapping[str, object]) -> bytes:
    """JSON in UTF-8 without spaces, in the order of the mapping."""
    return _ENCODER.encode(document)
