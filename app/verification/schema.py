"""JSON in, a question out: strict, because what two readers understand differently is how a wrong yes comes about."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

from app.domain import scopes
from app.domain.access_rules import ASKABLE_METHODS, is_request_path
from app.domain.errors import Unfit
from app.domain.networks import Address, address
from app.verification import fast_json
from app.verification.answer import JSON
from app.verification.problems import Malformed, Problem

LARGEST_BODY = 8 * 1024
LONGEST_TOKEN = 512
MOST_COST = 100
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Body:
    """What a verifying service asks. `scopes` is None where it names none, which is not the same as naming nothing."""

    token: str = field(repr=False)
    scopes: frozenset[str] | None = None
    method: str | None = None
    path: str | None = None
    client_ip: Address | None = None
    cost: int = 1
    explain: bool = False


def check_envelope(content_type: str | None, size: int) -> None:
    """Raise Problem for what need not be read at all."""
    if content_type != JSON and (content_type or "").partition(";")[0].strip().lower() != JSON:
        raise Problem(415, "unsupported_media_type", f"Send a JSON object, as Content-Type: {JSON}.")
    if size > LARGEST_BODY:
        raise Problem(413, "too_large", f"Send at most {LARGEST_BODY:,} bytes.")


def parse(raw: bytes) -> Body:
    """Read a body. Raises Malformed, with what to send instead."""
    fields = _object(raw)
    if not fields.keys() <= READERS.keys():
        raise Malformed(f"Send no fields but {', '.join(READERS)}.")
    if "token" not in fields:
        raise Malformed("Send the key that you ask about as token.")
    # In the order of READERS: it decides which of several mistakes is told.
    values = {name: read(fields[name]) for name, read in READERS.items() if name in fields}
    if ("method" in values) != ("path" in values):
        raise Malformed("Send method and path together, or neither.")
    if "scopes" not in values and "method" not in values:
        raise Malformed("Say what is wanted: scopes ([] if any live token will do), or method and path, or both.")
    return Body(**values)


def _object(raw: bytes) -> Mapping[str, Any]:
    return fast_json.read(raw) or _carefully(raw)


def _carefully(raw: bytes) -> Mapping[str, Any]:
    try:
        text = raw.decode("utf-8")
        found = json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant)
    except Malformed:
        raise
    except (ValueError, RecursionError):
        raise Malformed("Send one JSON object in UTF-8.") from None
    if not isinstance(found, dict):
        raise Malformed("Send one JSON object.")
    return found


def _without_duplicates(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("Send each field once.")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise Malformed(f"{name} is not JSON.")


def _text(name: str, longest: int = LARGEST_BODY) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > longest:
            raise Malformed(f"{name} is a string of at most {longest:,} characters.")
        if not value.isascii() and _SURROGATE.search(value):
            raise Malformed(f"{name} holds half of a character (a lone surrogate).")
        return value

    return read


def _scopes(value: Any) -> frozenset[str]:
    """Naming a scope twice means naming it once, but the list as it is sent counts."""
    if not isinstance(value, list) or len(value) > scopes.MOST_ASKED:
        raise Malformed(f"scopes is a list of at most {scopes.MOST_ASKED} names.")
    if not all(isinstance(name, str) and scopes.is_name(name) for name in value):
        raise Malformed("Each of scopes is a name such as invoice:read, without wildcards.")
    return frozenset(value)


def _method(value: Any) -> str:
    if value not in ASKABLE_METHODS:
        raise Malformed(f"method is one of {', '.join(ASKABLE_METHODS)}.")
    return str(value)


def _path(value: Any) -> str:
    path = _text("path")(value)
    if not is_request_path(path):
        raise Malformed("path begins with a slash and holds neither ? nor #.")
    return path


def _client_ip(value: Any) -> Address:
    try:
        return address(_text("client_ip")(value))
    except Unfit:
        raise Malformed("client_ip is a plain IPv4 or IPv6 address, without port, prefix or zone.") from None


def _cost(value: Any) -> int:
    # True is an int to Python, and 1.0 equals 1: neither is a whole number here.
    if type(value) is not int or not 0 <= value <= MOST_COST:
        raise Malformed(f"cost is a whole number from 0 to {MOST_COST}.")
    return value


def _explain(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Malformed("explain is true or false.")
    return value


READERS: Mapping[str, Callable[[Any], Any]] = {
    "token": _text("token", LONGEST_TOKEN),
    "client_ip": _client_ip,
    "scopes": _scopes,
    "method": _method,
    "path": _path,
    "cost": _cost,
    "explain": _explain,
}
