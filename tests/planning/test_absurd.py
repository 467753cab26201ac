"""Absurd facts: every one gives a plan that the check accepts, or a typed refusal, within 2 s.

Two seconds of processor time, because a busy machine is no fault of the planner. "Unreadable" facts are refused where
the document is read (pydantic's ValidationError), "invalid" ones by the planner (InvalidRequest, with findings).
"""

import time
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from kwartier import InvalidRequest, Plan, PlanRequest, check_plan, plan

Json = dict[str, Any]

MOST_S = 2.0
AT = datetime(2025, 3, 3, 7, 52, 10, tzinfo=UTC)
QUARTERS = 4 * 24 * 5


def after(hours: float) -> str:
    return (AT + timedelta(hours=hours)).isoformat()


def pole(name: str, board: str = "main", rating_a: int = 32) -> Json:
    pins = {"pin_list": ["pin1", "pin2", "pin3"], "phase_list": ["L1", "L2", "L3"]}
    return {"name": name, "collector": board, "line_current": rating_a, "pin_to_phase_mapping": pins}


def car(name: str, pole_name: str, **facts: Any) -> Json:
    return {
        "assetId": pole_name,
        "transactionId": name,
        "timestamp": after(0),
        "transactionState": "Updated",
        "startTime": after(-1),
        "departureTime": after(8),
        "requestedEnergy": 30_000,
        **facts,
    }


def battery(name: str, **facts: Any) -> Json:
    return {
        "name": name,
        "collector": "main",
        "type": "battery_energy_storage_system",
        "maximum_charging_power": 10_000,
        "maximum_discharging_power": 10_000,
        "operational_battery_capacity": 20_000,
        **facts,
    }


def policy(low: float, high: float, moments: list[str]) -> Json:
    schedule = {"frequency": "once", "date_times": moments}
    return {
        "type": "schedule",
        "schedule": schedule,
        "minimum_state_of_charge": low,
        "maximum_state_of_charge": high,
    }


def series(name: str, kind: str) -> Json:
    return {
        "name": name,
        "collector": "main",
        "type": "forecasted_series_3phase",
        "line_current": 80,
        "forecast_type": kind,
    }


def prices(offtake: list[float | None], injection: list[float | None]) -> Json:
    start = AT.replace(minute=45, second=0).isoformat()
    return {"start": start, "offtake_eur_per_mwh": offtake, "injection_eur_per_mwh": injection}


