"""Email addresses: names of accounts, written one way (TRAPS L3)."""

import re
import unicodedata

from app.domain import text
from app.domain.errors import Unfit

LENGTH = 254
_SHAPE = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


def email(raw: str) -> str:
    """An address as it is shown: NFC, trimmed. Whether mail arrives there is not Postern's business."""
    address = unicodedata.normalize("NFC", raw).strip()
    if len(address) > LENGTH:
        raise Unfit(f"Use at most {LENGTH} characters.")
    if not _SHAPE.fullmatch(address) or any(map(text.is_unseen, address)):
        raise Unfit("Enter an email address, such as ada@example.com.")
    # One ligature can fold to eighteen letters, and accounts are told apart by what is folded.
    if len(text.folded(address)) > LENGTH:
        raise Unfit("Write this address with plain letters: some of these characters stand for whole words.")
    return address


def account_name(raw: str) -> str:
    """The form in which accounts are told apart: upper and lower case, and letters that only look wider, are the same.
    Empty for what is no address, and so for nobody's."""
    try:
        return text.folded(email(raw))
    except Unfit:
        return ""
