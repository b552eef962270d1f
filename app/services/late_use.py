"""A key that was rotated away and is used all the same: its first use is an audit event (SPEC 6, "Rotate")."""

from app.domain.events import Action
from app.domain.people import Actor
from app.domain.usage import Use
from app.services.recording import recording
from app.store.database import transaction
from app.store.tables import KeyRow, TokenRow


def record_late_use(use: Use) -> None:
    """Record the first use of a retired key, at the instant of the use. Does nothing where that is on record already:
    several processes may have seen one."""
    with transaction() as session:
        key = session.get(KeyRow, use.key_id)
        if key is None or key.late_use_at is not None:
            return
        token = session.get_one(TokenRow, key.token_id)
        actor = Actor(None, f"The holder of {key.hint}", address=use.address, request_id=use.request_id)
        with recording(session, Action.TOKEN_RETIRED_KEY_USED, token, actor, use.at) as record:
            key.late_use_at = use.at
            record.note("retired key used", None, key.hint)
