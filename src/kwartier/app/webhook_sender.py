"""Sends events to partners' webhooks, in a thread of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

from kwartier.app.guarded import guarded
from kwartier.service.deliver_events import deliver_events
from kwartier.service.ports import Ports
from kwartier.service.ports.webhook_poster import WebhookPoster
from kwartier.service.site_event import SiteEvent

# What another process announced is found so soon; what this one did, at once.
LOOK_EVERY_S = 5.0
# A partner whose receivers are slow holds up so many others at most.
AT_ONCE_COUNT = 4


class WebhookSender:
    """Runs until it is closed; several of them, in one process or many, share what is due."""

    def __init__(self, ports: Ports, poster: WebhookPoster) -> None:
        self._ports, self._poster = ports, poster
        self._wake, self._is_closed = Event(), False
        self._end_listening = ports.channel.listen(self._heard)
        self._thread = Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End after the deliveries that are under way."""
        self._end_listening()
        self._is_closed = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def _heard(self, _event: SiteEvent) -> None:
        self._wake.set()

    def _run(self) -> None:
        with ThreadPoolExecutor(AT_ONCE_COUNT, "webhook") as pool:
            while not self._is_closed:
                self._wake.clear()
                partners = guarded(self._ports.partners.list_all, "webhooks") or []
                were_due = list(pool.map(self._deliver, [one.partner_id for one in partners]))
                if not any(were_due):
                    self._wake.wait(LOOK_EVERY_S)

    def _deliver(self, partner_id: str) -> bool:
        if self._is_closed:
            return False
        done = guarded(
            lambda: deliver_events(partner_id, ports=self._ports, poster=self._poster),
            "webhooks",
            partner_id=partner_id,
        )
        return bool(done)
