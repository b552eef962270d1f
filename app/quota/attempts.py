"""Failed passwords slow further attempts down, by account and by address, and never lock anybody out for good (SPEC 2).

Strangers to an account share its counter and have one for their address. An address from which the account has signed
in before has a counter of its own with that account: whoever guesses from elsewhere slows themselves, not the owner."""

import hashlib
import hmac
import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import TooMany
from app.quota.windows import CountersGone, Window, Windows

SPAN = 10 * 60
BY_ACCOUNT = Window("failed-account", 10, SPAN)
BY_ADDRESS = Window("failed-address", 30, SPAN)
FROM_KNOWN_ADDRESS = Window("failed-known", 10, SPAN)
# One site has a /64 of IPv6: counting its addresses one by one would count nothing.
IPV6_SITE = 64
# Of the amounts, while Redis is gone and each process counts for itself.
SHARE_ALONE = 10


@dataclass(frozen=True)
class Claimant:
    """Who says they are whom, and from where. `name` is the folded email as it was typed, known or not, so that known
    and unknown people are slowed alike."""

    name: str
    address: str | None
    signed_in_from_here: bool


class Attempts:
    """Counts failed passwords. Counters are keyed by digests: what people type is kept nowhere."""

    def __init__(self, secret: bytes, redis_url: str | None = None) -> None:
        self._secret = secret
        self._shared = Windows(redis_url)
        self._alone = Windows()

    def require_room(self, claimant: Claimant, now: datetime) -> None:
        """Raise TooMany where the claimant has to wait, whether or not the password would be right."""
        wait = max(self._wait(window, key, now) for window, key in self._counters(claimant))
        if wait:
            minutes = -(-wait // 60)
            span = "a minute" if minutes == 1 else f"{minutes} minutes"
            raise TooMany(f"There were too many failed attempts. Try again in {span}.", retry_after=wait)

    def count_failure(self, claimant: Claimant) -> None:
        """Count one failed password."""
        for window, key in self._counters(claimant):
            try:
                self._shared.count(window, key)
            except CountersGone:
                self._alone.count(_alone(window), key)

    def _wait(self, window: Window, key: str, now: datetime) -> int:
        try:
            return self._shared.wait(window, key, now)
        except CountersGone:
            return self._alone.wait(_alone(window), key, now)

    def _counters(self, claimant: Claimant) -> Iterator[tuple[Window, str]]:
        site = _site(claimant.address)
        if claimant.signed_in_from_here:
            yield FROM_KNOWN_ADDRESS, self._digest(claimant.name, site)
        else:
            yield BY_ACCOUNT, self._digest(claimant.name)
            yield BY_ADDRESS, self._digest(site)

    def _digest(self, *parts: str) -> str:
        return hmac.new(self._secret, "\0".join(parts).encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def _alone(window: Window) -> Window:
    return Window(window.name, max(1, window.amount // SHARE_ALONE), window.seconds)


def _site(address: str | None) -> str:
    if address is None:
        return ""
    parsed = ipaddress.ip_address(address)
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, IPV6_SITE), strict=False))
