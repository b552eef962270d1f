"""What every app of a test run makes alike, made once: most of what a small test costs.

Each test builds an app of its own. Werkzeug writes, parses and compiles two functions for each of its routes, and Jinja
compiles each template again; both depend on nothing but the route and the template."""

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

_compile_builder: Callable[[Rule, bool], Callable[..., tuple[str, str]]] = Rule._compile_builder
_builders: dict[tuple[Any, ...], Callable[..., tuple[str, str]]] = {}


def share_routes() -> None:
    """From now on, apps of this process share what Werkzeug compiles of their routes."""
    Rule._compile_builder = _builder  # type: ignore[method-assign, assignment]


def share_templates() -> None:
    """From now on, apps of this process share what Jinja compiles of their templates."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Templates()}


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
