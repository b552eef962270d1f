"""The cast's tokens, for what becomes of them when people change."""

from tests.services.tokens.conftest import form, issue

__all__ = ["form", "issue"]
