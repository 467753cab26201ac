"""The thread that sends events: at once when something happens, and again to a receiver that was not well."""

from threading import Event

from kwartier.app.webhook_sender import WebhookSender
from tests.app.test_planning_cycle import wait_until
from tests.service.test_deliver_events import a_webhook, happens
from tests.service.test_plan_in_turn import a_service, clock_of


class FailsFirst:
    """A receiver that fails once."""

    def __init__(self) -> None:
        self.count, self.has_arrived = 0, Event()

    def post(self, *_: object) -> str | None:
        self.count += 1
        if self.count == 1:
            raise RuntimeError("a mistake of ours")
        if self.count == 2:
            return "status 500"
        self.has_arrived.set()
        return None


def test_an_event_arrives_by_itself_after_a_mistake_and_a_failure() -> None:
    ports, receiver = a_service("hall"), FailsFirst()
    webhook_id = a_webhook(ports).webhook.webhook_id
    sender = WebhookSender(ports, receiver)
    sender.start()
    happens(ports)
    wait_until(lambda: receiver.count == 1)
    for count in (2, 3):
        clock_of(ports).advance(200.0)  # the lease of what went wrong, and the wait after a failure
        happens(ports)
        wait_until(lambda count=count: receiver.count >= count)  # type: ignore[misc]  # bound in this turn of the loop
    assert receiver.has_arrived.wait(10)
    wait_until(lambda: ports.webhooks.standing("alpha", webhook_id).dead_count == 0)
    sender.close()
