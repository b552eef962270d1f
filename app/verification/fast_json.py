"""Reading what nearly every caller sends, fast: an object of plain texts, lists of texts and small numbers.

It judges nothing. What it does not know for certain it leaves to the careful reader, which alone says what is wrong; a
property test holds that what this one reads, the other reads alike. `msgspec` lets the last of two equal names win, so
that names are counted: without a backslash every quotation mark begins or ends a text, and a name that is there twice
leaves more of them than there are texts in what was read."""

from typing import Any

import msgspec

LARGEST_NUMBER = 10**9
_DECODER = msgspec.json.Decoder()


def read(raw: bytes) -> dict[str, Any] | None:
    """The members of the object; None where somebody else has to look."""
    if b"\\" in raw or not raw.isascii():
        return None
    try:
        found = _DECODER.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        return None
    if type(found) is not dict:
        return None
    texts = len(found)
    for value in found.values():
        if type(value) is str:
            texts += 1
        elif type(value) is list and all(type(one) is str for one in value):
            texts += len(value)
        elif not _is_plain(value):
            return None
    return found if raw.count(b'"') == 2 * texts else None


def _is_plain(value: object) -> bool:
    return type(value) is bool or (type(value) is int and abs(value) <= LARGEST_NUMBER)
