"""The rules about rules that one person of the table reaches for: scopes of the catalogue, an entry of the policy."""

from app.domain import governance
from app.domain.identifiers import random_text
from app.domain.risk import Risk
from app.services.approvals import cancel
from app.services.scopes.edit import set_retired
from app.store.database import db
from app.store.queries import approvals
from app.store.tables import PolicyRow
from tests import factories
from tests.factories import actor
from tests.matrix.world import REASON, World


def new_name() -> str:
    """The name of a scope that is not there yet."""
    return f"r{random_text(8).lower()}:read"


def spare_scope(world: World) -> str:
    """A Low scope that nobody holds."""
    return world.made("spare scope", lambda: factories.make_scope(new_name(), Risk.LOW, world.now))


def retired_scope(world: World) -> str:
    """Another one, which is not given out."""

    def retired() -> str:
        name = factories.make_scope(new_name(), Risk.LOW, world.now)
        set_retired(name, "1", True, REASON, actor(world.cast.ada, "Ada"), world.now)
        return name

    return world.made("retired scope", retired)


def free_entry(world: World) -> str:
    """An entry of the policy about which no request waits."""

    def free() -> str:
        entry = governance.entry(Risk.MEDIUM)
        waiting = approvals.governed(db.session(), [entry], world.now).get(entry)
        if waiting is not None:
            cancel(waiting, actor(world.cast.ada, "Ada"), world.now)
        return entry.name

    return world.made("free entry", free)


def policy_version(world: World) -> str:
    """What the form of that entry brings along."""
    with world.app.app_context():
        return str(db.session.get_one(PolicyRow, Risk.MEDIUM).version)
