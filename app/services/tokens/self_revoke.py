"""A key ends its own token: whoever finds a leaked key can kill it (SPEC 12, "Self")."""

from datetime import datetime

from app.domain import lifecycle, rotation
from app.domain.events import Action
from app.domain.lifecycle import Verb
from app.domain.people import Actor
from app.domain.rotation import KeyState
from app.services.recording import recording
from app.services.tokens import switch
from app.store.database import transaction
from app.store.tables import KeyRow, TokenRow


def revoke_by_key(key_id: str, address: str | None, request_id: str, now: datetime) -> None:
    """Revoke the token of the key that was presented. Does nothing where the token has ended already, or where the key
    was rotated away: an old key that leaked must not be able to end the token that was rotated because of it."""
    with transaction() as session:
        key = session.get_one(KeyRow, key_id)
        token = session.get_one(TokenRow, key.token_id)
        is_dead = rotation.key_state(key.stops_at, now) is KeyState.RETIRED
        if is_dead or not lifecycle.permits(Verb.REVOKE, lifecycle.status(token.facts, now)):
            return
        actor = Actor(None, f"The holder of {key.hint}", address=address, request_id=request_id)
        with recording(session, Action.TOKEN_REVOKED, token, actor, now) as record:
            switch.revoke(session, token, record, actor, now)
