"""Requests as bytes, written once and sent over and over."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

VERIFY, BARE = "/api/v1/verify", "/bare"
# Inside the ranges that every token of the benchmark is kept to, and outside of them.
CLIENT, STRANGER = "203.0.113.7", "198.51.100.7"
SCOPE = "invoice:read"


@dataclass(frozen=True)
class Call:
    """Something to ask. `signs` are in each answer, or the run is worth nothing."""

    requests: Sequence[bytes] = field(repr=False)
    signs: tuple[bytes, ...]


def verify(caller: str, keys: Sequence[str], code: str, *, address: str = CLIENT, restricted: bool = False) -> Call:
    """Ask about each of these keys in turn, as the holder of `caller`. `restricted`: each answer shows a rate limit."""
    signs = (f'"code":"{code}"'.encode(), *((b'"rate_limit":{"limit":',) if restricted else ()))
    return Call([request(VERIFY, caller, key, address) for key in keys], signs)


def bare(caller: str, keys: Sequence[str]) -> Call:
    """The same requests, to the bare view."""
    return Call([request(BARE, caller, key, CLIENT) for key in keys], (b'"valid":true',))


def request(path: str, caller: str, key: str, address: str) -> bytes:
    """One request with keep-alive."""
    body = json.dumps({"token": key, "client_ip": address, "scopes": [SCOPE]}, separators=(",", ":")).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {caller}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
