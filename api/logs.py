"""How the processes log: one line an event, in UTC; a fault with its trace, but never with the values in it."""

import logging
import sys

import structlog


def set_up_logs() -> None:
    """For the processes that `up` starts. Values of variables stay out of the log: they hold secrets."""
    logging.basicConfig(
        stream=sys.stdout, level=logging.WARNING, format="%(asctime)s [%(levelname)s] %(name)s: %(message)s"
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
