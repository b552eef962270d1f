"""What people may type: NFC, trimmed, visible, and never a key (SPEC 3)."""

import unicodedata

from app.domain import keys
from app.domain.errors import Unfit

NAME_LENGTH = 100
FOLDED_LENGTH = 400
DESCRIPTION_LENGTH = 2_000
REASON_MIN, REASON_MAX = 10, 2_000
LINE_BREAKS = "\n\t"


def name(raw: str) -> str:
    """A name of 1 to 100 characters on one line."""
    text = _clean(raw, allowed="")
    if not text:
        raise Unfit("Enter a name.")
    # One ligature can fold to eighteen letters, and names are kept folded too.
    if len(folded(_at_most(text, NAME_LENGTH))) > FOLDED_LENGTH:
        raise Unfit("Write this name with plain letters: some of these characters stand for whole words.")
    return text


def description(raw: str) -> str:
    """A description of at most 2,000 characters; may be empty."""
    return _at_most(_clean(raw, allowed=LINE_BREAKS), DESCRIPTION_LENGTH)


def reason(raw: str) -> str:
    """A reason of 10 to 2,000 characters: approvers and auditors read it."""
    text = _clean(raw, allowed=LINE_BREAKS)
    if len(text) < REASON_MIN:
        raise Unfit(f"Say why, in at least {REASON_MIN} characters. Approvers and auditors read this.")
    return _at_most(text, REASON_MAX)


def optional_reason(raw: str) -> str:
    """A reason that may be left out, but is a proper text of at most 2,000 characters if given."""
    return _at_most(_clean(raw, allowed=LINE_BREAKS), REASON_MAX)


def folded(text: str) -> str:
    """The form in which two names are compared: NFKC and case folding, inner spaces as one."""
    once = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", once).split())


def _clean(raw: str, *, allowed: str) -> str:
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    for character in text:
        if character not in allowed and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            raise Unfit(f"Remove the invisible character U+{ord(character):04X}; only visible text is kept here.")
    if keys.occurs_in(text):
        raise Unfit("This text contains a key. A key written down here would be read by others: remove it.")
    return text


def _at_most(text: str, length: int) -> str:
    if len(text) > length:
        raise Unfit(f"Use at most {length:,} characters; this has {len(text):,}.")
    return text
