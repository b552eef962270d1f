"""The closed vocabulary of the audit log. Each action has its sentence, written as what the actor did."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """`subject.past_participle`. A word that is retired stays here, so that old events stay readable."""

    APPLICATION_CREATED = "application.created"
    APPLICATION_UPDATED = "application.updated"
    APPLICATION_DISABLED = "application.disabled"
    APPLICATION_ENABLED = "application.enabled"
    APPLICATION_ANSWERS_FOR_SET = "application.answers_for_set"
    MEMBER_ADDED = "member.added"
    MEMBER_REMOVED = "member.removed"
    TOKEN_ISSUED = "token.issued"
    TOKEN_UPDATED = "token.updated"
    TOKEN_ROTATED = "token.rotated"
    TOKEN_OLD_KEY_FINISHED = "token.old_key_finished"
    TOKEN_RETIRED_KEY_USED = "token.retired_key_used"
    TOKEN_DISABLED = "token.disabled"
    TOKEN_ENABLED = "token.enabled"
    TOKEN_CHANGE_ASKED = "token.change_asked"
    TOKEN_REVOKED = "token.revoked"
    TOKEN_EMERGENCY_ACTIVATED = "token.emergency_activated"
    TOKEN_EMERGENCY_DEACTIVATED = "token.emergency_deactivated"
    TOKEN_EMERGENCY_ENDED = "token.emergency_ended"
    APPROVAL_APPROVED = "approval.approved"
    APPROVAL_REJECTED = "approval.rejected"
    APPROVAL_CANCELLED = "approval.cancelled"
    APPROVAL_SELF_REFUSED = "approval.self_refused"
    SCOPE_ADDED = "scope.added"
    SCOPE_UPDATED = "scope.updated"
    SCOPE_CHANGE_ASKED = "scope.change_asked"
    POLICY_SET = "policy.set"
    POLICY_CHANGE_ASKED = "policy.change_asked"
    USER_ADDED = "user.added"
    USER_UPDATED = "user.updated"
    USER_LINK_MADE = "user.link_made"
    USER_PASSWORD_SET = "user.password_set"
    USER_SIGNED_IN = "user.signed_in"
    USER_SIGN_IN_FAILED = "user.sign_in_failed"
    USER_SIGNED_OUT = "user.signed_out"
    USER_SESSION_ENDED = "user.session_ended"
    AUDIT_EXPORTED = "audit.exported"
    INSTALLATION_INITIALISED = "installation.initialised"
    EXAMPLE_ADDED = "example.added"
    EXAMPLE_REMOVED = "example.removed"


SENTENCES: dict[Action, str] = {
    Action.APPLICATION_CREATED: "created the application",
    Action.APPLICATION_UPDATED: "changed the application",
    Action.APPLICATION_DISABLED: "disabled the application",
    Action.APPLICATION_ENABLED: "enabled the application",
    Action.APPLICATION_ANSWERS_FOR_SET: "set what the application answers for",
    Action.MEMBER_ADDED: "added a member",
    Action.MEMBER_REMOVED: "removed a member",
    Action.TOKEN_ISSUED: "issued the token",
    Action.TOKEN_UPDATED: "changed the token",
    Action.TOKEN_ROTATED: "rotated the key",
    Action.TOKEN_OLD_KEY_FINISHED: "ended the old key",
    Action.TOKEN_RETIRED_KEY_USED: "used a key that was rotated away",
    Action.TOKEN_DISABLED: "disabled the token",
    Action.TOKEN_ENABLED: "enabled the token",
    Action.TOKEN_CHANGE_ASKED: "asked for a change of the token",
    Action.TOKEN_REVOKED: "revoked the token",
    Action.TOKEN_EMERGENCY_ACTIVATED: "activated emergency access",
    Action.TOKEN_EMERGENCY_DEACTIVATED: "deactivated emergency access",
    Action.TOKEN_EMERGENCY_ENDED: "ended emergency access by changing who activated it",
    Action.APPROVAL_APPROVED: "approved the request",
    Action.APPROVAL_REJECTED: "rejected the request",
    Action.APPROVAL_CANCELLED: "cancelled the request",
    Action.APPROVAL_SELF_REFUSED: "was refused to decide their own request",
    Action.SCOPE_ADDED: "added a scope to the catalogue",
    Action.SCOPE_UPDATED: "changed a scope of the catalogue",
    Action.SCOPE_CHANGE_ASKED: "asked for a change of a scope",
    Action.POLICY_SET: "set the approval policy",
    Action.POLICY_CHANGE_ASKED: "asked for a change of the approval policy",
    Action.USER_ADDED: "added a person",
    Action.USER_UPDATED: "changed a person",
    Action.USER_LINK_MADE: "made a one-time link",
    Action.USER_PASSWORD_SET: "set a password",
    Action.USER_SIGNED_IN: "signed in",
    Action.USER_SIGN_IN_FAILED: "failed to sign in",
    Action.USER_SIGNED_OUT: "signed out",
    Action.USER_SESSION_ENDED: "ended a session",
    Action.AUDIT_EXPORTED: "exported the audit log",
    Action.INSTALLATION_INITIALISED: "set up this installation",
    Action.EXAMPLE_ADDED: "filled in the example",
    Action.EXAMPLE_REMOVED: "removed the example",
}


@dataclass(frozen=True)
class Subject:
    """What an event is about. `name` is copied as text, so that the event stays true when the thing is renamed."""

    kind: str
    id: str
    name: str
    application_id: str | None = None
    token_id: str | None = None


@dataclass(frozen=True)
class Event:
    """One row of the audit log, as pages and exports read it."""

    sequence: int
    id: str
    at: datetime
    action: Action
    actor_id: str | None
    actor_name: str
    subject: Subject
    reason: str
    changes: tuple[Mapping[str, object], ...]
    address: str | None
    user_agent: str | None
    request_id: str | None


def sentence(action: Action) -> str:
    """What the actor did, to stand behind their name."""
    return SENTENCES[action]
