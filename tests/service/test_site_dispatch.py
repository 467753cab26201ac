"""One site under control, over stores in memory: readings and plans in, setpoints out."""

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from kwartier.planning.request import GridLimit
from kwartier.service.caller import Caller, Scope
from kwartier.service.dispatching.live_readings import ListeningWriter, LiveReadings
from kwartier.service.dispatching.site_dispatch import Dispatched, NotControlled, SiteDispatch
from kwartier.service.faults import StoreFull, StoreUnavailable
from kwartier.service.feature_flags import FeatureFlags
from kwartier.service.measurement_row import measurement_row
from kwartier.service.operator_limits import FailsafeLimit
from kwartier.service.plan_in_turn import due_sites, plan_in_turn
from kwartier.service.ports import Ports
from kwartier.service.ports.measurement_writer import QueueFull
from kwartier.service.read_setpoints import SetpointsRead, read_setpoints
from kwartier.service.set_dry_run import set_dry_run
from kwartier.service.set_grid_limits import set_grid_limits
from kwartier.site.measurement import Measurement, PinName, PinReading
from tests.service.test_plan_in_turn import a_service, clock_of, tell
from tests.services.site_data import a_car

CALLER = Caller("alpha", "alpha.one", Scope.WRITE)
KEY = ("alpha", "hall")


class Hall:
    """The site under control."""

    def __init__(self) -> None:
        self.ports = a_service("hall")
        self.live = LiveReadings(self.ports.clock)
        self.writer = ListeningWriter(self.ports.measurement_writer, self.live)
        self.dispatch = SiteDispatch(KEY, ports=self.ports, live=self.live)

    def measure(self, asset_id: str, power_w: float, current_a: float = 0.0, **told: Any) -> None:
        """A reading of now, with the same current on each phase or pin."""
        names: tuple[PinName, ...] = (
            ("L1", "L2", "L3") if asset_id in ("main", "roof", "battery") else ("pin1", "pin2", "pin3")
        )
        reading = Measurement(
            asset_id=asset_id,
            timestamp=self.ports.clock.now(),
            energy_value=0.0,
            power_value=power_w,
            pins={
                name: PinReading(current_value=current_a, power_value=power_w / len(names)) for name in names
            },
            **told,
        )
        now_us = int(self.ports.clock.now().timestamp() * 1e6)
        written = self.writer.submit([measurement_row("alpha", "hall", reading, now_us)])
        assert not isinstance(written, QueueFull)
        assert written.result(5) == ["stored"]

    def settled(self, house_a: float = 5.0, seconds: int = 30) -> None:
        """Some seconds in which the meters show a steady load and every device does as told."""
        for _ in range(seconds):
            clock_of(self.ports).advance(1.0)
            self.measure_all(house_a)
            self.tick()

    def measure_all(self, house_a: float) -> None:
        """The meters of the site with its devices obeying."""
        told = self.told()
        pole_a = told.get("pole_1", 0.0) or 0.0
        self.measure("pole_1", pole_a * 690.0, pole_a)
        self.measure("battery", 0.0, 0.0, current_state_of_charge=50.0)
        self.measure("roof", 0.0)
        self.measure("main", (house_a + pole_a) * 690.0, house_a + pole_a)

    def tick(self) -> Dispatched:
        """A tick of a site that is controlled."""
        outcome = self.dispatch.tick()
        assert isinstance(outcome, Dispatched)
        return outcome

    def told(self) -> dict[str, float | None]:
        """The current that each AC pole was told last, A per pin."""
        standing = self.ports.standings.get(*KEY)
        return {} if standing is None else {one.asset_id: one.max_current for one in standing.setpoints}

    def planned(self) -> None:
        """A plan for now."""
        self.ports.turns.ask("alpha", "hall", self.ports.clock.now())
        for due in list(due_sites(self.ports.clock.now(), ports=self.ports)):
            plan_in_turn(due, ports=self.ports)


