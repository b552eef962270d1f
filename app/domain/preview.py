"""What an edit would do: which of a token's recent accepted verifications it would have refused (SPEC 13)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.hours import Hours
from app.domain.networks import address
from app.domain.whitelist import Whitelist

ADDRESSES_NAMED = 20
HOUR = 60


@dataclass(frozen=True)
class Accepted:
    """What was accepted in the last 30 days. `by_address` has the addresses that are kept one by one, `nowhere` is what
    was asked without an address, `elsewhere` came from addresses that are not kept. `by_hour` counts by hour of the
    week; hour 0 begins on Monday at 00:00 UTC."""

    by_address: Mapping[str, int]
    nowhere: int
    elsewhere: int
    by_hour: Mapping[int, int]


@dataclass(frozen=True)
class OtherAddresses:
    """What a whitelist would have refused: `total` of `of` for certain, and perhaps `unsure` more. `addresses` are
    those refused most, with counts, `others` what came from further ones, `nowhere` what named no address."""

    total: int
    of: int
    addresses: tuple[tuple[str, int], ...]
    others: int
    nowhere: int
    unsure: int


@dataclass(frozen=True)
class OtherHours:
    """What hours would have refused: `total` of `of` for certain. Counts are kept by the hour: `unsure` fell in hours
    of which only a part is outside."""

    total: int
    of: int
    unsure: int


def by_whitelist(accepted: Accepted, whitelist: Whitelist | None) -> OtherAddresses:
    """What this list would have refused; no list refuses nothing."""
    of = sum(accepted.by_address.values()) + accepted.nowhere + accepted.elsewhere
    if whitelist is None:
        return OtherAddresses(0, of, (), 0, 0, 0)
    refused = [(text, count) for text, count in accepted.by_address.items() if not whitelist.admits(address(text))]
    refused.sort(key=lambda place: (-place[1], place[0]))
    total = sum(count for _, count in refused) + accepted.nowhere
    others = sum(count for _, count in refused[ADDRESSES_NAMED:])
    named = tuple(refused[:ADDRESSES_NAMED])
    return OtherAddresses(total, of, named, others, accepted.nowhere, accepted.elsewhere)


def by_hours(accepted: Accepted, hours: Hours | None) -> OtherHours:
    """What these hours would have refused; no hours refuse nothing."""
    of = sum(accepted.by_hour.values())
    if hours is None:
        return OtherHours(0, of, 0)
    total = unsure = 0
    for hour, count in accepted.by_hour.items():
        admitted = (hours.minutes >> (hour * HOUR)) & ((1 << HOUR) - 1)
        if not admitted:
            total += count
        elif admitted.bit_count() < HOUR:
            unsure += count
    return OtherHours(total, of, unsure)
