"""Passwords that can be read out and typed: five words from a list."""

import math
import secrets
from pathlib import Path

WORDS = Path(__file__).parents[2] / "example" / "words.txt"
COUNT = 5
FEWEST_BITS = 50


def passphrase() -> str:
    """Five words joined by hyphens, each chosen anew: 51 bits from a list of 1,308."""
    words = WORDS.read_text("ascii").split()
    if COUNT * math.log2(len(set(words))) < FEWEST_BITS:
        raise RuntimeError("the word list is too short for passwords")
    return "-".join(secrets.choice(words) for _ in range(COUNT))
