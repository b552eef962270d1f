"""What every app of a test run makes alike, made once: most of what a small test costs.

Each test builds an app of its own. Werkzeug writes, parses and compiles two functions for each of its routes, Jinja
compiles each template again and SQLAlchemy each statement; all three depend on nothing but the route, the template, and
the statement and its database's kind."""

import gc
from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from werkzeug.routing import Rule

_compile_builder: Callable[[Rule, bool], Callable[..., tuple[str, str]]] = Rule._compile_builder
_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


def share_routes() -> None:
    """From now on, apps of this process share what Werkzeug compiles of their routes."""
    Rule._compile_builder = _builder  # type: ignore[method-assign, assignment]


def share_templates() -> None:
    """From now on, apps of this process share what Jinja compiles of their templates."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Templates()}


def share_statements() -> None:
    """From now on, engines of this process share what SQLAlchemy compiles of statements."""
    statements = _Statements()

    @event.listens_for(Engine, "engine_connect")
    def _share(connection: Connection) -> None:
        connection.engine._compiled_cache = statements


def keep_what_is_loaded() -> None:
    """What is loaded by now stays loaded: the collector need not look through it for garbage in each test, and seldom
    finds any that is worth the look."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    key = (rule.rule, tuple(rule._trace), tuple(sorted((rule.defaults or {}).items())), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


class _Templates(BytecodeCache):
    """Compiled templates by name and text."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


class _Statements(dict[tuple[Any, ...], Any]):
    """Compiled statements, which SQLAlchemy knows by the dialect of one engine; by the dialect's name, instead."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(_by_name(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(_by_name(key), compiled)


def _by_name(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (dialect.name, *rest)
