"""The browser that is signed in: from its cookie to the person, from a new session to its cookie."""

from flask import current_app, g, session
from flask_login import login_user
from sqlalchemy.exc import DBAPIError

from app.domain.sessions import is_seen_anew
from app.quota.attempts import Attempts
from app.services.sessions import note_seen
from app.store.database import db
from app.store.queries import sessions
from app.web.access import SignedIn, is_in_background, now
from app.web.resend import FORM_TOKEN

ATTEMPTS = "postern_attempts"


def load(secret: str) -> SignedIn | None:
    """Who is behind the cookie, read from the database at each request; None where the session does not count."""
    found = sessions.live(db.session(), sessions.id_of(str(secret)), now())
    if found is None:
        return None
    if is_seen_anew(found.seen_at, now()) and not is_in_background():
        _note_seen(found.id)
    return SignedIn(found.person, secret, found.id, found.password_at)


def keep(secret: str) -> None:
    """Sign this browser in to the session with this secret. Everything its cookie held before is dropped, so that
    nothing planted there before the sign-in lives on after it."""
    forget()
    login_user(load(secret))


def forget() -> None:
    """Drop everything the cookie holds, and the form token that was made under it."""
    session.clear()
    g.pop(FORM_TOKEN, None)


def attempts() -> Attempts:
    """The counters of failed passwords."""
    counters: Attempts = current_app.extensions[ATTEMPTS]
    return counters


def _note_seen(session_id: str) -> None:
    try:
        note_seen(session_id, now())
    except DBAPIError as error:
        # A database that cannot be written to can still be read: the page is worth more than the note.
        current_app.logger.warning("a session's last use was not noted: %s", type(error).__name__)
