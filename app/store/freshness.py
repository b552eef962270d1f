"""Whether what was read of a token is what is stored now: a change of its own makes it another, or one of what many
tokens share, and none else."""

import threading
from collections.abc import Hashable

from app.store.reading.changes import MOST, Point
from app.store.reading.reader import Reader


class Freshness:
    """Moments are numbers that begin anew with each process. A moment is later than another where something was found
    to have changed in between."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._one_at_a_time = threading.Lock()
        # The last generation of the database and the last one of the server, each with its moment.
        self._proofs: dict[int | None, tuple[Hashable, int]] = {}
        self._moment = 0
        self._server: int | None = None
        self._known: Point | None = None
        self._everything = 0
        self._tokens: dict[str, int] = {}

    def moment(self, server: int | None, generation: Hashable) -> int:
        """The moment of a generation: all that was changed until then is known by now. It is one that a `server` told,
        after another of which nothing is used again; or the database's own where that is None. Raises Unavailable."""
        proof = self._proofs.get(server)
        if proof is not None and proof[0] == generation:
            return proof[1]
        with self._one_at_a_time:
            proof = self._proofs.get(server)
            if proof is not None and proof[0] == generation:
                return proof[1]
            is_another = server is not None and server != self._server
            moment = self._learnt(is_another=is_another)
            if is_another:
                self._server, self._proofs = server, {}
            self._proofs[server] = (generation, moment)
            return moment

    def lasts(self, token_id: str, since: int) -> bool:
        """Whether what was read of this token at a moment, or later, is right at every moment that was given out
        before this is asked."""
        # In this order, which is the other way round than they are written: what is forgotten about the tokens counts
        # for everything by then.
        return self._tokens.get(token_id, 0) <= since and since >= self._everything

    def _learnt(self, *, is_another: bool) -> int:
        """The moment of now, once what changed since the last one is known."""
        found = self._reader.changes(self._known)
        before, self._known = self._known, found.until
        if found.tokens == [] and before is not None and before.generation == found.until.generation and not is_another:
            return self._moment
        moment = self._moment + 1
        if is_another or found.tokens is None or len(self._tokens) + len(found.tokens) > MOST:
            # In this order: see `lasts`.
            self._everything = moment
            self._tokens.clear()
        else:
            self._tokens.update(dict.fromkeys(found.tokens, moment))
        self._moment = moment
        return moment
