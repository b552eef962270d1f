"""What the server prints: warnings and errors, one line each where possible, and never a key."""

import logging

from app.domain import keys

LEVEL = "WARNING"


class Masked(logging.Formatter):
    """Reduces everything that has a key's shape to its hint, in messages and in tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without any key."""
        return keys.mask(super().format(record))


CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"masked": {"()": Masked, "format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "masked", "stream": "ext://sys.stderr"}},
    "root": {"handlers": ["console"], "level": LEVEL},
    "loggers": {
        # The server tells of each worker that comes and goes.
        "_granian": {"handlers": ["console"], "level": LEVEL, "propagate": False},
        # Its arguments are the request: with an access log, a key in a wrong place would be in it.
        "granian.access": {"handlers": [], "level": LEVEL, "propagate": False},
    },
}
