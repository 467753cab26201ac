"""Starts the service, and stops it: one process, one event loop, threads for what blocks."""

import gc
import signal
from importlib.metadata import version

import structlog
import uvicorn

from kwartier.adapters.http.api import create_app
from kwartier.adapters.http.server_protocol import bounded_protocol
from kwartier.adapters.sql import schema
from kwartier.app.logging import set_up_logging
from kwartier.app.settings import Settings
from kwartier.app.wiring import Wired, wired
from kwartier.service.ports import CrashPoints, no_crash

# Requests that run when the stop signal comes have so long (reliability.md, R54: 30 s in all).
DRAIN_S = 25
# Beyond so many connections or requests at once a new one is answered 503.
MOST_CONCURRENT_COUNT = 1000

log = structlog.get_logger("kwartier.app")


def serve(settings: Settings, crash_points: CrashPoints = no_crash) -> None:
    """Bring the database to its newest schema, then answer requests until SIGTERM or SIGINT; running ones end first.

    Raises UnusableSettings, or StoreUnavailable where the database does not answer at the start.
    """
    set_up_logging(settings.log_format, settings.log_level)
    with wired(settings, crash_points) as service:
        schema.upgrade(service.database)
        log.info("schema", version=schema.newest_version())
        # uvicorn raises a stop signal again once it has drained; then the database is closed here, and all is well.
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, lambda *_: None)
        config = server_config(service, settings)
        # What is here at the start stays: to look through it for garbage again and again costs every request a share.
        gc.collect()
        gc.freeze()
        uvicorn.Server(config).run()


def server_config(service: Wired, settings: Settings) -> uvicorn.Config:
    """How uvicorn runs the app."""
    proxies = [address.strip() for address in settings.trusted_proxies.split(",") if address.strip()]
    app = create_app(service.ports, version=version("kwartier"), is_ready=service.is_ready)
    return uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        loop="uvloop",
        http=bounded_protocol(frozenset(proxies)),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        limit_concurrency=MOST_CONCURRENT_COUNT,
        timeout_graceful_shutdown=DRAIN_S,
    )
