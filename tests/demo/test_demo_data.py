"""The shipped demo request, judged as plain JSON: nothing here knows the planner's own models."""

import json
import re
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest

from kwartier.demo import demo_request_json

REQUEST: dict[str, Any] = json.loads(demo_request_json())
SITE = REQUEST["site"]["configurations"]["site_configuration"]
DEVICES = {device["name"]: device for device in SITE["device_list"]}
TRANSACTIONS: list[dict[str, Any]] = REQUEST["transactions"]
AT = datetime.fromisoformat(REQUEST["at"])
END = AT + timedelta(days=2)
STEP = {"PT15M": timedelta(minutes=15), "PT30M": timedelta(minutes=30)}
ATTRIBUTION = (files("kwartier.demo") / "ATTRIBUTION.md").read_text(encoding="utf-8")
SERIES = {"day_ahead": REQUEST["day_ahead"], **REQUEST["forecasts"]}


def collectors() -> dict[str, dict[str, Any]]:
    """Every collector of the tree by name, nested ones included."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(SITE["collector_list"])
    while waiting:
        collector = waiting.pop()
        assert collector["name"] not in found, f"{collector['name']} stands in the tree twice"
        found[collector["name"]] = collector
        waiting += [child for child in collector.get("children", []) if isinstance(child, dict)]
    return found


def value_lists(series: dict[str, Any]) -> list[list[float]]:
    """The values of a series: one list, or one per phase."""
    values = series["eur_per_mwh"] if "eur_per_mwh" in series else series["power_w"]
    return list(values.values()) if isinstance(values, dict) else [values]


def moment(transaction: dict[str, Any], field: str) -> datetime:
    """A time of a transaction."""
    return datetime.fromisoformat(transaction[field])


def by_pole() -> dict[str, list[dict[str, Any]]]:
    """The transactions of every pole in the order of their start."""
    found: dict[str, list[dict[str, Any]]] = {}
    for transaction in sorted(TRANSACTIONS, key=lambda one: moment(one, "startTime")):
        found.setdefault(transaction["assetId"], []).append(transaction)
    return found


def test_the_request_is_small_enough_to_read() -> None:
    assert len(demo_request_json().encode()) < 300_000


def test_the_site_is_the_hub_that_the_documentation_draws() -> None:
    kinds = [device["type"] for device in SITE["device_list"]]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "charging_pole_3phase": 12,
        "dc_charging_pole": 2,
        "battery_energy_storage_system": 1,
        "forecasted_series_3phase": 2,
    }
    assert REQUEST["site"]["configurations"]["optimization_configuration"]["planning_horizon"] == "P2D"


def test_every_name_is_given_once() -> None:
    names = [device["name"] for device in SITE["device_list"]] + list(collectors())
    assert len(names) == len(set(names))


def test_every_collector_but_one_has_exactly_one_parent() -> None:
    tree = collectors()
    children = [
        child if isinstance(child, str) else child["name"]
        for collector in tree.values()
        for child in collector.get("children", [])
    ]
    assert sorted([*children, "grid_connection"]) == sorted(tree)


def test_every_device_hangs_on_a_collector_of_the_tree() -> None:
    assert {device["collector"] for device in SITE["device_list"]} <= set(collectors())


def test_the_three_pole_boards_each_rotate_the_phases_differently() -> None:
    permutations = [collectors()[name]["phase_permutations"] for name in ("board_a", "board_b", "board_c")]
    assert all(permutation["child"] == ["L1", "L2", "L3"] for permutation in permutations)
    assert [permutation["parent"] for permutation in permutations] == [
        ["L1", "L2", "L3"],
        ["L2", "L3", "L1"],
        ["L3", "L1", "L2"],
    ]


@pytest.mark.parametrize("name", SERIES)
def test_a_series_covers_the_horizon_without_a_gap(name: str) -> None:
    series = SERIES[name]
    start, step = datetime.fromisoformat(series["start"]), STEP[series["resolution"]]
    assert start <= AT
    assert (start.minute, start.second) in {(0, 0), (15, 0), (30, 0), (45, 0)}
    for values in value_lists(series):
        assert start + len(values) * step >= END
        assert all(isinstance(value, (int, float)) for value in values)


def test_the_roof_delivers_and_the_building_consumes() -> None:
    (roof_w,) = value_lists(SERIES["roof_pv"])
    assert max(roof_w) <= 0
    assert min(roof_w) < -60_000
    assert all(min(phase_w) > 0 for phase_w in value_lists(SERIES["building"]))


def test_the_ratings_clip_neither_the_roof_nor_the_building() -> None:
    (roof_w,) = value_lists(SERIES["roof_pv"])
    assert max(-power_w for power_w in roof_w) / 3 / 230 <= DEVICES["roof_pv"]["line_current"]
    building_a = max(max(phase_w) for phase_w in value_lists(SERIES["building"])) / 230
    assert building_a <= DEVICES["building"]["line_current"]


def test_the_connection_carries_what_cannot_be_controlled() -> None:
    limit_a = collectors()["grid_connection"]["line_current"]
    (roof_w,) = value_lists(SERIES["roof_pv"])
    highest_a = max(max(phase_w) for phase_w in value_lists(SERIES["building"])) / 230
    lowest_a = min(roof_w) / 3 / 230
    assert -limit_a < lowest_a < highest_a < limit_a


def test_the_horizon_has_negative_prices() -> None:
    start = datetime.fromisoformat(SERIES["day_ahead"]["start"])
    first = (AT - start) // STEP["PT15M"]
    last = -((start - END) // STEP["PT15M"])
    assert sum(price < 0 for price in SERIES["day_ahead"]["eur_per_mwh"][first:last]) == 79


def test_times_carry_an_offset() -> None:
    fields = ("timestamp", "startTime", "departureTime")
    times = [AT, *(moment(transaction, field) for transaction in TRANSACTIONS for field in fields)]
    times += [datetime.fromisoformat(series["start"]) for series in SERIES.values()]
    assert all(time.utcoffset() is not None for time in times)


def test_every_pole_has_a_session_and_no_session_lacks_its_pole() -> None:
    poles = {name for name, device in DEVICES.items() if "pole" in device["type"]}
    assert set(by_pole()) == poles
    assert len({transaction["transactionId"] for transaction in TRANSACTIONS}) == len(TRANSACTIONS) == 34


@pytest.mark.parametrize("pole", by_pole())
def test_a_pole_serves_one_car_at_a_time(pole: str) -> None:
    for earlier, later in pairwise(by_pole()[pole]):
        assert moment(earlier, "departureTime") <= moment(later, "startTime")


@pytest.mark.parametrize("transaction", TRANSACTIONS, ids=lambda one: one["transactionId"])
def test_a_session_touches_the_horizon_and_can_get_its_energy(transaction: dict[str, Any]) -> None:
    start, departure = moment(transaction, "startTime"), moment(transaction, "departureTime")
    assert start < END
    assert departure > AT
    hours = (departure - max(start, AT)) / timedelta(hours=1)
    left_wh = transaction["requestedEnergy"] - transaction["energyCharged"]
    assert 0 < left_wh <= transaction["maxPower"] * hours
    assert transaction.get("minimumEnergy", 0) <= transaction["requestedEnergy"]


@pytest.mark.parametrize("transaction", TRANSACTIONS, ids=lambda one: one["transactionId"])
def test_a_session_fits_its_pole_and_its_state_fits_the_moment(transaction: dict[str, Any]) -> None:
    pole = DEVICES[transaction["assetId"]]
    phases = transaction.get("noChargingPhases")
    rating_w = pole["max_power"] if phases is None else 230 * pole["line_current"] * phases
    assert transaction["maxPower"] <= rating_w
    running = moment(transaction, "startTime") < AT
    assert transaction["transactionState"] == ("Updated" if running else "Started")
    assert (transaction["energyCharged"] > 0) == running


def test_some_sessions_run_already_and_some_use_one_phase() -> None:
    assert sum(transaction["transactionState"] == "Updated" for transaction in TRANSACTIONS) == 5
    assert sum(transaction.get("noChargingPhases") == 1 for transaction in TRANSACTIONS) == 3


def test_the_state_names_things_of_the_site() -> None:
    state = REQUEST["state"]
    assert set(state["batteries"]) == {"battery"}
    assert set(state["month_peaks"]) == set(state["quarter_so_far"]) == {"grid_connection"}
    peaks = state["month_peaks"]["grid_connection"]
    # The phases peak at different moments, so their peaks add up to at least the total's.
    assert sum(peaks["offtake_w_per_phase"].values()) >= peaks["offtake_w"]


def test_the_attribution_counts_the_sessions_of_every_pole() -> None:
    rows = re.findall(r"^\| (\w+) \| (norway|dundee|us) \|.*\| (\d+) \|$", ATTRIBUTION, flags=re.MULTILINE)
    written = {pole: (source, int(count)) for pole, source, count in rows}
    shipped = {
        pole: (sessions[0]["transactionId"].split("-")[0], len(sessions))
        for pole, sessions in by_pole().items()
    }
    assert written == shipped


@pytest.mark.parametrize("licence", ["CC BY 4.0", "CC0 1.0", "Open Government Licence v3.0", "MIT License"])
def test_the_attribution_names_the_licence(licence: str) -> None:
    assert licence in ATTRIBUTION
