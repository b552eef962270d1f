"""A call as a WSGI server hands it over (PEP 3333): read alike by the lane and by Flask's view."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.clock import Clock
from app.domain import networks
from app.domain.networks import Network
from app.verification.answer import Call

# Whoever sends more digits than this means more than anybody reads.
MOST_DIGITS = 18


def call_of(
    environ: Mapping[str, Any], trusted_proxies: Sequence[Network], clock: Clock, request_id: str, most: int
) -> Call:
    """The call, with at most so many bytes of its body. The time is asked once the body is there: who sends it slowly
    is judged by when the question was whole."""
    body = _body(environ, most) if most else b""
    return Call(
        body=body,
        content_type=environ.get("CONTENT_TYPE"),
        authorization=environ.get("HTTP_AUTHORIZATION"),
        peer=networks.peer_of(environ, trusted_proxies),
        now=clock(),
        request_id=request_id,
    )


def _body(environ: Mapping[str, Any], most: int) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        most = min(most, int(length[:MOST_DIGITS]))
    elif not environ.get("wsgi.input_terminated"):
        # Without a length there is no body, unless the server says that it ends by itself.
        return b""
    try:
        return bytes(environ["wsgi.input"].read(most))
    except OSError:
        # The sender has gone.
        return b""
