"""Rotate a key under the same token, and finish an overlap (SPEC 6)."""

from dataclasses import dataclass, field
from datetime import datetime

from app.domain import rotation, text
from app.domain.errors import Conflict, Faults
from app.domain.events import Action
from app.domain.lifecycle import Verb
from app.domain.people import Actor
from app.domain.roles import Deed
from app.services.recording import recording
from app.services.tokens import fetch
from app.services.tokens.keys import current_key, new_key, retiring_keys
from app.store.database import transaction


@dataclass(frozen=True)
class Rotated:
    """The answer: the new key is in it and nowhere else. The old one stops at `old_key_stops_at`."""

    token_id: str
    key: str = field(repr=False)
    hint: str
    old_key_stops_at: datetime


def rotate_key(token_id: str, key_id: str, overlap: str, actor: Actor, now: datetime, reason: str = "") -> Rotated:
    """Give the token a new key. `key_id` is the key that the form showed as current: of two rotations at once one wins,
    the other is a Conflict. A key that was retiring already stops now."""
    faults = Faults()
    lasts, why = rotation.OVERLAPS["immediately"], ""
    with faults.at("overlap"):
        lasts = rotation.overlap(overlap)
    with faults.at("reason"):
        why = text.optional_reason(reason)
    faults.refuse_if_any()
    with transaction() as session:
        found = fetch.for_deed(session, token_id, Deed.ROTATE_KEY, Verb.ROTATE, actor, now)
        old = current_key(session, token_id)
        if old.id != key_id:
            raise Conflict("The key was rotated a moment ago. Look at the token again.", code="rotated")
        with recording(session, Action.TOKEN_ROTATED, found.token, actor, now, reason=why) as record:
            for oldest in retiring_keys(session, token_id, now):
                record.note("retiring key stops", oldest.stops_at, now)
                oldest.stops_at = rotation.STOPPED
            stops_at = rotation.old_key_stops_at(now, lasts, found.token.expires_at)
            old.stops_at = rotation.kept_end(stops_at, now)
            key, row = new_key(session, token_id, found.person.id, now)
            record.note("key", old.hint, row.hint)
            record.note("old key stops", None, stops_at)
        return Rotated(token_id, key, row.hint, stops_at)


def finish_rotation(token_id: str, key_id: str, actor: Actor, now: datetime) -> None:
    """End the overlap: the retiring key stops now. Raises Conflict where this key is not retiring any more."""
    with transaction() as session:
        found = fetch.for_deed(session, token_id, Deed.ROTATE_KEY, Verb.ROTATE, actor, now)
        retiring = [key for key in retiring_keys(session, token_id, now) if key.id == key_id]
        if not retiring:
            raise Conflict("The old key has already stopped.", code="already_finished")
        with recording(session, Action.TOKEN_OLD_KEY_FINISHED, found.token, actor, now) as record:
            record.note("old key stops", retiring[0].stops_at, now)
            retiring[0].stops_at = rotation.STOPPED
