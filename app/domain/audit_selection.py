"""Which events of the log somebody wants to see, and how what they type is read (SPEC 11)."""

import re
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Unfit
from app.domain.events import Action

# The fields of the form and the address. All are text, and empty for no limit.
FIELDS = ("since", "until", "actor", "action", "application", "token")
_CURSOR = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True)
class Selection:
    """Events from `since` on and before `until`, by this actor, of this action, about this application and token. None
    is no limit. A person is known by their id; who has none, such as the host's console, by the name in the event."""

    since: datetime | None = None
    until: datetime | None = None
    actor_id: str | None = None
    actor_name: str | None = None
    action: Action | None = None
    application_id: str | None = None
    token_id: str | None = None


def action(raw: str) -> Action | None:
    """A word of the audit vocabulary."""
    try:
        return Action(raw) if raw else None
    except ValueError:
        raise Unfit("Choose an action from the list.") from None


def cursor(raw: str) -> int | None:
    """The sequence of the event that a page begins behind."""
    if not raw:
        return None
    if not _CURSOR.fullmatch(raw):
        raise Unfit("This address names no page of the log. Start from the newest events.")
    return int(raw)
