"""Process logs: one JSON object a line, for our own lines and the libraries'. Never a body, an address or a cookie."""

import logging
import sys

import structlog


def as_json(level_name: str) -> None:
    """One JSON object a line, our own lines and the libraries'; never a body, an address or a cookie."""
    level = logging.getLevelNamesMapping()[level_name.upper()]
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shared: list[structlog.typing.Processor] = [structlog.processors.add_log_level, stamp]
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.getLogger("slowapi").setLevel(logging.ERROR)  # it logs whom it refused
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
