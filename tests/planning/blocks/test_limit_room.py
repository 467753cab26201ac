"""What the fixed load leaves of a limit: on a three-wire line, a polygon inside the circle and around the load."""

from random import Random

import numpy as np
import numpy.typing as npt
import pytest

from kwartier import PlanRequest
from kwartier.planning.blocks.limit_room import held_limit, room
from kwartier.planning.network import ROWS_PER_LINE
from kwartier.planning.problem import Problem, build_problem
from tests.planning.check.hand_made import Document, forecast, pole, series, site

AT = "2025-03-31T10:00:00+00:00"
SQRT3 = 3**0.5


def problem(load: Document, limit_a: int, limits: list[Document] | None = None, **options: str) -> Problem:
    """A house and a car on one three-wire connection; `load` in W by pair."""
    document = {
        "site": site(
            [pole("a", "root", {"pin1": "L1"}), series("house", "root")],
            [{"name": "root", "line_current": limit_a, "line_voltage": 230}],
        ),
        "at": AT,
        "forecasts": {"house": forecast(load)},
        "limits": limits or [],
        "options": options,
    }
    return build_problem(PlanRequest.model_validate(document, strict=False))


def pair_amperes(radius_a: float, angle_deg: float) -> tuple[float, float]:
    """The currents of pair i (at 0 degrees) and pair i-1 (at -60 degrees) whose sum stands at a point of the plane."""
    x, y = radius_a * np.cos(np.radians(angle_deg)), radius_a * np.sin(np.radians(angle_deg))
    previous = -y / (SQRT3 / 2.0)
    return float(x - previous / 2.0), float(previous)


def corners(
    normals_rad: npt.NDArray[np.float64], bounds: npt.NDArray[np.float64]
) -> npt.NDArray[np.complex128]:
    """Where the neighbouring sides of a polygon meet, from the normals and distances of its sides."""
    points = []
    for here in range(len(bounds)):
        pair = [here, (here + 1) % len(bounds)]
        sides = np.column_stack([np.cos(normals_rad[pair]), np.sin(normals_rad[pair])])
        points.append(complex(*np.linalg.solve(sides, bounds[pair])))
    return np.array(points)


@pytest.mark.parametrize("seed", range(40))
def test_what_a_line_is_left_with_lies_inside_its_circle_and_around_its_fixed_load(seed: int) -> None:
    random = Random(seed)
    limit_a, angle_deg = 32, random.uniform(0.0, 360.0)
    # From well inside the polygon to a hair inside the circle.
    radius_a = limit_a * random.choice([0.5, 0.97, 0.99, 0.9999])
    first_a, previous_a = pair_amperes(radius_a, angle_deg)
    house = problem({"L1": [230 * first_a] * 96, "L3": [230 * previous_a] * 96}, limit_a)
    left = room(house, held_limit(house))[:, :ROWS_PER_LINE, 0].ravel()
    fixed = radius_a * np.exp(1j * np.radians(angle_deg))
    # Row k measures along k x 30 - 15 degrees.
    normals_rad = np.radians(np.arange(2 * ROWS_PER_LINE) * 30.0 - 15.0)
    along_fixed = np.real(fixed * np.exp(-1j * normals_rad))
    assert (left >= 0.0).all()
    assert np.abs(corners(normals_rad, left + along_fixed)).max() <= limit_a + 1e-9


def test_a_load_between_polygon_and_circle_has_no_room_to_leave_the_circle() -> None:
    # 32 A at 45 degrees of the plane, in the middle of a side: the regular polygon ends at 32 cos 15 = 30.9 A there.
    first_a, previous_a = pair_amperes(31.9, 45.0)
    house = problem({"L1": [230 * first_a] * 96, "L3": [230 * previous_a] * 96}, 32)
    assert house.fixed.row_magnitude[0, 0, 0] == pytest.approx(31.9)
    left = room(house, held_limit(house))[0, :ROWS_PER_LINE, 0]
    # Outwards nothing; along the two sides beside it as far as where they meet on the circle:
    # 31.9 cos 30 + sqrt(32^2 - 31.9^2) sin 30, of which the load itself has 31.9 cos 30.
    assert left[2] == pytest.approx(0.0)
    assert left[[1, 3]] == pytest.approx(np.sqrt(32**2 - 31.9**2) / 2.0)


def test_a_looser_power_limit_holds_while_a_tighter_one_is_broken() -> None:
    span = {"collector": "root", "start": AT, "end": "2025-03-31T11:00:00Z"}
    tight, loose = span | {"offtake_w": 1000.0}, span | {"offtake_w": 4000.0}
    house = problem({"L1": [2300.0] * 96}, 32, [tight, loose])
    power_row = next(index for index, row in enumerate(house.limits.rows) if row.phase is None)
    assert held_limit(house)[0, power_row, 0] == pytest.approx(4.0)
    assert room(house, held_limit(house))[0, power_row, 0] == pytest.approx(1.7)
    assert held_limit(house)[0, power_row, 5] == np.inf


def test_an_hour_has_the_room_that_all_of_its_quarter_hours_have() -> None:
    watts = [0.0] * 48 + [230 * 10.0, 230 * 20.0, -230 * 5.0, 0.0] * 12
    house = problem({"L1": watts}, 32, resolution="mixed")
    left = room(house, held_limit(house))
    line_1 = held_limit(house)[0, 0]
    assert line_1[48] == pytest.approx(32.0)
    # Row 0 measures at -15 degrees: its side stands at 32 cos 15, the load reaches 20 cos 15 and -5 cos 15.
    assert left[0, 0, 48] == pytest.approx(12.0 * np.cos(np.radians(15.0)))
    assert left[1, 0, 48] == pytest.approx(27.0 * np.cos(np.radians(15.0)))
