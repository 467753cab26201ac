"""The store has no space, and devices are told what to do all the same (reliability.md, R11)."""

import time
from collections.abc import Sequence
from dataclasses import replace

from kwartier.service.control_lease import ControlLease
from kwartier.service.dispatching.direct_outbox import DirectOutbox
from kwartier.service.faults import StoreFull
from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.ports import Outbox
from kwartier.testing.fakes.control_leases import FakeControlLeases
from kwartier.testing.fakes.outbox import FakeOutbox
from tests.adapters.mqtt.broker_case import BrokerCase, until
from tests.adapters.mqtt.intake_case import running_intake
from tests.adapters.mqtt.test_intake import figure
from tests.adapters.mqtt.test_sender import SenderCase, sending
from tests.durability.test_failing_disk import allow_pages
from tests.services.service_case import ServiceCase


class FullOutbox(FakeOutbox):
    """An outbox that can be read, and takes no change while it is full."""

    def __init__(self) -> None:
        super().__init__(FakeControlLeases())
        self.is_full, self.refusal_count = False, 0

    def post(
        self, partner_id: str, messages: Sequence[OutgoingMessage], lease: ControlLease | None = None
    ) -> bool:
        self._refuse_where_full()
        return super().post(partner_id, messages, lease)

    def settle(self, partner_id: str, messages: Sequence[OutgoingMessage]) -> None:
        self._refuse_where_full()
        super().settle(partner_id, messages)

    def _refuse_where_full(self) -> None:
        if self.is_full:
            self.refusal_count += 1
            raise StoreFull("full")


def test_nothing_that_is_not_stored_is_acknowledged_and_it_recovers_by_itself(
    broker: BrokerCase, sqlite_service: ServiceCase
) -> None:
    ports, count = sqlite_service.ports, 600
    with running_intake(broker, ports) as case:
        allow_pages(ports, 1)  # SQLite takes the size that it has instead
        for number in range(count):
            case.send(number / 60)
        until(lambda: (figure(case, "kwartier_mqtt_put_off_total") or 0) >= 2)
        assert len(case.acknowledged()) == case.stored_count() < count
        allow_pages(ports, 1_000_000)
        keys = case.wait_acknowledged(count)
        assert [key["status"] for key in keys] == ["stored"] * count
        assert case.stored_count() == count


def new_case(broker: BrokerCase) -> tuple[SenderCase, FullOutbox]:
    case, outbox = SenderCase.of_a_new_site(broker), FullOutbox()
    case.ports = replace(case.ports, outbox=outbox)
    return case, outbox


def test_what_could_not_be_posted_is_heard_and_what_it_overtakes_is_not(broker: BrokerCase) -> None:
    case, outbox = new_case(broker)
    with sending(case) as sender, case.device() as device:
        device.subscribe(case.topic)
        controlled: Outbox = DirectOutbox(outbox, sender.send)
        partner_id = case.place.partner_id
        controlled.post(partner_id, [case.message("kept"), case.message("for later", send_in_s=1.2)])
        sender.look((partner_id, case.place.site_id))
        assert device.next(case.topic) == {"is": "kept"}
        until(lambda: len(case.waiting()) == 1)
        outbox.is_full = True
        assert controlled.post(partner_id, [case.message("not kept")])
        assert device.next(case.topic, 2) == {"is": "not kept"}
        # The moment of the one that it overtook passes, and the broker hears nothing of it.
        time.sleep(1.5)
        assert len(device.heard) == 2
        # The store is asked once a second for what is over, and not all the time.
        assert outbox.refusal_count <= 4
        outbox.is_full = False
        until(lambda: case.waiting() == [])
