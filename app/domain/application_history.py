"""What happened to an application and its tokens, as sentences (SPEC 11). See history.py for a token's own."""

from collections.abc import Mapping

from app.domain import applications, events, history
from app.domain.events import Action, Event
from app.domain.scopes import AnswersFor

OWNER, MEMBER = "owner", "member"


def sentence(event: Event, token_name: str | None = None) -> str:
    """What happened, in one sentence that needs nobody's name; about a token, its name comes first."""
    if token_name is not None:
        return f"{token_name}: {_small(history.sentence(event))}"
    changes = {str(change["field"]): change for change in event.changes}
    match event.action:
        case Action.APPLICATION_CREATED:
            return "Application created"
        case Action.APPLICATION_UPDATED:
            return _updated(changes)
        case Action.APPLICATION_DISABLED:
            return "Application disabled"
        case Action.APPLICATION_ENABLED:
            return "Application enabled"
        case Action.APPLICATION_ANSWERS_FOR_SET:
            return f"Answers for {applications.described(_answers_for(_after(changes, 'answers_for')))}"
        case Action.MEMBER_ADDED:
            return f"{_after(changes, MEMBER)} added as a member"
        case Action.MEMBER_REMOVED:
            return f"{changes[MEMBER]['before']} removed" if MEMBER in changes else "A member removed"
    told = events.sentence(event.action)
    return told[:1].upper() + told[1:]


def _updated(changes: Mapping[str, Mapping[str, object]]) -> str:
    told = []
    if OWNER in changes:
        told.append(f"handed over from {changes[OWNER]['before']} to {changes[OWNER]['after']}")
    if "name" in changes:
        told.append(f"renamed from “{changes['name']['before']}” to “{changes['name']['after']}”")
    if "description" in changes:
        told.append("description changed")
    told = told or ["application changed"]
    return "; ".join([told[0][:1].upper() + told[0][1:], *told[1:]])


def _answers_for(value: object) -> AnswersFor:
    """What an event holds, `all` or a list, as the value it was made from."""
    if isinstance(value, list):
        return AnswersFor(frozenset(str(name) for name in value))
    return AnswersFor(everything=value == "all")


def _after(changes: Mapping[str, Mapping[str, object]], field: str) -> object:
    return changes[field]["after"] if field in changes else None


def _small(told: str) -> str:
    return told[:1].lower() + told[1:]
