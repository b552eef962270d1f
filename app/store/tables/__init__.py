"""The tables, one file for each thing. Only `store` and `services` see them."""

from app.store.tables.application import ApplicationMember, ApplicationRow
from app.store.tables.approval import ApprovalRequestRow
from app.store.tables.audit import AuditEventRow, ChainHead
from app.store.tables.emergency import EmergencyUseRow, EmergencyWindowRow
from app.store.tables.generation import GenerationRow
from app.store.tables.incident import IncidentRow, IncidentToken
from app.store.tables.key import KeyRow
from app.store.tables.person import OneTimeLinkRow, SignInFailureRow, UserRow, UserSessionRow
from app.store.tables.policy import PolicyRow, SecretCheckRow
from app.store.tables.scope import ScopeRow
from app.store.tables.token import TokenRow, TokenScope
from app.store.tables.usage import KeyUsageRow, RefusalRow, ScopeUsageRow, UsageDropRow, UsageHourRow, UsagePlaceRow

__all__ = [
    "ApplicationMember",
    "ApplicationRow",
    "ApprovalRequestRow",
    "AuditEventRow",
    "ChainHead",
    "EmergencyUseRow",
    "EmergencyWindowRow",
    "GenerationRow",
    "IncidentRow",
    "IncidentToken",
    "KeyRow",
    "KeyUsageRow",
    "OneTimeLinkRow",
    "PolicyRow",
    "RefusalRow",
    "ScopeRow",
    "ScopeUsageRow",
    "SecretCheckRow",
    "SignInFailureRow",
    "TokenRow",
    "TokenScope",
    "UsageDropRow",
    "UsageHourRow",
    "UsagePlaceRow",
    "UserRow",
    "UserSessionRow",
]
