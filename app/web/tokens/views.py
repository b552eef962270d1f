"""The blueprint, with every page of the area on it."""

from app.web.tokens import acl, activity, edit, emergency, issue, overview, rotate, security, switches
from app.web.tokens.area import blueprint

__all__ = [
    "acl",
    "activity",
    "blueprint",
    "edit",
    "emergency",
    "issue",
    "overview",
    "rotate",
    "security",
    "switches",
]
