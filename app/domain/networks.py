"""Network addresses: one parser for every door (SPEC 8 and 12, TRAPS T3)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, collapse_addresses, ip_address, ip_network
from typing import Any

from app.domain.errors import Unfit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MAPPED = IPv6Network("::ffff:0:0/96")
# As much of an input as an error repeats.
LONGEST = 60
# Masks, host masks and zeros in front mean different things to different readers.
_PREFIX = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)
# What proxies write around an address: a port, and brackets where it is IPv6 (RFC 7239, section 6).
_DRESSED = re.compile(r"\[(?P<six>[^\[\]]*:[^\[\]]*)\](?::[0-9]{1,5})?|(?P<four>[^:]*):[0-9]{1,5}")


@lru_cache(maxsize=16_384)
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
    """An address or CIDR range without host bits; IPv4-mapped IPv6 counts as IPv4. Raises Unfit, for a range that
    covers a whole family, for masks and for zones as well."""
    if "%" in text:
        raise Unfit(f"{text[:LONGEST]!r} has a zone: give an address such as 2001:db8::7 or a network, without one.")
    _, slash, prefix = text.partition("/")
    try:
        if slash and not _PREFIX.fullmatch(prefix):
            raise ValueError(prefix)
        exact = ip_network(text, strict=False)
    except ValueError:
        raise Unfit(f"{text[:LONGEST]!r} is no address and no network such as 10.0.0.0/8 or 2001:db8::/32.") from None
    if slash and str(exact.network_address) != str(ip_address(text.partition("/")[0])):
        raise Unfit(f"{text} names one address and a whole network at once: write {exact} for the network.")
    parsed = _unmapped_network(exact)
    # All of IPv4 has a place within IPv6 too.
    if parsed.prefixlen == 0 or (isinstance(parsed, IPv6Network) and MAPPED.subnet_of(parsed)):
        raise Unfit(f"{text} covers every address: give the networks that are meant, such as 10.0.0.0/8.")
    return parsed


def listed(text: str) -> tuple[Network, ...]:
    """The networks between commas. Raises Unfit, for those that cover a whole family between them as well."""
    networks = tuple(network(part.strip()) for part in text.split(",") if part.strip())
    require_part(networks)
    return networks


def require_part(networks: Iterable[Network]) -> None:
    """Raise Unfit for networks that cover a whole family between them."""
    # Half of IPv6 has all of IPv4 in it and was refused already.
    four = collapse_addresses(one for one in networks if isinstance(one, IPv4Network))
    if any(one.prefixlen == 0 for one in four):
        raise Unfit("Together these cover every address: give the networks that are meant, such as 10.0.0.0/8.")


def peer(remote: str | None, forwarded_for: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """Who speaks to us. `remote` is the other end of the connection, `forwarded_for` the `X-Forwarded-For` lines in
    order. They are read right to left, past trusted proxies only; what cannot be read is no address at all."""
    try:
        current = address(remote or "")
        for hop in reversed([part.strip() for line in forwarded_for for part in line.split(",")]):
            if not any(current in proxy for proxy in trusted):
                return current
            current = address(_undressed(hop))
    except Unfit:
        return None
    return current


def peer_of(environ: Mapping[str, Any], trusted: Sequence[Network]) -> Address | None:
    """Who speaks to us, by what a WSGI server hands over (PEP 3333), which joins `X-Forwarded-For` lines in order. No
    other header says where a call comes from."""
    return peer(environ.get("REMOTE_ADDR"), _forwarded_for(environ), trusted)


def unheard_proxy(environ: Mapping[str, Any], trusted: Sequence[Network]) -> str | None:
    """The other end of the connection, where it forwards an address and is not believed: either it invents one, or it
    is a proxy that belongs into `TRUSTED_PROXIES` (TRAPS X9)."""
    remote = peer(environ.get("REMOTE_ADDR"), (), ())
    if not environ.get("HTTP_X_FORWARDED_FOR") or remote is None or any(remote in proxy for proxy in trusted):
        return None
    return str(remote)


def _forwarded_for(environ: Mapping[str, Any]) -> Sequence[str]:
    lines = environ.get("HTTP_X_FORWARDED_FOR")
    return () if lines is None else (lines,)


def _unmapped(parsed: Address) -> Address:
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped
    return parsed


def _unmapped_network(parsed: Network) -> Network:
    if isinstance(parsed, IPv6Network) and parsed.subnet_of(MAPPED):
        mapped = parsed.network_address.ipv4_mapped
        return IPv4Network(f"{mapped}/{parsed.prefixlen - MAPPED.prefixlen}")
    return parsed


def _undressed(hop: str) -> str:
    found = _DRESSED.fullmatch(hop)
    return hop if found is None else found["six"] or found["four"]
