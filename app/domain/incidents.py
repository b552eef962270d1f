"""Many tokens stopped at once: how, how many, and when that can be taken back (SPEC 6, 14)."""

from enum import StrEnum

from app.domain.errors import Unfit
from app.domain.identifiers import Kind, is_id
from app.domain.lifecycle import Status, Verb, permits
from app.domain.roles import Deed

# In one transaction, which no other change can interrupt: with more, others would wait for too long.
MOST = 500
# Under this name every event of an incident notes which one it belongs to.
INCIDENT = "incident"


class Stop(StrEnum):
    """What is done to each of the tokens."""

    DISABLE = "disable"
    REVOKE = "revoke"

    @property
    def verb(self) -> Verb:
        """What the verb table says of it."""
        return Verb.DISABLE if self is Stop.DISABLE else Verb.REVOKE

    @property
    def deed(self) -> Deed:
        """What a person must be allowed, for each token's application."""
        return Deed.DISABLE_TOKEN if self is Stop.DISABLE else Deed.REVOKE_TOKEN

    def hits(self, status: Status) -> bool:
        """Whether a token of this status is stopped, and not left as it is."""
        return permits(self.verb, status)


def stop(raw: str) -> Stop:
    """What a form asks for. Raises Unfit."""
    try:
        return Stop(raw)
    except ValueError:
        raise Unfit("Choose whether to disable or to revoke.") from None


def chosen(raw: list[str]) -> list[str]:
    """The tokens that a form names, each once. Raises Unfit for none, for too many, and for what is no token's id."""
    ids = sorted(set(raw))
    if not ids:
        raise Unfit("Choose at least one token.")
    if len(ids) > MOST:
        raise Unfit(f"Choose at most {MOST} tokens; these are {len(ids):,}.")
    if not all(is_id(Kind.TOKEN, each) for each in ids):
        raise Unfit("One of these is no token. Choose again from the list.")
    return ids
