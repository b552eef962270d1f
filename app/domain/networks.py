"""Network addresses: one parser for every door (SPEC 8 and 12, TRAPS T3)."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from app.domain.errors import Unfit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def address(text: str) -> Address:
    """A plain IPv4 or IPv6 address; IPv4-mapped IPv6 counts as IPv4. Raises Unfit for zones, ports, prefixes, names,
    octal and short forms."""
    if "%" in text or not text.isascii():
        raise Unfit("Give a plain IPv4 or IPv6 address.")
    try:
        parsed = ip_address(text)
    except ValueError:
        raise Unfit("Give a plain IPv4 or IPv6 address.") from None
    return _unmapped(parsed)


def network(text: str) -> Network:
    """An address or CIDR range without host bits. Raises Unfit."""
    if "%" in text:
        raise Unfit("Give a network such as 10.0.0.0/8, without a zone.")
    try:
        return ip_network(text)
    except ValueError:
        raise Unfit(f"{text} is not a network such as 10.0.0.0/8 or 2001:db8::/32.") from None


def peer(remote: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """Who speaks to us. `remote` is the other end of the connection, `forwarded_for` the `X-Forwarded-For` lines in
    order. They are read right to left, past trusted proxies only; what cannot be read is no address at all."""
    try:
        current = address(remote or "")
        for hop in reversed([part.strip() for line in forwarded_for for part in line.split(",")]):
            if not any(current in proxy for proxy in trusted):
                return current
            current = address(hop)
    except Unfit:
        return None
    return current


def _unmapped(parsed: Address) -> Address:
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed
