"""An event of the log as people read it, on the page and in a spreadsheet alike."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from app.domain import events
from app.domain.events import Event

NOTHING = "–"  # noqa: RUF001  # a dash, as pages write it
EMPTY = (None, "")
_COLUMN = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b", re.ASCII)
_INSTANT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?\+00:00", re.ASCII)
COLUMNS = (
    *("sequence", "id", "at", "who", "actor_id", "what", "action"),
    *("subject", "subject_kind", "subject_id", "application_id", "token_id"),
    *("reason", "changes", "address", "user_agent", "request_id", "hash"),
)


def who(event: Event) -> str:
    """The actor's name at that time. An event without one is the program's own."""
    return event.actor_name or "Postern"


def what(event: Event) -> str:
    """What was done, as a sentence without its subject: `Issued the token`."""
    sentence = events.sentence(event.action)
    return sentence[:1].upper() + sentence[1:]


def changes(event: Event) -> Sequence[str]:
    """Before and after, a line for each field: `status: active → disabled`. None where nothing became nothing."""
    told = [(each["field"], each.get("before"), each.get("after")) for each in event.changes]
    return [
        f"{_words(str(field))}: {_text(before)} → {_text(after)}"
        for field, before, after in told
        if before not in EMPTY or after not in EMPTY
    ]


def exact(moment: datetime) -> str:
    """An instant to the microsecond, as the chain has it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def cells(event: Event, chained: str) -> Sequence[str]:
    """The event under COLUMNS; `chained` is its hash."""
    subject = event.subject
    return [
        *(str(event.sequence), event.id, exact(event.at), who(event), event.actor_id or "", what(event), event.action),
        *(subject.name, subject.kind, subject.id, subject.application_id or "", subject.token_id or ""),
        *(event.reason, "\n".join(changes(event)), event.address or "", event.user_agent or ""),
        *(event.request_id or "", chained),
    ]


def _words(field: str) -> str:
    """The name of a field as people write it: `expires at`, `IP whitelist`."""
    # An id that stands in it stays whole: no column has capitals or digits.
    return _COLUMN.sub(lambda found: found[0].replace("ip_", "IP ").replace("_", " "), field)


def _text(value: object) -> str:
    match value:
        case None | "":
            return NOTHING
        case str():
            # Whole or not at all: what somebody wrote is shown as it was written.
            found = _INSTANT.fullmatch(value)
            return f"{found[1]} {found[2]} UTC" if found else value
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_text(each) for each in value) or NOTHING
    return json.dumps(value, ensure_ascii=False)
