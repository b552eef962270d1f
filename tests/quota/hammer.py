"""Clients that use one token as often as they can, and what has to be true of what they saw.

As a program, `python -m tests.quota.hammer REDIS_URL`, one of several processes of them: it says `ready`, and for each
line `RATE CLIENTS SECONDS PAUSE` the calls as JSON."""

import json
import random
import sys
import threading
import time
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from app.domain import rates
from app.domain.rates import Rate
from app.quota import line
from app.quota.uses import SharedUses, Uses

TOKEN = "tok_hammered"
# On average so long between two calls of one client: without a pause, most of what is seen is the machine's queue.
PAUSE_SECONDS = 0.008


class Call(NamedTuple):
    """One use that was wanted: when it was asked for and answered, by a clock that all processes share."""

    asked: float
    answered: float
    fits: bool


def hammer(counters: Uses, rate: Rate, clients: int, seconds: float, pause: float) -> list[Call]:
    """What so many clients saw, each a thread of its own, and each with one call at least."""
    calls: list[Call] = []
    together = threading.Barrier(clients)

    def client(seed: int) -> None:
        chance = random.Random(seed)
        together.wait()
        asked = time.monotonic()
        until = asked + seconds
        while asked < until:
            fits = counters.take(TOKEN, rate, 1, datetime.now(UTC)).fits
            calls.append(Call(asked, time.monotonic(), fits))
            time.sleep(chance.random() * 2 * pause)
            asked = time.monotonic()

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return calls


def most_in_a_span(calls: Sequence[Call], span: float) -> int:
    """The most uses that were accepted wholly within some span of this length. Each was counted at an instant between
    its question and its answer, so that more than the amount here means more than the amount there."""
    accepted = sorted(call for call in calls if call.fits)
    most = 0
    for place, first in enumerate(accepted):
        within = (call for call in accepted[place:] if call.answered - first.asked < span)
        most = max(most, sum(1 for _ in within))
    return most


def refused_below(calls: Sequence[Call], rate: Rate, slack: float = 0.0) -> list[Call]:
    """The calls that were refused although fewer uses than the amount can have counted at that moment."""
    asked = sorted(call.asked for call in calls if call.fits)
    answered = sorted(call.answered for call in calls if call.fits)

    def may_have_counted(call: Call) -> int:
        return bisect_right(asked, call.answered) - bisect_left(answered, call.asked - rate.seconds - slack)

    return [call for call in calls if not call.fits and may_have_counted(call) < rate.amount]


def patient(redis_url: str) -> SharedUses:
    """Counters in Redis, for a proof of how they count and not of how busy this machine is."""
    line.PATIENCE_SECONDS = 10
    return SharedUses(line.Line(redis_url))


def main() -> None:
    """One process of clients."""
    shared = patient(sys.argv[1])
    say("ready")
    for order in sys.stdin:
        rate, *numbers = order.split()
        clients, seconds, pause = (float(number) for number in numbers)
        say(json.dumps(hammer(shared, rates.of(rate), int(clients), seconds, pause)))


def say(line: str) -> None:
    """One line to whoever started this."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
