"""Public ids and other unguessable names, in base 62 so that a double click selects them whole."""

import os
import re
import secrets
from collections import defaultdict, deque
from enum import StrEnum

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_LENGTH = 22
_CHARACTERS = bytes(ord(ALPHABET[byte % 62]) for byte in range(256))
# Texts that are made but not used yet, by their length. A process that is forked off must not use the same.
STOCKED = 256
_stock = defaultdict[int, deque[str]](deque)
os.register_at_fork(after_in_child=_stock.clear)


class Kind(StrEnum):
    """What an id names: the prefix of the id."""

    APPLICATION = "app"
    TOKEN = "tok"
    REQUEST = "req"
    USER = "usr"
    EVENT = "evt"
    KEY = "key"
    INCIDENT = "inc"


def base62(number: int, length: int) -> str:
    """Write a number with exactly `length` base-62 digits, zeros in front."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 62)
        digits.append(ALPHABET[digit])
    if number:
        raise ValueError("the number does not fit")
    return "".join(reversed(digits))


def random_text(length: int) -> str:
    """Unguessable base-62 text; each character carries 5.95 bits."""
    return base62(secrets.randbelow(62**length), length)


def quick_text(length: int) -> str:
    """Base-62 text that does not repeat, for naming what needs no guarding: some characters come up a little more
    often than others. Made many at a time, because the system is asked for randomness, and other threads get their turn
    meanwhile."""
    stock = _stock[length]
    try:
        return stock.popleft()
    except IndexError:
        text = os.urandom(STOCKED * length).translate(_CHARACTERS).decode("ascii")
        first, *others = (text[start : start + length] for start in range(0, len(text), length))
        stock.extend(others)
        return first


def new_id(kind: Kind) -> str:
    """A fresh public id: the kind's prefix, `_`, 22 base-62 characters (131 bits)."""
    return f"{kind.value}_{random_text(ID_LENGTH)}"


def is_id(kind: Kind, text: str) -> bool:
    """Whether `text` has the form of an id of this kind."""
    return re.fullmatch(rf"{kind.value}_[0-9A-Za-z]{{{ID_LENGTH}}}", text, re.ASCII) is not None
