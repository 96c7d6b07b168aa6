"""Structured logs, one JSON object a line, built only from fields that carry no personal data."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

# Where Django tells each statement, when it is asked to.
STATEMENTS = "django.db.backends"
# Only these extras are written: a value slipped into another field never reaches the log.
SAFE_EXTRAS = ("status_code", "job", "job_id", "case", "document", "duration_ms", "count")


class JsonFormatter(logging.Formatter):
    """One line of JSON: time, level, logger, message, the safe extras and where an exception was raised."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line |= {key: record.__dict__[key] for key in SAFE_EXTRAS if key in record.__dict__}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _places(record)
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith("yueban"):
        return record.getMessage()
    if record.name == STATEMENTS:
        return _without_values(record)
    return _without_query(record)


def _without_values(record: logging.LogRecord) -> str:
    """Of a statement to the database its first word and how long it took: its values are people's numbers."""
    words = str(record.__dict__.get("sql") or "").split(None, 1)
    return f"{words[0] if words else 'statement'} {record.__dict__.get('duration') or 0:.3f} s"


def _without_query(record: logging.LogRecord) -> str:
    """Other packages' messages with everything after a `?` removed: a search may hold a name or a number."""
    return " ".join(word.split("?", 1)[0] for word in record.getMessage().split(" "))


def _places(record: logging.LogRecord) -> list[str]:
    """File, line and function of each frame; never the exception's text, which may quote what was typed."""
    trace = record.exc_info[2] if record.exc_info else None
    places: list[str] = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-12:]


LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": JsonFormatter}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": sys.stderr, "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "yueban": {"level": "INFO"},
        # Django's own handlers would mail and print a second copy.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
    },
}
