"""How often tokens were used, against their rate limits: exact in one process, or for all nodes in Redis (SPEC 8).

Counters are keyed by the token's id alone, so that neither a new amount nor a new key refills what was used."""

import json
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from app.domain.decision import Count
from app.domain.rates import Rate
from app.quota import generation
from app.quota.line import Line, LineDown, Script
from app.quota.moving import EPOCH, MICROSECONDS, ExactMemory, Taken, microseconds
from app.quota.windows import CountersGone

log = logging.getLogger(__name__)
USES = "postern_uses"
SCRIPT = Path(__file__).with_name("take.lua")


class Claim(NamedTuple):
    """A token is to be used `cost` times at once; or, without `use`, it is only asked whether that would fit."""

    token_id: str
    rate: Rate
    cost: int
    use: bool = True


class Heard(NamedTuple):
    """A generation of what verification reads, and the number of the server that said so: none knows what another one
    has told."""

    server: int
    generation: bytes


class Moved(Exception):
    """Something that verification reads has changed since the generation that was expected. Nothing was used up."""

    def __init__(self, heard: Heard) -> None:
        super().__init__()
        self.heard = heard


class Uses(Protocol):
    """The counters of all tokens."""

    def take(self, token_id: str, rate: Rate, cost: int, now: datetime, *, use: bool = True) -> Count:
        """Use up `cost` if it fits, all or nothing; only ask where `use` is False. Raises CountersGone."""
        ...

    def take_all(self, claims: Sequence[Claim], now: datetime, expected: Heard | None = None) -> Sequence[Count]:
        """The claims in order, up to the first that does not fit. Raises CountersGone; Moved where `expected` is not
        the generation any more."""
        ...

    def assumed(self) -> Heard | None:
        """The generation to expect: the last that was heard of, which may be past. None where these counters know of
        none, or cannot say."""
        ...

    def keep(self) -> None:
        """Save what an orderly stop must not forget."""
        ...

    def resume(self) -> None:
        """Count on from where the last orderly stop left off."""
        ...

    def close(self) -> None:
        """Let connections go."""
        ...


class LocalUses:
    """Counters in the memory of one process. `path` is where they are kept between an orderly stop and the next start;
    a killed process forgets them."""

    def __init__(self, clock: Callable[[], datetime], path: Path) -> None:
        self._storage = ExactMemory(clock)
        self._path = path

    def take(self, token_id: str, rate: Rate, cost: int, now: datetime, *, use: bool = True) -> Count:
        """Use up `cost` if it fits."""
        return self.take_all([Claim(token_id, rate, cost, use)], now)[0]

    def take_all(self, claims: Sequence[Claim], now: datetime, expected: Heard | None = None) -> Sequence[Count]:
        """The claims in order, up to the first that does not fit."""
        counts, at = [], microseconds(now)
        for token_id, rate, cost, use in claims:
            taken = self._storage.take(token_id, rate.amount, rate.seconds * MICROSECONDS, cost, at, use=use)
            counts.append(_count(taken, now))
            if not taken.fits:
                break
        return counts

    def assumed(self) -> None:
        """Nothing: one process needs to be told by nobody."""

    def close(self) -> None:
        """There is no connection."""

    def keep(self) -> None:
        """Save the counters, whole or not at all."""
        new = self._path.with_suffix(".new")
        try:
            new.touch(mode=0o600)
            new.write_text(json.dumps(self._storage.dump(), separators=(",", ":")), "ascii")
            new.replace(self._path)
        except OSError as error:
            log.warning("the rate counters are not kept, all begin anew at the next start: %s", error.strerror)

    def resume(self) -> None:
        """Load the counters, and remove the file: after a kill it would be older than what was used since."""
        try:
            self._storage.load(json.loads(self._path.read_text("ascii")))
        except FileNotFoundError:
            return
        except (OSError, ValueError, TypeError, AttributeError, OverflowError) as error:
            log.warning("the rate counters of the last stop cannot be read, all begin anew: %s", type(error).__name__)
        self._path.unlink(missing_ok=True)


class SharedUses:
    """Counters in Redis, shared by all processes and nodes, by the clock of Redis; and in the same round trip the
    generation of what verification reads."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._script = Script(SCRIPT.read_text("utf-8"))
        self._heard: Heard | None = None

    def take(self, token_id: str, rate: Rate, cost: int, now: datetime, *, use: bool = True) -> Count:
        """Use up `cost` if it fits."""
        return self.take_all([Claim(token_id, rate, cost, use)], now)[0]

    def take_all(self, claims: Sequence[Claim], now: datetime, expected: Heard | None = None) -> Sequence[Count]:
        """The claims in order, up to the first that does not fit."""
        keys: list[str] = [generation.KEY]
        arguments: list[bytes | int] = [expected.generation if expected else b"", generation.beginning()]
        for claim in claims:
            keys += [f"postern:uses:{{{claim.token_id}}}", f"postern:used:{{{claim.token_id}}}"]
            arguments += [claim.rate.seconds * MICROSECONDS, claim.rate.amount, claim.cost, int(claim.use)]
        try:
            found, *taken = self._line.run(self._script, keys, arguments)
        except LineDown as error:
            raise CountersGone from error
        # A connection that was made anew may lead to another Redis, or to one that has forgotten: what was known over
        # an earlier one is not known any more.
        heard = self._heard = Heard(self._line.server, found)
        if expected is not None and heard != expected:
            raise Moved(heard)
        return [_count(Taken(bool(fits), *rest), now) for fits, *rest in zip(*[iter(taken)] * 4, strict=True)]

    def assumed(self) -> Heard | None:
        """The last generation that was heard of; it is asked for where there is none, or none that holds."""
        heard = self._heard
        # A thread without a connection assumes that its first one leads to the same server.
        if heard is None or self._line.is_resting or self._line.server not in {0, heard.server}:
            try:
                self.take_all([], EPOCH)
            except CountersGone:
                return None
        return self._heard

    def keep(self) -> None:
        """Redis keeps what it counts."""

    def resume(self) -> None:
        """Redis has kept what it counted."""

    def close(self) -> None:
        """Let connections go."""
        self._line.close()


def uses(redis_url: str | None, clock: Callable[[], datetime], path: Path) -> Uses:
    """The counters of this installation."""
    return LocalUses(clock, path) if redis_url is None else SharedUses(Line(redis_url))


def _count(taken: Taken, now: datetime) -> Count:
    fits, remaining, next_in, fits_in = taken
    return Count(fits, remaining, _after(now, next_in), _after(now, fits_in))


def _after(now: datetime, wait: int) -> datetime:
    return now + timedelta(microseconds=wait) if wait else now
