"""Counted in memory, written behind: a verification leaves a note and goes on (SPEC 13)."""

import logging
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from time import monotonic
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from app.domain.usage import PLACES_KEPT, Again, Alike, Tally, Use, hour_of, tallied
from app.store import usage
from app.store.database import transaction
from app.store.trouble import trouble
from app.store.usage import Crowded

log = logging.getLogger(__name__)
MOST_WAITING = 100_000
# Nobody who changes something waits longer for the database than it takes to write so many.
MOST_A_TALLY = 5_000
# So many more than are kept may be stored: to look for them each time costs more than to write them.
REFUSALS_A_TIDYING = 50
EVERY_SECONDS = 0.75
# After an outage usage is written again within two seconds.
LONGEST_PAUSE_SECONDS = 1.0
Note = TypeVar("Note")
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
        self._refusals: deque[Use] = deque()
        self._accepted: deque[Again] = deque()
        self._tallies: deque[Tally] = deque()
        self._dropped: Counter[datetime] = Counter()
        # The hour that is stored for each token and scope: it is not written again and again while the hour lasts.
        self._asked: dict[tuple[str, str], datetime] = {}
        # How many refusals of each token are stored since those beyond the last were removed.
        self._refused: dict[str, int] = defaultdict(int)
        # The addresses that are stored for each token and day, up to one more than are kept.
        self._places: dict[tuple[str, date], set[str]] = defaultdict(set)
        self._counting_drops = threading.Lock()
        self._writing = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, refusal: Use) -> None:
        """Remember one refusal; never waits. Where too many uses are still to be written, only the drop is counted."""
        if self._has_room:
            self._refusals.append(refusal)
        else:
            self._drop(refusal.at)

    def note_again(self, alike: Alike, at: datetime) -> None:
        """Remember one accepted use, which is like the first one and in the same hour."""
        if self._has_room:
            self._accepted.append((alike, at))
        else:
            self._drop(at)

    @property
    def _has_room(self) -> bool:
        return len(self._accepted) + len(self._refusals) < self._most_waiting

    def _drop(self, at: datetime) -> None:
        with self._counting_drops:
            self._dropped[hour_of(at)] += 1

    def flush(self) -> None:
        """Write what has been noted so far. Raises SQLAlchemyError, and keeps what could not be written for later."""
        with self._writing, self._context():
            self._write_drops()
            # Memory stays bounded while the database is away: what was summed up goes first.
            self._write_tallies()
            # What is noted from here on waits for the next time, or a busy process would do nothing but write.
            self._tallies.extend(tallied(_taken(self._refusals), _taken(self._accepted), MOST_A_TALLY))
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
                why = f"the database is {trouble(error)}" if isinstance(error, DBAPIError) else type(error).__name__
                log.warning("usage is not written, next try in %.0f s: %s", pause, why)

    def _write_tallies(self) -> None:
        while self._tallies:
            late = self._write_tally(self._tallies[0])
            # Whatever becomes of the events: what is stored must not be added once more.
            self._tallies.popleft()
            for use in late:
                self._record_late_use(use)

    def _write_tally(self, tally: Tally) -> list[Use]:
        self._leave_out_what_is_stored(tally)
        refused = {token_id: self._refused[token_id] + len(uses) for token_id, uses in tally.refusals.items()}
        full = [token_id for token_id, count in refused.items() if count >= REFUSALS_A_TIDYING]
        with transaction() as session:
            late = usage.write(session, tally, Crowded(self._crowded_places(tally), full))
        for token_id, day, address in tally.places:
            known = self._places[token_id, day]
            if len(known) <= PLACES_KEPT:
                known.add(address)
        self._asked |= tally.asked
        self._refused |= refused | dict.fromkeys(full, 0)
        return late

    def _crowded_places(self, tally: Tally) -> set[str]:
        """The tokens with a new address; and those with too many, of which an address that is known may not be kept."""
        places = ((token_id, address, self._places[token_id, day]) for token_id, day, address in tally.places)
        return {token_id for token_id, address, known in places if address not in known or len(known) > PLACES_KEPT}

    def _leave_out_what_is_stored(self, tally: Tally) -> None:
        for stored in (self._asked, self._places, self._refused):
            if len(stored) > self._most_waiting:
                stored.clear()
        for asked in [asked for asked, hour in tally.asked.items() if self._asked.get(asked) == hour]:
            del tally.asked[asked]

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


def _taken(notes: deque[Note]) -> Sequence[Note]:
    """What is noted by now, and no longer among the notes."""
    return [notes.popleft() for _ in range(len(notes))]
