"""Three-wire 3x230 V networks: loads sit between two lines, and the line's current is a phasor sum."""

from math import sqrt

import numpy as np
import pytest

from kwartier.planning.check import check_plan
from kwartier.planning.check.flow import Flow, balanced_split, pins_split
from kwartier.planning.check.tree import Network, build_network
from kwartier.site.collector import Collector, PhasePermutations
from tests.planning.check.hand_made import (
    Document,
    course,
    pole,
    read,
    site,
    step_starts,
    transaction,
)

AT = "2025-03-31T10:00:00+00:00"
NOTHING = {
    "energy": 0.0,
    "grid": 0.0,
    "levies": 0.0,
    "peaks": 0.0,
    "revenue": 0.0,
    "terminal_value": 0.0,
    "total": 0.0,
}


def network(*children: Collector) -> Network:
    return build_network([Collector(name="root", line_current=40, line_voltage=230, children=list(children))])


def lines_a(tree: Network, name: str, flow: Flow) -> dict[str, float]:
    return {
        line: float(current[0])
        for line, current in tree.nodes[name].line_currents_a(flow.current_a_by_collector[name]).items()
    }


def test_two_single_phase_loads_meet_in_one_line_at_sixty_degrees() -> None:
    tree = network()
    flow = Flow(tree, 1)
    # 10 A between L1 and L2, 10 A between L3 and L1: in L1 |10 + 10 at -60 degrees| = 10 sqrt(3), in the others 10 A.
    for pair in ("L1", "L3"):
        flow.add("root", pins_split(tree.nodes["root"], (pair,)), np.array([10.0]))
    assert lines_a(tree, "root", flow) == pytest.approx({"L1": 17.320508, "L2": 10.0, "L3": 10.0})


def test_three_pins_put_their_own_current_on_each_line_and_draw_the_power_of_three_phases() -> None:
    tree = network()
    flow = Flow(tree, 1)
    flow.add("root", pins_split(tree.nodes["root"], ("L1", "L2", "L3")), np.array([16.0]))
    assert lines_a(tree, "root", flow) == pytest.approx({"L1": 16.0, "L2": 16.0, "L3": 16.0})
    assert flow.current_a_by_collector["root"]["L2"][0] == pytest.approx(16 / sqrt(3))
    assert flow.total_w("root")[0] == pytest.approx(sqrt(3) * 230 * 16)


def test_balanced_power_takes_a_third_of_its_current_in_each_pair() -> None:
    tree = network()
    flow = Flow(tree, 1)
    flow.add("root", balanced_split(tree.nodes["root"]), np.array([6900.0]))
    # 6900 W / (3 x 230 V) = 10 A in each pair, 10 sqrt(3) A in each line.
    assert flow.current_a_by_collector["root"]["L1"][0] == pytest.approx(10.0)
    assert lines_a(tree, "root", flow) == pytest.approx(dict.fromkeys(("L1", "L2", "L3"), 17.320508))


def test_a_pair_follows_its_two_lines_through_a_rotated_board() -> None:
    rotated = PhasePermutations(parent=["L2", "L3", "L1"], child=["L1", "L2", "L3"])
    tree = network(Collector(name="board", line_current=32, phase_permutations=rotated))
    flow = Flow(tree, 1)
    flow.add("board", pins_split(tree.nodes["board"], ("L1",)), np.array([10.0]))
    # The board's L1-L2 is the root's L2-L3.
    assert lines_a(tree, "board", flow) == pytest.approx({"L1": 10.0, "L2": 10.0, "L3": 0.0})
    assert lines_a(tree, "root", flow) == pytest.approx({"L1": 0.0, "L2": 10.0, "L3": 10.0})


