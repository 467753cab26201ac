"""Starts the service, and stops it: one process, one event loop, threads for what blocks."""

import gc
import os
import signal
import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from importlib.metadata import version
from threading import Timer
from types import FrameType

import structlog
import uvicorn

from kwartier.adapters.http.api import create_app, end_streams
from kwartier.adapters.http.server_protocol import bounded_protocol
from kwartier.adapters.mqtt.broker_address import BrokerAddress
from kwartier.adapters.mqtt.figures import MqttFigures
from kwartier.adapters.outbound.webhook_poster import BoundedPoster
from kwartier.adapters.sql import schema
from kwartier.app.control_loop import ControlLoop
from kwartier.app.https import https_context
from kwartier.app.lean_imports import lean_imports
from kwartier.app.logging import set_up_logging
from kwartier.app.memory import give_memory_back
from kwartier.app.month_floors import MonthFloorMaker
from kwartier.app.mqtt import running_mqtt
from kwartier.app.no_core import leave_no_core
from kwartier.app.planning_cycle import PlanningCycle
from kwartier.app.price_sources import price_sources
from kwartier.app.quarter_hourly import quarter_hourly_jobs
from kwartier.app.scheduler import Scheduler
from kwartier.app.settings import Settings
from kwartier.app.webhook_sender import WebhookSender
from kwartier.app.wiring import Wired, wired
from kwartier.service.dispatching.direct_outbox import DirectOutbox
from kwartier.service.ports import Clock, CrashPoints, Ports, no_crash

# Requests that run when the stop signal comes have so long (reliability.md, R54: 30 s in all).
DRAIN_S = 25
# By then the process ends, whatever still runs.
LAST_S = 29
# Beyond so many connections or requests at once a new one is answered 503.
MOST_CONCURRENT_COUNT = 1000
# What a page of the dashboard may send at once: a site's document of 1 MiB, as JSON text within JSON.
SOCKET_MESSAGE_BYTES = 4 * 2**20

log = structlog.get_logger("kwartier.app")


def serve(
    settings: Settings,
    crash_points: CrashPoints = no_crash,
    *,
    clock: Clock | None = None,
    prepare: Callable[[Ports], None] = lambda _: None,
    on_started: Callable[["Server"], None] = lambda _: None,
) -> None:
    """Bring the database to its newest schema, then answer requests until SIGTERM or SIGINT; running ones end first.

    `prepare` is called before the first request; `on_started` on the event loop, when the first one may come. It goes
    by the machine's clock unless another is given.

    Raises UnusableSettings, StoreUnavailable where the database does not answer at the start, or NewerSchema where a
    newer program has worked with it.
    """
    leave_no_core()
    give_memory_back()
    set_up_logging(settings.log_format, settings.log_level)
    secured = https_context(settings)  # what is wrong with its files is said before anything else is done
    with wired(settings, crash_points, clock) as service, ExitStack() as stack:
        schema.upgrade(service.database)
        log.info("schema", version=schema.newest_version())
        # uvicorn raises a stop signal again once it has drained; then the database is closed here, and all is well.
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, lambda *_: None)
        prepare(service.ports)
        mqtt = stack.enter_context(running_mqtt(settings, service.ports, crash_points))
        config = server_config(service, settings, mqtt.figures, secured)
        # What is here at the start stays: to look through it for garbage again and again costs every request a share.
        gc.collect()
        gc.freeze()
        gc.enable()
        jobs = quarter_hourly_jobs(
            service.ports, price_sources(settings), settings.retention_periods, service.planning
        )
        scheduler = Scheduler(jobs, service.ports.clock)
        scheduler.start()
        cycle = PlanningCycle(service.ports, settings.concurrent_plan_count)
        floors = MonthFloorMaker(service.ports)
        if settings.planning_cycle:
            cycle.start()
            floors.start()
        controlled = replace(service.ports, outbox=DirectOutbox(service.ports.outbox, mqtt.send))
        control = ControlLoop(controlled, service.live, mqtt.look, service.planning)
        if settings.control:
            control.start()
        webhooks = WebhookSender(service.ports, BoundedPoster(allows_private=settings.webhooks_allow_private))
        webhooks.start()
        try:
            Server(config, on_started, cycle.stop, mqtt.address).run()
        finally:
            for stop in (signal.SIGTERM, signal.SIGINT):
                signal.signal(stop, lambda number, _: _end_at_once(number))
            control.close()
            floors.close()
            cycle.close()
            scheduler.close()
            webhooks.close()


def _end_at_once(signal_number: int) -> None:
    """End like a process that the signal kills. What was acknowledged is stored: that holds at any moment (R01)."""
    os._exit(128 + signal_number)


class Server(uvicorn.Server):
    """A server that ends the streams without an end when it is asked to stop, and then drains the rest.

    The second time it is asked it ends at once.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        on_started: Callable[["Server"], None],
        on_stop: Callable[[], None],
        broker: BrokerAddress | None,
    ) -> None:
        super().__init__(config)
        self._on_started, self._on_stop = on_started, on_stop
        self.broker = broker
        """Where the service hears its sites; None where it has no MQTT."""

    @property
    def port(self) -> int:
        """The port that it listens at."""
        port: int = self.servers[0].sockets[0].getsockname()[1]
        return port

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen."""
        await super().startup(sockets)
        if self.started:
            self._on_started(self)

    def handle_exit(self, signal_number: int, frame: FrameType | None) -> None:
        """Stop."""
        if self.should_exit:
            _end_at_once(signal_number)
        last = Timer(LAST_S, _end_at_once, [signal_number])
        last.daemon = True
        last.start()
        end_streams(self.config.app)
        self._on_stop()
        super().handle_exit(signal_number, frame)


def server_config(
    service: Wired, settings: Settings, mqtt: MqttFigures, secured: ssl.SSLContext | None
) -> uvicorn.Config:
    """How uvicorn runs the app, over HTTPS with a context; the monitoring reads more figures than those of HTTP."""
    proxies = [address.strip() for address in settings.trusted_proxies.split(",") if address.strip()]
    app = create_app(service.ports, version=version("kwartier"), is_ready=service.is_ready)
    for figures in (mqtt, service.ingest, service.planning):
        app.state.figures.registry.register(figures.registry)
    if settings.dashboard:
        with lean_imports():
            from kwartier.adapters.dashboard.mount import mount_dashboard
        mount_dashboard(app, service.ports)
    return uvicorn.Config(
        app,
        host=settings.http_host,
        port=settings.http_port,
        ssl_context_factory=None if secured is None else lambda *_: secured,
        loop="uvloop",
        http=bounded_protocol(frozenset(proxies)),
        ws="websockets-sansio" if settings.dashboard else "none",
        ws_max_size=SOCKET_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies,
        limit_concurrency=MOST_CONCURRENT_COUNT,
        timeout_graceful_shutdown=DRAIN_S,
    )
