"""What the server prints: warnings and errors, each one line of JSON, and never a key."""

import json
import logging
from datetime import UTC, datetime

from flask import g, has_request_context

from app.domain import keys

LEVEL = "WARNING"


class JsonLines(logging.Formatter):
    """One JSON object for each record. Everything that has a key's shape is reduced to its hint, in messages and in
    tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without any key."""
        line: dict[str, str] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        request_id = getattr(record, "request_id", None) or _request_id()
        if request_id is not None:
            line["request_id"] = request_id
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return keys.mask(json.dumps(line, ensure_ascii=False))


def _request_id() -> str | None:
    """The id of the request that is being answered, if one is."""
    return g.get("request_id") if has_request_context() else None


CONFIG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": JsonLines}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}},
    "root": {"handlers": ["console"], "level": LEVEL},
    "loggers": {
        # The server tells of each worker that comes and goes.
        "_granian": {"handlers": ["console"], "level": LEVEL, "propagate": False},
        # Its arguments are the request: with an access log, a key in a wrong place would be in it.
        "granian.access": {"handlers": [], "level": LEVEL, "propagate": False},
    },
}
