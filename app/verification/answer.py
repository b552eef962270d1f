"""What comes in and what goes out, without any framework."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from app.domain.networks import Address

JSON = "application/json"
_ENCODER = msgspec.json.Encoder()


_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Call(NamedTuple):
    """One HTTP request, as far as it matters here. `body` may end behind `schema.LARGEST_BODY`, which is too much
    anyway. `peer` is who speaks to us, past trusted proxies; None where that cannot be told."""

    body: bytes
    content_type: str | None
    authorization: str | None
    peer: Address | None
    now: datetime
    request_id: str

    def __repr__(self) -> str:
        # Nothing that a key could stand in.
        return f"Call(request_id={self.request_id!r})"


class Answer(NamedTuple):
    """One HTTP response."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = _NO_HEADERS
    # What it says in one word, for counting.
    code: str = ""


def encoded(document: Mapping[str, object]) -> bytes:
    """JSON in UTF-8 without spaces, in the order of the mapping."""
    return _ENCODER.encode(document)
