"""The blueprint, with every page of the area on it."""

from app.web.tokens import issue, overview, rotate, switches
from app.web.tokens.area import blueprint

__all__ = ["blueprint", "issue", "overview", "rotate", "switches"]
