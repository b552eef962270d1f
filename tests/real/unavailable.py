"""What this machine cannot run."""


class UnavailableError(Exception):
    """A real service cannot be had here; the message names it, and how to get it, in one line."""
