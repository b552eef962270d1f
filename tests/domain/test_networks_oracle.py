"""Addresses and ranges in every spelling, held against a reader that was written without looking at ours."""

from random import Random

import pytest

from app.domain import networks, whitelist
from app.domain.errors import Unfit
from tests.domain.spellings import BITS, MAPPED, Number, false_spellings, numbers, read, spellings

SEEDS = range(8)
_ODD = "0123456789abcdefFxX.:%/[]- \t٣１g"


def ours(text: str) -> Number | None:
    try:
        found = networks.address(text)
    except Unfit:
        return None
    return Number(found.version, int(found))


@pytest.mark.parametrize("seed", SEEDS)
def test_an_address_means_the_same_in_every_spelling(seed: int) -> None:
    for number in numbers(Random(seed), 40):
        for text in spellings(number):
            assert ours(text) == read(text) == number, text


@pytest.mark.parametrize("seed", SEEDS)
def test_what_only_other_readers_take_is_no_address(seed: int) -> None:
    for number in numbers(Random(seed), 10):
        for text in false_spellings(number):
            assert ours(text) == read(text), text


@pytest.mark.parametrize("seed", SEEDS)
def test_a_spelling_with_a_slip_is_read_as_the_oracle_reads_it(seed: int) -> None:
    chance = Random(seed)
    for number in numbers(chance, 40):
        for text in spellings(number):
            place = chance.randrange(len(text) + 1)
            slip = text[:place] + chance.choice(_ODD) + text[place + chance.randrange(2) :]
            assert ours(slip) == read(slip), slip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_range_holds_what_shares_its_first_bits_whatever_the_spelling(seed: int) -> None:
    chance = Random(seed)
    for number in numbers(chance, 40):
        bits = BITS[number.version]
        length = chance.randrange(1, bits + 1)
        first = Number(number.version, number.value >> (bits - length) << (bits - length))
        if number.version == 6 and first.value <= MAPPED < first.value + (1 << (bits - length)):
            continue  # all of IPv4 lies within it: refused, which has its own test
        text = chance.choice(list(spellings(first)))
        written = length + 96 if number.version == 4 and ":" in text else length
        listed = whitelist.typed(f"{text}/{written}").whitelist
        assert listed is not None
        for other in near(first, length, chance):
            holds = other.version == first.version and other.value >> (bits - length) == first.value >> (bits - length)
            asked = chance.choice(list(spellings(other)))
            assert listed.admits(networks.address(asked)) is holds, (text, written, asked)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_range_with_host_bits_is_refused_with_the_range_to_write(seed: int) -> None:
    chance = Random(seed)
    for number in numbers(chance, 40):
        bits = BITS[number.version]
        length = chance.randrange(8, bits)
        first = number.value >> (bits - length) << (bits - length)
        if first == number.value:
            continue
        with pytest.raises(Unfit) as refused:
            networks.network(f"{next(spellings(number))}/{length}")
        suggested = str(refused.value).partition("write ")[2].partition(" ")[0]
        address, _, prefix = suggested.partition("/")
        assert (read(address), prefix) == (Number(number.version, first), str(length))


def near(first: Number, length: int, chance: Random) -> list[Number]:
    """Addresses in the range, at both of its edges, outside, and with the same bits in the other family."""
    bits = BITS[first.version]
    size, most = 1 << (bits - length), (1 << bits) - 1
    inside = first.value + chance.randrange(size)
    values = (
        first.value - 1,
        first.value,
        inside,
        first.value + size - 1,
        first.value + size,
        inside ^ 1 << (bits - length),
    )
    same = [Number(first.version, value) for value in values if 0 <= value <= most]
    return [n for n in same if n.version == 4 or n.value >> 32 != 0xFFFF] + [
        Number(6, inside) if first.version == 4 else Number(4, inside & 0xFFFFFFFF)
    ]
