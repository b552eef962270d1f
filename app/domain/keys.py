"""The key of a token: made once, recognised by its shape, stored as a keyed digest (SPEC 5, "The key")."""

import hmac
import re
import secrets
import zlib
from dataclasses import dataclass, field
from functools import lru_cache

from app.domain.identifiers import base62

PREFIX = "pst_"
RANDOM_LENGTH = 43
CHECKSUM_LENGTH = 6
LENGTH = len(PREFIX) + RANDOM_LENGTH + CHECKSUM_LENGTH
PATTERN = "pst_[0-9A-Za-z]{49}"
# A checksum is three pairs of digits.
_TWO_DIGITS, _FOUR_DIGITS = 62**2, 62**4
_PAIRS = [base62(number, 2) for number in range(_TWO_DIGITS)]
_SHAPE = re.compile(PATTERN, re.ASCII)
_HINT_LENGTH = 4
# As pages write it, as people type it from there, or its last characters alone.
_HINT = re.compile(r"(?:pst_)?(?:\u2026|\.{2,4})?([0-9A-Za-z]{4})", re.ASCII)
# Long runs of letters and digits, all kinds of them mixed: no name, and no id, is like that.
_PART = re.compile(r"pst_[0-9A-Za-z]{5,}|[0-9A-Za-z]{28,}", re.ASCII)


@dataclass(frozen=True)
class KeySecret:
    """A secret that digests are made under. Its id is stored beside each digest, so that it can be replaced."""

    id: str
    value: bytes = field(repr=False)


def make() -> str:
    """A new key: `pst_`, 256 random bits in 43 base-62 characters, a checksum in 6."""
    body = PREFIX + base62(secrets.randbits(256), RANDOM_LENGTH)
    return body + _checksum(body)


def is_well_formed(text: str) -> bool:
    """Whether `text` has a key's shape and its checksum is right: costs no look-up, forgives nothing."""
    return _SHAPE.fullmatch(text) is not None and text[-CHECKSUM_LENGTH:] == _checksum(text[:-CHECKSUM_LENGTH])


def occurs_in(text: str) -> bool:
    """Whether something with a key's shape stands anywhere in `text`."""
    return _SHAPE.search(text) is not None


def mask(text: str) -> str:
    """The same text with everything of a key's shape reduced to its hint."""
    return _SHAPE.sub(lambda found: hint(found.group()), text)


def digest(key: str, secret: KeySecret) -> str:
    """What is stored of a key: HMAC-SHA-256 under a secret that is not in the database, in hex."""
    begun = _begun(secret).copy()
    begun.update(key.encode("ascii"))
    return begun.hexdigest()


@lru_cache(maxsize=8)
def _begun(secret: KeySecret) -> "hmac.HMAC":
    """With the secret in it already, which costs more than the rest."""
    return hmac.new(secret.value, digestmod="sha256")


def hint(key: str) -> str:
    """What people see of a key afterwards: its prefix and its last four characters."""
    return f"{PREFIX}…{key[-_HINT_LENGTH:]}"


def hint_in(text: str) -> str | None:
    """The hint that somebody typed, as it is kept: `pst_…x9Kf`, also with dots or by its last four characters alone. Of
    a whole key, its hint. None where it is none."""
    key, typed = _SHAPE.search(text), _HINT.fullmatch(text.strip())
    if key is not None:
        return hint(key.group())
    return hint(typed.group(1)) if typed is not None else None


def may_hold_part(text: str) -> bool:
    """Whether `text` may hold a piece of a key, cut off where it was copied: to be kept out of sight like a key."""
    return any(
        run.startswith(PREFIX) or (re.search("[0-9]", run) and re.search("[A-Z]", run) and re.search("[a-z]", run))
        for run in _PART.findall(text)
    )


def _checksum(body: str) -> str:
    high, low = divmod(zlib.crc32(body.encode("ascii")), _FOUR_DIGITS)
    middle, low = divmod(low, _TWO_DIGITS)
    return _PAIRS[high] + _PAIRS[middle] + _PAIRS[low]