def ordinary() -> Json:
    """One of everything, with nothing wrong: each case changes something of it."""
    start = AT.replace(minute=45, second=0).isoformat()
    wave = [60.0 + 40.0 * ((quarter // 16) % 3) for quarter in range(QUARTERS)]
    return {
        "site": {
            "site_id": "absurd",
            "name": "Absurd",
            "location": {"name": "Gent", "coordinates": [51.05, 3.72, 8.0]},
            "country": "BE",
            "configurations": {
                "site_configuration": {
                    "device_list": [
                        pole("pole_1"),
                        pole("pole_2"),
                        {"name": "dc", "collector": "main", "type": "dc_charging_pole", "max_power": 50_000},
                        battery("bess"),
                        series("roof", "pv"),
                        series("building", "load"),
                    ],
                    "collector_list": [{"name": "main", "line_current": 63, "phase_voltage": 230}],
                },
                "optimization_configuration": {
                    "peak_minimization": {"active": True, "peak_limit": 2000, "peak_price": 4.1}
                },
            },
        },
        "at": AT.isoformat(),
        "prices": prices(list(wave), [price - 30.0 for price in wave]),
        "forecasts": {
            "roof": {"start": start, "power_w": [-6000.0] * QUARTERS},
            "building": {"start": start, "power_w": [3000.0] * QUARTERS},
        },
        "state": {"batteries": {"bess": {"state_of_charge": 50.0}}},
        "transactions": [car("tx-1", "pole_1"), car("tx-2", "pole_2"), car("tx-3", "dc")],
    }


def configuration(document: Json) -> Json:
    found: Json = document["site"]["configurations"]["site_configuration"]
    return found


def with_board(**facts: Any) -> Json:
    document = ordinary()
    configuration(document)["collector_list"][0] |= facts
    return document


def with_devices(**facts: Any) -> Json:
    """Every pole, the battery, or a series changed by name."""
    document = ordinary()
    for device in configuration(document)["device_list"]:
        device.update(facts.get(device["name"], {}))
    return document


def with_cars(**facts: Any) -> Json:
    """The same facts for every car."""
    document = ordinary()
    document["transactions"] = [session | facts for session in document["transactions"]]
    return document


def with_(**facts: Any) -> Json:
    return ordinary() | facts


def with_prices(offtake: float, injection: float) -> Json:
    return with_(prices=prices([offtake] * QUARTERS, [injection] * QUARTERS))


def with_forecast(name: str, power_w: list[float | None]) -> Json:
    document = ordinary()
    document["forecasts"][name]["power_w"] = power_w
    return document


def with_battery(state_percent: float | None = 50.0, **facts: Any) -> Json:
    document = with_devices(bess=facts)
    document["state"]["batteries"]["bess"]["state_of_charge"] = state_percent
    return document


def at_moment(text: str) -> Json:
    """The ordinary request moved to another moment: prices and forecasts start there, cars come and go around it."""
    document = ordinary()
    at = datetime.fromisoformat(text)
    document["at"] = text
    start = (at - timedelta(hours=1)).replace(minute=0, second=0, microsecond=0).isoformat()
    for one in (document["prices"], *document["forecasts"].values()):
        one["start"] = start
    for session in document["transactions"]:
        session |= {
            "timestamp": text,
            "startTime": text,
            "departureTime": (at + timedelta(hours=8)).isoformat(),
        }
    return document


def hub(poles: int, *, single_phase: bool = False, alike: bool = False, **options: Any) -> Json:
    """Very many poles behind 16 A, a car at each, all in need."""
    document = ordinary()
    board = {
        "name": "main",
        "line_current": 16,
        "phase_voltage": 230,
        "1P_3P": "1P" if single_phase else "3P",
    }
    pins = {"pin_list": ["pin1"], "phase_list": ["L1"]}
    devices = [pole(f"pole_{number}") for number in range(poles)]
    if single_phase:
        devices = [device | {"pin_to_phase_mapping": pins} for device in devices]
    configuration(document).update(device_list=devices, collector_list=[board])
    document |= {"forecasts": {}, "state": {}, "options": options}
    document["transactions"] = [
        car(
            f"tx-{number}",
            f"pole_{number}",
            startTime=after(0 if alike else number / 60 - 6),
            departureTime=after(8 if alike else 1 + number % 20),
            requestedEnergy=9000 if alike else 1000 + 37 * number,
        )
        for number in range(poles)
    ]
    return document


def chain(depth: int) -> Json:
    """A board below a board below a board …, the car on the last one."""
    document = ordinary()
    boards = [
        {"name": f"b{number}", "line_current": 32, "children": [f"b{number + 1}"]} for number in range(depth)
    ]
    boards[0] |= {"phase_voltage": 230}
    boards[-1]["children"] = []
    configuration(document).update(device_list=[pole("pole_1", f"b{depth - 1}")], collector_list=boards)
    return document | {"forecasts": {}, "state": {}, "transactions": [car("tx-1", "pole_1")]}


def many_messages() -> Json:
    messages = [car("tx-1", "pole_1", energyCharged=number) for number in range(3000)]
    return with_(transactions=messages)


def many_cars_at_one_pole() -> Json:
    cars = [
        car(f"tx-{number}", "pole_1", startTime=after(number / 100), departureTime=after(number / 100 + 1))
        for number in range(500)
    ]
    return with_(transactions=cars)


def empty_site() -> Json:
    document = with_(forecasts={}, state={}, transactions=[])
    configuration(document)["device_list"] = []
    return document


def nothing_known() -> Json:
    """All series, all prices and the battery's state missing; cars that say nothing of themselves."""
    document = ordinary()
    document.pop("prices")
    cars = [
        {key: session[key] for key in session if key not in ("departureTime", "requestedEnergy")}
        for session in document["transactions"]
    ]
    return document | {"forecasts": {}, "state": {}, "transactions": cars}


def without(*path: str) -> Json:
    document = ordinary()
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = None
    return document


def operator_limits(**facts: Any) -> Json:
    return with_(limits=[{"collector": "main", "start": after(-9), "end": after(99), **facts}])


def with_dynamic_contract() -> Json:
    document = ordinary()
    document.pop("prices")
    document["site"]["configurations"]["contract"] = {"contract_type": "dynamic"}
    return document


PLANNED: dict[str, Callable[[], Json]] = {
    "nothing absurd": ordinary,
    # The connection and the poles.
    "a connection of 0 A": lambda: with_board(line_current=0),
    "a connection of 0 A and nothing but cars": lambda: (
        hub(3) | {"limits": operator_limits(current_a=0)["limits"]}
    ),
    "a connection of 1 A": lambda: with_board(line_current=1),
    "a connection of 100 000 A": lambda: with_board(line_current=100_000),
    "a pole of 0 A and one of 5 A": lambda: with_devices(
        pole_1={"line_current": 0}, pole_2={"line_current": 5}
    ),
    "a phase of 1000 V": lambda: with_board(phase_voltage=1000),
    "a phase of 12 V": lambda: with_board(phase_voltage=12),
    "three wires": lambda: with_board(line_voltage=230, phase_voltage=None),
    "an operator who allows no offtake": lambda: operator_limits(offtake_w=0),
    "an operator who allows no injection": lambda: operator_limits(injection_w=0),
    "an operator who allows no current": lambda: operator_limits(current_a=0),
    "a hundred operators' limits": lambda: with_(limits=100 * operator_limits(offtake_w=500)["limits"]),
    "an operator's limit in the past": lambda: with_(
        limits=[{"collector": "main", "start": after(-9), "end": after(-8), "offtake_w": 0}]
    ),
    "500 poles on 1 x 16 A": lambda: hub(500, single_phase=True),
    "500 like poles on 1 x 16 A": lambda: hub(500, single_phase=True, alike=True),
    "500 poles on 3 x 16 A with a boundless search": lambda: hub(500, search_nodes=1_000_000),
    "500 poles on 1 x 16 A that take whole amperes": lambda: hub(
        500, single_phase=True, whole_ampere_poles=[f"pole_{number}" for number in range(500)]
    ),
    "500 poles on 3 x 16 A in mixed steps": lambda: hub(500, resolution="mixed"),
    "64 boards in a row": lambda: chain(64),
    # Cars.
    "departure before arrival": lambda: with_cars(startTime=after(5), departureTime=after(2)),
    "departure on arrival": lambda: with_cars(startTime=after(5), departureTime=after(5)),
    "departure years ago": lambda: with_cars(startTime=after(-90_000), departureTime=after(-80_000)),
    "departure in a second": lambda: with_cars(departureTime=after(1 / 3600)),
    "arrival after the horizon": lambda: with_cars(startTime=after(100), departureTime=after(110)),
    "departure in a hundred years": lambda: with_cars(departureTime=after(876_000)),
    "a gigawatt-hour by tonight": lambda: with_cars(requestedEnergy=1e9, minimumEnergy=1e9),
    "a minimum above the request": lambda: with_cars(requestedEnergy=1000, minimumEnergy=20_000),
    "nothing requested": lambda: with_cars(requestedEnergy=0, minimumEnergy=0),
    "a milliwatt-hour requested": lambda: with_cars(requestedEnergy=1e-3),
    "more charged than requested": lambda: with_cars(energyCharged=1e9),
    "a car that takes 0 W": lambda: with_cars(maxPower=0),
    "a car that takes 1 W": lambda: with_cars(maxPower=1),
    "a car that takes 100 MW": lambda: with_cars(maxPower=1e8),
    "a full car": lambda: with_cars(requestedEnergy=None, batteryCapacity=50_000, stateOfCharge=100),
    "every car suspended": lambda: with_cars(transactionState="SuspendedEV"),
    "every car gone": lambda: with_cars(transactionState="Ended"),
    "3000 messages of one car": many_messages,
    "500 cars at one pole": many_cars_at_one_pole,
    "cars that are expected and never there": lambda: with_(
        transactions=[], expected_sessions=[car(f"e-{n}", "pole_1", weight=1e-6) for n in range(200)]
    ),
    # Batteries and fixed load.
    "an empty battery": lambda: with_battery(0.0),
    "a full battery": lambda: with_battery(100.0),
    "a battery of unknown state": lambda: with_battery(None),
    "a battery of 1 Wh with 1 MW": lambda: with_battery(
        operational_battery_capacity=1, maximum_charging_power=1_000_000, maximum_discharging_power=1_000_000
    ),
    "a battery that loses nearly all": lambda: with_battery(
        charging_efficiency=1e-3, discharging_efficiency=1e-3
    ),
    "a battery to be full in a second": lambda: with_battery(
        0.0, policies=[policy(100, 100, [after(1 / 3600)])]
    ),
    "a battery to be full and empty at once": lambda: with_battery(
        policies=[policy(100, 100, [after(3)]), policy(0, 0, [after(3)])]
    ),
    "policies in the past and after the horizon": lambda: with_battery(
        policies=[policy(100, 100, [after(-3), after(300)])]
    ),
    "two hundred policies": lambda: with_battery(
        policies=[policy(40, 60, [after(number / 9)]) for number in range(200)]
    ),
    "a gigawatt of load": lambda: with_forecast("building", [1e9] * QUARTERS),
    "a gigawatt of sun": lambda: with_forecast("roof", [-1e9] * QUARTERS),
    "sun at the load's meter": lambda: with_forecast("building", [-9000.0] * QUARTERS),
    # Prices and peaks.
    "negative prices all day": lambda: with_prices(-100.0, -120.0),
    "negative prices that pay for injection": lambda: with_prices(-100.0, 50.0),
    "price 0 everywhere": lambda: with_prices(0.0, 0.0),
    "injection pays more than offtake costs": lambda: with_prices(50.0, 300.0),
    "the same price both ways": lambda: with_prices(50.0, 50.0),
    "a million EUR/MWh": lambda: with_prices(1e6, 1e6 - 1),
    "a million EUR/MWh to take it": lambda: with_prices(-1e6, -1e6),
    "prices that change sign each quarter-hour": lambda: with_(
        prices=prices(
            [(-1.0) ** n * 500 for n in range(QUARTERS)], [(-1.0) ** n * 400 for n in range(QUARTERS)]
        )
    ),
    "a peak of a gigawatt so far": lambda: with_(
        state={"month_peaks": {"main": {"offtake_w": 1e9, "injection_w": 1e9}}}
    ),
    "a megawatt-hour in the quarter so far": lambda: with_(
        state={"quarter_so_far": {"main": {"offtake_wh": 1e6}}}
    ),
    # The site and the moment.
    "an empty site": empty_site,
    "a pole without a car": lambda: with_(transactions=[]),
    "nothing known": nothing_known,
    "no optimisation asked for": lambda: without("site", "configurations", "optimization_configuration"),
    "a site at the pole": lambda: with_(
        site=ordinary()["site"]
        | {"location": {"name": "Pole", "coordinates": [90.0, 0.0, 0.0]}, "country": None}
    ),
    "a second before the quarter": lambda: at_moment("2025-03-03T08:14:59Z"),
    "a millisecond before the quarter": lambda: at_moment("2025-03-03T08:14:59.999Z"),
    "the moment the clock springs forward": lambda: at_moment("2025-03-30T02:00:00+01:00"),
    "the hour that comes twice": lambda: at_moment("2025-10-26T02:30:00+01:00"),
    "the last night of a leap year": lambda: at_moment("2028-12-31T23:59:59Z"),
    "the 29th of February": lambda: at_moment("2028-02-29T12:00:00Z"),
    "the year 2198": lambda: at_moment("2198-12-30T12:00:00Z"),
    "the year 1971": lambda: at_moment("1971-01-02T12:00:00Z"),
}

INVALID: dict[str, Callable[[], Json]] = {
    "no site configuration": lambda: without("site", "configurations", "site_configuration"),
    "no collector": lambda: with_board(name="other"),
    "a car at a pole that is not there": lambda: with_cars(assetId="pole_9"),
    "a price that is missing for a quarter-hour": lambda: with_(
        prices=prices([100.0] * 40 + [None] + [100.0] * 400, [0.0] * 441)
    ),
    "prices that end too soon": lambda: with_(prices=prices([100.0] * 10, [0.0] * 10)),
    "no prices for a dynamic contract": with_dynamic_contract,
    "a forecast that is missing for a quarter-hour": lambda: with_forecast(
        "roof", [None, None, None, *([0.0] * 400)]
    ),
    "a limit on a board that is not there": lambda: with_(
        limits=[{"collector": "attic", "start": after(0), "end": after(1), "offtake_w": 0}]
    ),
    "a policy that wants more than it allows": lambda: with_battery(policies=[policy(80, 20, [after(3)])]),
    "200 boards in a row": lambda: chain(200),
    "a board below itself": lambda: with_board(children=["main"]),
    "two devices of one name": lambda: with_devices(pole_2={"name": "pole_1"}),
    "a connection without a voltage": lambda: with_board(phase_voltage=None),
    "another commodity": lambda: with_board(commodity="gas"),
    "a zone that is none": lambda: with_(timezone="Europe/Atlantis"),
}

UNREADABLE: dict[str, Callable[[], Json]] = {
    "a battery charged to 101 percent": lambda: with_battery(101.0),
    "a battery charged to less than nothing": lambda: with_battery(-1.0),
    "a car charged to 120 percent": lambda: with_cars(stateOfCharge=120),
    "a negative need": lambda: with_cars(requestedEnergy=-5),
    "a need that is no number": lambda: with_cars(requestedEnergy=float("nan")),
    "an endless price": lambda: with_(prices=prices([float("inf")] * QUARTERS, [0.0] * QUARTERS)),
    "a negative connection": lambda: with_board(line_current=-16),
    "a moment without an offset": lambda: with_(at="2025-03-03T07:52:10"),
    "the year 2199": lambda: with_(at="2199-06-01T00:00:00Z"),
    "the year 9999": lambda: with_(at="9999-12-31T23:59:59Z"),
    "the 30th of February": lambda: with_(at="2025-02-30T00:00:00Z"),
    "a limit that ends before it starts": lambda: with_(
        limits=[{"collector": "main", "start": after(2), "end": after(1), "offtake_w": 0}]
    ),
    "an unknown option": lambda: with_(options={"magic": True}),
}


def timed(request: PlanRequest) -> tuple[Plan, float]:
    """The plan, and the fewest seconds of processor time it took in three attempts: busy neighbours cost some."""
    took_s = []
    while True:
        started = time.process_time()
        made = plan(request)
        took_s.append(time.process_time() - started)
        if min(took_s) < MOST_S or len(took_s) == 3:
            return made, min(took_s)


@pytest.mark.parametrize("case", PLANNED)
def test_absurd_facts_give_a_sound_plan_in_time(case: str) -> None:
    request = PlanRequest.model_validate(deepcopy(PLANNED[case]()))
    made, took_s = timed(request)
    assert [str(violation) for violation in check_plan(request, made).violations] == []
    assert made.status != "fallback"
    assert took_s < MOST_S


@pytest.mark.parametrize("case", INVALID)
def test_facts_that_no_plan_can_follow_from_are_refused_with_findings(case: str) -> None:
    request = PlanRequest.model_validate(INVALID[case]())
    started = time.process_time()
    with pytest.raises(InvalidRequest) as refused:
        plan(request)
    assert time.process_time() - started < MOST_S
    assert refused.value.findings
    assert all(finding.path.startswith("$") and finding.message for finding in refused.value.findings)


@pytest.mark.parametrize("case", UNREADABLE)
def test_facts_out_of_their_range_are_refused_on_reading(case: str) -> None:
    document = UNREADABLE[case]()
    with pytest.raises(ValidationError):
        PlanRequest.model_validate(document)
