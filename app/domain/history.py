"""Events of a token as sentences for its change history: what happened, written without who and when (SPEC 11)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain import events
from app.domain.approval import RequestStatus
from app.domain.events import Action, Event
from app.domain.lifecycle import Status

# Names under which the verbs on tokens note what is no column of theirs.
SCOPES, KEY, REQUEST = "scopes", "key", "approval request"
OLD_KEY_STOPS, OLDEST_KEY_STOPS = "old key stops", "retiring key stops"
MANY_SCOPES = 4


@dataclass(frozen=True)
class _Change:
    before: object
    after: object


Changes = Mapping[str, _Change]


def sentence(event: Event) -> str:
    """What happened, in one sentence that needs nobody's name: `Disabled; the request that waited is void`."""
    changes = {str(change["field"]): _Change(change.get("before"), change.get("after")) for change in event.changes}
    tell = _TOLD.get(event.action)
    return tell(event, changes) if tell else _capital(events.sentence(event.action))


def instant(moment: datetime) -> str:
    """An aware UTC instant as sentences write it: `2 Dec 2026 09:00 UTC`."""
    return f"{moment.day} {moment:%b %Y %H:%M} UTC"


def _issued(event: Event, changes: Changes) -> str:
    scopes = _listed(_after(changes, SCOPES))
    if _after(changes, "status") == Status.PENDING:
        return f"Asked for this token, with {scopes}; {_end(changes)}"
    return f"Issued with {scopes}; {_end(changes)}"


def _rotated(event: Event, changes: Changes) -> str:
    stops = _moment(_after(changes, OLD_KEY_STOPS))
    old = changes[KEY].before if KEY in changes else "the old key"
    if stops is None or stops <= event.at:
        told = f"Key rotated; {old} stopped at once"
    else:
        told = f"Key rotated; {old} verifies until {instant(stops)}"
    return f"{told}, and the key before it stopped" if OLDEST_KEY_STOPS in changes else told


def _finished(event: Event, changes: Changes) -> str:
    planned = _moment(changes[OLD_KEY_STOPS].before) if OLD_KEY_STOPS in changes else None
    return f"Old key stopped, earlier than {instant(planned)}" if planned else "Old key stopped"


def _switched(word: str) -> Callable[[Event, Changes], str]:
    def tell(event: Event, changes: Changes) -> str:
        outcome = _after(changes, REQUEST)
        if outcome == RequestStatus.CANCELLED:
            return f"{word}; the request for it is cancelled"
        return f"{word}; the request that waited is void" if outcome == RequestStatus.VOID else word

    return tell


def _approved(event: Event, changes: Changes) -> str:
    before = changes.get("token status")
    if before is not None and before.before == Status.DISABLED:
        return "Approved; enabled again"
    ends = _moment(_after(changes, "token expires_at"))
    return f"Approved; expires {instant(ends)}" if ends else "Approved; no expiration"


def _always(told: str) -> Callable[[Event, Changes], str]:
    return lambda event, changes: told


def _updated(event: Event, changes: Changes) -> str:
    told = [
        f"{field} changed"
        if field == "description"
        else f"{field} changed from {_text(one.before)} to {_text(one.after)}"
        for field, one in changes.items()
    ]
    return _capital("; ".join(told)) or "Changed"


_TOLD: Mapping[Action, Callable[[Event, Changes], str]] = {
    Action.TOKEN_ISSUED: _issued,
    Action.TOKEN_UPDATED: _updated,
    Action.TOKEN_ROTATED: _rotated,
    Action.TOKEN_OLD_KEY_FINISHED: _finished,
    Action.TOKEN_DISABLED: _switched("Disabled"),
    Action.TOKEN_ENABLED: _switched("Enabled"),
    Action.TOKEN_ENABLE_ASKED: _always("Asked to enable it again"),
    Action.TOKEN_REVOKED: _switched("Revoked"),
    Action.TOKEN_RETIRED_KEY_USED: _always("A key that was rotated away was used"),
    Action.APPROVAL_APPROVED: _approved,
    Action.APPROVAL_REJECTED: _always("Rejected"),
    Action.APPROVAL_CANCELLED: _always("Request cancelled"),
}


def _after(changes: Changes, field: str) -> object:
    return changes[field].after if field in changes else None


def _end(changes: Changes) -> str:
    ends = _moment(_after(changes, "expires_at"))
    if ends is not None:
        return f"expires {instant(ends)}"
    preset = _after(changes, "expiry_preset")
    return f"expires {preset} after approval" if preset else "no expiration"


def _listed(scopes: object) -> str:
    names = [str(name) for name in scopes] if isinstance(scopes, Sequence) and not isinstance(scopes, str) else []
    if len(names) > MANY_SCOPES:
        return f"{len(names)} scopes"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "no scopes"


def _moment(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _text(value: object) -> str:
    return "nothing" if value in (None, "") else f"“{value}”"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
