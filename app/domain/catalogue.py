"""A scope catalogue as a file says it, and which of its differences loosen what is there (SPEC 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.domain import access_rules, text
from app.domain.changes import FieldChange, between
from app.domain.containment import all_inside
from app.domain.errors import Faults, Invalid, NotAllowed, Unfit
from app.domain.risk import Risk
from app.domain.scopes import TOKEN_VERIFY, Scope, is_name

CATEGORY_LENGTH = 100
NAME_LENGTH = 200
MOST_PERMISSIONS = 100
KNOWN = frozenset({"name", "category", "description", "risk", "permissions", "retired"})


@dataclass(frozen=True)
class Entry:
    """One scope of a file, its permissions in order. `retired` is None where the file does not say."""

    scope: Scope
    retired: bool | None = None

    def over(self, current: Scope | None) -> Scope:
        """The scope as it would be once this entry is applied."""
        stays = current.retired if current else False
        return replace(self.scope, retired=stays if self.retired is None else self.retired)


def read(document: Mapping[str, object]) -> tuple[Entry, ...]:
    """The entries of a parsed file: a list `scope` of tables. Raises Invalid with a sentence for each at fault."""
    faults = Faults()
    entries: dict[str, Entry] = {}
    for position, table in enumerate(_tables(document), start=1):
        with faults.at(_called(table, position)):
            entry = _entry(table)
            if entry.scope.name in entries:
                raise Unfit("It stands in the file twice.")
            entries[entry.scope.name] = entry
    faults.refuse_if_any()
    return tuple(entries.values())


def typed(name: str, risk: str, category: str, description: str, permissions: str, *, retired: bool = False) -> Scope:
    """A scope as a form says it, its permissions one a line. Raises Invalid with a sentence for each field at fault."""
    faults, found = Faults(), Scope("", Risk.LOW, retired=retired)
    with faults.at("name"):
        found = replace(found, name=_name(name.strip()))
    with faults.at("risk"):
        found = replace(found, risk=_risk(risk))
    with faults.at("category"):
        found = replace(found, category=_line(category, "category"))
    with faults.at("description"):
        found = replace(found, description=text.description(description))
    with faults.at("permissions"):
        found = replace(found, permissions=_permissions([line for line in permissions.splitlines() if line.strip()]))
    faults.refuse_if_any()
    return found


def fields(scope: Scope) -> dict[str, object]:
    """What can be changed of a scope, as a change keeps it."""
    return {
        "category": scope.category,
        "description": scope.description,
        "risk": scope.risk.word,
        "permissions": sorted(scope.permissions),
        "retired": scope.retired,
    }


def with_fields(scope: Scope, values: Mapping[str, Any]) -> Scope:
    """The scope with these values of `fields` in the place of its own."""
    merged = {**fields(scope), **values}
    level, permissions = Risk.of(merged.pop("risk")), tuple(merged.pop("permissions"))
    return replace(scope, risk=level, permissions=permissions, **merged)


def changes(before: Scope, after: Scope) -> tuple[FieldChange, ...]:
    """The fields that differ; the order of permissions says nothing."""
    return between(fields(before), fields(after))


def require_editable(name: str) -> None:
    """Raise NotAllowed for the scope that Postern itself asks for."""
    if name == TOKEN_VERIFY:
        raise NotAllowed("This scope is built in: Postern itself asks for it, so it stays as it is.")


def differs(before: Scope, after: Scope) -> bool:
    """Whether the two say different things; the order of permissions says nothing."""
    return bool(changes(before, after))


def loosenings(before: Scope, after: Scope, *, held: bool) -> tuple[str, ...]:
    """How `after` loosens the catalogue's entry, in words; nothing where it is tighter or only said differently. More
    permissions loosen a scope that is `held` by a live token."""
    found = []
    if after.risk < before.risk:
        found.append(f"risk from {before.risk.label} to {after.risk.label}")
    if held and not all_inside(_rules(after), _rules(before)):
        found.append("more permissions, while live tokens hold it")
    if before.retired and not after.retired:
        found.append("offered again after it was retired")
    return tuple(found)


def _rules(scope: Scope) -> tuple[access_rules.AccessRule, ...]:
    return tuple(access_rules.parse(permission) for permission in scope.permissions)


def _tables(document: Mapping[str, object]) -> list[object]:
    tables = document.get("scope")
    if not isinstance(tables, list) or not tables or set(document) != {"scope"}:
        raise Invalid({"file": "It holds [[scope]] tables and nothing else, each with a name and a risk."})
    return tables


def _called(table: object, position: int) -> str:
    name = table.get("name") if isinstance(table, dict) else None
    return name if isinstance(name, str) and is_name(name) else f"scope {position} of the file"


def _entry(table: object) -> Entry:
    if not isinstance(table, dict):
        raise Unfit("It is no [[scope]] table.")
    unknown = sorted(set(table) - KNOWN)
    if unknown:
        raise Unfit(f"“{unknown[0]}” is not a field of a scope. Fields are {', '.join(sorted(KNOWN))}.")
    retired = table.get("retired")
    if retired is not None and not isinstance(retired, bool):
        raise Unfit("Write retired = true or retired = false.")
    scope = Scope(
        name=_name(table.get("name")),
        risk=_risk(table.get("risk")),
        category=_line(table.get("category", ""), "category"),
        description=text.description(_text(table.get("description", ""), "description")),
        permissions=_permissions(table.get("permissions", [])),
    )
    return Entry(scope, retired)


def _name(value: object) -> str:
    if not isinstance(value, str) or not is_name(value) or len(value) > NAME_LENGTH:
        raise Unfit("Name it resource:action, in small letters, digits and _, as in invoice:read.")
    if value == TOKEN_VERIFY:
        raise Unfit("This scope is built in. Leave it out of the file.")
    return value


def _risk(value: object) -> Risk:
    if not isinstance(value, str) or value not in {risk.word for risk in Risk}:
        raise Unfit('Give it a risk: "low", "medium" or "high".')
    return Risk.of(value)


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise Unfit(f"Write its {field} as a text.")
    return value


def _line(value: object, field: str) -> str:
    line = _text(value, field)
    return text.name(line) if line.strip() else ""


def _permissions(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_PERMISSIONS:
        raise Unfit(f'Write its permissions as a list of at most {MOST_PERMISSIONS}: ["GET /api/invoices/*"].')
    return tuple(sorted({str(access_rules.parse(_text(one, "permissions"))) for one in value}))
