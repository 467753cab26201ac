"""What is older than it has to be kept is forgotten, of every partner."""

from dataclasses import replace
from datetime import timedelta

from kwartier.service.create_partner import create_partner
from kwartier.service.forget_old import RetentionPeriods, forget_old
from kwartier.testing.fakes.retention import FakeRetention
from tests.services.described import ports_in_memory


def test_each_partner_is_asked_by_its_age() -> None:
    retention = FakeRetention()
    ports = replace(ports_in_memory(), retention=retention)
    for name in ("Alpha", "Beta"):
        create_partner(name, partners=ports.partners, ids=ports.ids, clock=ports.clock)
    forget_old(RetentionPeriods(timedelta(days=800), timedelta(days=400)), ports=ports)
    now = ports.clock.now()
    asked = [(now - timedelta(days=800), now - timedelta(days=400))] * 2
    assert [(measured, planned) for _, measured, planned in retention.asked] == asked
    assert len({partner_id for partner_id, _, _ in retention.asked}) == 2
