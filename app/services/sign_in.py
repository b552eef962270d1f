"""Signing in: one answer for every reason why not, in text, status and time (SPEC 2, TRAPS T14)."""

from dataclasses import replace
from datetime import datetime

from app.domain import passwords as rules
from app.domain.emails import account_name
from app.domain.errors import Refusal
from app.domain.events import Action
from app.domain.people import Actor
from app.quota.attempts import Attempts, Claimant
from app.services import failures, passwords, sessions
from app.services.recording import append_event, subject_of
from app.store.database import db, transaction
from app.store.queries import people
from app.store.queries.people import Account
from app.store.tables import UserRow, UserSessionRow


class WrongPassword(Refusal):
    """Nobody of this email has this password, or may sign in with it. Which of these, nobody is told."""

    code = "wrong_password"

    def __init__(self, sentence: str = "This email and password do not belong together here.") -> None:
        super().__init__(sentence)


def sign_in(email: str, password: str, attempts: Attempts, actor: Actor, now: datetime) -> str:
    """Start a session for who knows the password; the secret for its cookie. Raises WrongPassword, or TooMany where
    attempts are slowed down."""
    name = account_name(email)
    account = people.account_named(db.session(), name, actor.address)
    require_right(account, name, password, attempts, actor, now)
    if account is not None:
        with transaction() as session:
            row = session.get(UserRow, account.person.id)
            # Deactivated, or given a new password, while this one was being checked.
            if row is not None and row.active and row.password_hash == account.password_hash:
                failures.write_past(session, now)
                secret = sessions.start(session, row.id, actor, now)
                who = replace(actor, person_id=row.id, name=row.name)
                append_event(session, Action.USER_SIGNED_IN, subject_of(row), who, now)
                return secret
    raise WrongPassword


def type_again(session_id: str, password: str, attempts: Attempts, actor: Actor, now: datetime) -> None:
    """Note that the person behind a session typed their password just now. Raises WrongPassword, TooMany."""
    account = people.account_of(db.session(), actor.person_id or "", actor.address)
    name = account_name(account.person.email) if account else ""
    require_right(account, name, password, attempts, actor, now)
    with transaction() as session:
        row = session.get(UserSessionRow, session_id)
        if row is None or row.ended_at is not None or row.user_id != actor.person_id:
            raise WrongPassword("This session has ended. Sign in again.")
        row.password_at = now


def require_right(
    account: Account | None, name: str, password: str, attempts: Attempts, actor: Actor, now: datetime
) -> None:
    """Raise WrongPassword, and count it, where the password is not the account's; TooMany where attempts are slowed.
    The work is the same for every outcome, and for an account that does not exist."""
    claimant = Claimant(name, actor.address, account is not None and account.signed_in_from_here)
    with passwords.turn():
        room = attempts.room(claimant, now)
        stored = account.password_hash if account and room.counts else None
        right = passwords.matches(rules.typed(password), stored)
        if not right:
            attempts.count_failure(claimant, room)
    if not right:
        failures.note_failure(account.person.id if account else None, actor, now)
        raise room.refusal or WrongPassword
