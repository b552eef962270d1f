"""Events of a token as sentences for its change history: what happened, written without who and when (SPEC 11)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain import events, restrictions
from app.domain.approval import RequestStatus
from app.domain.events import Action, Event
from app.domain.expiry import PRESETS
from app.domain.instants import instant
from app.domain.lifecycle import Status

# Names under which the verbs on tokens note what is no column of theirs.
SCOPES, KEY, REQUEST = "scopes", "key", "approval request"
OLD_KEY_STOPS, OLDEST_KEY_STOPS = "old key stops", "retiring key stops"
EMERGENCY_ENDS, DURATION, ACTIVATOR = "emergency access ends", "duration", "activated by"
# Before the fields of a token in an event about a request for it; before those that a request would change.
OF_TOKEN, ASKED = "token ", "asked "
MANY_SCOPES = 4
MANY_ENTRIES = 3


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


def _issued(event: Event, changes: Changes) -> str:
    scopes = _listed(_after(changes, SCOPES))
    narrowed = [_restricted(field, one) for field, one in changes.items() if field in restrictions.FIELDS]
    if _after(changes, "status") == Status.PENDING:
        return "; ".join([f"Asked for this token, with {scopes}", _end(changes), *narrowed])
    return "; ".join([f"Issued with {scopes}", _end(changes), *narrowed])


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
        outcome, told = _after(changes, REQUEST), [word]
        if outcome == RequestStatus.CANCELLED:
            told.append("the request for it is cancelled")
        if outcome == RequestStatus.VOID:
            told.append("the request that waited is void")
        if EMERGENCY_ENDS in changes:
            told.append("emergency access ended with it")
        return "; ".join(told)

    return tell


def _opened(event: Event, changes: Changes) -> str:
    ends = _moment(_after(changes, EMERGENCY_ENDS))
    until = f", until {instant(ends)}" if ends else ""
    return f"Emergency access activated for {_after(changes, DURATION) or 'a while'}{until}"


def _closed(word: str) -> Callable[[Event, Changes], str]:
    def tell(event: Event, changes: Changes) -> str:
        lasted = changes.get(DURATION)
        told = f"Emergency access {word}"
        if lasted is not None:
            told += f" after {lasted.after} of {lasted.before}"
        return f"{told}: {changes[ACTIVATOR].before} may not use it any more" if ACTIVATOR in changes else told

    return tell


def _approved(event: Event, changes: Changes) -> str:
    token = {field.removeprefix(OF_TOKEN): one for field, one in changes.items() if field.startswith(OF_TOKEN)}
    if _was(token, "status", Status.PENDING):
        ends = _moment(_after(token, "expires_at"))
        return f"Approved; expires {instant(ends)}" if ends else "Approved; no expiration"
    return "; ".join(["Approved", *_edited(token)])


def _asked(event: Event, changes: Changes) -> str:
    asked = {field.removeprefix(ASKED): one for field, one in changes.items() if field.startswith(ASKED)}
    return f"Asked for a change: {'; '.join(_edited(asked))}"


def _always(told: str) -> Callable[[Event, Changes], str]:
    return lambda event, changes: told


def _updated(event: Event, changes: Changes) -> str:
    void = ["the request that waited is void"] if _after(changes, REQUEST) == RequestStatus.VOID else []
    return _capital("; ".join([*_edited(changes), *void])) or "Changed"


def _edited(changes: Changes) -> list[str]:
    told = []
    for field, one in changes.items():
        match field:
            case "name":
                told.append(f"name changed from {_text(one.before)} to {_text(one.after)}")
            case "description":
                told.append("description changed")
            case "scopes":
                told.append(_scopes_moved(one))
            case "expires_at":
                told.append(_end_moved(one))
            case "status":
                told.append("enabled again")
            case str() if field in restrictions.FIELDS:
                told.append(_restricted(field, one))
    return told


def _scopes_moved(one: _Change) -> str:
    before, after = (list(value) if isinstance(value, Sequence) else [] for value in (one.before, one.after))
    added = _listed([name for name in after if name not in before])
    removed = _listed([name for name in before if name not in after])
    told = [f"added {added}"] if set(after) - set(before) else []
    return "; ".join([*told, *([f"removed {removed}"] if set(before) - set(after) else [])])


def _end_moved(one: _Change) -> str:
    if one.after is None:
        return "no expiration any more"
    if isinstance(one.after, str) and one.after in PRESETS:
        return f"expires {one.after} after approval"
    end = _moment(one.after)
    return f"expires {instant(end)}" if end else "expiry changed"


def _restricted(field: str, one: _Change) -> str:
    label = restrictions.FIELDS[field].label
    label = label if label.startswith("IP") else label.lower()
    if not one.after:
        return f"{label} removed"
    entries = restrictions.described(field, one.after).splitlines()
    told = ", ".join(entries) if len(entries) <= MANY_ENTRIES else f"{len(entries)} entries"
    return f"{label} {'set to' if not one.before else 'changed to'} {told}"


_TOLD: Mapping[Action, Callable[[Event, Changes], str]] = {
    Action.TOKEN_ISSUED: _issued,
    Action.TOKEN_UPDATED: _updated,
    Action.TOKEN_ROTATED: _rotated,
    Action.TOKEN_OLD_KEY_FINISHED: _finished,
    Action.TOKEN_DISABLED: _switched("Disabled"),
    Action.TOKEN_ENABLED: _switched("Enabled"),
    Action.TOKEN_CHANGE_ASKED: _asked,
    Action.TOKEN_REVOKED: _switched("Revoked"),
    Action.TOKEN_EMERGENCY_ACTIVATED: _opened,
    Action.TOKEN_EMERGENCY_DEACTIVATED: _closed("deactivated"),
    Action.TOKEN_EMERGENCY_ENDED: _closed("ended"),
    Action.TOKEN_RETIRED_KEY_USED: _always("A key that was rotated away was used"),
    Action.APPROVAL_APPROVED: _approved,
    Action.APPROVAL_REJECTED: _always("Rejected"),
    Action.APPROVAL_CANCELLED: _always("Request cancelled"),
}


def _was(changes: Changes, field: str, value: object) -> bool:
    return field in changes and changes[field].before == value


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
