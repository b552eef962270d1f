"""Approval requests of one risk, asked of the database. The risk is the one that their pages show: the higher of the
one now and the one if approved (`RequestView.gravest_risk`)."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, and_, exists, func, literal, not_, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.domain import edits, governance
from app.domain.approval import RequestKind
from app.domain.governance import Realm
from app.domain.risk import Risk
from app.store.tables import ApprovalRequestRow, ScopeRow, TokenScope

_BEHIND_REALM = len(f"{Realm.SCOPE.value}:") + 1


def of(level: Risk) -> ColumnElement[bool]:
    """The condition under which a request is of this risk."""
    return and_(_touches(level), *(not_(_touches(higher)) for higher in Risk if higher > level))


def _touches(level: Risk) -> ColumnElement[bool]:
    """Whether something of this risk is what it is about, or would be."""
    request, at_level = ApprovalRequestRow, ScopeRow.risk == level
    name = func.substr(request.governed, _BEHIND_REALM)
    return or_(
        exists().where(TokenScope.token_id == request.token_id, ScopeRow.name == TokenScope.scope_name, at_level),
        and_(request.kind == RequestKind.CHANGE, exists().where(at_level, _Asks(edits.SCOPES, ScopeRow.name))),
        exists().where(request.governed.startswith(f"{Realm.SCOPE.value}:"), ScopeRow.name == name, at_level),
        # Never null, so that it can be denied.
        and_(
            request.kind == RequestKind.GOVERNANCE,
            or_(request.governed == str(governance.entry(level)), _Asks(edits.RISK, literal(level.word, String()))),
        ),
    )


class _Asks(FunctionElement[bool]):
    """Whether a request's changes would have the field hold this value, alone or among others."""

    type = Boolean()
    inherit_cache = True
    name = "asks"

    def __init__(self, field: str, value: ColumnElement[str] | InstrumentedAttribute[str]) -> None:
        super().__init__(ApprovalRequestRow.changes, literal(field, String()), value)


@compiles(_Asks, "sqlite")
def _on_sqlite(element: _Asks, compiler: SQLCompiler, **more: Any) -> str:
    changes, field, value = (compiler.process(each, **more) for each in element.clauses)
    return (
        f"EXISTS (SELECT 1 FROM json_each({changes}) AS change, json_each(change.value, '$.after') AS one "  # noqa: S608 - of columns and parameters
        f"WHERE json_extract(change.value, '$.field') = {field} AND one.value = {value})"
    )


@compiles(_Asks, "postgresql")
def _on_postgresql(element: _Asks, compiler: SQLCompiler, **more: Any) -> str:
    changes, field, value = (compiler.process(each, **more) for each in element.clauses)
    named = f"jsonb_build_object('field', CAST({field} AS TEXT), 'value', CAST({value} AS TEXT))"
    path = "$[*] ? (@.field == $field).after[*] ? (@ == $value)"
    return f"jsonb_path_exists(CAST({changes} AS JSONB), '{path}', {named})"
