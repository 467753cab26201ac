from kwartier.control.events import DeviceDisobeys, DeviceObeysAgain
from tests.control import sites as s
from tests.control.closed_loop import Loop, plan_of
from tests.control.test_guard import depot, flows, load, run


def disobedient() -> Loop:
    """Two cars at 20 A each; then the first takes what it takes, and 23 A of load come."""
    loop = depot(40, 2, s.series("oven", "load", 40))
    run(loop, 30)
    assert flows(loop) == [20.0, 20.0]
    loop.devices["pole_0"].is_obedient = False
    load(loop, "oven", 14.0)
    return loop


def events(loop: Loop, kind: type) -> list[tuple[int, object]]:
    return [
        (second, event)
        for second, outcome in enumerate(loop.outcomes, start=1)
        for event in outcome.events
        if isinstance(event, kind)
    ]


def test_a_device_that_acknowledges_but_does_not_follow_is_found_within_a_minute_and_said_once() -> None:
    loop = disobedient()
    begun = loop.second
    run(loop, 300)
    found = events(loop, DeviceDisobeys)
    assert len(found) == 1
    second, event = found[0]
    assert isinstance(event, DeviceDisobeys)
    assert second - begun <= 60
    assert (event.asset_id, event.told_a, event.measured_a, event.blocked_s) == ("pole_0", 13.0, 20.0, 30.0)


def test_the_others_are_reduced_long_before_the_minute_is_over() -> None:
    loop = disobedient()
    run(loop, 20)
    # 40 A less 14 A of load less 20 A that nobody can turn down: 6 A are left.
    assert flows(loop) == [20.0, 6.0]


def test_a_disobedient_device_is_booked_at_its_rating() -> None:
    loop = disobedient()
    load(loop, "oven", 2.0)
    loop.devices["pole_0"].flows_a = 31.0
    run(loop, 90)
    # 40 A less 2 A less its 32 A: 6 A; by what it measures 7 A would be left.
    assert flows(loop)[1] == 6.0


def test_it_is_kept_at_zero_twice_as_long_each_time_up_to_an_hour() -> None:
    loop = disobedient()
    run(loop, 70)
    seen: list[float] = []
    loop.seconds_per_step = 15
    while 3600.0 not in seen or loop.second < 9000:
        loop.step()
        back_off_s = loop.memory.devices["pole_0"].back_off_s
        if not seen or seen[-1] != back_off_s:
            seen.append(back_off_s)
        assert next(one for one in loop.outcomes[-1].in_force if one.asset_id == "pole_0").max_current == 0.0
    assert seen == [30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0]
    assert len(events(loop, DeviceDisobeys)) == 1


def test_one_that_obeys_again_is_served_after_its_block() -> None:
    loop = disobedient()
    run(loop, 70)
    loop.devices["pole_0"].is_obedient = True
    loop.devices["pole_0"].pending = []
    run(loop, 60)
    assert len(events(loop, DeviceObeysAgain)) == 1
    run(loop, 900 - loop.second % 900 + 30)
    assert flows(loop) == [13.0, 13.0]


def test_a_car_that_takes_less_than_it_may_is_no_fault() -> None:
    loop = depot(40, 2)
    loop.devices["pole_0"].most_a = 3.0
    run(loop, 200)
    assert events(loop, DeviceDisobeys) == []


def test_a_battery_that_does_not_discharge_as_told_is_found() -> None:
    loop = depot(40, 0, s.battery("bess", 10_000.0))
    loop.plan = plan_of(loop.site, loop.at, {"bess": [-10.0]})
    loop.devices["bess"].is_obedient = False
    run(loop, 70)
    assert [
        event.asset_id for _, event in events(loop, DeviceDisobeys) if isinstance(event, DeviceDisobeys)
    ] == ["bess"]