def with_car(hall: Hall, **told: Any) -> None:
    """A car that needs energy soon, so that its plan is to charge now."""
    now = hall.ports.clock.now()
    leaves = (now + timedelta(hours=1)).isoformat()
    tell(CALLER, a_car(now, departure_time=leaves, requested_energy=9_000.0, **told), hall.ports)


def test_a_site_without_a_plan_stands_on_the_floor_until_its_meter_is_heard() -> None:
    hall = Hall()
    assert hall.tick().standing.rung == "floor"


def test_a_planned_car_is_told_what_the_plan_says() -> None:
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled()
    plan = hall.ports.plans.latest(*KEY)
    assert plan is not None
    planned_a = plan.plan.devices["pole_1"].current_a
    assert planned_a is not None
    assert hall.tick().standing.rung == "optimal"
    assert hall.told()["pole_1"] == planned_a["pin1"][0] > 6.0


def test_setpoints_wait_in_the_outbox_and_are_read_over_rest() -> None:
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled(seconds=5)
    waiting = hall.ports.outbox.list_waiting(*KEY)
    sent = {one.subject.asset_id: json.loads(one.payload) for one in waiting if one.subject.asset_id}
    read = read_over_rest(hall)
    in_force = {one.asset_id: one for one in read.setpoints.setpoints}
    standing = hall.ports.standings.get(*KEY)
    assert standing is not None
    assert read.told_at == standing.at
    assert sent.keys() == in_force.keys() == {"pole_1", "fast_1", "battery"}
    assert sent["pole_1"]["maxCurrent"] == in_force["pole_1"].max_current


def read_over_rest(hall: Hall, *, control: bool = True) -> SetpointsRead:
    """What a process that has a control, or none, shows of the site."""
    read = read_setpoints(
        CALLER,
        "hall",
        sites=hall.ports.sites,
        plans=hall.ports.plans,
        standings=hall.ports.standings,
        dry_runs=hall.ports.dry_runs,
        clock=hall.ports.clock,
        flags=FeatureFlags(control=control),
    )
    assert isinstance(read, SetpointsRead)
    return read


def test_after_the_controls_death_its_word_is_shown_with_its_age_and_then_the_floor() -> None:
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled(seconds=5)
    standing = hall.ports.standings.get(*KEY)
    assert standing is not None
    clock_of(hall.ports).advance(149.0 - (hall.ports.clock.now() - standing.at).total_seconds())
    # What a device was told holds for up to five minutes: it is still the truth.
    read = read_over_rest(hall)
    assert read.told_at == standing.at
    assert {one.rung for one in read.setpoints.setpoints} == {"optimal"}
    clock_of(hall.ports).advance(2.0)
    read = read_over_rest(hall)
    assert read.told_at is None
    assert {(one.rung, one.plan_id) for one in read.setpoints.setpoints} == {("floor", None)}
    assert "not been heard since" in read.setpoints.setpoints[0].reason


def test_where_no_control_is_wanted_the_plan_goes_on_by_itself() -> None:
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled(seconds=5)
    clock_of(hall.ports).advance(151.0)
    assert {one.rung for one in read_over_rest(hall, control=False).setpoints.setpoints} == {"optimal"}


def test_a_load_that_jumps_is_made_room_for_at_the_next_tick() -> None:
    # The house leaves 8 A on each phase of the main board: what the car takes beyond comes from the battery.
    hall = Hall()
    limit_a = board_limit_a(hall.ports)
    with_car(hall)
    hall.planned()
    hall.settled()
    before_a = hall.told()["pole_1"] or 0.0
    clock_of(hall.ports).advance(1.0)
    house_a = limit_a - 8.0
    hall.measure("pole_1", before_a * 690.0, before_a)
    hall.measure("main", (house_a + before_a) * 690.0, house_a + before_a)
    hall.tick()
    standing = hall.ports.standings.get(*KEY)
    assert standing is not None
    told = {one.asset_id: one for one in standing.setpoints}
    battery_a = (told["battery"].power or 0.0) / (3 * 230.94)
    assert (told["pole_1"].max_current or 0.0) + battery_a <= 8.0 + 0.1 < before_a


