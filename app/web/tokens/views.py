"""The blueprint, with every page of the area on it."""

from app.web.tokens import acl, activity, edit, issue, overview, rotate, security, switches
from app.web.tokens.area import blueprint

__all__ = ["acl", "activity", "blueprint", "edit", "issue", "overview", "rotate", "security", "switches"]
