from datetime import datetime, timedelta

import pytest

from kwartier import Plan, PlanRequest, plan
from kwartier.control.setpoint import Setpoint
from kwartier.control.setpoints import VALID_FOR, site_setpoints
from kwartier.demo import demo_request_json
from kwartier.site.document import SiteConfiguration

REQUEST = PlanRequest.model_validate_json(demo_request_json())
AT = REQUEST.at


@pytest.fixture(scope="module")
def made() -> Plan:
    return plan(REQUEST)


def configuration() -> SiteConfiguration:
    found = REQUEST.site.configurations.site_configuration
    assert found is not None
    return found


def setpoints(plan: Plan | None, at: datetime) -> list[Setpoint]:
    return list(site_setpoints(configuration(), plan, at).setpoints)


def test_each_device_is_told_what_the_plan_says_of_its_first_step(made: Plan) -> None:
    for told in setpoints(made, AT):
        planned = made.devices[told.asset_id]
        if planned.current_a is not None:
            assert told.max_current == max(currents[0] for currents in planned.current_a.values())
        else:
            assert told.power == planned.power_w[0]
        assert (told.plan_id, told.valid_from) == (made.plan_id, AT)


def test_every_pole_and_battery_is_told_and_no_series(made: Plan) -> None:
    kinds = {device.name: device.type for device in configuration().device_list}
    told = {kinds[one.asset_id] for one in setpoints(made, AT)}
    assert told == {kind for kind in kinds.values() if kind != "forecasted_series_3phase"}


def test_no_setpoint_reaches_further_than_five_minutes(made: Plan) -> None:
    for minutes in (0, 3, 11, 14, 47):
        at = AT + timedelta(minutes=minutes)
        for told in setpoints(made, at):
            assert at <= told.valid_from < told.valid_until <= at + VALID_FOR


def test_where_a_step_ends_within_them_the_next_one_follows_without_a_gap(made: Plan) -> None:
    boundary = made.steps[1].start
    at = boundary - timedelta(minutes=2)
    battery = next(name for name, device in made.devices.items() if device.state_of_charge is not None)
    first, second = [told for told in setpoints(made, at) if told.asset_id == battery]
    assert first.valid_until == boundary == second.valid_from
    assert second.valid_until == at + VALID_FOR
    assert [first.power, second.power] == made.devices[battery].power_w[:2]


@pytest.mark.parametrize("ago", [timedelta(days=30), timedelta(days=-30)])
def test_a_plan_of_another_time_is_not_followed(made: Plan, ago: timedelta) -> None:
    for told in setpoints(made, AT + ago):
        assert (told.rung, told.plan_id) == ("floor", None)
        assert (told.max_current, told.power) == (told.fallback_current, told.fallback_power)


def test_without_a_plan_every_device_is_on_the_floor() -> None:
    assert {told.rung for told in setpoints(None, AT)} == {"floor"}


def test_where_the_plan_ends_within_them_the_floor_follows(made: Plan) -> None:
    last = made.steps[-1]
    at = last.start + timedelta(hours=last.hours) - timedelta(minutes=1)
    rungs = [told.rung for told in setpoints(made, at)]
    assert rungs[:2] == ["optimal", "floor"]


def test_a_device_that_the_plan_does_not_know_is_on_the_floor(made: Plan) -> None:
    name = setpoints(made, AT)[0].asset_id
    others = {key: value for key, value in made.devices.items() if key != name}
    told = setpoints(made.model_copy(update={"devices": others}), AT)
    assert [one.rung for one in told if one.asset_id == name] == ["floor"]


def test_each_setpoint_says_why(made: Plan) -> None:
    assert all(told.reason for told in setpoints(made, AT))


def test_the_wire_is_camel_case(made: Plan) -> None:
    told = setpoints(made, AT)[0].model_dump(mode="json")
    assert {"assetId", "planId", "validFrom", "validUntil", "maxCurrent", "fallbackCurrent"} <= told.keys()
