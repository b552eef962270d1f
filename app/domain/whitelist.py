"""IP whitelist: the addresses that a token may be used from (SPEC 8)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses

from app.domain import networks
from app.domain.errors import Unfit
from app.domain.networks import Address, Network

MOST_ENTRIES = 200
_SEPARATORS = re.compile(r"[,\n]")


@dataclass(frozen=True)
class Whitelist:
    """Addresses and ranges, in order, none inside another."""

    networks: tuple[Network, ...]

    def admits(self, address: Address) -> bool:
        """Whether this address is on the list."""
        return any(address in network for network in self.networks)

    def plain(self) -> list[str]:
        """As the database and the audit log keep it: one text for each entry."""
        return [_text(network) for network in self.networks]


@dataclass(frozen=True)
class Typed:
    """What a form holds. `absorbed` are the entries that another one contains already."""

    whitelist: Whitelist | None
    absorbed: tuple[str, ...] = ()


def typed(text: str) -> Typed:
    """The list that a form names: one entry a line, or between commas; none where nothing is typed. Raises Unfit."""
    entries = [entry.strip(" \r") for entry in _SEPARATORS.split(text)]
    entries = [entry for entry in entries if entry]
    if not entries:
        return Typed(None)
    if len(entries) > MOST_ENTRIES:
        raise Unfit(f"List at most {MOST_ENTRIES} addresses or ranges; these are {len(entries):,}.")
    read = [networks.network(entry) for entry in entries]
    networks.require_part(read)
    absorbed = [
        entry
        for place, (entry, one) in enumerate(zip(entries, read, strict=True))
        if one in read[:place] or any(other != one and _is_inside(one, other) for other in read)
    ]
    kept = {one for one in read if not any(other != one and _is_inside(one, other) for other in read)}
    return Typed(Whitelist(tuple(sorted(kept, key=_order))), tuple(absorbed))


def of(plain: Iterable[str]) -> Whitelist:
    """The list that the database keeps."""
    return _of(tuple(plain))


def is_looser(before: Whitelist | None, after: Whitelist | None) -> bool:
    """Whether some address would be admitted that is not now."""
    if before is None:
        return False
    if after is None:
        return True
    admitted = _collapsed(before.networks)
    return not all(any(_is_inside(one, other) for other in admitted) for one in after.networks)


@lru_cache(maxsize=10_000)
def _of(plain: tuple[str, ...]) -> Whitelist:
    return Whitelist(tuple(networks.network(text) for text in plain))


def _is_inside(one: Network, other: Network) -> bool:
    if isinstance(one, IPv4Network) and isinstance(other, IPv4Network):
        return one.subnet_of(other)
    return isinstance(one, IPv6Network) and isinstance(other, IPv6Network) and one.subnet_of(other)


def _collapsed(listed: Sequence[Network]) -> list[Network]:
    """Ranges side by side as one: what lies inside several of them together lies inside one of these."""
    four = collapse_addresses(one for one in listed if isinstance(one, IPv4Network))
    six = collapse_addresses(one for one in listed if isinstance(one, IPv6Network))
    return [*four, *six]


def _order(network: Network) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen


def _text(network: Network) -> str:
    return str(network.network_address) if network.num_addresses == 1 else str(network)