def test_a_setpoint_that_could_not_be_stored_is_sent_with_the_next_tick() -> None:
    # A cut must not wait for the next renewal, a minute later.
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled()
    limit_a, before_a = board_limit_a(hall.ports), hall.told()["pole_1"] or 0.0
    clock_of(hall.ports).advance(1.0)
    hall.measure("pole_1", before_a * 690.0, before_a)
    hall.measure("main", limit_a * 690.0, limit_a + before_a - 8.0)
    with (
        patch.object(hall.ports.outbox, "post", side_effect=StoreFull("no space left")),
        pytest.raises(StoreFull),
    ):
        hall.tick()
    clock_of(hall.ports).advance(1.0)
    hall.tick()
    waiting = hall.ports.outbox.list_waiting(*KEY)
    sent = {one.subject.asset_id: json.loads(one.payload) for one in waiting if one.subject.asset_id}
    # The load leaves 8 A of the board's limit; over REST the same is read.
    assert sent["pole_1"]["maxCurrent"] == hall.told()["pole_1"] == 8.0


def test_where_asking_for_a_plan_fails_the_next_tick_asks() -> None:
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled()
    turns, house_a = hall.ports.turns, board_limit_a(hall.ports) - 8.0

    def tick_after_a_jump() -> None:
        clock_of(hall.ports).advance(1.0)
        hall.measure_all(house_a)
        hall.tick()

    with patch.object(turns, "ask", side_effect=StoreUnavailable("away")), pytest.raises(StoreUnavailable):
        tick_after_a_jump()
    with patch.object(turns, "ask") as asked:
        tick_after_a_jump()
        tick_after_a_jump()
    assert asked.call_count == 1


def test_a_limit_of_the_grid_operator_holds_with_the_next_command() -> None:
    # R24: in force at most 10 s after it came, and with the next command.
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled()
    now = hall.ports.clock.now()
    limit = GridLimit(collector="main", start=now, end=now + timedelta(hours=1), current_a=5.0)
    set_grid_limits(CALLER, "hall", [limit], [], ports=hall.ports)
    hall.settled(house_a=1.0, seconds=1)
    assert hall.told()["pole_1"] == 0.0


def test_a_silent_grid_operator_brings_its_failsafe_value_and_says_so() -> None:
    hall = Hall()
    failsafe = FailsafeLimit(collector="main", current_a=4.0)
    set_grid_limits(CALLER, "hall", [], [failsafe], ports=hall.ports)
    with_car(hall)
    hall.planned()
    hall.settled(house_a=1.0, seconds=3)
    assert kinds(hall.ports).count("operator_failsafe") >= 1
    clock_of(hall.ports).advance(121.0)
    hall.settled(house_a=1.0, seconds=2)
    assert hall.told()["pole_1"] == 0.0


def test_a_wall_clock_that_jumps_makes_no_grid_operator_silent_and_no_silence_short() -> None:
    # R33: ages go by the clock that never jumps.
    hall = Hall()
    failsafe = [FailsafeLimit(collector="main", current_a=4.0)]
    set_grid_limits(CALLER, "hall", [], failsafe, ports=hall.ports)
    with_car(hall)
    hall.planned()
    hall.settled(house_a=1.0, seconds=3)
    set_grid_limits(CALLER, "hall", [], failsafe, ports=hall.ports)
    hall.settled(house_a=1.0, seconds=3)
    clock_of(hall.ports).jump(600.0)
    hall.settled(house_a=1.0, seconds=3)
    assert failsafes(hall.ports) == [True, False]  # from the start until limits were heard
    clock_of(hall.ports).jump(-600.0)
    hall.settled(house_a=1.0, seconds=121)
    assert failsafes(hall.ports) == [True, False, True]


