"""Whether what was read of a token is what is stored now: a change of its own makes it another, or one of what many
tokens share, and none else."""

import threading
from collections.abc import Hashable

from app.store.reading.reader import Reader

# Beyond so many, whose changes are not told apart any more.
MOST_NOTED = 10_000
# After every generation there will be: nothing has been read as of it.
_NEVER = 2**62


class Freshness:
    """Moments are numbers that begin anew with each process. A moment is later than another where something was found
    to have changed in between."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._one_at_a_time = threading.Lock()
        self._proof: tuple[Hashable, int] = (None, 0)
        self._moment = 0
        self._server: int | None = None
        self._generation = _NEVER
        self._everything = 0
        self._tokens: dict[str, int] = {}

    def moment(self, generation: Hashable, server: int | None = None) -> int:
        """The moment of a generation, which is another after each change: all that was changed until then is known by
        now. It is the database's own, or one that a `server` told: on the word of another nothing is used again.
        Raises Unavailable."""
        proof = (server, generation)
        known, moment = self._proof
        if known == proof:
            return moment
        with self._one_at_a_time:
            known, moment = self._proof
            if known != proof:
                moment = self._learnt(server)
                self._proof = (proof, moment)
            return moment

    def lasts(self, token_id: str, since: int) -> bool:
        """Whether what was read of this token at a moment, or later, is right at every moment that was given out
        before this is asked."""
        # In this order, which is the other way round than they are written: what is forgotten about the tokens counts
        # for everything by then.
        return self._tokens.get(token_id, 0) <= since and since >= self._everything

    def _learnt(self, server: int | None) -> int:
        """The moment of now, once what changed since the last one is known."""
        found = self._reader.changes(self._generation)
        if (found.until, server) == (self._generation, self._server):
            return self._moment
        moment = self._moment + 1
        # A generation that went back is that of another database, put in the place of this one.
        is_another = server != self._server or found.until < self._generation
        if is_another or found.everything > self._generation or len(self._tokens) + len(found.tokens) > MOST_NOTED:
            # In this order: see `lasts`.
            self._everything = moment
            self._tokens.clear()
        else:
            self._tokens.update(dict.fromkeys(found.tokens, moment))
        self._generation, self._server = found.until, server
        self._moment = moment
        return moment
