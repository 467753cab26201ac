"""The rows of boards: which of them the programme needs."""

import numpy as np

from kwartier import PlanRequest
from kwartier.planning.formulation import formulate
from kwartier.planning.problem import build_problem
from kwartier.planning.program import NO_COLUMN
from tests.planning.check.hand_made import THREE_PINS, Document, pole, site, transaction

AT = "2025-03-31T10:00:00+00:00"
EVENING = "2025-03-31T18:00:00Z"


def rows_in_the_first_step(*devices: Document) -> list[str]:
    """Which limit rows are in the programme for step 0, by board and line; a 16 A board below a 20 A connection."""
    boards = [
        {"name": "root", "line_current": 20, "line_voltage": 230, "children": ["board"]},
        {"name": "board", "line_current": 16},
    ]
    document = {
        "site": site(list(devices), boards),
        "at": AT,
        "transactions": [
            transaction(f"tx-{device['name']}", device["name"], AT, EVENING, requestedEnergy=90_000.0)
            for device in devices
        ],
    }
    problem = build_problem(PlanRequest.model_validate(document, strict=False))
    kept = np.argwhere(formulate(problem).limits.row_number[:, :, 0] != NO_COLUMN)
    return [f"{problem.limits.rows[row].board} {problem.limits.rows[row].phase}" for _, row in kept]


def test_one_three_phase_car_on_a_three_wire_board_needs_one_row_a_step() -> None:
    # Six lines of twelve sides each bound the same current of that one car; the board's 16 A are the tightest.
    rows = rows_in_the_first_step(pole("a", "board", THREE_PINS, rating_a=32))
    assert len(rows) == 1
    assert rows[0].startswith("board")


def test_a_car_above_the_board_keeps_the_rows_of_both() -> None:
    rows = rows_in_the_first_step(
        pole("a", "board", THREE_PINS, rating_a=32), pole("b", "root", {"pin1": "L1"}, rating_a=32)
    )
    assert {row.split()[0] for row in rows} == {"root", "board"}
    # The single-phase car is in two of the root's lines; the third sees the other car alone, as the board does.
    assert {row for row in rows if row.startswith("root")} == {"root L1", "root L2"}
