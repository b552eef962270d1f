"""IP whitelists in every spelling, against an oracle that counts bits."""

import itertools
from ipaddress import ip_address

import pytest

from app.domain import networks, whitelist
from app.domain.errors import Unfit
from app.domain.whitelist import Whitelist

ENTRIES = ("10.0.0.0/24", "10.0.0.7", "10.0.1.0/24", "10.0.0.0/23", "2001:db8::/32", "2001:db8::7", "::ffff:10.0.0.9")
ADDRESSES = (
    *("10.0.0.0", "10.0.0.7", "10.0.0.9", "10.0.0.255", "10.0.1.0", "10.0.2.0", "9.255.255.255"),
    *("2001:db8::", "2001:db8::7", "2001:db9::", "::a00:7", "::ffff:10.0.0.7", "64:ff9b::a00:7", "2002:a00:7::"),
)


def bits(text: str) -> tuple[int, str]:
    """A family and the bits of an address; what IPv6 maps of IPv4 is IPv4."""
    parsed = ip_address(text)
    if parsed.version == 6 and int(parsed) >> 32 == 0xFFFF:
        return 4, f"{int(parsed) & 0xFFFFFFFF:032b}"
    return parsed.version, f"{int(parsed):0{32 if parsed.version == 4 else 128}b}"


def oracle(entries: tuple[str, ...], address: str) -> bool:
    family, written = bits(address)
    for entry in entries:
        base, _, prefix = entry.partition("/")
        own, pattern = bits(base)
        length = int(prefix) if prefix else len(pattern)
        if own == family and written[:length] == pattern[:length]:
            return True
    return False


def listed(*entries: str) -> Whitelist:
    found = whitelist.typed("\n".join(entries)).whitelist
    assert found is not None
    return found


@pytest.mark.parametrize("entries", [e for n in (1, 2, 3) for e in itertools.combinations(ENTRIES, n)], ids=" ".join)
def test_an_address_is_admitted_as_the_oracle_says(entries: tuple[str, ...]) -> None:
    value = listed(*entries)

    for address in ADDRESSES:
        assert value.admits(networks.address(address)) is oracle(entries, address), address
    assert whitelist.of(value.plain()) == value


@pytest.mark.parametrize("before", [e for n in (1, 2) for e in itertools.combinations(ENTRIES, n)], ids=" ".join)
def test_tighter_is_said_exactly_where_no_address_is_newly_admitted(before: tuple[str, ...]) -> None:
    universe = [*ADDRESSES, *(str(ip_address(int(ip_address("10.0.0.0")) + n)) for n in range(520))]
    for after in (e for n in (1, 2) for e in itertools.combinations(ENTRIES, n)):
        newly = any(oracle(after, one) and not oracle(before, one) for one in universe)
        assert whitelist.is_looser(listed(*before), listed(*after)) is newly, after


def test_ranges_side_by_side_admit_what_covers_both() -> None:
    assert not whitelist.is_looser(listed("10.0.0.0/25", "10.0.0.128/25"), listed("10.0.0.0/24"))


def test_a_first_list_is_tighter_and_taking_it_away_looser() -> None:
    assert not whitelist.is_looser(None, listed("10.0.0.0/8"))
    assert whitelist.is_looser(listed("10.0.0.0/8"), None)


def test_duplicates_and_contained_ranges_collapse_and_are_named() -> None:
    typed = whitelist.typed("10.0.0.7, 10.0.0.0/24\r\n10.0.0.0/24,\n\n::ffff:10.0.0.0/120, 2001:DB8::7")

    assert typed.whitelist is not None
    assert typed.whitelist.plain() == ["10.0.0.0/24", "2001:db8::7"]
    assert typed.absorbed == ("10.0.0.7", "10.0.0.0/24", "::ffff:10.0.0.0/120")


def test_nothing_typed_is_no_list() -> None:
    assert whitelist.typed(" \n , \r\n").whitelist is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("10.0.0.5/24", "write 10.0.0.0/24 for the network"),
        ("2001:db8::5/32", "write 2001:db8::/32 for the network"),
        *((f"10.0.0.0{end}", "no address and no network") for end in ("/33", "/-1", "/08", "/", "/24/8", "-9", ":80")),
        *((f"10.0.0.0/{mask}", "no address and no network") for mask in ("255.0.255.0", "0.0.0.255", "255.0.0.0")),
        *(
            (one, "no address and no network")
            for one in ("010.0.0.1", "127.1", "0x7f.1", "[::1]", "home", "10.0.0.1 #a")
        ),
        ("10.0.0.1\t10.0.0.2", "no address and no network"),
        ("fe80::1%eth0", "zone"),
        *((one, "covers every address") for one in ("0.0.0.0/0", "::/0", "::ffff:0:0/96", "::/1")),
        ("0.0.0.0/1\n128.0.0.0/1", "Together these cover every address"),
        ("\n".join(f"10.0.{n // 250}.{n % 250}" for n in range(201)), "at most 200"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_write(typed: str, said: str) -> None:
    with pytest.raises(Unfit, match=said):
        whitelist.typed(typed)
