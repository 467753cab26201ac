"""What a site is told with a new plan."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from kwartier.control.setpoint import Setpoint
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.make_plan import CYCLE_OPTIONS
from kwartier.service.outgoing_message import OutgoingMessage
from kwartier.service.plan_messages import plan_messages
from kwartier.service.plan_record import PlanRecord
from kwartier.service.plan_site import SitePlanned, plan_site
from kwartier.service.ports import Ports
from tests.services.described import ports_in_memory
from tests.services.ready_site import ready_site
from tests.services.site_data import SITE_ID

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ports() -> Ports:
    """Stores in memory."""
    return ports_in_memory()


def planned(ports: Ports) -> PlanRecord:
    """The plan of a site with a car."""
    outcome = plan_site(ready_site(ports), SITE_ID, CYCLE_OPTIONS, ports=ports)
    assert isinstance(outcome, SitePlanned)
    return outcome.record


def of_pole(messages: list[OutgoingMessage]) -> list[OutgoingMessage]:
    return [one for one in messages if one.subject.asset_id == "pole_1"]


def test_a_new_plan_and_its_setpoints_wait_to_be_sent(ports: Ports) -> None:
    record = planned(ports)
    waiting = list(ports.outbox.list_waiting(record.partner_id, SITE_ID))
    assert waiting == sorted(
        plan_messages(record, FeatureFlags(), is_dry=False),
        key=lambda one: (one.send_at, one.subject.kind, one.subject.asset_id),
    )
    assert {one.subject.asset_id for one in waiting} == {"", "pole_1", "fast_1", "battery"}
    plan = next(one for one in waiting if one.subject.kind == "plan")
    assert plan.payload == record.plan_json


def test_setpoints_are_renewed_every_minute_and_hold_for_five_at_most(ports: Ports) -> None:
    record = planned(ports)
    messages = of_pole(plan_messages(record, FeatureFlags(), is_dry=False))
    moments = [one.send_at for one in messages]
    assert moments[0] == record.stored_at
    assert max(later - sooner for sooner, later in pairwise(moments)) <= MINUTE
    for message in messages:
        setpoint = Setpoint.model_validate_json(message.payload)
        assert message.not_after == setpoint.valid_until
        assert setpoint.valid_until - setpoint.valid_from <= 5 * MINUTE
        assert message.send_at <= setpoint.valid_from
    # contract.md, section 5: without the next plan the device is at its fallback soon after the quarter-hour.
    assert messages[-1].not_after <= record.stored_at + 25 * MINUTE


def test_a_plan_for_the_coming_quarter_hour_is_sent_now_and_its_setpoints_then(ports: Ports) -> None:
    record = planned(ports)
    ahead = replace(record, stored_at=record.planned_from - MINUTE)
    messages = plan_messages(ahead, FeatureFlags(), is_dry=False)
    assert [one.send_at for one in messages if one.subject.kind == "plan"] == [ahead.stored_at]
    assert min(one.send_at for one in of_pole(messages)) == record.planned_from


def test_a_plan_that_failed_its_check_is_told_to_nobody(ports: Ports) -> None:
    assert plan_messages(replace(planned(ports), is_safe=False), FeatureFlags(), is_dry=False) == []
