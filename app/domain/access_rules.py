"""`METHOD /path/pattern`: what a scope permits on a service's HTTP interface (SPEC 9)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from app.domain.errors import Unfit

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What a question can name: GET covers HEAD.
ASKABLE_METHODS = (*METHODS, "HEAD")
ANY_METHOD, ANY_SEGMENT, ANY_REST = "*", "*", "**"
PATTERN_LENGTH = 500
_SEGMENT = re.compile(r"[A-Za-z0-9._~!$&'()+,=:@-]+", re.ASCII)
# After decoding once, any of these would let two readers of the same path disagree on what it names.
_AMBIGUOUS = re.compile(r"[%;/\\\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class AccessRule:
    """One pattern. `segments` are literals, `*` for one segment, `**` at the end for one or more."""

    method: str
    segments: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} /{'/'.join(self.segments)}"

    def matches(self, method: str, segments: tuple[str, ...] | None) -> bool:
        """Whether a request with this method and these decoded path segments (None: ambiguous path) is inside."""
        if segments is None or self.method not in {ANY_METHOD, "GET" if method == "HEAD" else method}:
            return False
        pattern = self.segments
        if pattern and pattern[-1] == ANY_REST:
            pattern = pattern[:-1]
            if len(segments) <= len(pattern):
                return False
            segments = segments[: len(pattern)]
        if len(pattern) != len(segments):
            return False
        return all(want in {ANY_SEGMENT, have} for want, have in zip(pattern, segments, strict=True))


def parse(text: str) -> AccessRule:
    """Read `GET /api/invoices/*`. Raises Unfit with a sentence that shows the form."""
    method, space, path = text.strip().partition(" ")
    path = path.strip()
    if not space or method not in {*METHODS, ANY_METHOD}:
        raise Unfit(f"Begin with one of {', '.join(METHODS)} or *, then a path: GET /api/invoices/*")
    if not path.startswith("/") or len(path) > PATTERN_LENGTH:
        raise Unfit("Begin the path with a slash, as in GET /api/invoices/*")
    segments = tuple(path[1:].split("/")) if path != "/" else ()
    for position, segment in enumerate(segments):
        last = position == len(segments) - 1
        if segment == ANY_SEGMENT or (segment == ANY_REST and last):
            continue
        if segment in {"", ".", ".."} or not _SEGMENT.fullmatch(segment):
            raise Unfit(f"“{segment}” cannot stand between two slashes: use plain text, * or, at the end, **")
    return AccessRule(method, segments)


def is_request_path(path: str) -> bool:
    """Whether `path` is one that a question can name, however little it may match: with its slash, without a query."""
    return path.startswith("/") and "?" not in path and "#" not in path


def segments_of(path: str) -> tuple[str, ...] | None:
    """The segments of a request's path, percent-decoded once; None where it could be read in two ways."""
    if not path.startswith("/"):
        return None
    if path == "/":
        return ()
    segments = []
    for raw in path[1:].split("/"):
        try:
            segment = unquote_to_bytes(raw).decode("utf-8")
        except UnicodeDecodeError:
            return None
        if segment in {"", ".", ".."} or _AMBIGUOUS.search(segment):
            return None
        segments.append(segment)
    return tuple(segments)
