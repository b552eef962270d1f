"""Counted in memory, written behind: a verification leaves a note and goes on (SPEC 13)."""

import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from time import monotonic

from app.domain.usage import Tally, Use, hour_of, tallied
from app.store import usage
from app.store.database import transaction

log = logging.getLogger(__name__)
MOST_WAITING = 100_000
TOKENS_A_BATCH = 1_000
EVERY_SECONDS = 0.75
# After an outage usage is written again within two seconds.
LONGEST_PAUSE_SECONDS = 1.0
Context = Callable[[], AbstractContextManager[object]]


class UsageWriter:
    """Keeps notes until they are written. `context` is the app's, which the database needs; `record_late_use` makes the
    first use of a rotated key an audit event."""

    def __init__(
        self, context: Context, record_late_use: Callable[[Use], None], most_waiting: int = MOST_WAITING
    ) -> None:
        self._context = context
        self._record_late_use = record_late_use
        self._most_waiting = most_waiting
        self._notes: deque[Use] = deque()
        self._tallies: deque[Tally] = deque()
        self._dropped: Counter[datetime] = Counter()
        # The hour that is stored for each token and scope: it is not written again and again while the hour lasts.
        self._asked: dict[tuple[str, str], datetime] = {}
        self._counting_drops = threading.Lock()
        self._writing = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, use: Use) -> None:
        """Remember one use; never waits. Where too many are still to be written, only the drop is counted."""
        if len(self._notes) < self._most_waiting:
            self._notes.append(use)
            return
        with self._counting_drops:
            self._dropped[hour_of(use.at)] += 1

    def flush(self) -> None:
        """Write what has been noted so far. Raises SQLAlchemyError, and keeps what could not be written for later."""
        with self._writing, self._context():
            self._write_drops()
            # Memory stays bounded while the database is away: what was summed up goes first.
            self._write_tallies()
            # What is noted from here on waits for the next time, or a busy process would do nothing but write.
            self._tallies.extend(tallied(self._notes.popleft() for _ in range(len(self._notes))))
            self._write_tallies()

    def start(self) -> None:
        """Write from now on, in a thread of its own, so that nothing is known a second later than it happened."""
        self._thread = threading.Thread(target=self._run, name="usage", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop, and write what is left. What cannot be written now is lost, and the log says so."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        try:
            self.flush()
        except Exception:
            log.exception("usage of the last moments was not written")

    def _run(self) -> None:
        pause = EVERY_SECONDS
        while not self._stopping.wait(pause):
            begun = monotonic()
            try:
                self.flush()
                pause = max(EVERY_SECONDS / 2, EVERY_SECONDS - (monotonic() - begun))
            except Exception as error:  # noqa: BLE001 - whatever it is, this thread has to go on
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
                log.warning("usage is not written, next try in %.0f s: %s", pause, type(error).__name__)

    def _write_tallies(self) -> None:
        while self._tallies:
            self._write_batch()

    def _write_batch(self) -> None:
        batch = [self._tallies[place] for place in range(min(TOKENS_A_BATCH, len(self._tallies)))]
        self._leave_out_what_is_stored(batch)
        with transaction() as session:
            late = usage.write(session, batch)
        for tally in batch:
            self._tallies.popleft()
            self._asked.update({(tally.token_id, name): hour for name, hour in tally.asked.items()})
        for use in late:
            self._record_late_use(use)

    def _leave_out_what_is_stored(self, batch: Sequence[Tally]) -> None:
        if len(self._asked) > self._most_waiting:
            self._asked.clear()
        for tally in batch:
            known = [name for name, hour in tally.asked.items() if self._asked.get((tally.token_id, name)) == hour]
            for name in known:
                del tally.asked[name]

    def _write_drops(self) -> None:
        with self._counting_drops:
            dropped, self._dropped = self._dropped, Counter()
        if not dropped:
            return
        try:
            with transaction() as session:
                usage.write_drops(session, dropped)
        except BaseException:
            with self._counting_drops:
                self._dropped += dropped
            raise