def test_swapped_lines_swap_pairs() -> None:
    swapped = PhasePermutations(parent=["L2", "L1", "L3"], child=["L1", "L2", "L3"])
    tree = network(Collector(name="board", line_current=32, phase_permutations=swapped))
    flow = Flow(tree, 1)
    flow.add("board", pins_split(tree.nodes["board"], ("L2",)), np.array([10.0]))
    # The board's L2-L3 is the root's L1-L3, which is pair L3.
    assert flow.current_a_by_collector["root"]["L3"][0] == pytest.approx(10.0)
    assert lines_a(tree, "root", flow) == pytest.approx({"L1": 10.0, "L2": 0.0, "L3": 10.0})


def test_a_single_phase_board_is_one_pair_and_its_limit_that_of_the_pair() -> None:
    second = PhasePermutations(parent=["L2"], child=["L1"])
    board = Collector(name="board", line_current=16, collector_type="1P", phase_permutations=second)
    tree = network(board)
    flow = Flow(tree, 1)
    flow.add("board", pins_split(tree.nodes["board"], ("L1",)), np.array([10.0]))
    assert lines_a(tree, "board", flow) == pytest.approx({"L1": 10.0})
    assert lines_a(tree, "root", flow) == pytest.approx({"L1": 0.0, "L2": 10.0, "L3": 10.0})


def street(limit_a: int) -> Document:
    """Two cars of 16 A between L1-L2 and L3-L1, 920 Wh each, on one three-wire connection."""
    poles = [pole("a", "root", {"pin1": "L1"}), pole("b", "root", {"pin1": "L3"})]
    return {
        "site": site(poles, [{"name": "root", "line_current": limit_a, "line_voltage": 230}]),
        "at": AT,
        "transactions": [
            transaction(f"tx-{name}", name, AT, "2025-03-31T11:00:00Z", requestedEnergy=920.0)
            for name in ("a", "b")
        ],
    }


def street_plan() -> Document:
    """Both charge with 16 A (3680 W) in the first quarter-hour, and then have what they need."""
    device = {
        "power_w": course(0.0, {0: 3680.0}, 96),
        "current_a": {"pin1": course(0.0, {0: 16.0}, 96)},
    }
    owners = dict.fromkeys(range(4))
    return {
        "plan_id": "by-hand",
        "site_id": "hub",
        "created_at": AT,
        "status": "optimal",
        "steps": step_starts(AT, "2025-03-31T10:15:00+00:00", 96),
        "devices": {
            name: device | {"transaction_id": course(None, dict.fromkeys(owners, f"tx-{name}"), 96)}
            for name in ("a", "b")
        },
        "collectors": {
            "root": {
                "current_a": {
                    "L1": course(0.0, {0: 16 * sqrt(3)}, 96),
                    "L2": course(0.0, {0: 16.0}, 96),
                    "L3": course(0.0, {0: 16.0}, 96),
                },
                "power_w": course(0.0, {0: 7360.0}, 96),
            }
        },
        "offtake_w": course(0.0, {0: 7360.0}, 96),
        "injection_w": course(0.0, steps=96),
        "prices": None,
        "money": NOTHING,
        "uncontrolled_money": NOTHING,
        "unserved_wh": {"tx-a": 0.0, "tx-b": 0.0},
        "limit_violations": [],
        "objective": {},
        "solve": {},
        "warnings": [],
    }


def test_a_three_wire_plan_is_right_up_to_the_phasor_sum() -> None:
    assert check_plan(*read(street(28), street_plan())).violations == []


def test_a_three_wire_plan_is_wrong_beyond_the_phasor_sum() -> None:
    # 16 sqrt(3) = 27.7 A in L1 do not fit 27 A, though each car alone does.
    (violation,) = check_plan(*read(street(27), street_plan())).violations
    assert (violation.rule, violation.path, violation.step) == (
        "limit.current",
        "collectors.root.current_a.L1",
        0,
    )
    assert violation.observed == pytest.approx(27.712813)
    assert violation.allowed == 27.0


def test_an_arithmetic_sum_is_no_phasor_sum() -> None:
    plan = street_plan()
    plan["collectors"]["root"]["current_a"]["L1"][0] = 32.0
    (violation,) = check_plan(*read(street(40), plan)).violations
    assert (violation.rule, violation.path) == ("collector.current", "collectors.root.current_a.L1")
