"""Imports go down only: the table of ARCHITECTURE, as data."""

import graphlib
import sys

import pytest

from tests.architecture.conftest import Plant
from tests.architecture.house import House, Module

# What each room may import beside itself and the standard library. The longest name that fits a module is its room.
MAY_IMPORT = {
    "app.domain": (),
    "app.quota": ("app.domain", "limits", "redis"),
    "app.store": (
        "app.domain",
        *("sqlalchemy", "flask_sqlalchemy", "flask_migrate", "alembic", "psycopg"),
        *("flask.Flask", "flask.current_app"),  # where the connection is kept; no request, no session of a person
    ),
    "app.services": ("app.domain", "app.store", "app.quota", "sqlalchemy", "argon2"),
    "app.verification": ("app.domain", "app.store", "app.quota", "app.clock", "sqlalchemy", "msgspec"),
    "app.verification.views": ("app.verification", "app.domain", "app.clock", "flask"),
    "app.web": (
        *("app.domain", "app.store.queries", "app.quota", "app.services", "app.clock"),
        "app.store.database.db",  # its session reads; changing rows outside a verb's transaction() is refused there
        "app.store.trouble",  # what an error of sqlalchemy.exc comes from
        *("flask", "flask_login", "flask_wtf", "wtforms", "werkzeug", "markupsafe", "sqlalchemy.exc"),
    ),
    "app.web.docs": ("app.web", "flask", "werkzeug", "markupsafe", "markdown_it"),
    "app.cli": (
        *("app.domain", "app.store.queries", "app.store.database.db", "app.store.schema", "app.store.audit_chain"),
        "app.store.backup",
        *("app.quota", "app.services", "app.clock", "app.config", "app.home", "flask", "click", "granian"),
    ),
    "app.operations": (
        *("app.domain", "app.store.queries", "app.store.database.db", "app.store.schema", "app.quota"),
        *("app.verification.measures", "app.clock", "flask", "sqlalchemy.exc"),
    ),
    "app.clock": (),
    "app.config": ("app.domain",),
    "app.home": ("app.config",),
    "app": ("app", "flask", "flask_login"),
    "wsgi": ("app",),
}
# Rooms of `app` itself: modules that stand on no floor would otherwise be free to import everything.
COMPOSITION = {"app", "wsgi"}


def room_of(module: Module) -> str | None:
    fitting = [room for room in MAY_IMPORT if f"{module.name}.".startswith(f"{room}.")]
    room = max(fitting, key=len, default=None)
    return None if room in COMPOSITION and module.name != room else room


def strangers(house: House) -> list[str]:
    """Modules without a room, and imports that a module's room does not allow."""
    found = []
    for module in house.modules:
        room = room_of(module)
        if room is None:
            found.append(f"{module.path} stands on no floor: give it one in {__name__}")
            continue
        allowed = (room, *MAY_IMPORT[room], *sys.stdlib_module_names)
        found += [
            f"{module.path} may not import {name}"
            for name in module.imports
            if not any(f"{name}.".startswith(f"{allowed_name}.") for allowed_name in allowed)
        ]
    return found


def circle(house: House) -> list[str]:
    """A chain of modules that import one another in a ring, or nothing."""
    names = {module.name for module in house.modules}

    def imported_module(dotted: str) -> str | None:
        return next((name for name in (dotted, dotted.rpartition(".")[0]) if name in names), None)

    graph = {
        module.name: {name for name in map(imported_module, module.imports) if name and name != module.name}
        for module in house.modules
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_imports_go_down_only(house: House) -> None:
    assert strangers(house) == []


def test_no_modules_import_one_another_in_a_ring(house: House) -> None:
    assert circle(house) == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("app/domain/keys.py", "import flask"),
        ("app/domain/keys.py", "from app.clock import system_clock"),
        ("app/domain/keys.py", "from app.store import database"),
        ("app/quota/windows.py", "import psycopg"),
        ("app/quota/windows.py", "from app.store.database import db"),
        ("app/store/database.py", "from flask import request"),
        ("app/store/database.py", "from flask_login import current_user"),
        ("app/store/database.py", "from app.services import recording"),
        ("app/services/tokens/issue.py", "from flask import request"),
        ("app/services/tokens/issue.py", "from app.web.access import actor"),
        ("app/services/tokens/issue.py", "from app.verification.answer import answer"),
        ("app/services/tokens/issue.py", "from wtforms import Form"),
        ("app/verification/answer.py", "from flask import request"),
        ("app/verification/answer.py", "from app.services import sign_in"),
        ("app/verification/views.py", "from app.web.access import anyone"),
        ("app/verification/views.py", "from flask_login import current_user"),
        ("app/verification/views.py", "from flask_wtf import CSRFProtect"),
        ("app/web/tokens/views.py", "from app.verification.answer import answer"),
        ("app/web/tokens/views.py", "from app.store.tables import TokenRow"),
        ("app/web/tokens/views.py", "from app.store.database import transaction"),
        ("app/web/tokens/views.py", "from sqlalchemy import select"),
        ("app/cli/people.py", "from app.store.tables import UserRow"),
        ("app/cli/people.py", "from app.verification.answer import answer"),
        ("app/operations/views.py", "from app.services import approvals"),
        ("app/operations/metrics.py", "from app.store.tables import TokenRow"),
        ("app/helpers.py", "import re"),
        ("app/domain/keys.py", "def later():\n    import limits"),
    ],
)
def test_an_import_that_goes_up_or_sideways_is_found(plant: Plant, path: str, line: str) -> None:
    assert len(strangers(plant({path: line}))) == 1


def test_a_ring_is_found_wherever_the_import_stands(plant: Plant) -> None:
    planted = plant(
        {"app/domain/a.py": "from app.domain import b", "app/domain/b.py": "def f():\n    import app.domain.a"}
    )
    assert set(circle(planted)) == {"app.domain.a", "app.domain.b"}
