"""Cases that other systems published: our plan in their own objective is at least as good, within 0.1 %.

`docs/peer-cases.md` lists every case with both figures, or says why it cannot be expressed; a test holds it to that.
"""

import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tests.planning.peers import evcc_optimizer, evcc_planner, flexmeasures, haeo, sap_emobility
from tests.planning.peers.documents import Comparison, checked_plan, hours_h, power_w

PEERS: dict[str, ModuleType] = {
    "FlexMeasures": flexmeasures,
    "HAEO": haeo,
    "evcc optimizer": evcc_optimizer,
    "evcc planner": evcc_planner,
    "SAP e-Mobility": sap_emobility,
}
CASES = [(peer, name) for peer, module in PEERS.items() for name in module.names()]
EXPRESSED = [(peer, name) for peer, name in CASES if name not in PEERS[peer].NOT_EXPRESSED]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "peer-cases.md"
ROW = re.compile(
    r"^\| (?P<peer>[^|]+) \| `(?P<case>[^`]+)` \| (?P<theirs>[^|]+) \| (?P<ours>[^|]+) \| (?P<ratio>[^|]+) \|"
)


def rows() -> dict[tuple[str, str], re.Match[str]]:
    """The rows of the page's table by peer and case."""
    found = [match for line in PAGE.read_text(encoding="utf-8").splitlines() if (match := ROW.match(line))]
    table = {(match["peer"].strip(), match["case"]): match for match in found}
    assert len(table) == len(found)
    return table


def compared(peer: str, name: str) -> Comparison:
    comparison: Comparison = PEERS[peer].compare(name)
    return comparison


@pytest.mark.parametrize(("peer", "name"), EXPRESSED)
def test_our_plan_is_at_least_as_good_as_theirs_and_the_page_says_so(peer: str, name: str) -> None:
    comparison = compared(peer, name)
    assert comparison.at_least_as_good, comparison
    row = rows()[peer, name]
    printed = [float(row[column].split()[0].replace("−", "-")) for column in ("theirs", "ours")]
    assert printed == pytest.approx([comparison.theirs, comparison.ours], abs=0.0006)
    if comparison.theirs:
        assert float(row["ratio"]) == pytest.approx(comparison.ours / comparison.theirs, abs=0.00006)


def test_the_page_lists_every_case_of_every_file_once() -> None:
    assert sorted(rows()) == sorted(CASES)


def test_a_case_that_cannot_be_expressed_has_its_reason_on_the_page() -> None:
    left_out = [(peer, name) for peer, name in CASES if name in PEERS[peer].NOT_EXPRESSED]
    assert left_out
    for peer, name in left_out:
        row = rows()[peer, name]
        assert row["ours"].strip() == "not expressed"
        assert len(PEERS[peer].NOT_EXPRESSED[name]) > 20


def test_a_worse_plan_would_be_noticed() -> None:
    assert not Comparison(theirs=10.0, ours=10.02, unit="EUR").at_least_as_good
    assert not Comparison(theirs=-10.0, ours=-9.98, unit="EUR").at_least_as_good
    assert Comparison(theirs=-10.0, ours=-9.995, unit="EUR").at_least_as_good


@pytest.mark.parametrize("name", haeo.names())
def test_a_home_reaches_the_optimum_of_the_rounded_inputs(name: str) -> None:
    # The file of cases gives the optimum of a plain linear programme with three decimals.
    assert haeo.planned_cost_usd(name) == pytest.approx(haeo.optimum_usd(name), abs=0.0006)


@pytest.mark.parametrize("name", ["024-attenuate-demand-peaks", "026-attenuate-grid-peaks"])
def test_peaks_are_levelled_step_by_step_as_published(name: str) -> None:
    # These cases are published as strict: grid import and export within 1 Wh in each step.
    case = evcc_optimizer.case_of(name)
    grid = evcc_optimizer.Grid.of(case["request"])
    made = checked_plan(evcc_optimizer.peak_request(case["request"], grid))
    exchange_wh = evcc_optimizer.grid_exchange_wh(case["request"], grid, made)
    answer = case["expected_response"]
    published_wh = np.array(answer["grid_import"]) - np.array(answer["grid_export"])
    assert exchange_wh == pytest.approx(published_wh, abs=1.0)


def test_a_process_that_may_pause_takes_the_published_hours() -> None:
    case = flexmeasures.case_of("test_breakable_time_restrictions")
    made = checked_plan(flexmeasures.breakable_request(case["input"]))
    hourly_mw = (power_w(made, "process") * hours_h(made)).reshape(24, 4).sum(axis=1) / 1e6
    assert hourly_mw == pytest.approx(case["expected_schedule"], abs=1e-6)


def test_a_car_is_full_at_the_departure_it_names() -> None:
    found = sap_emobility.outcome("CarDepartureTime_IsSet")
    after_an_hour = np.cumsum(hours_h(found.made)) > 1.0
    assert found.current_a(0, "pin1").max() > 0
    assert not found.current_a(0, "pin1")[after_an_hour].any()


def test_two_single_phase_cars_each_fill_their_own_phase_all_day() -> None:
    found = sap_emobility.outcome("Two_SinglePhaseCars_Two_ThreePhasedStations_DifferentPhasesConsuming")
    # 0.1 Wh, the tolerance of the shortage, is 0.0017 A of a quarter-hour.
    assert found.current_a(1, "pin1") == pytest.approx(8.0, abs=0.002)
    assert found.current_a(2, "pin3") == pytest.approx(8.0, abs=0.002)
    assert len(found.current_a(1, "pin1")) == 96


def test_two_cars_never_draw_more_than_the_fuse_that_is_too_small_for_both() -> None:
    found = sap_emobility.outcome("FuseTooSmall_4_Cars")
    together = found.current_a(0, "pin1") + found.current_a(1, "pin1")
    assert together.max() == pytest.approx(32.0)
    assert found.grid_a("L1") == pytest.approx(together)


def test_a_rotated_station_with_one_phase_loads_the_grid_phase_that_feeds_it() -> None:
    found = sap_emobility.outcome("ThreePhaseCar_SinglePhaseStationWithPhaseRotation")
    assert found.grid_a("L2").max() == pytest.approx(32.0)
    assert not found.grid_a("L1").any()
    assert not found.grid_a("L3").any()
