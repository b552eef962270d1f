"""The routes by which the rules themselves are looked at and changed: catalogue, policy, audit log. See `routes`."""

from collections.abc import Mapping

from tests.matrix import rules
from tests.matrix import standings as may
from tests.matrix.uses import Read, Use, Write, at
from tests.matrix.world import REASON

ROUTES: Mapping[str, tuple[Use, ...]] = {
    "audit.page": (Read(may.AUDIT, at("/audit")),),
    "audit.export": (
        Write(may.AUDIT, at("/audit/export"), at("/audit"), "audit.exported", lambda world: {"format": "csv"}),
    ),
    "scopes.listing": (Read(may.SIGNED_IN, at("/scopes")),),
    "scopes.page": (Read(may.SIGNED_IN, at("/scopes/{it}", it=rules.spare_scope)),),
    "scopes.review": (Read(may.SIGNED_IN, at("/scopes/review")),),
    "scopes.new": (Read(may.CATALOGUE, at("/scopes/new")),),
    "scopes.add": (
        Write(
            may.CATALOGUE,
            at("/scopes/new"),
            at("/scopes/new"),
            "scope.added",
            lambda world: {"name": rules.new_name(), "risk": "low"},
        ),
    ),
    "scopes.save": (
        Write(
            may.CATALOGUE,
            at("/scopes/{it}", it=rules.spare_scope),
            at("/scopes/{it}", it=rules.spare_scope),
            "scope.updated",
            lambda world: {"risk": "high", "reason": REASON},
            lambda world: {"version": "1"},
        ),
    ),
    "scopes.retire": (
        Write(
            may.CATALOGUE,
            at("/scopes/{it}/retire", it=rules.spare_scope),
            at("/scopes/{it}", it=rules.spare_scope),
            "scope.updated",
            lambda world: {"reason": REASON},
            lambda world: {"version": "1"},
        ),
    ),
    "scopes.offer": (
        Write(
            may.CATALOGUE,
            at("/scopes/{it}/offer", it=rules.retired_scope),
            at("/scopes/{it}", it=rules.retired_scope),
            "scope.change_asked",
            lambda world: {"reason": REASON},
            lambda world: {"version": "2"},
        ),
    ),
    "settings.page": (Read(may.POLICY, at("/settings")),),
    "settings.save": (
        Write(
            may.POLICY,
            at("/settings/policy/{it}", it=rules.free_entry),
            at("/settings"),
            "policy.change_asked",
            lambda world: {"approval": "do-not-ask", "reason": REASON},
            lambda world: {"version": rules.policy_version(world)},
        ),
    ),
}
