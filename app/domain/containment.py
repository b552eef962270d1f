"""Whether one `METHOD /path/pattern` lies wholly inside another: what "tighter" means for permissions (SPEC 7)."""

from collections.abc import Collection

from app.domain.access_rules import ANY_METHOD, ANY_REST, ANY_SEGMENT, AccessRule


def inside(narrow: AccessRule, wide: AccessRule) -> bool:
    """Whether every request that `narrow` matches is matched by `wide` as well."""
    if wide.method not in {ANY_METHOD, narrow.method}:
        return False
    pattern, segments = wide.segments, narrow.segments
    if pattern and pattern[-1] == ANY_REST:
        pattern = pattern[:-1]
        # `**` stands for one segment or more, in `narrow` too: it cannot stand for what comes before the wide one.
        if len(segments) <= len(pattern):
            return False
        segments = segments[: len(pattern)]
    elif segments and segments[-1] == ANY_REST:
        return False
    if len(pattern) != len(segments):
        return False
    return all(have in {ANY_SEGMENT, want} for have, want in zip(pattern, segments, strict=True))


def all_inside(narrow: Collection[AccessRule], wide: Collection[AccessRule]) -> bool:
    """Whether each of `narrow` lies inside one of `wide`. One that only several of them cover together counts as
    outside: the cautious answer."""
    return all(any(inside(one, other) for other in wide) for one in narrow)
