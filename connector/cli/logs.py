"""What command lines log goes to standard error, one JSON object a line: standard output is for results."""

import logging
import sys

import structlog


def log_to_stderr() -> None:
    """From now on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever that is when something is logged
    )
