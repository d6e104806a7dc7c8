"""One line per decision, as JSON or as text, on standard error.

No body of a request or an answer may reach a log, at any level: they hold secrets. So the loggers
that would print them are held at WARNING whatever level is asked for.
"""

from __future__ import annotations

import logging
import sys
from contextlib import AbstractContextManager
from typing import Any

import structlog

QUIET = (
    # prints whole bodies and patches at DEBUG and a line per watch event at INFO
    "kopf.objects",
    "kopf._cogs",
    # prints headers and, when told to, bodies
    "azure.core.pipeline.policies.http_logging_policy",
    "azure.identity",
    "azure.core",
    "kubernetes",
    "aiohttp",
    "asyncio",
    "urllib3",
    "msal",
)

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(level: str = "INFO", form: str = "json") -> None:
    """Set up logging for the process. `form` is `json` or `text`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _renderer(form),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def logger(name: str) -> Any:
    """The logger of one module: `.info("group created", kind=..., namespace=..., name=...)`.

    It is a logger of the standard library with fields, whether or not `configure` was called.
    """
    return structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def bound(**fields: Any) -> AbstractContextManager[None]:
    """Add fields to each line that is written within; what `bind` changes of them ends there."""
    return structlog.contextvars.bound_contextvars(**fields)


def bind(**fields: Any) -> None:
    """Change fields for the lines that follow in this task."""
    structlog.contextvars.bind_contextvars(**fields)


def _renderer(form: str) -> Any:
    if form == "json":
        return structlog.processors.JSONRenderer(sort_keys=True)
    if form == "text":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    raise ValueError(f"log format is json or text, not {form!r}")
