"""Which scopes of a token nobody asks for any more: they can be taken away without anything breaking (SPEC 14)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app.domain.events import Event
from app.domain.usage import BY_PATH

UNASKED_AFTER = timedelta(days=90)
# The scopes of the token in its own events, and in those of a request about it.
_FIELDS = frozenset({"scopes", "token scopes"})


def unasked(held_since: Mapping[str, datetime], asked: Mapping[str, datetime], now: datetime) -> Sequence[str]:
    """The scopes that were held for 90 days and not asked for in them. None of them where questions by method and path
    alone were asked meanwhile: which scopes those lived on, nobody has noted."""
    by_path = asked.get(BY_PATH)
    if by_path is not None and now - by_path <= UNASKED_AFTER:
        return ()
    return [
        name for name, since in sorted(held_since.items()) if now - max(since, asked.get(name, since)) > UNASKED_AFTER
    ]


def held_since(
    names: Sequence[str], effective_at: datetime | None, events: Sequence[Event], *, whole: bool
) -> Mapping[str, datetime]:
    """Since when a token that took effect then can be asked for each scope. `events` are its newest, the newest first;
    `whole`: there are no older ones. Empty while the token has never been in effect."""
    if effective_at is None:
        return {}
    # Of what happened before the oldest event that is known, nothing can be said.
    start = effective_at if whole or not events else max(effective_at, events[-1].at)
    return {name: _added(name, events) or start for name in names}


def _added(name: str, events: Sequence[Event]) -> datetime | None:
    for event in events:
        for change in event.changes:
            if change["field"] in _FIELDS and name in _names(change, "after") and name not in _names(change, "before"):
                return event.at
    return None


def _names(change: Mapping[str, object], side: str) -> Sequence[object]:
    found = change.get(side)
    return found if isinstance(found, list | tuple) else ()
