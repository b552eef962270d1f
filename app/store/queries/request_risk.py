"""The risk of approval requests, asked of the database: the one that their pages show, the higher of the one now and
the one if approved (`RequestView.gravest_risk`)."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, and_, case, exists, func, literal, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.domain import edits, governance
from app.domain.approval import RequestKind
from app.domain.governance import Realm
from app.domain.risk import Risk
from app.store.tables import ApprovalRequestRow, ScopeRow, TokenScope


def level() -> ColumnElement[int]:
    """The risk of the request of each row, as its number."""
    return case((_touches(Risk.HIGH), int(Risk.HIGH)), (_touches(Risk.MEDIUM), int(Risk.MEDIUM)), else_=int(Risk.LOW))


def governed_scope() -> ColumnElement[str]:
    """The name of the scope of the request of each row, where it is about one."""
    return func.substr(ApprovalRequestRow.governed, len(f"{Realm.SCOPE.value}:") + 1)


def _touches(level: Risk) -> ColumnElement[bool]:
    """Whether something of this risk is what it is about, or would be."""
    request, at_level = ApprovalRequestRow, ScopeRow.risk == level
    name = governed_scope()
    return or_(
        exists().where(TokenScope.token_id == request.token_id, ScopeRow.name == TokenScope.scope_name, at_level),
        and_(request.kind == RequestKind.CHANGE, exists().where(at_level, _Asks(edits.SCOPES, ScopeRow.name))),
        exists().where(request.governed.startswith(f"{Realm.SCOPE.value}:"), ScopeRow.name == name, at_level),
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
