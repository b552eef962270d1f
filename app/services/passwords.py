"""Hashing people's passwords: argon2id, at most two at a time, so that a flood of sign-ins cannot take all memory and
every thread of the process (SPEC 2, TRAPS T25)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from app.domain import passwords
from app.domain.errors import Invalid, TooMany, Unfit

AT_ONCE = 2
# One more may wait. Everybody else is told at once, so that threads stay free for verification.
WAITING = 1
WAIT_SECONDS = 1.0
# argon2id with 64 MiB, three passes, four lanes (RFC 9106, second recommendation).
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
# The hash of a password that nobody knows, made with the same parameters: what is checked where there is no account.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
_at_work = threading.BoundedSemaphore(AT_ONCE)
_in_line = threading.BoundedSemaphore(AT_ONCE + WAITING)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for one's turn to hash. Raises TooMany where too many wait already."""
    if not _in_line.acquire(blocking=False):
        raise _busy()
    try:
        if not _at_work.acquire(timeout=WAIT_SECONDS):
            raise _busy()
        try:
            yield
        finally:
            _at_work.release()
    finally:
        _in_line.release()


def matches(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one. Always one hash of work, also where nothing is stored and where the
    password is too long to be anybody's. Call it in one's `turn`."""
    checkable = passwords.is_checkable(password)
    right = _verify(stored or _NOBODY, password if checkable else "")
    return right and checkable and stored is not None


def hashed(password: str) -> str:
    """What is stored of a password. Waits for its turn."""
    with turn():
        return _HASHER.hash(password.encode("utf-8", "surrogatepass"))


def hashed_new(password: str, email: str, *, field: str) -> str:
    """What is stored of a password that the person of this email may set. Raises Invalid at the field, TooMany."""
    try:
        return hashed(passwords.new_password(password, email=email))
    except Unfit as unfit:
        raise Invalid({field: str(unfit)}) from unfit


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password.encode("utf-8", "surrogatepass"))
    except VerifyMismatchError:
        return False


def _busy() -> TooMany:
    return TooMany("Many people are signing in at this moment. Try again in a few seconds.", retry_after=2)
