"""What makes a password good enough: length, and not being everybody's (SPEC 2). No rule about kinds of characters,
which only makes people write them down (NIST SP 800-63B, 3.1.1)."""

import unicodedata

from app.domain.errors import Unfit

SHORTEST, LONGEST = 15, 1_024
FEWEST_DIFFERENT = 5
# The long ones that lists of leaked passwords begin with; shorter ones are refused by their length.
BLOCKED = frozenset(
    {
        "123456789012345",
        "1234567890123456",
        "1qaz2wsx3edc4rfv",
        "1q2w3e4r5t6y7u8i9o0p",
        "abcdefghijklmno",
        "abcdefghijklmnopqrstuvwxyz",
        "administrator123",
        "changemechangeme",
        "correcthorsebatterystaple",
        "iloveyouiloveyou",
        "letmeinletmeinletmein",
        "passwordpassword",
        "password12345678",
        "password123456789",
        "qwertyuiopasdfgh",
        "qwertyuiopasdfghjkl",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertyuiop123456",
        "thequickbrownfox",
    }
)


def typed(raw: str) -> str:
    """A password as it is compared: keyboards write the same letter in different ways, so NFC; never trimmed."""
    return unicodedata.normalize("NFC", raw)


def is_checkable(password: str) -> bool:
    """Whether it could be anybody's at all; the rest is not worth the work of checking."""
    return len(password) <= LONGEST


def new_password(raw: str, *, email: str = "") -> str:
    """A password that may be set by the person of this email. Raises Unfit."""
    password = typed(raw)
    if len(password) < SHORTEST:
        raise Unfit(f"Use at least {SHORTEST} characters. Some words that belong together only to you are good.")
    if len(password) > LONGEST:
        raise Unfit(f"Use at most {LONGEST:,} characters; this has {len(password):,}.")
    plain = "".join(character for character in password.casefold() if character.isalnum())
    if plain in BLOCKED or len(set(password)) < FEWEST_DIFFERENT:
        raise Unfit("This password is among the first that others would try. Use another one.")
    if email and email.casefold() in password.casefold():
        raise Unfit("Leave your email address out of your password.")
    return password
