"""What happens to a fleet while it is asked: workers are killed, Redis and PostgreSQL go away and return."""

import os
import random
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic, sleep

from tests.real.postern import PosternServer
from tests.real.process import Service

PAUSE_SECONDS = 1.0
# In a long check there is time to work between them.
MOST = 60
AWAY_SECONDS = 0.4


@dataclass(frozen=True)
class Trouble:
    """The troubles of one fleet."""

    server: PosternServer
    redis: Service
    # None where it is not ours to stop.
    postgresql: Service | None

    def go_on(self, seconds: float, is_over: Callable[[], bool]) -> int:
        """One trouble after the other for so long or until it is over, and each once at least; then a while of peace.
        How many there were."""
        services = [one for one in (self.redis, self.postgresql) if one is not None]
        kinds: Sequence[Callable[[], None]] = [self.kill_a_worker, *(partial(stop_and_start, one) for one in services)]
        until, times, pause = monotonic() + seconds, 0, max(PAUSE_SECONDS, seconds / MOST)
        while times < len(kinds) or (monotonic() < until and not is_over()):
            sleep(pause)
            kinds[times % len(kinds)]()
            times += 1
        sleep(PAUSE_SECONDS)
        return times

    def kill_a_worker(self) -> None:
        """As when the system has no memory left; the server starts another."""
        os.kill(random.choice(workers(self.server)), signal.SIGKILL)


def stop_and_start(service: Service) -> None:
    """Away for a moment."""
    service.stop()
    sleep(AWAY_SECONDS)
    service.start()


def workers(server: PosternServer) -> Sequence[int]:
    """The processes that answer."""
    return [int(child) for child in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()]
