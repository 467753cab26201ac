"""Log lines: one JSON object each for machines, or coloured for people; on standard error, without secrets."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.tracebacks import ExceptionDictTransformer

from kwartier.app.settings import LogFormat, LogLevel

# A field whose name holds one of these words is never written, whoever logs it.
SECRET_WORDS = ("secret", "password", "token", "authorization", "credential", "cookie")


def set_up_logging(log_format: LogFormat, level: LogLevel) -> None:
    """Send everything, also what libraries log, through one line format."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        masked,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    if log_format == "json":
        last: list[Any] = [
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ]
    else:
        traceback = structlog.dev.plain_traceback  # a coloured one would show the values of variables
        last = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=traceback)]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for talkative in (
        "alembic",
        "httpx",
        "httpcore",
    ):  # httpx would log addresses with keys in them
        logging.getLogger(talkative).setLevel(logging.WARNING)


def masked(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The event without what may be a secret.

    >>> masked(None, "info", {"event": "login", "client_secret": "abc"})
    {'event': 'login', 'client_secret': '********'}
    """
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = "********"
    return event