def test_without_new_plans_the_site_goes_down_the_ladder() -> None:
    # R22: the plan of its quarter-hour, then the last safe one, then an equal share.
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled(seconds=2)
    rungs = []
    for _ in range(10):
        clock_of(hall.ports).advance(10 * 60.0)
        hall.measure_all(5.0)
        rungs.append(hall.tick().standing.rung)
    assert rungs[0] == "optimal"
    assert "last_safe" in rungs
    assert rungs[-1] in ("share", "floor")
    assert "rung_changed" in kinds(hall.ports)


def test_a_site_that_is_gone_or_not_active_is_not_controlled() -> None:
    hall = Hall()
    assert SiteDispatch(("alpha", "nowhere"), ports=hall.ports, live=hall.live).tick() == NotControlled()


def test_after_a_start_the_stored_readings_of_the_last_minutes_are_known() -> None:
    hall = Hall()
    hall.measure_all(5.0)
    again = LiveReadings(hall.ports.clock)
    SiteDispatch(KEY, ports=hall.ports, live=again).tick()
    assert again.of_site(KEY).keys() == {"pole_1", "battery", "main"}


def test_what_the_control_does_not_look_at_is_not_held_in_memory() -> None:
    # A sender may make up names of assets without end.
    hall = Hall()
    hall.tick()
    hall.measure("made-up", 1.0)
    hall.measure("main", 1.0)
    assert hall.live.of_site(KEY).keys() == {"main"}
    hall.dispatch.close()
    assert hall.live.of_site(KEY) == {}


def test_in_a_dry_run_the_site_is_judged_and_nothing_is_told() -> None:
    hall = Hall()
    set_dry_run(CALLER, "hall", is_on=True, ports=hall.ports)
    with_car(hall)
    hall.planned()
    dispatched = hall.tick()
    for _ in range(90):  # longer than a device may do otherwise before there is an alarm (R26: 60 s)
        clock_of(hall.ports).advance(1.0)
        hall.measure("pole_1", 32 * 690.0, 32.0)
        hall.measure("battery", 0.0, 0.0, current_state_of_charge=50.0)
        hall.measure("main", 37 * 690.0, 37.0)
        dispatched = hall.tick()
    assert (dispatched.setpoint_count, dispatched.standing.rung) == (0, "optimal")
    assert [one.subject.kind for one in hall.ports.outbox.list_waiting(*KEY)] == ["plan"]
    assert {"plan_made"} <= set(kinds(hall.ports)) <= {"plan_made", "rung_changed", "peak_at_risk"}
    assert hall.told()["pole_1"]  # the standing says what it would be told


def test_after_a_dry_run_the_control_begins_as_after_a_start() -> None:
    hall = Hall()
    with_car(hall)
    hall.planned()
    hall.settled()
    set_dry_run(CALLER, "hall", is_on=True, ports=hall.ports)
    assert not any(one.subject.kind == "setpoint" for one in hall.ports.outbox.list_waiting(*KEY))
    hall.settled()
    set_dry_run(CALLER, "hall", is_on=False, ports=hall.ports)
    hall.settled()
    told = {one.subject.asset_id for one in hall.ports.outbox.list_waiting(*KEY)}
    assert {"pole_1", "fast_1", "battery"} <= told


def kinds(ports: Ports) -> list[str]:
    """What was announced, in order."""
    return [event.kind for event in ports.events.list_after("alpha", "hall", 0, 1_000)]


def failsafes(ports: Ports) -> list[bool]:
    """Whether the grid operator's failsafe value came into force, or went, in order."""
    said = ports.events.list_after("alpha", "hall", 0, 1_000)
    return [one.content["is_in_force"] for one in said if one.kind == "operator_failsafe"]


def board_limit_a(ports: Ports) -> float:
    """The limit of the example's main board, A."""
    record = ports.sites.get(*KEY)
    assert record is not None
    boards: list[dict[str, Any]] = record.document["configurations"]["site_configuration"]["collector_list"]
    return float(next(board["line_current"] for board in boards if board["name"] == "main"))
