"""One parser of addresses for every door, and one reader of forwarded headers."""

import pytest

from app.domain import networks
from app.domain.errors import Unfit

PROXIES = (networks.network("10.0.0.0/8"), networks.network("2001:db8::/32"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::1", "::1"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:cb00:7107", "203.0.113.7"),
        # These carry an IPv4 address as well, but are plain IPv6 to whoever routes them.
        ("64:ff9b::cb00:7105", "64:ff9b::cb00:7105"),
        ("2002:cb00:7105::", "2002:cb00:7105::"),
    ],
)
def test_an_address_is_read_in_its_one_form(text: str, read: str) -> None:
    assert str(networks.address(text)) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "unknown",
        "localhost",
        "1.2.3.4:80",
        "[::1]",
        "[::1]:80",
        "127.1",
        "1.2.3",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "010.0.0.1",
        "1.2.3.04",
        "1.2.3.4/32",
        "::1/128",
        "fe80::1%eth0",
        " 1.2.3.4",
        "1.2.3.4\n",
        "1.2.3.256",
        "1.2.3.4.5",
        "１.2.3.4",
        "1.2.3.٤",
        ":::",
        "12345::",
        "1::2::3",
        "::ffff:1.2.3",
    ],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        networks.address(text)


@pytest.mark.parametrize("text", ["10.0.0.5/24", "10.0.0.0/33", "10.0.0.0/-1", "fe80::%eth0/64", "::1/129", "x", ""])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        networks.network(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("192.0.2.1", "192.0.2.1/32"),
        ("2001:db8::/32", "2001:db8::/32"),
        # Addresses are compared unmapped, and so networks are.
        ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ("::ffff:192.0.2.1", "192.0.2.1/32"),
    ],
)
def test_a_network_is_read_in_its_one_form(text: str, read: str) -> None:
    assert str(networks.network(text)) == read


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "::ffff:0:0/96", "::ffff:0:0/95", "::/64"])
def test_a_network_that_covers_a_whole_family_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        networks.network(text)


@pytest.mark.parametrize("text", ["0.0.0.0/1,128.0.0.0/1", "::/0", "10.0.0.0/8, 128.0.0.0/1, 0.0.0.0/1"])
def test_a_list_that_covers_a_whole_family_is_refused(text: str) -> None:
    with pytest.raises(Unfit):
        networks.listed(text)


def test_a_list_is_divided_by_commas() -> None:
    assert networks.listed("") == ()
    assert [str(one) for one in networks.listed("10.0.0.0/8, ::1,,")] == ["10.0.0.0/8", "::1/128"]


@pytest.mark.parametrize(
    ("remote", "forwarded_for", "who"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("::ffff:192.0.2.1", [], "192.0.2.1"),
        # Not a proxy of ours: whatever it forwards is its own invention.
        ("192.0.2.1", ["203.0.113.7"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("::ffff:10.0.0.1", ["203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["6.6.6.6", "203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.7, 10.0.0.2"], "203.0.113.7"),
        ("2001:db8::1", ["::ffff:203.0.113.7"], "203.0.113.7"),
        ("10.0.0.1", ["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        # What cannot be read is no address, rather than that of the proxy.
        ("10.0.0.1", ["unknown"], None),
        ("10.0.0.1", [""], None),
        ("10.0.0.1", ["203.0.113.7, "], None),
        ("10.0.0.1", ["203.0.113.7, _hidden"], None),
        ("10.0.0.1", ['"203.0.113.7"'], None),
        ("10.0.0.1", ['"[2001:db9::1]:443"'], None),
        # Some proxies add the port that they were asked from, and IPv6 needs its brackets then.
        ("10.0.0.1", ["203.0.113.7:4711"], "203.0.113.7"),
        ("10.0.0.1", ["[2001:db9::1]:443"], "2001:db9::1"),
        ("10.0.0.1", ["[2001:db9::1]"], "2001:db9::1"),
        ("10.0.0.1", ["[::ffff:203.0.113.7]:443"], "203.0.113.7"),
        ("10.0.0.1", ["6.6.6.6:1, 203.0.113.7:4711, 10.0.0.2:80"], "203.0.113.7"),
        ("10.0.0.1", ["6.6.6.6:1", "[2001:db9::1]:2", "[2001:db8::2]:3,10.0.0.2"], "2001:db9::1"),
        ("192.0.2.1", ["203.0.113.7:4711"], "192.0.2.1"),
        ("10.0.0.1", ["203.0.113.7:"], None),
        ("10.0.0.1", ["203.0.113.7:http"], None),
        ("10.0.0.1", ["203.0.113.7:123456"], None),
        ("10.0.0.1", ["203.0.113.7:٤"], None),
        ("10.0.0.1", ["[203.0.113.7]:80"], None),
        ("10.0.0.1", ["[2001:db9::1"], None),
        ("10.0.0.1", ["[2001:db9::1]443"], None),
        ("10.0.0.1", ["[fe80::1%eth0]:80"], None),
        ("10.0.0.1", ["[]"], None),
        ("10.0.0.1:80", [], None),
        ("10.0.0.1", ["unknown, 203.0.113.7"], "203.0.113.7"),
        ("", [], None),
        (None, ["203.0.113.7"], None),
    ],
)
def test_forwarded_addresses_count_from_trusted_proxies_only(
    remote: str | None, forwarded_for: list[str], who: str | None
) -> None:
    found = networks.peer(remote, forwarded_for, PROXIES)
    assert (str(found) if found else None) == who


def test_without_trusted_proxies_nothing_forwarded_counts() -> None:
    assert str(networks.peer("127.0.0.1", ["203.0.113.7"], ())) == "127.0.0.1"
