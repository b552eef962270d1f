"""Failed passwords slow further attempts down, by account and by address, and never lock anybody out for good (SPEC 2).

Known and unknown names have the same counters, and while one is full every answer is the same refusal. An owner gets in
all the same from an address where the account has signed in before: there the password is looked at although attempts
are slowed, and the right one is taken. Nobody learns from this which accounts exist or sign in from there, because a
wrong password gets the refusal that an unknown name gets, after the same work and the same counting. So that guessing
gains little by it, such an address has a few looks at each account; so that the work cannot be asked for without end,
it has a few for all names together."""

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import TooMany
from app.quota.windows import CountersGone, Window, Windows

SPAN = 10 * 60
BY_ACCOUNT = Window("failed-account", 10, SPAN)
BY_ADDRESS = Window("failed-address", 30, SPAN)
# Looks at passwords from a known address while attempts are slowed: by account, and for all names of the address.
FROM_KNOWN_ADDRESS = Window("failed-known", 10, SPAN)
WHILE_SLOWED = Window("failed-slowed", 30, SPAN)
# One site has a /64 of IPv6: counting its addresses one by one would count nothing.
IPV6_SITE = 64
# Of the amounts, while Redis is gone and each process counts for itself.
SHARE_ALONE = 10
Counters = Sequence[tuple[Window, str]]


@dataclass(frozen=True)
class Claimant:
    """Who says they are whom, and from where. `name` is the folded email as it was typed, known or not, so that known
    and unknown people are slowed alike."""

    name: str
    address: str | None
    signed_in_from_here: bool


@dataclass(frozen=True)
class Room:
    """What an attempt may come to. `counts`: the right password is taken. `refusal`: what a wrong one is told, where
    attempts are slowed."""

    counts: bool
    refusal: TooMany | None = None


class Attempts:
    """Counts failed passwords. Counters are keyed by digests: what people type is kept nowhere."""

    def __init__(self, secret: bytes, redis_url: str | None = None) -> None:
        self._secret = secret
        self._shared = Windows(redis_url)
        self._alone = Windows()

    def room(self, claimant: Claimant, now: datetime) -> Room:
        """What an attempt may come to now. Raises TooMany where it is not even looked at."""
        wait = self._longest_wait(self._open(claimant), now)
        if not wait:
            return Room(counts=True)
        refusal = _refusal(wait)
        if self._longest_wait(self._of_address(claimant), now):
            raise refusal
        spent = self._longest_wait(self._of_owner(claimant), now)
        return Room(claimant.signed_in_from_here and not spent, refusal)

    def count_failure(self, claimant: Claimant, room: Room) -> None:
        """Count one failed password that there was this room for. While slowed, the wait grows no longer."""
        counters = self._of_address(claimant) if room.refusal else self._open(claimant)
        for window, key in [*counters, *self._of_owner(claimant)]:
            try:
                self._shared.count(window, key)
            except CountersGone:
                self._alone.count(_alone(window), key)

    def _longest_wait(self, counters: Counters, now: datetime) -> int:
        return max(self._wait(window, key, now) for window, key in counters)

    def _wait(self, window: Window, key: str, now: datetime) -> int:
        try:
            return self._shared.wait(window, key, now)
        except CountersGone:
            return self._alone.wait(_alone(window), key, now)

    def _open(self, claimant: Claimant) -> Counters:
        return (
            (BY_ACCOUNT, self._digest(claimant.name)),
            (BY_ADDRESS, self._digest(_site(claimant.address))),
        )

    def _of_owner(self, claimant: Claimant) -> Counters:
        return ((FROM_KNOWN_ADDRESS, self._digest(claimant.name, _site(claimant.address))),)

    def _of_address(self, claimant: Claimant) -> Counters:
        return ((WHILE_SLOWED, self._digest(_site(claimant.address))),)

    def _digest(self, *parts: str) -> str:
        return hmac.new(self._secret, "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _refusal(wait: int) -> TooMany:
    minutes = -(-wait // 60)
    span = "a minute" if minutes == 1 else f"{minutes} minutes"
    return TooMany(f"There were too many failed attempts. Try again in {span}.", retry_after=wait)


def _alone(window: Window) -> Window:
    return Window(window.name, max(1, window.amount // SHARE_ALONE), window.seconds)


def _site(address: str | None) -> str:
    if address is None:
        return ""
    parsed = ipaddress.ip_address(address)
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, IPV6_SITE), strict=False))
