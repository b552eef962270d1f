"""How long a signed-in browser stays signed in, and when a person is asked for their password again (SPEC 2)."""

from datetime import datetime, timedelta

IDLE = timedelta(hours=8)
LIFETIME = timedelta(hours=24)
# Being seen is written down at most this often, so that reading pages is not writing.
SEEN_EVERY = timedelta(minutes=1)
PASSWORD_HOLDS = timedelta(minutes=10)


def is_live(created_at: datetime, seen_at: datetime, ended_at: datetime | None, now: datetime) -> bool:
    """Whether a session counts at this instant: not ended, not idle for 8 hours, not older than 24."""
    return ended_at is None and now < seen_at + IDLE and now < created_at + LIFETIME


def is_seen_anew(seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to write down that the session was seen."""
    return now >= seen_at + SEEN_EVERY


def password_is_fresh(password_at: datetime, now: datetime) -> bool:
    """Whether the password was typed so lately that it need not be typed again."""
    return now < password_at + PASSWORD_HOLDS
