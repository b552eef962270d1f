"""Addresses as numbers, and the ways in which people, programs and attackers write them. Knows nothing of `ipaddress`,
so that it can be held against code that does."""

import re
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

MAPPED = 0xFFFF << 32
BITS = {4: 32, 6: 128}
_OCTET = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)
_GROUP = re.compile(r"[0-9a-fA-F]{1,4}", re.ASCII)


class Number(NamedTuple):
    """An address: its family and the number behind it."""

    version: int
    value: int


def read(text: str) -> Number | None:
    """What a plain address means, by the grammar of RFC 4291 (2.2) and RFC 6943 (3.1.1, strict); None for all else."""
    four = _read_four(text)
    if four is not None:
        return Number(4, four)
    six = _read_six(text)
    if six is None:
        return None
    return Number(4, six - MAPPED) if six >> 32 == 0xFFFF else Number(6, six)


def _read_four(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != 4 or not all(_OCTET.fullmatch(part) and int(part) < 256 for part in parts):
        return None
    value = 0
    for part in parts:
        value = value << 8 | int(part)
    return value


def _read_six(text: str) -> int | None:
    head, gap, tail = text.partition("::")
    if "::" in tail or (gap and tail.startswith(":")):
        return None
    before, after = _groups(head, last=not gap), _groups(tail, last=True)
    if before is None or after is None:
        return None
    missing = 8 - len(before) - len(after)
    if missing < (1 if gap else 0) or (missing and not gap):
        return None
    value = 0
    for group in (*before, *([0] * missing), *after):
        value = value << 16 | group
    return value


def _groups(text: str, *, last: bool) -> list[int] | None:
    if not text:
        return []
    parts = text.split(":")
    found = []
    if last and "." in parts[-1]:
        four = _read_four(parts.pop())
        if four is None:
            return None
        found = [four >> 16, four & 0xFFFF]
    if not all(_GROUP.fullmatch(part) for part in parts):
        return None
    return [int(part, 16) for part in parts] + found


def spellings(number: Number) -> Iterator[str]:
    """Every honest way to write the address."""
    dotted = ".".join(str(number.value >> shift & 255) for shift in (24, 16, 8, 0))
    if number.version == 4:
        yield dotted
        value = MAPPED + number.value
    else:
        value = number.value
    groups = [value >> shift & 0xFFFF for shift in range(112, -1, -16)]
    texts = [f"{group:x}" for group in groups]
    yield ":".join(texts)
    yield ":".join(texts).upper()
    yield ":".join(f"{group:04x}" for group in groups)
    yield ":".join(texts[:6]) + ":" + ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))
    for start in range(8):
        for end in range(start + 1, 9):
            if not any(groups[start:end]):
                yield ":".join(texts[:start]) + "::" + ":".join(texts[end:])


def false_spellings(number: Number) -> Iterator[str]:
    """Ways to write it that some reader somewhere takes, and that mean nothing here."""
    for text in spellings(number):
        yield from (
            f" {text}",
            f"{text} ",
            f"{text}\n",
            f"{text}%eth0",
            f"{text}%0",
            f"{text}/32",
            f"{text}.",
            f"[{text}]",
        )
        yield from (f"[{text}]:80", f"{text}\x00", f"'{text}'", f"{text},", f"//{text}", f"{text}:", f":{text}")
    if number.version == 4:
        octets = [number.value >> shift & 255 for shift in (24, 16, 8, 0)]
        yield str(number.value)
        yield hex(number.value)
        yield oct(number.value)
        yield ".".join(f"0{octet:o}" for octet in octets)
        yield ".".join(f"{octet:03}" for octet in octets[:-1]) + f".0{octets[-1]}"
        yield ".".join(hex(octet) for octet in octets)
        yield f"{octets[0]}.{number.value & 0xFFFFFF}"
        yield f"{octets[0]}.{octets[1]}.{number.value & 0xFFFF}"
        yield ".".join(map(str, octets)) + ":80"
        yield ".".join(map(str, octets)).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        yield ".".join(map(str, octets)).replace(".", "\u3002")


def numbers(chance: Random, count: int) -> Iterator[Number]:
    """Addresses of all sorts: of both families, small and large, with runs of zeros."""
    for _ in range(count):
        if chance.random() < 0.5:
            yield Number(
                4, chance.choice([chance.getrandbits(32), chance.getrandbits(8), 10 << 24 | chance.getrandbits(24)])
            )
        else:
            value = (
                chance.getrandbits(128)
                & chance.choice([~0, ~0 << 64, (1 << 64) - 1, ~(0xFFFFFFFF << 48)])
                & ((1 << 128) - 1)
            )
            yield Number(4, value - MAPPED) if value >> 32 == 0xFFFF else Number(6, value)
